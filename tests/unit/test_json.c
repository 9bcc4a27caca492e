/* JSON as the commands write it: read again by an independent reader. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <jansson.h>
#include <string.h>

#include "ui/command/json.h"

static struct json json;

static json_t *read_again(void)
{
	json_error_t error;
	json_t *value = json_loadb(json.out.at, json.out.len, 0, &error);

	if (!value)
		fail_msg("no JSON: %s in %s", error.text, buf_text(&json.out));
	return value;
}

static int begin(void **unused)
{
	(void)unused;
	json_init(&json);
	return 0;
}

static int end(void **unused)
{
	(void)unused;
	json_release(&json);
	return 0;
}

static void members_and_nesting_come_out_as_they_went_in(void **unused)
{
	json_t *value, *list;

	(void)unused;
	json_begin(&json, NULL, '{');
	json_put_number(&json, "records", 48210);
	json_put_bool(&json, "production", true);
	json_begin(&json, "empty", '[');
	json_end(&json);
	json_begin(&json, "errors", '[');
	for (int i = 0; i < 2; i++) {
		json_begin(&json, NULL, '{');
		json_put_number(&json, "count", i);
		json_end(&json);
	}
	json_end(&json);
	json_put_text(&json, "next", NULL);
	json_put_seconds(&json, "seconds", 61042);
	json_put_time(&json, "ended", 0);
	json_put_time(&json, "started", INT64_C(1779969100000));
	json_end(&json);
	value = read_again();
	list = json_object_get(value, "errors");
	assert_int_equal(json_integer_value(json_object_get(value, "records")), 48210);
	assert_true(json_is_true(json_object_get(value, "production")));
	assert_int_equal(json_array_size(json_object_get(value, "empty")), 0);
	assert_int_equal(json_array_size(list), 2);
	assert_int_equal(json_integer_value(json_object_get(json_array_get(list, 1), "count")), 1);
	assert_true(json_is_null(json_object_get(value, "next")));
	assert_true(json_is_null(json_object_get(value, "ended")));
	assert_string_equal(json_string_value(json_object_get(value, "started")), "2026-05-28T11:51:40Z");
	assert_true(json_real_value(json_object_get(value, "seconds")) > 61.041);
	assert_true(json_real_value(json_object_get(value, "seconds")) < 61.043);
	json_decref(value);
}

static void any_text_can_be_written(void **unused)
{
	static const char text[] = "quote \" back \\ slash / line\nreturn\r tab\t bell\a del\x7f ü 漢 😀";
	json_t *value;

	(void)unused;
	json_begin(&json, NULL, '{');
	json_put_text(&json, text, text);
	json_end(&json);
	value = read_again();
	assert_string_equal(json_string_value(json_object_get(value, text)), text);
	json_decref(value);
}

static void bytes_that_are_no_utf8_become_the_replacement_character(void **unused)
{
	json_t *value;

	(void)unused;
	json_begin(&json, NULL, '[');
	json_put_slice(&json, NULL,
	               (struct slice){ "a\xff"
	                               "b\xc3",
	                               4 });
	json_put_slice(&json, NULL, (struct slice){ "nul\0inside", 10 });
	json_end(&json);
	value = json_loadb(json.out.at, json.out.len, JSON_ALLOW_NUL, NULL);
	assert_non_null(value);
	assert_string_equal(json_string_value(json_array_get(value, 0)), "a\xEF\xBF\xBD"
	                                                                 "b\xEF\xBF\xBD");
	assert_int_equal(json_string_length(json_array_get(value, 1)), 10);
	json_decref(value);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(members_and_nesting_come_out_as_they_went_in, begin, end),
		cmocka_unit_test_setup_teardown(any_text_can_be_written, begin, end),
		cmocka_unit_test_setup_teardown(bytes_that_are_no_utf8_become_the_replacement_character, begin,
		                                end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
