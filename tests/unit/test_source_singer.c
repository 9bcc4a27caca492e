/* A file of Singer messages as numbered records: which stream, what is a record, what is faulty, and reading on in the middle. */
#include "source_told.h"

#include "core/source/dialect.h"

#define SCHEMA_OF(stream) "{\"type\":\"SCHEMA\",\"stream\":\"" stream "\",\"schema\":{\"properties\":{}}}\n"
#define RECORD_OF(stream, record) "{\"type\":\"RECORD\",\"stream\":\"" stream "\",\"record\":" record "}\n"
#define STATE "{\"type\":\"STATE\",\"value\":{\"at\":1}}\n"

static struct source *open_stream(const char *text, const char *stream)
{
	struct source_options options = { .folder = folder };
	struct source *source = NULL;
	struct err e;

	snprintf(options.sheet, sizeof options.sheet, "%s", stream);
	if (open_bytes(&source, slice_of(text), &options, &e) != ERR_OK)
		fail_msg("%s", e.text);
	return source;
}

static void refuses(const char *text, const char *stream, enum err_code code, const char *because)
{
	struct source_options options = { .folder = folder, .format = FORMAT_SINGER };
	struct source *source = NULL;
	struct err e;

	snprintf(options.sheet, sizeof options.sheet, "%s", stream);
	assert_int_equal(open_bytes(&source, slice_of(text), &options, &e), code);
	if (!strstr(e.text, because))
		fail_msg("\"%s\" does not say \"%s\"", e.text, because);
}

static void each_record_of_the_stream_is_one(void **unused)
{
	(void)unused;
	expect(SCHEMA_OF("a") STATE RECORD_OF("a", "{\"x\":\"1\",\"n\":1.50,\"t\":true}") RECORD_OF(
		       "a", "{\"y\":null,\"X\":\"#N/A\",\"l\":[1,{\"b\":null}]}") "{\"type\":\"ACTIVATE_"
	                                                                          "VERSION\",\"stream\":\"a\","
	                                                                          "\"version\":1}\n\n" STATE,
	       FORMAT_SINGER, "x|n|t|y|l\n1@92[1][1.50][true][][]\n2@160[#N/A][][][NULL][[1,{\"b\":null}]]\n");
	/* in any order of its members, over a lookup, without what the tap adds, and with nothing behind the last one */
	expect(SCHEMA_OF("a") "{\"record\":{\"Account\":{\"Ext__c\":\"A-1\"},\"_sdc_at\":1},\"stream\":\"a\","
	                      "\"type\":\"RECORD\"}",
	       FORMAT_SINGER, "Account.Ext__c\n1@58[A-1]\n");
	expect(SCHEMA_OF("a") RECORD_OF("a", "{\"Account\":null,\"b\":1}")
	               RECORD_OF("a", "{\"Account\":{\"N\":\"y\"}}"),
	       FORMAT_SINGER, "b|Account.N\n1@58[1][NULL]\n2@121[][y]\n");
	expect("\xef\xbb\xbf" SCHEMA_OF("a") RECORD_OF("a", "{\"x\":\"é\"}"), FORMAT_SINGER, "x\n1@61[é]\n");
}

static void it_is_known_by_its_first_message(void **unused)
{
	struct source *source = open_stream(SCHEMA_OF("a") RECORD_OF("a", "{\"x\":1}"), "");
	struct buf said;

	(void)unused;
	assert_string_equal(source_shape(source)->format_why, "its first line is a SCHEMA of Singer");
	assert_string_equal(source_shape(source)->sheet, "a");
	assert_string_equal(source_shape(source)->sheet_why, "the only one");
	buf_init(&said, 1000);
	source_describe(source, &said);
	assert_string_equal(buf_text(&said), "1 column · singer (its first line is a SCHEMA of Singer) · "
	                                     "stream \"a\" (the only one) · UTF-8");
	buf_release(&said);
	source_close(source);
	/* records that happen to have such names are none */
	expect("{\"type\":\"RECORD\",\"stream\":\"a\",\"n\":1}\n", FORMAT_JSONL,
	       "type|stream|n\n1@0[RECORD][a][1]\n");
	expect("{\"type\":\"STATE\",\"value\":\"NY\"}\n", FORMAT_JSONL, "type|value\n1@0[STATE][NY]\n");
}

static void a_line_that_is_no_record_is_a_fault_with_its_place(void **unused)
{
	(void)unused;
	expect(SCHEMA_OF("a") "INFO going on\n" RECORD_OF("a", "{\"x\":1}") "{\"type\":\"CHAT\"}\n" RECORD_OF(
		       "a", "[1]") RECORD_OF("a", "{\"x\":1,\"X\":2}")
	               RECORD_OF("a", "{\"x\":\"1\\u00002\"}") "{\"type\":\"RECORD\",\"record\":{}}\n{\"type\":"
	                                                       "\"RECORD\",\"str",
	       FORMAT_SINGER,
	       "x\n1@58!it is no JSON\n2@72[1]\n3@120!a message of a type that is not known\n"
	       "4@136!its record is no object\n5@180!two values of one name\n6@234!a NUL byte\n"
	       "7@291!a message that names no stream\n8@321!it is no JSON\n");
	/* a text that only looks as if it had a NUL */
	expect(SCHEMA_OF("a") RECORD_OF("a", "{\"x\":\"\\\\u0000\"}"), FORMAT_SINGER, "x\n1@58[\\u0000]\n");
}

static void a_record_before_its_schema_is_a_fault(void **unused)
{
	(void)unused;
	expect(RECORD_OF("a", "{\"x\":1}") SCHEMA_OF("a") RECORD_OF("a", "{\"x\":2}"), FORMAT_SINGER,
	       "x\n1@0!a RECORD before the SCHEMA of its stream\n2@106[2]\n");
	refuses(RECORD_OF("a", "{\"x\":1}"), "", ERR_FILE, "has no SCHEMA of its stream \"a\"");
	refuses(SCHEMA_OF("a") STATE, "", ERR_FILE, "has no RECORD in it");
}

static void a_batch_is_a_fault(void **unused)
{
	(void)unused;
	expect(SCHEMA_OF("a") "{\"type\":\"BATCH\",\"stream\":\"a\",\"encoding\":{\"format\":\"jsonl\"},"
	                      "\"manifest\":[\"file:///x\"]}\n" RECORD_OF("a", "{\"x\":1}"),
	       FORMAT_SINGER, "x\n1@58!a BATCH: its records lie in other files, load those\n2@143[1]\n");
}

static void of_several_streams_one_is_chosen(void **unused)
{
	static const char text[] = SCHEMA_OF("a") SCHEMA_OF("b") SCHEMA_OF("c") RECORD_OF("b", "{\"x\":1}")
		RECORD_OF("a", "{\"y\":2}") RECORD_OF("b", "{\"x\":3}");
	struct source_options options = { .folder = folder, .beginning = true };
	struct source *source = open_stream(text, "b");
	char reading[SOURCE_READING];
	struct buf told;
	struct err e;

	(void)unused;
	buf_init(&told, TOLD_MOST);
	tell_records(source, &told);
	assert_string_equal(buf_text(&told), "x\n1@174[1]\n2@270[3]\n");
	assert_string_equal(source_shape(source)->sheet_why, "as given, of 2");
	/* so that it is read the same way again */
	source_reading(source, reading);
	assert_string_equal(reading, "singer UTF-8 b");
	err_init(&e);
	assert_int_equal(source_reading_of(reading, &options, &e), ERR_OK);
	assert_string_equal(options.sheet, "b");
	source_close(source);
	refuses(text, "", ERR_USAGE, "has records of 2 streams, \"a\", \"b\": choose one with --stream");
	refuses(text, "c", ERR_USAGE, "has no record of a stream \"c\": it has \"a\", \"b\"");
	/* a look takes the first, and knows the others */
	options.sheet[0] = '\0';
	assert_int_equal(open_bytes(&source, slice_of(text), &options, &e), ERR_OK);
	assert_string_equal(source_shape(source)->sheet, "b");
	assert_int_equal(source_shape(source)->sheet_count, 2);
	assert_string_equal(source_shape(source)->sheets[0], "a");
	assert_string_equal(source_shape(source)->sheet_why, "the first with a record, of 2 so far");
	source_close(source);
	buf_release(&told);
}

/* A line of a million values would take hundreds of megabytes as a tree. */
static void a_line_has_a_ceiling(void **unused)
{
	static char text[1000000];
	char *to = text +
	           sprintf(text, SCHEMA_OF("a") "{\"type\":\"RECORD\",\"stream\":\"a\",\"record\":{\"x\":[1");

	(void)unused;
	for (int i = 0; i < 200001; i++)
		to += sprintf(to, ",1");
	strcpy(to, "]}}\n" RECORD_OF("a", "{\"x\":1}"));
	expect(text, FORMAT_SINGER, "x\n1@58!it has more than 200,000 values\n2@400110[1]\n");
}

/* Random records among other messages, read as a whole, and from each record on. */
static void what_is_written_is_read_again_from_any_record_on(void **unused)
{
	static const char *const between[] = {
		"", "", STATE, "\n", RECORD_OF("other", "{\"z\":1}"), SCHEMA_OF("a")
	};
	static const char *const values[] = {
		"null", "\"\"", "\"#N/A\"", "\"a\\\"b,\\nc\"", "\"é😀\"", "12.50"
	};
	static const char *const cells[] = { "NULL", "", "#N/A", "a\"b,\nc", "é😀", "12.50" };
	struct buf text, expected, told;

	(void)unused;
	seed = 7;
	buf_init(&text, TOLD_MOST);
	buf_init(&expected, TOLD_MOST);
	buf_init(&told, TOLD_MOST);
	for (int times = 0; times < 20; times++) {
		int64_t offsets[200];
		size_t rests[200], count = 3 + dice(190);
		struct source *source;
		struct record r;
		struct err e;

		buf_clear(&text);
		buf_clear(&expected);
		buf_add_text(&text, SCHEMA_OF("a") SCHEMA_OF("other"));
		for (unsigned i = 0; i < count; i++) {
			unsigned v = i ? dice(6) : 5; /* a column of nulls alone would still be one */

			buf_add_text(&text, between[dice(6)]);
			rests[i] = expected.len;
			buf_addf(&expected, "%u@%zu[%u][%s]\n", i + 1, text.len, i, cells[v]);
			buf_addf(&text,
			         "{\"type\":\"RECORD\",\"stream\":\"a\",\"record\":{\"n\":%u,\"v\":%s}}\n", i,
			         values[v]);
		}
		source = open_stream(buf_text(&text), "a");
		for (size_t i = 0; i < count; i++) {
			assert_true(next_record(source, &r));
			offsets[i] = r.offset;
		}
		assert_false(next_record(source, &r));
		err_init(&e);
		for (int tries = 0; tries < 10; tries++) {
			size_t i = dice((unsigned)count);

			buf_clear(&told);
			assert_int_equal(source_seek(source, (int64_t)i + 1, offsets[i], &e), ERR_OK);
			tell_records(source, &told);
			assert_string_equal(strchr(buf_text(&told), '\n') + 1, buf_text(&expected) + rests[i]);
		}
		source_close(source);
	}
	buf_release(&text);
	buf_release(&expected);
	buf_release(&told);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_record_of_the_stream_is_one),
		cmocka_unit_test(it_is_known_by_its_first_message),
		cmocka_unit_test(a_line_that_is_no_record_is_a_fault_with_its_place),
		cmocka_unit_test(a_record_before_its_schema_is_a_fault),
		cmocka_unit_test(a_batch_is_a_fault),
		cmocka_unit_test(of_several_streams_one_is_chosen),
		cmocka_unit_test(a_line_has_a_ceiling),
		cmocka_unit_test(what_is_written_is_read_again_from_any_record_on),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
