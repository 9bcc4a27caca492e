#include "core/source/json_rows.h"

#include <stdio.h>
#include <string.h>
#include <yajl/yajl_gen.h>
#include <yajl/yajl_parse.h>

#include "base/text.h"
#include "core/source/guess.h"
#include "core/source/json_memory.h"
#include "core/source/lines.h"

enum { DEEPEST = 64, MOST_PATH = 2 * ROWS_LONGEST_NAME };

static const char too_deep[] = "it nests deeper than 64";
static const char no_object[] = "it is no object";

struct reader {
	struct rows *rows;
	yajl_handle parser;
	yajl_gen list;   /* rebuilds a list within a record; NULL: there is none */
	int open;        /* lists and objects within `list` */
	int64_t base;    /* place of the bytes that the parser has now */
	int64_t heard;   /* place of the last event */
	bool lines;      /* one record a line, which the caller ends */
	bool outer;      /* within the list that holds the records */
	bool begun;      /* lines: the line's record */
	int64_t most;    /* records wanted, 0 for all */
	const char *why; /* what is wrong with the JSON, if it is us who says it */
	int depth;       /* objects that are open, the record's is the first */
	struct buf path; /* "Account." and then the name of the value that comes */
	size_t before[DEEPEST],
		at[DEEPEST]; /* its length before each open object, and before the names of that */
	struct err *e;
	struct json_memory memory; /* of parser and list */
};

static int64_t place(const struct reader *r)
{
	return r->base + (int64_t)yajl_get_bytes_consumed(r->parser);
}

/* The path is the name of the value at hand. */
static struct slice name(const struct reader *r)
{
	return buf_slice(&r->path);
}

static void begin_record(struct reader *r, int64_t at)
{
	rows_begin(r->rows, at);
	r->begun = true;
}

static int end_record(struct reader *r)
{
	if (r->lines)
		return 1;
	return rows_end(r->rows, r->e) == ERR_OK && (!r->most || r->rows->number < r->most);
}

/* A value that stands where a record should. */
static int stray(struct reader *r)
{
	begin_record(r, r->heard);
	rows_fault(r->rows, no_object, r->heard);
	return end_record(r);
}

static int deeper(struct reader *r)
{
	r->why = too_deep;
	return 0;
}

/* Behind each step of a list that is rebuilt: is it whole? */
static int in_list(struct reader *r, yajl_gen_status status, int opens)
{
	const unsigned char *text;
	size_t len;

	if (status != yajl_gen_status_ok || yajl_gen_get_buf(r->list, &text, &len) != yajl_gen_status_ok)
		return err_memory(r->e, "a list") == ERR_OK;
	r->open += opens;
	if (len > CSV_MOST_BYTES) {
		rows_fault(r->rows, "a record over 16 MB", r->heard);
		yajl_gen_clear(r->list);
	}
	if (r->open > 0)
		return 1;
	if (r->depth > 0)
		rows_put(r->rows, name(r), (struct slice){ (const char *)text, len }, r->heard);
	yajl_gen_free(r->list);
	r->list = NULL;
	return r->depth > 0 ? 1 : stray(r);
}

static int on_null(void *ctx)
{
	struct reader *r = ctx;

	r->heard = place(r);
	if (r->list)
		return in_list(r, yajl_gen_null(r->list), 0);
	if (r->depth == 0)
		return stray(r);
	rows_put_null(r->rows, name(r), r->heard);
	return 1;
}

static int put(struct reader *r, struct slice value)
{
	if (r->depth == 0)
		return stray(r);
	rows_put(r->rows, name(r), value, r->heard);
	return 1;
}

static int on_boolean(void *ctx, int yes)
{
	struct reader *r = ctx;

	r->heard = place(r);
	if (r->list)
		return in_list(r, yajl_gen_bool(r->list, yes), 0);
	return put(r, slice_of(yes ? "true" : "false"));
}

static int on_number(void *ctx, const char *text, size_t len)
{
	struct reader *r = ctx;

	r->heard = place(r);
	if (r->list)
		return in_list(r, yajl_gen_number(r->list, text, len), 0);
	return put(r, (struct slice){ text, len });
}

static int on_string(void *ctx, const unsigned char *text, size_t len)
{
	struct reader *r = ctx;

	r->heard = place(r);
	if (r->list)
		return in_list(r, yajl_gen_string(r->list, text, len), 0);
	return put(r, (struct slice){ (const char *)text, len });
}

static int on_start_map(void *ctx)
{
	struct reader *r = ctx;

	r->heard = place(r);
	if (r->open + r->depth == DEEPEST)
		return deeper(r);
	if (r->list)
		return in_list(r, yajl_gen_map_open(r->list), 1);
	r->before[r->depth] = r->path.len;
	if (r->depth == 0)
		begin_record(r, r->heard - 1);
	else
		buf_add_char(&r->path, '.');
	r->at[r->depth++] = r->path.len;
	return 1;
}

static int on_map_key(void *ctx, const unsigned char *text, size_t len)
{
	struct reader *r = ctx;

	r->heard = place(r);
	if (r->list)
		return in_list(r, yajl_gen_string(r->list, text, len), 0);
	r->path.len = r->at[r->depth - 1];
	buf_add(&r->path, text, len);
	if (r->path.short_of) {
		rows_fault(r->rows, "a name of more than 1,000 bytes", r->heard);
		r->path.short_of = false;
	}
	return 1;
}

static int on_end_map(void *ctx)
{
	struct reader *r = ctx;

	r->heard = place(r);
	if (r->list)
		return in_list(r, yajl_gen_map_close(r->list), -1);
	r->path.len = r->before[--r->depth];
	return r->depth ? 1 : end_record(r);
}

static int on_start_array(void *ctx)
{
	struct reader *r = ctx;

	r->heard = place(r);
	if (!r->list && r->depth == 0 && !r->outer && !r->lines) {
		r->outer = true;
		return 1;
	}
	if (r->open + r->depth == DEEPEST)
		return deeper(r);
	if (!r->list && !(r->list = yajl_gen_alloc(&r->memory.funcs)))
		return err_memory(r->e, "a list") == ERR_OK;
	return in_list(r, yajl_gen_array_open(r->list), 1);
}

static int on_end_array(void *ctx)
{
	struct reader *r = ctx;

	r->heard = place(r);
	if (r->list)
		return in_list(r, yajl_gen_array_close(r->list), -1);
	r->outer = false;
	return 1;
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_start_map,
	.yajl_map_key = on_map_key,
	.yajl_end_map = on_end_map,
	.yajl_start_array = on_start_array,
	.yajl_end_array = on_end_array,
};

static void reader_init(struct reader *r, struct rows *rows, bool lines, int64_t most, struct err *e)
{
	*r = (struct reader){ .rows = rows, .lines = lines, .most = most, .e = e };
	buf_init(&r->path, MOST_PATH);
	json_memory_init(&r->memory);
}

/* A parser for a text that begins at `at`. */
static bool reader_begin(struct reader *r, int64_t at, bool several)
{
	r->base = r->heard = at;
	r->depth = r->open = 0;
	r->outer = r->begun = false;
	r->why = NULL;
	buf_clear(&r->path);
	if (!buf_reserve(&r->path, MOST_PATH))
		return false; /* so that a name that does not fit is too long, and nothing else */
	if (setjmp(r->memory.out) == 0) {
		r->memory.armed = true;
		r->parser = yajl_alloc(&callbacks, &r->memory.funcs, r);
	}
	r->memory.armed = false;
	return r->parser && (!several || yajl_config(r->parser, yajl_allow_multiple_values, 1));
}

/* yajl_parse(); the end of the text is one of no bytes at all. Without memory it is as if one of ours had stopped it. */
static yajl_status parse(struct reader *r, struct slice piece)
{
	yajl_status status = yajl_status_client_canceled;

	if (setjmp(r->memory.out) == 0) {
		r->memory.armed = true;
		if (piece.at)
			status = yajl_parse(r->parser, (const unsigned char *)piece.at, piece.len);
		else
			status = yajl_complete_parse(r->parser);
		r->memory.armed = false;
		return status;
	}
	r->memory.armed = false;
	err_memory(r->e, "reading JSON");
	return yajl_status_client_canceled;
}

static void reader_end(struct reader *r)
{
	if (r->list && !r->memory.failed)
		yajl_gen_free(r->list);
	if (r->parser && !r->memory.failed)
		yajl_free(r->parser);
	json_memory_release(&r->memory);
	r->list = NULL;
	r->parser = NULL;
}

/* What the parser has to say, "invalid character inside string"; without its full stop. */
static void why_not(struct reader *r, char why[128])
{
	unsigned char *text = r->why ? NULL : yajl_get_error(r->parser, 0, NULL, 0);
	const char *said = (const char *)text, *colon = text ? strstr(said, ": ") : NULL;

	said = colon ? colon + 2 : r->why ? r->why : "no JSON";
	snprintf(why, 128, "%.*s", (int)strcspn(said, "\n"), said);
	if (why[0] && why[strlen(why) - 1] == '.')
		why[strlen(why) - 1] = '\0';
	if (text)
		yajl_free_error(r->parser, text);
}

/* ---- JSON Lines ---- */

static enum err_code take_line(struct reader *r, struct slice line, int64_t at, struct err *e)
{
	bool read, whole;
	char why[128];

	if (slice_trim(line).len == 0)
		return ERR_OK;
	if (!reader_begin(r, at, false)) {
		reader_end(r);
		return err_memory(e, "reading JSON");
	}
	read = parse(r, line) == yajl_status_ok;
	whole = read && parse(r, (struct slice){ 0 }) == yajl_status_ok;
	if (r->memory.failed) {
		reader_end(r);
		return e->code;
	}
	if (!r->begun)
		begin_record(r, at);
	if (!whole) {
		why_not(r, why);
		rows_fault(r->rows, read ? "it ends too early" : why, read ? at + (int64_t)line.len : place(r));
	}
	reader_end(r);
	return e->code == ERR_OK ? rows_end(r->rows, e) : e->code;
}

static enum err_code long_line(struct reader *r, int64_t at, struct err *e)
{
	begin_record(r, at);
	rows_fault(r->rows, "a record over 16 MB", at);
	return rows_end(r->rows, e);
}

static bool enough(const struct reader *r)
{
	return r->most && r->rows->number >= r->most;
}

enum err_code json_rows_lines(struct rows *rows, struct plain *text, int64_t most, struct err *e)
{
	enum err_code rc = ERR_OK;
	struct lines lines;
	struct reader r;
	struct line line;
	bool more = true;

	reader_init(&r, rows, true, most, e);
	lines_init(&lines, text);
	while (rc == ERR_OK && !enough(&r)) {
		rc = lines_next(&lines, &line, &more, e);
		if (rc != ERR_OK || !more)
			break;
		rc = line.text.at ? take_line(&r, line.text, line.at, e) : long_line(&r, line.at, e);
	}
	lines_release(&lines);
	buf_release(&r.path);
	return rc == ERR_OK ? rows_flush(rows, e) : rc;
}

/* ---- a list ---- */

/* The JSON breaks, or is too much: nothing behind it can be trusted. */
static enum err_code broken(struct reader *r, const char *path, struct err *e)
{
	char why[128], at[27];

	if (e->code != ERR_OK)
		return e->code;
	why_not(r, why);
	return err_set(e, ERR_FILE, "%s breaks at byte %s, %s record %lld: %s; correct it there", path,
	               text_count(place(r), at, sizeof at), r->depth > 0 ? "in" : "behind",
	               (long long)r->rows->number, why);
}

static enum err_code cut_off(const struct reader *r, const char *path, struct err *e)
{
	char at[27];

	return err_set(e, ERR_FILE, "%s is cut off: it ends at byte %s, %s record %lld; get the file again",
	               path, text_count(r->base, at, sizeof at), r->depth > 0 ? "in" : "behind",
	               (long long)r->rows->number);
}

static enum err_code too_long(const struct reader *r, const char *path, struct err *e)
{
	char at[27];

	return err_set(e, ERR_FILE, "%s has a value of more than 16 MB at byte %s, in record %lld", path,
	               text_count(r->heard, at, sizeof at), (long long)r->rows->number);
}

static enum err_code take_piece(struct reader *r, struct slice piece, const char *path, struct err *e)
{
	yajl_status status = parse(r, piece);

	if (status != yajl_status_ok && !enough(r))
		return broken(r, path, e);
	r->base += (int64_t)piece.len;
	return r->base - r->heard > CSV_MOST_BYTES ? too_long(r, path, e) : e->code;
}

/* One list, or several objects? */
static bool begins_with_object(struct slice piece)
{
	size_t i = 0;

	while (i < piece.len && strchr(" \t\r\n", piece.at[i]))
		i++;
	return i < piece.len && piece.at[i] == '{';
}

static enum err_code take_list(struct reader *r, struct plain *text, const char *path, struct err *e)
{
	struct slice piece;
	enum err_code rc = plain_next(text, &piece, e);
	size_t mark = guess_mark(piece);

	if (rc != ERR_OK)
		return rc;
	piece = (struct slice){ piece.at + mark, piece.len - mark };
	if (!reader_begin(r, (int64_t)mark, begins_with_object(piece)))
		return err_memory(e, "reading JSON");
	while (rc == ERR_OK && piece.len > 0 && !enough(r)) {
		rc = take_piece(r, piece, path, e);
		if (rc == ERR_OK)
			rc = plain_next(text, &piece, e);
	}
	if (rc == ERR_OK && !enough(r) && parse(r, (struct slice){ 0 }) != yajl_status_ok)
		return e->code == ERR_OK ? cut_off(r, path, e) : e->code;
	return rc;
}

enum err_code json_rows_list(struct rows *rows, struct plain *text, const char *path, int64_t most,
                             struct err *e)
{
	struct reader r;
	enum err_code rc;

	reader_init(&r, rows, false, most, e);
	rc = take_list(&r, text, path, e);
	reader_end(&r);
	buf_release(&r.path);
	return rc == ERR_OK ? rows_flush(rows, e) : rc;
}
