/*
 * wish.h - what a new load is to be like before anybody has chosen anything: the words of a command line, an earlier run, or a draft
 * that was kept. It owns its texts.
 */
#ifndef LONGSHORE_CONSOLE_WISH_H
#define LONGSHORE_CONSOLE_WISH_H

#include "base/arena.h"
#include "core/engine/load.h"

struct wish {
	bool set;                    /* there is one */
	bool check;                  /* the steps that it answers go by until Check, else until Mapping */
	bool walking;                /* and they are going by */
	struct load_options options; /* its texts lie in `texts` */
	struct arena texts;
};

/* The options, their texts in the arena; edits, counters and folders are not of a wish. False without memory. */
bool wish_copy(struct load_options *to, const struct load_options *from, struct arena *a);

/* In place of the one before. ERR_INTERNAL without memory: there is none then. */
enum err_code wish_set(struct wish *wish, const struct load_options *options, bool check, struct err *e);
void wish_forget(struct wish *wish);

/* May it stand in the list of an object's actions for the wish's? `key` counts for an upsert alone. */
bool wish_is_action(const struct wish *wish, const char *action, const char *key);

#endif
