#include "ui/console/console.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/paths.h"
#include "ui/console/loop.h"

static int fail(const struct err *e, int status, const char *next)
{
	fprintf(stderr, "longshore: %s%s\n", e->text, next);
	return status;
}

static int run_loop(struct journal *journal, const struct console_options *options, bool mono, struct err *e)
{
	static struct loop loop; /* screens and rows: too large for a stack */
	int64_t live = 0;

	loop = (struct loop){ .journal = journal,
		              .with = { options->config, options->org },
		              .first = options->load,
		              .quiet = options->quiet };
	if (terminal_open(&loop.terminal, mono, e) != ERR_OK)
		return fail(e, 2, "; use longshore load FILE");
	loop.ascii = options->ascii || terminal_is_ascii(loop.terminal);
	if (work_open(&loop.work, journal_state(journal), options->journal, e) == ERR_OK)
		loop_run(&loop, e);
	if (loop.model.run.read && loop.model.run.now == RUN_RUNNING)
		live = loop.model.run.id;
	if (work_close(loop.work))
		loop.draft = NULL;
	loop_edits_release(&loop);
	loop_orgs_end(&loop);
	model_release(&loop.model);
	draft_free(loop.draft);
	undo_look_free(loop.undo);
	terminal_close(loop.terminal);
	if (e->code != ERR_OK)
		return fail(e, err_exit_status(e->code), "");
	if (live)
		printf("run %lld goes on: longshore show %lld\n", (long long)live, (long long)live);
	return 0;
}

int console_run(const struct console_options *options)
{
	const char *no_color = getenv("NO_COLOR");
	char state[PATH_ROOM];
	struct journal *journal;
	struct err e;
	int status;

	err_init(&e);
	if (paths_state(options->state, state, &e) != ERR_OK ||
	    journal_open(&journal, state, options->journal, JOURNAL_WRITE, &clock_real, &e) != ERR_OK)
		return fail(&e, err_exit_status(e.code), "");
	status = run_loop(journal, options, options->mono || (no_color && *no_color), &e);
	journal_close(journal);
	return status;
}
