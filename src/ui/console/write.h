/* write.h - w: what of a run can be written to a file, under which name, and whether one that is there is replaced. */
#ifndef LONGSHORE_CONSOLE_WRITE_H
#define LONGSHORE_CONSOLE_WRITE_H

#include <stdbool.h>
#include <stdint.h>

/* clang-format off */
/* X(name, of `longshore export --which` or NULL, behind the file's name) */
#define WRITES(X)                            \
	X(SUMMARY, NULL, "")                 \
	X(FAILED, "failed", "_failed")       \
	X(IN_DOUBT, "in-doubt", "_in_doubt") \
	X(SKIPPED, "skipped", "_left_out")   \
	X(WRITTEN, "written", "_written")    \
	X(PENDING, "pending", "_to_go")      \
	X(ALL, "all", "_all")                \
	X(LOG, NULL, "_log")
/* clang-format on */

enum write_what {
#define X(name, which, behind) WRITE_##name,
	WRITES(X)
#undef X
		WRITE_COUNT
};

const char *write_which(enum write_what what); /* NULL: it is no export */

struct write_order {
	int64_t run;
	enum write_what what;
	bool replace; /* a file that is there already */
	char path[4096];
	enum write_what offers[WRITE_COUNT]; /* in the order of the question */
};

struct model;
struct run_line;

/* Asks what is to be written of a run, then where. */
void write_ask(struct model *model, const struct run_line *line);
void write_answered(struct model *model, int answer);

/* "It is there already": asks whether to replace it. */
void write_ask_replace(struct model *model);

#endif
