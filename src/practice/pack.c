#include "practice/pack.h"

#include <stdlib.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, FAST = 1, MEMORY = 8, ROOM = 64 * 1024 };

struct packed {
	struct stream stream;
	struct stream *inner; /* NULL when it has ended */
	struct buf plain;
	z_stream zip;
	bool ended;
};

/* Compresses what is in `plain`; the output buffer takes it all. */
static bool deflate_all(struct packed *s, int flush, struct buf *to)
{
	int status;

	/* zlib's interface is not const; it does not write to its input */
	s->zip.next_in = (Bytef *)s->plain.at;
	s->zip.avail_in = (uInt)s->plain.len;
	do {
		char *room = buf_reserve(to, ROOM);

		if (!room)
			return false;
		s->zip.next_out = (Bytef *)room;
		s->zip.avail_out = ROOM;
		status = deflate(&s->zip, flush);
		buf_grow(to, ROOM - s->zip.avail_out);
	} while (status == Z_OK && (s->zip.avail_out == 0 || s->zip.avail_in > 0));
	buf_clear(&s->plain);
	return status == Z_OK || status == Z_STREAM_END || status == Z_BUF_ERROR;
}

static bool more(struct stream *stream, struct buf *to)
{
	struct packed *s = (struct packed *)stream;
	size_t begun = to->len;

	while (to->len == begun && !s->ended) {
		bool any = s->plain.len > 0 || (s->inner && s->inner->more(s->inner, &s->plain));

		s->ended = !any;
		if (!deflate_all(s, any ? Z_NO_FLUSH : Z_FINISH, to))
			return false;
	}
	return to->len > begun;
}

static void free_packed(struct stream *stream)
{
	struct packed *s = (struct packed *)stream;

	deflateEnd(&s->zip);
	if (s->inner)
		s->inner->free(s->inner);
	buf_release(&s->plain);
	free(s);
}

struct stream *pack_open(struct buf *body, struct stream *inner)
{
	struct packed *s = calloc(1, sizeof *s);

	if (!s)
		return NULL;
	if (deflateInit2(&s->zip, FAST, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY) != Z_OK) {
		free(s);
		return NULL;
	}
	s->stream = (struct stream){ more, free_packed };
	s->inner = inner;
	s->plain = *body;
	buf_init(body, s->plain.ceiling);
	return &s->stream;
}
