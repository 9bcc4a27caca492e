#include "core/source/rows.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum {
	SLOTS = 4 * CSV_MOST_CELLS / 5 * 4, /* 16,000: far more than columns */
	FLUSH_AT = 256 * 1024,
};

static const char two_values[] = "two values of one name";

void rows_init(struct rows *r)
{
	*r = (struct rows){ .scratch = { .fd = -1 } };
	arena_init(&r->names);
	buf_init(&r->values, CSV_MOST_BYTES);
	buf_init(&r->lines, FLUSH_AT + 4 * (size_t)CSV_MOST_BYTES);
}

void rows_release(struct rows *r)
{
	scratch_close(&r->scratch);
	arena_release(&r->names);
	free(r->columns);
	free(r->slots);
	buf_release(&r->values);
	buf_release(&r->lines);
	rows_init(r);
}

enum err_code rows_open(struct rows *r, const char *folder, struct err *e)
{
	r->slots = calloc(SLOTS, sizeof *r->slots);
	return r->slots ? scratch_open(&r->scratch, folder, e) : err_memory(e, "the columns");
}

bool rows_add_column(struct rows *r, struct slice name)
{
	char *copy = arena_slice(&r->names, name);

	if (!copy)
		return false;
	if (r->count == r->room) {
		size_t room = r->room ? r->room * 2 : 64;
		struct rows_column *more = realloc(r->columns, room * sizeof *more);

		if (!more)
			return false;
		r->columns = more;
		r->room = room;
	}
	r->columns[r->count++] = (struct rows_column){ .name = { copy, name.len } };
	return true;
}

/* The slot of a name, taken or free. Names are alike without case. */
static uint16_t *slot_of(struct rows *r, struct slice name)
{
	char folded[ROWS_LONGEST_NAME];
	size_t at;

	for (size_t i = 0; i < name.len; i++)
		folded[i] = (char)tolower((unsigned char)name.at[i]);
	at = hash_of((struct slice){ folded, name.len }, 0) % SLOTS;
	while (r->slots[at] && !slice_equal_fold(r->columns[r->slots[at] - 1].name, name))
		at = (at + 1) % SLOTS;
	return &r->slots[at];
}

static struct rows_column *column_named(struct rows *r, struct slice name, int64_t place)
{
	uint16_t *slot;

	name = slice_trim(name);
	if (r->next < r->count && slice_equal(r->columns[r->next].name, name))
		return &r->columns[r->next++];
	if (name.len == 0 || name.len > ROWS_LONGEST_NAME) {
		rows_fault(r, name.len ? "a name of more than 1,000 bytes" : "a value without a name", place);
		return NULL;
	}
	slot = slot_of(r, name);
	if (!*slot && r->count == CSV_MOST_CELLS) {
		rows_fault(r, "more than 5,000 columns", place);
		return NULL;
	}
	if (!*slot && !rows_add_column(r, name)) {
		r->no_memory = true;
		return NULL;
	}
	if (!*slot)
		*slot = (uint16_t)r->count;
	r->next = *slot;
	return &r->columns[*slot - 1];
}

void rows_begin(struct rows *r, int64_t place)
{
	r->number++;
	r->place = place;
	r->why[0] = '\0';
	r->cells = 0;
	r->next = 0;
	buf_clear(&r->values);
}

void rows_fault(struct rows *r, const char *why, int64_t place)
{
	if (r->why[0])
		return;
	snprintf(r->why, sizeof r->why, "%s", why);
	r->fault_place = place;
}

static void put(struct rows *r, struct rows_column *c, struct slice value, bool null, int64_t place)
{
	size_t position = (size_t)(c - r->columns) + 1;
	bool fits = !r->values.short_of && r->values.len + value.len <= r->values.ceiling;

	if (c->of == r->number) {
		rows_fault(r, two_values, place);
		return;
	}
	c->of = r->number;
	c->null = null;
	c->any |= !null;
	c->cell = r->values.len;
	c->len = value.len;
	buf_add_slice(&r->values, value);
	r->no_memory = r->no_memory || (fits && r->values.short_of);
	if (position > r->cells)
		r->cells = position;
}

void rows_put(struct rows *r, struct slice name, struct slice value, int64_t place)
{
	struct rows_column *c = column_named(r, name, place);

	if (c)
		put(r, c, value, false, place);
}

void rows_put_null(struct rows *r, struct slice name, int64_t place)
{
	struct rows_column *c = column_named(r, name, place);

	if (c)
		put(r, c, (struct slice){ "", 0 }, true, place);
}

void rows_put_at(struct rows *r, size_t column, struct slice value, int64_t place)
{
	put(r, &r->columns[column], value, false, place);
}

static void write_cell(struct rows *r, const struct rows_column *c)
{
	struct slice text = { buf_text(&r->values) + c->cell, c->len };

	buf_add_char(&r->lines, ',');
	if (c->of != r->number)
		return;
	if (c->null)
		buf_add_text(&r->lines, "#N/A");
	else if (slice_is(text, "#N/A"))
		csv_add_quoted(&r->lines, text);
	else
		csv_add_cell(&r->lines, text, ',');
}

/* A reader takes the first cell apart, which may be quoted. */
static void write_fault(struct rows *r)
{
	char text[sizeof r->why + 48];

	snprintf(text, sizeof text, "%lld!%lld!%s", (long long)r->place, (long long)r->fault_place, r->why);
	csv_add_cell(&r->lines, slice_of(text), ',');
}

enum err_code rows_end(struct rows *r, struct err *e)
{
	size_t before = r->lines.len;

	if (r->no_memory)
		return err_memory(e, "a record");
	if (r->values.short_of)
		rows_fault(r, "a record over 16 MB", r->place);
	buf_addf(&r->lines, "%lld", (long long)r->place);
	for (size_t i = 0; i < r->cells && !r->why[0]; i++)
		write_cell(r, &r->columns[i]);
	if (r->lines.len - before >= CSV_MOST_BYTES)
		rows_fault(r, "a record over 16 MB", r->place);
	if (r->why[0]) {
		r->lines.len = before;
		write_fault(r);
	}
	buf_add_char(&r->lines, '\n');
	return r->lines.len < FLUSH_AT ? ERR_OK : rows_flush(r, e);
}

enum err_code rows_flush(struct rows *r, struct err *e)
{
	enum err_code rc = r->lines.short_of ? err_memory(e, "a record")
	                                     : scratch_write(&r->scratch, buf_slice(&r->lines), e);

	buf_clear(&r->lines);
	return rc;
}
