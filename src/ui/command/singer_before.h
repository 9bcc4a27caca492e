/*
 * singer_before.h - what an earlier process with the same settings left: its runs are finished first, and the records that are
 * settled but stand behind the last STATE it gave are known, so that they are left out when the tap sends them again.
 */
#ifndef LONGSHORE_COMMAND_SINGER_BEFORE_H
#define LONGSHORE_COMMAND_SINGER_BEFORE_H

#include "base/hash.h"
#include "ui/command/call.h"
#include "ui/command/singer_seen.h"

struct singer_before {
	struct singer_seen seen; /* their hashes: each is left out once */
};

/* A hash of what tells one use of the target from another: who signs in where, action, key, object. ERR_USAGE as
 * access_read(). */
enum err_code singer_before_settings(const struct call *call, char settings[HASH_TEXT], struct err *e);

/* 0, or the exit status of what stops it, with everything said. singer_before_release() in any case. */
int singer_before_read(struct singer_before *before, const struct call *call, const char *settings);
void singer_before_release(struct singer_before *before);

/* Is the row (without its line break) one of those? It counts once. ERR_FILE. */
enum err_code singer_before_has(struct singer_before *before, struct slice row, bool *has, struct err *e);

#endif
