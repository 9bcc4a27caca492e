/*
 * scene.h - one case of the crash test: a load, what goes wrong in it, the way back, and the verdict.
 *
 * A scene has a text form, by which it can be played again alone:
 *   insert api=bulk failures=1 cancel=0 undo=0 retry=0 asks=- fails=- from=- at=37 then=0 {"faults":[...]}
 */
#ifndef LONGSHORE_TESTS_CRASH_SCENE_H
#define LONGSHORE_TESTS_CRASH_SCENE_H

#include "core/engine/chunk_state.h"
#include "judge.h"

enum scene_group {
	GROUP_KILL,      /* killed at one moment of an undisturbed load */
	GROUP_CAREFUL,   /* the same with failures not allowed: one chunk at a time */
	GROUP_DROP,      /* the org breaks the connection at one request; nobody is killed */
	GROUP_BOTH,      /* the org breaks it, and the load is killed */
	GROUP_CANCEL,    /* killed while it carries out an order to cancel */
	GROUP_AGAIN,     /* killed, and the resume is killed as well */
	GROUP_RETRY,     /* one record is refused; what is killed is the retry that brings it in */
	GROUP_UNDO,      /* what is killed is the undo of a load */
	GROUP_UNCHANGED, /* killed from where the org is asked what a chunk would not change */
	GROUP_FIRST,     /* killed from where the org is asked before the load */
	GROUP_JOB,       /* a job vanishes, and the load may be killed besides */
	GROUP_RESULTS,   /* the results of a job do not account for all records; the same */
	GROUP_COUNT,
	GROUP_TORTURE, /* one of its calls fails; of a program of its own (tests/torture) */
};

struct scene {
	enum scene_group group;
	enum action action;
	bool collections; /* through sObject Collections, not Bulk */
	bool failures; /* a record is refused, and that is allowed; else it is loaded with failures not allowed */
	bool cancel;   /* ordered once the org works on a chunk */
	bool undo;     /* moments are those of an undo; the load before it is left alone */
	bool retry;    /* moments are those of a retry; the load before it is left alone */
	enum play_asks asks;
	char fails
		[16]; /* the kind of call that fails at `at`, instead of a kill: "" none, else as SCENE_FAILS */
	char from[24];      /* moments count from the send that holds this, "" from the beginning */
	long at, then;      /* the moment of the load, and of the resume, that kills; 0: none */
	char scenario[256]; /* of the practice org */
};

/* X(kind of call that fails, in words). "making" is "memory" where there is no journal yet. */
/* clang-format off */
#define SCENE_FAILS(X)                                               \
	X("write", "a write fails")                                  \
	X("full", "the disk is full from a write on")                \
	X("sync", "a sync fails")                                    \
	X("sqlite", "a call of SQLite to its files fails")           \
	X("memory", "an allocation fails")                           \
	X("making", "an allocation fails while the journal is made")
/* clang-format on */

struct moment {
	char what[16];
	char text[80]; /* first line of what is sent or received */
};

struct scene_result {
	struct verdict verdict;
	bool struck;                      /* it was killed where it should be, or the call failed */
	long calls;                       /* of the kind that fails, by the load */
	int status;                       /* of the load: as stage_wait() gives it */
	unsigned hits[CHUNK_STATE_COUNT]; /* chunks found in a state after a kill */
	char died[112];                   /* at which moment */
	struct moment *moments;           /* of the load, if they were asked for; to be freed */
	size_t moment_count;
};

/* Plays it. With `moments` the load's moments are noted. */
void scene_play(const struct scene *scene, struct stage *s, bool moments, struct scene_result *result);

void scene_text(const struct scene *scene, char to[512]);
bool scene_read(struct scene *scene, const char *text);

#endif
