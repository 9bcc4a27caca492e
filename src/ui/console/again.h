/*
 * again.h - r and a of the review: records go to the org once more, or the org is asked what became of them.
 *
 * First the journal counts which records a wish means now (EFFECT_PICK), then the operator is asked in these numbers, and
 * only a yes gives the order (EFFECT_RETRY). Records in doubt and deletes want the number typed.
 */
#ifndef LONGSHORE_CONSOLE_AGAIN_H
#define LONGSHORE_CONSOLE_AGAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "store/retries.h"
#include "ui/console/actions.h"

enum { AGAIN_GROUPS = 64, AGAIN_RECORDS = 12 * 1024 };

/* Which records: those of each group (or of the run, with none), as far as they are in the list. */
struct again {
	int64_t run;
	int64_t groups[AGAIN_GROUPS];
	int group_count;
	char records[AGAIN_RECORDS]; /* as base/ranges.h reads them; "": all */
	bool in_doubt;
	char words[200]; /* what they are: "Phone must start with +", "3 groups" */
};

/* The wishes that it means, one a group: the number of them, wish `i` into *wish (its texts are those of `again`). */
int again_wishes(const struct again *again);
void again_wish(const struct again *again, int i, struct retry_wish *wish);

struct model;
struct run_line;

/* r, E or x of what model.again means. */
void again_act(struct model *model, enum verb verb);

/* Asks the journal how many records model.again means. */
void again_pick(struct model *model);

/* That many: the question. */
void again_picked(struct model *model, int64_t count);
void again_answered(struct model *model, int answer);

/* a: the question whether to ask the org about what is in doubt. */
void again_ask_org(struct model *model, const struct run_line *line);
void again_ask_org_answered(struct model *model, int answer);

#endif
