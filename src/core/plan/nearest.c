#include "core/plan/nearest.h"

#include <stdlib.h>

#include "base/text.h"

enum { MOST_LETTERS = 64 }; /* of a text that is compared letter by letter */

/* A text without case, its blanks one each. */
struct letters {
	int32_t at[MOST_LETTERS];
	size_t count;
};

const char *near_text(enum near near)
{
	static const char *const texts[] = {
#define X(name, text) [NEAR_##name] = text,
		NEARS(X)
#undef X
	};

	return texts[near];
}

static bool is_blank(int32_t c)
{
	return c == ' ' || (c >= 9 && c <= 13) || c == 0xa0 || c == 0x3000;
}

/* False if there are too many. */
static bool read_letters(struct letters *l, struct slice text)
{
	bool blank = false;
	size_t len;

	l->count = 0;
	for (text = slice_trim(text); text.len; text.at += len, text.len -= len) {
		int32_t c = text_fold(text_decode(text, &len));

		if (is_blank(c) && blank)
			continue;
		blank = is_blank(c);
		if (l->count == MOST_LETTERS)
			return false;
		l->at[l->count++] = blank ? ' ' : c;
	}
	return true;
}

static bool same_letters(const struct letters *a, const struct letters *b)
{
	for (size_t i = 0; i < a->count && a->count == b->count; i++)
		if (a->at[i] != b->at[i])
			return false;
	return a->count == b->count;
}

/* A value whose letters are those of the text, or whose label's are. */
static const struct picklist_value *with_letters(const struct field *field, struct slice text, bool by_label)
{
	struct letters wanted, l;
	bool few = read_letters(&wanted, text);

	for (size_t i = 0; i < field->value_count; i++) {
		const struct picklist_value *v = &field->values[i];
		struct slice s = slice_of(by_label ? v->label : v->value);

		if (!v->active)
			continue;
		if (slice_equal_fold(s, text) || (few && read_letters(&l, s) && same_letters(&l, &wanted)))
			return v;
	}
	return NULL;
}

const struct picklist_value *nearest_same(const struct field *field, struct slice text)
{
	const struct picklist_value *v = with_letters(field, slice_trim(text), false);

	return v ? v : with_letters(field, slice_trim(text), true);
}

static int least(int a, int b)
{
	return a < b ? a : b;
}

/* How many letters must be changed, added, dropped, or swapped with their neighbour to make b of a. */
static int distance(const struct letters *a, const struct letters *b)
{
	int rows[3][MOST_LETTERS + 1];
	int *before = rows[0], *last = rows[1], *row = rows[2];

	for (size_t k = 0; k <= b->count; k++)
		last[k] = (int)k;
	for (size_t i = 1; i <= a->count; i++) {
		int *spare = before;

		row[0] = (int)i;
		for (size_t k = 1; k <= b->count; k++) {
			row[k] = least(last[k], row[k - 1]) + 1;
			row[k] = least(row[k], last[k - 1] + (a->at[i - 1] != b->at[k - 1]));
			if (i > 1 && k > 1 && a->at[i - 1] == b->at[k - 2] && a->at[i - 2] == b->at[k - 1])
				row[k] = least(row[k], before[k - 2] + 1);
		}
		before = last;
		last = row;
		row = spare;
	}
	return last[b->count];
}

/* How far the text is from this spelling; INT_MAX-like where that is too far. */
static int far_from(const struct letters *wanted, const char *spelling)
{
	struct letters l;
	size_t longer;
	int d;

	if (!read_letters(&l, slice_of(spelling)))
		return MOST_LETTERS;
	longer = l.count > wanted->count ? l.count : wanted->count;
	if (abs((int)l.count - (int)wanted->count) > (int)longer / 3)
		return MOST_LETTERS;
	d = distance(wanted, &l);
	return d <= (int)longer / 3 ? d : MOST_LETTERS;
}

static const struct picklist_value *by_spelling(const struct field *field, const struct letters *wanted)
{
	const struct picklist_value *found = NULL;
	int nearest = MOST_LETTERS;

	for (size_t i = 0; i < field->value_count; i++) {
		const struct picklist_value *v = &field->values[i];
		int d = v->active ? least(far_from(wanted, v->value), far_from(wanted, v->label))
		                  : MOST_LETTERS;

		if (d < nearest)
			found = v;
		else if (d == nearest)
			found = NULL;
		nearest = least(nearest, d);
	}
	return found;
}

const struct picklist_value *nearest_value(const struct field *field, struct slice text, enum near *how)
{
	const struct picklist_value *v = with_letters(field, slice_trim(text), false);
	struct letters wanted;

	*how = NEAR_SAME;
	if (v)
		return v;
	*how = NEAR_LABEL;
	v = with_letters(field, slice_trim(text), true);
	if (v)
		return v;
	v = read_letters(&wanted, text) ? by_spelling(field, &wanted) : NULL;
	*how = v ? NEAR_SPELLING : NEAR_NONE;
	return v;
}
