#include "core/engine/loaded.h"

#include <stdio.h>

#include "base/text.h"
#include "base/when.h"

#define COUNT_TEXT 27

enum loaded_way loaded_way(struct journal *j, const struct run *run)
{
	enum run_state state = run_state_now(j, run);

	if (state == RUN_RUNNING || state == RUN_WAITING)
		return LOADED_WAIT;
	if (run_pending(&run->counts) > 0 || run->counts.in_doubt > 0)
		return LOADED_RESUME;
	return run->counts.failed > 0 && !run->pruned_ms ? LOADED_RETRY : LOADED_LOOK;
}

const char *loaded_command(enum loaded_way way)
{
	return way == LOADED_RESUME ? "resume" : way == LOADED_RETRY ? "retry" : "show";
}

void loaded_say(const struct run *run, enum loaded_way way, char *to, size_t size)
{
	const struct run_counts *c = &run->counts;
	char written[COUNT_TEXT], records[COUNT_TEXT], n[COUNT_TEXT], when[WHEN_TEXT];
	int at;

	when_local_text(run->started_ms ? run->started_ms : run->created_ms, when);
	at = snprintf(to, size, "run %lld %s this file into this org %s %s: %s of %s records written",
	              (long long)run->id, way == LOADED_WAIT ? "loads" : "has loaded",
	              way == LOADED_WAIT ? "since" : "on", when,
	              text_count(c->written, written, sizeof written),
	              text_count(c->records, records, sizeof records));
	if (c->failed && at > 0 && (size_t)at < size)
		at += snprintf(to + at, size - (size_t)at, ", %s failed", text_count(c->failed, n, sizeof n));
	if (c->in_doubt && at > 0 && (size_t)at < size)
		at += snprintf(to + at, size - (size_t)at, ", %s in doubt",
		               text_count(c->in_doubt, n, sizeof n));
	if (run_pending(c) && at > 0 && (size_t)at < size)
		snprintf(to + at, size - (size_t)at, ", %s to go", text_count(run_pending(c), n, sizeof n));
}
