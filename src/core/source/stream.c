#include "core/source/stream.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/source/guess.h"
#include "core/source/unpack.h"
#include "core/source/window.h"

enum { MOST_RATIO = 1000, RATIO_FROM = 64 * 1024 * 1024 };

struct stream {
	struct window window; /* the file as it is */
	size_t used;          /* of the window's bytes */
	enum packing packing;
	struct unpack *unpack; /* NULL: not packed */
	int64_t given;         /* bytes unpacked so far */
	char *head;
	size_t head_len, head_taken;
	bool head_whole;
};

static int64_t place(const struct stream *s)
{
	return s->window.offset + (int64_t)s->used;
}

static enum err_code refuse(const struct stream *s, enum unpack_result why, struct err *e)
{
	const char *kind = dialect_packing_name(s->packing);
	char at[27];

	text_count(place(s), at, sizeof at);
	switch (why) {
	case UNPACK_MEMORY:
		return err_memory(e, "unpacking a file");
	case UNPACK_HUGE:
		return err_set(
			e, ERR_FILE,
			"%s was packed so that unpacking it takes more than 32 MB of memory: pack it again "
			"without --long and --ultra",
			s->window.path);
	default:
		return err_set(e, ERR_FILE, "%s is damaged: its %s data breaks at byte %s; get the file again",
		               s->window.path, kind, at);
	}
}

static enum err_code cut_off(const struct stream *s, struct err *e)
{
	char size[27], given[27];

	return err_set(e, ERR_FILE,
	               "%s is cut off: its %s data does not end at byte %s, where the file does (%s bytes were "
	               "unpacked); get the file again",
	               s->window.path, dialect_packing_name(s->packing),
	               text_count(s->window.size, size, sizeof size),
	               text_count(s->given, given, sizeof given));
}

static bool is_bomb(const struct stream *s)
{
	return s->given > RATIO_FROM && s->given / MOST_RATIO > place(s);
}

static enum err_code pull_packed(struct stream *s, char *to, size_t room, size_t *got, struct err *e)
{
	for (;;) {
		struct slice in = { s->window.bytes + s->used, s->window.len - s->used };
		size_t before = in.len;
		enum unpack_result result = unpack_step(s->unpack, &in, to, room, got);

		s->used += before - in.len;
		if (result != UNPACK_ON)
			return refuse(s, result, e);
		s->given += (int64_t)*got;
		if (is_bomb(s))
			return err_set(
				e, ERR_FILE,
				"%s unpacks to more than 1,000 times its size: this is no file of records",
				s->window.path);
		if (*got > 0)
			return ERR_OK;
		if (in.len > 0)
			continue;
		if (window_is_last(&s->window))
			return unpack_whole(s->unpack) ? window_check(&s->window, e) : cut_off(s, e);
		if (window_more(&s->window, s->used, e) != ERR_OK)
			return e->code;
		s->used = 0;
	}
}

static enum err_code pull(struct stream *s, char *to, size_t room, size_t *got, struct err *e)
{
	*got = 0;
	if (s->unpack)
		return pull_packed(s, to, room, got, e);
	if (s->used == s->window.len && !window_is_last(&s->window)) {
		if (window_more(&s->window, s->used, e) != ERR_OK)
			return e->code;
		s->used = 0;
	}
	*got = s->window.len - s->used < room ? s->window.len - s->used : room;
	if (*got == 0)
		return window_check(&s->window, e);
	memcpy(to, s->window.bytes + s->used, *got);
	s->used += *got;
	return ERR_OK;
}

static enum err_code look_ahead(struct stream *s, struct err *e)
{
	size_t got = 1;

	while (got > 0 && s->head_len < STREAM_HEAD) {
		if (pull(s, s->head + s->head_len, STREAM_HEAD - s->head_len, &got, e) != ERR_OK)
			return e->code;
		s->head_len += got;
	}
	s->head_whole = got == 0;
	return ERR_OK;
}

enum err_code stream_open(struct stream **stream, const char *path, struct err *e)
{
	struct stream *s = calloc(1, sizeof *s);
	enum err_code rc;

	*stream = NULL;
	if (!s || !(s->head = malloc(STREAM_HEAD))) {
		free(s);
		return err_memory(e, "reading a file");
	}
	rc = window_open(&s->window, path, e);
	if (rc == ERR_OK)
		rc = window_more(&s->window, 0, e);
	if (rc == ERR_OK) {
		s->packing = guess_packing((struct slice){ s->window.bytes, s->window.len });
		s->unpack = s->packing ? unpack_new(s->packing) : NULL;
		rc = s->packing && !s->unpack ? err_memory(e, "unpacking a file") : look_ahead(s, e);
	}
	if (rc == ERR_OK)
		*stream = s;
	else
		stream_close(s);
	return rc;
}

void stream_close(struct stream *stream)
{
	if (!stream)
		return;
	unpack_free(stream->unpack);
	window_close(&stream->window);
	free(stream->head);
	free(stream);
}

enum packing stream_packing(const struct stream *stream)
{
	return stream->packing;
}

struct slice stream_head(const struct stream *stream, bool *whole)
{
	*whole = stream->head_whole;
	return (struct slice){ stream->head, stream->head_len };
}

enum err_code stream_read(struct stream *stream, char *to, size_t room, size_t *got, struct err *e)
{
	if (stream->head_taken == stream->head_len)
		return stream->head_whole ? (*got = 0, ERR_OK) : pull(stream, to, room, got, e);
	*got = stream->head_len - stream->head_taken;
	*got = *got < room ? *got : room;
	memcpy(to, stream->head + stream->head_taken, *got);
	stream->head_taken += *got;
	return ERR_OK;
}
