#include "ui/command/commands.h"

#include "ui/command/saved_orgs.h"
#include "ui/console/console.h"

int console_open(struct call *call, const struct load_options *load)
{
	struct console_options options = {
		.state = call->state,
		.journal = call_option(call, OPTION_JOURNAL),
		.mono = call_option(call, OPTION_MONO),
		.ascii = call_option(call, OPTION_ASCII),
		.quiet = call->quiet,
		.load = load,
	};
	struct access_choice with;
	struct err e;

	err_init(&e);
	if (saved_orgs_choice(call, &with, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	options.config = with.config;
	options.org = with.org;
	return console_run(&options);
}

int command_console(struct call *call)
{
	return console_open(call, NULL);
}
