/* Singer messages and the rows that they become. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "core/source/singer.h"

static enum singer_type type_of(const char *line)
{
	struct singer_message m;
	enum singer_type type;

	singer_read(&m, slice_of(line));
	type = m.type;
	singer_release(&m);
	return type;
}

static void each_line_is_what_it_says(void **state)
{
	(void)state;
	assert_int_equal(type_of("{\"type\":\"SCHEMA\",\"stream\":\"a\"}\n"), SINGER_SCHEMA);
	assert_int_equal(type_of(" {\"type\":\"RECORD\"}"), SINGER_RECORD);
	assert_int_equal(type_of("{\"type\":\"STATE\"}\r\n"), SINGER_STATE);
	assert_int_equal(type_of("{\"type\":\"BATCH\"}"), SINGER_BATCH);
	assert_int_equal(type_of("{\"type\":\"ACTIVATE_VERSION\"}"), SINGER_ACTIVATE_VERSION);
	assert_int_equal(type_of("{\"type\":\"CHAT\"}"), SINGER_OTHER);
	assert_int_equal(type_of("{\"kind\":\"RECORD\"}"), SINGER_NOISE);
	assert_int_equal(type_of("INFO sync done"), SINGER_NOISE);
	assert_int_equal(type_of("[1]"), SINGER_NOISE);
	assert_int_equal(type_of("{\"type\":\"RECORD\",\"str"), SINGER_CUT);
}

static void what_nests_too_deep_is_no_message(void **state)
{
	static char line[20000];

	(void)state;
	strcpy(line, "{\"type\":\"RECORD\",\"record\":");
	memset(line + strlen(line), '[', 15000);
	assert_int_equal(type_of(line), SINGER_CUT);
	assert_int_equal(type_of("{\"type\":\"RECORD\",\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
	                         "[[[[[[[[[["
	                         "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}"),
	                 SINGER_RECORD);
}

static void a_nul_is_never_passed_over(void **state)
{
	const struct slice columns[] = { { "A", 1 } };
	struct singer_message m;
	struct buf row;
	const char *why;

	(void)state;
	assert_int_equal(type_of("{\"type\":\"STATE\",\"value\":\"a\\u0000b\"}"), SINGER_CUT);
	assert_int_equal(type_of("{\"type\":\"STATE\",\"value\":\"a\\\\u0000b\"}"), SINGER_STATE);
	buf_init(&row, 1000);
	singer_read(&m, slice_of("{\"type\":\"RECORD\",\"record\":{\"A\":\"x\\u0000y\"}}"));
	assert_int_equal(m.type, SINGER_RECORD);
	assert_true(singer_row(&m, columns, NULL, 1, &row, &why));
	assert_non_null(memchr(row.at, '\0', row.len));
	singer_release(&m);
	buf_release(&row);
}

static int columns_of(const char *line, struct arena *a, struct slice **columns)
{
	struct singer_message m;
	int count;

	singer_read(&m, slice_of(line));
	count = singer_columns(&m, a, columns);
	singer_release(&m);
	return count;
}

static const char schema[] =
	"{\"type\":\"SCHEMA\",\"stream\":\"c\",\"schema\":{\"properties\":{\"A\":{\"type\":"
	"\"string\"},\"_sdc_x\":{},\"P\":{\"properties\":{\"E\":{},\"F\":{}}},\"B\":{}}}}";

static void assert_row(const char *record, const char *expected, const char *expected_why)
{
	struct singer_message m;
	struct slice *columns;
	struct arena a;
	struct buf row;
	const char *why;
	int count;
	bool is;

	arena_init(&a);
	buf_init(&row, 10000);
	count = columns_of(schema, &a, &columns);
	assert_int_equal(count, 4);
	singer_read_plain(&m, slice_of(record));
	is = singer_row(&m, columns, NULL, (size_t)count, &row, &why);
	assert_int_equal(is, expected_why == NULL);
	assert_string_equal(buf_text(&row), expected);
	if (expected_why)
		assert_string_equal(why, expected_why);
	singer_release(&m);
	buf_release(&row);
	arena_release(&a);
}

static void a_column_of_days_takes_the_day_as_it_is_written(void **state)
{
	static const struct {
		const char *value, *cell;
	} days[] = { { "\"1980-02-03T23:30:00-05:00\"", "1980-02-03" },
		     { "\"1980-02-03T00:00:00Z\"", "1980-02-03" },
		     { "\"1980-02-03 01:02\"", "1980-02-03" },
		     { "\"1980-02-03\"", "1980-02-03" },
		     { "\"3 February\"", "3 February" },
		     { "\"1980-02-30T00:00:00Z\"", "1980-02-30T00:00:00Z" },
		     { "\"\"", "" },
		     { "null", "#N/A" },
		     { "19800203", "19800203" } };
	const struct slice columns[] = { { "D", 1 }, { "T", 1 } };
	const bool flags[] = { true, false };

	(void)state;
	for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
		struct singer_message m;
		struct buf record, row, expected;
		const char *why;

		buf_init(&record, 1000);
		buf_init(&row, 1000);
		buf_init(&expected, 1000);
		buf_addf(&record, "{\"D\": %s, \"T\": \"1980-02-03T01:02:03Z\"}", days[i].value);
		buf_addf(&expected, "%s,1980-02-03T01:02:03Z\n", days[i].cell);
		singer_read_plain(&m, buf_slice(&record));
		assert_true(singer_row(&m, columns, flags, 2, &row, &why));
		assert_string_equal(buf_text(&row), buf_text(&expected));
		singer_release(&m);
		buf_release(&record);
		buf_release(&row);
		buf_release(&expected);
	}
}

static void a_schema_names_columns_and_lookups(void **state)
{
	struct slice *columns;
	struct arena a;

	(void)state;
	arena_init(&a);
	assert_int_equal(columns_of(schema, &a, &columns), 4);
	assert_true(slice_is(columns[0], "A"));
	assert_true(slice_is(columns[1], "P.E"));
	assert_true(slice_is(columns[2], "P.F"));
	assert_true(slice_is(columns[3], "B"));
	assert_int_equal(columns_of("{\"type\":\"SCHEMA\"}", &a, &columns), 0);
	arena_release(&a);
}

static void a_record_becomes_a_row(void **state)
{
	(void)state;
	assert_row("{\"B\":1.50,\"A\":\"x\"}", "x,,,1.50\n", NULL);
	assert_row("{\"A\":null,\"B\":\"#N/A\",\"_sdc_q\":5}", "#N/A,,,\"#N/A\"\n", NULL);
	assert_row("{\"P\":{\"F\":\"f\"},\"A\":true}", "true,,f,\n", NULL);
	assert_row("{\"P\":null}", ",#N/A,#N/A,\n", NULL);
	assert_row("{\"P.E\":\"e\"}", ",e,,\n", NULL);
	assert_row("{\"A\":\"a,\\\"b\\\"\\n\",\"B\":[1,{\"x\":null}]}",
	           "\"a,\"\"b\"\"\n\",,,\"[1,{\"\"x\"\":null}]\"\n", NULL);
	assert_row("{}", ",,,\n", NULL);
	assert_row("{\"C\":1}", "", "its record has a name that its schema has not");
}

static void a_state_goes_out_as_it_came(void **state)
{
	struct singer_message m;
	struct buf b;

	(void)state;
	buf_init(&b, 1000);
	singer_read(&m, slice_of("{\"type\": \"STATE\", \"value\": {\"n\": 12345678901234567890, \"d\": 1.50, "
	                         "\"t\": \"\\u00e4\"}}"));
	singer_state(&m, &b);
	assert_string_equal(buf_text(&b), "{\"n\":12345678901234567890,\"d\":1.50,\"t\":\"\xc3\xa4\"}");
	singer_release(&m);
	buf_release(&b);
}

static void batches_name_files(void **state)
{
	struct singer_message m;
	const char *why;

	(void)state;
	singer_read(&m, slice_of("{\"type\":\"BATCH\",\"encoding\":{\"format\":\"jsonl\"},\"manifest\":[\"file:"
	                         "///a/b\",\"s3://x\"]}"));
	assert_string_equal(singer_batch_file(&m, 0, &why), "/a/b");
	assert_null(singer_batch_file(&m, 1, &why));
	assert_non_null(why);
	assert_null(singer_batch_file(&m, 2, &why));
	assert_null(why);
	singer_release(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_line_is_what_it_says),
		cmocka_unit_test(what_nests_too_deep_is_no_message),
		cmocka_unit_test(a_nul_is_never_passed_over),
		cmocka_unit_test(a_column_of_days_takes_the_day_as_it_is_written),
		cmocka_unit_test(a_schema_names_columns_and_lookups),
		cmocka_unit_test(a_record_becomes_a_row),
		cmocka_unit_test(a_state_goes_out_as_it_came),
		cmocka_unit_test(batches_name_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
