/* draft_rows.h - the inside of a draft, for the two files that make it and its rows. */
#ifndef LONGSHORE_CONSOLE_DRAFT_ROWS_H
#define LONGSHORE_CONSOLE_DRAFT_ROWS_H

#include "core/engine/load.h"
#include "ui/console/draft.h"

struct draft {
	struct load load;
	char file[WIZARD_PATH], config[WIZARD_PATH], org[48], object[128],
		action[16]; /* the load's options point here */
	struct object_list *objects;
	struct err plan_error; /* why there is no plan */
	int64_t *offsets;      /* of records 1..offset_count, as far as they were shown */
	size_t offset_count, offset_room;
};

#endif
