/* draft_rows.h - the inside of a draft, for the files that make it and its rows. */
#ifndef LONGSHORE_CONSOLE_DRAFT_ROWS_H
#define LONGSHORE_CONSOLE_DRAFT_ROWS_H

#include "core/engine/load.h"
#include "core/org/automation.h"
#include "store/edits.h"
#include "ui/console/draft.h"

enum { DRAFT_STEPS = 50 };

/* What can be taken back: everything that is mended on Check. */
struct draft_state {
	char *map; /* owned: the mapping in its JSON form */
	size_t map_len;
	enum same_key same_key;
	bool skip_unchanged;
	size_t cells; /* so many of the edited cells counted */
};

enum { DRAFT_MOST_MAP = 4 * 1024 * 1024 };

struct draft {
	struct load load;
	char file[WIZARD_PATH], config[WIZARD_PATH], org[48], object[128],
		action[16];       /* the load's options point here */
	struct load_options like; /* what it is to be like; a mapping holds for its object alone */
	struct arena texts;       /* of that */
	struct object_list *objects;
	struct err plan_error; /* why there is no plan */
	struct buf saved;      /* the saved mapping that was taken, or is to be */
	int64_t *offsets;      /* of records 1..offset_count, as far as they were shown */
	size_t offset_count, offset_room;

	struct finding finding;  /* whose records are looked for */
	struct group_row *group; /* owned: what was found */
	size_t group_count;
	bool group_more;
	int group_column;

	struct automation runs_on; /* what runs when it writes, */
	int64_t runs_on_cost;      /* the calls that this takes, */
	bool runs_on_asked;        /* and they were made */

	struct edit *cells; /* owned, as are their values; the first cell_count count */
	size_t cell_count, cell_room, cell_all;
	size_t *cell_order;       /* owned: their places by record, the newest last */
	struct slice *cells_here; /* owned: of the record at hand */
	struct draft_state done[DRAFT_STEPS], undone[DRAFT_STEPS];
	int done_count, undone_count;
};

/* A text for a row, cut at a character's border. */
void draft_copy(char *to, size_t size, struct slice from);

/* The cells that a person edited stand in place of the file's from here on. */
enum err_code draft_use_cells(struct draft *draft, struct err *e);
void draft_steps_clear(struct draft *draft); /* nothing can be taken back any more */
void draft_steps_release(struct draft *draft);

#endif
