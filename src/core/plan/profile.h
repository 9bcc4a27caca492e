/*
 * profile.h - what the cells of a column look like, judged by the first records of a file.
 * It says nothing of the rest of the file; whoever guesses by it says so.
 */
#ifndef LONGSHORE_PLAN_PROFILE_H
#define LONGSHORE_PLAN_PROFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "core/source/source.h"

/* clang-format off */
/* X(name, on the screen) - a cell may be of several kinds */
#define KINDS(X)                          \
	X(ID, "ids")                      \
	X(EMAIL, "e-mail addresses")      \
	X(URL, "links")                   \
	X(INSTANT, "dates with a time")   \
	X(DATE, "dates")                  \
	X(BOOLEAN, "true or false")       \
	X(NUMBER, "numbers")              \
	X(PHONE, "phone numbers")
/* clang-format on */
enum kind {
#define X(name, text) KIND_##name,
	KINDS(X)
#undef X
		KIND_COUNT
};
const char *kind_text(enum kind kind);

enum {
	PROFILE_RECORDS = 200, /* that are looked at */
	PROFILE_VALUES = 24,   /* different texts that are kept of a column */
};

struct profile {
	int64_t filled;         /* cells in which there is something */
	int64_t of[KIND_COUNT]; /* how many of those are of each kind */
	char prefix[4];         /* how all its ids begin; "" if they differ, or there are none */
	struct slice values[PROFILE_VALUES];
	size_t value_count;
	bool more; /* there were more different ones than are kept */
};

/* Looks at one more cell; what is kept of it lies in the arena. False without memory. */
bool profile_add(struct profile *p, struct slice cell, struct arena *a);

/* Are the cells of that kind, all but one in twenty? False if there are none. */
bool profile_is(const struct profile *p, enum kind kind);

/* Profiles of all columns from the source's first records, in the arena; reading begins at the first record, and goes on wherever the
 * caller seeks next. ERR_FILE as source_next(). */
enum err_code profile_read(struct profile **profiles, struct source *source, struct arena *a, struct err *e);

#endif
