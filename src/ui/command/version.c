#include "ui/command/commands.h"

int command_version(struct call *call)
{
	struct json json;
	int status;

	json_init(&json);
	if (call->json) {
		json_begin(&json, NULL, '{');
		json_put_text(&json, "version", LONGSHORE_VERSION);
		json_put_number(&json, "journal", JOURNAL_VERSION);
		json_put_number(&json, "exit", 0);
		json_end(&json);
	} else {
		buf_add_text(&json.out, "longshore " LONGSHORE_VERSION "\n");
	}
	status = call_print(&json.out, 0);
	json_release(&json);
	return status;
}
