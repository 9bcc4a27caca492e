/* record.h - one record that was not written: what was in the file beside what Salesforce said. */
#ifndef LONGSHORE_CONSOLE_RECORD_H
#define LONGSHORE_CONSOLE_RECORD_H

#include "base/arena.h"
#include "store/outcomes.h"
#include "ui/console/table.h"

struct record_screen {
	int64_t run, record;
	bool read;
	struct outcome_row row;
	char instance_url[256]; /* of the org it went to */
	struct arena arena;     /* holds the texts */
	const char **columns;   /* names of the file's columns, "column 3" where the file is gone */
	const char **cells;     /* of the record as it stands in the file, */
	const char **sent,
		**next; /* as the last attempt sent it, and as the next one will; of as many columns */
	const char **
		fields; /* "Phone: phone, 40 characters, not required" of each column, "" where that is not known */
	bool found;     /* the cursor was put on what Salesforce named */
	size_t count;              /* 0: its text was not kept */
	const char *why_no_source; /* or NULL */
	struct table table;
};

void record_reset(struct record_screen *screen, int64_t run, int64_t record);
void record_release(struct record_screen *screen);

/* Puts the cursor on the first column that Salesforce named, once. */
void record_find_blamed(struct record_screen *screen);

/* Shows the record that the list's cursor stands on; says so where it is the one that is shown already. */
struct model;
void record_follow(struct model *model, bool forward);

#endif
