#include "core/engine/twins.h"

#include <stdlib.h>
#include <string.h>

enum err_code twins_keep(struct journal *j, int64_t run, struct keys *keys, struct err *e)
{
	struct left_out *items = calloc(LEFT_OUT_PAGE, sizeof *items);
	struct plan_twin twin;
	size_t count = 0;
	int64_t record;
	bool more = true;

	if (!items)
		return err_memory(e, "records that are left out");
	keys_begin(keys, e);
	while (e->code == ERR_OK && keys_next(keys, &record, &twin, &more, e) == ERR_OK && more) {
		items[count++] = (struct left_out){ record, twin.other, (int64_t)twin.key };
		if (count == LEFT_OUT_PAGE) {
			left_out_add(j, run, items, count, e);
			count = 0;
		}
	}
	if (e->code == ERR_OK && count > 0)
		left_out_add(j, run, items, count, e);
	free(items);
	return e->code;
}

static bool twin_of(void *ctx, int64_t record, struct plan_twin *twin, struct err *e)
{
	struct twins *t = ctx;
	const struct left_out *found;

	*twin = (struct plan_twin){ .other_kept = t->kept };
	if (left_out_find(t->j, t->run, record, &t->page, &found, e) != ERR_OK || !found)
		return false;
	twin->other = found->other;
	twin->key = (uint64_t)found->key;
	return true;
}

void twins_use(struct twins *t, struct plan *plan, struct journal *j, int64_t run, const char *same_key)
{
	*t = (struct twins){ .j = j, .run = run };
	t->kept = strcmp(same_key, same_key_name(SAME_KEY_FIRST)) == 0 ||
	          strcmp(same_key, same_key_name(SAME_KEY_LAST)) == 0;
	plan_set_twins(plan, twin_of, t);
}
