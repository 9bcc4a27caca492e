#include "core/engine/retry_cut.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool add_list(struct retry_cut *to, const struct cut *from)
{
	struct retry_list *list;

	if (to->count == to->room) {
		size_t room = to->room ? to->room * 2 : 8;
		struct retry_list *bigger = realloc(to->lists, room * sizeof *bigger);

		if (!bigger)
			return false;
		to->lists = bigger;
		to->room = room;
	}
	list = &to->lists[to->count++];
	*list = (struct retry_list){ to->items + to->item_count, from->count, from->bytes };
	for (size_t i = 0; i < from->count; i++)
		to->items[to->item_count++] = (struct chunk_item){ from->prints[i].record,
			                                           from->prints[i].offset };
	return true;
}

static void add_unfit(struct retry_cut *to, const struct cut *from)
{
	const struct outcome *first = from->skipped;

	if (from->skipped_count && (to->unfit == 0 || first->record < to->unfit_first)) {
		to->unfit_first = first->record;
		snprintf(to->unfit_why, sizeof to->unfit_why, "%.80s%s%.160s", first->message->fields,
		         first->message->fields[0] ? ": " : "", first->message->text);
	}
	to->unfit += (int64_t)from->skipped_count;
}

/* What one scan took: a list, what the check refuses, and look-alikes, which are kept for later lists. */
static bool take(struct retry_cut *to, const struct cut *from, struct chunk_item *later, size_t *later_count)
{
	add_unfit(to, from);
	for (size_t i = 0; i < from->deferred_count; i++)
		later[(*later_count)++] = from->deferred[i];
	return from->count == 0 || add_list(to, from);
}

static enum err_code cut_by(struct retry_cut *cut, struct plan *plan, struct source *source,
                            struct chunk_item *items, size_t count, const struct chunker_limits *limits,
                            struct err *e)
{
	enum err_code rc = ERR_OK;
	struct cut scan;

	cut_init(&scan);
	while (count > 0 && rc == ERR_OK) {
		size_t later = 0;

		for (size_t at = 0; at < count && rc == ERR_OK; at += scan.taken) {
			rc = chunker_list(&scan, plan, source, items + at, count - at, limits, e);
			/* written over what was read: there are at most as many */
			if (rc == ERR_OK && !take(cut, &scan, items, &later))
				rc = err_memory(e, "a retry");
		}
		count = later;
	}
	cut_release(&scan);
	return rc;
}

enum err_code retry_cut(struct retry_cut *cut, const struct retry_plans *plans, struct source *source,
                        struct chunk_item *items, size_t count, const struct chunker_limits *limits,
                        struct err *e)
{
	size_t first = 0; /* how many go by the first plan */
	enum err_code rc;

	*cut = (struct retry_cut){ .items = malloc((count + 1) * sizeof *cut->items) };
	if (!cut->items)
		return err_memory(e, "a retry");
	while (first < count && (!plans->deletes_from || items[first].record < plans->deletes_from))
		first++;
	rc = cut_by(cut, plans->plan, source, items, first, limits, e);
	if (rc == ERR_OK && first < count)
		rc = cut_by(cut, plans->deletes, source, items + first, count - first, limits, e);
	return rc;
}

void retry_cut_release(struct retry_cut *cut)
{
	free(cut->lists);
	free(cut->items);
	*cut = (struct retry_cut){ 0 };
}
