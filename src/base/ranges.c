#include "base/ranges.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"

enum { SHOWN = 40 };

static bool parts(char c)
{
	return c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* "17", "1-20", "40-" */
static bool read_range(struct slice text, struct range *range)
{
	const char *dash = memchr(text.at, '-', text.len);
	struct slice first = text, last = { 0 };

	if (dash) {
		first.len = (size_t)(dash - text.at);
		last = (struct slice){ dash + 1, text.len - first.len - 1 };
	}
	if (!number_whole(first, &range->first) || range->first < 1)
		return false;
	range->last = dash ? INT64_MAX : range->first;
	return !last.len || (number_whole(last, &range->last) && range->last >= range->first);
}

static int by_first(const void *a, const void *b)
{
	const struct range *x = a, *y = b;

	return (x->first > y->first) - (x->first < y->first);
}

/* In order, and what overlaps or touches is one. */
static void tidy(struct ranges *ranges)
{
	size_t kept = 0;

	if (ranges->count == 0)
		return;
	qsort(ranges->list, ranges->count, sizeof *ranges->list, by_first);
	for (size_t i = 1; i < ranges->count; i++) {
		struct range *last = &ranges->list[kept], next = ranges->list[i];

		if (last->last == INT64_MAX || next.first <= last->last + 1)
			last->last = next.last > last->last ? next.last : last->last;
		else
			ranges->list[++kept] = next;
	}
	ranges->count = kept + 1;
}

/* How many parts a text has at most: one more than it has separators. */
static size_t most_parts(struct slice text)
{
	size_t n = 1;

	for (size_t i = 0; i < text.len; i++)
		n += parts(text.at[i]);
	return n;
}

enum err_code ranges_read(struct ranges *ranges, struct slice text, struct err *e)
{
	size_t at = 0;

	*ranges = (struct ranges){ .list = malloc(most_parts(text) * sizeof *ranges->list) };
	if (!ranges->list)
		return err_memory(e, "a list of records");
	while (at < text.len) {
		size_t from = at;
		struct slice part;

		while (at < text.len && !parts(text.at[at]))
			at++;
		part = (struct slice){ text.at + from, at++ - from };
		if (part.len == 0)
			continue;
		if (!read_range(part, &ranges->list[ranges->count++]))
			return err_set(
				e, ERR_USAGE,
				"\"%.*s\" is no record number and no range of them: write 17, 1-20 or 40-",
				part.len < SHOWN ? (int)part.len : SHOWN, part.at);
	}
	if (ranges->count == 0)
		ranges->list[ranges->count++] = (struct range){ 1, INT64_MAX };
	tidy(ranges);
	return ERR_OK;
}

void ranges_release(struct ranges *ranges)
{
	free(ranges->list);
	*ranges = (struct ranges){ 0 };
}

bool ranges_hold(const struct ranges *ranges, int64_t number)
{
	size_t low = 0, high = ranges->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (number > ranges->list[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	return low < ranges->count && number >= ranges->list[low].first;
}
