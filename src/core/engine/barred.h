/*
 * barred.h - the records that a run leaves out for something beyond them: from the check, and from what the org was asked, into the journal when
 * the run is made, and from there to the plan whenever its records are read again. What the org said keeps a record out once: when it
 * is tried again the org may have changed.
 */
#ifndef LONGSHORE_ENGINE_BARRED_H
#define LONGSHORE_ENGINE_BARRED_H

#include "core/engine/org_check.h"
#include "core/plan/keys.h"
#include "store/left_out.h"

/* Are there any? `asked` may be NULL. */
bool barred_any(const struct keys *keys, const struct org_check *asked);

/* Puts them down for a run. */
enum err_code barred_keep(struct journal *j, int64_t run, struct keys *keys, struct org_check *asked,
                          struct err *e);

struct barred {
	struct journal *j;
	int64_t run;
	bool kept; /* one of those with a key is sent */
	struct left_out_page page;
};

/* From here on the plan knows them; `barred` must outlive it. `same_key`: what was chosen, as the run's row says it. */
void barred_use(struct barred *barred, struct plan *plan, struct journal *j, int64_t run, const char *same_key);

#endif
