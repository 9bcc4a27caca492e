/*
 * scenes.h - which cases are played: the probes that tell what moments there are, and the cases made from them.
 *
 * By default every moment around a send, an answer and a transaction is in, and a seeded sample of the others; all of them if
 * asked for.
 */
#ifndef LONGSHORE_TESTS_CRASH_SCENES_H
#define LONGSHORE_TESTS_CRASH_SCENES_H

#include "scene.h"

/* A growing list; results stand beside their scenes. */
struct scenes {
	struct scene *list;
	struct scene_result *results;
	size_t count, room;
	uint64_t random;
	bool all;
	const char *api; /* only scenes of this one; NULL: of both */
};

bool scenes_add(struct scenes *scenes, const struct scene *scene); /* false without memory */

bool scenes_want(const struct scenes *scenes, bool collections); /* are scenes of this API asked for? */

/* What is played first, moments noted: undisturbed loads, cancelled ones, and those where the org breaks a connection. */
void scenes_probes(struct scenes *scenes);
/* Connections broken at each request that the undisturbed load of `probe` makes. */
void scenes_drops(struct scenes *scenes, const struct scene *probe, const struct scene_result *result);
/* Kills at the moments of a probe. */
void scenes_kills(struct scenes *scenes, const struct scene *probe, const struct scene_result *result);
void scenes_release(struct scenes *scenes);

#endif
