#include "core/plan/column.h"

#include "base/csv.h"
#include "core/plan/plan_check.h"

/* An upsert by Id inserts where the Id is empty; every other key must be there. */
static bool key_must_be(const struct plan *p)
{
	return p->action != ACTION_UPSERT || p->key->type != FIELD_ID;
}

static bool may_insert(const struct plan *p)
{
	return p->action == ACTION_INSERT || p->action == ACTION_UPSERT;
}

/* What is in braces is filled in once, but for the number of the record. */
static bool make_constant(struct column *c)
{
	c->constant = slice_of(c->mapped->constant);
	c->varies = constant_varies(c->constant);
	if (c->varies || !c->mapped->constant)
		return true;
	constant_fill(c->constant, c->facts, 0, &c->built);
	c->constant = buf_slice(&c->built);
	return !c->built.short_of;
}

bool column_init(struct column *c, const struct plan *plan, size_t i, const struct zone *zone,
                 struct convert_notes *notes, struct arena *a)
{
	const struct mapped *m = &plan->mapping->entries[i];
	bool key = plan_check_is_key(plan, m);

	*c = (struct column){ .source = m->column,
		              .mapped = m,
		              .facts = &plan->mapping->facts,
		              .rules = m->rules,
		              .as_is = m->column >= 0 && !m->joined && !m->rules };
	buf_init(&c->built, CSV_MOST_BYTES);
	buf_init(&c->padded, RULES_MOST_PAD);
	if (!make_constant(c) || (c->rules && !rules_table_init(&c->table, c->rules, a)))
		return false;
	c->key = key && key_must_be(plan);
	c->required = may_insert(plan) && field_required(m->field);
	c->lookup = m->far != NULL;
	c->nothing = m->field->type == FIELD_ID || (c->lookup && plan->action == ACTION_INSERT);
	c->lasting = !c->nothing && !m->field->nillable;
	return convert_init(&c->convert, m, key, zone, notes, a);
}

void column_release(struct column *c)
{
	convert_release(&c->convert);
	buf_release(&c->built);
	buf_release(&c->padded);
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
	c->convert.notes->clears = c->convert.notes->clears || !c->nothing;
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

static struct slice fill_constant(struct column *c, const struct record *record)
{
	if (!c->varies)
		return c->constant;
	buf_clear(&c->built);
	constant_fill(c->constant, c->facts, record->number, &c->built);
	return buf_slice(&c->built);
}

/* The cell as it is read by the rules for it; false if it is null. */
static bool read_cell(struct column *c, const struct record *record, struct slice *cell)
{
	if (c->source < 0) {
		*cell = fill_constant(c, record);
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
		return c->convert.run(&c->convert, c->rules->fallback, to, f);
	if (c->rules && c->rules->blank == BLANK_NULL && !c->key && !c->required)
		return convert_null(c, to, f);
	*to = nothing;
	if (c->key)
		return convert_finding(f, RULE_KEY_MISSING, c->convert.name, "the key is empty", nothing);
	if (c->required)
		return convert_finding(f, RULE_REQUIRED, c->convert.name, "required, but empty", nothing);
	return true;
}

static bool convert_odd(struct column *c, struct slice cell, struct slice *to, struct plan_finding *f)
{
	struct slice seen = slice_trim(cell);

	if (value_null_mark(seen))
		return convert_finding(f, RULE_NULL_MARK, c->convert.name, rule_text(RULE_NULL_MARK),
		                       (struct slice){ 0 });
	return seen.len > 0 ? c->convert.run(&c->convert, cell, to, f) : convert_blank(c, to, f);
}

bool column_convert_any(struct column *c, const struct record *record, struct slice *to, struct plan_finding *f)
{
	struct slice cell;

	c->convert.plain = false;
	if (!read_cell(c, record, &cell))
		return convert_null(c, to, f);
	if (c->built.short_of || c->padded.short_of)
		c->convert.notes->short_of = true;
	return column_looks_odd(cell) ? convert_odd(c, cell, to, f) : c->convert.run(&c->convert, cell, to, f);
}
