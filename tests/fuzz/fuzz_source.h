/*
 * fuzz_source.h - opens bytes as a source and holds it to what source.h promises: every record has all columns or a fault, its raw
 * line has the same cells, and another reader gets the same records, also when it begins at any one of them.
 */
#ifndef LONGSHORE_FUZZ_SOURCE_H
#define LONGSHORE_FUZZ_SOURCE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "core/source/source.h"

enum { FUZZ_RECORDS = 2000 };

static inline void must(bool so)
{
	if (!so)
		abort();
}

/* A file of this process that every input is written to. */
static inline const char *fuzz_file(void)
{
	static char path[64];

	if (!path[0])
		snprintf(path, sizeof path, "/tmp/longshore-fuzz-%d", (int)getpid());
	return path;
}

static inline void fuzz_write(struct slice bytes)
{
	FILE *f = fopen(fuzz_file(), "wb");

	must(f && fwrite(bytes.len ? bytes.at : "", 1, bytes.len, f) == bytes.len);
	must(fclose(f) == 0);
}

/* The raw line has the record's cells. */
static inline void must_be_raw(const struct source *s, const struct record *r)
{
	const char delimiter = source_shape(s)->delimiter;
	struct csv csv;

	csv_init(&csv, delimiter);
	csv.most_cells = CSV_MOST_CELLS + 1;
	csv_window(&csv, r->raw.at, r->raw.len, true);
	if (csv_next(&csv) == CSV_RECORD) {
		must(csv.count == r->count);
		for (size_t i = 0; i < r->count; i++)
			must(source_is_null(r->cells[i]) ? slice_is(csv.cells[i], "#N/A")
			                                 : slice_equal(csv.cells[i], r->cells[i]));
	} else {
		must(r->raw.len == 0 && r->count == 1);
	}
	csv_release(&csv);
}

static inline void must_be_same(const struct record *a, const struct record *b)
{
	must(a->number == b->number && a->offset == b->offset && a->place == b->place && a->count == b->count);
	must(!a->fault == !b->fault && a->fault_place == b->fault_place && slice_equal(a->raw, b->raw));
	for (size_t i = 0; i < a->count && !a->fault; i++)
		must(slice_equal(a->cells[i], b->cells[i]));
}

/* False where there is nothing more. */
static inline bool fuzz_next(struct source *s, struct record *r)
{
	struct err e;
	bool more;

	err_init(&e);
	must(source_next(s, r, &more, &e) == ERR_OK);
	return more;
}

/* Reading that begins at the record with this number gives what reading from the first on does. */
static inline void must_go_on(struct source *s, struct source *again, int64_t number, const int64_t *offsets)
{
	struct record r, same;
	struct err e;

	err_init(&e);
	must(source_seek(s, 1, offsets[0], &e) == ERR_OK);
	for (int64_t i = 1; i < number; i++)
		must(fuzz_next(s, &r));
	must(source_seek(again, number, offsets[number - 1], &e) == ERR_OK);
	while (fuzz_next(s, &r)) {
		must(fuzz_next(again, &same));
		must_be_same(&r, &same);
	}
	must(!fuzz_next(again, &same));
}

static inline void fuzz_open(const struct source_options *options)
{
	struct source *s, *again;
	struct record r, same;
	int64_t number = 0, offsets[FUZZ_RECORDS];
	struct err e;

	err_init(&e);
	if (source_open(&s, fuzz_file(), options, &e) != ERR_OK) {
		must(!s && e.text[0]);
		return;
	}
	must(source_open_again(&again, s, &e) == ERR_OK);
	while (fuzz_next(s, &r)) {
		must(r.number == ++number);
		if (number <= FUZZ_RECORDS)
			offsets[number - 1] = r.offset;
		must(r.fault || r.count == source_shape(s)->column_count);
		must(fuzz_next(again, &same));
		must_be_same(&r, &same);
		if (!r.fault)
			must_be_raw(s, &r);
	}
	must(!fuzz_next(again, &same));
	if (number > 0 && number <= FUZZ_RECORDS) {
		must_go_on(s, again, number, offsets);
		must_go_on(s, again, number / 2 + 1, offsets);
	}
	source_close(s);
	source_close(again);
}

#endif
