#include "core/plan/constant.h"

#include <inttypes.h>
#include <string.h>

enum { NO_NUMBER_YET = 999999 };

enum piece { PIECE_RUN, PIECE_FILE, PIECE_DATE, PIECE_USER, PIECE_RECORD, PIECE_BRACE, PIECE_NONE };

static const char *const pieces[] = { "{run}", "{file}", "{date}", "{user}", "{record}", "{{" };

/* What begins with the brace at the front of s. */
static enum piece piece_at(struct slice s)
{
	int i = 0;

	while (i < PIECE_NONE && (s.len < strlen(pieces[i]) || memcmp(s.at, pieces[i], strlen(pieces[i])) != 0))
		i++;
	return (enum piece)i;
}

/* Moves `text` behind the next piece, with what stands before it in *before. False behind the last one. */
static bool next_piece(struct slice *text, struct slice *before, enum piece *piece)
{
	const char *at = text->len ? memchr(text->at, '{', text->len) : NULL;
	size_t len;

	*before = *text;
	if (!at)
		return false;
	before->len = (size_t)(at - text->at);
	*text = (struct slice){ at, text->len - before->len };
	*piece = piece_at(*text);
	len = *piece == PIECE_NONE ? 1 : strlen(pieces[*piece]);
	*text = (struct slice){ text->at + len, text->len - len };
	return true;
}

const char *constant_fault(struct slice text)
{
	struct slice before;
	enum piece piece;

	while (next_piece(&text, &before, &piece))
		if (piece == PIECE_NONE)
			return "a constant knows {run}, {file}, {record}, {date} and {user}; a brace is "
			       "written {{";
	return NULL;
}

bool constant_varies(struct slice text)
{
	struct slice before;
	enum piece piece;

	while (next_piece(&text, &before, &piece))
		if (piece == PIECE_RECORD)
			return true;
	return false;
}

void constant_fill(struct slice text, const struct constant_facts *facts, int64_t record, struct buf *to)
{
	struct slice before;
	enum piece piece;

	while (next_piece(&text, &before, &piece)) {
		buf_add_slice(to, before);
		if (piece == PIECE_RUN)
			buf_addf(to, "%" PRId64, facts->run ? facts->run : NO_NUMBER_YET);
		else if (piece == PIECE_RECORD)
			buf_addf(to, "%" PRId64, record);
		else if (piece == PIECE_FILE)
			buf_add_slice(to, facts->file);
		else if (piece == PIECE_DATE)
			buf_add_slice(to, facts->date);
		else if (piece == PIECE_USER)
			buf_add_slice(to, facts->user);
		else
			buf_add_char(to, '{');
	}
	buf_add_slice(to, text);
}
