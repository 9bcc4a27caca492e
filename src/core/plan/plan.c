#include "core/plan/plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/hash.h"
#include "base/text.h"
#include "core/plan/column.h"
#include "core/plan/plan_check.h"
#include "core/plan/value.h"

enum { MOST_FINDINGS = 8, MOST_CHARACTERS = 400000 /* of a record, salesforce-api.md C11 */ };

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
	struct convert_notes notes; /* of the record at hand */
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

static const struct zone *zone_of(const struct own_plan *own, const struct mapped *m)
{
	for (size_t i = 0; m->rules && m->rules->zone && i < own->zone_count; i++)
		if (strcmp(zone_name(own->zones[i]), m->rules->zone) == 0)
			return own->zones[i];
	return NULL;
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

	p->layout.key = -1;
	own->columns = arena_alloc(&own->arena, count * sizeof *own->columns);
	own->cells = arena_alloc(&own->arena, count * sizeof *own->cells);
	own->all_count = plan_check_all(p, NULL, 0);
	own->all = arena_alloc(&own->arena, own->all_count * sizeof *own->all);
	if (!own->columns || !own->cells || !own->all || !make_layout(own))
		return false;
	plan_check_all(p, own->all, own->all_count);
	for (size_t i = 0; i < count; i++) {
		if (!column_init(&own->columns[i], p, i, zone_of(own, &p->mapping->entries[i]), &own->notes,
		                 &own->arena))
			return false;
	}
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
	for (size_t i = 0; own->columns && i < plan->layout.count; i++) /* the mapping may have grown since */
		column_release(&own->columns[i]);
	for (size_t i = 0; i < own->zone_count; i++)
		zone_free(own->zones[i]);
	layout_release(&plan->layout);
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

/* Converts all cells of a record. What was found about every record comes last: there is room for eight only. */
static void convert_record(struct own_plan *own, const struct record *record, struct plan_line *line)
{
	struct plan_finding more, *found = line->findings, *end = found + MOST_FINDINGS;
	struct column *column = own->columns, *last = column + own->plan.layout.count;
	struct slice *cell = own->cells;

	for (; column < last; column++, cell++)
		if (!column_convert(column, record, cell, found < end ? found : &more))
			found += found < end;
	for (size_t i = 0; i < own->all_count && found < end; i++)
		*found++ = own->all[i];
	line->finding_count = (size_t)(found - line->findings);
}

/* Bulk API does not define what the null mark means in the column of a lookup (salesforce-api.md C10). */
static bool clears_lookup(const struct own_plan *own)
{
	for (size_t i = 0; own->notes.clears && i < own->plan.layout.count; i++)
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

/* Can it be sent? Its cells are converted then. */
static bool judge(struct own_plan *own, const struct record *record, struct plan_line *line)
{
	if (record->fault) {
		convert_finding(&line->findings[0], RULE_BROKEN, "", record->fault, (struct slice){ 0 });
		line->finding_count = 1;
		return false;
	}
	if (record->blank) {
		line->blank = true;
		return false;
	}
	if (!read_before(own, record, line))
		return false;
	convert_record(own, record, line);
	if (line->finding_count || too_long(own, line) || is_barred(own, record, line))
		return false;
	line->clears = own->notes.clears;
	line->clears_lookup = clears_lookup(own);
	line->twice = own->notes.twice;
	return true;
}

static void begin_line(struct own_plan *own, struct plan_line *line)
{
	own->notes = (struct convert_notes){ 0 };
	err_init(&own->plan.trouble);
	line->sent = false;
	line->blank = false;
	line->before = BEFORE_NOTHING;
	line->clears = false;
	line->clears_lookup = false;
	line->twice = false;
	line->print = (struct fingerprint){ 0 };
	line->exact = 0;
	line->finding_count = 0;
}

static void end_line(struct own_plan *own, bool short_of, struct plan_line *line)
{
	if (own->notes.short_of || short_of)
		err_memory(&own->plan.trouble, "a record");
	line->unusable = own->plan.trouble.code != ERR_OK;
}

void plan_judge(struct plan *plan, const struct record *record, struct plan_line *line)
{
	struct own_plan *own = (struct own_plan *)plan;

	begin_line(own, line);
	line->sent = judge(own, record, line);
	end_line(own, false, line);
}

void plan_record(struct plan *plan, const struct record *record, struct buf *payload, struct plan_line *line)
{
	struct own_plan *own = (struct own_plan *)plan;

	begin_line(own, line);
	line->sent = judge(own, record, line);
	if (line->sent) {
		line->print = layout_fingerprint(&plan->layout, own->cells);
		write_line(own, payload, line);
	}
	end_line(own, payload->short_of || line->print.short_of, line);
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
	if (!column_convert(&own->columns[i], record, &to, finding))
		return false;
	buf_add_slice(text, to);
	return true;
}
