#include "ui/console/selection.h"

#include <inttypes.h>
#include <string.h>

void selection_clear(struct selection *selection)
{
	selection->count = 0;
	selection->all = false;
	selection->anchor = 0;
}

bool selection_any(const struct selection *selection)
{
	return selection->all || selection->count > 0;
}

/* The first range that ends at `number` or behind it. */
static size_t place_of(const struct selection *selection, int64_t number)
{
	size_t low = 0, high = selection->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (selection->ranges[middle].last < number)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool selection_has(const struct selection *selection, int64_t number)
{
	size_t at = place_of(selection, number);

	return selection->all || (at < selection->count && selection->ranges[at].first <= number);
}

/* Puts `with` ranges in place of `without` at `at`. */
static bool replace(struct selection *selection, size_t at, size_t without, const struct range *ranges,
                    size_t with)
{
	struct range *to = selection->ranges + at;

	if (selection->count - without + with > SELECTION_RANGES)
		return false;
	memmove(to + with, to + without, (selection->count - at - without) * sizeof *to);
	memcpy(to, ranges, with * sizeof *to);
	selection->count = selection->count - without + with;
	return true;
}

bool selection_add(struct selection *selection, int64_t first, int64_t last)
{
	struct range whole = { first, last };
	size_t at = place_of(selection, first - 1); /* one that ends right before joins */
	size_t end = at;

	while (end < selection->count && selection->ranges[end].first <= last + 1) {
		if (selection->ranges[end].first < whole.first)
			whole.first = selection->ranges[end].first;
		if (selection->ranges[end].last > whole.last)
			whole.last = selection->ranges[end].last;
		end++;
	}
	return replace(selection, at, end - at, &whole, 1);
}

bool selection_toggle(struct selection *selection, int64_t number)
{
	size_t at = place_of(selection, number), kept = 0;
	struct range left[2];
	struct range was;

	if (selection->all) { /* everything but this one is a selection of its own */
		selection->all = false;
		selection->count = 0;
		return (number <= 1 || selection_add(selection, 1, number - 1)) &&
		       selection_add(selection, number + 1, INT64_MAX - 1);
	}
	if (!selection_has(selection, number))
		return selection_add(selection, number, number);
	was = selection->ranges[at];
	if (was.first < number)
		left[kept++] = (struct range){ was.first, number - 1 };
	if (was.last > number)
		left[kept++] = (struct range){ number + 1, was.last };
	return replace(selection, at, 1, left, kept);
}

void selection_text(const struct selection *selection, struct buf *b)
{
	for (size_t i = 0; i < selection->count && !selection->all; i++) {
		const struct range *range = &selection->ranges[i];

		buf_addf(b, "%s%" PRId64, i ? "," : "", range->first);
		if (range->last >= INT64_MAX - 1)
			buf_add_char(b, '-');
		else if (range->last > range->first)
			buf_addf(b, "-%" PRId64, range->last);
	}
}
