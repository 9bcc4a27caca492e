/*
 * err.h - what went wrong, as a code for programs and one sentence for people.
 *
 * The first cause is set once with err_set(); whoever passes it on may put words in front with err_add().
 * The sentence says what happened, to what, and what to do next; it ends without a full stop and holds no secret.
 * Nothing here prints or exits. A code's exit status is the command line's contract.
 */
#ifndef LONGSHORE_BASE_ERR_H
#define LONGSHORE_BASE_ERR_H

#include <stddef.h>

/* X(code, exit status, when) */
/* clang-format off */
#define ERR_CODES(X)                                                                      \
	X(OK, 0, "nothing went wrong")                                                    \
	X(USAGE, 1, "a word of the call, a setting or a name is wrong")                   \
	X(FILE, 1, "a file cannot be read, or is not what it should be")                  \
	X(JOURNAL, 1, "the journal or its folder cannot be used")                         \
	X(HELD, 1, "another engine works on this run")                                    \
	X(LOADED, 1, "this content is in the journal already")                            \
	X(REFUSED, 2, "the org refused us: the same call again would be refused again")   \
	X(FINDINGS, 3, "the check found records that must fail")                          \
	X(UNREACHABLE, 5, "the org could not be reached")                                 \
	X(STOPPED, 5, "stopped before the end; it can go on later")                       \
	X(INTERNAL, 70, "a fault in Longshore itself, or no memory")
/* clang-format on */

enum err_code {
#define X(code, status, when) ERR_##code,
	ERR_CODES(X)
#undef X
};

struct err {
	enum err_code code;
	char text[640];
};

/* Clears it: ERR_OK and an empty sentence. */
void err_init(struct err *e);

/* Sets code and sentence (cut with "…" if too long) unless an earlier cause stands there; returns the code that
 * stands. `e` may be NULL. */
enum err_code err_set(struct err *e, enum err_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "words: " in front of the sentence that stands there; returns its code. */
enum err_code err_add(struct err *e, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ERR_INTERNAL, "no memory for WHAT". */
enum err_code err_memory(struct err *e, const char *what);

/* The exit status of a code, as cli.md lists them. */
int err_exit_status(enum err_code code);

#endif
