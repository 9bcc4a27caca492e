/* Memory that libraries get is overwritten when they free it; that nothing is lost meanwhile. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <malloc.h>
#include <openssl/crypto.h>

#include "core/org/wiping.h"

static void growing_and_shrinking_keep_the_bytes(void **unused)
{
	char *at = malloc(10), *moved;

	(void)unused;
	memcpy(at, "123456789", 10);
	moved = wiping_realloc(at, 100 * 1000);
	assert_string_equal(moved, "123456789");
	memset(moved + 10, 'x', 100 * 1000 - 10);
	moved = wiping_realloc(moved, 10);
	assert_string_equal(moved, "123456789");
	assert_true(malloc_usable_size(moved) < 1000);
	moved = wiping_realloc(moved, 9);
	assert_memory_equal(moved, "123456789", 9);
	wiping_free(moved);
	wiping_free(NULL);
	moved = wiping_realloc(NULL, 5);
	assert_non_null(moved);
	wiping_free(moved);
}

static void openssl_takes_it(void **unused)
{
	CRYPTO_malloc_fn take;
	CRYPTO_realloc_fn again;
	CRYPTO_free_fn give_back;

	(void)unused;
	wiping_begin();
	CRYPTO_get_mem_functions(&take, &again, &give_back);
	assert_ptr_not_equal(give_back, CRYPTO_free);
	assert_ptr_not_equal(again, CRYPTO_realloc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(openssl_takes_it),
		cmocka_unit_test(growing_and_shrinking_keep_the_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
