#include "base/files.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_FOLDERS = 8 };

static bool put(int fd, struct slice text)
{
	while (text.len > 0) {
		ssize_t n = write(fd, text.at, text.len);

		if (n < 0)
			return false;
		text.at += n;
		text.len -= (size_t)n;
	}
	return true;
}

enum err_code files_write(const char *path, struct slice text, enum file_reader reader, struct err *e)
{
	mode_t mode = reader == FILE_OURS ? 0600 : 0666;
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	bool good = fd >= 0 && (reader == FILE_ANYBODYS || fchmod(fd, mode) == 0) && put(fd, text);
	int cause = errno;

	if (fd >= 0 && close(fd) != 0 && good) {
		good = false;
		cause = errno;
	}
	return good ? ERR_OK : err_set(e, ERR_FILE, "cannot write %s: %s", path, strerror(cause));
}

enum err_code files_make_scratch(const char *folder, const char *name, char to[PATH_ROOM], struct err *e)
{
	if (snprintf(to, PATH_ROOM, "%s/%s-XXXXXX", folder, name) >= PATH_ROOM)
		return err_set(e, ERR_FILE, "the path of the folder %.60s… is too long", folder);
	if (!mkdtemp(to))
		return err_set(e, ERR_FILE, "cannot make a folder in %s: %s", folder, strerror(errno));
	return ERR_OK;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *place)
{
	(void)st;
	(void)kind;
	(void)place;
	remove(path);
	return 0;
}

void files_remove_scratch(const char *path)
{
	nftw(path, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
}
