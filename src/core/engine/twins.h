/*
 * twins.h - the records that a run leaves out since another one of its file has the same key: from the check into the journal
 * when the run is made, and from there to the plan whenever its records are read again.
 */
#ifndef LONGSHORE_ENGINE_TWINS_H
#define LONGSHORE_ENGINE_TWINS_H

#include "core/plan/keys.h"
#include "store/left_out.h"

/* Puts them down for a run. */
enum err_code twins_keep(struct journal *j, int64_t run, struct keys *keys, struct err *e);

struct twins {
	struct journal *j;
	int64_t run;
	bool kept; /* one of those with a key is sent */
	struct left_out_page page;
};

/* From here on the plan knows them; `twins` must outlive it. `same_key`: what was chosen, as the run's row says it. */
void twins_use(struct twins *twins, struct plan *plan, struct journal *j, int64_t run, const char *same_key);

#endif
