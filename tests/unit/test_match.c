/* The promises of match.h: every result finds its record, whatever the order; nothing is given twice; nothing is guessed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "core/engine/match.h"

enum { MANY = 20000 };

static uint64_t next_random(uint64_t *seed)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return *seed >> 33;
}

static void shuffle(int32_t *order, size_t n, uint64_t seed)
{
	for (size_t i = n; i > 1; i--) {
		size_t j = (size_t)next_random(&seed) % i;
		int32_t t = order[i - 1];

		order[i - 1] = order[j];
		order[j] = t;
	}
}

/* One in ten is a byte-identical repetition of the record before it; one in three has a key. */
static struct chunk_print *some_prints(size_t n)
{
	struct chunk_print *p = calloc(n, sizeof *p);

	for (size_t i = 0; i < n; i++) {
		p[i].record = (int64_t)i + 1;
		p[i].row = i % 10 == 9 ? p[i - 1].row : (i + 1) * 0x9e3779b97f4a7c15u;
		p[i].key = i % 10 == 9 ? p[i - 1].key : i % 3 == 0 ? (i + 7) * 0xc2b2ae3d27d4eb4fu : 0;
	}
	return p;
}

static void all_are_found_in_any_order(struct match *m, const struct chunk_print *p, size_t n, uint64_t seed)
{
	int32_t *order = malloc(n * sizeof *order);
	char *given = calloc(n, 1);

	for (size_t i = 0; i < n; i++)
		order[i] = (int32_t)i;
	shuffle(order, n, seed);
	for (size_t i = 0; i < n; i++) {
		const struct chunk_print *sent = &p[order[i]];
		int64_t at = match_take(m, sent->key, sent->row);

		assert_in_range(at, 0, n - 1);
		assert_false(given[at]);
		assert_true(p[at].row == sent->row && p[at].key == sent->key);
		given[at] = 1;
	}
	assert_int_equal(match_left(m), 0);
	free(order);
	free(given);
}

static void shuffled_results_with_repetitions_all_find_their_records(void **unused)
{
	struct chunk_print *p = some_prints(MANY);
	struct match *m = match_new(p, MANY);

	(void)unused;
	for (uint64_t seed = 1; seed <= 5; seed++) {
		match_reset(m);
		all_are_found_in_any_order(m, p, MANY, seed);
	}
	match_free(m);
	free(p);
}

static void a_key_finds_its_record_although_the_rest_came_back_changed(void **unused)
{
	struct chunk_print p[] = { { 1, 0, 11, 100 }, { 2, 0, 12, 200 } };
	struct match *m = match_new(p, 2);

	(void)unused;
	assert_int_equal(match_take(m, 12, 999), 1);
	assert_int_equal(match_take(m, 11, 999), 0);
	match_free(m);
}

static void a_key_that_several_records_have_decides_nothing(void **unused)
{
	struct chunk_print p[] = { { 1, 0, 11, 100 }, { 2, 0, 11, 200 }, { 3, 0, 11, 300 } };
	struct match *m = match_new(p, 3);

	(void)unused;
	assert_int_equal(match_take(m, 11, 200), 1);
	assert_int_equal(match_take(m, 11, 999), -1);
	assert_int_equal(match_take(m, 11, 300), 2);
	assert_int_equal(match_take(m, 11, 100), 0);
	match_free(m);
}

static void what_was_not_sent_belongs_to_nobody(void **unused)
{
	struct chunk_print p[] = { { 1, 0, 0, 100 } };
	struct match *m = match_new(p, 1);

	(void)unused;
	assert_int_equal(match_take(m, 0, 101), -1);
	assert_int_equal(match_take(m, 5, 101), -1);
	assert_int_equal(match_take(m, 0, 100), 0);
	assert_int_equal(match_take(m, 0, 100), -1);
	match_free(m);
}

static void an_empty_chunk_has_nothing_to_give(void **unused)
{
	struct match *m = match_new(NULL, 0);

	(void)unused;
	assert_int_equal(match_take(m, 0, 0), -1);
	assert_int_equal(match_left(m), 0);
	match_free(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shuffled_results_with_repetitions_all_find_their_records),
		cmocka_unit_test(a_key_finds_its_record_although_the_rest_came_back_changed),
		cmocka_unit_test(a_key_that_several_records_have_decides_nothing),
		cmocka_unit_test(what_was_not_sent_belongs_to_nobody),
		cmocka_unit_test(an_empty_chunk_has_nothing_to_give),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
