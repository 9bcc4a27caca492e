/*
 * zip.h - one part of a zip file, front to back. Memory stays the same however large archive and part are.
 *
 * An archive that is cut off or damaged, has a password or unpacks to more than 1,000 times its size is refused with a sentence.
 * The list of parts stands at the end of the file, so it is read from a descriptor and not from a stream.
 */
#ifndef LONGSHORE_SOURCE_ZIP_H
#define LONGSHORE_SOURCE_ZIP_H

#include "base/buf.h"
#include "base/err.h"

struct zip;

/* Opens the part `name` (in any case) of the archive on `fd`; NULL in *zip if it has none of that name. The descriptor stays the caller's
 * and has to stay open; several may be open on it at once. `path` and `name` are for sentences, and must outlive it.
 * ERR_FILE. zip_close() takes NULL. */
enum err_code zip_open(struct zip **zip, int fd, const char *path, const char *name, struct err *e);
void zip_close(struct zip *zip);

/* The next bytes, *got 0 at the end, where the part's checksum was right. ERR_FILE. */
enum err_code zip_read(struct zip *zip, char *to, size_t room, size_t *got, struct err *e);

#endif
