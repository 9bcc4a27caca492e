/* The content of a source as a whole: its hash, and the copy of what comes by standard input. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"
#include "core/source/source.h"
#include "core/source/window.h"

enum err_code source_digest(const char *path, char hash[HASH_TEXT], int64_t *size, struct err *e)
{
	struct hash_stream *stream = hash_new();
	char whole[PATH_ROOM];
	struct window w = { .fd = -1 };
	enum err_code rc;

	rc = stream ? paths_absolute(path, whole, e) : err_memory(e, "a hash");
	if (rc == ERR_OK)
		rc = window_open(&w, whole, e);
	while (rc == ERR_OK && !window_is_last(&w)) {
		rc = window_more(&w, w.len, e);
		hash_add(stream, w.bytes, w.len);
	}
	if (rc == ERR_OK)
		rc = window_check(&w, e);
	if (rc == ERR_OK) {
		hash_text(stream, hash);
		*size = w.size;
	}
	window_close(&w);
	hash_free(stream);
	return rc;
}

static enum err_code write_all(int to, const char *bytes, size_t len, const char *path, struct err *e)
{
	while (len > 0) {
		ssize_t n = write(to, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_FILE, "cannot keep standard input in %s: %s", path,
			               strerror(errno));
		bytes += n;
		len -= (size_t)n;
	}
	return ERR_OK;
}

static enum err_code copy(int from, int to, const char *path, struct hash_stream *stream, int64_t *size,
                          struct err *e)
{
	char *bytes = malloc(WINDOW_ROOM);
	enum err_code rc = bytes && stream ? ERR_OK : err_memory(e, "standard input");
	ssize_t got = 1;

	*size = 0;
	while (rc == ERR_OK && got != 0) {
		got = read(from, bytes, WINDOW_ROOM);
		if (got < 0 && errno != EINTR)
			rc = err_set(e, ERR_FILE, "cannot read standard input: %s", strerror(errno));
		if (got <= 0)
			continue;
		hash_add(stream, bytes, (size_t)got);
		*size += got;
		rc = write_all(to, bytes, (size_t)got, path, e);
	}
	free(bytes);
	if (rc == ERR_OK && *size == 0)
		rc = err_set(e, ERR_FILE, "standard input is empty: nothing to load");
	return rc;
}

/* Makes the file's content, and then its name, outlast a power cut. */
static enum err_code settle(int fd, const char *from, const char *to, const char *folder, struct err *e)
{
	int folder_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	enum err_code rc = ERR_OK;

	if (folder_fd < 0 || fsync(fd) || rename(from, to) || fsync(folder_fd))
		rc = err_set(e, ERR_FILE, "cannot keep standard input in %s: %s", to, strerror(errno));
	if (folder_fd >= 0)
		close(folder_fd);
	return rc;
}

enum err_code source_spool(int from, const char *folder, char path[4096], struct err *e)
{
	struct hash_stream *stream = hash_new();
	char part[PATH_ROOM], hash[HASH_TEXT];
	enum err_code rc = ERR_OK;
	int64_t size;
	int fd = -1;

	if (snprintf(part, sizeof part, "%s/spool-XXXXXX", folder) >= PATH_ROOM - HASH_TEXT)
		rc = err_set(e, ERR_FILE, "the path of the state folder is too long");
	if (rc == ERR_OK) {
		fd = mkostemp(part, O_CLOEXEC); /* mode 0600 */
		if (fd < 0)
			rc = err_set(e, ERR_FILE, "cannot make a file in %s: %s", folder, strerror(errno));
	}
	if (rc == ERR_OK)
		rc = copy(from, fd, part, stream, &size, e);
	if (rc == ERR_OK) {
		hash_text(stream, hash);
		snprintf(path, PATH_ROOM, "%s/%s.csv", folder, hash);
		rc = settle(fd, part, path, folder, e);
	}
	if (rc != ERR_OK && fd >= 0)
		unlink(part);
	if (fd >= 0)
		close(fd);
	hash_free(stream);
	return rc;
}
