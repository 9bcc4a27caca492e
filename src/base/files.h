/*
 * files.h - small files written whole, and folders for what is thrown away.
 *
 * Nothing here follows a symbolic link when it removes. Errors are ERR_FILE with the path and the system's reason.
 */
#ifndef LONGSHORE_BASE_FILES_H
#define LONGSHORE_BASE_FILES_H

#include "base/buf.h"
#include "base/err.h"
#include "base/paths.h"

enum file_reader { FILE_OURS /* mode 0600 */, FILE_ANYBODYS /* what the umask leaves of 0666 */ };

/* Writes a file anew. One of ours that was open to others before is closed to them. */
enum err_code files_write(const char *path, struct slice text, enum file_reader reader, struct err *e);

/* A new folder of mode 0700 within `folder`; its name is `name`, a dash, and six letters. */
enum err_code files_make_scratch(const char *folder, const char *name, char to[PATH_ROOM], struct err *e);

/* The folder and all that is in it, as far as it can be removed. */
void files_remove_scratch(const char *path);

#endif
