/* Records that share a key: found in any file, however many there are, and left out as the operator chose. */
#include "check_fixture.h"

#include "core/plan/sorter.h"

static void check_file(struct setup *s, enum action action, const char *key, enum same_key same_key)
{
	const struct check_options options = { .same_key = same_key, .folder = s->folder };

	plan_file(s, action, key);
	assert_int_equal(check_run(&s->check, s->plan, s->source, &options, &s->e), ERR_OK);
}

static void check_text(struct setup *s, enum action action, const char *key, enum same_key same_key,
                       const char *text)
{
	write_text(s, text);
	check_file(s, action, key, same_key);
}

/* "2>1 3>1": the records that are left out, each with the other one. */
static void assert_left_out(struct setup *s, const char *expected)
{
	struct plan_bar bar;
	char text[256] = "";
	int64_t record;
	bool more = true;

	assert_int_equal(keys_begin(s->check.keys, &s->e), ERR_OK);
	while (keys_next(s->check.keys, &record, &bar, &more, &s->e) == ERR_OK && more)
		snprintf(text + strlen(text), sizeof text - strlen(text), "%s%lld>%lld", text[0] ? " " : "",
		         (long long)record, (long long)bar.other);
	assert_string_equal(text, expected);
}

static const char twice[] = "Ext__c,Name\nK-1,Ann\nK-2,Bob\nk-1,Cem\nK-3,Dan\n,Eve\nK-1,Fay\n";

static void until_somebody_chooses_all_of_them_fail(void **state)
{
	struct setup *s = *state;

	check_text(s, ACTION_INSERT, NULL, SAME_KEY_ASK, twice);
	assert_int_equal(s->check.records, 6);
	assert_int_equal(s->check.failing, 3);
	assert_int_equal(s->check.passed, 3);
	assert_int_equal(s->check.left_out, 0);
	assert_int_equal(s->check.count, 1);
	assert_int_equal(s->check.findings[0].rule, RULE_SAME_KEY);
	assert_int_equal(s->check.findings[0].count, 3);
	assert_int_equal(s->check.findings[0].example_record, 1);
	assert_string_equal(s->check.findings[0].field, "Ext__c");
	assert_string_equal(s->check.findings[0].message,
	                    "the same key more than once in this file: records 1, 3, 6");
	assert_left_out(s, "1>3 3>1 6>1");
}

static void the_first_is_kept(void **state)
{
	struct setup *s = *state;

	check_text(s, ACTION_INSERT, NULL, SAME_KEY_FIRST, twice);
	assert_int_equal(s->check.failing, 0);
	assert_int_equal(s->check.passed, 4);
	assert_int_equal(s->check.left_out, 2);
	assert_int_equal(s->check.count, 0);
	assert_int_equal(s->check.look_count, 1);
	assert_int_equal(s->check.looks[0].count, 3);
	assert_left_out(s, "3>1 6>1");
}

static void the_last_is_kept(void **state)
{
	struct setup *s = *state;

	check_text(s, ACTION_INSERT, NULL, SAME_KEY_LAST, twice);
	assert_int_equal(s->check.left_out, 2);
	assert_left_out(s, "1>6 3>6");
}

static void none_is_kept(void **state)
{
	struct setup *s = *state;

	check_text(s, ACTION_INSERT, NULL, SAME_KEY_NONE, twice);
	assert_int_equal(s->check.failing, 0);
	assert_int_equal(s->check.left_out, 3);
	assert_left_out(s, "1>3 3>1 6>1");
}

static void case_counts_where_it_does_in_the_org(void **state)
{
	struct setup *s = *state;

	check_text(s, ACTION_INSERT, NULL, SAME_KEY_ASK, "Code__c,Name\nA,Ann\na,Bob\nA,Cem\n");
	assert_int_equal(s->check.failing, 2);
	assert_string_equal(s->check.findings[0].message, "the same key twice in this file: records 1 and 3");
}

static void an_id_is_the_same_with_15_and_18_characters(void **state)
{
	struct setup *s = *state;

	check_text(s, ACTION_UPDATE, NULL, SAME_KEY_ASK,
	           "Id,Name\na0S5e000001XyZ1,Ann\na0S5e000001XyZ1EAK,Bob\na0S5e000001XyZ2,Cem\n");
	assert_string_equal(s->check.findings[0].message, "the same key twice in this file: records 1 and 2");
}

static void the_key_of_an_upsert_is_compared_though_it_is_not_unique_in_the_org(void **state)
{
	struct setup *s = *state;

	check_text(s, ACTION_UPSERT, "Loose__c", SAME_KEY_ASK,
	           "Loose__c,Ext__c,Name\nL,1,Ann\nL,2,Bob\nM,1,Cem\n");
	assert_int_equal(s->check.count, 1);
	assert_string_equal(s->check.findings[0].field, "Loose__c");
	assert_int_equal(s->check.failing, 2);
}

static void several_unique_fields_of_an_insert_are_each_compared(void **state)
{
	struct setup *s = *state;

	check_text(s, ACTION_INSERT, NULL, SAME_KEY_ASK,
	           "Ext__c,Code__c,Name\n1,2,Ann\n2,1,Bob\n1,3,Cem\n3,3,Dan\n");
	assert_int_equal(s->check.count, 2);
	assert_int_equal(s->check.failing, 3);
	assert_left_out(s, "1>3 3>1 4>3");
}

static void records_that_fail_anyway_are_not_compared(void **state)
{
	struct setup *s = *state;

	check_text(s, ACTION_INSERT, NULL, SAME_KEY_FIRST, "Ext__c,Name\nK,\nK,Bob\nK,Cem\n");
	assert_int_equal(s->check.failing, 1);
	assert_left_out(s, "3>2");
}

static void the_same_record_twice_is_a_look_where_no_field_is_unique(void **state)
{
	struct setup *s = *state;

	check_text(s, ACTION_INSERT, NULL, SAME_KEY_ASK,
	           "Name,Flag\nAnn,yes\nBob,no\nAnn,true\nAnn,1\nAnn,no\n");
	assert_int_equal(s->check.passed, 5);
	assert_int_equal(s->check.count, 0);
	assert_int_equal(s->check.look_count, 1);
	assert_int_equal(s->check.looks[0].rule, RULE_SAME_RECORD);
	assert_int_equal(s->check.looks[0].count, 2);
	assert_int_equal(s->check.looks[0].example_record, 3);
}

static bool nobody_can_tell(void *ctx, int64_t record, struct plan_bar *bar, struct err *e)
{
	(void)ctx, (void)record, (void)bar;
	err_set(e, ERR_JOURNAL, "the disk gives errors");
	return false;
}

static void a_record_of_which_nobody_can_tell_is_neither_sent_nor_left_out(void **state)
{
	struct setup *s = *state;
	struct slice cells[] = { slice_of("K"), slice_of("Bob") };
	struct record record = { .number = 2, .cells = cells, .count = 2 };
	struct plan_line line;
	struct buf payload;

	check_text(s, ACTION_INSERT, NULL, SAME_KEY_FIRST, "Ext__c,Name\nK,Ann\nL,Bob\n");
	plan_set_bars(s->plan, nobody_can_tell, NULL);
	buf_init(&payload, 1000);
	plan_record(s->plan, &record, &payload, &line);
	assert_true(line.unusable);
	assert_int_equal(plan_trouble(s->plan, &s->e), ERR_JOURNAL);
	assert_string_equal(s->e.text, "the disk gives errors");
	buf_release(&payload);
}

static bool twin_of_two(void *ctx, int64_t record, struct plan_bar *bar, struct err *e)
{
	(void)e;
	*bar = *(const struct plan_bar *)ctx;
	return record == 2;
}

static void a_record_is_left_out_with_its_reason_as_long_as_it_has_that_key(void **state)
{
	struct setup *s = *state;
	struct slice cells[] = { slice_of("K"), slice_of("Bob") };
	struct record record = { .number = 2, .cells = cells, .count = 2 };
	struct plan_bar bar;
	struct plan_line line;
	struct buf payload;
	int64_t number;
	bool more;

	check_text(s, ACTION_INSERT, NULL, SAME_KEY_FIRST, "Ext__c,Name\nK,Ann\nK,Bob\n");
	assert_int_equal(keys_begin(s->check.keys, &s->e), ERR_OK);
	assert_int_equal(keys_next(s->check.keys, &number, &bar, &more, &s->e), ERR_OK);
	assert_int_equal(number, 2);
	plan_set_bars(s->plan, twin_of_two, &bar);
	buf_init(&payload, 1000);
	plan_record(s->plan, &record, &payload, &line);
	assert_false(line.sent);
	assert_int_equal(line.findings[0].rule, RULE_SAME_KEY);
	assert_string_equal(line.findings[0].field, "Ext__c");
	assert_string_equal(line.findings[0].message, "the same key as record 1, which is kept");
	cells[0] = slice_of("L");
	plan_record(s->plan, &record, &payload, &line);
	assert_true(line.sent);
	buf_release(&payload);
}

/* More than is held in memory: three runs in a file. */
static void pairs_far_apart_are_found_among_many(void **state)
{
	enum { RECORDS = 700000, EVERY = 100000 };
	struct setup *s = *state;
	FILE *f = fopen(s->path, "wb");

	assert_non_null(f);
	fputs("Ext__c,Name\n", f);
	for (int i = 1; i <= RECORDS; i++)
		fprintf(f, "K-%d,x\n", i % EVERY == 0 ? EVERY : i);
	fclose(f);
	check_file(s, ACTION_INSERT, NULL, SAME_KEY_LAST);
	assert_int_equal(s->check.records, RECORDS);
	assert_int_equal(s->check.left_out, 6);
	assert_int_equal(s->check.looks[0].count, 7);
	assert_left_out(s,
	                "100000>700000 200000>700000 300000>700000 400000>700000 500000>700000 600000>700000");
}

static void one_key_in_every_record(void **state)
{
	enum { RECORDS = 600000 };
	struct setup *s = *state;
	struct plan_bar bar;
	int64_t record, count = 0;
	bool more = true;
	FILE *f = fopen(s->path, "wb");

	assert_non_null(f);
	fputs("Ext__c,Name\n", f);
	for (int i = 1; i <= RECORDS; i++)
		fputs("K,x\n", f);
	fclose(f);
	check_file(s, ACTION_INSERT, NULL, SAME_KEY_FIRST);
	assert_int_equal(s->check.left_out, RECORDS - 1);
	assert_int_equal(s->check.passed, 1);
	assert_int_equal(keys_begin(s->check.keys, &s->e), ERR_OK);
	while (keys_next(s->check.keys, &record, &bar, &more, &s->e) == ERR_OK && more)
		assert_int_equal(record, ++count + 1);
	assert_int_equal(count, RECORDS - 1);
}

static size_t compared_words;

static int by_words(const void *a, const void *b)
{
	const struct sorter_item *x = a, *y = b;

	for (size_t i = 0; i < compared_words; i++)
		if (x->word[i] != y->word[i])
			return x->word[i] < y->word[i] ? -1 : 1;
	return 0;
}

/* Of words that differ in few bits, in the highest, in none. */
static uint64_t word_of(uint64_t dice, size_t which)
{
	static const uint64_t masks[] = {
		UINT64_MAX, 0x7, 0, 0xff00000000000000u, 0xfffff, 0x8000000000000001u
	};

	return dice & masks[which % (sizeof masks / sizeof masks[0])];
}

static void items_of_every_size_are_put_in_order(void **state)
{
	enum { MOST = 3000 };
	static struct sorter_item items[MOST];
	struct setup *s = *state;
	uint64_t dice = 4711;
	bool more;

	for (int times = 0; times < 300; times++) {
		size_t words = 1 + (size_t)times % SORTER_WORDS, count = (size_t)(times * 37 % MOST);
		struct sorter *sorter;
		struct sorter_item item;

		assert_int_equal(sorter_new(&sorter, words, s->folder, &s->e), ERR_OK);
		memset(items, 0, sizeof items);
		for (size_t i = 0; i < count; i++) {
			for (size_t w = 0; w < words; w++) {
				dice = dice * 6364136223846793005u + 1442695040888963407u;
				items[i].word[w] = word_of(dice ^ dice >> 29, w + (size_t)times);
			}
			assert_int_equal(sorter_add(sorter, &items[i], &s->e), ERR_OK);
		}
		compared_words = words;
		qsort(items, count, sizeof *items, by_words);
		assert_int_equal(sorter_begin(sorter, &s->e), ERR_OK);
		for (size_t i = 0; i < count; i++) {
			assert_int_equal(sorter_next(sorter, &item, &more, &s->e), ERR_OK);
			assert_true(more);
			assert_memory_equal(&item, &items[i], sizeof item);
		}
		assert_int_equal(sorter_next(sorter, &item, &more, &s->e), ERR_OK);
		assert_false(more);
		sorter_free(sorter);
	}
}

static void sorted_runs_come_out_as_one(void **state)
{
	enum { ITEMS = 1000000 };
	struct setup *s = *state;
	struct sorter *sorter;
	struct sorter_item item = { { 0 } };
	uint64_t before, sum = 0;
	bool more;

	assert_int_equal(sorter_new(&sorter, 4, s->folder, &s->e), ERR_OK);
	for (uint64_t i = 0; i < ITEMS; i++) {
		item = (struct sorter_item){ { i * 7919 % 65536, 0, i, 0 } };
		assert_int_equal(sorter_add(sorter, &item, &s->e), ERR_OK);
	}
	for (int again = 0; again < 2; again++) {
		assert_int_equal(sorter_begin(sorter, &s->e), ERR_OK);
		before = 0;
		sum = 0;
		for (size_t i = 0; i < ITEMS; i++) {
			assert_int_equal(sorter_next(sorter, &item, &more, &s->e), ERR_OK);
			assert_true(more);
			assert_true(item.word[0] * ITEMS + item.word[2] >= before);
			before = item.word[0] * ITEMS + item.word[2];
			sum += item.word[2];
		}
		assert_int_equal(sorter_next(sorter, &item, &more, &s->e), ERR_OK);
		assert_false(more);
		assert_int_equal(sum, (uint64_t)ITEMS * (ITEMS - 1) / 2);
	}
	sorter_free(sorter);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		CASE(until_somebody_chooses_all_of_them_fail),
		CASE(the_first_is_kept),
		CASE(the_last_is_kept),
		CASE(none_is_kept),
		CASE(case_counts_where_it_does_in_the_org),
		CASE(an_id_is_the_same_with_15_and_18_characters),
		CASE(the_key_of_an_upsert_is_compared_though_it_is_not_unique_in_the_org),
		CASE(several_unique_fields_of_an_insert_are_each_compared),
		CASE(records_that_fail_anyway_are_not_compared),
		CASE(the_same_record_twice_is_a_look_where_no_field_is_unique),
		CASE(a_record_is_left_out_with_its_reason_as_long_as_it_has_that_key),
		CASE(a_record_of_which_nobody_can_tell_is_neither_sent_nor_left_out),
		CASE(pairs_far_apart_are_found_among_many),
		CASE(one_key_in_every_record),
		CASE(items_of_every_size_are_put_in_order),
		CASE(sorted_runs_come_out_as_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
