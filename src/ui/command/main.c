/* main.c - which command is meant. Without a command: the console. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "ui/command/commands.h"
#include "ui/command/guard.h"

static int run(const struct command *command, int argc, const char *const *argv, int first)
{
	static struct call call;
	struct buf help;
	struct err e;
	int status;

	err_init(&e);
	if (call_open(&call, command, argc, argv, first, &e) != ERR_OK)
		return call_fail(&call, &e, NULL);
	if (call.words.given[OPTION_HELP]) {
		buf_init(&help, 64 * 1024);
		options_help(command, &help);
		status = call_print(&help, 0);
		buf_release(&help);
	} else {
		status = command->run(&call);
	}
	call_close(&call);
	return status;
}

static int unknown(const char *name)
{
	fprintf(stderr, "longshore: there is no command %s; the nearest is %s, and longshore help lists all\n",
	        name, command_nearest(name));
	return err_exit_status(ERR_USAGE);
}

int main(int argc, char **words)
{
	const char *const *argv = (const char *const *)words;
	const struct command *command;

	guard_begin();
	setlocale(LC_CTYPE, "");
	signal(SIGXFSZ, SIG_IGN); /* a limit on the size of files is told like a full disk */
	if (argc < 2)
		return run(command_find("console"), argc, argv, 1);
	if (strcmp(argv[1], "--help") == 0)
		return run(command_find("help"), argc, argv, 2);
	if (strcmp(argv[1], "--version") == 0)
		return run(command_find("version"), argc, argv, 2);
	if (argv[1][0] == '-')
		return run(command_find("console"), argc, argv, 1);
	command = command_find(argv[1]);
	return command ? run(command, argc, argv, 2) : unknown(argv[1]);
}
