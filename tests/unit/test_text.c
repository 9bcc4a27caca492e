/* UTF-8, what may be shown, and the small spellings of text.h. */
#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/text.h"

/* As the system encodes it, which knows no surrogates. */
static size_t encode(iconv_t system, int32_t c, char to[4])
{
	uint32_t from = (uint32_t)c;
	char *in = (char *)&from;
	size_t left = sizeof from, room = 4;

	assert_int_equal(iconv(system, &in, &left, &to, &room), 0);
	return 4 - room;
}

static void every_code_point_is_encoded_and_decoded_and_no_surrogate(void **unused)
{
	iconv_t system = iconv_open("UTF-8", "UTF-32LE");
	char bytes[4], expected[4];
	size_t len, n;

	(void)unused;
	assert_true(system != (iconv_t)-1);
	for (int32_t c = 0; c <= 0x10ffff; c++) {
		n = text_encode(c, bytes);
		if (c >= 0xd800 && c < 0xe000) {
			assert_int_equal(text_decode((struct slice){ bytes, n }, &len), -1);
			continue;
		}
		assert_int_equal(encode(system, c, expected), n);
		assert_memory_equal(bytes, expected, n);
		assert_int_equal(text_decode((struct slice){ bytes, n }, &len), c);
		assert_int_equal(len, n);
		if (n > 1) /* cut short */
			assert_int_equal(text_decode((struct slice){ bytes, n - 1 }, &len), -1);
	}
	iconv_close(system);
}

static void malformed_bytes_are_found_where_they_stand(void **unused)
{
	/* clang-format off: a table is read in columns */
	static const struct {
		const char *text;
		size_t at;
	} bad[] = {
		{ "\x80", 0 },
		{ "abc\xff", 3 },
		{ "\xc0\xaf", 0 },
		{ "\xc1\xbf", 0 },
		{ "é\xc3", 2 },
		{ "\xe0\x9f\xbf", 0 },
		{ "\xed\xa0\x80", 0 },
		{ "\xf0\x8f\xbf\xbf", 0 },
		{ "\xf4\x90\x80\x80", 0 },
		{ "\xf5\x80\x80\x80", 0 },
		{ "€€\xe2\x82", 6 },
		{ "caf\xe9, M\xfcnchen", 3 },
	};
	/* clang-format on */
	char padded[200];
	size_t at;

	(void)unused;
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		for (size_t before = 0; before < 100; before++) {
			memset(padded, 'x', sizeof padded);
			memcpy(padded + before, bad[i].text, strlen(bad[i].text));
			at = 999;
			assert_false(text_is_utf8((struct slice){ padded, before + strlen(bad[i].text) }, &at));
			assert_int_equal(at, before + bad[i].at);
			assert_false(text_is_utf8((struct slice){ padded, sizeof padded }, &at));
			assert_int_equal(at, before + bad[i].at);
		}
	assert_true(text_is_utf8(slice_of("plain, é, €, 😀 and a rather long piece of plain text behind"), &at));
	assert_true(text_is_utf8((struct slice){ NULL, 0 }, &at));
}

static void length_counts_characters_not_bytes(void **unused)
{
	(void)unused;
	assert_int_equal(text_length(slice_of("")), 0);
	assert_int_equal(text_length(slice_of("Zürich €5 😀")), 11);
	assert_int_equal(text_length(slice_of("a\xff\xfe z")), 5);
	assert_int_equal(text_length(slice_of("é a text that is longer than thirty-two bytes é")), 47);
}

static void columns_do_not_depend_on_the_locale(void **unused)
{
	(void)unused;
	assert_int_equal(text_columns('a'), 1);
	assert_int_equal(text_columns(0xe9), 1);
	assert_int_equal(text_columns(0x301), 0);  /* combining acute */
	assert_int_equal(text_columns(0x200b), 0); /* zero width space */
	assert_int_equal(text_columns(0x4e2d), 2);
	assert_int_equal(text_columns(0xff21), 2); /* fullwidth A */
	assert_int_equal(text_columns(0x1f600), 2);
	assert_int_equal(text_columns(0x20000), 2);
	assert_int_equal(text_columns(0x2500), 1); /* box drawing: ambiguous is narrow */
	assert_int_equal(text_columns(0x10ffff), 1);
}

static void shows(const char *text, const char *expected, const char *expected_ascii)
{
	struct buf b;

	buf_init(&b, 1000);
	text_show(&b, slice_of(text), false);
	assert_string_equal(buf_text(&b), expected);
	buf_clear(&b);
	text_show(&b, slice_of(text), true);
	assert_string_equal(buf_text(&b), expected_ascii);
	buf_release(&b);
}

static void hostile_text_is_shown_and_does_nothing(void **unused)
{
	(void)unused;
	shows("plain Zürich 中 😀", "plain Zürich 中 😀", "plain Z?rich ? ?");
	shows("a\x1b[31mred\x07\x7f", "a␛[31mred␇␡", "a.[31mred..");
	shows("a\tb\r\nc\nd\re", "a b↵c↵d↵e", "a b.c.d.e");
	shows("\u202egnp.exe\u200b\ufeff", "\ufffdgnp.exe\ufffd\ufffd", "?gnp.exe??");
	shows("\xc2\x85|\xc2\x9b|\u2028", "↵|\ufffd|↵", "?|?|?");
	shows("bad \xff\xc3", "bad \ufffd\ufffd", "bad ??");
}

static void nothing_shown_is_a_control_character(void **unused)
{
	char bytes[4];
	struct buf b;
	size_t len, at;

	(void)unused;
	buf_init(&b, 100);
	for (int32_t c = 0; c <= 0x10ffff; c++) {
		buf_clear(&b);
		text_show(&b, (struct slice){ bytes, text_encode(c, bytes) }, c % 2);
		assert_true(text_is_utf8(buf_slice(&b), &at));
		for (size_t i = 0; i < b.len; i += len) {
			int32_t shown = text_decode((struct slice){ b.at + i, b.len - i }, &len);

			assert_false(shown < 0x20 || (shown >= 0x7f && shown < 0xa0) || shown == 0xfeff ||
			             (shown >= 0x200b && shown <= 0x200f) ||
			             (shown >= 0x2028 && shown <= 0x202e) ||
			             (shown >= 0x2060 && shown <= 0x206f));
		}
	}
	buf_release(&b);
}

static void counts_have_commas_between_thousands(void **unused)
{
	char to[27];

	(void)unused;
	assert_string_equal(text_count(0, to, sizeof to), "0");
	assert_string_equal(text_count(999, to, sizeof to), "999");
	assert_string_equal(text_count(48210, to, sizeof to), "48,210");
	assert_string_equal(text_count(-100, to, sizeof to), "-100");
	assert_string_equal(text_count(-1000, to, sizeof to), "-1,000");
	assert_string_equal(text_count(INT64_MAX, to, sizeof to), "9,223,372,036,854,775,807");
	assert_string_equal(text_count(INT64_MIN, to, sizeof to), "-9,223,372,036,854,775,808");
}

static void hex_is_lower_case(void **unused)
{
	char to[7];

	(void)unused;
	text_hex("\x00\xaf\x10", 3, to);
	assert_string_equal(to, "00af10");
}

/* The shell itself says what it takes the word for. */
static void a_shell_takes_a_word_for_what_it_is(void **state)
{
	static const char *const words[] = { "plain-1.csv", "",
		                             "two words",   "it's $HOME `id` \\ \"x\" *",
		                             "''",          "=a;b&c|d>e\nf" };
	char said[256];
	struct buf line;

	(void)state;
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		FILE *shell;

		buf_init(&line, 1024);
		buf_add_text(&line, "printf '<%s>' ");
		text_shell_word(&line, words[i]);
		shell = popen(buf_text(&line), "r");
		assert_non_null(shell);
		said[fread(said, 1, sizeof said - 1, shell)] = '\0';
		assert_int_equal(pclose(shell), 0);
		assert_true(strlen(said) == strlen(words[i]) + 2 && said[0] == '<');
		assert_memory_equal(said + 1, words[i], strlen(words[i]));
		buf_release(&line);
	}
	buf_init(&line, 64);
	text_shell_word(&line, "plain-1.csv");
	assert_string_equal(buf_text(&line), "plain-1.csv");
	buf_release(&line);
}

static void letters_are_folded_whatever_the_locale(void **state)
{
	static const int32_t pairs[][2] = { { 'A', 'a' },       { 'z', 'z' },     { '[', '[' },
		                            { 0xc4, 0xe4 },     { 0xd7, 0xd7 },   { 0xdf, 0xdf },
		                            { 0x160, 0x161 },   { 0x161, 0x161 }, { 0x141, 0x142 },
		                            { 0x17d, 0x17e },   { 0x178, 0xff },  { 0x3a9, 0x3c9 },
		                            { 0x416, 0x436 },   { 0x401, 0x451 }, { 0x1ea2, 0x1ea3 },
		                            { 0x6f22, 0x6f22 }, { -1, -1 } };

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		assert_int_equal(text_fold(pairs[i][0]), pairs[i][1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_are_folded_whatever_the_locale),
		cmocka_unit_test(every_code_point_is_encoded_and_decoded_and_no_surrogate),
		cmocka_unit_test(malformed_bytes_are_found_where_they_stand),
		cmocka_unit_test(length_counts_characters_not_bytes),
		cmocka_unit_test(columns_do_not_depend_on_the_locale),
		cmocka_unit_test(hostile_text_is_shown_and_does_nothing),
		cmocka_unit_test(nothing_shown_is_a_control_character),
		cmocka_unit_test(counts_have_commas_between_thousands),
		cmocka_unit_test(hex_is_lower_case),
		cmocka_unit_test(a_shell_takes_a_word_for_what_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
