#include "core/plan/plan.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/hash.h"
#include "base/text.h"
#include "core/plan/convert.h"
#include "core/plan/keys.h"
#include "core/plan/plan_check.h"
#include "core/plan/value.h"

enum { MOST_FINDINGS = 8, MOST_CHARACTERS = 400000 /* of a record, salesforce-api.md C11 */ };

/* One column of the payload, made ready. */
struct column {
	struct converter convert;
	int source; /* position in the record, or -1 */
	const struct mapped *mapped;
	const struct cell_rules *rules; /* NULL: none for its cells */
	struct rules_table table;
	struct slice constant;
	bool varies;       /* the constant, from record to record */
	struct buf built;  /* of several columns, or a constant's text for one record */
	struct buf padded; /* with zeros in front */
	bool required;     /* a blank is a finding */
	bool key;          /* likewise, with its own words */
	bool nothing;      /* nothing is there to be cleared: null is blank */
	bool lasting;      /* cannot be cleared */
	bool lookup;       /* the key of another record stands for its id */
};

struct own_plan {
	struct plan plan; /* first: what the caller holds */
	struct column *columns;
	struct slice *cells;      /* of the record at hand, converted */
	struct plan_finding *all; /* findings that concern every record */
	size_t all_count;
	plan_bar_of *bars;
	void *bars_ctx;
	struct zone **zones; /* those that the mapping names, each once */
	size_t zone_count;
	struct arena arena;
};

const char *rule_name(enum rule rule)
{
	static const char *const names[] = {
#define X(name, json, text) [RULE_##name] = json,
		RULES(X)
#undef X
	};

	return names[rule];
}

const char *rule_text(enum rule rule)
{
	static const char *const texts[] = {
#define X(name, json, text) [RULE_##name] = text,
		RULES(X)
#undef X
	};

	return texts[rule];
}

/* An upsert by Id inserts where the Id is empty; every other key must be there. */
static bool key_must_be(const struct plan *p)
{
	return p->action != ACTION_UPSERT || p->key->type != FIELD_ID;
}

static bool may_insert(const struct plan *p)
{
	return p->action == ACTION_INSERT || p->action == ACTION_UPSERT;
}

static const struct zone *zone_of(const struct own_plan *own, const struct mapped *m)
{
	for (size_t i = 0; m->rules && m->rules->zone && i < own->zone_count; i++)
		if (strcmp(zone_name(own->zones[i]), m->rules->zone) == 0)
			return own->zones[i];
	return NULL;
}

/* What is in braces is filled in once, but for the number of the record. */
static bool make_constant(struct own_plan *own, struct column *c, const struct mapped *m)
{
	c->constant = slice_of(m->constant);
	c->varies = constant_varies(c->constant);
	if (c->varies || !m->constant)
		return true;
	constant_fill(c->constant, &own->plan.mapping->facts, 0, &c->built);
	c->constant = buf_slice(&c->built);
	return !c->built.short_of;
}

static bool make_column(struct own_plan *own, size_t i)
{
	const struct mapped *m = &own->plan.mapping->entries[i];
	struct column *c = &own->columns[i];
	bool key = plan_check_is_key(&own->plan, m);

	c->source = m->column;
	c->mapped = m;
	c->rules = m->rules;
	buf_init(&c->built, CSV_MOST_BYTES);
	buf_init(&c->padded, RULES_MOST_PAD);
	if (!make_constant(own, c, m) || (c->rules && !rules_table_init(&c->table, c->rules, &own->arena)))
		return false;
	c->key = key && key_must_be(&own->plan);
	c->required = may_insert(&own->plan) && field_required(m->field);
	c->lookup = m->far != NULL;
	c->nothing = m->field->type == FIELD_ID || (c->lookup && own->plan.action == ACTION_INSERT);
	c->lasting = !c->nothing && !m->field->nillable;
	return convert_init(&c->convert, m, key, zone_of(own, m), &own->arena);
}

/* By which column is a result found again? One whose value is unique in the org. */
static int layout_key(const struct plan *p)
{
	for (size_t i = 0; i < p->mapping->count; i++) {
		const struct mapped *m = &p->mapping->entries[i];

		if (p->key && !plan_check_is_key(p, m))
			continue;
		if (!m->far && (m->field->unique || m->field->type == FIELD_ID))
			return (int)i;
	}
	return -1;
}

static bool make_layout(struct own_plan *own)
{
	const struct mapping *m = own->plan.mapping;
	struct layout *l = &own->plan.layout;

	arena_init(&l->arena);
	l->count = m->count;
	l->columns = arena_alloc(&l->arena, m->count * sizeof *l->columns);
	if (!l->columns)
		return false;
	for (size_t i = 0; i < m->count; i++) {
		const struct field *value = m->entries[i].far ? m->entries[i].far : m->entries[i].field;

		l->columns[i].name = arena_text(&l->arena, m->entries[i].name);
		l->columns[i].type = value->type;
		l->columns[i].length = value->length;
		l->columns[i].required = field_required(m->entries[i].field);
		l->columns[i].column = m->entries[i].column;
		l->columns[i].relation = m->entries[i].far != NULL;
		l->columns[i].case_sensitive = value->case_sensitive || value->type == FIELD_ID ||
		                               value->type == FIELD_REFERENCE;
		if (!l->columns[i].name)
			return false;
	}
	l->key = layout_key(&own->plan);
	return true;
}

static bool make(struct own_plan *own)
{
	struct plan *p = &own->plan;
	size_t count = p->mapping->count;

	buf_init(&p->cell, INT_MAX);
	p->layout.key = -1;
	own->columns = arena_alloc(&own->arena, count * sizeof *own->columns);
	own->cells = arena_alloc(&own->arena, count * sizeof *own->cells);
	own->all_count = plan_check_all(p, NULL, 0);
	own->all = arena_alloc(&own->arena, own->all_count * sizeof *own->all);
	if (!own->columns || !own->cells || !own->all || !make_layout(own))
		return false;
	plan_check_all(p, own->all, own->all_count);
	for (size_t i = 0; i < count; i++)
		if (!make_column(own, i))
			return false;
	return true;
}

/* Opens the time zones that the mapping names. */
static enum err_code open_zones(struct own_plan *own, struct err *e)
{
	const struct mapping *m = own->plan.mapping;

	own->zones = arena_alloc(&own->arena, (m->count + 1) * sizeof *own->zones);
	if (!own->zones)
		return err_memory(e, "a plan");
	for (size_t i = 0; i < m->count; i++) {
		const struct cell_rules *rules = m->entries[i].rules;

		if (!rules || !rules->zone || zone_of(own, &m->entries[i]))
			continue;
		own->zones[own->zone_count] = zone_open(rules->zone);
		if (!own->zones[own->zone_count])
			return err_set(e, ERR_USAGE,
			               "there is no time zone \"%s\": name one like Europe/Berlin or UTC",
			               rules->zone);
		own->zone_count++;
	}
	return ERR_OK;
}

enum err_code plan_new(struct plan **plan, const struct plan_request *request, struct err *e)
{
	const struct field *key = NULL;
	enum err_code rc = plan_check_request(request, &key, e);
	struct own_plan *own;

	*plan = NULL;
	if (rc != ERR_OK)
		return rc;
	own = calloc(1, sizeof *own);
	if (!own)
		return err_memory(e, "a plan");
	own->plan.object = request->object;
	own->plan.action = request->action;
	own->plan.key = key;
	own->plan.mapping = request->mapping;
	arena_init(&own->arena);
	if (open_zones(own, e) == ERR_OK && !make(own))
		err_memory(e, "a plan");
	if (e->code == ERR_OK)
		*plan = &own->plan;
	else
		plan_free(&own->plan);
	return e->code;
}

void plan_free(struct plan *plan)
{
	struct own_plan *own = (struct own_plan *)plan;

	if (!own)
		return;
	for (size_t i = 0; own->columns && i < plan->layout.count; i++) { /* the mapping may have grown since */
		convert_release(&own->columns[i].convert);
		buf_release(&own->columns[i].built);
		buf_release(&own->columns[i].padded);
	}
	for (size_t i = 0; i < own->zone_count; i++)
		zone_free(own->zones[i]);
	layout_release(&plan->layout);
	buf_release(&plan->cell);
	arena_release(&own->arena);
	free(own);
}

bool plan_points_within(const struct plan *plan)
{
	const struct mapping *m = plan->mapping;

	for (size_t i = 0; i < m->count; i++)
		if (m->entries[i].far && strcmp(m->entries[i].parent, plan->object->name) == 0)
			return true;
	return false;
}

size_t plan_findings(const struct plan *plan, struct plan_finding *findings, size_t room)
{
	const struct own_plan *own = (const struct own_plan *)plan;

	for (size_t i = 0; i < own->all_count && i < room; i++)
		findings[i] = own->all[i];
	return own->all_count;
}

void plan_header(const struct plan *plan, struct buf *payload)
{
	for (size_t i = 0; i < plan->layout.count; i++) {
		if (i > 0)
			buf_add_char(payload, ',');
		csv_add_cell(payload, slice_of(plan->layout.columns[i].name), ',');
	}
	buf_add_char(payload, '\n');
}

/* Cells that begin with a blank or a '#' need a look: they may be blank, or "#N/A". */
static bool looks_odd(struct slice cell)
{
	unsigned char first = cell.len ? (unsigned char)cell.at[0] : 0;

	return first <= ' ' || first == '#' || first >= 0xc2;
}

static bool no_null(const struct column *c, enum rule rule, const char *words, struct plan_finding *f)
{
	convert_finding(f, rule, c->convert.name, words, (struct slice){ 0 });
	f->hint = HINT_CLEARS;
	return false;
}

/* A cell that clears its field. */
static bool convert_null(struct column *c, struct slice *to, struct plan_finding *f)
{
	static const struct slice nothing = { 0 };

	*to = c->nothing ? nothing : slice_of("#N/A");
	if (c->key)
		return no_null(c, RULE_KEY_MISSING, "the key is null", f);
	if (c->required)
		return no_null(c, RULE_REQUIRED, "required, but null", f);
	if (c->lasting)
		return no_null(c, RULE_REQUIRED, "null, but it cannot be cleared", f);
	return true;
}

/* The texts of several columns that are not blank, with what belongs between them. */
static struct slice join_cells(struct column *c, const struct record *record)
{
	const struct mapped *m = c->mapped;

	buf_clear(&c->built);
	for (size_t i = 0; i < m->joined_count; i++) {
		struct slice part = slice_trim(record->cells[m->joined[i]]);

		if (part.len == 0)
			continue;
		if (c->built.len > 0)
			buf_add_slice(&c->built, m->with);
		buf_add_slice(&c->built, part);
	}
	return buf_slice(&c->built);
}

static struct slice fill_constant(struct column *c, const struct own_plan *own, const struct record *record)
{
	if (!c->varies)
		return c->constant;
	buf_clear(&c->built);
	constant_fill(c->constant, &own->plan.mapping->facts, record->number, &c->built);
	return buf_slice(&c->built);
}

/* The cell as it is read by the rules for it; false if it is null. */
static bool read_cell(struct column *c, const struct own_plan *own, const struct record *record,
                      struct slice *cell)
{
	if (c->source < 0) {
		*cell = fill_constant(c, own, record);
		return true;
	}
	*cell = c->mapped->joined ? join_cells(c, record) : record->cells[c->source];
	if (!c->mapped->joined && source_is_null(*cell))
		return false;
	if (c->rules && !rules_apply(c->rules, &c->table, cell))
		return false;
	if (c->rules && c->rules->pad)
		*cell = rules_pad(c->rules, *cell, &c->padded);
	return true;
}

/* A cell in which there is nothing to see: its default, or it clears the field, or leaves it alone. */
static bool convert_blank(struct column *c, struct slice *to, struct plan_finding *f)
{
	static const struct slice nothing = { 0 };

	if (c->rules && c->rules->fallback.at)
		return convert_cell(&c->convert, c->rules->fallback, to, f);
	if (c->rules && c->rules->blank == BLANK_NULL && !c->key && !c->required)
		return convert_null(c, to, f);
	*to = nothing;
	if (c->key)
		return convert_finding(f, RULE_KEY_MISSING, c->convert.name, "the key is empty", nothing);
	if (c->required)
		return convert_finding(f, RULE_REQUIRED, c->convert.name, "required, but empty", nothing);
	return true;
}

/* The text to send for one column of a record; empty: the field is left alone. */
static bool convert_column(struct own_plan *own, struct column *c, const struct record *record,
                           struct slice *to, struct plan_finding *f)
{
	struct slice cell, seen;

	c->convert.twice = false;
	if (!read_cell(c, own, record, &cell))
		return convert_null(c, to, f);
	if (!looks_odd(cell))
		return convert_cell(&c->convert, cell, to, f);
	seen = slice_trim(cell);
	if (value_null_mark(seen))
		return convert_finding(f, RULE_NULL_MARK, c->convert.name, rule_text(RULE_NULL_MARK),
		                       (struct slice){ 0 });
	return seen.len > 0 ? convert_cell(&c->convert, cell, to, f) : convert_blank(c, to, f);
}

/* Converts all cells of a record. What was found about every record comes last: there is room for eight only. */
static void convert_record(struct own_plan *own, const struct record *record, struct plan_line *line)
{
	struct plan_finding more;
	size_t n = 0;

	for (size_t i = 0; i < own->plan.layout.count; i++)
		if (!convert_column(own, &own->columns[i], record, &own->cells[i],
		                    n < MOST_FINDINGS ? &line->findings[n] : &more))
			n += n < MOST_FINDINGS;
	for (size_t i = 0; i < own->all_count && n < MOST_FINDINGS; i++)
		line->findings[n++] = own->all[i];
	line->finding_count = n;
}

/* Some local time of the record comes twice, and the first was taken. */
static bool has_twice(const struct own_plan *own)
{
	for (size_t i = 0; i < own->plan.layout.count; i++)
		if (own->columns[i].convert.twice && own->cells[i].len)
			return true;
	return false;
}

/* Bulk API does not define what the null mark means in the column of a lookup (salesforce-api.md C10). */
static bool clears_lookup(const struct own_plan *own)
{
	for (size_t i = 0; i < own->plan.layout.count; i++)
		if (own->columns[i].lookup && value_null_mark(own->cells[i]))
			return true;
	return false;
}

static bool too_long(const struct own_plan *own, struct plan_line *line)
{
	size_t bytes = 0, characters = 0;

	for (size_t i = 0; i < own->plan.layout.count; i++)
		bytes += own->cells[i].len;
	if (bytes <= MOST_CHARACTERS)
		return false;
	for (size_t i = 0; i < own->plan.layout.count; i++)
		characters += text_length(own->cells[i]);
	if (characters <= MOST_CHARACTERS)
		return false;
	convert_finding(&line->findings[0], RULE_TOO_LONG, "", "a record of more than 400,000 characters",
	                (struct slice){ 0 });
	line->finding_count = 1;
	return true;
}

static void write_line(const struct own_plan *own, struct buf *payload, struct plan_line *line)
{
	size_t start = payload->len;

	for (size_t i = 0; i < own->plan.layout.count; i++) {
		if (i > 0)
			buf_add_char(payload, ',');
		csv_add_cell(payload, own->cells[i], ',');
	}
	/* a lone empty cell would be an empty line, which is no record */
	if (payload->len == start)
		buf_add_text(payload, "\"\"");
	buf_add_char(payload, '\n');
	line->sent = true;
	line->exact = hash_of((struct slice){ payload->at + start, payload->len - start }, 0);
}

void plan_set_bars(struct plan *plan, plan_bar_of *bars, void *ctx)
{
	struct own_plan *own = (struct own_plan *)plan;

	own->bars = bars;
	own->bars_ctx = ctx;
}

/* Is the record left out for something beyond it? */
static bool is_barred(struct own_plan *own, const struct record *record, struct plan_line *line)
{
	static const struct slice nothing = { 0 };
	struct plan_bar bar = { 0 };
	const char *field = "";
	char why[256];

	if (!own->bars || !own->bars(own->bars_ctx, record->number, &bar, &own->plan.trouble))
		return own->plan.trouble.code != ERR_OK;
	if (!plan_bar_holds(&own->plan, &bar, &field, why, sizeof why))
		return false;
	convert_finding(&line->findings[0], bar.rule, field, why, nothing);
	line->finding_count = 1;
	return true;
}

/* Of a result file only records that failed or were skipped go again. */
static bool read_before(const struct own_plan *own, const struct record *record, struct plan_line *line)
{
	static const char *const states[BEFORE_COUNT] = { NULL, "written", "in_doubt", "pending" };
	int column = own->plan.mapping->state_column;
	struct slice state;

	if (column < 0)
		return true;
	state = slice_trim(record->cells[column]);
	if (slice_is(state, "failed") || slice_is(state, "skipped"))
		return true;
	for (int i = 1; i < BEFORE_COUNT; i++)
		if (slice_is(state, states[i]))
			line->before = (enum before)i;
	if (line->before != BEFORE_NOTHING)
		return false;
	convert_finding(&line->findings[0], RULE_TYPE, "longshore_state",
	                "none of written, failed, skipped, in_doubt and pending", state);
	line->finding_count = 1;
	return false;
}

static void make_line(struct own_plan *own, const struct record *record, struct buf *payload,
                      struct plan_line *line)
{
	if (record->fault) {
		convert_finding(&line->findings[0], RULE_BROKEN, "", record->fault, (struct slice){ 0 });
		line->finding_count = 1;
		return;
	}
	if (record->blank) {
		line->blank = true;
		return;
	}
	if (!read_before(own, record, line))
		return;
	convert_record(own, record, line);
	if (line->finding_count || too_long(own, line) || is_barred(own, record, line))
		return;
	line->clears_lookup = clears_lookup(own);
	line->twice = has_twice(own);
	line->print = layout_fingerprint(&own->plan.layout, own->cells);
	write_line(own, payload, line);
}

static bool ran_short(const struct own_plan *own, const struct buf *payload, const struct plan_line *line)
{
	for (size_t i = 0; i < own->plan.layout.count; i++)
		if (own->columns[i].convert.scratch.short_of || own->columns[i].built.short_of ||
		    own->columns[i].padded.short_of)
			return true;
	return payload->short_of || line->print.short_of;
}

void plan_record(struct plan *plan, const struct record *record, struct buf *payload, struct plan_line *line)
{
	struct own_plan *own = (struct own_plan *)plan;

	line->sent = false;
	line->blank = false;
	line->before = BEFORE_NOTHING;
	line->clears_lookup = false;
	line->twice = false;
	line->print = (struct fingerprint){ 0 };
	line->exact = 0;
	line->finding_count = 0;
	err_init(&plan->trouble);
	make_line(own, record, payload, line);
	if (ran_short(own, payload, line))
		err_memory(&plan->trouble, "a record");
	line->unusable = plan->trouble.code != ERR_OK;
}

enum err_code plan_trouble(const struct plan *plan, struct err *e)
{
	return err_set(e, plan->trouble.code, "%s", plan->trouble.text);
}

const struct slice *plan_cells(const struct plan *plan)
{
	return ((const struct own_plan *)plan)->cells;
}

bool plan_cell(struct plan *plan, const struct record *record, size_t i, struct buf *text,
               struct plan_finding *finding)
{
	struct own_plan *own = (struct own_plan *)plan;
	struct slice to = { 0 };

	if (record->fault)
		return convert_finding(finding, RULE_BROKEN, "", record->fault, (struct slice){ 0 });
	for (size_t k = 0; k < own->all_count; k++)
		if (strcmp(own->all[k].field, plan->layout.columns[i].name) == 0) {
			*finding = own->all[k];
			return false;
		}
	if (!convert_column(own, &own->columns[i], record, &to, finding))
		return false;
	buf_add_slice(text, to);
	return true;
}
