/* sheet_source.h - a sheet of a workbook as a source of rows (row_source.h). Private to this room. */
#ifndef LONGSHORE_SOURCE_SHEET_SOURCE_H
#define LONGSHORE_SOURCE_SHEET_SOURCE_H

#include "core/source/source_own.h"
#include "core/source/stream.h"

/* Finds the sheet that is asked for, takes its rows and names the columns. A packed workbook is unpacked first. ERR_FILE for what
 * is no workbook or breaks (workbook.h, sheet_rows.h) and for two columns of one name, ERR_USAGE for a sheet that is not there. */
enum err_code sheet_source_take(struct source *s, struct stream *stream, const struct source_options *o,
                                struct err *e);

#endif
