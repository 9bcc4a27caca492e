/*
 * source.h - a file as numbered records.
 *
 * Record 1 is the first one behind the header. Each has its number and the offset of its first byte, and reading can go
 * on from any such pair. Memory does not grow with the file: records are read through a window of 256 KB that grows only
 * for a record longer than that. What was found out about the file (delimiter, line ends, byte order mark) is told with
 * its reason. The source never changes the file and never decides what a cell means.
 */
#ifndef LONGSHORE_SOURCE_SOURCE_H
#define LONGSHORE_SOURCE_SOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/hash.h"

struct source;

struct source_options {
	char delimiter; /* 0: guessed from the file; else dialect_may_delimit() */
};

/* What the file is. Owned by the source. */
struct source_shape {
	char path[4096]; /* absolute */
	int64_t size;    /* bytes */
	char delimiter;
	const char *delimiter_name; /* "comma", "semicolon", "tab", "pipe", "caret", "backquote", else itself */
	char delimiter_why[96];     /* "found in 20 of the first 20 records", "as given" */
	bool byte_order_mark;       /* UTF-8 */
	const char *line_end;       /* "LF", "CRLF", "CR", "mixed" (as seen in the first 64 KB) */
	const struct slice *columns; /* the header's names, trimmed; "column 3" where it has none */
	size_t column_count;
	int64_t first_offset; /* of record 1 */
};

struct record {
	int64_t number; /* 1 = first data record */
	int64_t offset; /* of its first byte in the file */
	const struct slice
		*cells; /* column_count of them unless `fault` is set; valid until the next source_* call */
	size_t count;
	struct slice raw; /* its bytes in the file without the line break; as long as cells */
	bool blank;       /* every cell is empty */
	const char *
		fault; /* NULL, or why it is no record of this file ("12 cells, the header has 10", not UTF-8, a NUL
	                             byte, an unclosed quote): one clause, valid as long as cells */
	int64_t fault_offset; /* of the byte where that shows */
};

/* Opens a CSV file in UTF-8 and reads its header. ERR_FILE with one sentence for: no such file, a directory, unreadable,
 * empty, a header that is broken, not UTF-8 or without any name, a column name twice (with both positions). ERR_USAGE for
 * a delimiter that cannot be one. The caller closes it. */
enum err_code source_open(struct source **source, const char *path, const struct source_options *options,
                          struct err *e);
void source_close(struct source *source);

const struct source_shape *source_shape(const struct source *source);

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
