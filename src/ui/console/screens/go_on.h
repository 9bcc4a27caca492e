/*
 * go_on.h - an interrupted run: what is known of each part of it, and what will be done about that, in words. Told from the
 * journal alone, by the table of core/engine/chunk_state.h; nothing is asked or sent before the operator says so.
 */
#ifndef LONGSHORE_CONSOLE_GO_ON_H
#define LONGSHORE_CONSOLE_GO_ON_H

#include "store/chunks.h"
#include "store/runs.h"
#include "ui/console/table.h"

enum { GO_ON_CHUNKS = 200, GO_ON_TEXT = 120 };

/* Is the file what it was? Its content is looked at in the background. */
enum go_on_file { GO_ON_LOOKING, GO_ON_SAME, GO_ON_CHANGED, GO_ON_GONE, GO_ON_UNKNOWN };

struct go_on_row {
	char records[48], known[GO_ON_TEXT], happens[GO_ON_TEXT];
};

struct go_on_screen {
	int64_t run;
	bool read;
	struct run was;
	enum run_state now;
	enum go_on_file file;
	struct chunk chunks[GO_ON_CHUNKS]; /* unsettled ones, ascending */
	int chunk_count;
	bool more; /* there are more of them */
	struct table table;
};

void go_on_reset(struct go_on_screen *go_on, int64_t run);

/* Rows: what is done, each part that is not, what was never sent. The number of them; one of them into *row. */
size_t go_on_rows(const struct go_on_screen *go_on);
void go_on_row(const struct go_on_screen *go_on, size_t i, struct go_on_row *row);

/* Until when the org keeps the results that are still to be fetched, UTC; 0: there are none. */
int64_t go_on_kept_until(const struct go_on_screen *go_on);

#endif
