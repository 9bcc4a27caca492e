/* describe_file.h - describes of tests/data/describe as objects, for tests that run in the source tree's root. */
#ifndef LONGSHORE_TESTS_DESCRIBE_FILE_H
#define LONGSHORE_TESTS_DESCRIBE_FILE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "base/buf.h"
#include "core/org/describe.h"

/* Adds the file's bytes to b, which the caller releases. */
static inline void read_describe(const char *object, struct buf *b)
{
	char path[256], bytes[4096];
	size_t n;
	FILE *f;

	snprintf(path, sizeof path, "tests/data/describe/%s_describe.json", object);
	f = fopen(path, "rb");
	assert_non_null(f);
	while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
		buf_add(b, bytes, n);
	fclose(f);
}

/* The caller calls object_free(). */
static inline struct object *object_from_file(const char *name)
{
	struct object *object;
	struct err e;
	struct buf b;

	err_init(&e);
	buf_init(&b, 1 << 22);
	read_describe(name, &b);
	assert_int_equal(describe_parse(&object, buf_slice(&b), &e), ERR_OK);
	buf_release(&b);
	return object;
}

#endif
