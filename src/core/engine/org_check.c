#include "core/engine/org_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/engine/cascade.h"
#include "core/engine/held.h"
#include "core/engine/offered.h"
#include "core/engine/parents.h"
#include "core/plan/keys.h"

/* A column's findings: what may be said of its values. */
enum { NOT_THERE, THERE, SEVERAL_THERE, NOT_OFFERED, KINDS };
static const enum rule rules[KINDS] = { RULE_NOT_IN_ORG, RULE_IN_ORG, RULE_SEVERAL, RULE_NOT_OFFERED };

struct asking {
	struct load *load;
	struct org_check *result;
	struct held *held;               /* NULL: records are known by nothing */
	struct cascade *below;           /* of a delete; else NULL */
	uint64_t keys[BUDGET_LOOK_KEYS]; /* hashes of the keys that it holds */
	struct parents *parents;         /* of the columns that are asked about */
	size_t parent_count;
	struct offered offered;
	struct finding *found; /* by column and kind */
	int64_t left_out;      /* the next record that is left out for its key */
	int64_t done;
	org_check_progress *progress;
	void *ctx;
	struct err *e;
};

/* Does the org refuse an insert of a key that is there? */
static bool is_unique_insert(const struct asking *a)
{
	return a->load->action == ACTION_INSERT && a->held->by->unique;
}

/* Has what is not there to fail? */
static bool must_be_there(const struct asking *a)
{
	return a->load->action == ACTION_UPDATE || action_deletes(a->load->action) ||
	       (a->load->action == ACTION_UPSERT && a->held->by->type == FIELD_ID);
}

static bool may_stay(const struct asking *a)
{
	return a->load->action == ACTION_UPDATE || a->load->action == ACTION_UPSERT;
}

/* ---- what was found ---- */

static void count_found(struct finding *f, int64_t record)
{
	if (f->count++ == 0 || record < f->example_record)
		f->example_record = record;
}

static enum err_code bar(struct asking *a, size_t column, int kind, int64_t record, uint64_t hash)
{
	struct sorter_item item = { { (uint64_t)record, column, (uint64_t)kind, hash } };

	count_found(&a->found[column * KINDS + (size_t)kind], record);
	return sorter_add(a->result->bars, &item, a->e);
}

static enum err_code judge(struct asking *a, size_t i)
{
	const struct held_record *r = &a->held->records[i];
	size_t column = (size_t)a->held->key;
	bool there = r->id[0] != '\0';

	a->result->there += there;
	a->result->missing += !there;
	if (!there)
		return must_be_there(a) ? bar(a, column, NOT_THERE, r->record, a->keys[i]) : ERR_OK;
	if (is_unique_insert(a))
		return bar(a, column, THERE, r->record, a->keys[i]);
	if (a->load->action == ACTION_INSERT)
		count_found(&a->found[column * KINDS + THERE], r->record);
	else if (r->several)
		return bar(a, column, SEVERAL_THERE, r->record, a->keys[i]);
	else if (may_stay(a))
		a->result->unchanged += held_unchanged(a->held, i);
	return ERR_OK;
}

/* ---- the questions ---- */

static enum err_code may_ask(struct asking *a)
{
	if (a->progress && !a->progress(a->ctx, a->done, a->load->check.passed))
		return err_set(a->e, ERR_STOPPED, "stopped before anything was sent");
	return ERR_OK;
}

static enum err_code ask_below(struct asking *a)
{
	struct cascade *c = a->below;
	const char *query = cascade_query(c);

	if (in_query_short_of(&c->query))
		return err_memory(a->e, "what the org holds");
	if (query && may_ask(a) == ERR_OK)
		org_query(a->load->org, query, c->fields, c->children.count, cascade_row, c, a->e);
	cascade_begin(c);
	return a->e->code;
}

/* What hangs on those that are there. */
static enum err_code take_below(struct asking *a)
{
	for (size_t i = 0; i < a->held->count; i++) {
		struct slice id = slice_of(a->held->records[i].id);

		if (id.len == 0 || in_query_add(&a->below->query, id))
			continue;
		if (ask_below(a) != ERR_OK)
			return a->e->code;
		in_query_add(&a->below->query, id);
	}
	return ask_below(a);
}

static enum err_code ask_keys(struct asking *a)
{
	struct held *h = a->held;
	const char *query = held_query(h);

	if (query && (may_ask(a) != ERR_OK ||
	              org_query(a->load->org, query, h->fields, h->field_count, held_row, h, a->e) != ERR_OK))
		return a->e->code;
	if (h->short_of)
		return err_memory(a->e, "what the org holds");
	for (size_t i = 0; i < h->count && a->e->code == ERR_OK; i++)
		judge(a, i);
	if (a->e->code == ERR_OK && a->below)
		take_below(a);
	held_begin(h);
	return a->e->code;
}

struct answered {
	struct asking *a;
	size_t column;
};

static bool is_missing(void *ctx, int64_t record, uint64_t hash)
{
	const struct answered *to = ctx;

	return bar(to->a, to->column, NOT_THERE, record, hash) == ERR_OK;
}

static enum err_code ask_parents(struct asking *a, struct parents *p)
{
	const char *query = parents_query(p);
	struct answered to = { a, p->column };

	if (!query)
		return ERR_OK;
	if (may_ask(a) == ERR_OK &&
	    org_query(a->load->org, query, &p->field, 1, parents_row, p, a->e) == ERR_OK &&
	    !parents_answered(p, is_missing, &to) && a->e->code == ERR_OK)
		err_memory(a->e, "what the org holds");
	return a->e->code;
}

/* ---- a record ---- */

static enum err_code take_key(struct asking *a, const struct record *r)
{
	struct held *h = a->held;
	enum held_taken taken = held_take(h, r);

	if (taken == HELD_FULL) {
		if (ask_keys(a) != ERR_OK)
			return a->e->code;
		taken = held_take(h, r);
	}
	if (taken == HELD_NO_MEMORY)
		return err_memory(a->e, "what the org holds");
	if (h->count > 0 && h->records[h->count - 1].record == r->number)
		a->keys[h->count - 1] = keys_hash(a->load->plan, (size_t)h->key);
	return ERR_OK;
}

static enum err_code take_parent(struct asking *a, struct parents *p, int64_t record)
{
	enum parents_said said = parents_take(p, record);

	if (said == PARENTS_FULL) {
		if (ask_parents(a, p) != ERR_OK)
			return a->e->code;
		said = parents_take(p, record);
	}
	if (said == PARENTS_MISSING)
		return bar(a, p->column, NOT_THERE, record, keys_hash(a->load->plan, p->column));
	return ERR_OK;
}

/* Values that go with no record of its type. */
static enum err_code take_offered(struct asking *a, int64_t record)
{
	struct offered *o = &a->offered;
	struct offered_type *type = offered_type(o, record);

	if (type && !type->asked &&
	    (may_ask(a) != ERR_OK || offered_ask(o, type, a->load->org, a->e) != ERR_OK))
		return a->e->code;
	for (size_t i = 0; type && i < o->column_count && a->e->code == ERR_OK; i++)
		if (!offered_has(o, type, o->columns[i]))
			bar(a, o->columns[i], NOT_OFFERED, record, keys_hash(a->load->plan, o->columns[i]));
	return a->e->code;
}

static enum err_code take(struct asking *a, const struct record *r)
{
	a->done++;
	if (a->held && take_key(a, r) != ERR_OK)
		return a->e->code;
	for (size_t i = 0; i < a->parent_count; i++)
		if (take_parent(a, &a->parents[i], r->number) != ERR_OK)
			return a->e->code;
	return take_offered(a, r->number);
}

/* Records whose key another one has are left out already. */
static enum err_code next_left_out(struct asking *a)
{
	struct plan_bar ignored;
	bool more = true;

	if (keys_next(a->load->check.keys, &a->left_out, &ignored, &more, a->e) == ERR_OK && !more)
		a->left_out = INT64_MAX;
	return a->e->code;
}

static enum err_code read_record(struct asking *a, const struct record *r, struct buf *text)
{
	struct plan_line line;

	buf_clear(text);
	plan_record(a->load->plan, r, text, &line);
	if (line.unusable)
		return plan_trouble(a->load->plan, a->e);
	while (a->left_out < r->number)
		if (next_left_out(a) != ERR_OK)
			return a->e->code;
	return line.sent && a->left_out != r->number ? take(a, r) : ERR_OK;
}

static enum err_code read_all(struct asking *a)
{
	struct source *source = a->load->source;
	struct record r;
	struct buf text;
	bool more = true;

	buf_init(&text, INT32_MAX);
	if (source_seek(source, 1, source_shape(source)->first_offset, a->e) == ERR_OK &&
	    keys_begin(a->load->check.keys, a->e) == ERR_OK)
		while (source_next(source, &r, &more, a->e) == ERR_OK && more)
			if (read_record(a, &r, &text) != ERR_OK)
				break;
	buf_release(&text);
	if (a->e->code == ERR_OK && a->held)
		ask_keys(a);
	for (size_t i = 0; i < a->parent_count && a->e->code == ERR_OK; i++)
		ask_parents(a, &a->parents[i]);
	return a->e->code;
}

/* ---- what becomes of the check ---- */

/* "4,980 of 5,000 are in the org already": of an insert whose key is not unique there. */
static bool add_look(struct asking *a, struct finding *f, size_t column)
{
	const struct plan_bar bar = { .rule = f->rule, .other = (int64_t)column };

	plan_bar_say(a->load->plan, &bar, f->message, sizeof f->message);
	return check_add_look(&a->load->check, f);
}

static bool add_found(struct asking *a, size_t column, int kind)
{
	struct finding *f = &a->found[column * KINDS + (size_t)kind];
	const struct plan_bar bar = { .rule = rules[kind], .other = (int64_t)column };

	if (f->count == 0)
		return true;
	f->rule = rules[kind];
	snprintf(f->field, sizeof f->field, "%s", a->load->plan->layout.columns[column].name);
	if (kind == THERE && !is_unique_insert(a))
		return add_look(a, f, column);
	plan_bar_say(a->load->plan, &bar, f->message, sizeof f->message);
	return check_add_finding(&a->load->check, f);
}

static bool add_unchanged(struct asking *a)
{
	struct finding f = { .rule = RULE_UNCHANGED, .count = a->result->unchanged };

	if (f.count == 0 || a->load->options.skip_unchanged)
		return true;
	snprintf(f.message, sizeof f.message, "change nothing: the org has all of it already");
	return check_add_look(&a->load->check, &f);
}

static bool add_below(struct asking *a)
{
	for (size_t i = 0; a->below && i < a->below->children.count; i++) {
		const struct child_relation *kind = cascade_kind(a->below, i);
		struct finding f = { .rule = RULE_CASCADES, .count = a->below->counts[i] };

		if (f.count == 0 || !kind)
			continue;
		f.rule = kind->cascades ? RULE_CASCADES : RULE_RESTRICTS;
		snprintf(f.field, sizeof f.field, "%s", kind->relationship);
		snprintf(f.message, sizeof f.message,
		         kind->cascades ? "records of %s that are deleted with them"
		                        : "records of %s that keep their parent from being deleted",
		         kind->object);
		if (!check_add_look(&a->load->check, &f))
			return false;
	}
	return true;
}

/* Of which the org does not tell what they offer. */
static bool add_untold(struct asking *a)
{
	for (size_t i = 0; a->offered.types && i < a->offered.type_field->record_type_count; i++) {
		const struct offered_type *t = &a->offered.types[i];
		struct finding f = { .rule = RULE_NOT_OFFERED,
			             .count = t->records,
			             .example_record = t->first };

		if (!t->asked || t->told)
			continue;
		snprintf(f.field, sizeof f.field, "%s", a->offered.type_field->name);
		snprintf(f.message, sizeof f.message,
		         "the org does not tell which values of picklists %s offers: not looked at",
		         t->type->name);
		if (!check_add_look(&a->load->check, &f))
			return false;
	}
	return true;
}

/* The refused ones do not pass any more. */
static enum err_code count_refused(struct asking *a)
{
	struct check *check = &a->load->check;
	struct plan_bar ignored;
	int64_t record;
	bool more = true;

	if (org_check_begin(a->result, a->e) != ERR_OK)
		return a->e->code;
	while (org_check_next(a->result, &record, &ignored, &more, a->e) == ERR_OK && more)
		a->result->refused++;
	check->passed -= a->result->refused;
	check->failing += a->result->refused;
	return a->e->code;
}

static enum err_code tell(struct asking *a)
{
	bool memory = true;

	for (size_t c = 0; memory && c < a->load->plan->layout.count; c++)
		for (int kind = 0; memory && kind < KINDS; kind++)
			memory = add_found(a, c, kind);
	if (!memory || !add_unchanged(a) || !add_below(a) || !add_untold(a))
		return err_memory(a->e, "the findings");
	return count_refused(a);
}

/* ---- the whole ---- */

static bool prepare_keys(struct asking *a)
{
	if (!held_key(a->load->plan))
		return true;
	a->held = calloc(1, sizeof *a->held);
	if (!a->held || !held_init(a->held, a->load->plan, NULL, may_stay(a) ? HELD_SENT : HELD_KEYS))
		return false;
	held_begin(a->held);
	return true;
}

/* Which kinds there are is a question of its own. */
static enum err_code prepare_below(struct asking *a)
{
	if (!action_deletes(a->load->action) || load_children(a->load, a->e) != ERR_OK)
		return a->e->code;
	a->below = calloc(1, sizeof *a->below);
	if (!a->below || !cascade_init(a->below, a->load->object, &a->load->children))
		err_memory(a->e, "what the org holds");
	return a->e->code;
}

static bool prepare(struct asking *a)
{
	size_t columns = a->load->plan->layout.count;

	a->found = calloc(columns * KINDS + 1, sizeof *a->found);
	a->parents = calloc(columns + 1, sizeof *a->parents);
	if (!a->found || !a->parents || !prepare_keys(a) || !offered_init(&a->offered, a->load->plan))
		return false;
	for (size_t i = 0; i < columns; i++)
		if (parents_can_be_asked(a->load->plan, i) &&
		    !parents_init(&a->parents[a->parent_count++], a->load->plan, i))
			return false;
	return true;
}

static void release(struct asking *a)
{
	for (size_t i = 0; i < a->parent_count; i++)
		parents_release(&a->parents[i]);
	offered_release(&a->offered);
	if (a->held)
		held_release(a->held);
	if (a->below)
		cascade_release(a->below);
	free(a->below);
	free(a->held);
	free(a->parents);
	free(a->found);
}

int64_t org_check_cost(const struct load *load)
{
	const struct plan *plan = load->plan;
	int64_t once = (load->check.passed + BUDGET_LOOK_KEYS - 1) / BUDGET_LOOK_KEYS;
	int64_t values = budget_look(plan, load->check.passed); /* where fields are compared, too */
	int64_t calls = values ? values : held_key(plan) ? once : 0;

	for (size_t i = 0; i < plan->layout.count; i++)
		calls += parents_can_be_asked(plan, i) ? once : 0;
	calls += offered_cost(plan);
	if (action_deletes(load->action))
		calls += once + 1; /* what hangs on them, and which kinds there are */
	return calls;
}

static enum err_code check_allowance(const struct load *load, struct err *e)
{
	int64_t cost = org_check_cost(load), left, most;
	char needed[27], there[27];

	if (!org_calls_left(load->org, &left, &most) || left - load->options.keep_calls >= cost)
		return ERR_OK;
	left -= load->options.keep_calls;
	return err_set(e, ERR_REFUSED,
	               "asking %s takes up to %s API calls, and %s may be used today: load without asking, or "
	               "tomorrow",
	               org_identity(load->org)->org_name, text_count(cost, needed, sizeof needed),
	               text_count(left > 0 ? left : 0, there, sizeof there));
}

enum err_code org_check_run(struct load *load, org_check_progress *progress, void *ctx, struct err *e)
{
	struct asking a = { .load = load, .progress = progress, .ctx = ctx, .e = e };
	int64_t before = org_calls(load->org);

	if (check_allowance(load, e) != ERR_OK)
		return e->code;
	load->asked = a.result = calloc(1, sizeof *a.result);
	if (!a.result)
		return err_memory(e, "what the org holds");
	if (sorter_new(&a.result->bars, 4, load->spool, e) == ERR_OK) {
		if (!prepare(&a))
			err_memory(e, "what the org holds");
		else if (prepare_below(&a) == ERR_OK && read_all(&a) == ERR_OK)
			tell(&a);
		release(&a);
	}
	a.result->calls = org_calls(load->org) - before;
	return e->code;
}

void org_check_free(struct org_check *check)
{
	if (!check)
		return;
	sorter_free(check->bars);
	free(check);
}

enum err_code org_check_begin(struct org_check *check, struct err *e)
{
	check->given = 0;
	return sorter_begin(check->bars, e);
}

enum err_code org_check_next(struct org_check *check, int64_t *record, struct plan_bar *bar, bool *more,
                             struct err *e)
{
	struct sorter_item item = { { 0 } };

	do {
		if (sorter_next(check->bars, &item, more, e) != ERR_OK || !*more)
			return e->code;
	} while ((int64_t)item.word[0] == check->given);
	*record = check->given = (int64_t)item.word[0];
	*bar = (struct plan_bar){ .rule = rules[item.word[2]],
		                  .other = (int64_t)item.word[1],
		                  .key = item.word[3] };
	return ERR_OK;
}
