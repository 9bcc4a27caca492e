/* sheet_styles.h - the number formats of a workbook's cells, by the number that a cell has of them (its s). */
#ifndef LONGSHORE_SOURCE_SHEET_STYLES_H
#define LONGSHORE_SOURCE_SHEET_STYLES_H

#include <stddef.h>

#include "core/source/part.h"
#include "core/source/sheet_value.h"

struct sheet_styles {
	struct sheet_format *formats;
	size_t count;
};

/* Reads part `name` of the workbook on `fd`; NULL: there are none. ERR_FILE as part_more(), and for more formats than Excel allows.
 * sheet_styles_release() in any case. */
enum err_code sheet_styles_read(struct sheet_styles *s, int fd, const char *path, const char *name,
                                struct err *e);
void sheet_styles_release(struct sheet_styles *s);

/* The format of a cell; a plain number's for one that is not there. */
struct sheet_format sheet_styles_get(const struct sheet_styles *s, int64_t number);

#endif
