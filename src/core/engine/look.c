/*
 * look.c - before a chunk is sent the org is asked what it holds of its records: old values go into the journal, so that they
 * can be put back; of an undo only those records go that are still as the run left them, and where that is wanted none that
 * would change nothing.
 */
#include "core/engine/engine_state.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "core/engine/held.h"
#include "core/engine/retry.h"
#include "core/plan/value.h"
#include "store/old_values.h"

enum {
	FIRST_PAUSE_MS = 1000, /* after a query without a usable answer */
	MOST_PAUSE_MS = 5 * 60 * 1000,
};

struct look {
	struct flight *flight;
	struct guard guard;
	struct held held;
	size_t from, upto;       /* prints that are known; and known, or asked about now */
	struct outcome *skipped; /* what does not go, in the chunk's order, */
	struct chunk_item *goes; /* and what does */
	size_t skipped_count, goes_count;
	struct arena said; /* why */
};

bool look_wanted(const struct flight *f)
{
	const struct engine *en = f->engine;

	return !f->looked && (en->run.keep_old || en->run.undo_of || en->run.skip_unchanged) &&
	       flight_action(f) != ACTION_INSERT;
}

void look_free(struct look *l)
{
	if (!l)
		return;
	held_release(&l->held);
	guard_release(&l->guard);
	arena_release(&l->said);
	free(l->skipped);
	free(l->goes);
	free(l);
}

static bool keeps(const struct look *l)
{
	return l->flight->engine->run.keep_old && !action_deletes(flight_action(l->flight));
}

static int wants_of(const struct look *l)
{
	return (keeps(l) ? HELD_OLD : 0) | (l->flight->engine->run.skip_unchanged ? HELD_SENT : 0);
}

static bool open_look(struct look *l)
{
	struct flight *f = l->flight;
	struct engine *en = f->engine;
	bool undo = en->run.undo_of != 0;

	arena_init(&l->said);
	l->skipped = calloc(f->cut.count + 1, sizeof *l->skipped);
	l->goes = calloc(f->cut.count + 1, sizeof *l->goes);
	return l->skipped && l->goes &&
	       guard_init(&l->guard, source_shape(en->load.source), en->load.object, &en->load.children,
	                  action_deletes(flight_action(f))) &&
	       held_init(&l->held, flight_plan(f), undo ? &l->guard : NULL, wants_of(l));
}

void look_begin(struct flight *f)
{
	f->look = calloc(1, sizeof *f->look);
	if (f->look)
		f->look->flight = f;
	if (f->look && open_look(f->look))
		return;
	f->due = INT64_MAX;
	err_memory(&f->engine->error, "old values");
	engine_fail(f->engine);
}

/* ---- what the org says ---- */

/* What the run writes: a mark for null is no value. */
static struct slice wrote(struct slice cell)
{
	struct slice none = { NULL, 0 };

	return value_null_mark(cell) ? none : cell;
}

static bool add_cells(struct look *l, const struct held_record *r, struct old_record *to)
{
	struct held *h = &l->held;
	struct old_cell *cells = arena_alloc(&h->texts, h->plan->layout.count * sizeof *cells);

	to->record = r->record;
	to->id = r->several ? "" : r->id;
	to->cells = cells;
	for (size_t c = 0; cells && c < h->plan->layout.count; c++)
		if (h->field_of[c] >= 0 && r->wrote[c].len)
			cells[to->count++] = (struct old_cell){ (int)c, r->values[h->field_of[c]],
				                                wrote(r->wrote[c]) };
	return cells != NULL;
}

/* It would change nothing, and is not to be sent then. */
static bool stays(const struct look *l, size_t i)
{
	return l->flight->engine->run.skip_unchanged && held_unchanged(&l->held, i);
}

static enum err_code keep(struct look *l)
{
	struct engine *en = l->flight->engine;
	struct held *h = &l->held;
	struct old_record *records = calloc(h->count + 1, sizeof *records);
	bool memory = records != NULL;
	size_t count = 0;

	for (size_t i = 0; memory && i < h->count; i++)
		if (!stays(l, i))
			memory = add_cells(l, &h->records[i], &records[count++]);
	if (memory)
		old_values_keep(en->j, en->run.id, records, count, &en->error);
	else
		err_memory(&en->error, "old values");
	free(records);
	return en->error.code;
}

static bool add_skipped(struct look *l, const struct held_record *r, struct outcome_message why)
{
	struct outcome_message *m = arena_alloc(&l->said, sizeof *m);
	struct outcome *o = &l->skipped[l->skipped_count++];

	*o = (struct outcome){
		.record = r->record, .offset = r->offset, .state = OUTCOME_SKIPPED, .message = m
	};
	snprintf(o->id, sizeof o->id, "%s", r->id);
	if (!m)
		return false;
	*m = why;
	m->fields = arena_text(&l->said, why.fields);
	return m->fields != NULL;
}

/* Does record i of an undo go? *why: if not; the list that `export` gives has no column for the field, so the text names it. */
static bool undone(struct look *l, size_t i, struct outcome_message *why)
{
	const char *field, *text;
	enum guard_fate fate = held_fate(&l->held, i, &field);
	struct buf named;

	buf_init(&named, 1024);
	buf_addf(&named, "%s%s%s%s", guard_text(fate), field ? " (" : "", field ? field : "", field ? ")" : "");
	text = fate == GUARD_GOES ? "" : arena_text(&l->said, buf_text(&named));
	buf_release(&named);
	*why = (struct outcome_message){ guard_name(fate), text ? text : guard_text(fate), field ? field : "" };
	return fate == GUARD_GOES;
}

/* Records that do not go. */
static enum err_code sort_out(struct look *l)
{
	static const struct outcome_message unchanged = { "unchanged", "the org has all of it already", "" };
	struct outcome_message why = unchanged;

	for (size_t i = 0; i < l->held.count; i++) {
		if (l->flight->engine->run.undo_of ? undone(l, i, &why) : !stays(l, i))
			continue;
		if (!add_skipped(l, &l->held.records[i], why))
			return err_memory(&l->flight->engine->error, "records that stay as they are");
	}
	return ERR_OK;
}

/* Everything that was asked about is known. */
static enum err_code take(struct look *l)
{
	struct engine *en = l->flight->engine;

	if (l->held.short_of)
		return err_memory(&en->error, "old values");
	if (keeps(l) && keep(l) != ERR_OK)
		return en->error.code;
	if (sort_out(l) != ERR_OK)
		return en->error.code;
	l->from = l->upto;
	return ERR_OK;
}

static void asked(void *ctx, const struct answer *a)
{
	struct look *l = ((struct flight *)ctx)->look;
	struct flight *f = l->flight;
	struct engine *en = f->engine;

	f->busy = false;
	engine_heard(en, a);
	if (a->verdict == VERDICT_DONE) {
		f->breaks = 0;
		if (take(l) != ERR_OK)
			engine_fail(en);
		return;
	}
	l->upto = l->from;
	f->due = engine_now(en) + retry_pause(++f->breaks, FIRST_PAUSE_MS, MOST_PAUSE_MS, engine_random(en));
	if (a->verdict == VERDICT_REJECTED)
		flight_reject(f, a);
}

static bool row(void *ctx, const struct slice *values)
{
	return held_row(&((struct flight *)ctx)->look->held, values);
}

/* ---- the way through a chunk ---- */

/* Reads on from the first print that is not known. */
static enum err_code read_records(struct look *l)
{
	struct flight *f = l->flight;
	struct engine *en = f->engine;
	enum held_taken taken = HELD_TAKEN;
	struct record r;
	struct buf line;
	int64_t here = 0;

	buf_init(&line, 2 * CSV_MOST_BYTES);
	held_begin(&l->held);
	while (l->upto < f->cut.count && taken == HELD_TAKEN) {
		buf_clear(&line);
		if (chunker_record(l->held.plan, en->load.source, &f->cut.prints[l->upto], &here, &line, &r,
		                   &en->error) != ERR_OK)
			break;
		r.offset = f->cut.prints[l->upto].offset;
		taken = held_take(&l->held, &r);
		l->upto += taken == HELD_TAKEN;
	}
	if (taken == HELD_NO_MEMORY)
		err_memory(&en->error, "old values");
	buf_release(&line);
	return en->error.code;
}

static void ask_next(struct look *l)
{
	struct flight *f = l->flight;
	struct engine *en = f->engine;
	const char *query;

	if (read_records(l) == ERR_OK) {
		query = held_query(&l->held);
		if (!query) {
			take(l);
		} else {
			f->busy = true;
			heard_asks(en);
			org_query_start(en->load.org, query, l->held.fields, l->held.field_count, row, asked, f,
			                &en->error);
		}
	}
	if (en->error.code != ERR_OK) {
		f->due = INT64_MAX;
		engine_fail(en);
	}
}

/* All but those that are skipped. */
static void fill_goes(struct look *l)
{
	const struct cut *cut = &l->flight->cut;
	size_t s = 0;

	for (size_t i = 0; i < cut->count; i++) {
		if (s < l->skipped_count && l->skipped[s].record == cut->prints[i].record)
			s++;
		else
			l->goes[l->goes_count++] = (struct chunk_item){ cut->prints[i].record,
				                                        cut->prints[i].offset };
	}
}

/* What is left alone has its outcome; the others go as a list, which need not be looked at once more. */
static void split(struct flight *f)
{
	struct engine *en = f->engine;
	struct look *l = f->look;
	int no = 0;
	struct chunk_end end = {
		.state = chunk_state_name(CHUNK_SETTLED),
		.outcomes = l->skipped,
		.count = l->skipped_count,
		.again = { { .items = l->goes, .tries = f->chunk.tries, .why = LIST_LOOKED_AT } },
		.again_no = &no,
	};
	size_t before = en->flight_count;

	fill_goes(l);
	end.again[0].count = l->goes_count;
	if (f->chunk.why[0] && strcmp(f->chunk.why, LIST_ORDERED) != 0)
		end.again[0].why = f->chunk.why;
	if (chunk_settle(en->j, en->run.id, f->chunk.no, &end, &en->error) != ERR_OK) {
		engine_fail(en);
		return;
	}
	f->state = CHUNK_SETTLED;
	f->todo = CHUNK_DO_NOTHING;
	if (no)
		engine_add_lists(en, no);
	for (size_t i = before; i < en->flight_count; i++)
		en->flights[i]->looked = true;
}

static void end_look(struct flight *f)
{
	if (f->look->skipped_count > 0)
		split(f);
	look_free(f->look);
	f->look = NULL;
	f->looked = true;
	if (f->state == CHUNK_PLANNED)
		flight_start(f);
}

void look_turn(struct flight *f)
{
	struct engine *en = f->engine;
	struct look *l = f->look;

	if (f->busy)
		return;
	if (en->end != END_NONE) {
		look_free(l);
		f->look = NULL;
	} else if (l->from == f->cut.count) {
		if (!engine_uploading(en))
			end_look(f);
	} else if (engine_now(en) >= f->due && heard_may_ask(en)) {
		ask_next(l);
	}
}
