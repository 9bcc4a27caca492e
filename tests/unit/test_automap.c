/* What a column probably means: by its header, by its cells, and how sure that is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/plan/mapping.h"
#include "core/plan/automap.h"
#include "core/plan/plan.h"
#include "describe_file.h"

enum { MOST = 16 };

struct setup {
	struct object *contact, *account, *sample, *event, *opportunity, *custom;
	const struct object *parents[2];
	struct slice columns[MOST];
	struct profile profiles[MOST];
	struct mapping_request request;
	struct mapping *mapping;
	struct arena arena;
	struct err e;
};

static int begin(void **state)
{
	static struct setup s;

	s = (struct setup){ .contact = object_from_file("Contact"),
		            .account = object_from_file("Account"),
		            .sample = object_from_file("Sample__c"),
		            .event = object_from_file("Event"),
		            .opportunity = object_from_file("Opportunity"),
		            .custom = object_from_file("Custom__c") };
	s.parents[0] = s.account;
	s.parents[1] = s.contact;
	arena_init(&s.arena);
	*state = &s;
	return 0;
}

static int end(void **state)
{
	struct setup *s = *state;

	mapping_free(s->mapping);
	arena_release(&s->arena);
	object_free(s->contact);
	object_free(s->account);
	object_free(s->sample);
	object_free(s->event);
	object_free(s->opportunity);
	object_free(s->custom);
	return 0;
}

static size_t split(const char *text, struct slice *to)
{
	size_t n = 0;

	for (const char *at = text; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
		to[n++] = (struct slice){ at, strcspn(at, "|") };
	return n;
}

/* A header, and records, all with '|' between their cells; records end with NULL. */
static void map(struct setup *s, const struct object *object, enum action action, const char *header,
                const char *const *records)
{
	struct slice cells[MOST];

	memset(s->profiles, 0, sizeof s->profiles);
	s->request = (struct mapping_request){ .object = object,
		                               .parents = s->parents,
		                               .parent_count = 2,
		                               .action = action,
		                               .columns = s->columns,
		                               .column_count = split(header, s->columns),
		                               .profiles = s->profiles,
		                               .matching = MATCH_GUESSES };
	for (; records && *records; records++) {
		size_t n = split(*records, cells);

		for (size_t i = 0; i < n; i++)
			assert_true(profile_add(&s->profiles[i], cells[i], &s->arena));
	}
	mapping_free(s->mapping);
	err_init(&s->e);
	assert_int_equal(mapping_new(&s->mapping, &s->request, &s->e), ERR_OK);
}

struct match_case {
	const char *object, *header; /* of one column */
	const char *cells;           /* of it, between '|'; NULL: nothing is known of them */
	const char *field;           /* NULL: none */
	enum sure sure;
	const char *why;
};

/* clang-format off */
static const struct match_case cases[] = {
	/* written otherwise */
	{ "Contact", "last_name", NULL, "LastName", SURE_YES, "API name, written otherwise" },
	{ "Contact", "LAST-NAME:", NULL, "LastName", SURE_YES, "API name, written otherwise" },
	{ "Contact", "Mailing Zip Postal Code", NULL, "MailingPostalCode", SURE_YES, "label, written otherwise" },
	{ "Contact", "accountid", NULL, "AccountId", SURE_YES, "API name" },
	{ "Sample__c", "Day", NULL, "Day__c", SURE_YES, "label" },
	{ "Sample__c", "external-id", NULL, "Ext__c", SURE_YES, "label, written otherwise" },
	{ "Sample__c", "stage__C ", NULL, "Stage__c", SURE_YES, "API name" },
	{ "Sample__c", "Name.", NULL, "Name", SURE_YES, "API name, written otherwise" },
	{ "Sample__c", "EXT", NULL, "Ext__c", SURE_YES, "API name, written otherwise" },
	{ "Sample__c", "twin-a", NULL, "Twin_A__c", SURE_YES, "API name, written otherwise" },
	{ "Sample__c", "TWIN.", NULL, NULL, SURE_NOT, "may be Twin_A__c or Twin_B__c" },
	{ "Sample__c", "parent ext", NULL, "Parent__r.Ext__c", SURE_YES, "lookup by an external id" },
	{ "Sample__c", "Parent Sample External Id", NULL, "Parent__r.Ext__c", SURE_YES, "lookup by an external id" },
	{ "Sample__c", "Total", NULL, "Total__c", SURE_YES, "label" },    /* a formula: the check refuses it by name */
	{ "Sample__c", "to-tal", NULL, NULL, SURE_NOT, "no field of this name" },
	/* by words */
	{ "Contact", "Surname", NULL, "LastName", SURE_GUESSED, "like its label \"Last Name\"" },
	{ "Contact", "Vorname", NULL, "FirstName", SURE_GUESSED, "like its label \"First Name\"" },
	{ "Contact", "Birth", NULL, "Birthdate", SURE_GUESSED, "like its label \"Birthdate\"" },
	{ "Contact", "Date of birth", "1987-04-03|1990-01-31|2001-12-24", "Birthdate", SURE_GUESSED, "like its label \"Birthdate\"; its cells are dates" },
	{ "Contact", "Birth", "yes|no|yes", NULL, SURE_NOT, "no field of this name" },
	{ "Contact", "Mailing Zip", NULL, "MailingPostalCode", SURE_GUESSED, "like its label \"Mailing Zip/Postal Code\"" },
	{ "Contact", "City", NULL, NULL, SURE_NOT, "may be OtherCity or MailingCity" },
	{ "Contact", "Mobile phone number", "+49 171 5551234|0171 5551235|0171-5551236", "MobilePhone", SURE_GUESSED, NULL },
	{ "Contact", "Fav colour", "blue|red|blue", NULL, SURE_NOT, "no field of this name" },
	{ "Account", "Mitarbeiter", "12|40|7", "NumberOfEmployees", SURE_GUESSED, "like its label \"Employees\"" },
	{ "Account", "Mitarbeiter", "few|many|few", NULL, SURE_NOT, "no field of this name" },
	{ "Account", "Anual Revenue", NULL, "AnnualRevenue", SURE_GUESSED, NULL },
	/* by the cells alone */
	{ "Contact", "X1", "ann@example.com|bob@example.com|eve@example.com", "Email", SURE_GUESSED, "its cells are e-mail addresses, and no other free field takes them" },
	{ "Contact", "X2", "0015e000003UQZh|0015e000003UQZi|0015e000003UQZj", "AccountId", SURE_GUESSED, "its cells are ids that begin with 001, and no other free field takes them" },
	{ "Contact", "X3", "+49 40 123456|+49 40 123457|+49 40 123458", NULL, SURE_NOT, "no field of this name" }, /* six fields take them */
	{ "Sample__c", "X4", "Prospect|customer|Prospect", "Stage__c", SURE_GUESSED, "the values of its cells are in its picklist, and no other free field takes them" },
	{ "Sample__c", "X5", "Prospect|Prospect|Nobody", NULL, SURE_NOT, "no field of this name" },
	{ "Contact", "X6", "ann@example.com|bob@example.com", NULL, SURE_NOT, "no field of this name" }, /* too few to go by */
	{ "Contact", "X7", "0015e000003UQZh|0015e000003UQZiAAX|0015e000003UQZjAAX", NULL, SURE_NOT, "no field of this name" }, /* check characters */
};
/* clang-format on */

static const struct object *object_of(const struct setup *s, const char *name)
{
	return strcmp(name, "Contact") == 0   ? s->contact
	       : strcmp(name, "Account") == 0 ? s->account
	                                      : s->sample;
}

static void a_column_says_how_sure_it_is_and_why(void **state)
{
	struct setup *s = *state;

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct match_case *c = &cases[i];
		struct slice cells[MOST];
		const char *records[MOST + 1] = { NULL };
		size_t n = c->cells ? split(c->cells, cells) : 0;
		const struct mapped *to;

		for (size_t k = 0; k < n; k++)
			records[k] = arena_slice(&s->arena, cells[k]);
		map(s, object_of(s, c->object), ACTION_INSERT, c->header, records);
		to = s->mapping->by_column[0];
		if ((to ? to->sure : SURE_NOT) != c->sure ||
		    (c->field && strcmp(to ? to->name : "", c->field) != 0))
			fail_msg("%s went to %s, %s: %s", c->header, to ? to->name : "nothing",
			         sure_name(to ? to->sure : SURE_NOT),
			         to ? to->why : s->mapping->not_loaded_why[0]);
		if (c->why)
			assert_string_equal(to ? to->why : s->mapping->not_loaded_why[0], c->why);
	}
}

static const char *to(const struct setup *s, size_t column)
{
	return s->mapping->by_column[column] ? s->mapping->by_column[column]->name : "-";
}

static void no_field_is_given_twice(void **state)
{
	struct setup *s = *state;
	static const char *const records[] = { "a@example.com|b@example.com", "c@example.com|d@example.com",
		                               "e@example.com|f@example.com", NULL };

	map(s, s->contact, ACTION_INSERT, "Surname|LastName|Last-Name", NULL);
	assert_string_equal(to(s, 0), "-");
	assert_string_equal(to(s, 1), "LastName");
	assert_string_equal(to(s, 2), "-");
	map(s, s->contact, ACTION_INSERT, "Private|E-Mail", records);
	assert_string_equal(to(s, 0), "-");
	assert_string_equal(to(s, 1), "Email");
}

static void what_is_guessed_is_only_told_where_nobody_sees_it(void **state)
{
	struct setup *s = *state;

	map(s, s->contact, ACTION_INSERT, "Surname|first_name", NULL);
	s->request.matching = MATCH_SURE;
	mapping_free(s->mapping);
	assert_int_equal(mapping_new(&s->mapping, &s->request, &s->e), ERR_OK);
	assert_null(s->mapping->by_column[0]);
	assert_string_equal(s->mapping->guesses[0], "LastName");
	assert_string_equal(s->mapping->not_loaded_why[0],
	                    "perhaps LastName (like its label \"Last Name\"): a mapping can say so");
	assert_string_equal(to(s, 1), "FirstName");
	assert_null(s->mapping->guesses[1]);
	s->request.matching = MATCH_NAMES;
	mapping_free(s->mapping);
	assert_int_equal(mapping_new(&s->mapping, &s->request, &s->e), ERR_OK);
	assert_int_equal(s->mapping->count, 0);
	assert_string_equal(s->mapping->not_loaded_why[1], "no field of this name");
}

/* What was shown and taken is a mapping like any other. */
static void a_guess_that_was_taken_is_written_as_chosen(void **state)
{
	struct setup *s = *state;
	struct buf json;

	map(s, s->contact, ACTION_INSERT, "Surname", NULL);
	buf_init(&json, 1 << 16);
	mapping_write(s->mapping, &s->request, false, &json);
	s->request.matching = MATCH_NAMES;
	s->request.map_json = buf_slice(&json);
	mapping_free(s->mapping);
	assert_int_equal(mapping_new(&s->mapping, &s->request, &s->e), ERR_OK);
	assert_string_equal(to(s, 0), "LastName");
	assert_int_equal(s->mapping->by_column[0]->sure, SURE_YES);
	buf_release(&json);
}

static void an_action_takes_only_what_it_can_write(void **state)
{
	struct setup *s = *state;
	static const char *const ids[] = { "0035e000003UQZh", "0035e000003UQZi", "0035e000003UQZj", NULL };

	map(s, s->contact, ACTION_UPDATE, "Key", ids);
	assert_string_equal(to(s, 0), "Id");
	assert_int_equal(s->mapping->by_column[0]->sure, SURE_GUESSED);
	map(s, s->contact, ACTION_DELETE, "Key|Surname", ids);
	assert_string_equal(to(s, 0), "Id");
	assert_string_equal(to(s, 1), "-");
	map(s, s->contact, ACTION_INSERT, "Key", ids);
	assert_string_equal(to(s, 0), "ReportsToId");
}

static void a_file_of_the_picture_is_mapped_as_it_says(void **state)
{
	struct setup *s = *state;
	static const char *const records[] = { "ann@example.com|M\xc3\xbcller|03/04/1987|+49 40 123456|blue",
		                               "bob@example.com|Lee|13/04/1990|040 123457|red",
		                               "eve@example.com|Ray|02/12/1991|040 123458|red", NULL };

	map(s, s->contact, ACTION_INSERT, "E-Mail|Last Name|Birth|Phone|Fav colour", records);
	assert_string_equal(to(s, 0), "Email");
	assert_string_equal(to(s, 1), "LastName");
	assert_string_equal(to(s, 2), "Birthdate");
	assert_string_equal(s->mapping->by_column[2]->why, "like its label \"Birthdate\"; its cells are dates");
	assert_string_equal(to(s, 3), "Phone");
	assert_string_equal(to(s, 4), "-");
}

/* Which parents are worth a question: those that a header speaks of. */
static void parents_are_asked_for_where_a_header_speaks_of_them(void **state)
{
	struct setup *s = *state;
	struct slice columns[] = { slice_of("Company Ext"), slice_of("Last Name"), slice_of("Account ID"),
		                   slice_of("Reports to e-mail") };
	const char *names[4];

	assert_int_equal(automap_parents(s->contact, columns, 3, names, 4), 1);
	assert_string_equal(names[0], "Account");
	assert_int_equal(automap_parents(s->contact, columns + 1, 2, names, 4), 0);
	assert_int_equal(automap_parents(s->contact, columns + 3, 1, names, 4), 0); /* its own object */
}

/* Each field of an org's describes finds itself again by its API name, its label where no other has it, and both in capitals with
 * other signs between the words. */
static void every_describe_maps_to_itself(void **state)
{
	struct setup *s = *state;
	const struct object *objects[] = { s->contact, s->account,     s->event,
		                           s->sample,  s->opportunity, s->custom };

	for (size_t o = 0; o < 6; o++)
		for (size_t i = 0; i < objects[o]->field_count; i++) {
			const struct field *f = &objects[o]->fields[i];
			char header[200];

			map(s, objects[o], ACTION_UPSERT, f->name, NULL);
			assert_string_equal(to(s, 0), f->name);
			assert_int_equal(s->mapping->by_column[0]->sure, SURE_YES);
			snprintf(header, sizeof header, "%s", f->name);
			for (char *at = header; *at; at++)
				if (*at == '_')
					*at = '-';
			map(s, objects[o], ACTION_UPSERT, header, NULL);
			if (s->mapping->by_column[0] && s->mapping->by_column[0]->sure == SURE_YES)
				assert_string_equal(to(s, 0), f->name);
			map(s, objects[o], ACTION_UPSERT, f->label, NULL);
			if (s->mapping->by_column[0] && s->mapping->by_column[0]->sure == SURE_YES)
				assert_string_equal(s->mapping->by_column[0]->field->label, f->label);
		}
}

/* A file with all that an insert may write, by label or by name: each column goes to its own field, and nothing is found but by rule. */
static void every_describe_makes_a_plan_without_a_surprise(void **state)
{
	struct setup *s = *state;
	const struct object *objects[] = { s->contact, s->account, s->event, s->opportunity, s->custom };
	struct slice columns[128];

	for (size_t o = 0; o < 5; o++) {
		struct mapping_request r = { .object = objects[o], .columns = columns };
		struct plan_request request = { .object = objects[o] };
		struct plan *plan;

		for (size_t i = 0; i < objects[o]->field_count; i++)
			if (objects[o]->fields[i].createable)
				columns[r.column_count++] = slice_of(objects[o]->fields[i].name);
		err_init(&s->e);
		mapping_free(s->mapping);
		assert_int_equal(mapping_new(&s->mapping, &r, &s->e), ERR_OK);
		assert_int_equal(s->mapping->count, r.column_count);
		request.mapping = s->mapping;
		assert_int_equal(plan_new(&plan, &request, &s->e), ERR_OK);
		assert_int_equal(plan_findings(plan, NULL, 0), 0);
		plan_free(plan);
	}
}

static void hostile_headers_do_no_harm(void **state)
{
	struct setup *s = *state;
	char *longest = malloc(200001);

	assert_non_null(longest);
	for (size_t i = 0; i < 200000; i++)
		longest[i] = i % 7 ? 'x' : ' ';
	longest[200000] = '\0';
	map(s, s->contact, ACTION_INSERT, longest, NULL);
	assert_string_equal(to(s, 0), "-");
	map(s, s->contact, ACTION_INSERT, "\xff\xfe\xc3|\xe2\x80\x8b|__c|:|.|_|\xf0\x9f\x98\x80", NULL);
	for (size_t i = 0; i < 7; i++)
		assert_string_equal(to(s, i), "-");
	free(longest);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_column_says_how_sure_it_is_and_why, begin, end),
		cmocka_unit_test_setup_teardown(no_field_is_given_twice, begin, end),
		cmocka_unit_test_setup_teardown(what_is_guessed_is_only_told_where_nobody_sees_it, begin, end),
		cmocka_unit_test_setup_teardown(a_guess_that_was_taken_is_written_as_chosen, begin, end),
		cmocka_unit_test_setup_teardown(an_action_takes_only_what_it_can_write, begin, end),
		cmocka_unit_test_setup_teardown(a_file_of_the_picture_is_mapped_as_it_says, begin, end),
		cmocka_unit_test_setup_teardown(parents_are_asked_for_where_a_header_speaks_of_them, begin,
		                                end),
		cmocka_unit_test_setup_teardown(every_describe_maps_to_itself, begin, end),
		cmocka_unit_test_setup_teardown(every_describe_makes_a_plan_without_a_surprise, begin, end),
		cmocka_unit_test_setup_teardown(hostile_headers_do_no_harm, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
