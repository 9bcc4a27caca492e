/* source_words.c - how a source is read, in words: for the journal, and for people. */
#include <stdio.h>
#include <string.h>

#include "core/source/source_own.h"

void source_reading(const struct source *source, char to[SOURCE_READING])
{
	snprintf(to, SOURCE_READING, "csv %s", dialect_encoding_name(source->shape.encoding));
}

enum err_code source_reading_of(const char *reading, struct source_options *options, struct err *e)
{
	options->encoding = ENCODING_UTF_8;
	if (!reading[0] ||
	    (strncmp(reading, "csv ", 4) == 0 && dialect_encoding_of(reading + 4, &options->encoding)))
		return ERR_OK;
	return err_set(e, ERR_JOURNAL,
	               "the journal says that a source is read as \"%s\", which is nothing known", reading);
}

void source_describe(const struct source *source, struct buf *b)
{
	const struct source_shape *shape = &source->shape;
	bool told = shape->byte_order_mark || shape->encoding != ENCODING_UTF_8;

	buf_addf(b, "%zu column%s · %s (%s)", shape->column_count, shape->column_count == 1 ? "" : "s",
	         shape->delimiter_name, shape->delimiter_why);
	if (shape->packing)
		buf_addf(b, " · %s", dialect_packing_name(shape->packing));
	buf_addf(b, " · %s", dialect_encoding_name(shape->encoding));
	if (told)
		buf_addf(b, " (%s)", shape->encoding_why);
	buf_addf(b, " · %s", shape->line_end);
}
