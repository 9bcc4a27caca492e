#include "base/csv.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv_index.h"

/*
 * Two ways lead to a record. Clean text is indexed, many records at once, and its records are read off the index (csv_index.h). All
 * else - what is not clean, longer than a piece of the index, or at the end of the window - is scanned, a record at a time, with 64
 * bytes looked at together: one bit for each byte that could end a cell. Both cut every clean record alike.
 */
enum { BLOCK = CSV_INDEX_BLOCK, LEAST_INDEXED = 1024, COPY_STEP = 16 };

struct scan {
	const char *block;
	const char *end;   /* of what this record may look at */
	uint64_t specials; /* bit n: block[n] is a delimiter, a quote, CR or LF, and was not taken yet */
	char delimiter;
};

static uint64_t specials64(const char *at, char delimiter)
{
	struct csv_masks m = csv_masks(at, delimiter);

	return m.ends | m.quotes;
}

/* The same where the bytes may end before the block does. No delimiter is NUL. */
static uint64_t specials(const char *at, size_t len, char delimiter)
{
	char whole[BLOCK] = { 0 };

	if (len >= BLOCK)
		return specials64(at, delimiter);
	memcpy(whole, at, len);
	return specials64(whole, delimiter);
}

static void scan_begin(struct scan *s, const char *at, const char *end, char delimiter)
{
	s->block = at;
	s->end = end;
	s->delimiter = delimiter;
	s->specials = specials(at, (size_t)(end - at), delimiter);
}

/* Takes the next special byte; s->end when there is none. */
static inline const char *scan_next(struct scan *s)
{
	const char *found;

	while (s->specials == 0) {
		if (s->end - s->block <= BLOCK)
			return s->end;
		s->block += BLOCK;
		s->specials = specials(s->block, (size_t)(s->end - s->block), s->delimiter);
	}
	found = s->block + __builtin_ctzll(s->specials);
	s->specials &= s->specials - 1;
	return found;
}

/* What the record may look at goes beyond the longest record. */
static bool over(const struct csv *c, const struct scan *s)
{
	return s->end - c->at > CSV_MOST_BYTES;
}

void csv_init(struct csv *c, char delimiter)
{
	*c = (struct csv){ .delimiter = delimiter, .most_cells = CSV_MOST_CELLS };
	buf_init(&c->scratch, CSV_MOST_BYTES);
}

void csv_release(struct csv *c)
{
	free(c->own);
	free(c->index);
	buf_release(&c->scratch);
	csv_init(c, c->delimiter);
}

void csv_window(struct csv *c, const char *bytes, size_t len, bool last)
{
	c->at = bytes ? bytes : "";
	c->end = c->at + len;
	c->last = last;
	c->indexed = NULL;
}

static bool add_cell(struct csv *c, const char *at, size_t len)
{
	if (c->count == c->room) {
		size_t room = c->room ? c->room * 2 : 32;
		struct slice *own = realloc(c->own, room * sizeof *own);

		if (!own)
			return false;
		c->own = own;
		c->room = room;
	}
	c->cells = c->own;
	c->cells[c->count++] = (struct slice){ at, len };
	return true;
}

/* The end of a quoted cell's text: its closing quote, or the end of what may be looked at. */
static const char *closing_quote(struct scan *s, bool *doubled)
{
	for (;;) {
		const char *at = scan_next(s);

		if (at == s->end)
			return at;
		if (*at != '"')
			continue;
		if (at + 1 == s->end || at[1] != '"')
			return at;
		scan_next(s);
		*doubled = true;
	}
}

/* Quotes within a cell that does not begin with one are text: `12" monitor`. To a strict reader they end it. */
static const char *plain_end(struct scan *s, bool strict)
{
	const char *at;

	do
		at = scan_next(s);
	while (at < s->end && *at == '"' && !strict);
	return at;
}

/* Behind the first line break, or NULL if there is none, or if it could be the first half of a CRLF that goes on
 * behind the window. *line_end is where the break begins. */
static const char *behind_line(const struct csv *c, const char *at, const char *end, const char **line_end)
{
	while (at < end && *at != '\n' && *at != '\r')
		at++;
	*line_end = at;
	if (at == end)
		return NULL;
	if (*at == '\n')
		return at + 1;
	if (at + 1 == c->end)
		return c->last ? at + 1 : NULL;
	return at + (at[1] == '\n' ? 2 : 1);
}

const char csv_too_many_cells[] = "more than 5,000 cells";

/* The record is CSV_BROKEN: goes on behind its first line. */
static enum csv_result broken(struct csv *c, const struct scan *s, const char *why, const char *why_at)
{
	const char *line_end;
	const char *next = behind_line(c, c->at, s->end, &line_end);

	if (!next && !c->last && !over(c, s))
		return CSV_MORE;
	c->count = 0;
	c->why = why;
	c->why_at = (size_t)(why_at - c->at);
	c->raw = (struct slice){ c->at, (size_t)(line_end - c->at) };
	c->skipping = !next && over(c, s);
	c->at = next ? next : line_end;
	return CSV_BROKEN;
}

/* The record ends nowhere in what may be looked at. `quote` is the opening quote of its last cell, or NULL. */
static enum csv_result endless(struct csv *c, const struct scan *s, const char *cell, bool quoted)
{
	if (over(c, s))
		return broken(c, s,
		              quoted ? "a record over 16 MB: is a quote not closed?" : "a record over 16 MB",
		              cell);
	return c->last ? broken(c, s, "an unclosed quote", cell) : CSV_MORE;
}

/* Decodes the cells that stand with their quotes still around them; no other cell begins with a quote. The text
 * never gets longer, so that one reservation holds all and no slice moves. */
static enum csv_result halve_quotes(struct csv *c)
{
	char *to;

	buf_clear(&c->scratch);
	to = buf_reserve(&c->scratch, c->raw.len);
	if (!to)
		return CSV_MEMORY;
	for (size_t i = 0; i < c->count; i++) {
		const char *from = c->cells[i].at + 1, *end;
		char *cell = to;

		if (c->cells[i].len == 0 || c->cells[i].at[0] != '"')
			continue;
		end = c->cells[i].at + c->cells[i].len - 1;
		while (from < end) {
			const char *quote = memchr(from, '"', (size_t)(end - from));
			size_t len = (size_t)((quote ? quote + 1 : end) - from);

			memcpy(to, from, len);
			to += len;
			from += quote ? len + 1 : len;
		}
		c->cells[i] = (struct slice){ cell, (size_t)(to - cell) };
	}
	return CSV_RECORD;
}

/* The record ends at `stop`: a line break, or the end of all. */
static enum csv_result finish(struct csv *c, const char *stop, bool doubled)
{
	const char *line_end = stop;
	const char *next = stop == c->end ? stop : behind_line(c, stop, c->end, &line_end);

	if (!next)
		return CSV_MORE;
	c->raw = (struct slice){ c->at, (size_t)(stop - c->at) };
	c->blank = stop == c->at;
	c->at = next;
	return doubled ? halve_quotes(c) : CSV_RECORD;
}

static enum csv_result cut(struct csv *c, struct scan *s)
{
	const char *cell = c->at, *stop;
	bool any_doubled = false;

	for (;;) {
		bool quoted = cell < s->end && *cell == '"', doubled = false;
		const char *text = cell;

		if (quoted) {
			const char *close;

			scan_next(s);
			close = closing_quote(s, &doubled);
			if (close == s->end)
				return endless(c, s, cell, true);
			stop = scan_next(s);
			if (stop != close + 1)
				return broken(c, s, "text behind a closing quote", close + 1);
		} else {
			stop = plain_end(s, c->strict);
			if (stop < s->end && *stop == '"')
				return broken(c, s, "a quote within a cell without quotes", stop);
		}
		if (stop == s->end && (!c->last || over(c, s)))
			return endless(c, s, cell, false);
		if (c->count == c->most_cells)
			return broken(c, s, csv_too_many_cells, cell);
		any_doubled |= doubled;
		text += quoted && !doubled;
		if (!add_cell(c, text, (size_t)(stop - text) - (quoted && !doubled)))
			return CSV_MEMORY;
		if (stop == s->end || *stop != s->delimiter)
			return finish(c, stop, any_doubled);
		cell = stop + 1;
	}
}

/* Passes the rest of a line that was too long to look at whole. */
static bool skipped(struct csv *c)
{
	const char *line_end;
	const char *next = behind_line(c, c->at, c->end, &line_end);

	c->at = next ? next : line_end;
	c->skipping = !next && !c->last;
	return !c->skipping;
}

/* Copies bytes of a window that ends at `end`, sixteen at once where it may look and write that far: cells are short. */
static inline char *copy_text(char *to, const char *from, size_t len, const char *end)
{
	if ((size_t)(end - from) < len + COPY_STEP) {
		memcpy(to, from, len);
		return to + len;
	}
	for (size_t at = 0; at < len; at += COPY_STEP)
		memcpy(to + at, from + at, COPY_STEP);
	return to + len;
}

/* The text of a quoted cell that ends at `stop`: its doubled quotes are halved in the scratch buffer, of which *to bytes are taken. */
static struct slice halve_indexed(struct csv *c, const char *from, const char *stop, char **to)
{
	struct csv_index *x = c->index;
	char *text = *to;

	while (x->next_twin < x->twins && x->begin + x->doubled[x->next_twin] < stop) {
		const char *second = x->begin + x->doubled[x->next_twin++];

		*to = copy_text(*to, from, (size_t)(second - from), c->end);
		from = second + 1;
	}
	*to = copy_text(*to, from, (size_t)(stop - from), c->end);
	return (struct slice){ text, (size_t)(*to - text) };
}

/* The same for all cells of the record up to `stop` that have any. */
static void halve_record(struct csv *c, const char *stop)
{
	const struct csv_index *x = c->index;
	char *to = c->scratch.at;

	for (size_t i = 0; x->next_twin < x->twins && x->begin + x->doubled[x->next_twin] < stop; i++) {
		const char *end = c->cells[i].at + c->cells[i].len;

		if (x->begin + x->doubled[x->next_twin] < end)
			c->cells[i] = halve_indexed(c, c->cells[i].at, end, &to);
	}
}

/* Where the next record begins. Of CRLF the index has two ends, unless it ends between them. */
static const char *behind_indexed(struct csv_index *x, const char *stop)
{
	bool two = *stop == '\r' && stop[1] == '\n';

	if (two && x->next < x->count) {
		x->next++;
		x->next_line++;
	}
	return stop + 1 + two;
}

/* The index holds no quotes but those around a cell and doubled ones in it, which make the record longer than its cells. */
static bool is_plain(const struct csv *c)
{
	size_t len = c->count - 1;

	for (size_t i = 0; i < c->count; i++)
		len += c->cells[i].len;
	return len == c->raw.len;
}

/* Reads a record off the index. False, and nothing is taken, where it does not end there, has too many cells, or may end in half a CRLF. */
static bool read_indexed(struct csv *c)
{
	struct csv_index *x = c->index;
	const char *stop;
	size_t last;

	if (x->next_line == x->lines)
		return false;
	last = x->line_ends[x->next_line];
	stop = x->begin + x->ends[last];
	if (last - x->next >= c->most_cells || (*stop == '\r' && stop + 1 == c->end))
		return false;
	c->cells = x->cells + x->next;
	c->count = last - x->next + 1;
	c->raw = (struct slice){ c->at, (size_t)(stop - c->at) };
	c->blank = stop == c->at;
	c->plain = is_plain(c);
	if (x->next_twin < x->twins && x->begin + x->doubled[x->next_twin] < stop)
		halve_record(c, stop);
	x->next = last + 1;
	x->next_line++;
	c->at = c->indexed = behind_indexed(x, stop);
	return true;
}

/* Room for the index, and for all cells that it may lead to. Without memory it goes without, too. */
static bool make_index(struct csv *c)
{
	buf_clear(&c->scratch);
	if (!buf_reserve(&c->scratch, CSV_INDEX_PIECE + COPY_STEP))
		return false;
	if (!c->index)
		c->index = malloc(sizeof *c->index);
	return c->index != NULL;
}

/* The next record by the index, which is made where there is none. False: it has to be scanned. */
static bool next_indexed(struct csv *c)
{
	if (c->indexed == c->at && read_indexed(c))
		return true;
	if (c->end - c->at < LEAST_INDEXED || (c->indexed == c->at && c->index->begin == c->at) ||
	    !make_index(c))
		return false;
	csv_index_fill(c->index, c->at, c->end, c->delimiter);
	c->indexed = c->at;
	return read_indexed(c);
}

enum csv_result csv_next(struct csv *c)
{
	const size_t most = (size_t)CSV_MOST_BYTES + 1;
	struct scan s;

	c->count = 0;
	c->blank = false;
	c->plain = false;
	c->why = NULL;
	if (c->skipping && !skipped(c))
		return CSV_MORE;
	if (c->at == c->end)
		return c->last ? CSV_END : CSV_MORE;
	if (next_indexed(c))
		return CSV_RECORD;
	scan_begin(&s, c->at, (size_t)(c->end - c->at) > most ? c->at + most : c->end, c->delimiter);
	return cut(c, &s);
}

void csv_add_quoted(struct buf *b, struct slice cell)
{
	const char *from = cell.len ? cell.at : "", *end = from + cell.len, *quote;
	size_t quotes = 0;
	char *to;

	for (const char *at = from; at < end && (at = memchr(at, '"', (size_t)(end - at))); at++)
		quotes++;
	to = buf_reserve(b, cell.len + quotes + 2);
	if (!to)
		return;
	*to++ = '"';
	while (quotes-- > 0) {
		quote = memchr(from, '"', (size_t)(end - from));
		memcpy(to, from, (size_t)(quote + 1 - from));
		to += quote + 1 - from;
		*to++ = '"';
		from = quote + 1;
	}
	if (from < end)
		memcpy(to, from, (size_t)(end - from));
	to += end - from;
	*to++ = '"';
	buf_grow(b, (size_t)(to - (b->at + b->len)));
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool wants_quotes(struct slice cell, char delimiter)
{
	struct scan s;

	scan_begin(&s, cell.at, cell.at + cell.len, delimiter);
	return is_blank(cell.at[0]) || is_blank(cell.at[cell.len - 1]) || scan_next(&s) != s.end;
}

void csv_add_cell(struct buf *b, struct slice cell, char delimiter)
{
	if (cell.len == 0)
		return;
	if (wants_quotes(cell, delimiter))
		csv_add_quoted(b, cell);
	else
		buf_add_slice(b, cell);
}
