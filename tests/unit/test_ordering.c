/* The order of a run's records: sorted by a key, stable, read again as it was written and not otherwise. */
#include "store_fixture.h"

#include "store/ordering.h"

static char hash[HASH_TEXT];

/* Writes the order of these keys; record 1 is the first one's. */
static void write_order(const char *const *keys, size_t count)
{
	struct ordering *o;

	assert_ok(ordering_new(&o, &failure));
	for (size_t i = 0; i < count; i++)
		assert_ok(ordering_add(o, (int64_t)i + 1, (int64_t)i * 100, slice_of(keys[i]), &failure));
	assert_ok(ordering_write(o, state, hash, &failure));
	ordering_free(o);
}

static const char *order_of(size_t count)
{
	static char said[256];
	struct ordering_reader *r;
	struct chunk_item items[32];

	said[0] = '\0';
	assert_ok(ordering_open(&r, state, hash, (int64_t)count, &failure));
	assert_ok(ordering_read(r, 0, items, count, &failure));
	ordering_close(r);
	for (size_t i = 0; i < count; i++) {
		assert_int_equal(items[i].offset, (items[i].record - 1) * 100);
		sprintf(said + strlen(said), "%d ", (int)items[i].record);
	}
	return said;
}

static void blank_then_numbers_then_text_and_equal_ones_as_they_stand(void **unused)
{
	static const char *const keys[] = { "b", "10", "", "9", "a", "-1.5", " 9.0 ", "  ", "10" };

	(void)unused;
	write_order(keys, 9);
	assert_string_equal(order_of(9), "3 8 6 4 7 2 9 5 1 ");
}

static void the_same_keys_give_the_same_file(void **unused)
{
	static const char *const keys[] = { "2", "1" }, *const others[] = { "1", "2" };
	char first[HASH_TEXT];

	(void)unused;
	write_order(keys, 2);
	snprintf(first, sizeof first, "%s", hash);
	write_order(keys, 2);
	assert_string_equal(hash, first);
	write_order(others, 2);
	assert_string_not_equal(hash, first);
}

static void some_of_it_are_put_in_its_order(void **unused)
{
	static const char *const keys[] = { "5", "4", "3", "2", "1" };
	struct chunk_item items[] = { { 1, 10 }, { 3, 30 }, { 5, 50 } }, stray[] = { { 7, 0 } };
	struct ordering_reader *r;

	(void)unused;
	write_order(keys, 5);
	assert_ok(ordering_open(&r, state, hash, 5, &failure));
	assert_ok(ordering_sort(r, items, 3, &failure));
	assert_true(items[0].record == 5 && items[0].offset == 50 && items[1].record == 3 &&
	            items[2].record == 1);
	assert_fails(ordering_sort(r, stray, 1, &failure), ERR_FILE,
	             "is not the order that the run began with");
	assert_fails(ordering_read(r, 4, items, 2, &failure), ERR_FILE, "is not the order");
	ordering_close(r);
}

static void another_one_is_refused(void **unused)
{
	static const char *const keys[] = { "2", "1", "3" };
	struct ordering_reader *r;
	char path[256];

	(void)unused;
	write_order(keys, 3);
	assert_fails(ordering_open(&r, state, hash, 4, &failure), ERR_FILE,
	             "is not the order that the run began with");
	ordering_close(r);
	snprintf(path, sizeof path, "%s/order-%s", state, hash);
	assert_int_equal(truncate(path, 32), 0);
	assert_fails(ordering_open(&r, state, hash, 2, &failure), ERR_FILE, "is not the order");
	ordering_close(r);
	assert_int_equal(remove(path), 0);
	assert_fails(ordering_open(&r, state, hash, 3, &failure), ERR_FILE, "cannot be read: No such file");
	ordering_close(r);
}

#define IN_JOURNAL(test) cmocka_unit_test_setup_teardown(test, make_journal, remove_state)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_JOURNAL(blank_then_numbers_then_text_and_equal_ones_as_they_stand),
		IN_JOURNAL(the_same_keys_give_the_same_file),
		IN_JOURNAL(some_of_it_are_put_in_its_order),
		IN_JOURNAL(another_one_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
