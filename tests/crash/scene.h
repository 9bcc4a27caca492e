/*
 * scene.h - one case of the crash test: a load, what goes wrong in it, the way back, and the verdict.
 *
 * A scene has a text form, by which it can be played again alone:
 *   insert api=bulk failures=1 cancel=0 from=- at=37 then=0 {"faults":[...]}
 */
#ifndef LONGSHORE_TESTS_CRASH_SCENE_H
#define LONGSHORE_TESTS_CRASH_SCENE_H

#include "core/engine/chunk_state.h"
#include "judge.h"

enum scene_group {
	GROUP_KILL,    /* killed at one moment of an undisturbed load */
	GROUP_CAREFUL, /* the same with failures not allowed: one chunk at a time */
	GROUP_DROP,    /* the org breaks the connection at one request; nobody is killed */
	GROUP_BOTH,    /* the org breaks it, and the load is killed */
	GROUP_CANCEL,  /* killed while it carries out an order to cancel */
	GROUP_AGAIN,   /* killed, and the resume is killed as well */
	GROUP_COUNT
};

struct scene {
	enum scene_group group;
	enum action action;
	bool collections; /* through sObject Collections, not Bulk */
	bool failures; /* a record is refused, and that is allowed; else it is loaded with failures not allowed */
	bool cancel;   /* ordered once the org works on a chunk */
	char from[24];      /* moments count from the send that holds this, "" from the beginning */
	long at, then;      /* the moment of the load, and of the resume, that kills; 0: none */
	char scenario[256]; /* of the practice org */
};

struct moment {
	char what[16];
	char text[80]; /* first line of what is sent or received */
};

struct scene_result {
	struct verdict verdict;
	bool struck;                      /* it was killed where it should be */
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
