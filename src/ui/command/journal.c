/* journal.c - the journal itself. `check`: is it sound? Nothing is written. */
#include "ui/command/commands.h"

#include <string.h>

static int print_sound(const struct call *call)
{
	struct json json;
	int status = 0;

	call_say(call, "the journal %s is sound", journal_file(call->journal));
	if (!call->json)
		return status;
	json_init(&json);
	json_begin(&json, NULL, '{');
	json_put_text(&json, "journal", journal_file(call->journal));
	json_put_bool(&json, "sound", true);
	json_put_number(&json, "exit", status);
	json_end(&json);
	status = call_print(&json.out, status);
	json_release(&json);
	return status;
}

int command_journal(struct call *call)
{
	struct err e;

	err_init(&e);
	if (strcmp(call->words.word[0], "check") != 0) {
		err_set(&e, ERR_USAGE, "longshore journal takes check, not \"%s\"", call->words.word[0]);
		return call_fail(call, &e, "longshore journal check");
	}
	if (call_journal(call, JOURNAL_READ, &e) != ERR_OK || journal_check(call->journal, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	return print_sound(call);
}
