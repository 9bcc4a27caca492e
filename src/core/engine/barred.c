#include "core/engine/barred.h"

#include <stdlib.h>
#include <string.h>

#include "store/outcomes.h"

/* What the journal says for each of the plan's rules. */
static const struct {
	enum rule rule;
	enum left_out_why why;
} reasons[] = {
	{ RULE_SAME_KEY, LEFT_OUT_SAME_KEY },       { RULE_NOT_IN_ORG, LEFT_OUT_NOT_IN_ORG },
	{ RULE_IN_ORG, LEFT_OUT_IN_ORG },           { RULE_SEVERAL, LEFT_OUT_SEVERAL },
	{ RULE_NOT_OFFERED, LEFT_OUT_NOT_OFFERED },
};
enum { REASONS = sizeof reasons / sizeof reasons[0] };

static enum left_out_why why_of(enum rule rule)
{
	for (size_t i = 0; i < REASONS; i++)
		if (reasons[i].rule == rule)
			return reasons[i].why;
	return LEFT_OUT_SAME_KEY;
}

static enum rule rule_of(int64_t why)
{
	for (size_t i = 0; i < REASONS; i++)
		if (reasons[i].why == why)
			return reasons[i].rule;
	return RULE_SAME_KEY;
}

/* ---- putting them down ---- */

/* One of the two lists, and the record that comes next in it; INT64_MAX behind its end. */
struct list {
	struct keys *keys;
	struct org_check *asked;
	int64_t record;
	struct plan_bar bar;
};

static enum err_code next(struct list *l, struct err *e)
{
	bool more = false;

	if (l->keys)
		keys_next(l->keys, &l->record, &l->bar, &more, e);
	else if (l->asked)
		org_check_next(l->asked, &l->record, &l->bar, &more, e);
	if (!more)
		l->record = INT64_MAX;
	return e->code;
}

struct writing {
	struct journal *j;
	int64_t run;
	struct left_out *items;
	size_t count;
	struct err *e;
};

static enum err_code flush(struct writing *w)
{
	size_t count = w->count;

	w->count = 0;
	return count ? left_out_add(w->j, w->run, w->items, count, w->e) : ERR_OK;
}

static enum err_code add(struct writing *w, const struct list *l)
{
	w->items[w->count++] = (struct left_out){ l->record, l->bar.other, (int64_t)l->bar.key,
		                                  why_of(l->bar.rule) };
	return w->count == LEFT_OUT_PAGE ? flush(w) : ERR_OK;
}

/* Both in the order of the file; no record is in both. */
static enum err_code write_all(struct writing *w, struct list *a, struct list *b)
{
	if (next(a, w->e) != ERR_OK || next(b, w->e) != ERR_OK)
		return w->e->code;
	while (a->record != INT64_MAX || b->record != INT64_MAX) {
		struct list *first = a->record < b->record ? a : b;

		if (add(w, first) != ERR_OK || next(first, w->e) != ERR_OK)
			return w->e->code;
	}
	return flush(w);
}

bool barred_any(const struct keys *keys, const struct org_check *asked)
{
	return keys_left_out(keys) > 0 || (asked && asked->refused > 0);
}

enum err_code barred_keep(struct journal *j, int64_t run, struct keys *keys, struct org_check *asked,
                          struct err *e)
{
	struct list by_key = { .keys = keys }, by_org = { .asked = asked };
	struct writing w = { .j = j, .run = run, .items = calloc(LEFT_OUT_PAGE, sizeof *w.items), .e = e };

	if (!w.items)
		return err_memory(e, "records that are left out");
	if (keys_begin(keys, e) == ERR_OK && (!asked || org_check_begin(asked, e) == ERR_OK))
		write_all(&w, &by_key, &by_org);
	free(w.items);
	return e->code;
}

/* ---- reading them ---- */

/* It has been left out, or sent, once: it is read for another attempt. */
static bool is_tried_again(struct barred *b, int64_t record, struct err *e)
{
	int64_t *done = NULL;
	size_t count = 0;

	outcome_done(b->j, b->run, record, record, &done, &count, e);
	free(done);
	return count > 0;
}

static bool bar_of(void *ctx, int64_t record, struct plan_bar *bar, struct err *e)
{
	struct barred *b = ctx;
	const struct left_out *found;

	if (left_out_find(b->j, b->run, record, &b->page, &found, e) != ERR_OK || !found)
		return false;
	*bar = (struct plan_bar){ .rule = rule_of(found->why),
		                  .key = (uint64_t)found->key,
		                  .other = found->other,
		                  .other_kept = b->kept };
	return bar->rule == RULE_SAME_KEY || !is_tried_again(b, record, e);
}

void barred_use(struct barred *b, struct plan *plan, struct journal *j, int64_t run, const char *same_key)
{
	*b = (struct barred){ .j = j, .run = run };
	b->kept = strcmp(same_key, same_key_name(SAME_KEY_FIRST)) == 0 ||
	          strcmp(same_key, same_key_name(SAME_KEY_LAST)) == 0;
	plan_set_bars(plan, bar_of, b);
}
