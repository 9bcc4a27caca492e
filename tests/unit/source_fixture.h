/* source_fixture.h - a folder with one file of any bytes, opened as a source and told as a text; and dice from a seed. */
#ifndef LONGSHORE_TESTS_SOURCE_FIXTURE_H
#define LONGSHORE_TESTS_SOURCE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/source/source.h"

static char folder[64], path[96];
static uint64_t seed;

static inline int make_folder(void **unused)
{
	(void)unused;
	snprintf(folder, sizeof folder, "/tmp/longshore-source-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/in", folder);
	return 0;
}

/* That it is empty then shows that nothing unpacked is left behind. */
static inline int remove_folder(void **unused)
{
	(void)unused;
	unlink(path);
	return rmdir(folder);
}

static inline unsigned dice(unsigned sides)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % sides;
}

static inline void write_bytes(struct slice bytes)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes.len ? bytes.at : "", 1, bytes.len, f), bytes.len);
	assert_int_equal(fclose(f), 0);
}

static inline enum err_code open_bytes(struct source **source, struct slice bytes,
                                       const struct source_options *options, struct err *e)
{
	write_bytes(bytes);
	err_init(e);
	return source_open(source, path, options, e);
}

static inline bool next_record(struct source *source, struct record *record)
{
	struct err e;
	bool more;

	err_init(&e);
	if (source_next(source, record, &more, &e) != ERR_OK)
		fail_msg("%s", e.text);
	return more;
}

/* "a|b\n1@2[x][]\n2@9!why@11\n": the columns, then number and place of each record with its cells or its fault, and
 * that one's place where it is another. */
static inline void tell_records(struct source *source, struct buf *told)
{
	const struct source_shape *shape = source_shape(source);
	struct record r;

	for (size_t i = 0; i < shape->column_count; i++)
		buf_addf(told, "%s%.*s", i ? "|" : "", SLICE_ARGS(shape->columns[i]));
	buf_add_char(told, '\n');
	while (next_record(source, &r)) {
		buf_addf(told, "%d@%d%s", (int)r.number, (int)r.place, r.blank ? "blank" : "");
		if (r.fault)
			buf_addf(told, "!%s", r.fault);
		if (r.fault && r.fault_place != r.place)
			buf_addf(told, "@%d", (int)r.fault_place);
		for (size_t i = 0; i < r.count && !r.fault; i++)
			buf_addf(told, "[%s%.*s]", source_is_null(r.cells[i]) ? "NULL" : "",
			         SLICE_ARGS(r.cells[i]));
		buf_add_char(told, '\n');
	}
}

#endif
