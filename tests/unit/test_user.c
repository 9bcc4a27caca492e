/* The promises of user.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/user.h"

static void an_account_is_told_by_its_name(void **unused)
{
	char name[64];

	(void)unused;
	user_name(0, name, sizeof name);
	assert_string_equal(name, "root");
	user_name(0, name, 3);
	assert_string_equal(name, "ro");
}

static void an_account_without_a_name_is_told_by_its_number(void **unused)
{
	char name[64];

	(void)unused;
	user_name(4000000123u, name, sizeof name);
	assert_string_equal(name, "user 4000000123");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_account_is_told_by_its_name),
		cmocka_unit_test(an_account_without_a_name_is_told_by_its_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
