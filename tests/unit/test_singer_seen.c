/* Hashes of rows that were settled before: each is found as often as it was added, in memory that does not grow with them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <cmocka.h>

#include "ui/command/singer_seen.h"

static uint64_t hash_number(uint64_t n)
{
	n = (n + 1) * 0x9e3779b97f4a7c15u;
	return n ^ n >> 29;
}

static void add(struct singer_seen *s, uint64_t hash)
{
	struct err e;

	err_init(&e);
	assert_int_equal(singer_seen_add(s, hash, &e), ERR_OK);
}

static void end(struct singer_seen *s)
{
	struct err e;

	err_init(&e);
	assert_int_equal(singer_seen_end(s, &e), ERR_OK);
}

static bool has(struct singer_seen *s, uint64_t hash)
{
	struct err e;
	bool found;

	err_init(&e);
	assert_int_equal(singer_seen_find(s, hash, &found, &e), ERR_OK);
	return found;
}

static void of_none_nothing_is_found(void **unused)
{
	struct singer_seen s;

	(void)unused;
	singer_seen_init(&s, NULL);
	end(&s);
	assert_false(has(&s, 0));
	assert_false(has(&s, UINT64_MAX));
	singer_seen_release(&s);
}

static void each_is_found_as_often_as_it_was_added(void **unused)
{
	static const int counts[] = { 1, 511, 512, 513, 1024, 5000 };

	(void)unused;
	for (size_t c = 0; c < sizeof counts / sizeof counts[0]; c++) {
		struct singer_seen s;

		singer_seen_init(&s, NULL);
		for (int i = 0; i < counts[c]; i++)
			add(&s, hash_number((uint64_t)i));
		for (int i = 0; i < 1300; i++) { /* more than two blocks of the same */
			add(&s, 7);
			add(&s, 0);
			add(&s, UINT64_MAX);
		}
		end(&s);
		for (int i = counts[c] - 1; i >= 0; i--)
			assert_true(has(&s, hash_number((uint64_t)i)));
		for (int i = 0; i < counts[c]; i++)
			assert_false(has(&s, hash_number((uint64_t)i)));
		for (int i = 0; i < 1300; i++)
			assert_true(has(&s, 7) && has(&s, UINT64_MAX) && has(&s, 0));
		assert_false(has(&s, 7) || has(&s, UINT64_MAX) || has(&s, 0) || has(&s, 8));
		singer_seen_release(&s);
	}
}

static long peak_kb(void)
{
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	return use.ru_maxrss;
}

static void ten_million_take_less_than_64_mb(void **unused)
{
	enum { COUNT = 10000000 };
	long before = peak_kb();
	struct singer_seen s;

	(void)unused;
	singer_seen_init(&s, NULL);
	for (uint64_t i = 0; i < COUNT; i++)
		add(&s, hash_number(i));
	end(&s);
	for (uint64_t i = 0; i < COUNT; i += 997)
		assert_true(has(&s, hash_number(i)) && !has(&s, hash_number(i)));
	singer_seen_release(&s);
#if !defined(__SANITIZE_ADDRESS__)
	assert_in_range(peak_kb() - before, 0, 48 * 1024);
#else
	(void)before;
#endif
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_none_nothing_is_found),
		cmocka_unit_test(each_is_found_as_often_as_it_was_added),
		cmocka_unit_test(ten_million_take_less_than_64_mb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
