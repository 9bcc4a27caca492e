/* What an undo takes back, and what it leaves alone: by what the run wrote, and by what the org has now. */
#include <string.h>

#include "core/engine/guard.h"
#include "core/engine/undo_part.h"
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

	assert_true(guard_init(&g, &shape, contact, NULL, false));
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
	assert_true(guard_init(&g, &shape, contact, NULL, false));
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

	assert_true(guard_init(&g, &shape, contact, &(struct children){ 0 }, true));
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

/* Its youngest cases and orders were made then; "" there are none. */
static enum guard_fate judge_children(const char *cases, const char *orders, char which[64])
{
	static const char made[] = "2026-11-24T10:00:00.000+0000";
	const struct children kinds = { .names = { "Cases", "Orders" }, .count = 2 };
	struct slice values[] = { slice_of(made),   slice_of("0051"), slice_of(made),
		                  slice_of("0051"), slice_of(cases),  slice_of(orders) };
	const int at[] = { 0, 1, 2, 3, 4, 5 };
	enum guard_fate fate;
	const char *field;
	struct guard g;

	assert_true(guard_init(&g, &shape, contact, &kinds, true));
	assert_int_equal(g.count, 6);
	assert_string_equal(g.selects[5], "(SELECT CreatedDate FROM Orders ORDER BY CreatedDate DESC LIMIT 1)");
	fate = guard_judge(&g, NULL, values, at, &field);
	snprintf(which, 64, "%s", field ? field : "");
	guard_release(&g);
	return fate;
}

static void a_created_record_with_younger_children_stays(void **unused)
{
	char which[64];

	(void)unused;
	assert_int_equal(judge_children("", "", which), GUARD_GOES);
	/* a flow made it along */
	assert_int_equal(judge_children("2026-11-24T10:00:02.000+0000", "", which), GUARD_GOES);
	assert_int_equal(judge_children("", "2026-11-24T10:10:00.000+0000", which), GUARD_CHILDREN);
	assert_string_equal(which, "Orders");
}

/* So many kinds of children that go with their parent, one that forbids it, and one that the org makes by itself. */
static void children_are_those_that_people_make(void **unused)
{
	struct child_relation relations[CHILDREN_MOST + 3] = { { "Case", "Cases", false, true },
		                                               { "ContactShare", "Shares", true, false } };
	const struct object_entry entries[] = {
		{ .name = "Case", .queryable = true, .createable = true, .layoutable = true },
		{ .name = "ContactShare", .queryable = true, .createable = true },
		{ .name = "Asset", .queryable = true, .createable = true, .layoutable = true },
	};
	const struct object_list list = { entries, COUNT(entries) };
	struct object object = { .children = relations, .child_count = 3 };
	struct children c;

	(void)unused;
	for (size_t i = 2; i < COUNT(relations); i++)
		relations[i] = (struct child_relation){ "asset", "Assets", true, false };
	children_choose(&c, &object, &list);
	assert_int_equal(c.count, 2);
	assert_string_equal(c.names[0], "Assets");
	assert_string_equal(c.names[1], "Cases");
	object.child_count = COUNT(relations);
	children_choose(&c, &object, &list);
	assert_int_equal(c.count, CHILDREN_MOST);
	assert_int_equal(c.more, 2);
}

static void what_changed_is_all_told(void **unused)
{
	struct slice cells[] = { slice_of("0035g0000000001AAA"), slice_of("Old"), slice_of("New"),
		                 slice_of("1980-01-02"), slice_of("") };
	struct record record = { .number = 1, .cells = cells, .count = COUNT(cells) };
	struct slice values[] = { slice_of("0035g0000000001AAA"), slice_of("1999-12-31"), slice_of("Else") };
	const int at[] = { 2, 1 };
	const char *fields[2];
	struct guard g;

	(void)unused;
	assert_true(guard_init(&g, &shape, contact, NULL, false));
	assert_int_equal(guard_changed(&g, guard_expects(&g, &record, &g.arena), values, at, fields), 2);
	assert_string_equal(fields[0], "LastName");
	values[2] = slice_of("New");
	assert_int_equal(guard_changed(&g, guard_expects(&g, &record, &g.arena), values, at, fields), 1);
	assert_string_equal(fields[0], "Birthdate");
	guard_release(&g);
}

/* What is left of this line without these fields; NULL: nothing to put back. */
static void assert_cut(const char *line, const char *left, const char *changed, const char *another)
{
	const char *fields[] = { changed, another };
	struct buf b;

	buf_init(&b, 1024);
	assert_int_equal(undo_part_cut(slice_of(line), contact, fields, another ? 2 : 1, &b), left != NULL);
	assert_string_equal(buf_text(&b), left ? left : "");
	buf_release(&b);
}

static void a_line_is_cut_down_to_what_nobody_changed(void **unused)
{
	static const char line[] =
		"{\"Id\":\"003\",\"longshore_record\":7,\"LastName\":\"O\\\"Neil, a:b}\",\"longshore_wrote "
		"LastName\":\"New\",\"AccountId\":\"001\",\"longshore_wrote "
		"Account.Ext__c\":\"P-1\",\"Title\":null,"
		"\"longshore_wrote Title\":null}\n";

	(void)unused;
	assert_cut(line,
	           "{\"Id\":\"003\",\"longshore_record\":7,\"AccountId\":\"001\",\"longshore_wrote "
	           "Account.Ext__c\":\"P-1\",\"Title\":null,\"longshore_wrote "
	           "Title\":null,\"longshore_left\":\"LastName\"}\n",
	           "LastName", NULL);
	assert_cut(line,
	           "{\"Id\":\"003\",\"longshore_record\":7,\"LastName\":\"O\\\"Neil, a:b}\",\"longshore_wrote "
	           "LastName\":\"New\",\"longshore_left\":\"Title, Account.Ext__c\"}\n",
	           "Title", "Account.Ext__c");
	/* the run gave its title the value that it had */
	assert_cut(line, NULL, "LastName", "Account.Ext__c");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_record_goes_while_it_holds_what_the_run_wrote),
		cmocka_unit_test(what_the_run_left_alone_may_be_anything),
		cmocka_unit_test(the_org_may_spell_it_in_its_own_way),
		cmocka_unit_test(a_note_says_why_it_cannot_be_undone),
		cmocka_unit_test(a_created_record_goes_unless_it_was_modified_later),
		cmocka_unit_test(a_created_record_with_younger_children_stays),
		cmocka_unit_test(children_are_those_that_people_make),
		cmocka_unit_test(what_changed_is_all_told),
		cmocka_unit_test(a_line_is_cut_down_to_what_nobody_changed),
	};

	return cmocka_run_group_tests(tests, open_contact, close_contact);
}
