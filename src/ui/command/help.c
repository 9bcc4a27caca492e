#include "ui/command/commands.h"
#include "ui/command/man.h"

#include <stdio.h>
#include <string.h>

enum { MOST_HELP = 64 * 1024 };

static void add_overview(struct buf *b)
{
	buf_add_text(b, "Longshore loads records into Salesforce and accounts for every one of them.\n\n");
	command_list(b);
	buf_addf(b,
	         "\nlongshore help COMMAND lists its options, longshore help settings those of an org.\n"
	         "Exit status: %s",
	         help_exit_status);
}

int command_help(struct call *call)
{
	const char *topic = call->words.count ? call->words.word[0] : "";
	const struct command *about = command_find(topic);
	struct buf help;
	struct err e;
	int status;

	err_init(&e);
	buf_init(&help, MOST_HELP);
	if (about)
		options_help(about, &help);
	else if (strcmp(topic, "settings") == 0)
		buf_add_text(&help, help_settings);
	else if (strcmp(topic, "man") == 0)
		man_page(&help);
	else if (*topic)
		err_set(&e, ERR_USAGE, "there is no command %s; the nearest is %s", topic,
		        command_nearest(topic));
	else
		add_overview(&help);
	status = e.code == ERR_OK ? call_print(&help, 0) : call_fail(call, &e, "longshore help");
	buf_release(&help);
	return status;
}
