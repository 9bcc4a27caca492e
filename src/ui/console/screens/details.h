/* details.h - i: all that is known of one thing, name by name; long texts take as many lines as they need. */
#ifndef LONGSHORE_CONSOLE_DETAILS_H
#define LONGSHORE_CONSOLE_DETAILS_H

#include <stdbool.h>
#include <stdint.h>

#include "store/outcomes.h"
#include "store/runs.h"
#include "ui/console/table.h"

enum { DETAILS_ROWS = 40, DETAILS_TEXT = 1600 };

struct details_screen {
	char title[96];
	int64_t run;  /* whose org the header names; 0: none's */
	bool missing; /* the feed is to read this run */
	struct details_row {
		char name[24];
		char text[DETAILS_TEXT];
	} rows[DETAILS_ROWS];
	struct table table; /* over the rows */
};

/* Opens it empty over the shown screen. */
struct model;
void details_open(struct model *model, int64_t run, const char *title);
void details_add(struct details_screen *details, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void details_of_run(struct details_screen *details, const struct run *run, enum run_state now);
void details_of_group(struct details_screen *details, const struct outcome_group *group, const char *helps);

#endif
