#include "ui/command/singer_lines.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"

enum { PIECE = 64 * 1024, LOOK_MS = 200 };

void singer_lines_input(struct singer_lines *l, const volatile sig_atomic_t *stop)
{
	*l = (struct singer_lines){ .name = "standard input", .stop = stop };
	buf_init(&l->bytes, CSV_MOST_BYTES + 2 * PIECE);
}

enum err_code singer_lines_open(struct singer_lines *l, const char *path, struct err *e)
{
	singer_lines_input(l, NULL);
	l->name = path;
	return stream_open(&l->stream, path, e);
}

void singer_lines_close(struct singer_lines *l)
{
	stream_close(l->stream);
	buf_release(&l->bytes);
}

static bool told_to_stop(const struct singer_lines *l)
{
	return l->stop && *l->stop;
}

/* Is there something to read? *waited is false when the time is over. */
static enum err_code wait_for_input(const struct singer_lines *l, int wait_ms, bool *there, struct err *e)
{
	struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };

	for (*there = false; !*there;) {
		int turn = wait_ms < 0 || wait_ms > LOOK_MS ? LOOK_MS : wait_ms;
		int n = poll(&input, 1, turn);

		if (told_to_stop(l))
			return err_set(e, ERR_STOPPED,
			               "stopped by a signal: what was read and not sent yet is left");
		if (n < 0 && errno != EINTR)
			return err_set(e, ERR_FILE, "cannot wait for standard input: %s", strerror(errno));
		*there = n > 0;
		if (!*there && wait_ms >= 0 && (wait_ms -= turn) <= 0)
			return ERR_OK;
	}
	return ERR_OK;
}

static enum err_code read_more(struct singer_lines *l, struct err *e)
{
	char *to = buf_reserve(&l->bytes, PIECE);
	size_t got = 0;
	ssize_t n;

	if (!to)
		return err_memory(e, "a line");
	if (l->stream) {
		if (stream_read(l->stream, to, PIECE, &got, e) != ERR_OK)
			return e->code;
	} else {
		n = read(STDIN_FILENO, to, PIECE);
		if (n < 0 && errno == EINTR)
			return ERR_OK;
		if (n < 0)
			return err_set(e, ERR_FILE, "cannot read standard input: %s", strerror(errno));
		got = (size_t)n;
	}
	buf_grow(&l->bytes, got);
	l->ended = got == 0;
	return ERR_OK;
}

/* The line that lies in the buffer, if one does whole. */
static bool find_line(struct singer_lines *l, struct slice *line)
{
	const char *from = l->bytes.at + l->used;
	size_t len = l->bytes.len - l->used;
	const char *at = len > l->searched ? memchr(from + l->searched, '\n', len - l->searched) : NULL;

	l->searched = len;
	if (!at && !(l->ended && len > 0))
		return false;
	l->unended = !at;
	*line = (struct slice){ from, at ? (size_t)(at - from) + 1 : len };
	l->used += line->len;
	l->searched = 0;
	l->number++;
	l->place = l->next;
	l->next += (int64_t)line->len;
	return true;
}

/* A line that is too long becomes one that is no message: its bytes are forgotten as they come. */
static void shorten(struct singer_lines *l)
{
	if (l->bytes.len < CSV_MOST_BYTES)
		return;
	l->next += (int64_t)l->bytes.len - 1;
	l->bytes.len = 1;
	l->searched = 1;
	l->bytes.at[0] = '!';
}

enum err_code singer_lines_next(struct singer_lines *l, int wait_ms, struct slice *line, bool *more,
                                struct err *e)
{
	bool there = true;

	*line = (struct slice){ 0 };
	*more = true;
	while (!l->bytes.at || !find_line(l, line)) {
		if (l->ended) {
			*more = false;
			return ERR_OK;
		}
		buf_drop_front(&l->bytes, l->used);
		l->used = 0;
		shorten(l);
		if (!l->stream && wait_for_input(l, wait_ms, &there, e) != ERR_OK)
			return e->code;
		if (!there)
			return ERR_OK;
		if (read_more(l, e) != ERR_OK)
			return e->code;
	}
	return told_to_stop(l)
	               ? err_set(e, ERR_STOPPED, "stopped by a signal: what was read and not sent yet is left")
	               : ERR_OK;
}
