/*
 * judge.h - is every record of the source in the org once, and does the journal say so? By the org's audit and rows, by what
 * `show` and `export` tell, and by the journal's own check.
 *
 * Through collections, after a lost answer: what an insert cannot know is in doubt, and the org has it once or not at all;
 * anything else may have been written more than once, by no more attempts than the record tells of.
 */
#ifndef LONGSHORE_TESTS_CRASH_JUDGE_H
#define LONGSHORE_TESTS_CRASH_JUDGE_H

#include "play.h"

struct verdict {
	bool lost_answer; /* given: of a collections request; some of what follows is right only after that */
	int twice, lost, in_doubt; /* records */
	int again;                 /* records that were written once more after a lost answer, and say so */
	char why[512];             /* the first thing that is wrong; "" if nothing is */
};

/* A run that has come to its end; `status` is the exit status of its last command, whose --json lies in the file "out". With
 * `shown` it is asked for again by `show`. */
void judge(struct verdict *v, struct stage *s, const struct play *p, int status, bool shown);

/* Puts a first sentence into v->why. */
void judge_blame(struct verdict *v, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
