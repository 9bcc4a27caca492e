/* What an undo takes back, and what it leaves alone: by what the run wrote, and by what the org has now. */
#include <string.h>

#include "core/engine/guard.h"
#include "describe_file.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static struct object *contact;

static int open_contact(void **unused)
{
	(void)unused;
	contact = object_from_file("Contact");
	return 0;
}

static int close_contact(void **unused)
{
	(void)unused;
	object_free(contact);
	return 0;
}

static struct slice header[] = {
	{ "Id", 2 },
	{ "LastName", 8 },
	{ "longshore_wrote LastName", 24 },
	{ "longshore_wrote Birthdate", 25 },
	{ "longshore_undo", 14 },
};
static const struct source_shape shape = { .columns = header, .column_count = COUNT(header) };

/* A record that the run gave these values. */
static enum guard_fate judge(const char *last_name, const char *birthdate, const char *has_name,
                             const char *has_date, const char **field)
{
	struct slice cells[] = { slice_of("0035g0000000001AAA"), slice_of("Old"), slice_of(last_name),
		                 slice_of(birthdate), slice_of("") };
	struct record record = { .number = 1, .cells = cells, .count = COUNT(cells) };
	struct slice values[] = { slice_of("0035g0000000001AAA"), slice_of(has_date), slice_of(has_name) };
	const int at[] = { 2, 1 };
	enum guard_fate fate;
	struct guard g;

	assert_true(guard_init(&g, &shape, contact, false));
	assert_int_equal(g.count, 2);
	assert_string_equal(g.fields[1], "Birthdate");
	fate = guard_judge(&g, guard_expects(&g, &record, &g.arena), values, at, field);
	*field = *field ? strcmp(*field, "LastName") == 0 ? "LastName" : "another" : NULL;
	guard_release(&g);
	return fate;
}

static void a_record_goes_while_it_holds_what_the_run_wrote(void **unused)
{
	const char *field;

	(void)unused;
	assert_int_equal(judge("New", "1980-01-02", "New", "1980-01-02", &field), GUARD_GOES);
	assert_null(field);
	assert_int_equal(judge("New", "1980-01-02", "Else", "1980-01-02", &field), GUARD_CHANGED);
	assert_string_equal(field, "LastName");
	assert_int_equal(judge("New", "1980-01-02", "New", "", &field), GUARD_CHANGED);
	assert_string_equal(field, "another");
}

static void what_the_run_left_alone_may_be_anything(void **unused)
{
	const char *field;

	(void)unused;
	assert_int_equal(judge("New", "", "New", "1999-12-31", &field), GUARD_GOES);
}

static void the_org_may_spell_it_in_its_own_way(void **unused)
{
	const char *field;

	(void)unused;
	assert_int_equal(judge(" Two\r\nlines ", "", "Two\nlines", "", &field), GUARD_GOES);
	assert_int_equal(judge("new", "", "New", "", &field), GUARD_CHANGED);
}

static void a_note_says_why_it_cannot_be_undone(void **unused)
{
	struct slice cells[] = { slice_of("0035g0000000001AAA"), slice_of(""), slice_of(""), slice_of(""),
		                 slice_of("not_kept") };
	struct record record = { .number = 1, .cells = cells, .count = COUNT(cells) };
	struct guard g;

	(void)unused;
	assert_true(guard_init(&g, &shape, contact, false));
	assert_int_equal(guard_noted(&g, &record), GUARD_NOT_KEPT);
	cells[4] = slice_of("");
	assert_int_equal(guard_noted(&g, &record), GUARD_GOES);
	guard_release(&g);
}

/* Created and modified by these, at these times. */
static enum guard_fate judge_made(const char *made, const char *by, const char *changed, const char *changed_by)
{
	struct slice values[] = { slice_of(made), slice_of(by), slice_of(changed), slice_of(changed_by) };
	const int at[] = { 0, 1, 2, 3 };
	enum guard_fate fate;
	const char *field;
	struct guard g;

	assert_true(guard_init(&g, &shape, contact, true));
	assert_int_equal(g.count, 4);
	assert_string_equal(g.fields[2], "LastModifiedDate");
	fate = guard_judge(&g, NULL, values, at, &field);
	guard_release(&g);
	return fate;
}

static void a_created_record_goes_unless_it_was_modified_later(void **unused)
{
	static const char made[] = "2026-11-24T10:00:00.000+0000";

	(void)unused;
	assert_int_equal(judge_made(made, "0051", made, "0051"), GUARD_GOES);
	assert_int_equal(judge_made(made, "0051", "2026-11-24T10:00:03.000+0000", "0051"), GUARD_GOES);
	assert_int_equal(judge_made(made, "0051", "2026-11-24T10:00:30.000+0000", "0051"), GUARD_CHANGED);
	assert_int_equal(judge_made(made, "0051", made, "0052"), GUARD_CHANGED);
	assert_int_equal(judge_made("", "0051", "", "0051"), GUARD_CHANGED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_goes_while_it_holds_what_the_run_wrote),
		cmocka_unit_test(what_the_run_left_alone_may_be_anything),
		cmocka_unit_test(the_org_may_spell_it_in_its_own_way),
		cmocka_unit_test(a_note_says_why_it_cannot_be_undone),
		cmocka_unit_test(a_created_record_goes_unless_it_was_modified_later),
	};

	return cmocka_run_group_tests(tests, open_contact, close_contact);
}
