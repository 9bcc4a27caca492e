/* source_words.c - how a source is read, in words: for the journal, and for people. */
#include <stdio.h>
#include <string.h>

#include "core/source/source_own.h"

void source_reading(const struct source *source, char to[SOURCE_READING])
{
	const struct source_shape *shape = &source->shape;

	snprintf(to, SOURCE_READING, "%s %s%s%s", dialect_format_name(shape->format),
	         dialect_encoding_name(shape->encoding), shape->sheet[0] ? " " : "", shape->sheet);
}

/* The word that begins at *at, which moves behind it. */
static void next_word(const char **at, char word[32])
{
	size_t len = strcspn(*at, " ");

	snprintf(word, 32, "%.*s", (int)len, *at);
	*at += len + ((*at)[len] == ' ');
}

enum err_code source_reading_of(const char *reading, struct source_options *options, struct err *e)
{
	char format[32], encoding[32];
	const char *at = reading;

	options->format = FORMAT_CSV;
	options->encoding = ENCODING_UTF_8;
	if (!reading[0])
		return ERR_OK;
	next_word(&at, format);
	next_word(&at, encoding);
	snprintf(options->sheet, sizeof options->sheet, "%s", at);
	if (dialect_format_of(format, &options->format) && dialect_encoding_of(encoding, &options->encoding))
		return ERR_OK;
	return err_set(e, ERR_JOURNAL,
	               "the journal says that a source is read as \"%s\", which is nothing known", reading);
}

/* "semicolon (found in 20 of the first 20 records)", "jsonl (its first line is an object)" */
static void describe_format(const struct source_shape *shape, struct buf *b)
{
	if (shape->format == FORMAT_CSV)
		buf_addf(b, "%s (%s)", shape->delimiter_name, shape->delimiter_why);
	else
		buf_addf(b, "%s (%s)", dialect_format_name(shape->format), shape->format_why);
}

/* "sheet "Contacts" (the first of 3) · 2 merged ranges (the first cell counts)", "stream "contacts" (the only one)" */
static void describe_sheet(const struct source_shape *shape, struct buf *b)
{
	buf_addf(b, " · %s \"%s\" (%s)", shape->format == FORMAT_XLSX ? "sheet" : "stream", shape->sheet,
	         shape->sheet_why);
	if (shape->merged > 0)
		buf_addf(b, " · %lld merged range%s (the first cell counts)", (long long)shape->merged,
		         shape->merged == 1 ? "" : "s");
}

void source_describe(const struct source *source, struct buf *b)
{
	const struct source_shape *shape = &source->shape;
	bool told = shape->byte_order_mark || shape->encoding != ENCODING_UTF_8;

	buf_addf(b, "%zu column%s · ", shape->column_count, shape->column_count == 1 ? "" : "s");
	describe_format(shape, b);
	if (shape->packing)
		buf_addf(b, " · %s", dialect_packing_name(shape->packing));
	if (shape->sheet[0])
		describe_sheet(shape, b);
	if (shape->format == FORMAT_XLSX)
		return;
	buf_addf(b, " · %s", dialect_encoding_name(shape->encoding));
	if (told)
		buf_addf(b, " (%s)", shape->encoding_why);
	if (shape->format == FORMAT_CSV)
		buf_addf(b, " · %s", shape->line_end);
}
