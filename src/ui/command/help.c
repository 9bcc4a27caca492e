#include "ui/command/commands.h"

#include <stdio.h>

enum { MOST_HELP = 64 * 1024 };

static void add_overview(struct buf *b)
{
	buf_add_text(b, "Longshore loads records into Salesforce and accounts for every one of them.\n\n");
	command_list(b);
	buf_add_text(b, "\nlongshore help COMMAND lists its options. Exit status: 0 done, 1 cannot start, 2 "
	                "the org refused us,\n"
	                "3 findings, 4 halted at a failure, 5 stopped before the end, 6 records in doubt, 70 a "
	                "fault of ours.\n");
}

int command_help(struct call *call)
{
	const struct command *about = call->words.count ? command_find(call->words.word[0]) : NULL;
	struct buf help;
	struct err e;
	int status;

	err_init(&e);
	if (call->words.count && !about) {
		err_set(&e, ERR_USAGE, "there is no command %s; the nearest is %s", call->words.word[0],
		        command_nearest(call->words.word[0]));
		return call_fail(call, &e, "longshore help");
	}
	buf_init(&help, MOST_HELP);
	if (about)
		options_help(about, &help);
	else
		add_overview(&help);
	status = call_print(&help, 0);
	buf_release(&help);
	return status;
}
