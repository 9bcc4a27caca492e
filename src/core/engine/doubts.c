/* doubts.c - each engine that takes up a run asks the org again about what is in doubt. */
#include "core/engine/engine_state.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "core/engine/retry_cut.h"
#include "core/engine/settle.h"

enum { PAGE = 100 };

/* What the asking has found so far. */
struct asking {
	struct engine *en;
	struct settle_proof proof;
	struct chunk_item *unwritten; /* known not to be in the org */
	size_t count, room;
};

static bool add_unwritten(struct asking *a, const struct outcome *o)
{
	if (a->count == a->room) {
		size_t room = a->room ? a->room * 2 : 256;
		struct chunk_item *bigger = realloc(a->unwritten, room * sizeof *bigger);

		if (!bigger)
			return false;
		a->unwritten = bigger;
		a->room = room;
	}
	a->unwritten[a->count++] = (struct chunk_item){ o->record, o->offset };
	return true;
}

/* What is known now replaces what was in doubt; what is known not to be there waits for the end. */
static enum err_code take(struct asking *a, struct outcome *outcomes, size_t count, struct err *e)
{
	struct engine *en = a->en;
	size_t known = 0;

	for (size_t i = 0; i < count; i++) {
		if (outcomes[i].state == 0 && !add_unwritten(a, &outcomes[i]))
			return err_memory(e, "records in doubt");
		if (outcomes[i].state != 0 && outcomes[i].state != OUTCOME_IN_DOUBT)
			outcomes[known++] = outcomes[i];
	}
	if (known == 0)
		return ERR_OK;
	return outcome_replace(en->j, en->run.id, outcomes, known, "the org was asked about records in doubt",
	                       e);
}

/* Records whose request began at the same time. */
static enum err_code ask_some(struct asking *a, const struct doubt *doubts, size_t count)
{
	struct engine *en = a->en;
	struct chunk_print prints[PAGE];
	struct outcome outcomes[PAGE];
	struct settle_request request = { .load = &en->load,
		                          .has_source = en->has_source,
		                          .action = en->action,
		                          .user_id = en->run.user_id,
		                          .since_ms = doubts[0].since_ms,
		                          .prints = prints,
		                          .count = count,
		                          .by_request = engine_collections(en),
		                          .proof = &a->proof };
	struct arena texts;

	arena_init(&texts);
	for (size_t i = 0; i < count; i++)
		prints[i] = (struct chunk_print){ doubts[i].record, doubts[i].offset, 1, 0 };
	if (settle_ask(&request, outcomes, &texts, &en->error) == ERR_OK)
		take(a, outcomes, count, &en->error);
	arena_release(&texts);
	return en->error.code;
}

static enum err_code ask_page(struct asking *a, const struct doubt *doubts, int n)
{
	for (int from = 0, to; from < n; from = to) {
		for (to = from + 1; to < n && doubts[to].since_ms == doubts[from].since_ms; to++)
			;
		if (ask_some(a, doubts + from, (size_t)(to - from)) != ERR_OK)
			return a->en->error.code;
	}
	return ERR_OK;
}

/* They go again, in chunks of their own. */
static enum err_code send_again(struct asking *a)
{
	struct engine *en = a->en;
	struct chunker_limits limits = retry_limits(en);
	struct retry_plans plans = retry_plans(en);
	struct retry_cut cut;
	char log[128], n[32];
	int no = 0;

	if (retry_cut(&cut, &plans, en->load.source, a->unwritten, a->count, &limits, &en->error) == ERR_OK &&
	    cut.count > 0) {
		snprintf(log, sizeof log, "%s record%s in doubt %s not in the org: sent again",
		         text_count((int64_t)cut.item_count, n, sizeof n), cut.item_count == 1 ? "" : "s",
		         cut.item_count == 1 ? "is" : "are");
		if (retry_unwritten(en->j, en->run.id, cut.lists, cut.count, log, &no, &en->error) == ERR_OK)
			engine_add_lists(en, no);
	}
	retry_cut_release(&cut);
	return en->error.code;
}

enum err_code doubts_ask(struct engine *en, bool only_retries)
{
	struct asking a = { .en = en };
	struct doubt doubts[PAGE];
	int64_t after = 0;
	int n = PAGE;

	while (en->run.counts.in_doubt > 0 && n == PAGE && en->error.code == ERR_OK) {
		n = retry_doubts(en->j, en->run.id, after, doubts, PAGE, &en->error);
		if (n > 0 && ask_page(&a, doubts, n) == ERR_OK)
			after = doubts[n - 1].record;
	}
	if (en->error.code == ERR_OK && a.count > 0 && en->has_source && !only_retries)
		send_again(&a);
	free(a.unwritten);
	return en->error.code;
}
