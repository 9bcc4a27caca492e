#include "core/source/lines.h"

#include <string.h>

#include "base/csv.h"
#include "core/source/guess.h"

void lines_init(struct lines *l, struct plain *text)
{
	*l = (struct lines){ .text = text, .piece = { "", 0 } };
	buf_init(&l->begun, CSV_MOST_BYTES);
}

void lines_release(struct lines *l)
{
	buf_release(&l->begun);
}

/* More of a line. One that is too long is told as that, but not one for which there is no memory. */
static enum err_code add_piece(struct buf *begun, struct slice piece, struct err *e)
{
	bool fits = !begun->short_of && begun->len + piece.len <= begun->ceiling;

	buf_add_slice(begun, piece);
	return fits && begun->short_of ? err_memory(e, "a line") : ERR_OK;
}

static void drop_front(struct lines *l, size_t len)
{
	l->piece = (struct slice){ l->piece.at + len, l->piece.len - len };
	l->next += (int64_t)len;
}

/* What comes up to a line break is added to what there is of the line, or taken as it is when it is all of it. */
static enum err_code end_line(struct lines *l, struct line *line, size_t len, struct err *e)
{
	line->text = (struct slice){ l->piece.at, len };
	if (l->begun.len > 0 || l->begun.short_of) {
		if (add_piece(&l->begun, line->text, e) != ERR_OK)
			return e->code;
		line->text = buf_slice(&l->begun);
	}
	if (line->at == 0) {
		size_t mark = guess_mark(line->text);

		line->text = (struct slice){ line->text.at + mark, line->text.len - mark };
	}
	if (l->begun.short_of || line->text.len > CSV_MOST_BYTES)
		line->text = (struct slice){ 0 };
	return ERR_OK;
}

/* The text ends, with a line or behind one. */
static enum err_code end_text(struct lines *l, struct line *line, bool *more, struct err *e)
{
	l->ended = true;
	*more = l->next > line->at;
	l->piece = slice_of("");
	return *more ? end_line(l, line, 0, e) : ERR_OK;
}

enum err_code lines_next(struct lines *l, struct line *line, bool *more, struct err *e)
{
	const char *stop;
	size_t len;

	buf_clear(&l->begun);
	*line = (struct line){ .at = l->next };
	*more = false;
	if (l->ended)
		return ERR_OK;
	while (!(stop = memchr(l->piece.at, '\n', l->piece.len))) {
		if (add_piece(&l->begun, l->piece, e) != ERR_OK)
			return e->code;
		drop_front(l, l->piece.len);
		if (plain_next(l->text, &l->piece, e) != ERR_OK)
			return e->code;
		if (l->piece.len == 0)
			return end_text(l, line, more, e);
	}
	*more = true;
	len = (size_t)(stop - l->piece.at);
	if (end_line(l, line, len, e) != ERR_OK)
		return e->code;
	drop_front(l, len + 1);
	return ERR_OK;
}
