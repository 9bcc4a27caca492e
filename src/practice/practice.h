/*
 * practice.h - the whole practice org: its records, jobs, sessions, faults and counters, and whose turn it is.
 *
 * Requests are served by a thread each, jobs are worked on by one more; all of them take the turn before they touch
 * anything here. Turns are given in the order in which they were asked for, so that a long job starves nobody.
 */
#ifndef LONGSHORE_PRACTICE_PRACTICE_H
#define LONGSHORE_PRACTICE_PRACTICE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "practice/audit.h"
#include "practice/cursor.h"
#include "practice/data.h"
#include "practice/job.h"
#include "practice/org.h"
#include "practice/query_job.h"
#include "practice/scenario.h"
#include "practice/schema.h"
#include "practice/sessions.h"
#include "practice/setup.h"

enum { COUNTED_KINDS = 96, PRACTICE_URL = 64 };

struct turn {
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	uint64_t given;
	uint64_t serving;
};

/* What had been used when the day began: daily limits are measured from there. */
struct day {
	int64_t began; /* ms since 1970 */
	uint64_t calls, batches;
};

struct practice {
	struct turn turn;
	const struct clock *clock;
	int64_t shift; /* ms that /practice/clock has moved it ahead */
	int64_t born;  /* ms since 1970; describes count as changed then */
	int port;
	uint64_t first_seed;
	uint64_t random;

	struct schema schema;
	struct org org;
	struct setup setup;
	struct audit audit;
	struct jobs jobs;
	struct query_jobs queries;
	struct scenario scenario;
	struct sessions sessions;
	struct cursors cursors;
	uint64_t counts[COUNTED_KINDS]; /* requests by the number of their route */
	uint64_t api_calls;             /* those that count against the daily limit */
	uint64_t batches;               /* of both Bulk APIs that were begun */
	struct day day;
	_Atomic int in_flight; /* API calls that are not answered yet; needs no turn */
	struct data *data;     /* the file it is kept in, or NULL */

	/* PEM, NULL where there is none: what JWTs are verified with, and what it shows over TLS */
	char *certificate;
	char *tls_certificate, *tls_key;

	/* the worker */
	pthread_t worker;
	bool working;
	pthread_mutex_t bell;
	pthread_cond_t rung;
	uint64_t rings;
	bool stop;
};

/* `rehearsal`: the describes are a real org's, and its records are not here: what only that org could know is taken as
 * good (docs/practice.md). */
enum err_code practice_open(struct practice *p, const char *describes, uint64_t seed, bool rehearsal,
                            const struct clock *clock, struct err *e);
/* Keeps the org, which is new, in a file from now on; what the file holds is there again. */
enum err_code practice_keep(struct practice *p, const char *path, struct err *e);

enum err_code practice_start(struct practice *p, struct err *e); /* the worker */
void practice_close(struct practice *p);                         /* stops it too */

void practice_take_turn(struct practice *p);
void practice_end_turn(struct practice *p);

/* With the turn taken: */
int64_t practice_now(const struct practice *p);                       /* UTC, ms */
int64_t practice_mono(const struct practice *p);                      /* for waiting, ms */
void practice_turn_day(struct practice *p);                           /* a new one after 24 hours */
void practice_reset(struct practice *p);                              /* empty again, the scenario stays */
void practice_save(struct practice *p);                               /* what is new is in the data file */
void practice_ring(struct practice *p);                               /* the worker looks for work */
struct table *practice_table(struct practice *p, const char *object); /* NULL: no such object */

/* Used today. */
int64_t practice_calls(const struct practice *p);
int64_t practice_batches(const struct practice *p);

/* "http://127.0.0.1:8080": its My Domain, which is its instance URL too. */
void practice_url(const struct practice *p, char to[PRACTICE_URL]);

#endif
