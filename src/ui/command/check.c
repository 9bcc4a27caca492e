#include "ui/command/asked.h"
#include "ui/command/commands.h"
#include "ui/command/signals.h"

#include <stdio.h>

enum { MOST_PAGE = 1024 * 1024 };

static int print_page(struct load *load, int status)
{
	struct buf page;

	buf_init(&page, MOST_PAGE);
	asked_findings(&page, load);
	asked_keeping(&page, load);
	if (load_api(load, call_ignore()))
		asked_costs(&page, load);
	status = call_print(&page, status);
	buf_release(&page);
	return status;
}

static enum err_code save_map(const struct call *call, const struct load *load, struct err *e)
{
	const char *path = call_option(call, OPTION_SAVE_MAP);

	if (!path || load_save_map(load, path, e) != ERR_OK)
		return e->code;
	call_say(call, "longshore: the mapping is in %s", path);
	return ERR_OK;
}

int command_check(struct call *call)
{
	static struct load load;
	static struct like like;
	struct load_options options;
	struct progress progress;
	struct err e;
	int status;

	err_init(&e);
	signals_watch();
	progress_init(&progress, call);
	if (asked_options(call, &options, &e) != ERR_OK ||
	    asked_like(call, &options, &like, JOURNAL_READ, &e) != ERR_OK)
		return call_fail(call, &e, "longshore help check");
	load_init(&load, &options);
	if (asked_check(call, &load, &progress, &e) != ERR_OK || save_map(call, &load, &e) != ERR_OK) {
		status = call_fail(call, &e, NULL);
	} else {
		status = load.check.failing ? err_exit_status(asked_error(&load, &e)) : 0;
		status = call->json ? asked_print(call, &load, &e, status) : print_page(&load, status);
	}
	load_release(&load);
	like_release(&like);
	return status;
}
