/* What the words of a call mean, and what is said about wrong ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "ui/command/options.h"

static const struct command load = {
	.name = "load",
	.words = "FILE",
	.least_words = 1,
	.most_words = 1,
	.options = OPTION_BIT(OBJECT) | OPTION_BIT(AGAIN) | OPTION_BIT(PARALLEL) | OPTION_BIT(OUTPUT),
	.does = "loads a file",
};

static struct words words;
static struct err e;

#define READ(...)                                        \
	read_words((const char *const[]){ __VA_ARGS__ }, \
	           sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

static enum err_code read_words(const char *const *argv, size_t n)
{
	err_init(&e);
	return options_read(&words, &load, (int)n, argv, 0, &e);
}

static void a_value_stands_behind_the_name_or_behind_an_equals_sign(void **unused)
{
	(void)unused;
	assert_int_equal(READ("a.csv", "--object", "Account"), ERR_OK);
	assert_string_equal(words.given[OPTION_OBJECT], "Account");
	assert_int_equal(READ("--object=Contact", "a.csv"), ERR_OK);
	assert_string_equal(words.given[OPTION_OBJECT], "Contact");
	assert_string_equal(words.word[0], "a.csv");
	assert_int_equal(READ("-o", "-", "a.csv"), ERR_OK);
	assert_string_equal(words.given[OPTION_OUTPUT], "-");
}

static void what_is_not_given_is_null_and_what_is_given_twice_counts_as_given_last(void **unused)
{
	(void)unused;
	assert_int_equal(READ("a.csv", "--object", "Lead", "--object", "Case", "--again"), ERR_OK);
	assert_string_equal(words.given[OPTION_OBJECT], "Case");
	assert_non_null(words.given[OPTION_AGAIN]);
	assert_null(words.given[OPTION_JSON]);
}

static void every_command_takes_the_common_options(void **unused)
{
	(void)unused;
	assert_int_equal(READ("a.csv", "--json", "--quiet", "--yes", "--state", "s", "--expect-org=Acme"),
	                 ERR_OK);
	assert_string_equal(words.given[OPTION_EXPECT_ORG], "Acme");
}

static void an_unknown_option_names_the_nearest_one_of_this_command(void **unused)
{
	(void)unused;
	assert_int_equal(READ("a.csv", "--objekt", "Account"), ERR_USAGE);
	assert_non_null(strstr(e.text, "--objekt"));
	assert_non_null(strstr(e.text, "--object"));
	assert_int_equal(READ("a.csv", "--which", "failed"), ERR_USAGE); /* another command's */
	assert_null(strstr(e.text, "nearest is --which"));
}

static void a_missing_value_is_one_sentence(void **unused)
{
	(void)unused;
	assert_int_equal(READ("a.csv", "--object"), ERR_USAGE);
	assert_non_null(strstr(e.text, "--object needs a value"));
	assert_int_equal(READ("a.csv", "--object", "--again"), ERR_USAGE);
	assert_non_null(strstr(e.text, "--object needs a value"));
	assert_int_equal(READ("a.csv", "--object="), ERR_USAGE);
	assert_int_equal(READ("a.csv", "--again=yes"), ERR_USAGE);
	assert_non_null(strstr(e.text, "takes no value"));
}

static void words_are_counted(void **unused)
{
	(void)unused;
	assert_int_equal(READ("--again"), ERR_USAGE);
	assert_non_null(strstr(e.text, "needs FILE"));
	assert_int_equal(READ("a.csv", "b.csv"), ERR_USAGE);
	assert_non_null(strstr(e.text, "b.csv"));
}

static void a_lone_hyphen_is_a_word_and_two_end_the_options(void **unused)
{
	(void)unused;
	assert_int_equal(READ("-"), ERR_OK);
	assert_string_equal(words.word[0], "-");
	assert_int_equal(READ("--", "--again"), ERR_OK);
	assert_string_equal(words.word[0], "--again");
	assert_null(words.given[OPTION_AGAIN]);
}

static void help_needs_nothing_else(void **unused)
{
	(void)unused;
	assert_int_equal(READ("--help"), ERR_OK);
	assert_non_null(words.given[OPTION_HELP]);
}

static void a_number_is_whole_and_within_its_bounds(void **unused)
{
	int64_t n = 0;

	(void)unused;
	READ("a.csv");
	assert_int_equal(options_number(&words, OPTION_PARALLEL, 1, 7, &n, &e), ERR_OK);
	assert_int_equal(n, 7);
	READ("a.csv", "--parallel", "3");
	assert_int_equal(options_number(&words, OPTION_PARALLEL, 1, 7, &n, &e), ERR_OK);
	assert_int_equal(n, 3);
	READ("a.csv", "--parallel", "0");
	assert_int_equal(options_number(&words, OPTION_PARALLEL, 1, 7, &n, &e), ERR_USAGE);
	READ("a.csv", "--parallel", "3x");
	assert_int_equal(options_number(&words, OPTION_PARALLEL, 1, 7, &n, &e), ERR_USAGE);
	assert_non_null(strstr(e.text, "--parallel"));
}

static void help_lists_what_the_parser_takes_and_nothing_else(void **unused)
{
	struct buf help;

	(void)unused;
	buf_init(&help, 64 * 1024);
	options_help(&load, &help);
	for (enum option o = 0; o < OPTION_COUNT; o++) {
		bool taken = ((load.options | OPTION_BITS_COMMON) >> o) & 1;
		char name[64] = "  ";

		strcat(name, option_name(o));
		strcat(name, " ");
		assert_int_equal(strstr(buf_text(&help), name) != NULL, taken);
	}
	buf_release(&help);
}

static void distance_counts_single_changes(void **unused)
{
	(void)unused;
	assert_int_equal(options_distance("--object", "--object"), 0);
	assert_int_equal(options_distance("--objekt", "--object"), 1);
	assert_int_equal(options_distance("--obejct", "--object"), 1);
	assert_int_equal(options_distance("", "abc"), 3);
	assert_int_equal(options_distance("kitten", "sitting"), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_value_stands_behind_the_name_or_behind_an_equals_sign),
		cmocka_unit_test(what_is_not_given_is_null_and_what_is_given_twice_counts_as_given_last),
		cmocka_unit_test(every_command_takes_the_common_options),
		cmocka_unit_test(an_unknown_option_names_the_nearest_one_of_this_command),
		cmocka_unit_test(a_missing_value_is_one_sentence),
		cmocka_unit_test(words_are_counted),
		cmocka_unit_test(a_lone_hyphen_is_a_word_and_two_end_the_options),
		cmocka_unit_test(help_needs_nothing_else),
		cmocka_unit_test(a_number_is_whole_and_within_its_bounds),
		cmocka_unit_test(help_lists_what_the_parser_takes_and_nothing_else),
		cmocka_unit_test(distance_counts_single_changes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
