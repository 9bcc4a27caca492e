/*
 * chunk_state.h - the life of one chunk, through Bulk API 2.0 or through sObject Collections, as a pure function.
 *
 * The engine asks chunk_step() what an event means in a state, commits the new state to the journal, and only then
 * performs the effects: the journal never knows less than what may have been sent. States that are recovered alike are
 * one state; how far an upload got is a column, not a state. Nothing here reads a clock, a file or a socket.
 *
 * Facts it rests on (salesforce-api.md C2, C4, H2): a job processes nothing before UploadComplete; it takes one PUT;
 * its results are kept for seven days; anybody with access may close or abort it. A collections request writes at once (E1).
 */
#ifndef LONGSHORE_ENGINE_CHUNK_STATE_H
#define LONGSHORE_ENGINE_CHUNK_STATE_H

/* clang-format off */
#define CHUNK_STATES(X)                                                               \
	X(PLANNED,    "planned",    "nothing of it is in the org")                    \
	X(BUILDING,   "building",   "a job may hold records, but was not told to begin") \
	X(DISCARDING, "discarding", "that job must be known dead before it is built anew") \
	X(CLOSING,    "closing",    "the job is being told to begin")                 \
	X(PROCESSING, "processing", "the org works on it")                            \
	X(CANCELLING, "cancelling", "the org is being told to stop")                  \
	X(COLLECTING, "collecting", "the results are being fetched")                  \
	X(SENDING,    "sending",    "a request with its records may have arrived")    \
	X(SETTLING,   "settling",   "only the org's records can tell")                \
	X(SETTLED,    "settled",    "every record has its outcome")

#define CHUNK_EVENTS(X)                                                    \
	X(START)        /* its turn has come, through Bulk */              \
	X(SEND)         /* ... through collections */                      \
	X(CREATED)      /* the job's id is in the journal */               \
	X(LOADED)       /* 201, and exactly the planned records left */    \
	X(DONE)         /* the last request was answered with success */   \
	X(REFUSED)      /* the last request was answered with an error */  \
	X(BROKEN)       /* no answer: what arrived is not known */         \
	X(NO_JOB)       /* as BROKEN or RESUMED, and no job id is known */ \
	X(RESUMED)      /* an engine found it so in the journal */         \
	X(CANCEL)       /* the operator wants it stopped */                \
	X(SEEN_OPEN)    /* the org says: Open */                           \
	X(SEEN_UNRUN)   /* ... Aborted or Failed, nothing processed */     \
	X(SEEN_RUNNING) /* ... UploadComplete, InProgress */               \
	X(SEEN_ENDED)   /* ... JobComplete, or ended with some processed */\
	X(SEEN_GONE)    /* ... no such job (any more) */                   \
	X(COMPLETE)     /* the results account for every record */         \
	X(SHORT)        /* they do not */                                  \
	X(ASKED)        /* what can be known is known */                   \
	X(UNSENT)       /* the request was not carried out, for now */     \
	X(AGAIN)        /* its answer is lost; repeating changes nothing */\
	X(LOST)         /* its answer is lost; repeating might write twice */
/* clang-format on */

enum chunk_state {
#define X(name, text, means) CHUNK_##name,
	CHUNK_STATES(X)
#undef X
		CHUNK_STATE_COUNT
};

enum chunk_event {
#define X(name) CHUNK_EV_##name,
	CHUNK_EVENTS(X)
#undef X
		CHUNK_EVENT_COUNT
};

/* What the engine does once the new state is durable. Repeating one after a crash is always safe. */
enum chunk_effect {
	CHUNK_DO_NOTHING,
	CHUNK_DO_CREATE,  /* POST jobs/ingest */
	CHUNK_DO_UPLOAD,  /* PUT batches: once per job */
	CHUNK_DO_CLOSE,   /* PATCH UploadComplete */
	CHUNK_DO_ABORT,   /* PATCH Aborted */
	CHUNK_DO_ASK,     /* GET the job, now */
	CHUNK_DO_POLL,    /* GET the job, when it should be done */
	CHUNK_DO_COLLECT, /* GET its results */
	CHUNK_DO_SETTLE,  /* query the org's records */
	CHUNK_DO_SEND,    /* the collections request */
};

struct chunk_step {
	enum chunk_state next;
	enum chunk_effect effect;
};

/* What `event` means in `state`. An event that means nothing there (a late answer, say) changes nothing. */
struct chunk_step chunk_step(enum chunk_state state, enum chunk_event event);

/* "building", and what that means in words: for the journal's readers and for the screen. Static text. */
const char *chunk_state_name(enum chunk_state state);
const char *chunk_state_meaning(enum chunk_state state);

#endif
