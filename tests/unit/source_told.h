/* source_told.h - what a source makes of a text, told in one text, so that a test says all it expects in one. */
#ifndef LONGSHORE_TESTS_SOURCE_TOLD_H
#define LONGSHORE_TESTS_SOURCE_TOLD_H

#include "source_fixture.h"

enum { TOLD_MOST = 1 << 27 };

static inline struct source *open_text(const char *text)
{
	struct source_options options = { .folder = folder };
	struct source *source = NULL;
	struct err e;

	if (open_bytes(&source, slice_of(text), &options, &e) != ERR_OK)
		fail_msg("%s", e.text);
	return source;
}

static inline void expect(const char *text, enum format format, const char *expected)
{
	struct source *source = open_text(text);
	struct buf told;

	buf_init(&told, TOLD_MOST);
	assert_string_equal(dialect_format_name(source_shape(source)->format), dialect_format_name(format));
	tell_records(source, &told);
	assert_string_equal(buf_text(&told), expected);
	buf_release(&told);
	source_close(source);
}

static inline void expect_refusal(const char *text, const char *because)
{
	struct source_options options = { .folder = folder };
	struct source *source;
	struct err e;

	assert_int_equal(open_bytes(&source, slice_of(text), &options, &e), ERR_FILE);
	assert_null(source);
	if (!strstr(e.text, because))
		fail_msg("\"%s\" does not say \"%s\"", e.text, because);
}

#endif
