#include "ui/console/undo_work.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/engine/detach.h"

static bool go_on(void *stop, int64_t done, int64_t records)
{
	(void)done, (void)records;
	return !atomic_load((atomic_bool *)stop);
}

/* NULL stands for what the run was begun with. */
static struct access_choice choice_of(const struct undo_look *look)
{
	return (struct access_choice){ look->config[0] ? look->config : NULL, look->org[0] ? look->org : NULL };
}

enum err_code undo_look(struct undo_look **look, struct journal *j, int64_t run,
                        const struct access_choice *choice, atomic_bool *stop, struct err *e)
{
	struct undo_look *made = calloc(1, sizeof *made);
	struct access_choice own;

	*look = NULL;
	if (!made)
		return err_memory(e, "an undo");
	snprintf(made->config, sizeof made->config, "%s", choice->config ? choice->config : "");
	snprintf(made->org, sizeof made->org, "%s", choice->org ? choice->org : "");
	own = choice_of(made);
	if (undo_open(&made->undo, j, run, &own, go_on, stop, e) == ERR_OK)
		*look = made;
	else
		undo_look_free(made);
	return e->code;
}

void undo_look_free(struct undo_look *look)
{
	if (look)
		undo_release(&look->undo);
	free(look);
}

enum err_code undo_begin(struct undo_look *look, struct journal *j, int64_t *run, struct err *e)
{
	struct access_choice choice = choice_of(look);
	struct run *made = calloc(1, sizeof *made);

	*run = 0;
	if (!made)
		return err_memory(e, "an undo");
	if (undo_create(&look->undo, j, made, e) == ERR_OK) {
		*run = made->id;
		detach_engine(j, *run, &choice, e);
	}
	free(made);
	return e->code;
}
