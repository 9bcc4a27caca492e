/* The two ways to a record of CSV, by the index and by the scanner, cut every text alike; so do all kernels of the index. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/csv.h"
#include "base/csv_index.h"

enum { MOST = 1 << 24, SMALL_STEP = 500 /* too small a window for the index */ };

static uint64_t seed;

static unsigned dice(unsigned sides)
{
	seed = seed * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(seed >> 33) % sides;
}

static void tell(struct buf *told, const struct csv *c, enum csv_result result, const char *window,
                 size_t begin)
{
	buf_addf(told, "%zu", begin + (size_t)(c->raw.at - window));
	if (result == CSV_BROKEN) {
		buf_addf(told, "!%zu:%s(%zu)\n", c->why_at, c->why, c->raw.len);
		return;
	}
	for (size_t i = 0; i < c->count; i++) {
		buf_add_char(told, '[');
		buf_add_slice(told, c->cells[i]);
		buf_add_char(told, ']');
	}
	buf_addf(told, "%s(%zu)\n", c->blank ? "blank" : "", c->raw.len);
}

/* Through a window that has `step` more bytes each time that it is too short, a copy of its own bytes alone. */
static void read_by(struct slice text, size_t step, bool strict, struct buf *told)
{
	size_t begin = 0, end = step < text.len ? step : text.len;
	enum csv_result result = CSV_MORE;
	struct csv c;

	buf_clear(told);
	csv_init(&c, ',');
	c.strict = strict;
	while (result != CSV_END) {
		char *window = malloc(end - begin + 1);

		assert_non_null(window);
		memcpy(window, text.at + begin, end - begin);
		csv_window(&c, window, end - begin, end == text.len);
		while ((result = csv_next(&c)) == CSV_RECORD || result == CSV_BROKEN)
			tell(told, &c, result, window, begin);
		assert_true(result == CSV_END || end < text.len);
		begin += (size_t)(c.at - window);
		end = end + step < text.len ? end + step : text.len;
		free(window);
	}
	csv_release(&c);
}

/* What the index reads is what the scanner reads, which never sees a window that is worth an index. */
static void expect_same(struct slice text)
{
	struct buf scanned, indexed;

	buf_init(&scanned, MOST);
	buf_init(&indexed, MOST);
	for (int strict = 0; strict < 2; strict++) {
		read_by(text, SMALL_STEP, strict, &scanned);
		read_by(text, text.len, strict, &indexed);
		assert_string_equal(buf_text(&indexed), buf_text(&scanned));
		read_by(text, 1500 + dice(20000), strict, &indexed);
		assert_string_equal(buf_text(&indexed), buf_text(&scanned));
	}
	buf_release(&scanned);
	buf_release(&indexed);
}

/* Lines of cells as people have them, with a slip here and there. */
static void add_line(struct buf *text, unsigned slips)
{
	static const char *const cells[] = { "",
		                             "a",
		                             "plain text",
		                             "\"quoted, \"",
		                             "\"\"",
		                             "\"line\nbreak\"",
		                             "\"a \"\"b\"\" c\"",
		                             "\"\"\"\"",
		                             "\"x\r\ny\"",
		                             "Z\xc3\xbcrich" };
	static const char *const broken[] = { "12\" wide", "\"a\"b", "\"open", "\"\"x", "a\"\"b", "\"a\" " };
	static const char *const ends[] = { "\n", "\n", "\r\n", "\r" };

	for (unsigned n = 1 + dice(12); n > 0; n--) {
		buf_add_text(text, slips && dice(slips) == 0 ? broken[dice(6)] : cells[dice(10)]);
		buf_add_text(text, n > 1 ? "," : ends[dice(4)]);
	}
}

static void clean_lines_and_lines_with_slips_are_cut_alike(void **unused)
{
	static const unsigned slips[] = { 0, 3, 50, 2000 };
	struct buf text;

	(void)unused;
	buf_init(&text, MOST);
	seed = 11;
	for (unsigned times = 0; times < 80; times++) {
		buf_clear(&text);
		for (size_t most = 1500 + dice(60000); text.len < most;)
			add_line(&text, slips[times % 4]);
		if (dice(2))
			text.len -= 1 + dice(20);
		expect_same(buf_slice(&text));
	}
	buf_release(&text);
}

static void any_bytes_are_cut_alike(void **unused)
{
	static const char bytes[] = "ab,,\"\"\n\r";
	struct buf text;

	(void)unused;
	buf_init(&text, MOST);
	seed = 12;
	for (unsigned times = 0; times < 60; times++) {
		buf_clear(&text);
		for (size_t n = 1200 + dice(3000); n > 0; n--)
			buf_add_char(&text, bytes[dice(sizeof bytes - 1 - (times % 2) * 2)]);
		expect_same(buf_slice(&text));
	}
	buf_release(&text);
}

/* The longest cells and records that fit into a piece of the index, and those that do not. */
static void long_records_are_cut_alike(void **unused)
{
	struct buf text;

	(void)unused;
	buf_init(&text, MOST);
	seed = 13;
	for (size_t len = CSV_INDEX_PIECE - 70; len < CSV_INDEX_PIECE + 70; len += 7) {
		buf_clear(&text);
		for (int i = 0; i < 3; i++) {
			buf_add_text(&text, "a,\"");
			for (size_t n = 0; n < len; n++)
				buf_add_char(&text, (char)('a' + n % 26));
			buf_add_text(&text, i % 2 ? "\"\"\",b\r\n" : "\",b\r\n");
		}
		expect_same(buf_slice(&text));
	}
	buf_clear(&text);
	for (int i = 0; i < 3 * CSV_MOST_CELLS; i++)
		buf_add_text(&text, i % 4000 == 3999 ? "\n" : ",");
	for (int i = 0; i < CSV_MOST_CELLS + 1; i++)
		buf_add_char(&text, ',');
	buf_add_text(&text, "\nx\n");
	for (int i = 0; i < 3000; i++)
		buf_add_text(&text, "\r\n");
	expect_same(buf_slice(&text));
	buf_release(&text);
}

static void masks_are_those_of_single_bytes(void **unused)
{
	static const char delimiters[] = ",;\t|^` ~\x01";
	char block[CSV_INDEX_BLOCK];

	(void)unused;
	seed = 14;
	for (int times = 0; times < 20000; times++) {
		char delimiter = delimiters[dice(sizeof delimiters - 1)];
		struct csv_masks plain, fast;

		for (size_t i = 0; i < sizeof block; i++)
			block[i] = dice(3) ? (char)dice(256) : "\"\n\r,"[dice(4)];
		plain = csv_masks_plain(block, delimiter);
		fast = csv_masks(block, delimiter);
		assert_true(plain.ends == fast.ends && plain.quotes == fast.quotes);
	}
}

static void both_kernels_fill_the_index_alike(void **unused)
{
	struct csv_index *any = malloc(sizeof *any), *newer = malloc(sizeof *newer);
	struct buf text;

	(void)unused;
	assert_true(any && newer);
	buf_init(&text, MOST);
	seed = 15;
#if defined(__x86_64__)
	for (int times = 0; times < 300 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi");
	     times++) {
		const char *end;

		buf_clear(&text);
		for (size_t most = 100 + dice(40000); text.len < most;)
			add_line(&text, times % 3 ? 400 : 0);
		end = text.at + text.len;
		csv_index_fill_any(any, text.at, end, ',');
		csv_index_fill_v3(newer, text.at, end, ',');
		assert_true(any->count == newer->count && any->lines == newer->lines &&
		            any->twins == newer->twins);
		assert_memory_equal(any->ends, newer->ends, any->count * sizeof any->ends[0]);
		assert_memory_equal(any->cells, newer->cells, any->count * sizeof any->cells[0]);
		assert_memory_equal(any->line_ends, newer->line_ends, any->lines * sizeof any->line_ends[0]);
		assert_memory_equal(any->doubled, newer->doubled, any->twins * sizeof any->doubled[0]);
	}
#endif
	free(any);
	free(newer);
	buf_release(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(clean_lines_and_lines_with_slips_are_cut_alike),
		cmocka_unit_test(any_bytes_are_cut_alike),
		cmocka_unit_test(long_records_are_cut_alike),
		cmocka_unit_test(masks_are_those_of_single_bytes),
		cmocka_unit_test(both_kernels_fill_the_index_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
