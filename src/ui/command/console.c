#include "ui/command/commands.h"

#include "ui/console/console.h"

int command_console(struct call *call)
{
	struct console_options options = {
		.state = call->state,
		.journal = call_option(call, OPTION_JOURNAL),
		.config = call_option(call, OPTION_CONFIG),
		.mono = call_option(call, OPTION_MONO),
		.ascii = call_option(call, OPTION_ASCII),
		.quiet = call->quiet,
	};

	return console_run(&options);
}
