/* Which value of a picklist was probably meant. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/plan/nearest.h"

static const struct picklist_value values[] = {
	{ "Prospect", "Prospect", true, "" },
	{ "Customer", "Kunde", true, "" },
	{ "Customer - Direct", "Direct", true, "" },
	{ "Gone", "Gone", false, "" },
	{ "M\xc3\xbcller", "M\xc3\xbcller", true, "" },
	{ "Hot", "Hot", true, "" },
	{ "Hut", "Hut", true, "" },
	{ "USA", "USA", true, "" },
};
static const struct field field = { .values = values, .value_count = sizeof values / sizeof values[0] };

struct near_case {
	const char *text, *value;
	enum near how;
};

/* clang-format off */
static const struct near_case cases[] = {
	{ "prospect", "Prospect", NEAR_SAME },
	{ " PROSPECT ", "Prospect", NEAR_SAME },
	{ "Customer  -\xc2\xa0" "direct", "Customer - Direct", NEAR_SAME },
	{ "M\xc3\x9cLLER", "M\xc3\xbcller", NEAR_SAME },
	{ "kunde", "Customer", NEAR_LABEL },
	{ "Prospekt", "Prospect", NEAR_SPELLING },
	{ "Porspect", "Prospect", NEAR_SPELLING },
	{ "Kunden", "Customer", NEAR_SPELLING },
	{ "Costumer", "Customer", NEAR_SPELLING },
	{ "Hat", NULL, NEAR_NONE },             /* Hot and Hut are equally near */
	{ "Gone", NULL, NEAR_NONE },            /* not active */
	{ "n/a", NULL, NEAR_NONE },
	{ "U", NULL, NEAR_NONE },
	{ "", NULL, NEAR_NONE },
	{ "A text that is far longer than any value of the list, and nowhere near one of them", NULL, NEAR_NONE },
	{ "\xff\xfe", NULL, NEAR_NONE },
};
/* clang-format on */

static void the_value_that_was_meant_is_found_or_none(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		enum near how;
		const struct picklist_value *v = nearest_value(&field, slice_of(cases[i].text), &how);

		if (cases[i].value)
			assert_string_equal(v ? v->value : cases[i].text, cases[i].value);
		else if (v)
			fail_msg("%s became %s", cases[i].text, v->value);
		assert_int_equal(how, cases[i].how);
	}
}

static void spelling_is_no_matter_of_the_same(void **state)
{
	(void)state;
	assert_string_equal(nearest_same(&field, slice_of("KUNDE"))->value, "Customer");
	assert_null(nearest_same(&field, slice_of("Prospekt")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_value_that_was_meant_is_found_or_none),
		cmocka_unit_test(spelling_is_no_matter_of_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
