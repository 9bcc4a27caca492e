/* feed.c - what is sent next: chunks that wait for their turn, then new ones, cut as they are needed. */
#include "core/engine/engine_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/engine/bounds.h"
#include "core/engine/pace.h"
#include "core/engine/retry.h"

static bool is_out(const struct flight *f)
{
	return f->state != CHUNK_PLANNED || f->look;
}

int feed_in_the_org(const struct engine *en)
{
	int n = 0;

	for (size_t i = 0; i < en->flight_count; i++)
		n += is_out(en->flights[i]);
	return n;
}

bool feed_all_cut(const struct engine *en)
{
	return en->run.cut_record >= bounds_last(&en->run);
}

/* A planned chunk that is meant to go. */
bool feed_is_meant(const struct engine *en, const struct flight *f)
{
	return f->state == CHUNK_PLANNED && (f->chunk.retry || !engine_only_retries(en));
}

static bool may_cut_more(const struct engine *en)
{
	return !feed_all_cut(en) && en->has_source && !engine_only_retries(en);
}

bool feed_has_more(const struct engine *en)
{
	for (size_t i = 0; i < en->flight_count; i++)
		if (feed_is_meant(en, en->flights[i]))
			return true;
	return may_cut_more(en);
}

static bool was_locked(const struct flight *f)
{
	return strcmp(f->chunk.why, LIST_LOCKED) == 0;
}

static bool goes_alone(const struct flight *f)
{
	return was_locked(f) && retry_alone(f->chunk.tries);
}

static bool any_out(const struct engine *en, bool (*kind)(const struct flight *f))
{
	for (size_t i = 0; i < en->flight_count; i++)
		if (is_out(en->flights[i]) && kind(en->flights[i]))
			return true;
	return false;
}

static bool is_ready(const struct engine *en, const struct flight *f)
{
	return feed_is_meant(en, f) && !f->look && engine_now(en) >= f->due;
}

/* One that has to go with nothing beside it, and whose time has come. */
static struct flight *next_alone(const struct engine *en)
{
	for (size_t i = 0; i < en->flight_count; i++)
		if (is_ready(en, en->flights[i]) && goes_alone(en->flights[i]))
			return en->flights[i];
	return NULL;
}

bool feed_holds_back(const struct engine *en, const struct flight *f)
{
	const struct flight *alone = next_alone(en);

	return (alone && f != alone) || (was_locked(f) && any_out(en, was_locked));
}

/* One that goes alone keeps the others waiting; while nothing is written, one at a time finds out when that ends; and records
 * that may mean others of the same file come after them. */
static int jobs_at_once(const struct engine *en)
{
	if (!en->run.allow_failures || en->in_vain > 0 || any_out(en, goes_alone) || next_alone(en))
		return 1;
	if (en->run.parallel > 0)
		return en->run.parallel;
	return engine_points_within(en) ? 1 : PACE_JOBS;
}

static struct flight *next_planned(const struct engine *en)
{
	for (size_t i = 0; i < en->flight_count; i++)
		if (is_ready(en, en->flights[i]) && !feed_holds_back(en, en->flights[i]))
			return en->flights[i];
	return NULL;
}

/* `items`: it is a list of these, else a range. */
static enum err_code commit_cut(struct engine *en, struct cut *cut, int64_t from, int64_t offset,
                                const struct chunk_item *items)
{
	struct chunk chunk = { .run = en->run.id,
		               .first = from,
		               .last = cut->next_record - 1,
		               .offset = offset,
		               .records = (int64_t)cut->count,
		               .bytes = cut->bytes };
	struct chunk_cut add = { .chunk = cut->count ? &chunk : NULL,
		                 .items = items,
		                 .deferred = cut->deferred,
		                 .deferred_count = cut->deferred_count,
		                 .deferred_bytes = cut->deferred_bytes,
		                 .skipped = cut->skipped,
		                 .skipped_count = cut->skipped_count,
		                 .cut_record = cut->next_record - 1,
		                 .cut_offset = cut->next_offset };
	struct chunk added[2];
	int no = 0, n;

	if (items)
		snprintf(chunk.why, sizeof chunk.why, "%s", LIST_ORDERED);
	snprintf(chunk.state, sizeof chunk.state, "%s", chunk_state_name(CHUNK_PLANNED));
	if (chunk_add(en->j, en->run.id, &add, &no, &en->error) != ERR_OK)
		return en->error.code;
	n = no ? chunk_page(en->j, en->run.id, no - 1, true, added, 2, &en->error) : 0;
	for (int i = 0; i < n; i++)
		if (!engine_add_flight(en, &added[i]))
			return err_memory(&en->error, "a chunk");
	if (n > 0) {
		en->flights[en->flight_count - (size_t)n]->cut = *cut;
		en->flights[en->flight_count - (size_t)n]->scanned = true;
		cut_init(cut);
		en->chunks++;
	}
	return n < 0 ? en->error.code : run_get(en->j, en->run.id, &en->run, &en->error);
}

/* The operator's most records a chunk, or ours. */
static int64_t most_asked(const struct engine *en)
{
	const struct run *run = &en->run;
	bool looks = run->keep_old || run->undo_of || run->skip_unchanged;

	return looks && !(run->chunk_records > 0 && run->chunk_records < PACE_LOOKED) ? PACE_LOOKED
	                                                                              : run->chunk_records;
}

static struct chunker_limits chunk_limits(const struct engine *en)
{
	int64_t asked = most_asked(en);
	bool in_requests = engine_collections(en);
	int64_t stop = bounds_last(&en->run), from = en->run.delete_from;

	if (from > 0 && en->run.cut_record + 1 < from && from <= stop)
		stop = from - 1;
	return (struct chunker_limits){
		.records = !in_requests ? pace_chunk_records(en->chunks + 1, en->run.allow_failures, asked)
		           : asked > 0 && asked < PACE_REQUEST ? asked
		                                               : PACE_REQUEST,
		.bytes = in_requests ? PACE_REQUEST_BYTES : PACE_BYTES,
		.stop = stop,
		.in_order = in_requests,
	};
}

/* What a cut of a list sends, in its order. */
static struct chunk_item *items_of(const struct cut *cut)
{
	struct chunk_item *items = malloc((cut->count + 1) * sizeof *items);

	for (size_t i = 0; items && i < cut->count; i++)
		items[i] = (struct chunk_item){ cut->prints[i].record, cut->prints[i].offset };
	return items;
}

/* The next records in the run's own order: they go as a list. */
static enum err_code cut_in_order(struct engine *en, const struct chunker_limits *limits)
{
	int64_t from = en->run.cut_record, left = limits->stop - from;
	size_t count = (size_t)(left < limits->records ? left : limits->records);
	struct chunk_item *items = malloc((count + 1) * sizeof *items), *sent = NULL;
	struct cut cut;

	cut_init(&cut);
	if (!items)
		err_memory(&en->error, "a chunk");
	else if (ordering_read(en->order, from, items, count, &en->error) == ERR_OK &&
	         chunker_list(&cut, en->load.plan, en->load.source, items, count, limits, &en->error) ==
	                 ERR_OK) {
		cut.next_record = from + (int64_t)cut.taken + 1;
		sent = items_of(&cut);
		if (!sent)
			err_memory(&en->error, "a chunk");
		else
			commit_cut(en, &cut, from + 1, en->run.cut_offset, sent);
	}
	cut_release(&cut);
	free(items);
	free(sent);
	return en->error.code;
}

static void cut_next(struct engine *en)
{
	struct chunker_limits limits = chunk_limits(en);
	int64_t from = en->run.cut_record + 1, offset = en->run.cut_offset;
	struct cut cut;

	if (en->order) {
		if (cut_in_order(en, &limits) != ERR_OK)
			engine_fail(en);
		return;
	}
	cut_init(&cut);
	if (chunker_stretch(&cut, engine_deletes(en, from) ? en->delete_plan : en->load.plan, en->load.source,
	                    from, offset, &limits, &en->error) != ERR_OK ||
	    commit_cut(en, &cut, from, offset, NULL) != ERR_OK)
		engine_fail(en);
	cut_release(&cut);
}

/* A request that waits for the org to be asked would be taken for one that may have been sent. */
static bool may_ask(const struct engine *en)
{
	return heard_may_ask(en) && (en->breaker.level == 0 || feed_in_the_org(en) == 0);
}

/* One upload at a time, and no more jobs in the org than may be there. */
bool feed_may_send(const struct engine *en)
{
	return en->end == END_NONE && may_ask(en) && !engine_uploading(en) &&
	       feed_in_the_org(en) < jobs_at_once(en);
}

/* Cutting waits while results are collected: both want memory, and neither takes long. */
bool feed_may_cut(const struct engine *en)
{
	return feed_may_send(en) && en->in_vain == 0 && may_cut_more(en) && !engine_collecting(en);
}

/* What goes again is sent before anything new. */
void feed_turn(struct engine *en)
{
	struct flight *next = feed_may_send(en) ? next_planned(en) : NULL;

	if (next)
		flight_start(next);
	else if (feed_may_cut(en))
		cut_next(en);
}
