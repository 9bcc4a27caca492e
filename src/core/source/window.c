#include "core/source/window.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum {
	AFTER_JUMP = 8 * 1024
}; /* bytes: records in an order of their own are read one by one, here and there */

enum err_code window_open(struct window *w, const char *path, struct err *e)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a FIFO must not hold us up */

	return window_on(w, fd, path, e);
}

enum err_code window_on(struct window *w, int fd, const char *path, struct err *e)
{
	struct stat st;

	*w = (struct window){ .path = path, .fd = fd };
	if (w->fd < 0 || fstat(w->fd, &st))
		return err_set(e, ERR_FILE, "cannot open %s: %s", path, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(e, ERR_FILE, "%s is a folder; name a file in it", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_FILE, "%s is no regular file; pipe it in and name - as the file", path);
	w->size = st.st_size;
	w->bytes = malloc(WINDOW_ROOM);
	if (!w->bytes)
		return err_memory(e, "reading a file");
	w->room = w->ahead = WINDOW_ROOM;
	posix_fadvise(w->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return ERR_OK;
}

void window_close(struct window *w)
{
	free(w->bytes);
	if (w->fd >= 0)
		close(w->fd);
	*w = (struct window){ .fd = -1 };
}

static enum err_code changed(const struct window *w, int64_t now, struct err *e)
{
	char before[27], after[27];

	return err_set(
		e, ERR_FILE,
		"%s changed while it was read (it had %s bytes, now %s); begin again when it is complete",
		w->path, text_count(w->size, before, sizeof before), text_count(now, after, sizeof after));
}

/* Twice the room for a record that fills it; back to the usual once what is left fits well. */
static enum err_code fit(struct window *w, struct err *e)
{
	size_t room = w->room;
	char *bytes;

	if (w->len == w->room)
		room *= 2;
	else if (w->len <= WINDOW_ROOM / 2)
		room = WINDOW_ROOM;
	if (room == w->room)
		return ERR_OK;
	bytes = realloc(w->bytes, room);
	if (!bytes)
		return err_memory(e, "a long record");
	w->bytes = bytes;
	w->room = room;
	return ERR_OK;
}

enum err_code window_more(struct window *w, size_t used, struct err *e)
{
	enum err_code rc;
	size_t upto;

	w->len -= used;
	w->offset += (int64_t)used;
	memmove(w->bytes, w->bytes + used, w->len);
	rc = fit(w, e);
	upto = w->ahead < w->room - w->len ? w->len + w->ahead : w->room;
	w->ahead = w->ahead < WINDOW_ROOM ? 2 * w->ahead : WINDOW_ROOM;
	while (rc == ERR_OK && w->len < upto && !window_is_last(w)) {
		int64_t at = w->offset + (int64_t)w->len;
		size_t want = upto - w->len;
		ssize_t got;

		if ((int64_t)want > w->size - at)
			want = (size_t)(w->size - at);
		got = pread(w->fd, w->bytes + w->len, want, at);
		if (got < 0 && errno != EINTR)
			rc = err_set(e, ERR_FILE, "cannot read %s: %s", w->path, strerror(errno));
		if (got == 0)
			rc = changed(w, at, e);
		w->len += got > 0 ? (size_t)got : 0;
	}
	return rc;
}

void window_seek(struct window *w, int64_t offset)
{
	w->offset = offset;
	w->len = 0;
	w->ahead = AFTER_JUMP;
}

bool window_is_last(const struct window *w)
{
	return w->offset + (int64_t)w->len >= w->size;
}

enum err_code window_check(const struct window *w, struct err *e)
{
	struct stat st;

	if (fstat(w->fd, &st))
		return err_set(e, ERR_FILE, "cannot look at %s: %s", w->path, strerror(errno));
	return st.st_size == w->size ? ERR_OK : changed(w, st.st_size, e);
}
