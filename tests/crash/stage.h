/*
 * stage.h - what one worker of the crash test plays on: a folder, a practice org of its own, and the programs under test.
 *
 * Nothing is shared between stages, so several play at the same time. A program that does not end is killed and tells.
 */
#ifndef LONGSHORE_TESTS_CRASH_STAGE_H
#define LONGSHORE_TESTS_CRASH_STAGE_H

#include <stdbool.h>
#include <sys/types.h>

#include <curl/curl.h>
#include <jansson.h>

#include "base/buf.h"
#include "base/paths.h"

#define STAGE_API "/services/data/v62.0"

enum { STAGE_LATE = 1000 }; /* stage_wait(): it did not end by itself */

struct stage {
	char folder[PATH_ROOM];
	char bin[PATH_ROOM]; /* where the programs are, absolute */
	char url[64];        /* of the practice org */
	pid_t org;
	CURL *curl;
	struct buf answer;
	char said[512]; /* what went wrong with the stage itself, "" if nothing did */
};

/* How a program is to be struck (strike.c), or tortured. */
struct strike {
	long at;          /* moment; 0: none */
	const char *from; /* NULL: from its beginning */
	const char *log;  /* name of a file in the folder, or NULL */
	const char *
		fails; /* not killed: the call of this kind with the number `at` fails (tests/torture/fail.c); NULL: none */
};

/* Starts the org, with the describes of a folder if it is not NULL. False with `said`; stage_close() is needed all the same. */
bool stage_open(struct stage *s, const char *root, const char *bin, int number, const char *describes);
void stage_close(struct stage *s); /* ends the org; the folder stays */

/* The path of a file in the folder; valid for the next thirty calls. */
const char *stage_path(const struct stage *s, const char *name);

void stage_remove(const char *path); /* with all that is in it */

/* A request to the org; true for a 2xx. Its body is in `answer`. */
bool stage_call(struct stage *s, const char *method, const char *path, const char *type, const char *body);
/* The answer as JSON, owned by the caller; NULL with `said`. */
json_t *stage_get(struct stage *s, const char *path);

/* Starts `longshore WORDS...` (a list that ends with NULL) on the folder's journal and settings, its output in the files
 * "out" and "err". */
pid_t stage_start(struct stage *s, const struct strike *strike, const char *const *words);
/* Its exit status, 128 + the signal that killed it, or STAGE_LATE. */
int stage_wait(struct stage *s, pid_t pid);
int stage_run(struct stage *s, const struct strike *strike, const char *const *words);

/* How many calls of the kind that was to fail the last tortured program made. */
long stage_calls(const struct stage *s);

#endif
