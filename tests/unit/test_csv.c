/* The promises of csv.h, with each example read through windows of every size: a window may end anywhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/csv.h"

enum { TOLD = 1 << 24 };

/* What is known to be plain is: no cell needs quotes for what it holds. Returns 1 for such a record. */
static int plain_is_plain(const struct csv *c)
{
	for (size_t i = 0; c->plain && i < c->count; i++)
		for (size_t at = 0; at < c->cells[i].len; at++)
			assert_null(c->cells[i].at[at] ? strchr((char[]){ '"', '\r', '\n', c->delimiter, 0 },
			                                        c->cells[i].at[at])
			                               : NULL);
	return c->plain;
}

/* What csv_next() said, as text: offset and cells of each record in brackets, offset and reason of each broken one. */
static void tell(struct buf *told, const struct csv *c, enum csv_result result, size_t offset)
{
	if (result == CSV_BROKEN) {
		buf_addf(told, "%zu!%zu:%s(%zu) ", offset, c->why_at, c->why, c->raw.len);
		return;
	}
	plain_is_plain(c);
	buf_addf(told, "%zu%s", offset, c->blank ? "blank" : "");
	for (size_t i = 0; i < c->count; i++) {
		buf_add_char(told, '[');
		buf_add_slice(told, c->cells[i]);
		buf_add_char(told, ']');
	}
	buf_addf(told, "(%zu) ", c->raw.len);
}

/* Reads through a window that begins with `first` bytes and is given `step` more each time that it is too short. Each
 * window is a copy of just its own bytes, so that a look beyond it is seen by the address sanitizer. */
static void read_through(struct slice text, char delimiter, size_t first, size_t step, struct buf *told)
{
	size_t begin = 0, end = first < text.len ? first : text.len;
	enum csv_result result = CSV_MORE;
	struct csv c;

	csv_init(&c, delimiter);
	while (result != CSV_END) {
		char *window = malloc(end - begin + 1);

		assert_non_null(window);
		memcpy(window, text.at + begin, end - begin);
		window[end - begin] = '"'; /* what lies behind a window must not matter */
		csv_window(&c, window, end - begin, end == text.len);
		while ((result = csv_next(&c)) == CSV_RECORD || result == CSV_BROKEN)
			tell(told, &c, result, begin + (size_t)(c.raw.at - window));
		assert_int_not_equal(result, CSV_MEMORY);
		assert_true(result == CSV_END || end < text.len);
		begin += (size_t)(c.at - window);
		end = end + step < text.len ? end + step : text.len;
		free(window);
	}
	csv_release(&c);
}

static void read_whole(struct slice text, char delimiter, struct buf *told)
{
	read_through(text, delimiter, text.len, 1, told);
}

static void expect_of(struct slice text, char delimiter, const char *expected)
{
	struct buf told;

	buf_init(&told, TOLD);
	for (size_t first = 0; first <= text.len; first++) {
		buf_clear(&told);
		read_through(text, delimiter, first, 1 + first % 3, &told);
		assert_string_equal(buf_text(&told), expected);
	}
	buf_release(&told);
}

static void expect(const char *text, const char *expected)
{
	expect_of(slice_of(text), ',', expected);
}

static void cells_lie_between_delimiters(void **unused)
{
	(void)unused;
	expect("", "");
	expect("a", "0[a](1) ");
	expect("a,b\nc,d\n", "0[a][b](3) 4[c][d](3) ");
	expect(",,\n,", "0[][][](2) 3[][](1) ");
	expect_of(slice_of("a;b,c;d"), ';', "0[a][b,c][d](7) ");
	expect_of(slice_of("a\tb c\t"), '\t', "0[a][b c][](6) ");
}

static void every_kind_of_line_break_ends_a_record(void **unused)
{
	(void)unused;
	expect("a\r\nb\rc\nd", "0[a](1) 3[b](1) 5[c](1) 7[d](1) ");
	expect("a\r", "0[a](1) ");
	expect("a\r\n", "0[a](1) ");
	expect("\"a\"\r\n\"b\"\r", "0[a](3) 5[b](3) ");
}

static void a_line_without_bytes_is_a_blank_record(void **unused)
{
	(void)unused;
	expect("a\n\nb", "0[a](1) 2blank[](0) 3[b](1) ");
	expect("\r\n\r\r\n", "0blank[](0) 2blank[](0) 3blank[](0) ");
	expect("\"\"\n", "0[](2) ");
}

static void quotes_are_taken_off_and_doubled_ones_halved(void **unused)
{
	(void)unused;
	expect("\"a\",\"\",\"b,c\"", "0[a][][b,c](12) ");
	expect("\"a \"\"b\"\" c\"\n\"\"\"\"", "0[a \"b\" c](11) 12[\"](4) ");
	expect("\"\"\"\"\"\",\"x\"\"\",\"\"\"y\",z", "0[\"\"][x\"][\"y][z](20) ");
	expect("\"one\r\ntwo\",\"\n\",\"\r\"\nx", "0[one\r\ntwo][\n][\r](18) 19[x](1) ");
}

static void a_quote_inside_a_plain_cell_is_text(void **unused)
{
	(void)unused;
	expect("12\" monitor,5' 6\"\nx", "0[12\" monitor][5' 6\"](17) 18[x](1) ");
	expect(" \"a\",b", "0[ \"a\"][b](6) ");
	expect("a\"b\nc\",d", "0[a\"b](3) 4[c\"][d](4) ");
}

static void a_strict_reader_takes_no_quote_inside_a_plain_cell(void **unused)
{
	const char text[] = "a,b\"c,d\n\"e\", \"f\"\n\"g\"\"h\",i\n";
	struct csv c;

	(void)unused;
	csv_init(&c, ',');
	c.strict = true;
	csv_window(&c, text, sizeof text - 1, true);
	assert_int_equal(csv_next(&c), CSV_BROKEN);
	assert_int_equal(c.why_at, 3);
	assert_int_equal(c.raw.len, 7);
	assert_int_equal(csv_next(&c), CSV_BROKEN);
	assert_int_equal(csv_next(&c), CSV_RECORD);
	assert_true(slice_is(c.cells[0], "g\"h"));
	assert_int_equal(csv_next(&c), CSV_END);
	csv_release(&c);
}

static void text_behind_a_closing_quote_breaks_only_its_line(void **unused)
{
	(void)unused;
	expect("a,\"b\"x,c\nd,e\n", "0!5:text behind a closing quote(8) 9[d][e](3) ");
	expect("a\r\n\"b\" ,c\r\nd", "0[a](1) 3!3:text behind a closing quote(6) 11[d](1) ");
	/* the line where the record began ends inside the quotes */
	expect("\"a\nb\"c\nd\n", "0!5:text behind a closing quote(2) 3[b\"c](3) 7[d](1) ");
	expect("\"a\"x", "0!3:text behind a closing quote(4) ");
	expect("\"a\"x\r", "0!3:text behind a closing quote(4) ");
}

static void an_unclosed_quote_is_shown_where_it_opens_and_breaks_only_its_line(void **unused)
{
	(void)unused;
	expect("a,b\nc,\"d\ne,f\n", "0[a][b](3) 4!2:an unclosed quote(4) 9[e][f](3) ");
	expect("\"a\nb\",\"c\nd", "0!6:an unclosed quote(2) 3!3:an unclosed quote(5) 9[d](1) ");
	expect("\"", "0!0:an unclosed quote(1) ");
	expect("\"a\"\"", "0!0:an unclosed quote(4) ");
}

static void long_cells_cross_blocks_of_64_bytes(void **unused)
{
	struct buf text, expected;

	(void)unused;
	buf_init(&text, TOLD);
	buf_init(&expected, TOLD);
	for (int len = 50; len < 140; len++) {
		buf_clear(&text);
		buf_clear(&expected);
		buf_addf(&text, "%0*d,\"%0*d\"\"\",x\n%0*d", len, 1, len, 2, len, 3);
		buf_addf(&expected, "0[%0*d][%0*d\"][x](%d) %d[%0*d](%d) ", len, 1, len, 2, 2 * len + 7,
		         2 * len + 8, len, 3, len);
		expect_of(buf_slice(&text), ',', buf_text(&expected));
	}
	buf_release(&expected);
	buf_release(&text);
}

static void a_record_has_at_most_5000_cells(void **unused)
{
	struct buf text, told;

	(void)unused;
	buf_init(&text, TOLD);
	buf_init(&told, TOLD);
	for (int i = 1; i < CSV_MOST_CELLS; i++)
		buf_add_char(&text, ',');
	buf_add_text(&text, "\n");
	for (int i = 0; i < CSV_MOST_CELLS; i++)
		buf_add_char(&text, ',');
	buf_add_text(&text, "\nx");
	read_whole(buf_slice(&text), ',', &told);
	assert_non_null(strstr(buf_text(&told), "](4999) 5000!5000:more than 5,000 cells(5000) 10001[x](1) "));
	buf_release(&told);
	buf_release(&text);
}

/* The same whether all of it lies in memory or comes in pieces. */
static void expect_long(struct slice text, const char *expected)
{
	struct buf told;

	buf_init(&told, TOLD * 2);
	read_whole(text, ',', &told);
	assert_string_equal(buf_text(&told), expected);
	buf_clear(&told);
	read_through(text, ',', 1000, 5 * 1000 * 1000, &told);
	assert_string_equal(buf_text(&told), expected);
	buf_release(&told);
}

static void fill(struct buf *b, char c, size_t len)
{
	char *to = buf_reserve(b, len);

	assert_non_null(to);
	memset(to, c, len);
	buf_grow(b, len);
}

static void a_record_over_the_ceiling_is_passed_by(void **unused)
{
	struct buf text;

	(void)unused;
	buf_init(&text, (size_t)TOLD * 4);
	buf_add_text(&text, "a,");
	fill(&text, 'x', (size_t)CSV_MOST_BYTES * 2);
	buf_add_text(&text, "\nb\n");
	expect_long(buf_slice(&text), "0!2:a record over 16 MB(16777217) 33554435[b](1) ");
	buf_clear(&text);
	buf_add_text(&text, "a,\"b\n");
	fill(&text, 'x', (size_t)CSV_MOST_BYTES + 1);
	buf_add_text(&text, "\nb\nc");
	expect_long(buf_slice(&text), "0!2:a record over 16 MB: is a quote not closed?(4) "
	                              "5!0:a record over 16 MB(16777217) 16777223[b](1) 16777225[c](1) ");
	buf_release(&text);
}

static uint64_t seed;

static unsigned dice(unsigned sides)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % sides;
}

static void random_text(struct buf *b, const char *of, unsigned most)
{
	for (unsigned left = dice(most + 1); left > 0; left--)
		buf_add_char(b, of[dice((unsigned)strlen(of))]);
}

/* Writes records of random cells, and what reading them must tell. Never a record of one empty cell: that is a blank
 * line. */
static void random_records(struct buf *text, struct buf *expected, char delimiter)
{
	struct buf cell;

	buf_init(&cell, TOLD);
	for (unsigned records = 1 + dice(4); records > 0; records--) {
		size_t begin = text->len;

		buf_addf(expected, "%zu", begin);
		for (unsigned cells = 2 + dice(4), i = 0; i < cells; i++) {
			buf_clear(&cell);
			random_text(&cell, "abc\"\",;\t\r\n \xc3\xa9", dice(4) ? 5 : 90);
			if (i > 0)
				buf_add_char(text, delimiter);
			if (dice(4))
				csv_add_cell(text, buf_slice(&cell), delimiter);
			else
				csv_add_quoted(text, buf_slice(&cell));
			buf_addf(expected, "[%s]", buf_text(&cell));
		}
		buf_addf(expected, "(%zu) ", text->len - begin);
		if (records > 1 || dice(2))
			buf_add_text(text, dice(2) ? "\n" : dice(2) ? "\r\n" : "\r");
	}
	buf_release(&cell);
}

static void a_record_without_quotes_is_plain_and_no_other(void **unused)
{
	enum { RECORDS = 200 };
	struct buf text;
	struct csv c;
	int plain = 0;

	(void)unused;
	buf_init(&text, TOLD);
	for (int i = 0; i < RECORDS; i++)
		buf_add_text(&text, i % 2 ? "Ann,Berlin,a note\n" : "Ann,\"Ber\"\"lin\",\"a, note\"\n");
	csv_init(&c, ',');
	csv_window(&c, text.at, text.len, true);
	for (int i = 0; csv_next(&c) == CSV_RECORD; i++) {
		plain += plain_is_plain(&c);
		assert_false(i % 2 == 0 && c.plain);
	}
	assert_true(plain > RECORDS / 4); /* the last ones are not read by an index */
	csv_release(&c);
	buf_release(&text);
}

static void what_is_written_is_read_again(void **unused)
{
	struct buf text, expected, told;

	(void)unused;
	buf_init(&text, TOLD);
	buf_init(&expected, TOLD);
	buf_init(&told, TOLD);
	seed = 4180;
	for (int times = 0; times < 20000; times++) {
		char delimiter = ",;\t"[dice(3)];

		buf_clear(&text);
		buf_clear(&expected);
		buf_clear(&told);
		random_records(&text, &expected, delimiter);
		read_through(buf_slice(&text), delimiter, dice((unsigned)text.len), 1 + dice(9), &told);
		assert_string_equal(buf_text(&told), buf_text(&expected));
	}
	buf_release(&told);
	buf_release(&expected);
	buf_release(&text);
}

/* csv.h once more, byte by byte, without windows: the line break at `at`, or 0. */
static size_t line_break(const char *at, const char *end)
{
	if (at < end && *at == '\r')
		return at + 1 < end && at[1] == '\n' ? 2 : 1;
	return at < end && *at == '\n';
}

static const char *plain_record(const char *at, const char *end, struct buf *told, const char **why_at,
                                const char **why)
{
	for (;;) {
		const char *begin = at;

		buf_add_char(told, '[');
		if (at < end && *at == '"') {
			for (at++; at < end && (*at != '"' || (at + 1 < end && at[1] == '"')); at++) {
				at += *at == '"';
				buf_add_char(told, *at);
			}
			*why = at == end ? "an unclosed quote" : "text behind a closing quote";
			*why_at = at == end ? begin : ++at;
			if (*why_at == begin || (at < end && *at != ',' && !line_break(at, end)))
				return NULL;
		} else {
			while (at < end && *at != ',' && !line_break(at, end))
				buf_add_char(told, *at++);
		}
		buf_add_char(told, ']');
		if (at == end || *at != ',')
			return at;
		at++;
	}
}

static void read_plainly(struct slice text, struct buf *told)
{
	const char *end = text.at + text.len, *at = text.at;

	while (at < end) {
		size_t before = told->len;
		const char *begin = at, *why = NULL, *why_at = NULL;

		buf_addf(told, "%zu%s", (size_t)(at - text.at), line_break(at, end) ? "blank" : "");
		at = plain_record(at, end, told, &why_at, &why);
		if (!at) {
			told->len = before;
			at = begin;
			while (at < end && !line_break(at, end))
				at++;
			buf_addf(told, "%zu!%zu:%s", (size_t)(begin - text.at), (size_t)(why_at - begin), why);
		}
		buf_addf(told, "(%zu) ", (size_t)(at - begin));
		at += line_break(at, end);
	}
}

static void any_bytes_are_read_as_a_plain_reader_reads_them(void **unused)
{
	struct buf text, expected, told;

	(void)unused;
	buf_init(&text, TOLD);
	buf_init(&expected, TOLD);
	buf_init(&told, TOLD);
	seed = 20261124;
	for (int times = 0; times < 60000; times++) {
		buf_clear(&text);
		buf_clear(&expected);
		buf_clear(&told);
		random_text(&text, times % 2 ? "a\",\n\r" : "aaaaaaaaaaa\"\",,,\n\r\n", times % 10 ? 14 : 200);
		read_plainly(buf_slice(&text), &expected);
		read_through(buf_slice(&text), ',', dice((unsigned)text.len + 1), 1 + dice(7), &told);
		assert_string_equal(buf_text(&told), buf_text(&expected));
	}
	buf_release(&told);
	buf_release(&expected);
	buf_release(&text);
}

static void expect_cell(const char *cell, const char *expected)
{
	struct buf b;

	buf_init(&b, 100);
	csv_add_cell(&b, slice_of(cell), ',');
	assert_string_equal(buf_text(&b), expected);
	buf_release(&b);
}

static void a_cell_is_quoted_only_where_it_must_be(void **unused)
{
	(void)unused;
	expect_cell("", "");
	expect_cell("plain; text", "plain; text");
	expect_cell("a,b", "\"a,b\"");
	expect_cell("12\"", "\"12\"\"\"");
	expect_cell("a\nb", "\"a\nb\"");
	expect_cell("a\rb", "\"a\rb\"");
	expect_cell(" a", "\" a\"");
	expect_cell("a ", "\"a \"");
	expect_cell("a\t", "\"a\t\"");
	expect_cell("\"", "\"\"\"\"");
}

static void a_buffer_without_room_says_so_and_takes_no_half_cell(void **unused)
{
	struct buf b;

	(void)unused;
	buf_init(&b, 4);
	csv_add_quoted(&b, slice_of("\"\""));
	assert_true(b.short_of);
	assert_int_equal(b.len, 0);
	csv_add_quoted(&b, (struct slice){ NULL, 0 });
	assert_string_equal(buf_text(&b), "\"\"");
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_lie_between_delimiters),
		cmocka_unit_test(every_kind_of_line_break_ends_a_record),
		cmocka_unit_test(a_line_without_bytes_is_a_blank_record),
		cmocka_unit_test(quotes_are_taken_off_and_doubled_ones_halved),
		cmocka_unit_test(a_quote_inside_a_plain_cell_is_text),
		cmocka_unit_test(a_strict_reader_takes_no_quote_inside_a_plain_cell),
		cmocka_unit_test(text_behind_a_closing_quote_breaks_only_its_line),
		cmocka_unit_test(an_unclosed_quote_is_shown_where_it_opens_and_breaks_only_its_line),
		cmocka_unit_test(long_cells_cross_blocks_of_64_bytes),
		cmocka_unit_test(a_record_has_at_most_5000_cells),
		cmocka_unit_test(a_record_over_the_ceiling_is_passed_by),
		cmocka_unit_test(a_record_without_quotes_is_plain_and_no_other),
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(any_bytes_are_read_as_a_plain_reader_reads_them),
		cmocka_unit_test(a_cell_is_quoted_only_where_it_must_be),
		cmocka_unit_test(a_buffer_without_room_says_so_and_takes_no_half_cell),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
