/*
 * paths.h - where things lie: the state folder, the files installed beside the program, folders made private.
 */
#ifndef LONGSHORE_BASE_PATHS_H
#define LONGSHORE_BASE_PATHS_H

#include <stddef.h>

#include "base/err.h"

enum { PATH_ROOM = 4096 };

/* Where journal and spooled sources lie: `asked` (--state), else LONGSHORE_STATE, else $XDG_STATE_HOME/longshore, else
 * ~/.local/state/longshore. */
enum err_code paths_state(const char *asked, char to[PATH_ROOM], struct err *e);

/* Makes the folder (and its parents) with mode 0700, or takes it as it is if it is ours and nobody else may read it.
 * ERR_JOURNAL otherwise, and on a network file system (NFS, SMB): locks and fsync cannot be trusted there. */
enum err_code paths_private_folder(const char *path, struct err *e);

/* Where saved orgs lie: $XDG_CONFIG_HOME/longshore, else ~/.config/longshore. ERR_FILE if there is no home. */
enum err_code paths_config(char to[PATH_ROOM], struct err *e);

/* Makes it private as above, on any file system. */
enum err_code paths_config_folder(const char *path, struct err *e);

/* A file of the program's own: "assets/NAME" of the source tree the program was built in, or share/longshore/NAME of
 * where it is installed; and another program that stands beside this one. ERR_FILE if it is not there. */
enum err_code paths_asset(const char *name, char to[PATH_ROOM], struct err *e);
enum err_code paths_program(const char *name, char to[PATH_ROOM], struct err *e);

/* The absolute path of a file that exists. ERR_FILE with the reason otherwise. */
enum err_code paths_absolute(const char *path, char to[PATH_ROOM], struct err *e);

/* The last part of a path, within it. */
const char *paths_name(const char *path);

#endif
