/*
 * scenario.h - how the practice org behaves today: its pace, its limits, and what goes wrong on demand.
 *
 * Read from JSON (docs/practice.md has every key). An unknown key or a wrong type is an error, so that a slip in a
 * test does not pass for "no fault". A scenario counts what it has seen; replacing it starts the counts anew.
 * Callers hold the org's turn.
 */
#ifndef LONGSHORE_PRACTICE_SCENARIO_H
#define LONGSHORE_PRACTICE_SCENARIO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "practice/policy.h"
#include "practice/setup_rules.h"
#include "practice/sign_in_rules.h"

/* X(enum, word, what it does) */
/* clang-format off */
#define FAULT_ACTIONS(X)                                                                 \
	X(DROP_BEFORE, "drop_before", "closes the connection, nothing was carried out")  \
	X(DROP_AFTER, "drop_after", "carries it out, then closes without an answer")     \
	X(ANSWER, "answer", "answers status and body, nothing was carried out")          \
	X(CUT_UPLOAD, "cut_upload", "closes after so many bytes of the body")            \
	X(CUT_ANSWER, "cut_answer", "carries it out, closes after so many bytes of the answer's body") \
	X(DELAY, "delay", "waits before it answers")                                     \
	X(LOCK, "lock", "records are refused as locked")                                 \
	X(FAIL_JOB, "fail_job", "a job ends Failed")                                     \
	X(LOSE_JOB, "lose_job", "a job is not found any more")                           \
	X(LATE, "late", "closes without an answer, carries it out after that")           \
	X(SLOW_ANSWER, "slow_answer", "carries it out, sends the answer bit by bit")     \
	X(EXPIRE_SESSIONS, "expire_sessions", "all tokens but the fixed one are dead from here on") \
	X(CLOSE_JOB, "close_job", "somebody else closes the request's job")              \
	X(ABORT_JOB, "abort_job", "somebody else aborts the request's job")              \
	X(SHORT_RESULTS, "short_results", "some records of a job are in none of its results") \
	X(SHORT_LIST, "short_list", "carries a collection out, its answer lacks some results") \
	X(BARE_RESULTS, "bare_results", "a job's results have no relationship columns")  \
	X(RESPELL_RESULTS, "respell_results", "a job's results spell values in yet another way")
/* clang-format on */

enum fault_action {
#define X(name, word, does) FAULT_##name,
	FAULT_ACTIONS(X)
#undef X
};

struct fault; /* one entry of "faults" */

struct scenario {
	double rate;               /* records a second a job is worked on at; 0: as fast as possible */
	int64_t start_delay_ms;    /* between UploadComplete and InProgress */
	uint64_t seed;             /* of the order of results and of tokens */
	int64_t daily_limit;       /* API calls */
	int64_t daily_batch_limit; /* batches of both Bulk APIs */
	int64_t concurrent_limit;  /* API calls at one time; 0: none */
	int64_t session_ms;        /* how long a token lives */
	bool hard_delete;          /* the user has the permission */
	bool second_put;           /* a second upload is accepted, and spoils the job */
	struct policy policy;      /* needs the schema; without one a scenario cannot have its keys */
	struct setup_rules setup;  /* likewise */
	struct sign_in_rules sign_in;
	struct schema *schema; /* stays when the scenario is replaced */
	struct fault *faults;
	size_t fault_count;
	uint64_t dice; /* of faults with a chance */
	char *text;    /* the JSON it was read from */
};

void scenario_init(struct scenario *s, uint64_t seed); /* no faults, as fast as possible */
void scenario_release(struct scenario *s);

/* Replaces the scenario; keys that are left out have their first values. On ERR_USAGE the old one stays. */
enum err_code scenario_read(struct scenario *s, struct slice json, struct err *e);
enum err_code scenario_load(struct scenario *s, const char *path, struct err *e);

/* What is to happen to a request: the first fault that matches and whose turn it is, as a copy that outlives the
 * scenario. false: nothing. `reused`: not the first request of its connection. */
struct fault_plan {
	enum fault_action action;
	int64_t bytes; /* of a cut, or of each bit of a slow answer */
	int64_t each;  /* so many-th result is missing from a short list */
	int64_t ms;
	int64_t retry_after; /* seconds; 0: not said */
	bool before;         /* somebody else comes before the request, not after it */
	int status;
	char *type;
	char *body;
};
bool scenario_request(struct scenario *s, const char *method, const char *path, bool reused,
                      struct fault_plan *plan);
void fault_plan_release(struct fault_plan *plan);

/* Is this record locked this time? `value` tells the text of a column of the record by its name, {NULL, 0}: none. */
typedef struct slice scenario_cell(void *ctx, struct slice column);
bool scenario_locked(struct scenario *s, scenario_cell *value, void *ctx);
bool scenario_locks(const struct scenario *s); /* is there any such fault */

/* What is to become of a job that is being created on the object. */
struct job_fate {
	int64_t fail_after; /* records, then it ends Failed; -1: does not */
	char *message;      /* of that end, or NULL */
	int64_t lose_after; /* answers about it, then it is not found; -1: never */
	char *lose_state;   /* it is not found once in this state, or NULL */
	int64_t lacks;      /* each so many-th record is in none of the results; 0: none is missing */
	bool bare;          /* results without relationship columns */
	bool respelled;     /* results spell values in yet another way */
};
void scenario_job(struct scenario *s, const char *object, struct job_fate *fate);
void job_fate_release(struct job_fate *fate);

#endif
