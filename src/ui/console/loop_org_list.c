/* loop_org_list.c - the list of saved orgs, by which every screen draws an org in its colour: read, and kept up to date. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/paths.h"
#include "ui/console/loop_own.h"

enum { LOOK_MS = 1000 };

static const struct org_row *row_of(const struct orgs_screen *orgs, const char *name)
{
	for (size_t i = 0; i < orgs->count; i++)
		if (strcmp(orgs->rows[i].org.name, name) == 0)
			return &orgs->rows[i];
	return NULL;
}

/* The saved orgs as they are now. What is shown needs no key. */
static enum err_code open_shown(struct loop *loop, struct err *e)
{
	char folder[PATH_ROOM];

	orgs_close(loop->shown);
	loop->shown = NULL;
	if (paths_config(folder, e) != ERR_OK)
		return e->code;
	return orgs_open(&loop->shown, folder, e);
}

void loop_orgs_read(struct loop *loop)
{
	struct orgs_screen *screen = &loop->model.orgs;
	struct org_row *rows = NULL;
	struct err e;

	err_init(&e);
	if (open_shown(loop, &e) == ERR_OK) {
		const struct orgs *orgs = loop->shown;
		size_t count = orgs_count(orgs);

		rows = calloc(count + 1, sizeof *rows);
		for (size_t i = 0; rows && i < count; i++) {
			const struct org_row *before = row_of(screen, orgs_at(orgs, i)->name);

			rows[i] = (struct org_row){ *orgs_at(orgs, i), -1, -1, -1 };
			if (before && strcmp(before->org.org_id, rows[i].org.org_id) == 0) {
				rows[i].calls_left = before->calls_left;
				rows[i].calls_most = before->calls_most;
				rows[i].batches_left = before->batches_left;
			}
		}
		if (rows)
			orgs_take(screen, rows, count);
		else
			err_memory(&e, "the saved orgs");
	}
	snprintf(screen->error, sizeof screen->error, "%s", e.text);
	snprintf(screen->used, sizeof screen->used, "%s", loop->with.org ? loop->with.org : "");
	loop->looked_ms = loop->model.mono_ms;
}

void loop_orgs_follow(struct loop *loop)
{
	int64_t now = loop->model.mono_ms;

	if (loop->looked_ms && now - loop->looked_ms < LOOK_MS)
		return;
	loop->looked_ms = now;
	if (!loop->shown || orgs_changed(loop->shown))
		loop_orgs_read(loop);
}

void loop_orgs_limits(struct loop *loop, const char *name, const struct limits *limits)
{
	struct orgs_screen *screen = &loop->model.orgs;

	for (size_t i = 0; i < screen->count; i++)
		if (strcmp(screen->rows[i].org.name, name) == 0) {
			screen->rows[i].calls_left = limits->calls_left;
			screen->rows[i].calls_most = limits->calls_most;
			screen->rows[i].batches_left = limits->batches_left;
		}
}
