/*
 * play.h - the records that a case of the crash test loads, and what the org must hold in the end.
 *
 * 24 accounts in three chunks, each a job or a request. For an insert nothing in them is unique in the org, so that an insert done twice shows: some are
 * byte-identical, within a chunk and across two, and two differ only by a blank. One record is refused by the org where
 * failures are allowed. Updates, upserts and deletes have rows to work on, made through the API beforehand. Where the org is asked
 * for what it holds, some records are left out for it: those of a whole chunk, and some of the others.
 */
#ifndef LONGSHORE_TESTS_CRASH_PLAY_H
#define LONGSHORE_TESTS_CRASH_PLAY_H

#include "core/plan/action.h"
#include "stage.h"

enum { PLAY_RECORDS = 24, PLAY_CHUNK = 8, PLAY_WORDS = 28 };

struct play_record {
	char name[32];
	char phone[32];
	char key[16]; /* Ext__c */
	char id[19];  /* of the row that was there before, or "" */
	bool fails;
	bool left_out; /* for what the org holds: it is not sent */
};

enum { PLAY_REFUSED = 11 }; /* place of the record that the org refuses */

/* X(what the org is asked for of an update or upsert besides old values, its word in a scene) */
/* clang-format off */
#define PLAY_ASKS(X)                                                                                  \
	X(NOTHING, "-")                                                                               \
	X(UNCHANGED, "unchanged") /* before each chunk: what would change nothing (--skip-unchanged) */ \
	X(FIRST, "first")         /* before the load: what would fail (--ask-org) */
/* clang-format on */

enum play_asks {
#define X(name, word) PLAY_ASKS_##name,
	PLAY_ASKS(X)
#undef X
		PLAY_ASKS_COUNT
};

struct play {
	/* given */
	enum action action;
	bool collections;    /* through sObject Collections, not Bulk */
	bool failures;       /* one record is refused, and that is allowed */
	bool undo;           /* old values are kept, since it will be undone */
	bool retry;          /* one is refused until the scenario changes, and then retried: it does not fail */
	enum play_asks asks; /* FIRST: the record that would be refused is left out */

	struct play_record records[PLAY_RECORDS];
	json_int_t seq;   /* writes of the audit that are not ours */
	json_int_t calls; /* API calls of the org that are not of the run that is judged */
	int begun; /* how often that was begun: one killed before it had a run leaves calls that are nobody's */
};

/* Fills in the rest, makes the org anew with the rows that must be there, and writes source.csv. False with what went wrong in
 * stage->said. */
bool play_prepare(struct play *p, struct stage *s);

/* The scenario of a retry, in which that one record is refused. */
void play_refusal(const struct play *p, char scenario[320]);

/* What one is told by: the name for an insert, Ext__c for an upsert, else the id. */
const char *play_identity(const struct play *p, const struct play_record *r);
/* Has the org exactly so many writes since play_prepare()? */
bool play_wrote(const struct play *p, struct stage *s, int writes);

/* The load, or the undo, that is judged begins now: what the org counts from here on is its. */
void play_begin_counting(struct play *p, struct stage *s);
/* How many API calls the org has counted since. */
json_int_t play_calls(const struct play *p, struct stage *s);

const char *play_api(bool collections); /* the word for --api; static */

/* "--object", "Account", ...: the words of the load, up to NULL. */
void play_words(const struct play *p, const struct stage *s, const char *words[PLAY_WORDS]);

#endif
