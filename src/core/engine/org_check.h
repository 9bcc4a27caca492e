/*
 * org_check.h - the checked file against what the org holds: it is asked before anything is sent, when the operator wants that.
 *
 * What would fail becomes findings of load->check: a key or a parent that the org has not, a unique key of an insert that it has,
 * a key that several of its records have. What would be written, but deserves a look, becomes looks: what changes nothing, what a delete takes along. Only records that
 * pass are asked about, 200 a call; memory does not grow with the file. The answers hold for the moment: load_create()
 * puts down which records they leave out, a retry takes those up again.
 * Not asked about: parents of one of several objects, and those by a key of the object itself, which the same file may create.
 */
#ifndef LONGSHORE_ENGINE_ORG_CHECK_H
#define LONGSHORE_ENGINE_ORG_CHECK_H

#include "core/engine/load.h"
#include "core/plan/sorter.h"

struct org_check {
	int64_t there, missing; /* records with a key: of which the org has one, and has none */
	int64_t unchanged;      /* of those there: it has all that an update or upsert would write */
	int64_t calls;          /* that it took */
	int64_t refused;        /* records that were found to fail, and count in load->check.failing now */
	struct sorter *bars;    /* of those */
	int64_t given;          /* by org_check_next() */
};

/* Is there anything that it would ask about this load, and in how many calls at most? Parents that many records share are asked for
 * once, so it may be fewer. After load_check(). */
int64_t org_check_cost(const struct load *load);

/* Called before each call; returning false stops (ERR_STOPPED). May be NULL. */
typedef bool org_check_progress(void *ctx, int64_t done, int64_t records);

/* Asks. After load_check(), which forgets what was said; at most once after each. What reading the file and asking can give. */
enum err_code org_check_run(struct load *load, org_check_progress *progress, void *ctx, struct err *e);
void org_check_free(struct org_check *check); /* NULL, too */

/* The records that are left out for it, in the order of the file, each once; org_check_begin() goes back to the first one. */
enum err_code org_check_begin(struct org_check *check, struct err *e);
enum err_code org_check_next(struct org_check *check, int64_t *record, struct plan_bar *bar, bool *more,
                             struct err *e);

#endif
