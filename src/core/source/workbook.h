/*
 * workbook.h - what an .xlsx file has in it: its sheets, and where its texts and formats stand.
 *
 * The parts of a workbook and how they point at each other: ECMA-376 part 1, 12.3 and 18.2, and part 2 for relationships.
 */
#ifndef LONGSHORE_SOURCE_WORKBOOK_H
#define LONGSHORE_SOURCE_WORKBOOK_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/err.h"

struct workbook_sheet {
	const char *name;
	const char *part;
	bool hidden;
};

struct workbook {
	int fd;           /* the caller's */
	const char *path; /* for sentences; the caller's */
	struct arena texts;
	struct workbook_sheet *sheets;
	size_t count;
	bool from_1904;     /* dates count from 1904 */
	const char *shared; /* the part with the texts that cells share; NULL: none */
	const char *styles; /* likewise, the formats of cells */
};

/* Reads what the file on `fd` has. ERR_FILE for one that is no such workbook, with what to do; workbook_close() in any case. */
enum err_code workbook_open(struct workbook *w, int fd, const char *path, struct err *e);
void workbook_close(struct workbook *w);

/* The sheet of this name, in any case, or the first one that is not hidden for "". ERR_USAGE that lists what there is. */
enum err_code workbook_find(const struct workbook *w, const char *name, size_t *sheet, struct err *e);

#endif
