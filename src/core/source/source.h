/*
 * source.h - a file as numbered records.
 *
 * Record 1 is the first one behind the header. Each has its number and the offset of its first byte, and reading can go
 * on from any such pair. Memory does not grow with the file: records are read through a window of 256 KB that grows only
 * for a record longer than that. A file that is packed, or not UTF-8, is unpacked into a file without a name first; the
 * offsets are those of its text in UTF-8. What was found out about the file (encoding, delimiter) is told with its reason.
 * The source never changes the file and never decides what a cell means.
 */
#ifndef LONGSHORE_SOURCE_SOURCE_H
#define LONGSHORE_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"
#include "core/source/dialect.h"

enum {
	SOURCE_READING = 320,
	SOURCE_SHEET =
		256, /* of a sheet Excel takes 31 characters; a stream's name is often that of a table with its schema */
};

struct source;

struct source_options {
	char delimiter;         /* 0: guessed from the file; else dialect_may_delimit() */
	enum encoding encoding; /* ENCODING_GUESSED: from the file */
	enum format format;     /* likewise */
	char sheet
		[SOURCE_SHEET]; /* of a workbook; "": the first one that is not hidden. Of Singer messages the stream; "": the only one */
	const char *folder; /* for what is unpacked; NULL: where this system keeps temporary files */
	bool beginning;     /* only the first records are wanted: no more than 1 MB is unpacked */
};

/* What the file is. Owned by the source. */
struct source_shape {
	char path[4096]; /* absolute */
	int64_t size;    /* bytes of its text */
	enum packing packing;
	enum encoding encoding;
	enum format format;
	char format_why[96];   /* "its first line is an object", "as given" */
	char encoding_why[96]; /* "byte order mark", "12 of its first bytes are no UTF-8", "as given" */
	char delimiter;
	const char *delimiter_name; /* "comma", "semicolon", "tab", "pipe", "caret", "backquote", else itself */
	char delimiter_why[96];     /* "found in 20 of the first 20 records", "as given" */
	bool byte_order_mark;
	char sheet[SOURCE_SHEET]; /* of a workbook, the stream of Singer messages; "" for any other file */
	char sheet_why[96];       /* "the first of 3", "as given" */
	const char *const *
		sheets; /* all its sheets, or streams with records (of those that were read), as long as this source is open */
	size_t sheet_count;
	int64_t merged;       /* ranges of merged cells in the sheet, whose value counts for their first cell */
	const char *line_end; /* "LF", "CRLF", "CR", "mixed" (as seen in the first 64 KB) */
	const struct slice *columns; /* the header's names, trimmed; "column 3" where it has none */
	size_t column_count;
	int64_t first_offset; /* of record 1 */
};

struct record {
	int64_t number; /* 1 = first data record */
	int64_t offset; /* what source_seek() wants */
	int64_t place; /* of its first byte in the text of the file, of a sheet its row: what people are told */
	const struct slice
		*cells; /* column_count of them unless `fault` is set; valid until the next source_* call */
	size_t count;
	struct slice
		raw; /* as a line of its dialect without the line break: its own bytes in a CSV file; as long as cells */
	bool blank; /* every cell is empty */
	bool plain; /* no cell holds a comma, a quote or a line break; false: it is not known */
	const char *
		fault; /* NULL, or why it is no record of this file ("12 cells, the header has 10", not UTF-8, a NUL
	                             byte, an unclosed quote): one clause, valid as long as cells */
	int64_t fault_place; /* of the byte where that shows, of a sheet the row */
};

/* What a place counts: "byte" or "row". */
const char *source_place_name(const struct source *source);

/* A cell that says more than a blank one: clear the field (JSON null). It is empty, too. */
bool source_is_null(struct slice cell);

/* Opens a file and reads the names of its columns. ERR_FILE with one sentence for: no such file, a directory, unreadable, empty, packed
 * data that is damaged or cut off, a header that is broken, not in its encoding or without any name, a column name twice
 * (with both positions). ERR_USAGE for a delimiter that cannot be one, for
 * a sheet or stream that is not there, and for several streams of which none is chosen; where only the beginning is wanted, the first. The caller closes it. */
enum err_code source_open(struct source **source, const char *path, const struct source_options *options,
                          struct err *e);
void source_close(struct source *source);

/* Another reader of the same content, at its first record. It does not unpack again, and lives on when `like` is closed. */
enum err_code source_open_again(struct source **source, const struct source *like, struct err *e);

/* A file that is gone: its columns are known, and the text of single records as it was kept. Any other record has the fault
 * that it was not. Offsets are not looked at: any will do for source_seek(), and records have 0. */
struct source_kept {
	const char *path; /* where it was; for sentences */
	char delimiter;
	bool nulls;          /* #N/A without quotes clears its field, as in `raw` of JSON */
	struct slice header; /* as a line in that delimiter */
	int64_t records;
	/* Adds the record's bytes, without a line break, to b; false if they were not kept. */
	bool (*text)(void *ctx, int64_t record, struct buf *b);
	void *ctx;
};
enum err_code source_open_kept(struct source **source, const struct source_kept *kept, struct err *e);

/* Called with each record before it is given: it may put other cells in place of the file's, as many, which live as long.
 * `raw` stays what the file holds. NULL: none. */
typedef void source_change(void *ctx, struct record *record);
void source_set_change(struct source *source, source_change *change, void *ctx);

const struct source_shape *source_shape(const struct source *source);

/* How it is read besides its delimiter, for the journal: "csv Windows-1252", "jsonl UTF-8", "singer UTF-8 contacts", "xlsx UTF-8 Sheet1". source_reading_of() fills the options with what such
 * a text says ("": CSV in UTF-8), so that the same content is read the same way again; ERR_JOURNAL if it is none. */
void source_reading(const struct source *source, char to[SOURCE_READING]);
enum err_code source_reading_of(const char *reading, struct source_options *options, struct err *e);

/* Adds what was found out, for people: "20 columns · semicolon (found in 20 of the first 20 records) · gzip · UTF-8 · CRLF". */
void source_describe(const struct source *source, struct buf *b);

/* Adds the header: all before the first record of a CSV file as it stands there, without mark and last line break; for others the
 * columns as a line with commas, as their records are in `raw`. ERR_FILE. */
enum err_code source_header(const struct source *source, struct buf *header, struct err *e);

/* The next record, *more = false behind the last one. Faulty records are given, with `fault` set: reading goes on
 * behind them. Lines without any byte are no records in a file of several columns. ERR_FILE if the file cannot be read
 * or changed its size under way. */
enum err_code source_next(struct source *source, struct record *record, bool *more, struct err *e);

/* Goes on with record `number`, whose first byte is at `offset`: a pair that source_next() gave. */
enum err_code source_seek(struct source *source, int64_t number, int64_t offset, struct err *e);

/* Hash of the file's whole content and its size: what "the same file" means. ERR_FILE as source_open. */
enum err_code source_digest(const char *path, char hash[HASH_TEXT], int64_t *size, struct err *e);

/* Copies standard input to a file of mode 0600 in `folder` (synced), named by its content; its path into `path`. */
enum err_code source_spool(int from, const char *folder, char path[4096], struct err *e);

#endif
