/* Records that a run leaves out for their keys, kept in pages: what was put down is found, and nothing else. */
#include "store_fixture.h"

#include "store/left_out.h"

static int left_nothing_out(int64_t run, int64_t record, struct left_out_page *page)
{
	const struct left_out *found;

	assert_ok(left_out_find(journal, run, record, page, &found, &failure));
	return !found;
}

static void each_is_found_and_no_other(void **unused)
{
	static struct left_out_page page;
	static struct left_out items[LEFT_OUT_PAGE];
	const struct left_out *found;
	int64_t run = add_run(100000), other = add_run(100000);

	(void)unused;
	page = (struct left_out_page){ 0 };
	for (int i = 0; i < 3; i++) {
		for (int64_t k = 0; k < LEFT_OUT_PAGE; k++) {
			int64_t record = 10 + (i * LEFT_OUT_PAGE + k) * 3;

			items[k] = (struct left_out){ record, record - 9, INT64_MIN + record, k % 4 };
		}
		assert_ok(left_out_add(journal, run, items, LEFT_OUT_PAGE, &failure));
	}
	for (int64_t record = 1; record < 10 + 3 * LEFT_OUT_PAGE * 3; record++) {
		if (record < 10 || (record - 10) % 3) {
			assert_true(left_nothing_out(run, record, &page));
			continue;
		}
		assert_ok(left_out_find(journal, run, record, &page, &found, &failure));
		assert_non_null(found);
		assert_int_equal(found->other, record - 9);
		assert_int_equal(found->key, INT64_MIN + record);
		assert_int_equal(found->why, (record - 10) / 3 % LEFT_OUT_PAGE % 4);
	}
	assert_true(left_nothing_out(run, 99999, &page));
	assert_false(left_nothing_out(run, 10, &page));
	page = (struct left_out_page){ 0 };
	assert_true(left_nothing_out(other, 10, &page));
}

static void a_damaged_page_is_told(void **unused)
{
	static struct left_out_page page;
	struct left_out item = { 7, 3, 99, LEFT_OUT_SAME_KEY };
	const struct left_out *found;
	int64_t run = add_run(10);

	(void)unused;
	page = (struct left_out_page){ 0 };
	assert_ok(left_out_add(journal, run, &item, 1, &failure));
	tamper("UPDATE left_out SET count = 2");
	assert_fails(left_out_find(journal, run, 7, &page, &found, &failure), ERR_JOURNAL, "damaged list");
	assert_fails(left_out_find(journal, run, 8, &page, &found, &failure), ERR_JOURNAL, "damaged list");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(each_is_found_and_no_other, make_journal, remove_state),
		cmocka_unit_test_setup_teardown(a_damaged_page_is_told, make_journal, remove_state),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
