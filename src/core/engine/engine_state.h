/*
 * engine_state.h - what the parts of a running engine share. Private to this room.
 *
 * engine.c owns the loop and the run's state, resume.c its beginning, heard.c what answers say of the org as a whole, feed.c what is sent
 * next, flight.c one chunk's way through Bulk API 2.0, send_collections.c through sObject Collections, look.c what the org holds before
 * a chunk is sent, harvest.c the end of a chunk, doubts.c what is in doubt, retry_order.c orders to retry. What goes wrong in a callback
 * of the network is told to engine_fail() or engine_stop(); the loop looks at it.
 */
#ifndef LONGSHORE_ENGINE_ENGINE_STATE_H
#define LONGSHORE_ENGINE_ENGINE_STATE_H

#include "core/engine/breaker.h"
#include "core/engine/chunk_state.h"
#include "core/engine/chunker.h"
#include "core/engine/collect.h"
#include "core/engine/edited.h"
#include "core/engine/engine.h"
#include "core/engine/load.h"
#include "core/engine/retry_cut.h"
#include "core/engine/run_source.h"
#include "core/engine/barred.h"
#include "core/engine/upload.h"
#include "store/chunks.h"
#include "store/ordering.h"
#include "store/orders.h"
#include "store/run_calls.h"

/* Why the engine stops starting new work. The jobs in the org are seen to their end first, unless the signal says at once. */
enum engine_end {
	END_NONE,
	END_PAUSE,   /* an order */
	END_CANCEL,  /* an order */
	END_HALT,    /* a record failed and failures are not allowed */
	END_REFUSED, /* the org or the source does not let us go on: `cause` has why */
	END_SIGNAL,
};

/* The org allows no more calls, or batches, for now; or what it allows yet is to be kept for others. */
struct allowance {
	enum { ALLOWED, OUT_OF_CALLS, OUT_OF_BATCHES, TO_BE_KEPT } out;
	int asked;    /* looks at it so far */
	int64_t next; /* monotonic: of the next look */
	bool asking;
};

struct engine {
	struct journal *j;
	const struct engine_options *options;
	const struct clock *clock;
	struct run run; /* as of the last transaction */
	struct run_lock *lock;
	struct run_calls *calls; /* of the run, this engine's among them */
	struct load load;        /* sign-in, plan, and the source for cutting */
	struct source *sender;   /* the source for uploads: one at a time */
	struct layout layout;
	enum action action;
	struct mapping *delete_mapping; /* of an undo that puts back and deletes: */
	struct plan *delete_plan;       /* for its records from run.delete_from on */
	struct flight **flights;        /* unsettled chunks */
	size_t flight_count, flight_room;
	int chunks; /* cut so far, lists not counted */
	bool needs_source, needs_file, has_source;
	struct edited edited, sender_edited; /* of the two sources, where records were edited */
	struct ordering_reader *order;       /* in which its records go; NULL: as they stand in the source */
	struct run_kept kept;                /* what the source is, if its file is gone */
	struct err no_source;                /* why it has none */
	struct barred barred;                /* records that are left out for something beyond them */
	enum engine_end end;
	char why[480];    /* for the run's row */
	struct err cause; /* why, if it is an error; what engine_run() gives */
	bool dead;        /* not even the jobs in the org can be seen to their end */
	struct err error; /* of the call being made: looked at at once */

	int64_t org_free; /* monotonic: when the last job ended, as far as it was seen */
	double rate;      /* records per second, of the last job that told; 0 unknown */
	struct breaker breaker;
	struct allowance allowance;
	int in_vain; /* chunks in a row of which every record failed in a way that passes */
	int64_t in_vain_since, in_vain_last; /* monotonic; since is 0 when something was written */
	int64_t looked, told, ends_by;       /* monotonic: orders, beat, signal's deadline */
	int64_t failed_before;               /* of the run, when this engine began */
	uint64_t random;                     /* engine_random() */
};

/* One unsettled chunk. */
struct flight {
	struct engine *engine;
	struct chunk chunk;
	enum chunk_state state;
	enum chunk_effect todo;
	int64_t due; /* monotonic: when todo is to be done */
	bool busy;   /* a request is in flight, begun in state `asked_in` */
	enum chunk_state asked_in;
	struct http_call *call; /* of an upload in flight */
	struct upload *upload;
	struct cut cut; /* what is sent, from planning to the begin of the upload */
	bool scanned;
	struct look *look;   /* under way: it is not sent yet, but in the org's hands all the same */
	bool looked;         /* it has been */
	char *sent_ids;      /* collections, a delete: the ids of the request, joined with commas */
	struct bulk_job job; /* as last seen */
	bool job_known;
	int asks, rejections, discards;
	int breaks;    /* events without a usable answer, one after the other: the pauses grow with them */
	int64_t began; /* monotonic: when it was told to begin; 0 unknown */
	double rate;   /* records per second, as its job is expected to go on; 0 unknown */
	/* collecting */
	enum bulk_result result;
	struct chunk_print *prints;
	size_t print_count;
	struct collect *collect;
};

/* engine.c */
void engine_stop(struct engine *en, enum engine_end end, const char *why);
/* A call set `error`: begin nothing new, and stop at once unless it is the source's. */
void engine_fail(struct engine *en);
void engine_set_state(struct engine *en, enum run_state state, const char *why, int64_t next_try,
                      const char *log);
uint64_t engine_random(struct engine *en);
int64_t engine_now(const struct engine *en);
bool engine_collections(const struct engine *en); /* the run goes through sObject Collections */
bool engine_is_head(const struct engine *en, const struct flight *f); /* no earlier chunk is being processed */
bool engine_add_flight(struct engine *en, const struct chunk *chunk); /* false without memory */
void engine_add_lists(struct engine *en, int no);             /* listed chunks from number `no` on were added */
bool engine_deletes(const struct engine *en, int64_t record); /* an undo deletes what this record names */
bool engine_only_retries(const struct engine *en);            /* nothing is begun but a retry's chunks */
bool engine_uploading(const struct engine *en);
bool engine_collecting(const struct engine *en); /* a chunk's results are in memory */
/* Records may mean others of the same file; not known without it. */
bool engine_points_within(const struct engine *en);

/* heard.c: what answers say about the org as a whole, and whether it may be asked now. */
void engine_heard(struct engine *en, const struct answer *answer); /* connection, limits, session */
/* Every record of a chunk failed in a way that passes; or a record has an outcome again. */
void engine_in_vain(struct engine *en, const struct outcome_message *why, int64_t next_try_ms);
void engine_not_in_vain(struct engine *en);
void heard_begin(struct engine *en);                            /* how much is left when an engine begins */
void heard_out_of_batches(struct engine *en, const char *said); /* a job's message says so */
bool heard_may_ask(const struct engine *en);
void heard_asks(struct engine *en);          /* a request begins */
int64_t heard_next(const struct engine *en); /* monotonic: when it may be asked, as things stand */
void heard_look_now(struct engine *en);      /* somebody waits: the allowance is looked at now */
void heard_probe(struct engine *en);         /* looks at the allowance when that is due */
bool heard_given_up(struct engine *en);      /* the org has been away for too long: that is told */

/* feed.c */
void feed_turn(struct engine *en);            /* starts the next chunk, or cuts it, if there is room for one */
int feed_in_the_org(const struct engine *en); /* chunks that are begun and not settled */
bool feed_holds_back(const struct engine *en, const struct flight *f); /* others go before this planned one */
bool feed_all_cut(const struct engine *en);
/* Planned, and not left for a later `resume`. */
bool feed_is_meant(const struct engine *en, const struct flight *f);
bool feed_has_more(const struct engine *en); /* to send or to cut */
bool feed_may_send(const struct engine *en);
bool feed_may_cut(const struct engine *en);

/* flight.c */
/* An undo may do two things: some of its records are put back, the others are deleted. Each chunk does one. */
enum action flight_action(const struct flight *f);
struct plan *flight_plan(const struct flight *f);
const struct layout *flight_layout(const struct flight *f);
struct flight *flight_new(struct engine *en, const struct chunk *chunk);
void flight_free(struct flight *f);
void flight_resume(struct flight *f);      /* found so in the journal */
void flight_start(struct flight *f);       /* planned, and its turn has come */
void flight_cancel(struct flight *f);      /* an order: stop it in the org */
bool flight_waits(const struct flight *f); /* for another flight: what is due is not done yet */
void flight_turn(struct flight *f);        /* does what is due */
void flight_event(struct flight *f, enum chunk_event event, const struct chunk_change *with);
/* Fills `cut` with what is to be sent; ERR_FILE if that has changed. */
enum err_code flight_scan(struct flight *f);
/* The org will not have it: the run stops with why. */
void flight_reject(struct flight *f, const struct answer *a);

/* retry_order.c */
void retry_obey(struct engine *en, const struct order *order); /* carries it out, or refuses it with why */
void retry_obey_all(struct engine *en);                        /* open ones, when an engine begins */
/* The sources give records as they were edited, if any were. */
enum err_code retry_use_edits(struct engine *en);
bool retry_waits(struct engine *en); /* is there an open one? */

struct retry_plans retry_plans(const struct engine *en);
struct chunker_limits retry_limits(const struct engine *en); /* of a chunk whose records went before */

/* doubts.c: each engine asks the org again about what is in doubt. What is known not to be written goes again, unless it is a
 * retry alone that begins. */
enum err_code doubts_ask(struct engine *en, bool only_retries);

/* look.c */
bool look_wanted(const struct flight *f); /* the org is asked about its records before they are sent */
void look_begin(struct flight *f);
void look_turn(struct flight *f); /* asks about the next records; sends the chunk when all are known */
void look_free(struct look *look);

/* send_collections.c */
void send_resume(struct flight *f);           /* found sending */
enum err_code send_request(struct flight *f); /* CHUNK_DO_SEND */

/* harvest.c: what the org says of a chunk becomes outcomes. */
void harvest_begin(struct flight *f);  /* CHUNK_DO_COLLECT */
void harvest_settle(struct flight *f); /* CHUNK_DO_SETTLE */
/* Every record of the chunk has a result or an unprocessed one: settles it. `all` is in record order and is rearranged. */
void harvest_outcomes(struct flight *f, struct outcome *all, size_t count);

#endif
