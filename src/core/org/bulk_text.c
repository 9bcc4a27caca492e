#include "core/org/bulk_text.h"

#include <string.h>

/* A row has at most 400,000 characters (salesforce-api.md C11): of 4 bytes each, or of quotes, which come doubled. Also keeps
 * a quote that is never closed from being looked at again and again. */
enum { ROW_MOST = 4 * 1024 * 1024 };

void results_init(struct results *r, bulk_row *row, void *ctx)
{
	*r = (struct results){ .row = row, .ctx = ctx };
	csv_init(&r->csv, ',');
	buf_init(&r->carry, ROW_MOST);
	buf_init(&r->header, ROW_MOST);
}

void results_release(struct results *r)
{
	csv_release(&r->csv);
	buf_release(&r->carry);
	buf_release(&r->header);
}

static bool fail(struct results *r, const char *why)
{
	r->trouble = why;
	return false;
}

static bool take_header(struct results *r)
{
	r->in_page = true;
	if (r->columns)
		return slice_equal(buf_slice(&r->header), r->csv.raw) ||
		       fail(r, "their columns change from one page to the next");
	buf_add_slice(&r->header, r->csv.raw);
	if (r->header.short_of)
		return fail(r, "there is no memory for their header");
	r->columns = r->csv.count;
	return r->row(r->ctx, true, r->csv.cells, r->csv.count) || fail(r, "they are not wanted");
}

/* An empty line is no record: every value of a result is quoted (salesforce-api.md C6). */
static bool take_record(struct results *r)
{
	if (r->csv.blank)
		return true;
	if (!r->in_page)
		return take_header(r);
	if (r->csv.count != r->columns)
		return fail(r, "a row has not as many values as the header has columns");
	return r->row(r->ctx, false, r->csv.cells, r->csv.count) || fail(r, "they are not wanted");
}

/* Cuts all whole records out of the window; what is left begins at csv.at. */
static bool take_window(struct results *r, struct slice window, bool last)
{
	csv_window(&r->csv, window.at, window.len, last);
	for (;;) {
		switch (csv_next(&r->csv)) {
		case CSV_RECORD:
			if (!take_record(r))
				return false;
			break;
		case CSV_MORE:
		case CSV_END:
			return true;
		case CSV_BROKEN:
			return fail(r, r->csv.why);
		case CSV_MEMORY:
			return fail(r, "a row is longer than memory allows");
		}
	}
}

bool results_feed(struct results *r, struct slice bytes)
{
	struct slice window = bytes;
	size_t left;

	if (r->trouble)
		return false;
	if (r->carry.len) {
		buf_add_slice(&r->carry, bytes);
		window = buf_slice(&r->carry);
	}
	if (r->carry.short_of)
		return fail(r, "a row is longer than memory allows");
	if (!take_window(r, window, false))
		return false;
	left = (size_t)(r->csv.end - r->csv.at);
	if (r->carry.len)
		buf_drop_front(&r->carry, r->carry.len - left);
	else
		buf_add(&r->carry, r->csv.at, left);
	return !r->carry.short_of || fail(r, "a row is longer than memory allows");
}

bool results_end(struct results *r)
{
	if (r->trouble || !take_window(r, buf_slice(&r->carry), true))
		return false;
	if (!r->in_page)
		return fail(r, "they have no header");
	buf_clear(&r->carry);
	r->in_page = false;
	return true;
}

/* Error texts */

static bool is_upper_word(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!((s.at[i] >= 'A' && s.at[i] <= 'Z') || (s.at[i] >= '0' && s.at[i] <= '9' && i) ||
		      s.at[i] == '_'))
			return false;
	return s.len > 0;
}

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool is_field_name(struct slice s)
{
	if (s.len == 0 || !is_letter(s.at[0]))
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (!is_letter(s.at[i]) && (s.at[i] < '0' || s.at[i] > '9') && s.at[i] != '_' && s.at[i] != '.')
			return false;
	return true;
}

/* "Field1,Field2", or nothing. */
static bool is_field_list(struct slice s)
{
	while (s.len) {
		const char *comma = memchr(s.at, ',', s.len);
		size_t len = comma ? (size_t)(comma - s.at) : s.len;

		if (!is_field_name((struct slice){ s.at, len }) || len + 1 == s.len)
			return false;
		s.at += comma ? len + 1 : len;
		s.len -= comma ? len + 1 : len;
	}
	return true;
}

/* Without the " --" that ends an error; *ended says whether it was there. */
static struct slice without_end(struct slice s, bool *ended)
{
	s = slice_trim(s);
	*ended = s.len >= 2 && memcmp(s.at + s.len - 2, "--", 2) == 0;
	if (*ended)
		s.len -= 2;
	while (*ended && s.len && s.at[s.len - 1] == ' ')
		s.len--;
	return s;
}

void bulk_error_parts(struct slice text, struct slice *code, struct slice *message, struct slice *fields)
{
	const char *first = text.len ? memchr(text.at, ':', text.len) : NULL, *last;
	struct slice rest, tail;
	bool ended;

	*code = *fields = (struct slice){ "", 0 };
	*message = text;
	if (!first || !is_upper_word((struct slice){ text.at, (size_t)(first - text.at) }))
		return;
	*code = (struct slice){ text.at, (size_t)(first - text.at) };
	rest = without_end((struct slice){ first + 1, text.len - code->len - 1 }, &ended);
	last = ended && rest.len ? memrchr(rest.at, ':', rest.len) : NULL;
	*message = rest;
	if (!last)
		return;
	tail = (struct slice){ last + 1, (size_t)(rest.at + rest.len - last - 1) };
	if (!is_field_list(tail))
		return;
	*message = (struct slice){ rest.at, (size_t)(last - rest.at) };
	*fields = tail;
}
