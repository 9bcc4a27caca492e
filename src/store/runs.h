/*
 * runs.h - the runs of the journal: what was asked, how far it is, and what it says of itself.
 * A run's counters are kept with every transaction that changes outcomes; nobody ever counts rows.
 */
#ifndef LONGSHORE_STORE_RUNS_H
#define LONGSHORE_STORE_RUNS_H

#include <stdint.h>

#include "base/buf.h"
#include "store/journal.h"

/* clang-format off */
/* X(name, in JSON and in the journal). Waiting: running, and it goes on by itself. */
#define RUN_STATES(X)               \
	X(DRAFT, "draft")           \
	X(CHECKED, "checked")       \
	X(RUNNING, "running")       \
	X(WAITING, "waiting")       \
	X(PAUSED, "paused")         \
	X(HALTED, "halted")         \
	X(CANCELLED, "cancelled")   \
	X(FINISHED, "finished")     \
	X(INTERRUPTED, "interrupted")
/* clang-format on */

/* Interrupted is never stored: run_state_now() gives it for a running or waiting run that no engine holds. */
enum run_state {
#define X(name, text) RUN_##name,
	RUN_STATES(X)
#undef X
};

const char *run_state_name(enum run_state state);
bool run_state_ended(enum run_state state); /* halted, cancelled, finished */

/* records = written + failed + skipped + in_doubt + pending, at every moment. */
struct run_counts {
	int64_t records;
	int64_t written, created, updated, deleted; /* written is the sum of the three */
	int64_t failed, skipped, in_doubt;
	int64_t to_try_again; /* part of pending */
};

struct run {
	int64_t id;
	enum run_state state; /* as stored */
	char why[512];        /* why it halted, paused or waits: one sentence, "" if nothing is to say */
	int64_t next_try_ms;  /* UTC; of a waiting run, else 0 */

	/* the source */
	char file[4096]; /* absolute */
	char file_hash[33];
	int64_t file_size;
	char delimiter;    /* as it was read */
	char reading[320]; /* how else: source_reading(); "" is CSV in UTF-8 */

	/* the plan */
	char object[128];
	char action[16];
	char external_id[128]; /* "" unless upsert */
	bool allow_failures;
	bool skip_invalid;
	char same_key
		[8]; /* of records with one key is sent: "first", "last", "none"; "" nobody has chosen, and none is */
	int64_t chunk_records;              /* most records a chunk; 0: by itself */
	int parallel;                       /* jobs or requests at once; 0: by itself */
	char api[16];                       /* "bulk" or "collections" */
	char assignment_rule[19];           /* an AssignmentRule's id, "" for none */
	bool allow_duplicates, all_or_none; /* collections only */

	/* where it stops by itself before its end; 0: nowhere */
	int64_t first_records; /* it pauses behind so many records */
	int64_t stop_at;       /* so many failed records halt it */
	int64_t until_ms;      /* UTC: nothing new is started then, and it pauses */
	int64_t give_up_ms;    /* so long without the org; 0: 24 hours */
	int64_t keep_calls; /* it waits while the org allows fewer calls than these today; 0: it uses them all */
	char order_by[128];  /* column, or "parent"; "": its records go in source order */
	char order_hash[33]; /* of the file with that order (ordering.h) */

	/* the org */
	char org_name[128], org_id[19], user_id[19], username[128], instance_url[256], api_version[8];
	bool production, practice;
	char saved_org[48]; /* the saved org it was signed in with, "" for none */
	char config
		[4096]; /* path of the settings it was signed in with, "" for the environment. Never a secret */

	char describe_hash[33];
	char version[32];                         /* Longshore's */
	char started_by[64];                      /* user of the machine */
	int64_t created_ms, started_ms, ended_ms; /* UTC; 0 if not yet */

	struct run_counts counts;
	int64_t cut_record; /* so many records, in the run's order, are in chunks or have an outcome */
	int64_t cut_offset; /* where the next one begins */
	int64_t api_calls;
	int attempt;
	int64_t edits;       /* how often its records were edited (edits.h); 0: never */
	bool keep_old;       /* what the org holds is kept before it is changed (old_values.h) */
	bool skip_unchanged; /* records of which the org has all that would be written are left out */
	int64_t kept;        /* updated records of which that is kept */
	int64_t undo_of;     /* the run that this one undoes; 0: none */
	int64_t delete_from; /* an undo deletes from this record on, and puts back before; 0: `action` holds for all */
	int64_t pruned_ms; /* UTC: since then its records are gone (prune.h); 0: they are there */
	char back_to
		[16]; /* state that a retry goes back to at its end, if records are left; "" when none is under way */
	int64_t beat_ms; /* UTC: last sign of life of its engine, for display */
	int64_t pid;     /* of its engine, for display */
};

int64_t run_pending(const struct run_counts *counts);

/* What goes with a run. */
struct run_texts {
	struct slice plan;   /* the mapping in its JSON form */
	struct slice layout; /* the layout's text */
	struct slice
		header; /* the source's columns in file order, a line in the run's delimiter without a line break: with it the
	                        kept text of its records can be read when the file is gone */
	struct slice
		cleared; /* fields that its records clear and how many do: "Phone\t1204\n", a line a field */
};

/* Stores a new run in `run->state` (draft or checked), in one transaction with its texts. Gives run->id. */
enum err_code run_add(struct journal *j, struct run *run, const struct run_texts *texts, struct err *e);

/* ERR_USAGE "there is no run 57" if there is none. The run with id 0 is the newest one. */
enum err_code run_get(struct journal *j, int64_t id, struct run *run, struct err *e);

/* The run's mapping and layout, added to the buffers (either may be NULL). */
enum err_code run_plan(struct journal *j, int64_t id, struct buf *plan, struct buf *layout, struct err *e);

/* What it clears, as run_texts has it, added to b. */
enum err_code run_cleared(struct journal *j, int64_t id, struct buf *b, struct err *e);

/* The source's header, added to b: nothing for a run of a Longshore that kept none. */
enum err_code run_header(struct journal *j, int64_t id, struct buf *b, struct err *e);

/* Up to `room` runs with an id below `before` (0: from the newest), newest first. Returns how many, or -1 with e set. */
int run_page(struct journal *j, int64_t before, struct run *runs, int room, struct err *e);

/* An earlier run of the same content, org, object and action that forbids a second load (design.md "The journal"): unfinished,
 * with records in doubt, or, for inserts, finished; not one of which everything was undone. *id = 0 if there is none. */
enum err_code run_same(struct journal *j, const struct run *run, int64_t *id, struct err *e);

/* The newest run of the same org, object, action and key that finished, what a new file is compared with; like->id = 0 if
 * there is none. */
enum err_code run_like(struct journal *j, const struct run *run, struct run *like, struct err *e);

/* The state as it is now: `interrupted` where it is running or waiting and nobody holds its lock. */
enum run_state run_state_now(struct journal *j, const struct run *run);

/* Changes state, why and next_try, and the times that go with it (started at the first RUNNING, ended when it ends), and
 * adds `log` (may be NULL) to the run's log, in one transaction. The end
 * of a run ends a retry: back_to is "" then, and when a paused run goes back to its pause. */
enum err_code run_set_state(struct journal *j, int64_t id, enum run_state state, const char *why,
                            int64_t next_try_ms, const char *log, struct err *e);

/* Where it stops by itself from now on. */
enum err_code run_set_stops(struct journal *j, int64_t id, int64_t first_records, int64_t until_ms,
                            struct err *e);

/* The file has moved: same content, new path. */
enum err_code run_set_file(struct journal *j, int64_t id, const char *file, struct err *e);

/* Sign of life and the count of calls. */
enum err_code run_beat(struct journal *j, int64_t id, int64_t api_calls, int64_t pid, struct err *e);

/* The run's log, oldest first. */
struct run_event {
	int64_t id, utc_ms;
	char text[512];
};
enum err_code run_log(struct journal *j, int64_t id, struct err *e, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
int run_log_page(struct journal *j, int64_t id, int64_t after, struct run_event *events, int room,
                 struct err *e);

/* The lock: one engine per run (fcntl on runs/ID.lock in the state folder). ERR_HELD if another has it. The lock goes with
 * the process; run_unlock() gives it back. */
struct run_lock;
enum err_code run_hold(struct journal *j, int64_t id, struct run_lock **lock, struct err *e);
void run_unlock(struct run_lock *lock);
bool run_held(struct journal *j, int64_t id); /* by another process */

#endif
