/*
 * sheet_rows.h - the cells of a sheet become rows: the first row with a value in it names the columns, each one below it
 * is a record. A row without a value is none. The place of a record is the number of its row in the sheet.
 */
#ifndef LONGSHORE_SOURCE_SHEET_ROWS_H
#define LONGSHORE_SOURCE_SHEET_ROWS_H

#include "core/source/rows.h"
#include "core/source/workbook.h"

/* Reads a sheet. `folder` is for the workbook's texts, `most` the records that are wanted, 0 for all. *merged becomes the count of
 * merged ranges, whose value stands in their first cell. A column is named by its cell in the first row, "column 3" where that
 * is blank; one without name and values has the name "". ERR_FILE as part_more() and rows_end(), for a sheet without values and for a
 * header that cannot be one. */
enum err_code sheet_rows(struct rows *rows, const struct workbook *w, size_t sheet, const char *folder,
                         int64_t most, int64_t *merged, struct err *e);

#endif
