/* Results that come in pieces of any size, and the parts of a failed record's error. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/org/bulk_text.h"

struct seen {
	struct buf text;
	int rows;
};

static bool see(void *ctx, bool header, const struct slice *cells, size_t count)
{
	struct seen *seen = ctx;

	seen->rows += !header;
	buf_add_text(&seen->text, header ? "#" : "");
	for (size_t i = 0; i < count; i++) {
		buf_add_slice(&seen->text, cells[i]);
		buf_add_char(&seen->text, i + 1 < count ? '|' : '~');
	}
	return true;
}

static bool stop_at_once(void *ctx, bool header, const struct slice *cells, size_t count)
{
	(void)ctx;
	(void)cells;
	(void)count;
	return header;
}

/* Feeds the pieces text[0..a), [a..b), [b..end) and ends. */
static bool feed(struct seen *seen, const char *text, size_t a, size_t b)
{
	struct results r;
	bool whole;

	*seen = (struct seen){ 0 };
	buf_init(&seen->text, 4096);
	results_init(&r, see, seen);
	whole = results_feed(&r, (struct slice){ text, a }) &&
	        results_feed(&r, (struct slice){ text + a, b - a }) && results_feed(&r, slice_of(text + b)) &&
	        results_end(&r);
	if (!whole)
		assert_non_null(r.trouble);
	results_release(&r);
	return whole;
}

static const char tricky[] = "\"sf__Id\",\"sf__Error\",Name,Description\n"
			     "\"001A\",\"\",\"O\"\"Neil, \"\"the\"\" \",\"two\nlines\r\nand three\"\n"
			     "\n"
			     "\"001B\",\"X:y:--\",\"\",\"\"\r\n"
			     "\"001é\",\"\",\"\"\"\"\"\",\",\"";
static const char as_seen[] = "#sf__Id|sf__Error|Name|Description~"
			      "001A||O\"Neil, \"the\" |two\nlines\r\nand three~"
			      "001B|X:y:--||~"
			      "001é||\"\"|,~";

static void results_are_the_same_wherever_the_pieces_end(void **unused)
{
	struct seen seen;

	(void)unused;
	for (size_t a = 0; a < sizeof tricky; a++)
		for (size_t b = a; b < sizeof tricky; b++) {
			assert_true(feed(&seen, tricky, a, b));
			if (strcmp(buf_text(&seen.text), as_seen) != 0)
				fail_msg("split at %zu and %zu: %s", a, b, buf_text(&seen.text));
			assert_int_equal(seen.rows, 3);
			buf_release(&seen.text);
		}
}

static void results_may_come_byte_by_byte(void **unused)
{
	struct seen seen = { 0 };
	struct results r;

	(void)unused;
	buf_init(&seen.text, 4096);
	results_init(&r, see, &seen);
	for (size_t i = 0; i + 1 < sizeof tricky; i++)
		assert_true(results_feed(&r, (struct slice){ tricky + i, 1 }));
	assert_true(results_end(&r));
	assert_string_equal(buf_text(&seen.text), as_seen);
	results_release(&r);
	buf_release(&seen.text);
}

/* Whichever byte a result is cut at, no row before the cut is another. (That something is missing, the answer's framing
 * tells: http.h; the last row alone may look whole.) */
static void a_cut_changes_no_row_before_it(void **unused)
{
	struct seen seen;
	char cut[sizeof tricky];

	(void)unused;
	for (size_t n = 0; n < sizeof tricky - 1; n++) {
		const char *last;

		memcpy(cut, tricky, n);
		cut[n] = '\0';
		feed(&seen, cut, n / 2, n);
		last = seen.text.len ? memrchr(seen.text.at, '~', seen.text.len - 1) : NULL;
		if (last)
			assert_memory_equal(seen.text.at, as_seen, (size_t)(last + 1 - seen.text.at));
		assert_true(seen.rows <= 3);
		buf_release(&seen.text);
	}
}

static void what_is_no_csv_is_refused(void **unused)
{
	static const char *const texts[] = {
		"",
		"\n\n",
		"A,B\n\"1\",\"2\",\"3\"\n",
		"A,B\n\"1\"\n",
		"A,B\n\"1\",\"2\"x\n",
		"A,B\n\"1\",\"2\n",
	};
	struct seen seen;

	(void)unused;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		assert_false(feed(&seen, texts[i], 0, strlen(texts[i]) / 2));
		buf_release(&seen.text);
	}
}

static void a_row_that_never_ends_is_given_up(void **unused)
{
	static char piece[64 * 1024];
	struct seen seen = { 0 };
	struct results r;
	size_t fed = 0;

	(void)unused;
	memset(piece, 'x', sizeof piece);
	buf_init(&seen.text, 4096);
	results_init(&r, see, &seen);
	assert_true(results_feed(&r, slice_of("A,B\n\"1\",\"")));
	while (results_feed(&r, (struct slice){ piece, sizeof piece }))
		fed += sizeof piece;
	assert_in_range(fed, 2 * 1024 * 1024, 5 * 1024 * 1024);
	assert_non_null(strstr(r.trouble, "longer"));
	results_release(&r);
	buf_release(&seen.text);
}

static void pages_follow_each_other(void **unused)
{
	struct seen seen = { 0 };
	struct results r;

	(void)unused;
	buf_init(&seen.text, 4096);
	results_init(&r, see, &seen);
	assert_true(results_feed(&r, slice_of("A,B\n\"1\",\"2\"\n")));
	assert_true(results_end(&r));
	assert_true(results_feed(&r, slice_of("A,B\n\"3\",\"4\"\n")));
	assert_true(results_end(&r));
	assert_string_equal(buf_text(&seen.text), "#A|B~1|2~3|4~");
	assert_false(results_feed(&r, slice_of("B,A\n\"5\",\"6\"\n")));
	assert_string_equal(buf_text(&seen.text), "#A|B~1|2~3|4~");
	results_release(&r);
	buf_release(&seen.text);
}

static void the_reader_may_stop(void **unused)
{
	struct results r;

	(void)unused;
	results_init(&r, stop_at_once, NULL);
	assert_false(results_feed(&r, slice_of("A,B\n\"1\",\"2\"\n\"3\",\"4\"\n")));
	assert_false(results_feed(&r, slice_of("\"5\",\"6\"\n")));
	assert_false(results_end(&r));
	results_release(&r);
}

/* Error texts as they were seen (salesforce-api.md C7) */
static void an_error_text_falls_into_its_parts(void **unused)
{
	static const char *const cases[][4] = {
		{ "REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --",
		  "REQUIRED_FIELD_MISSING", "Required fields are missing: [Name]", "Name" },
		{ "INVALID_CROSS_REFERENCE_KEY:invalid cross reference id:--", "INVALID_CROSS_REFERENCE_KEY",
		  "invalid cross reference id", "" },
		{ "DUPLICATE_VALUE:duplicate value found: Ext__c duplicates value on record with id: "
		  "001000000000001:--",
		  "DUPLICATE_VALUE",
		  "duplicate value found: Ext__c duplicates value on record with id: 001000000000001", "" },
		{ "DUPLICATE_VALUE:Duplicate external id specified: A-1:Ext__c --", "DUPLICATE_VALUE",
		  "Duplicate external id specified: A-1", "Ext__c" },
		{ "INVALID_FIELD:Failed to deserialize field at col 0. Due to, '2018-09-28' is not a valid "
		  "value for the "
		  "type xsd:dateTime:CreatedDate --",
		  "INVALID_FIELD",
		  "Failed to deserialize field at col 0. Due to, '2018-09-28' is not a valid value for the "
		  "type "
		  "xsd:dateTime",
		  "CreatedDate" },
		{ "STRING_TOO_LONG:Name: data value too large: aaa (max length=80):Name,Ext__c --",
		  "STRING_TOO_LONG", "Name: data value too large: aaa (max length=80)", "Name,Ext__c" },
		{ "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY:T: execution of BeforeInsert\n\ncaused by: System.X: "
		  "no:--",
		  "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY",
		  "T: execution of BeforeInsert\n\ncaused by: System.X: no", "" },
		{ "FIELD_CUSTOM_VALIDATION_EXCEPTION:Call 12:30:Phone --", "FIELD_CUSTOM_VALIDATION_EXCEPTION",
		  "Call 12:30", "Phone" },
		{ "FIELD_CUSTOM_VALIDATION_EXCEPTION:see: two words --", "FIELD_CUSTOM_VALIDATION_EXCEPTION",
		  "see: two words", "" },
		{ "FIELD_CUSTOM_VALIDATION_EXCEPTION:Refused --", "FIELD_CUSTOM_VALIDATION_EXCEPTION",
		  "Refused", "" },
		{ "FIELD_CUSTOM_VALIDATION_EXCEPTION:a -- b:Name--", "FIELD_CUSTOM_VALIDATION_EXCEPTION",
		  "a -- b", "Name" },
		{ "UNABLE_TO_LOCK_ROW:unable to obtain: 001,", "UNABLE_TO_LOCK_ROW", "unable to obtain: 001,",
		  "" },
		{ "X:a:Name,, --", "X", "a:Name,,", "" },
		{ "InternalServerError : x", "", "InternalServerError : x", "" },
		{ "no form at all", "", "no form at all", "" },
		{ "", "", "", "" },
		{ ":", "", ":", "" },
		{ "A:", "A", "", "" },
		{ "A:--", "A", "", "" },
	};

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct slice code, message, fields;

		bulk_error_parts(slice_of(cases[i][0]), &code, &message, &fields);
		if (!slice_is(code, cases[i][1]) || !slice_is(message, cases[i][2]) ||
		    !slice_is(fields, cases[i][3]))
			fail_msg("%s: \"%.*s\" \"%.*s\" \"%.*s\"", cases[i][0], SLICE_ARGS(code),
			         SLICE_ARGS(message), SLICE_ARGS(fields));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(results_are_the_same_wherever_the_pieces_end),
		cmocka_unit_test(results_may_come_byte_by_byte),
		cmocka_unit_test(a_cut_changes_no_row_before_it),
		cmocka_unit_test(what_is_no_csv_is_refused),
		cmocka_unit_test(a_row_that_never_ends_is_given_up),
		cmocka_unit_test(pages_follow_each_other),
		cmocka_unit_test(the_reader_may_stop),
		cmocka_unit_test(an_error_text_falls_into_its_parts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
