/* look.c - before a chunk is sent: what the org holds of its records is kept in the journal, so that it can be put back. */
#include "core/engine/engine_state.h"

#include <stdlib.h>
#include <string.h>

#include "core/engine/budget.h"
#include "core/engine/retry.h"
#include "core/org/soql.h"
#include "core/org/url.h"
#include "core/plan/plan_check.h"
#include "core/plan/value.h"
#include "store/old_values.h"

enum {
	MOST_SOQL = 64 * 1024,
	FIRST_PAUSE_MS = 1000, /* after a query without a usable answer */
	MOST_PAUSE_MS = 5 * 60 * 1000,
};

/* A record that the org is asked about. */
struct seen {
	int64_t record;
	struct slice key;    /* as results of a query give it, once normalised */
	struct slice *wrote; /* by column: what will be sent for it, "" leaves the field alone */
	struct slice *held;  /* by column: what the org has */
	char id[19];         /* "" until it was found */
	bool several;        /* the org has more than one with this key */
};

struct look {
	struct flight *flight;
	struct plan *plan;
	int key;             /* the column that names the record */
	const char **fields; /* of the query: Id, then of each column but the key, which comes last */
	size_t field_count;
	int *field_of;     /* by column: the position of its field in the query, -1: not asked for */
	size_t from, upto; /* prints that are known, and known or asked about now */
	struct seen seen[BUDGET_LOOK_KEYS];
	size_t count;       /* of them, asked about now */
	struct arena texts; /* of them */
	bool memory;
};

bool look_wanted(const struct flight *f)
{
	const struct engine *en = f->engine;

	return en->run.keep_old && !f->looked && (en->action == ACTION_UPDATE || en->action == ACTION_UPSERT);
}

void look_free(struct look *look)
{
	if (!look)
		return;
	arena_release(&look->texts);
	free((void *)look->fields);
	free(look->field_of);
	free(look);
}

static int position_of(const struct look *l, const char *field)
{
	for (size_t i = 0; i < l->field_count; i++)
		if (strcmp(l->fields[i], field) == 0)
			return (int)i;
	return -1;
}

static int add_field(struct look *l, const char *field)
{
	int at = position_of(l, field);

	if (at >= 0)
		return at;
	l->fields[l->field_count] = field;
	return (int)l->field_count++;
}

/* Which fields are asked for. A lookup by the key of its parent is known by its own id. */
static bool choose_fields(struct look *l)
{
	const struct mapping *m = l->plan->mapping;

	l->fields = calloc(m->count + 2, sizeof *l->fields);
	l->field_of = calloc(m->count + 1, sizeof *l->field_of);
	if (!l->fields || !l->field_of)
		return false;
	add_field(l, "Id");
	for (size_t i = 0; i < m->count; i++) {
		l->field_of[i] = -1;
		if (plan_check_is_key(l->plan, &m->entries[i]))
			l->key = (int)i;
		else if (m->entries[i].field->type !=
		         FIELD_BASE64) /* no query of several records gives those */
			l->field_of[i] = add_field(l, m->entries[i].field->name);
	}
	add_field(l, l->plan->key->name);
	return true;
}

void look_begin(struct flight *f)
{
	struct look *l = calloc(1, sizeof *l);

	if (l) {
		l->flight = f;
		l->plan = f->engine->load.plan;
		arena_init(&l->texts);
		f->look = l;
	}
	if (!l || !choose_fields(l)) {
		err_memory(&f->engine->error, "old values");
		engine_fail(f->engine);
	}
}

/* ---- which records are asked about ---- */

static struct slice *copy_cells(struct look *l, const struct slice *cells)
{
	size_t count = l->plan->layout.count;
	struct slice *copy = arena_alloc(&l->texts, count * sizeof *copy);

	for (size_t i = 0; copy && i < count; i++) {
		copy[i] = (struct slice){ arena_slice(&l->texts, cells[i]), cells[i].len };
		if (!copy[i].at)
			return NULL;
	}
	return copy;
}

static bool add_seen(struct look *l, int64_t record, const struct slice *cells)
{
	struct seen *s = &l->seen[l->count++];
	struct buf key;

	buf_init(&key, MOST_SOQL);
	layout_normalise(l->plan->key->type, cells[l->key], &key);
	*s = (struct seen){ .record = record,
		            .key = { arena_slice(&l->texts, buf_slice(&key)), key.len },
		            .wrote = copy_cells(l, cells),
		            .held = arena_alloc(&l->texts, l->plan->layout.count * sizeof *s->held) };
	buf_release(&key);
	return s->key.at && s->wrote && s->held;
}

/* Adds a record's key to the query; false when that would make its address too long. */
static bool add_key(struct look *l, const struct slice *cells, struct buf *soql, struct buf *address)
{
	size_t before = soql->len;

	buf_add_text(soql, l->count ? "," : "");
	soql_add_value(soql, l->plan->key->type, cells[l->key]);
	url_encode(address, (struct slice){ soql->at + before, soql->len - before });
	if (l->count == 0 || address->len <= BUDGET_LOOK_BYTES)
		return true;
	soql->len = before;
	return false;
}

/* Reads on from the first print that is not known. An upsert without a key value inserts: there is nothing to ask. */
static enum err_code read_records(struct look *l, struct buf *soql, struct buf *address)
{
	struct flight *f = l->flight;
	struct engine *en = f->engine;
	struct buf line;
	int64_t here = 0;

	l->from = l->upto;
	buf_init(&line, MOST_SOQL * 1024);
	for (; l->upto < f->cut.count && l->count < BUDGET_LOOK_KEYS; l->upto++) {
		const struct chunk_print *print = &f->cut.prints[l->upto];
		const struct slice *cells;

		buf_clear(&line);
		if (chunker_line(l->plan, en->load.source, print, &here, &line, &en->error) != ERR_OK)
			break;
		cells = plan_cells(l->plan);
		if (cells[l->key].len == 0 || value_null_mark(cells[l->key]))
			continue;
		if (!add_key(l, cells, soql, address))
			break;
		if (!add_seen(l, print->record, cells)) {
			err_memory(&en->error, "old values");
			break;
		}
	}
	buf_release(&line);
	return en->error.code;
}

/* ---- what the org says ---- */

static bool same_key(const struct look *l, struct slice a, struct slice b)
{
	if (l->plan->key->type == FIELD_ID || l->plan->key->case_sensitive)
		return slice_equal(a, b);
	return slice_equal_fold(a, b);
}

/* Values of one record, in the order of the fields. */
static bool found(void *ctx, const struct slice *values)
{
	struct look *l = ctx;
	struct buf key;

	buf_init(&key, MOST_SOQL);
	layout_normalise(l->plan->key->type, values[position_of(l, l->plan->key->name)], &key);
	for (size_t i = 0; i < l->count; i++) {
		struct seen *s = &l->seen[i];

		if (!same_key(l, s->key, buf_slice(&key)))
			continue;
		s->several = s->several || s->id[0];
		l->memory = url_id18(values[0], s->id) && l->memory;
		for (size_t c = 0; c < l->plan->layout.count; c++)
			if (l->field_of[c] >= 0) {
				struct slice value = values[l->field_of[c]];

				s->held[c] = (struct slice){ arena_slice(&l->texts, value), value.len };
				l->memory = l->memory && s->held[c].at;
			}
	}
	buf_release(&key);
	return l->memory;
}

/* What the run writes: a mark for null is no value. */
static struct slice wrote(struct slice cell)
{
	struct slice none = { NULL, 0 };

	return value_null_mark(cell) ? none : cell;
}

static bool add_cells(struct look *l, const struct seen *s, struct old_record *to)
{
	struct old_cell *cells = arena_alloc(&l->texts, l->plan->layout.count * sizeof *cells);

	to->record = s->record;
	to->id = s->several ? "" : s->id;
	to->cells = cells;
	for (size_t c = 0; cells && c < l->plan->layout.count; c++)
		if (l->field_of[c] >= 0 && s->wrote[c].len)
			cells[to->count++] = (struct old_cell){ (int)c, s->held[c], wrote(s->wrote[c]) };
	return cells != NULL;
}

static enum err_code keep(struct look *l)
{
	struct engine *en = l->flight->engine;
	struct old_record *records = calloc(l->count + 1, sizeof *records);
	bool memory = records && l->memory;

	for (size_t i = 0; memory && i < l->count; i++)
		memory = add_cells(l, &l->seen[i], &records[i]);
	if (memory)
		old_values_keep(en->j, en->run.id, records, l->count, &en->error);
	else
		err_memory(&en->error, "old values");
	free(records);
	return en->error.code;
}

static void forget(struct look *l)
{
	l->count = 0;
	arena_clear(&l->texts);
}

static void asked(void *ctx, const struct answer *a)
{
	struct look *l = ctx;
	struct flight *f = l->flight;
	struct engine *en = f->engine;

	f->busy = false;
	engine_heard(en, a);
	if (a->verdict == VERDICT_DONE) {
		f->breaks = 0;
		if (keep(l) != ERR_OK)
			engine_fail(en);
	} else {
		l->upto = l->from;
		f->due = engine_now(en) +
		         retry_pause(++f->breaks, FIRST_PAUSE_MS, MOST_PAUSE_MS, engine_random(en));
		if (a->verdict == VERDICT_REJECTED)
			flight_reject(f, a);
	}
	forget(l);
}

/* ---- the way through a chunk ---- */

static enum err_code ask(struct look *l, struct buf *soql, struct buf *address)
{
	struct engine *en = l->flight->engine;

	buf_add_text(soql, "SELECT ");
	for (size_t i = 0; i < l->field_count; i++)
		buf_addf(soql, "%s%s", i ? "," : "", l->fields[i]);
	buf_addf(soql, " FROM %s WHERE %s IN (", l->plan->object->name, l->plan->key->name);
	url_encode(address, buf_slice(soql));
	if (read_records(l, soql, address) != ERR_OK || l->count == 0)
		return en->error.code;
	buf_add_char(soql, ')');
	l->memory = true;
	l->flight->busy = true;
	heard_asks(en);
	return org_query_start(en->load.org, buf_text(soql), l->fields, l->field_count, found, asked, l,
	                       &en->error);
}

static void ask_next(struct look *l)
{
	struct engine *en = l->flight->engine;
	struct buf soql, address;

	buf_init(&soql, MOST_SOQL);
	buf_init(&address, 4 * MOST_SOQL);
	if (ask(l, &soql, &address) != ERR_OK) {
		l->flight->due = INT64_MAX;
		engine_fail(en);
	}
	buf_release(&soql);
	buf_release(&address);
}

void look_turn(struct flight *f)
{
	struct engine *en = f->engine;

	if (f->busy)
		return;
	if (en->end != END_NONE || (f->look->upto == f->cut.count && !engine_uploading(en))) {
		f->looked = f->look->upto == f->cut.count;
		look_free(f->look);
		f->look = NULL;
		if (f->looked && en->end == END_NONE)
			flight_start(f);
	} else if (f->look->upto < f->cut.count && engine_now(en) >= f->due && heard_may_ask(en)) {
		ask_next(f->look);
	}
}
