/*
 * looks.h - what would be written, but deserves a look: fields that are cleared, keys that are missing, what Excel does to files.
 *
 * Nothing of it keeps a record from being written. Records are handed in as the check reads them; memory does not grow with the
 * file.
 */
#ifndef LONGSHORE_PLAN_LOOKS_H
#define LONGSHORE_PLAN_LOOKS_H

#include "core/plan/check.h"

enum { LOOKS_EXCEL_RECORDS = 1048575 /* below a header: where Excel cuts a file off */ };

struct looks;

/* Plan and folder (as with sorter_new(), may be NULL) must outlive it. ERR_INTERNAL without memory. looks_free() takes NULL. */
enum err_code looks_new(struct looks **looks, const struct plan *plan, const char *folder, struct err *e);
void looks_free(struct looks *looks);

/* The record that the plan converted last. ERR_FILE as sorter_add(). */
enum err_code looks_add(struct looks *looks, const struct record *record, const struct plan_line *line,
                        struct err *e);

/* The last of them once more, converted again: is it a total? */
void looks_add_last(struct looks *looks, const struct record *record);

/* All were handed in, of so many in the file: what was seen goes to the check's looks. */
enum err_code looks_end(struct looks *looks, struct check *check, struct err *e);

#endif
