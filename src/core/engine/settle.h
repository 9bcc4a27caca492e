/*
 * settle.h - asks the org's own records what became of records whose result is lost (design.md "Settling needs proof").
 *
 * Written: a record with this unique key that the run's user created since the request began, by the org's clock. A record
 * with that key from before means that an insert was refused. Not written: an insert of a request that began 15 minutes ago,
 * where the user has created no record of the object since; a request has ended by then, a job may not have. Everything else
 * stays in doubt, with what was found.
 */
#ifndef LONGSHORE_ENGINE_SETTLE_H
#define LONGSHORE_ENGINE_SETTLE_H

#include "base/arena.h"
#include "core/engine/load.h"
#include "store/chunks.h"

/* What was found out about "no record since then": asked once for each time. Zeroed at first. */
struct settle_proof {
	int64_t since_ms;
	bool none;
};

struct settle_request {
	struct load *load; /* signed in; with a source and plan if there is one */
	bool has_source;
	enum action action;
	const char *user_id; /* who began the run */
	int64_t since_ms; /* UTC, the org's clock: when the first request for these records began; 0 unknown */
	const struct chunk_print *prints;
	size_t count;
	bool by_request; /* they went in a request of collections, not in a job */
	struct settle_proof *proof;
};

/* One outcome a print, in order, into `outcomes` (written, failed or in doubt; state 0: it is known not to be written, and can
 * go again); texts live in `texts`. ERR_UNREACHABLE or ERR_REFUSED when the org cannot be asked: nothing is known then. */
enum err_code settle_ask(const struct settle_request *request, struct outcome *outcomes, struct arena *texts,
                         struct err *e);

#endif
