/* JSON and JSON Lines as numbered records: columns, values, null and absent, what is faulty and what breaks. */
#include "source_told.h"

#include "base/csv.h"
#include "core/source/json_memory.h"

static void columns_are_all_names_in_the_order_they_come_up(void **unused)
{
	(void)unused;
	expect("[{\"a\":\"x\"},\n {\"b\":\"y\", \"a\":\"z\"}]", FORMAT_JSON, "a|b\n1@1[x][]\n2@13[z][y]\n");
	expect("{\"a\":\"x\"}\n{\"b\":\"y\",\"A\":\"z\"}\n\n  \n{\"b\":\"w\"}", FORMAT_JSONL,
	       "a|b\n1@0[x][]\n2@10[z][y]\n3@32[][w]\n");
	expect("\xef\xbb\xbf[ {\"a\":1} ]\n", FORMAT_JSON, "a\n1@5[1]\n");
	expect("\xef\xbb\xbf{\"a\":1}\r\n", FORMAT_JSONL, "a\n1@0[1]\n");
	/* objects over several lines, one behind the other */
	expect("{\n\"a\":1\n}\n{\n\"a\":2\n}\n", FORMAT_JSON, "a\n1@0[1]\n2@10[2]\n");
	expect("{\"a\":\"x\"}", FORMAT_JSONL, "a\n1@0[x]\n");
}

static void values_keep_the_text_they_have(void **unused)
{
	(void)unused;
	expect("[{\"n\":1.50,\"m\":-0,\"e\":1E400,\"big\":123456789012345678901,\"t\":true,\"f\":false}]",
	       FORMAT_JSON, "n|m|e|big|t|f\n1@1[1.50][-0][1E400][123456789012345678901][true][false]\n");
	expect("[{\"a\":\"\\u00e9\\ud83d\\ude00 \\\"x\\\",\\n \",\"b\":\"\"}]", FORMAT_JSON,
	       "a|b\n1@1[é😀 \"x\",\n ][]\n");
	expect("[{\"a\":[1,\"x\",{\"b\":[true,null]}],\"c\":[]}]", FORMAT_JSON,
	       "a|c\n1@1[[1,\"x\",{\"b\":[true,null]}]][[]]\n");
}

static void an_object_within_is_a_lookup(void **unused)
{
	(void)unused;
	expect("[{\"Account\":{\"Ext__c\":\"A-1\"},\"b\":{\"c\":{\"d\":1},\"e\":2}}]", FORMAT_JSON,
	       "Account.Ext__c|b.c.d|b.e\n1@1[A-1][1][2]\n");
	expect("{\"Account\":{\"Ext__c\":\"A-1\"}}\n{\"Account.Ext__c\":\"A-2\"}", FORMAT_JSONL,
	       "Account.Ext__c\n1@0[A-1]\n2@29[A-2]\n");
	expect("[{\"a\":{}},{\"a\":{\"b\":{}},\"c\":1}]", FORMAT_JSON, "c\n1@1blank[]\n2@10[1]\n");
}

static void null_is_not_blank_and_not_absent(void **unused)
{
	(void)unused;
	expect("[{\"a\":null,\"b\":\"\"},{\"b\":null,\"a\":\"#N/A\"},{\"a\":\"#N/A \"},{\"b\":\"NULL\"}]",
	       FORMAT_JSON, "a|b\n1@1[NULL][]\n2@19[#N/A][NULL]\n3@41[#N/A ][]\n4@55[][NULL]\n");
	/* what is null as a whole is null in all its parts, and no column of its own */
	expect("[{\"Account\":null,\"b\":1},{\"account\":{\"Ext__c\":\"x\",\"N\":\"y\"}},{\"b\":2}]",
	       FORMAT_JSON, "b|account.Ext__c|account.N\n1@1[1][NULL][NULL]\n2@24[][x][y]\n3@59[2][][]\n");
	expect("[{\"Account\":null},{\"Account\":\"Acme\"},{\"Account\":{\"N\":\"y\"}}]", FORMAT_JSON,
	       "Account|Account.N\n1@1[NULL][]\n2@18[Acme][]\n3@37[][y]\n");
	expect("[{\"a\":null}]", FORMAT_JSON, "a\n1@1[NULL]\n");
}

static void a_record_that_is_none_is_a_fault_with_its_place(void **unused)
{
	(void)unused;
	expect("[{\"a\":1},7,[{\"a\":2}],{\"a\":3,\"A\":4},{\"a\":5}]", FORMAT_JSON,
	       "a\n1@1[1]\n2@10!it is no object\n3@20!it is no object\n"
	       "4@21!two values of one name@33\n5@35[5]\n");
	expect("{\"a\":1}\n{\"a\":2\n[3]\n{\"a\":\"éé\xff\"}\n{\"a\":4} x\nnonsense\n{\"a\":5}\n", FORMAT_JSONL,
	       "a\n1@0[1]\n2@8!it ends too early@14\n3@18!it is no object\n"
	       "4@19!invalid bytes in UTF8 string@30\n5@33!trailing garbage@42\n"
	       "6@43!invalid string in json text@44\n7@52[5]\n");
	expect("[{\"a\":\"x\\u0000y\"},{\"\":1,\"a\":2},{\"a\":3}]", FORMAT_JSON,
	       "a\n1@1!a NUL byte\n2@18!a value without a name@23\n3@31[3]\n");
}

static void add_deep(struct buf *b, int depth, const char *open, const char *close)
{
	for (int i = 0; i < depth; i++)
		buf_add_text(b, open);
	buf_add_text(b, "1");
	for (int i = 0; i < depth; i++)
		buf_add_text(b, close);
}

static void what_nests_too_deep_is_refused(void **unused)
{
	struct buf text;

	(void)unused;
	buf_init(&text, TOLD_MOST);
	buf_add_text(&text, "[");
	add_deep(&text, 10000, "{\"a\":", "}");
	expect_refusal(buf_text(&text), "it nests deeper than 64");
	buf_clear(&text);
	buf_add_text(&text, "[{\"a\":");
	add_deep(&text, 10000, "[", "]");
	expect_refusal(buf_text(&text), "it nests deeper than 64");
	buf_clear(&text);
	buf_add_text(&text, "{\"a\":1}\n{\"a\":");
	add_deep(&text, 10000, "[", "]");
	buf_add_text(&text, "}\n{\"a\":2}\n");
	expect(buf_text(&text), FORMAT_JSONL, "a\n1@0[1]\n2@8!it nests deeper than 64@77\n3@20016[2]\n");
	buf_clear(&text);
	buf_add_text(&text, "[{\"a\":");
	add_deep(&text, 30, "[", "]");
	buf_add_text(&text, "}]");
	source_close(open_text(buf_text(&text)));
	buf_release(&text);
}

static void json_that_breaks_or_is_cut_off_says_where(void **unused)
{
	(void)unused;
	expect_refusal("[{\"a\":1},{\"a\":2 \"b\":3}]", "breaks at byte 18, in record 2: ");
	expect_refusal("[{\"a\":1} {\"a\":2}]", "breaks at byte 10, behind record 1: ");
	expect_refusal("[{\"a\":1},{\"a\":\"\x01\"}]", "breaks at byte 15, in record 2: ");
	expect_refusal("[{\"a\":1},{\"a\":2},", "is cut off: it ends at byte 17, behind record 2");
	expect_refusal("[{\"a\":1},{\"a\":\"x", "is cut off: it ends at byte 16, in record 2");
	expect_refusal("[]", "has no value in it");
	expect_refusal("[{},{}]", "has no value in it");
}

static void the_format_can_be_given(void **unused)
{
	struct source_options options = { .format = FORMAT_JSONL, .folder = folder };
	struct source *source;
	struct err e;

	(void)unused;
	assert_int_equal(open_bytes(&source, slice_of("[1]\n"), &options, &e), ERR_FILE);
	options.format = FORMAT_CSV;
	assert_int_equal(open_bytes(&source, slice_of("{\"a\":1}\n"), &options, &e), ERR_OK);
	assert_string_equal(source_shape(source)->format_why, "as given");
	source_close(source);
	options.format = FORMAT_JSON;
	assert_int_equal(open_bytes(&source, slice_of("a,b\n1,2\n"), &options, &e), ERR_FILE);
	assert_non_null(strstr(e.text, "breaks at byte "));
}

static void too_large_values_hold_no_memory(void **unused)
{
	struct buf text;

	(void)unused;
	buf_init(&text, TOLD_MOST);
	buf_add_text(&text, "[{\"a\":\"");
	buf_addf(&text, "%0*d", 20000000, 1);
	buf_add_text(&text, "\"}]");
	expect_refusal(buf_text(&text), "has a value of more than 16 MB at byte 5, in record 1");
	buf_clear(&text);
	buf_add_text(&text, "{\"a\":1}\n{\"a\":\"");
	buf_addf(&text, "%0*d", 20000000, 1);
	buf_add_text(&text, "\"}\n{\"a\":2}\n");
	expect(buf_text(&text), FORMAT_JSONL, "a\n1@0[1]\n2@8!a record over 16 MB\n3@20000017[2]\n");
	buf_clear(&text);
	buf_add_text(&text, "[{\"a\":[");
	for (int i = 0; i < 3000000; i++)
		buf_add_text(&text, "1234567,");
	buf_add_text(&text, "1]},{\"a\":2}]");
	expect(buf_text(&text), FORMAT_JSON, "a\n1@1!a record over 16 MB@16777230\n2@24000011[2]\n");
	buf_release(&text);
}

static void five_thousand_columns_are_the_most(void **unused)
{
	struct source *source;
	struct record r;
	struct buf text;

	(void)unused;
	buf_init(&text, TOLD_MOST);
	buf_add_text(&text, "[{\"f0\":0");
	for (int i = 1; i < 5000; i++)
		buf_addf(&text, ",\"f%d\":%d", i, i);
	buf_add_text(&text, "},{\"f4999\":1,\"one_more\":2},{\"f4999\":3}]");
	source = open_text(buf_text(&text));
	assert_int_equal(source_shape(source)->column_count, 5000);
	assert_true(next_record(source, &r) && !r.fault && slice_is(r.cells[4999], "4999"));
	assert_true(next_record(source, &r) && strcmp(r.fault, "more than 5,000 columns") == 0);
	assert_true(next_record(source, &r) && !r.fault && slice_is(r.cells[4999], "3") && r.cells[0].len == 0);
	source_close(source);
	buf_release(&text);
}

/* A record as a line with all columns, as a result file has it; broken ones keep their place. */
static void the_raw_record_has_every_column(void **unused)
{
	static const char *const expected[] = { "1,,", "\"x,\"\"y\",#N/A,", ",\"#N/A\",é", ",,", "2,," };
	struct source *source = open_text(
		"{\"a\":1}\n{\"a\":\"x,\\\"y\",\"b\":null}\n{\"b\":\"#N/A\",\"c\":\"é\"}\n"
		"oops\n{\"a\":2}");
	struct source *again;
	struct record r;
	struct buf header;
	struct err e;
	int64_t offsets[5];

	(void)unused;
	err_init(&e);
	buf_init(&header, 1000);
	assert_int_equal(source_header(source, &header, &e), ERR_OK);
	assert_string_equal(buf_text(&header), "a,b,c");
	for (int i = 0; i < 5; i++) {
		assert_true(next_record(source, &r));
		assert_true(slice_is(r.raw, expected[i]));
		offsets[i] = r.offset;
	}
	assert_false(next_record(source, &r));
	assert_int_equal(source_open_again(&again, source, &e), ERR_OK);
	source_close(source);
	for (int i = 4; i >= 0; i--) {
		assert_int_equal(source_seek(again, i + 1, offsets[i], &e), ERR_OK);
		assert_true(next_record(again, &r));
		assert_true(r.number == i + 1 && slice_is(r.raw, expected[i]));
	}
	source_close(again);
	source = open_text("[{\"A\":null,\"b\":\"x\"},{\"A\":{\"c\":1}}]");
	assert_true(next_record(source, &r) && slice_is(r.raw, "x,#N/A"));
	assert_true(next_record(source, &r) && slice_is(r.raw, ",1"));
	source_close(source);
	buf_release(&header);
}

static bool kept_text(void *ctx, int64_t record, struct buf *b)
{
	(void)ctx;
	buf_add_text(b, record == 1 ? "#N/A,\"#N/A\"" : "\"x\",#N/A");
	return true;
}

/* So that a record can be sent again when its file is gone. */
static void null_outlasts_the_raw_record(void **unused)
{
	struct source_kept kept = { .path = "/gone/in.json",
		                    .delimiter = ',',
		                    .nulls = true,
		                    .header = slice_of("a,b"),
		                    .records = 2,
		                    .text = kept_text };
	struct source *source;
	struct record r;
	struct err e;

	(void)unused;
	err_init(&e);
	assert_int_equal(source_open_kept(&source, &kept, &e), ERR_OK);
	assert_true(next_record(source, &r) && source_is_null(r.cells[0]) && slice_is(r.cells[1], "#N/A"));
	assert_true(next_record(source, &r) && slice_is(r.cells[0], "x") && source_is_null(r.cells[1]));
	source_close(source);
}

static void add_string(struct buf *b, struct slice text)
{
	buf_add_char(b, '"');
	for (size_t i = 0; i < text.len; i++)
		if (text.at[i] == '"' || text.at[i] == '\\' || (unsigned char)text.at[i] < ' ')
			buf_addf(b, "\\u%04x", (unsigned char)text.at[i]);
		else
			buf_add_char(b, text.at[i]);
	buf_add_char(b, '"');
}

/* Random records, written as JSON in one of its forms and read again. */
static void what_is_written_is_read_again(void **unused)
{
	static const char *const pieces[] = { "x", "\"", ",", "\n", "é", "#N/A", "\\", "\r\n", " ", "😀" };
	struct buf text, expected, told, value;

	(void)unused;
	buf_init(&text, TOLD_MOST);
	buf_init(&expected, TOLD_MOST);
	buf_init(&told, TOLD_MOST);
	buf_init(&value, 1000);
	seed = 6;
	for (int times = 0; times < 200; times++) {
		bool lines = times % 2;
		struct source *source;

		buf_clear(&text);
		buf_clear(&expected);
		buf_clear(&told);
		buf_add_text(&expected, "a|b|c\n");
		buf_add_text(&text, lines ? "" : "[");
		for (unsigned i = 0, n = 2 + dice(500); i < n; i++) {
			buf_add_text(&text, i && !lines ? "," : "");
			buf_addf(&expected, "%u@%zu[%u]", i + 1, text.len, i);
			buf_addf(&text, "{\"a\":%u", i);
			for (char name = 'b'; name <= 'c'; name++) {
				unsigned kind = i == 0 ? 2 : dice(4);

				buf_clear(&value);
				for (unsigned k = dice(6); k > 0; k--)
					buf_add_text(&value, pieces[dice(10)]);
				if (kind > 0)
					buf_addf(&text, ",%s\"%c\":", lines ? "" : "\n", name);
				if (kind == 1)
					buf_add_text(&text, "null");
				if (kind > 1)
					add_string(&text, buf_slice(&value));
				buf_addf(&expected, "[%s]",
				         kind > 1    ? buf_text(&value)
				         : kind == 1 ? "NULL"
				                     : "");
			}
			buf_add_text(&text, lines ? "}\n" : "}");
			buf_add_char(&expected, '\n');
		}
		buf_add_text(&text, lines ? "" : "]");
		source = open_text(buf_text(&text));
		tell_records(source, &told);
		source_close(source);
		assert_string_equal(buf_text(&told), buf_text(&expected));
	}
	buf_release(&value);
	buf_release(&told);
	buf_release(&expected);
	buf_release(&text);
}

static void for_a_look_only_the_first_records_are_read(void **unused)
{
	struct source_options options = { .folder = folder, .beginning = true };
	struct source *source;
	struct record r;
	struct buf text;
	struct err e;
	int n = 0;

	(void)unused;
	buf_init(&text, TOLD_MOST);
	for (int lines = 0; lines < 2; lines++) {
		buf_clear(&text);
		buf_add_text(&text, lines ? "" : "[");
		for (int i = 0; i < 100000; i++)
			buf_addf(&text, "%s{\"a\":%d}", i == 0 ? "" : lines ? "\n" : ",", i);
		buf_add_text(&text, " and then nothing that is JSON");
		assert_int_equal(open_bytes(&source, buf_slice(&text), &options, &e), ERR_OK);
		for (n = 0; next_record(source, &r); n++)
			assert_null(r.fault);
		assert_true(n >= 200 && n < 20000);
		source_close(source);
	}
	buf_release(&text);
}

/* What libyajl holds is freed, also when it was left in the middle of its work for want of memory. */
static void without_memory_the_parser_is_left(void **unused)
{
	struct json_memory m;
	void *volatile kept = NULL;

	(void)unused;
	json_memory_init(&m);
	assert_null(m.funcs.malloc(m.funcs.ctx, SIZE_MAX)); /* nobody waits for the jump */
	json_memory_release(&m);
	if (setjmp(m.out) == 0) {
		m.armed = true;
		kept = m.funcs.realloc(m.funcs.ctx, NULL, 10);
		kept = m.funcs.realloc(m.funcs.ctx, kept, 1000);
		m.funcs.free(m.funcs.ctx, m.funcs.malloc(m.funcs.ctx, 10));
		m.funcs.realloc(m.funcs.ctx, kept, SIZE_MAX);
		fail_msg("there was memory");
	}
	assert_true(m.failed);
	memset(kept, 1, 1000); /* it is what it was */
	json_memory_release(&m);
	assert_null(m.blocks);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(columns_are_all_names_in_the_order_they_come_up),
		cmocka_unit_test(values_keep_the_text_they_have),
		cmocka_unit_test(an_object_within_is_a_lookup),
		cmocka_unit_test(null_is_not_blank_and_not_absent),
		cmocka_unit_test(a_record_that_is_none_is_a_fault_with_its_place),
		cmocka_unit_test(what_nests_too_deep_is_refused),
		cmocka_unit_test(json_that_breaks_or_is_cut_off_says_where),
		cmocka_unit_test(the_format_can_be_given),
		cmocka_unit_test(too_large_values_hold_no_memory),
		cmocka_unit_test(five_thousand_columns_are_the_most),
		cmocka_unit_test(the_raw_record_has_every_column),
		cmocka_unit_test(null_outlasts_the_raw_record),
		cmocka_unit_test(what_is_written_is_read_again),
		cmocka_unit_test(for_a_look_only_the_first_records_are_read),
		cmocka_unit_test(without_memory_the_parser_is_left),
	};

	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
