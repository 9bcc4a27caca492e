#include "core/source/zip.h"

#include <errno.h>
#include <minizip/unzip.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum {
	MOST_PARTS = 65535,
	ANY_CASE = 2, /* minizip's word for it */
	ENCRYPTED = 1,
	MOST_RATIO = 1000,
	RATIO_FROM = 64 * 1024 * 1024,
};

struct zip {
	int fd;
	int64_t at, size; /* in the file */
	const char *path, *name;
	unzFile archive;
	bool entered;
	int64_t begins; /* in the file: the part's packed bytes */
	int64_t given;  /* bytes unpacked so far */
};

/* ---- the file, as minizip reads it ---- */

static voidpf on_open(voidpf opaque, const void *name, int mode)
{
	(void)name;
	(void)mode;
	return opaque;
}

static uLong on_read(voidpf opaque, voidpf stream, void *to, uLong room)
{
	struct zip *z = opaque;
	uLong got = 0;

	(void)stream;
	while (got < room) {
		ssize_t n = pread(z->fd, (char *)to + got, room - got, z->at);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		got += (uLong)n;
		z->at += n;
	}
	return got;
}

static ZPOS64_T on_tell(voidpf opaque, voidpf stream)
{
	const struct zip *z = opaque;

	(void)stream;
	return (ZPOS64_T)z->at;
}

static long on_seek(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin)
{
	struct zip *z = opaque;
	int64_t from = origin == ZLIB_FILEFUNC_SEEK_END   ? z->size
	               : origin == ZLIB_FILEFUNC_SEEK_CUR ? z->at
	                                                  : 0;

	(void)stream;
	if (offset > INT64_MAX || (int64_t)offset > z->size - from)
		return -1;
	z->at = from + (int64_t)offset;
	return 0;
}

static int on_nothing(voidpf opaque, voidpf stream)
{
	(void)opaque;
	(void)stream;
	return 0;
}

/* ---- the part ---- */

static enum err_code damaged(const struct zip *z, struct err *e)
{
	char given[27];

	return err_set(e, ERR_FILE, "%s is damaged: its part %s breaks at byte %s; get the file again", z->path,
	               z->name, text_count(z->given, given, sizeof given));
}

/* Into the part, if there is one. */
static enum err_code enter(struct zip *z, struct err *e)
{
	unz_file_info64 info;
	unz_global_info64 all;

	if (unzGetGlobalInfo64(z->archive, &all) != UNZ_OK || all.number_entry > MOST_PARTS)
		return err_set(e, ERR_FILE, "%s has more than 65,535 parts: this is no workbook", z->path);
	if (unzLocateFile(z->archive, z->name, ANY_CASE) != UNZ_OK)
		return ERR_OK;
	if (unzGetCurrentFileInfo64(z->archive, &info, NULL, 0, NULL, 0, NULL, 0) != UNZ_OK)
		return damaged(z, e);
	if (info.flag & ENCRYPTED)
		return err_set(e, ERR_FILE, "%s has a password: save it without one", z->path);
	if (unzOpenCurrentFile(z->archive) != UNZ_OK)
		return damaged(z, e);
	z->begins = (int64_t)unzGetCurrentFileZStreamPos64(z->archive);
	z->entered = true;
	return ERR_OK;
}

enum err_code zip_open(struct zip **zip, int fd, const char *path, const char *name, struct err *e)
{
	struct zip *z = calloc(1, sizeof *z);
	zlib_filefunc64_def file = { .zopen64_file = on_open,
		                     .zread_file = on_read,
		                     .ztell64_file = on_tell,
		                     .zseek64_file = on_seek,
		                     .zclose_file = on_nothing,
		                     .zerror_file = on_nothing,
		                     .opaque = z };
	struct stat st;
	enum err_code rc;

	*zip = NULL;
	if (!z)
		return err_memory(e, "unpacking a file");
	*z = (struct zip){ .fd = fd, .path = path, .name = name };
	if (fstat(fd, &st) == 0)
		z->size = st.st_size;
	z->archive = unzOpen2_64(path, &file);
	if (!z->archive)
		rc = err_set(
			e, ERR_FILE,
			"%s is cut off or damaged: the list of its parts, at its end, cannot be read; get the "
			"file again",
			path);
	else
		rc = enter(z, e);
	if (rc == ERR_OK && z->entered)
		*zip = z;
	else
		zip_close(z);
	return rc;
}

void zip_close(struct zip *zip)
{
	if (!zip)
		return;
	if (zip->entered)
		unzCloseCurrentFile(zip->archive);
	if (zip->archive)
		unzClose(zip->archive);
	free(zip);
}

static bool is_bomb(const struct zip *z)
{
	int64_t packed = (int64_t)unzGetCurrentFileZStreamPos64(z->archive) - z->begins;

	return z->given > RATIO_FROM && z->given / MOST_RATIO > packed;
}

static enum err_code end(struct zip *z, struct err *e)
{
	z->entered = false;
	return unzCloseCurrentFile(z->archive) == UNZ_OK ? ERR_OK : damaged(z, e);
}

enum err_code zip_read(struct zip *zip, char *to, size_t room, size_t *got, struct err *e)
{
	int n = zip->entered ? unzReadCurrentFile(zip->archive, to, (unsigned)room) : 0;

	*got = 0;
	if (n < 0)
		return damaged(zip, e);
	if (n == 0)
		return zip->entered ? end(zip, e) : ERR_OK;
	*got = (size_t)n;
	zip->given += n;
	if (is_bomb(zip))
		return err_set(e, ERR_FILE,
		               "%s unpacks to more than 1,000 times its size: this is no file of records",
		               zip->path);
	return ERR_OK;
}
