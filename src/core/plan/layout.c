#include "core/plan/layout.h"

#include <limits.h>
#include <stdlib.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/number.h"
#include "base/when.h"
#include "core/plan/value.h"

enum { SMALL = 64, FOLDED = 128, MOST_COLUMNS = 5000 };

void layout_write(const struct layout *layout, struct buf *b)
{
	for (size_t i = 0; i < layout->count; i++) {
		const struct layout_column *c = &layout->columns[i];

		buf_addf(b, "%s\t%s%s%s%s\t%s\t%d\t%d\n", field_type_name(c->type),
		         layout->key == (int)i ? "k" : "", c->relation ? "r" : "", c->case_sensitive ? "c" : "",
		         c->required ? "n" : "", c->name, c->length, c->column);
	}
}

static bool cut_at(struct slice *rest, char c, struct slice *front)
{
	const char *at = rest->len ? memchr(rest->at, c, rest->len) : NULL;

	if (!at)
		return false;
	*front = (struct slice){ rest->at, (size_t)(at - rest->at) };
	*rest = (struct slice){ at + 1, rest->len - front->len - 1 };
	return true;
}

static bool read_flags(struct layout *layout, struct slice flags)
{
	struct layout_column *c = &layout->columns[layout->count];

	for (size_t i = 0; i < flags.len; i++)
		switch (flags.at[i]) {
		case 'k':
			if (layout->key >= 0)
				return false;
			layout->key = (int)layout->count;
			break;
		case 'r':
			c->relation = true;
			break;
		case 'c':
			c->case_sensitive = true;
			break;
		case 'n':
			c->required = true;
			break;
		default:
			return false;
		}
	return true;
}

static bool read_number(struct slice text, int *to)
{
	int64_t value;

	if (!number_whole(text, &value) || value < -1 || value > INT_MAX)
		return false;
	*to = (int)value;
	return true;
}

/* "80\t2": what an older Longshore did not write. */
static bool read_numbers(struct layout_column *c, struct slice text)
{
	struct slice length;

	return cut_at(&text, '\t', &length) && read_number(length, &c->length) && read_number(text, &c->column);
}

static bool read_line(struct layout *layout, struct slice line)
{
	struct layout_column *c = &layout->columns[layout->count];
	struct slice type, flags, name;

	if (!cut_at(&line, '\t', &type) || !cut_at(&line, '\t', &flags) || line.len == 0)
		return false;
	c->type = field_type_of(type);
	c->length = 0;
	c->column = -1;
	if (!cut_at(&line, '\t', &name))
		name = line;
	else if (!read_numbers(c, line))
		return false;
	c->name = arena_slice(&layout->arena, name);
	if (!c->name || !slice_is(type, field_type_name(c->type)) || !read_flags(layout, flags))
		return false;
	layout->count++;
	return true;
}

enum err_code layout_read(struct layout *layout, struct slice text, struct err *e)
{
	size_t lines = 0;
	struct slice line;

	*layout = (struct layout){ .key = -1 };
	arena_init(&layout->arena);
	for (size_t i = 0; i < text.len; i++)
		lines += text.at[i] == '\n';
	if (lines > MOST_COLUMNS)
		return err_set(e, ERR_JOURNAL, "the layout in the journal has %zu columns: it is damaged",
		               lines);
	layout->columns = arena_alloc(&layout->arena, lines * sizeof *layout->columns);
	if (!layout->columns)
		return err_memory(e, "a layout");
	while (cut_at(&text, '\n', &line))
		if (!read_line(layout, line))
			return err_set(e, ERR_JOURNAL, "the layout in the journal is damaged in line %zu",
			               layout->count + 1);
	if (text.len || lines == 0)
		return err_set(e, ERR_JOURNAL, "the layout in the journal is cut off");
	return ERR_OK;
}

void layout_release(struct layout *layout)
{
	arena_release(&layout->arena);
	*layout = (struct layout){ .key = -1 };
}

/* CRLF and CR become LF, in `spill` if there are any. */
static struct slice unix_lines(struct slice s, struct buf *spill)
{
	if (s.len == 0 || !memchr(s.at, '\r', s.len))
		return s;
	buf_clear(spill);
	for (size_t i = 0; i < s.len; i++)
		if (s.at[i] != '\r')
			buf_add_char(spill, s.at[i]);
		else if (i + 1 == s.len || s.at[i + 1] != '\n')
			buf_add_char(spill, '\n');
	return buf_slice(spill);
}

static struct slice normal_time(enum field_type type, struct slice s, char small[SMALL])
{
	int64_t at;

	if (type == FIELD_DATETIME && value_instant_is_canonical(s))
		return s;
	if (type == FIELD_DATETIME && when_instant(s, &at))
		when_salesforce_text(at, small);
	else if (type == FIELD_TIME && when_time(s, &at))
		value_time_text(at, small);
	else
		return s;
	return slice_of(small);
}

/* Lies in the cell, in static text, in small[] or in `spill`; without a spill a text keeps its line ends. What is no value of its type
 * stays as it stands. */
static struct slice normal(enum field_type type, struct slice cell, char small[SMALL], struct buf *spill)
{
	struct slice s = slice_trim(cell);
	bool yes;

	if (s.len == 0 || value_null_mark(s))
		return (struct slice){ 0 };
	switch (type) {
	case FIELD_BOOLEAN:
		return value_boolean(s, &yes) ? slice_of(yes ? "true" : "false") : s;
	case FIELD_DOUBLE:
	case FIELD_INT:
	case FIELD_LONG:
	case FIELD_CURRENCY:
	case FIELD_PERCENT:
		return number_canonical(s, small, SMALL) ? slice_of(small) : s;
	case FIELD_DATETIME:
	case FIELD_TIME:
		return normal_time(type, s, small);
	case FIELD_ID:
	case FIELD_REFERENCE:
		/* the same record: 15 characters, or 18 with three that follow from them */
		return s.len == 18 ? (struct slice){ s.at, 15 } : s;
	default:
		return spill ? unix_lines(s, spill) : s;
	}
}

void layout_normalise(enum field_type type, struct slice cell, struct buf *b)
{
	char small[SMALL];
	struct buf spill;

	buf_init(&spill, cell.len);
	buf_add_slice(b, normal(type, cell, small, &spill));
	b->short_of = b->short_of || spill.short_of;
	buf_release(&spill);
}

/* ASCII letters without case; what the org folds beyond them it echoes as it was sent. In small[], or in `spill`; without memory the
 * text as it is. */
static struct slice folded(struct slice s, char small[FOLDED], struct buf *spill)
{
	char *to = small;

	if (s.len > FOLDED) {
		buf_clear(spill);
		to = buf_reserve(spill, s.len);
		if (!to)
			return s;
	}
	for (size_t i = 0; i < s.len; i++)
		to[i] = (char)(s.at[i] + 32 * (s.at[i] >= 'A' && s.at[i] <= 'Z'));
	return (struct slice){ to, s.len };
}

static uint64_t key_hash(const struct layout_column *c, struct slice s, struct buf *spill)
{
	char small[FOLDED];
	uint64_t h;

	if (s.len == 0)
		return 0;
	h = hash_of(c->case_sensitive ? s : folded(s, small, spill), 0);
	return h ? h : 1;
}

static struct hash_pair key_pair(const struct layout_column *c, struct slice s, uint64_t seed,
                                 struct buf *spill)
{
	char small[FOLDED];
	struct hash_pair h = { 0 };

	if (s.len == 0)
		return h;
	h = hash_pair_of(c->case_sensitive ? s : folded(s, small, spill), seed);
	h.first = h.first ? h.first : 1;
	return h;
}

struct hash_pair layout_key_hash(const struct layout *layout, size_t column, struct slice cell, uint64_t seed)
{
	const struct layout_column *c = &layout->columns[column];
	struct buf spill, fold;
	char small[SMALL];
	struct hash_pair h;

	buf_init(&spill, SIZE_MAX / 2);
	buf_init(&fold, SIZE_MAX / 2);
	h = key_pair(c, normal(c->type, cell, small, &spill), seed, &fold);
	buf_release(&spill);
	buf_release(&fold);
	return h;
}

struct fingerprint layout_fingerprint(const struct layout *layout, const struct slice *cells)
{
	struct fingerprint print = { 0 };
	struct buf spill, fold;
	char small[SMALL];

	buf_init(&spill, SIZE_MAX / 2);
	buf_init(&fold, SIZE_MAX / 2);
	for (size_t i = 0; i < layout->count; i++) {
		const struct layout_column *c = &layout->columns[i];
		struct slice s;

		if (c->relation)
			continue;
		s = normal(c->type, cells[i], small, &spill);
		print.short_of = print.short_of || spill.short_of;
		/* each hash is the next one's seed: ("a", "") and ("", "a") differ */
		print.row = hash_of(s, print.row + 1);
		if ((int)i == layout->key)
			print.key = key_hash(c, s, &fold);
	}
	print.short_of = print.short_of || fold.short_of;
	buf_release(&spill);
	buf_release(&fold);
	return print;
}

/* LF for each of the line ends. */
static char next_char(struct slice s, size_t *at)
{
	char c = s.at[(*at)++];

	if (c != '\r')
		return c;
	*at += *at < s.len && s.at[*at] == '\n';
	return '\n';
}

static char lower(char c)
{
	return (char)(c + 32 * (c >= 'A' && c <= 'Z'));
}

/* In place: want of memory must not look like a change. */
bool layout_same_value(enum field_type type, struct slice a, struct slice b)
{
	bool fold = type == FIELD_EMAIL || type == FIELD_URL || type == FIELD_OTHER;
	char small[2][SMALL];
	struct slice x = normal(type, a, small[0], NULL), y = normal(type, b, small[1], NULL);
	size_t i = 0, k = 0;

	while (i < x.len && k < y.len) {
		char c = next_char(x, &i), d = next_char(y, &k);

		if (fold ? lower(c) != lower(d) : c != d)
			return false;
	}
	return i == x.len && k == y.len;
}
