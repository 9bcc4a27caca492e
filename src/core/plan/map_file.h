/*
 * map_file.h - a mapping as it stands in a file (docs/mapping.md has the form in JSON), before any field is looked up.
 *
 * Names are as they were written. What a command says on top of a file (--set, --ignore, --null-mark ...) is put over it, and
 * then stands in it as if the file had said it: a run keeps the result.
 */
#ifndef LONGSHORE_PLAN_MAP_FILE_H
#define LONGSHORE_PLAN_MAP_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "core/plan/constant.h"
#include "core/plan/rules.h"

/* One column, or several that are joined, to one field or several. */
struct map_entry {
	struct slice *columns;
	size_t column_count;
	struct slice *fields;
	size_t field_count; /* 0: not loaded */
	struct slice with;  /* between the texts of several columns */
	struct cell_rules rules;
	const char *by; /* who says so: "the mapping", "the mapping's line 3", "--ignore" */
	bool joined;    /* stands in the list of those, with one column or several */
};

struct map_constant {
	struct slice field, text;
	bool beats; /* a column that goes to the same field stays out */
	const char *by;
};

struct map_file {
	struct map_entry *entries;
	size_t entry_count;
	struct map_constant *constants;
	size_t constant_count;
	struct cell_rules rules; /* of all columns, where theirs say nothing */
	bool knows;              /* a run's own: with what its constants are filled in */
	struct constant_facts known;
	struct arena arena;
};

/* What a command says. The texts are the caller's. */
struct map_words {
	const char *const *set; /* "FIELD=VALUE" */
	size_t set_count;
	const char *const *ignore; /* columns */
	size_t ignore_count;
	struct cell_rules rules;
};

/* Reads JSON; an empty text is an empty mapping. ERR_USAGE with one sentence and the place if it is not of this form, or for
 * another object than `object`. map_file_release() ends it, after an error too. */
enum err_code map_file_read(struct map_file *m, struct slice json, const char *object, struct err *e);
void map_file_release(struct map_file *m);

/* ERR_USAGE for a --set without a field or a value. */
enum err_code map_file_put_over(struct map_file *m, const struct map_words *words, struct err *e);

/* Takes out what it says of columns that are not among these; what joins several joins those that are left. */
void map_file_keep(struct map_file *m, const struct slice *columns, size_t count);

/* One more of them, empty, in the file's arena; NULL without memory. */
struct map_entry *map_file_add_entry(struct map_file *m, size_t columns, size_t fields);
struct map_constant *map_file_add_constant(struct map_file *m);

/* Adds it to b as JSON; b is short of it without memory. */
void map_file_write(const struct map_file *m, const char *object, struct buf *b);

#endif
