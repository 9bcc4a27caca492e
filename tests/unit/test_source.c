/* A file as numbered records: what is found out about it, what is refused, and that reading can go on anywhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/csv.h"
#include "core/source/source.h"

static char folder[64];

static int make_folder(void **unused)
{
	(void)unused;
	snprintf(folder, sizeof folder, "/tmp/longshore-source-XXXXXX");
	return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **unused)
{
	(void)unused;
	return rmdir(folder);
}

static const char *path_of(const char *name)
{
	static char path[128];

	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static void write_bytes(struct slice bytes)
{
	FILE *f = fopen(path_of("in.csv"), "wb");

	assert_non_null(f);
	assert_int_equal(fwrite(bytes.len ? bytes.at : "", 1, bytes.len, f), bytes.len);
	assert_int_equal(fclose(f), 0);
}

static struct source *open_bytes(struct slice bytes, char delimiter)
{
	struct source_options options = { .delimiter = delimiter };
	struct source *source = NULL;
	struct err e;

	err_init(&e);
	write_bytes(bytes);
	if (source_open(&source, path_of("in.csv"), &options, &e) != ERR_OK)
		fail_msg("%s", e.text);
	return source;
}

static struct source *open_text(const char *text)
{
	return open_bytes(slice_of(text), '\0');
}

static void close_and_remove(struct source *source)
{
	source_close(source);
	assert_int_equal(unlink(path_of("in.csv")), 0);
}

static bool next(struct source *source, struct record *record)
{
	struct err e;
	bool more;

	err_init(&e);
	if (source_next(source, record, &more, &e) != ERR_OK)
		fail_msg("%s", e.text);
	return more;
}

/* "1@4[x][y] 2@8!why@10 ": numbers, offsets, cells or faults of all records. */
static void expect_records(const char *text, const char *expected)
{
	struct source *source = open_text(text);
	struct record r;
	struct buf told;

	buf_init(&told, 4096);
	while (next(source, &r)) {
		buf_addf(&told, "%d@%d%s", (int)r.number, (int)r.offset, r.blank ? "blank" : "");
		if (r.fault)
			buf_addf(&told, "!%s@%d", r.fault, (int)r.fault_place);
		for (size_t i = 0; i < r.count && !r.fault; i++)
			buf_addf(&told, "[%.*s]", SLICE_ARGS(r.cells[i]));
		buf_add_char(&told, ' ');
	}
	assert_string_equal(buf_text(&told), expected);
	buf_release(&told);
	close_and_remove(source);
}

static void expect_refusal(struct slice bytes, const char *because)
{
	struct source *source;
	struct err e;

	err_init(&e);
	write_bytes(bytes);
	assert_int_equal(source_open(&source, path_of("in.csv"), NULL, &e), ERR_FILE);
	assert_null(source);
	if (!strstr(e.text, because))
		fail_msg("\"%s\" does not say \"%s\"", e.text, because);
	assert_int_equal(unlink(path_of("in.csv")), 0);
}

static void records_are_numbered_from_one_behind_the_header(void **unused)
{
	(void)unused;
	expect_records("a,b\nc,d\ne,f", "1@4[c][d] 2@8[e][f] ");
	expect_records("a,b\r\n\"c\"\"\",\"d\r\nd\"\r\n,\r\n", "1@5[c\"][d\r\nd] 2@19blank[][] ");
	expect_records("a,b\n", "");
	expect_records("a,b", "");
}

static void lines_without_bytes_are_records_only_of_a_single_column(void **unused)
{
	(void)unused;
	expect_records("\n\na,b\n\nc,d\n\n\n", "1@7[c][d] ");
	expect_records("a\nb\n\nc\n", "1@2[b] 2@4blank[] 3@5[c] ");
}

static void a_faulty_record_is_given_with_its_fault_and_reading_goes_on(void **unused)
{
	(void)unused;
	expect_records("a,b\n1\n2,3\n", "1@4!1 cell, the header has 2@4 2@6[2][3] ");
	expect_records("a,b\n1,2,3\n2,3\n", "1@4!3 cells, the header has 2@4 2@10[2][3] ");
	expect_records("a,b\n1,caf\xe9\n2,\xc3\xa9\n", "1@4!byte 0xE9 is not UTF-8@9 2@11[2][\xc3\xa9] ");
	expect_records("a,b\n1,\"2\"x\n2,3\n", "1@4!text behind a closing quote@9 2@11[2][3] ");
	expect_records("a,b\n2,3\n1,\"2\n4,5\n", "1@4[2][3] 2@8!an unclosed quote@10 3@13[4][5] ");
}

static void a_nul_byte_is_a_fault_of_its_record(void **unused)
{
	struct source *source = open_bytes((struct slice){ "name,b\n1,x\0y\n2,3\n", 17 }, '\0');
	struct record r;

	(void)unused;
	assert_true(next(source, &r));
	assert_string_equal(r.fault, "a NUL byte");
	assert_int_equal(r.fault_place, 10);
	assert_true(next(source, &r));
	assert_null(r.fault);
	assert_int_equal(r.number, 2);
	close_and_remove(source);
}

static void columns_are_trimmed_and_may_hold_line_breaks(void **unused)
{
	struct source *source = open_text("\xef\xbb\xbf Name ;\"First\nName\";; \"\"x\n1;2;3;4\n");
	const struct source_shape *shape = source_shape(source);

	(void)unused;
	assert_true(shape->byte_order_mark);
	assert_int_equal(shape->column_count, 4);
	assert_true(slice_is(shape->columns[0], "Name"));
	assert_true(slice_is(shape->columns[1], "First\nName"));
	assert_true(slice_is(shape->columns[2], "column 3"));
	assert_true(slice_is(shape->columns[3], "\"\"x"));
	assert_int_equal(shape->size, 37);
	assert_int_equal(shape->first_offset, 29);
	close_and_remove(source);
}

static void expect_delimiter(const char *text, char asked, const char *name, const char *why)
{
	struct source *source = open_bytes(slice_of(text), asked);

	assert_string_equal(source_shape(source)->delimiter_name, name);
	assert_string_equal(source_shape(source)->delimiter_why, why);
	close_and_remove(source);
}

static void the_delimiter_is_guessed_and_the_reason_told(void **unused)
{
	(void)unused;
	expect_delimiter("a,b\nc,d\n", '\0', "comma", "found in 2 of the first 2 records");
	expect_delimiter("a;b;c\n1,5;2;3\n2,5;2;3\n", '\0', "semicolon", "found in 3 of the first 3 records");
	expect_delimiter("a\tb\n\"1;2;3\"\t\"x,\ty\"\n1,2\t4\n", '\0', "tab",
	                 "found in 3 of the first 3 records");
	expect_delimiter("a,b\n1;2,x;y\n3;4,z\n\n5\n", '\0', "comma", "found in 3 of the first 4 records");
	expect_delimiter("name\none\ntwo\n", '\0', "comma", "no usual delimiter cuts the first records alike");
	expect_delimiter("a,b;c\n", ';', "semicolon", "as given");
	expect_delimiter("a|b;c|d\n1|2|3\n", '\0', "pipe", "found in 2 of the first 2 records");
	expect_delimiter("a^b^c,d\n1,5^2^3\n", '\0', "caret", "found in 2 of the first 2 records");
	expect_delimiter("a`b`c\n1,5`2`3\n", '\0', "backquote", "found in 2 of the first 2 records");
	expect_delimiter("a|b\n", '|', "pipe", "as given");
	expect_delimiter("a:b\n", ':', ":", "as given");
	expect_delimiter("sep=;\r\na,b;c\n", '\0', "semicolon", "named in the first line (sep=)");
	expect_records("sep=;\r\na;b\n1;2\n", "1@11[1][2] ");
	expect_delimiter("sep=:\na:b,c\n", '\0', ":", "named in the first line (sep=)");
	expect_records("sep=\na\n", "1@5[a] ");
}

static void expect_line_end(const char *text, const char *expected)
{
	struct source *source = open_text(text);

	assert_string_equal(source_shape(source)->line_end, expected);
	close_and_remove(source);
}

static void line_ends_are_told_without_those_in_quotes(void **unused)
{
	(void)unused;
	expect_line_end("a,b\n1,2\n", "LF");
	expect_line_end("a,b\r\n1,\"x\ny\"\r\n", "CRLF");
	expect_line_end("a,b\r1,2\r", "CR");
	expect_line_end("a,b\n1,2\r\n", "mixed");
	expect_line_end("a,b", "LF");
}

static void what_is_no_csv_file_is_refused_with_the_cure(void **unused)
{
	(void)unused;
	expect_refusal(slice_of(""), "is empty");
	expect_refusal(slice_of("\n\r\n"), "is empty");
	expect_refusal(slice_of("\xef\xbb\xbf"), "is empty");
	expect_refusal((struct slice){ "name,a\0\nvalue,value\n", 20 }, "NUL byte at byte 6");
	expect_refusal((struct slice){ "PK\x03\x04", 4 }, "is cut off or damaged");
	expect_refusal(slice_of("\xd0\xcf\x11\xe0 and more"), "save it as .xlsx without one, or as CSV");
	expect_refusal((struct slice){ "\x1f\x8b\x08", 3 }, "is cut off");
	expect_refusal(slice_of("n\xc3\xa4me,caf\xe9\n"), "not UTF-8 (0xE9 at byte 9)");
	expect_refusal(slice_of("name,\"b\n1,2\n"), "an unclosed quote at byte 5");
	expect_refusal(slice_of(",,\n1,2,3\n"), "has no names");
	expect_refusal(slice_of(" \n1\n"), "has no names");
	expect_refusal(slice_of("a,,Column 2\n"), "columns 2 and 3 of ");
	expect_refusal(slice_of("Name,b, NAME\n"), "columns 1 and 3 of ");
	expect_refusal(slice_of("x\033[2J,X\033[2J\n"), "\"X␛[2J\"");
}

static void expect_no_file(const char *path, const char *because)
{
	char hash[HASH_TEXT];
	struct source *source;
	struct err e, same;
	int64_t size;

	err_init(&e);
	err_init(&same);
	assert_int_equal(source_open(&source, path, NULL, &e), ERR_FILE);
	assert_non_null(strstr(e.text, because));
	assert_int_equal(source_digest(path, hash, &size, &same), ERR_FILE);
	assert_string_equal(e.text, same.text);
}

static void what_is_no_file_is_refused(void **unused)
{
	(void)unused;
	expect_no_file(path_of("none.csv"), "No such file");
	expect_no_file(folder, "is a folder");
	assert_int_equal(mkfifo(path_of("pipe"), 0600), 0);
	expect_no_file(path_of("pipe"), "name - as the file");
	assert_int_equal(unlink(path_of("pipe")), 0);
}

static uint64_t seed;

static unsigned dice(unsigned sides)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % sides;
}

/* Three columns, 900 KB, faults of every kind among the records, and one record longer than the window. */
static void add_random_file(struct buf *b)
{
	/* clang-format off: one line of the file each */
	static const char *const odd[] = {
		"\n",
		"only one\n",
		"1,2,3,4\r\n",
		"1,\"2\"x,3\n",
		"\"several\nlines\",\"\"\"q\"\"\",\r\n",
		",,\n",
		"bad \xff,2,3\n",
		"é,ü,\"ö,\r\"\n",
		"12\" monitor,2,3\r",
	};
	/* clang-format on */

	seed = 7;
	buf_add_text(b, "a,b,c\n");
	for (int i = 0; i < 9000; i++) {
		if (dice(8) == 0)
			buf_add_text(b, odd[dice(sizeof odd / sizeof odd[0])]);
		else
			buf_addf(b, "%d,%0*d,\"x,%u\"\n", i, (int)(1 + dice(60)), 1, dice(1000));
		if (i == 4000)
			buf_addf(b, "long,\"%0*d\",long\n", 600000, 1);
	}
}

struct seen {
	int64_t offset;
	uint64_t cells;
	bool fault;
};

static uint64_t hash_cells(const struct record *r)
{
	uint64_t h = hash_of(r->raw, 1);

	for (size_t i = 0; i < r->count; i++)
		h = hash_of(r->cells[i], h);
	return h;
}

static void reading_goes_on_at_any_record(void **unused)
{
	struct seen *seen = calloc(20000, sizeof *seen);
	struct source *source;
	struct record r;
	struct buf file;
	size_t count = 0;
	struct err e;

	(void)unused;
	assert_non_null(seen);
	err_init(&e);
	buf_init(&file, 4 * 1024 * 1024);
	add_random_file(&file);
	source = open_bytes(buf_slice(&file), '\0');
	while (next(source, &r)) {
		assert_int_equal(r.number, count + 1);
		assert_memory_equal(r.raw.at, file.at + r.offset, r.raw.len);
		seen[count++] = (struct seen){ r.offset, hash_cells(&r), r.fault };
	}
	assert_true(count > 8000 && count < 20000);
	for (int times = 0; times < 3000; times++) {
		size_t at = dice((unsigned)count);

		assert_int_equal(source_seek(source, (int64_t)at + 1, seen[at].offset, &e), ERR_OK);
		for (size_t i = at; i < at + 3 && i < count; i++) {
			assert_true(next(source, &r));
			assert_int_equal(r.number, i + 1);
			assert_int_equal(r.offset, seen[i].offset);
			assert_true(hash_cells(&r) == seen[i].cells);
			assert_int_equal(r.fault != NULL, seen[i].fault);
		}
	}
	assert_int_equal(source_seek(source, 1, (int64_t)file.len, &e), ERR_OK);
	assert_false(next(source, &r));
	assert_int_equal(source_seek(source, 1, (int64_t)file.len + 1, &e), ERR_FILE);
	close_and_remove(source);
	buf_release(&file);
	free(seen);
}

static void add_zeros(struct buf *b, int len)
{
	buf_addf(b, "%0*d", len, 0);
}

static void a_record_over_16_mb_is_a_fault_and_the_next_one_is_read(void **unused)
{
	struct source *source;
	struct record r;
	struct buf file;

	(void)unused;
	buf_init(&file, (size_t)1 << 26);
	buf_add_text(&file, "a,b\n1,");
	add_zeros(&file, 40 * 1000 * 1000);
	buf_add_text(&file, "\n2,x\n");
	source = open_bytes(buf_slice(&file), '\0');
	assert_true(next(source, &r));
	assert_string_equal(r.fault, "a record over 16 MB");
	assert_true(next(source, &r));
	assert_null(r.fault);
	assert_int_equal(r.number, 2);
	assert_true(slice_is(r.raw, "2,x"));
	assert_int_equal(r.offset, 40000007);
	assert_false(next(source, &r));
	close_and_remove(source);
	buf_release(&file);
}

/* 5,000 columns of which each cell is its own name, and one cell as long as Salesforce's longest text. */
static void wide_and_long_records_are_read_whole(void **unused)
{
	struct source *source;
	struct record r;
	struct buf file;

	(void)unused;
	buf_init(&file, (size_t)1 << 26);
	for (int line = 0; line < 2; line++)
		for (int i = 0; i < 5000; i++)
			buf_addf(&file, "f%d%c", i, i < 4999 ? ';' : '\n');
	for (int i = 0; i < 4999; i++)
		buf_addf(&file, "%d;", i);
	buf_add_char(&file, '"');
	add_zeros(&file, 131071);
	buf_add_text(&file, "\xc3\xa9\"");
	source = open_bytes(buf_slice(&file), '\0');
	assert_int_equal(source_shape(source)->column_count, 5000);
	assert_true(next(source, &r));
	assert_null(r.fault);
	for (size_t i = 0; i < 5000; i++)
		assert_true(slice_equal(r.cells[i], source_shape(source)->columns[i]));
	assert_true(next(source, &r));
	assert_null(r.fault);
	assert_int_equal(r.cells[4999].len, 131073);
	assert_false(next(source, &r));
	close_and_remove(source);
	buf_clear(&file);
	for (int i = 0; i < 5001; i++)
		buf_add_text(&file, "x,");
	expect_refusal(buf_slice(&file), "more than 5,000 cells");
	buf_release(&file);
}

static void lone_and_mixed_line_ends_cut_the_same_records(void **unused)
{
	(void)unused;
	expect_records("a,b\rc,d\r\"e\r\n\",f\r", "1@4[c][d] 2@8[e\r\n][f] ");
	expect_records("a,b\r\nc,d\re,f\n\rg,h", "1@5[c][d] 2@9[e][f] 3@14[g][h] ");
}

/* Texts of the records 2 and 4 of a file that is gone; 5 was kept as it was, and is no record. */
static bool kept_text(void *ctx, int64_t record, struct buf *b)
{
	static const char *const texts[] = { [2] = "B;\"two; 2\"", [4] = "D;four", [5] = "E;five;5" };

	(void)ctx;
	if (record >= 6 || !texts[record])
		return false;
	buf_add_text(b, texts[record]);
	return true;
}

static void a_file_that_is_gone_is_read_from_what_was_kept_of_it(void **unused)
{
	struct source_kept kept = { .path = "/gone/people.csv",
		                    .delimiter = ';',
		                    .header = slice_of("Name;Note"),
		                    .records = 6,
		                    .text = kept_text };
	struct source *source, *again;
	struct record r;
	struct err e;
	bool more;

	(void)unused;
	err_init(&e);
	assert_int_equal(source_open_kept(&source, &kept, &e), ERR_OK);
	assert_int_equal(source_open_again(&again, source, &e), ERR_OK);
	source_close(source);
	assert_int_equal(source_shape(again)->column_count, 2);
	assert_true(slice_is(source_shape(again)->columns[1], "Note"));
	assert_string_equal(source_shape(again)->path, "/gone/people.csv");
	for (int64_t n = 1; n <= 6; n++) {
		assert_int_equal(source_next(again, &r, &more, &e), ERR_OK);
		assert_true(more && r.number == n);
		if (n == 1 || n == 3 || n == 6)
			assert_string_equal(r.fault, "its text was not kept");
		if (n == 5)
			assert_string_equal(r.fault, "3 cells, the header has 2");
	}
	assert_int_equal(source_next(again, &r, &more, &e), ERR_OK);
	assert_false(more);
	assert_int_equal(source_seek(again, 2, 12345, &e), ERR_OK);
	assert_int_equal(source_next(again, &r, &more, &e), ERR_OK);
	assert_true(r.number == 2 && !r.fault && slice_is(r.cells[1], "two; 2"));
	source_close(again);
}

static void change_second(void *ctx, struct record *record)
{
	static struct slice cells[2];

	if (record->number != *(int64_t *)ctx)
		return;
	cells[0] = record->cells[0];
	cells[1] = slice_of("changed");
	record->cells = cells;
}

static void cells_may_be_changed_as_they_are_read(void **unused)
{
	struct source *source = open_text("Name,Note\nA,one\n,\nC,three\n");
	int64_t number = 2;
	struct record r;

	(void)unused;
	source_set_change(source, change_second, &number);
	assert_true(next(source, &r) && slice_is(r.cells[1], "one"));
	assert_true(next(source, &r) && slice_is(r.cells[1], "changed"));
	assert_false(r.blank);
	assert_true(slice_is(r.raw, ",")); /* as the file has it */
	assert_true(next(source, &r) && slice_is(r.cells[1], "three"));
	close_and_remove(source);
}

static void expect_change_is_seen(off_t new_size)
{
	enum err_code rc = ERR_OK;
	struct source *source;
	struct record r;
	struct buf file;
	bool more = true;
	struct err e;

	err_init(&e);
	buf_init(&file, 4 * 1024 * 1024);
	add_random_file(&file);
	source = open_bytes(buf_slice(&file), '\0');
	assert_true(next(source, &r));
	assert_int_equal(truncate(path_of("in.csv"), new_size), 0);
	while (rc == ERR_OK && more)
		rc = source_next(source, &r, &more, &e);
	assert_int_equal(rc, ERR_FILE);
	assert_non_null(strstr(e.text, "changed while it was read"));
	close_and_remove(source);
	buf_release(&file);
}

static void a_file_that_changes_its_size_is_refused(void **unused)
{
	(void)unused;
	expect_change_is_seen(300000);  /* cut within what is to be read */
	expect_change_is_seen(9000000); /* longer */
	expect_change_is_seen(0);
}

static void the_digest_tells_contents_apart(void **unused)
{
	char first[HASH_TEXT], second[HASH_TEXT];
	struct buf file;
	int64_t size;
	struct err e;

	(void)unused;
	err_init(&e);
	write_bytes(slice_of(""));
	assert_int_equal(source_digest(path_of("in.csv"), first, &size, &e), ERR_OK);
	assert_string_equal(first, "99aa06d3014798d86001c324468d497f"); /* XXH3-128 of nothing */
	assert_int_equal(size, 0);
	buf_init(&file, 4 * 1024 * 1024);
	add_random_file(&file);
	write_bytes(buf_slice(&file));
	assert_int_equal(source_digest(path_of("in.csv"), first, &size, &e), ERR_OK);
	assert_int_equal(size, file.len);
	file.at[file.len - 2] ^= 1;
	write_bytes(buf_slice(&file));
	assert_int_equal(source_digest(path_of("in.csv"), second, &size, &e), ERR_OK);
	assert_string_not_equal(first, second);
	assert_int_equal(unlink(path_of("in.csv")), 0);
	buf_release(&file);
}

static enum err_code spool(const char *text, char path[4096], struct err *e)
{
	enum err_code rc;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, strlen(text)), strlen(text));
	close(ends[1]);
	rc = source_spool(ends[0], folder, path, e);
	close(ends[0]);
	return rc;
}

static void standard_input_is_kept_private_and_named_by_its_content(void **unused)
{
	char path[4096], again[4096], hash[HASH_TEXT];
	struct source *source;
	struct record r;
	struct stat st;
	int64_t size;
	struct err e;

	(void)unused;
	err_init(&e);
	assert_int_equal(spool("a,b\n1,2\n", path, &e), ERR_OK);
	assert_int_equal(spool("a,b\n1,2\n", again, &e), ERR_OK);
	assert_string_equal(path, again);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(source_digest(path, hash, &size, &e), ERR_OK);
	assert_non_null(strstr(path, hash));
	assert_int_equal(source_open(&source, path, NULL, &e), ERR_OK);
	assert_true(next(source, &r));
	assert_true(slice_is(r.raw, "1,2"));
	source_close(source);
	assert_int_equal(unlink(path), 0);
}

static void an_empty_standard_input_is_refused_and_leaves_nothing(void **unused)
{
	char path[4096];
	struct err e;

	(void)unused;
	err_init(&e);
	assert_int_equal(spool("", path, &e), ERR_FILE);
	assert_non_null(strstr(e.text, "standard input is empty"));
	assert_int_equal(rmdir(folder), 0); /* nothing is left in it */
	assert_int_equal(mkdir(folder, 0700), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_numbered_from_one_behind_the_header),
		cmocka_unit_test(lines_without_bytes_are_records_only_of_a_single_column),
		cmocka_unit_test(a_faulty_record_is_given_with_its_fault_and_reading_goes_on),
		cmocka_unit_test(a_nul_byte_is_a_fault_of_its_record),
		cmocka_unit_test(columns_are_trimmed_and_may_hold_line_breaks),
		cmocka_unit_test(the_delimiter_is_guessed_and_the_reason_told),
		cmocka_unit_test(line_ends_are_told_without_those_in_quotes),
		cmocka_unit_test(what_is_no_csv_file_is_refused_with_the_cure),
		cmocka_unit_test(what_is_no_file_is_refused),
		cmocka_unit_test(reading_goes_on_at_any_record),
		cmocka_unit_test(a_record_over_16_mb_is_a_fault_and_the_next_one_is_read),
		cmocka_unit_test(wide_and_long_records_are_read_whole),
		cmocka_unit_test(lone_and_mixed_line_ends_cut_the_same_records),
		cmocka_unit_test(a_file_that_is_gone_is_read_from_what_was_kept_of_it),
		cmocka_unit_test(cells_may_be_changed_as_they_are_read),
		cmocka_unit_test(a_file_that_changes_its_size_is_refused),
		cmocka_unit_test(the_digest_tells_contents_apart),
		cmocka_unit_test(standard_input_is_kept_private_and_named_by_its_content),
		cmocka_unit_test(an_empty_standard_input_is_refused_and_leaves_nothing),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
