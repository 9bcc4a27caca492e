/* Ids and spellings of the practice org, against ids that real orgs gave (recorded payloads). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include "practice/json_out.h"
#include "practice/key_index.h"
#include "practice/rules.h"
#include "practice/sf_id.h"

static void the_guard_of_recorded_ids_is_ours(void **unused)
{
	static const char *const recorded[] = { "0125j000000RqVlAAK", "7503h00000CV7GpAAL",
		                                "0053h000002xQ5sAAE", "0035500001H9kZuAAJ",
		                                "001P000001vkheIIAQ", "012000000000000AAA",
		                                "0057e00000RmwSWAAZ" };
	char full[SF_ID_ROOM], prefix[4];
	uint32_t number;

	(void)unused;
	for (size_t i = 0; i < sizeof recorded / sizeof recorded[0]; i++) {
		sf_id_full((struct slice){ recorded[i], 15 }, full);
		assert_string_equal(full, recorded[i]);
		assert_int_equal(sf_id_read(slice_of(recorded[i]), prefix, &number), SF_ID_FOREIGN);
		assert_memory_equal(prefix, recorded[i], 3);
	}
}

static void an_id_is_read_back_as_it_was_made(void **unused)
{
	static const uint32_t numbers[] = { 1, 9, 10, 61, 62, 3843, 3844, 1000000, UINT32_MAX };
	char id[SF_ID_ROOM], prefix[4];
	uint32_t number;

	(void)unused;
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		sf_id_text("003", numbers[i], id);
		assert_int_equal(strlen(id), 18);
		assert_int_equal(sf_id_read(slice_of(id), prefix, &number), SF_ID_OURS);
		assert_int_equal(number, numbers[i]);
		assert_int_equal(sf_id_read((struct slice){ id, 15 }, prefix, &number), SF_ID_OURS);
		assert_int_equal(number, numbers[i]);
		assert_string_equal(prefix, "003");
	}
}

static void what_is_no_id_is_malformed(void **unused)
{
	static const char *const texts[] = { "",
		                             "003",
		                             "0035e00000000019",
		                             "0035e0000000001AAB",
		                             "0035e000000000-",
		                             "0035E0000000001AAA",
		                             "0035e0000000001AAAA" };
	char prefix[4];
	uint32_t number;

	(void)unused;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		assert_int_equal(sf_id_read(slice_of(texts[i]), prefix, &number), SF_ID_MALFORMED);
}

static bool takes(const struct field *f, const char *cell)
{
	struct refusal why;
	struct slice value;
	struct arena arena;
	bool taken;

	arena_init(&arena);
	refusal_init(&why);
	taken = rule_read(f, slice_of(cell), 0, &arena, &value, &why) && rule_allow(f, value, &why);
	refusal_release(&why);
	arena_release(&arena);
	return taken;
}

/* Kinds that the built-in describes have no field of. */
static void times_and_lists_of_picks_are_checked(void **unused)
{
	const char *colours[] = { "Red", "Blue" };
	const struct field time = { .name = "T", .soap_type = "xsd:time", .type = FIELD_TIME };
	const struct field picks = { .name = "P",
		                     .type = FIELD_MULTIPICKLIST,
		                     .restricted = true,
		                     .values = colours,
		                     .value_count = 2 };

	(void)unused;
	assert_true(takes(&time, "13:45:07.000Z"));
	assert_false(takes(&time, "25:00:00.000Z"));
	assert_false(takes(&time, "1 pm"));
	assert_true(takes(&picks, "Red"));
	assert_true(takes(&picks, "Blue;Red"));
	assert_false(takes(&picks, "Red;Green"));
	assert_false(takes(&picks, "Red,Blue"));
}

static void numbers_are_echoed_as_java_prints_doubles(void **unused)
{
	static const struct {
		const char *sent, *echo;
	} cases[] = {
		{ "912260031", "9.12260031E8" },
		{ "0", "0.0" },
		{ "100", "100.0" },
		{ "12.50", "12.5" },
		{ "-.5", "-0.5" },
		{ "1e3", "1000.0" },
		{ "9999999", "9999999.0" },
		{ "10000000", "1.0E7" },
		{ "0.001", "0.001" },
		{ "0.0001", "1.0E-4" },
		{ "0.1", "0.1" },
		{ "00012.0", "12.0" },
		{ "+7.", "7.0" },
		{ "0.00099", "9.9E-4" },
		{ "-0.0010", "-0.001" },
		{ "1234567.12345678", "1234567.12345678" },
		{ "0.30000000000000004", "0.30000000000000004" },
		{ "x", "x" },
	};
	const struct field number = { .name = "N", .type = FIELD_DOUBLE };
	struct buf echo;

	(void)unused;
	buf_init(&echo, 256);
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		buf_clear(&echo);
		rule_echo(&number, slice_of(cases[i].sent), &echo);
		assert_string_equal(buf_text(&echo), cases[i].echo);
	}
	buf_release(&echo);
}

static void json_is_written_in_both_shapes(void **unused)
{
	struct json_out o;
	struct buf to;

	(void)unused;
	buf_init(&to, 4096);
	for (int spread = 0; spread < 2; spread++) {
		buf_clear(&to);
		json_out_init(&o, &to, spread);
		json_out_list(&o);
		json_out_object(&o);
		json_out_pair(&o, "a", "\"\n\x01\xff\xc3\xa4");
		json_out_key(&o, "b");
		json_out_list(&o);
		json_out_end(&o);
		json_out_end(&o);
		json_out_number(&o, -7);
		json_out_end(&o);
		assert_string_equal(buf_text(&to),
		                    spread ? "[ {\n  \"a\" : \"\\\"\\n\\u0001\xef\xbf\xbd\xc3\xa4\",\n  \"b\" "
		                             ": [ ]\n}, -7 ]"
		                           : "[{\"a\":\"\\\"\\n\\u0001\xef\xbf\xbd\xc3\xa4\",\"b\":[]},-7]");
	}
	buf_release(&to);
}

static void an_index_finds_what_was_added_and_not_removed(void **unused)
{
	struct key_index *x = key_index_new();
	uint64_t cursor = 0;
	uint32_t seen = 0, row;

	(void)unused;
	for (uint32_t i = 1; i <= 10000; i++)
		assert_true(key_index_add(x, i % 100, i));
	for (uint32_t i = 1; i <= 10000; i += 2)
		key_index_remove(x, i % 100, i);
	while ((row = key_index_next(x, 42, &cursor))) {
		assert_int_equal(row % 100, 42);
		seen++;
	}
	assert_int_equal(seen, 100);
	cursor = 0;
	assert_int_equal(key_index_next(x, 43, &cursor), 0);
	assert_int_equal(key_hash(slice_of("Key"), true), key_hash(slice_of("kEY"), true));
	assert_int_not_equal(key_hash(slice_of("Key"), false), key_hash(slice_of("kEY"), false));
	key_index_free(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_guard_of_recorded_ids_is_ours),
		cmocka_unit_test(an_id_is_read_back_as_it_was_made),
		cmocka_unit_test(what_is_no_id_is_malformed),
		cmocka_unit_test(times_and_lists_of_picks_are_checked),
		cmocka_unit_test(numbers_are_echoed_as_java_prints_doubles),
		cmocka_unit_test(json_is_written_in_both_shapes),
		cmocka_unit_test(an_index_finds_what_was_added_and_not_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
