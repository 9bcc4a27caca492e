/*
 * practice_org.h - the practice org that a demo or a rehearsal runs on: a process of its own that outlives it while
 * loads run.
 *
 * A folder has at most one. Its port is kept there, so that settings written for it stay right. It goes when the last
 * demo is closed and the last load of that folder's journal has ended, whatever became of the demo: a keeper sees to it.
 */
#ifndef LONGSHORE_COMMAND_PRACTICE_ORG_H
#define LONGSHORE_COMMAND_PRACTICE_ORG_H

#include <stdbool.h>

#include "base/paths.h"

struct practice_org {
	char folder[PATH_ROOM];
	int lock; /* shared while a demo uses the org */
	bool held;
	int port;
	long pid;
	long keeper;           /* the process that ends it if this one cannot; -1: none */
	const char *describes; /* NULL: a demo's */
	const char *scenario;  /* a file (docs/practice.md), NULL: none */
};

/* Takes the folder into use, the first step; `org` is all zero. */
enum err_code practice_org_hold(struct practice_org *org, const char *folder, struct err *e);

/* Takes the one that runs in the folder, or starts one, with org->scenario. `describes` is NULL, or a folder with those of a real org: then it
 * is one to rehearse on, and the keeper removes the folder with it. ERR_FILE if the program is missing or does not begin
 * to listen. */
enum err_code practice_org_open(struct practice_org *org, const char *describes, struct err *e);

/* Writes settings to sign in to it; `api_version` as in settings, NULL: any. */
enum err_code practice_org_settings(const struct practice_org *org, const char *path, const char *api_version,
                                    struct err *e);

/* Ends it, unless another demo uses it or a load still runs: then its keeper does so later. May be called after any
 * failure, and for one that is all zero. */
void practice_org_close(struct practice_org *org);

/* Removes the folders in `within` whose name begins so and a dash, and that nobody uses: their users were killed. */
void practice_org_sweep(const char *within, const char *name);

#endif
