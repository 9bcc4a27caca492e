#include "core/engine/retry_order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/engine/detach.h"
#include "core/engine/engine_state.h"
#include "core/engine/pace.h"
#include "core/engine/retry_cut.h"

enum { MOST_ANSWER = sizeof((struct order *)0)->answer };

static void refuse(struct engine *en, const struct order *order, const char *why)
{
	char answer[MOST_ANSWER];
	size_t len = strlen(why) < sizeof answer ? strlen(why) : sizeof answer - 1;

	while (len < strlen(why) && len > 0 && ((unsigned char)why[len] & 0xc0) == 0x80)
		len--; /* at a character's border */
	snprintf(answer, sizeof answer, "%.*s", (int)len, why);
	if (order_answer(en->j, order->id, answer, &en->error) != ERR_OK)
		engine_fail(en);
}

/* What stands against this order alone is no reason to stop. */
static void refuse_or_fail(struct engine *en, const struct order *order)
{
	struct err e = en->error;

	if (e.code != ERR_FILE && e.code != ERR_USAGE) {
		engine_fail(en);
		return;
	}
	err_init(&en->error);
	refuse(en, order, e.text);
}

struct retry_plans retry_plans(const struct engine *en)
{
	return (struct retry_plans){ en->load.plan, en->delete_plan, en->run.delete_from };
}

/* As large as may be: what failed shows in its own time. */
struct chunker_limits retry_limits(const struct engine *en)
{
	int64_t asked = en->run.chunk_records;
	bool in_requests = engine_collections(en);
	int64_t most = in_requests ? PACE_REQUEST : PACE_FULL;

	return (struct chunker_limits){
		.records = asked > 0 && asked < most ? asked : most,
		.bytes = in_requests ? PACE_REQUEST_BYTES : PACE_BYTES,
		.in_order = in_requests,
	};
}

static void add_unfit(char *text, size_t size, const struct retry_cut *cut)
{
	char n[32];
	size_t len = strlen(text);

	if (cut->unfit)
		snprintf(text + len, size - len, "%s%s cannot be written as %s: record %lld, %s",
		         len ? "; " : "", text_count(cut->unfit, n, sizeof n),
		         cut->unfit == 1 ? "it is" : "they are", (long long)cut->unfit_first, cut->unfit_why);
}

static void begin(struct engine *en, const struct order *order, const struct retry_cut *cut, bool in_doubt)
{
	char log[512], n[32];
	struct retry_begin begin = { .order = order->id,
		                     .in_doubt = in_doubt,
		                     .edits = en->run.edits,
		                     .lists = cut->lists,
		                     .count = cut->count,
		                     .log = log };
	int no;

	snprintf(log, sizeof log, "retry by %s: %s record%s go%s again", order->by,
	         text_count((int64_t)cut->item_count, n, sizeof n), cut->item_count == 1 ? "" : "s",
	         cut->item_count == 1 ? "es" : "");
	add_unfit(log, sizeof log, cut);
	if (retry_begin(en->j, en->run.id, &begin, &no, &en->error) != ERR_OK)
		refuse_or_fail(en, order);
	else if (run_get(en->j, en->run.id, &en->run, &en->error) != ERR_OK)
		engine_fail(en);
	else
		engine_add_lists(en, no);
}

/* The records that it means are read and checked; what can be sent is begun. */
static void cut_and_begin(struct engine *en, const struct order *order, struct chunk_item *items, size_t count,
                          bool in_doubt)
{
	struct chunker_limits limits = retry_limits(en);
	struct retry_plans plans = retry_plans(en);
	struct retry_cut cut;
	char why[512] = "";

	if (retry_cut(&cut, &plans, en->load.source, items, count, &limits, &en->error) != ERR_OK) {
		refuse_or_fail(en, order);
	} else if (cut.count == 0) {
		add_unfit(why, sizeof why, &cut);
		refuse(en, order, why);
	} else {
		begin(en, order, &cut, in_doubt);
	}
	retry_cut_release(&cut);
}

enum err_code retry_use_edits(struct engine *en)
{
	if (!en->has_source || run_get(en->j, en->run.id, &en->run, &en->error) != ERR_OK || !en->run.edits)
		return en->error.code;
	if (edited_use(&en->edited, en->load.source, en->j, en->run.id, &en->error) == ERR_OK)
		edited_use(&en->sender_edited, en->sender, en->j, en->run.id, &en->error);
	return en->error.code;
}

void retry_obey(struct engine *en, const struct order *order)
{
	struct retry_wish wish = { 0 };
	struct chunk_item *items = NULL;
	struct arena texts;
	size_t count = 0;

	arena_init(&texts);
	if (retry_use_edits(en) != ERR_OK ||
	    retry_wish_of(en->j, order->id, &wish, &texts, &en->error) != ERR_OK ||
	    retry_pick(en->j, en->run.id, &wish, &items, &count, &en->error) != ERR_OK)
		engine_fail(en);
	else if (!en->run.started_ms)
		refuse(en, order, "the run has not begun: there is nothing to retry");
	else if (en->end != END_NONE)
		refuse(en, order, "the run is stopping: retry when it has stopped");
	else if (count == 0)
		refuse(en, order,
		       wish.in_doubt ? "no record that is meant is in doubt at this moment"
		                     : "no record that is meant is failed or skipped at this moment");
	else if (!en->has_source)
		refuse(en, order, en->no_source.text);
	else if (en->order && ordering_sort(en->order, items, count, &en->error) != ERR_OK)
		engine_fail(en);
	else
		cut_and_begin(en, order, items, count, wish.in_doubt);
	free(items);
	arena_release(&texts);
}

void retry_obey_all(struct engine *en)
{
	struct order order;
	bool found = true;

	while (found && !en->dead) {
		if (order_next(en->j, en->run.id, &order, &found, &en->error) != ERR_OK)
			engine_fail(en);
		else if (found)
			retry_obey(en, &order);
	}
}

bool retry_waits(struct engine *en)
{
	struct order order;
	bool found = false;

	if (order_next(en->j, en->run.id, &order, &found, &en->error) != ERR_OK)
		engine_fail(en);
	return found;
}

void retry_drop(struct journal *j, int64_t order, const char *why)
{
	char answer[MOST_ANSWER];
	struct err ignored;

	err_init(&ignored);
	snprintf(answer, sizeof answer, "no engine could take it: %.200s", why);
	order_answer(j, order, answer, &ignored); /* where that fails it has its answer already */
}

enum err_code retry_start(struct journal *j, int64_t run, const struct retry_wish *wish,
                          const struct access_choice *choice, int64_t *order, struct err *e)
{
	if (retry_order(j, run, wish, order, e) != ERR_OK)
		return e->code;
	if (run_held(j, run))
		return ERR_OK;
	if (detach_retry(j, run, choice, e) == ERR_OK)
		return ERR_OK;
	if (e->code == ERR_HELD) { /* another engine was faster: the order is that one's */
		err_init(e);
		return ERR_OK;
	}
	retry_drop(j, *order, e->text);
	return e->code;
}
