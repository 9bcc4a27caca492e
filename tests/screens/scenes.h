/*
 * scenes.h - every screen and dialog of the console, filled with ordinary, no, or hostile data, without a journal or an org.
 */
#ifndef LONGSHORE_TESTS_SCENES_H
#define LONGSHORE_TESTS_SCENES_H

#include "stage.h"

enum data { DATA_NORMAL, DATA_EMPTY, DATA_HOSTILE, DATA_KINDS };

struct scene {
	const char *name;
	void (*set)(struct model *model, enum data data); /* on top of home */
	const char *keys;                    /* pressed then, as stage_keys() takes them; or NULL */
	void (*behind)(struct model *model); /* and done then; or NULL */
	bool empty;                          /* it can be shown without data, too */
};

extern const struct scene scenes[];
extern const size_t scene_count;

/* Opens the stage with the scene on it. */
void scene_open(struct stage *stage, const struct scene *scene, enum data data, int rows, int columns,
                bool ascii);

#endif
