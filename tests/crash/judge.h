/*
 * judge.h - is every record of the source in the org once, and does the journal say so? By the org's audit and rows, by what
 * `show` and `export` tell, and by the journal's own check.
 *
 * What an insert through collections cannot know after a lost answer is in doubt, and the org has it once or not at all; any
 * other request whose answer was lost may have been carried out more than once, by no more attempts than the record tells of.
 * What a job that vanished after its close has done, or one whose results do not account for all records, may be in doubt.
 */
#ifndef LONGSHORE_TESTS_CRASH_JUDGE_H
#define LONGSHORE_TESTS_CRASH_JUDGE_H

#include "play.h"

/* X(what may leave a record in doubt, in words) */
/* clang-format off */
#define CAUSES(X)                                    \
	X(NONE, "none of these")                     \
	X(ANSWER, "a lost answer of collections")    \
	X(JOB, "a job that vanished after its close") \
	X(RESULTS, "results that do not account for all records")
/* clang-format on */

enum cause {
#define X(name, words) CAUSE_##name,
	CAUSES(X)
#undef X
		CAUSE_COUNT
};

struct verdict {
	enum cause cause;          /* given: some of what follows is right only after that */
	int may_be_lost;           /* given: requests that may have left and not arrived */
	int twice, lost, in_doubt; /* records */
	int again;                 /* records that were written once more after a lost answer, and say so */
	char why[512];             /* the first thing that is wrong; "" if nothing is */
};

/* A run that has come to its end; `status` is the exit status of its last command, whose --json lies in the file "out". With
 * `shown` it is asked for again by `show`. */
void judge(struct verdict *v, struct stage *s, const struct play *p, int status, bool shown);

/* The same after a load that was undone (judge_undo.c). */
void judge_undo(struct verdict *v, struct stage *s, const struct play *p, int status);

/* Are the calls that the run tells of those that the org has counted? */
void judge_calls(struct verdict *v, struct stage *s, const struct play *p, const json_t *said);

/* What the export of a run says: the records' ids, and in which attempt each is. Gives how many. */
struct judge_attempt {
	char id[19];
	int attempt;
};
int judge_attempts(struct stage *s, long long run, struct judge_attempt to[PLAY_RECORDS]);

/* Is the journal sound? */
void judge_journal(struct verdict *v, struct stage *s);

/* Puts a first sentence into v->why. */
void judge_blame(struct verdict *v, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
