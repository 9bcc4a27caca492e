#include "core/source/scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { LOOK_EVERY = 64 * 1024 * 1024, LEAVE_FREE = 256 * 1024 * 1024 };

static int make_file(const char *folder)
{
	char path[SCRATCH_PATH + 32];
	int fd;

	snprintf(path, sizeof path, "%s/unpacked-XXXXXX", folder);
	fd = mkostemp(path, O_CLOEXEC); /* mode 0600 */
	if (fd >= 0)
		unlink(path);
	return fd;
}

enum err_code scratch_open(struct scratch *s, const char *folder, struct err *e)
{
	const char *usual = getenv("TMPDIR");

	*s = (struct scratch){ .fd = -1 };
	snprintf(s->folder, sizeof s->folder, "%s", folder ? folder : "");
	if (s->folder[0])
		s->fd = make_file(s->folder);
	if (!s->folder[0] || (s->fd < 0 && errno == ENOENT)) {
		snprintf(s->folder, sizeof s->folder, "%s", usual && usual[0] ? usual : "/tmp");
		s->fd = make_file(s->folder);
	}
	if (s->fd < 0)
		return err_set(e, ERR_FILE, "cannot make a file in %s to unpack into: %s", s->folder,
		               strerror(errno));
	return ERR_OK;
}

void scratch_close(struct scratch *s)
{
	if (s->fd >= 0)
		close(s->fd);
	s->fd = -1;
}

static enum err_code look_at_room(struct scratch *s, struct err *e)
{
	struct statvfs disk;

	s->looked = s->size;
	if (fstatvfs(s->fd, &disk) != 0 || (uint64_t)disk.f_bavail * disk.f_frsize >= LEAVE_FREE)
		return ERR_OK;
	return err_set(
		e, ERR_FILE,
		"%s has no room for what is unpacked: make some, or name a state folder on a larger disk "
		"(--state)",
		s->folder);
}

enum err_code scratch_write(struct scratch *s, struct slice bytes, struct err *e)
{
	if ((s->size == 0 || s->size - s->looked >= LOOK_EVERY) && look_at_room(s, e) != ERR_OK)
		return ERR_FILE;
	while (bytes.len > 0) {
		ssize_t n = write(s->fd, bytes.at, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_FILE, "cannot unpack into %s: %s", s->folder, strerror(errno));
		bytes.at += n;
		bytes.len -= (size_t)n;
		s->size += n;
	}
	return ERR_OK;
}

int scratch_take(struct scratch *s)
{
	int fd = s->fd;

	s->fd = -1;
	return fd;
}
