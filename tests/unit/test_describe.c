/* What a describe says, read from recordings of real orgs and from one that was written for its flags. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <jansson.h>

#include "describe_file.h"

static const struct field *field(const struct object *o, const char *name)
{
	const struct field *f = object_field(o, slice_of(name));

	assert_non_null(f);
	return f;
}

/* salesforce-api.md B4 lists them for these recordings */
static void the_required_fields_are_those_salesforce_requires(void **unused)
{
	static const struct {
		const char *object, *fields;
	} cases[] = { { "Account", "Name " },
		      { "Contact", "LastName " },
		      { "Opportunity", "Name StageName CloseDate " },
		      { "Custom__c", "" } };

	(void)unused;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct object *o = object_from_file(cases[i].object);
		struct buf names;

		buf_init(&names, 1000);
		for (size_t k = 0; k < o->field_count; k++)
			if (field_required(&o->fields[k]))
				buf_addf(&names, "%s ", o->fields[k].name);
		assert_string_equal(buf_text(&names), cases[i].fields);
		buf_release(&names);
		object_free(o);
	}
}

static void an_object_says_its_name_its_prefix_and_what_it_allows(void **unused)
{
	struct object *o = object_from_file("Contact");

	(void)unused;
	assert_string_equal(o->name, "Contact");
	assert_string_equal(o->label, "Contact");
	assert_string_equal(o->key_prefix, "003");
	assert_true(o->createable && o->updateable && o->deletable && o->queryable);
	assert_int_equal(o->field_count, 59);
	object_free(o);
}

static void a_field_says_its_type_length_and_numbers(void **unused)
{
	struct object *o = object_from_file("Account");
	const struct field *f = field(o, "annualREVENUE");

	(void)unused;
	assert_string_equal(f->name, "AnnualRevenue");
	assert_int_equal(f->type, FIELD_CURRENCY);
	assert_int_equal(f->precision, 18);
	assert_int_equal(f->scale, 0);
	assert_int_equal(field(o, "NumberOfEmployees")->digits, 8);
	assert_int_equal(field(o, "Name")->length, 255);
	assert_int_equal(field(o, "BillingAddress")->type, FIELD_ADDRESS);
	assert_false(field(o, "BillingAddress")->createable);
	assert_null(object_field(o, slice_of("Nam")));
	object_free(o);
}

static void a_lookup_says_where_it_points_to(void **unused)
{
	struct object *contact = object_from_file("Contact"), *event = object_from_file("Event");
	const struct field *f = field(contact, "AccountId");

	(void)unused;
	assert_string_equal(f->relationship, "Account");
	assert_int_equal(f->reference_count, 1);
	assert_string_equal(f->references[0], "Account");
	f = field(event, "WhoId");
	assert_int_equal(f->reference_count, 2);
	assert_string_equal(f->references[1], "Lead");
	assert_string_equal(field(event, "RecurrenceActivityId")->relationship, "");
	object_free(contact);
	object_free(event);
}

static void a_picklist_lists_its_values(void **unused)
{
	struct object *o = object_from_file("Sample__c");
	const struct field *f = field(o, "Stage__c");

	(void)unused;
	assert_true(f->restricted_picklist);
	assert_int_equal(f->value_count, 3);
	assert_string_equal(f->values[0].value, "Prospect");
	assert_string_equal(f->values[0].label, "Interessent");
	assert_true(f->values[0].active);
	assert_false(f->values[2].active);
	assert_false(field(o, "Source__c")->restricted_picklist);
	object_free(o);
}

static void only_ids_external_ids_and_lookup_fields_can_be_keys(void **unused)
{
	struct object *o = object_from_file("Sample__c"), *contact = object_from_file("Contact");

	(void)unused;
	assert_true(field_is_key(field(o, "Id")));
	assert_true(field_is_key(field(o, "Ext__c")));
	assert_true(field_is_key(field(contact, "Email")));
	assert_false(field_is_key(field(o, "Notes__c")));
	assert_true(field(o, "Ext__c")->unique && !field(o, "Ext__c")->case_sensitive);
	assert_true(field(o, "Code__c")->case_sensitive);
	assert_false(field(o, "Loose__c")->unique);
	object_free(o);
	object_free(contact);
}

static void hidden_fields_are_not_there(void **unused)
{
	struct object *o = object_from_file("Sample__c");

	(void)unused;
	assert_null(object_field(o, slice_of("Old__c")));
	object_free(o);
}

static void what_is_no_describe_is_refused_with_a_sentence(void **unused)
{
	static const char *const texts[] = {
		"",
		"<html>502</html>",
		"[]",
		"null",
		"{\"name\":\"X\"}",
		"{\"name\":\"X\",\"fields\":[]}",
		"{\"fields\":[{\"name\":\"A\",\"type\":\"string\"}]}",
		"{\"name\":\"X\",\"fields\":[{\"label\":\"A\"}]}",
		"{\"name\":\"X\",\"fields\":[7]}",
		"[{\"errorCode\":\"NOT_FOUND\",\"message\":\"The requested resource does not exist\"}]",
	};

	(void)unused;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct object *o;
		struct err e;

		err_init(&e);
		assert_int_equal(describe_parse(&o, slice_of(texts[i]), &e), ERR_REFUSED);
		assert_null(o);
		assert_true(strlen(e.text) > 10);
	}
}

/* Fields of an older API version have fewer members; null stands where there is nothing. */
static void *no_memory(size_t size)
{
	(void)size;
	return NULL;
}

static void a_want_of_memory_is_not_blamed_on_the_org(void **unused)
{
	struct slice text = slice_of("{\"name\":\"Account\",\"fields\":[]}");
	struct object_list *list;
	struct object *object;
	struct err e;

	(void)unused;
	json_set_alloc_funcs(no_memory, free);
	err_init(&e);
	assert_int_equal(describe_parse(&object, text, &e), ERR_INTERNAL);
	assert_string_equal(e.text, "no memory for the describe");
	err_init(&e);
	assert_int_equal(object_list_parse(&list, text, &e), ERR_INTERNAL);
	json_set_alloc_funcs(malloc, free);
}

static void missing_members_and_nulls_are_taken_as_nothing(void **unused)
{
	static const char text[] =
		"{\"name\":\"X\",\"keyPrefix\":null,\"label\":null,\"fields\":["
		"{\"name\":\"A\",\"type\":\"novelty\",\"length\":-5,\"precision\":99999999999999,"
		"\"referenceTo\":null,\"picklistValues\":null}]}";
	struct object *o;
	struct err e;

	(void)unused;
	err_init(&e);
	assert_int_equal(describe_parse(&o, slice_of(text), &e), ERR_OK);
	assert_string_equal(o->key_prefix, "");
	assert_int_equal(o->fields[0].type, FIELD_OTHER);
	assert_int_equal(o->fields[0].length, 0);
	assert_true(o->fields[0].precision > 0);
	assert_string_equal(o->fields[0].help, "");
	assert_false(o->fields[0].createable);
	object_free(o);
}

static void the_orgs_list_of_objects_is_read(void **unused)
{
	struct object_list *list;
	size_t at = 0;
	struct err e;
	struct buf b;

	(void)unused;
	err_init(&e);
	buf_init(&b, 1 << 22);
	read_describe("Global", &b);
	assert_int_equal(object_list_parse(&list, buf_slice(&b), &e), ERR_OK);
	assert_int_equal(list->count, 110);
	while (at + 1 < list->count && strcmp(list->entries[at].name, "Account") != 0)
		at++;
	assert_string_equal(list->entries[at].name, "Account");
	assert_string_equal(list->entries[at].key_prefix, "001");
	assert_true(list->entries[at].createable && list->entries[at].deletable && !list->entries[at].custom);
	object_list_free(list);
	assert_int_equal(object_list_parse(&list, slice_of("{}"), &e), ERR_REFUSED);
	assert_null(list);
	buf_release(&b);
}

static void every_type_has_one_name(void **unused)
{
	(void)unused;
	for (int t = 0; t <= FIELD_OTHER; t++)
		assert_int_equal(field_type_of(slice_of(field_type_name((enum field_type)t))), t);
	assert_int_equal(field_type_of(slice_of("anyType")), FIELD_OTHER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_required_fields_are_those_salesforce_requires),
		cmocka_unit_test(an_object_says_its_name_its_prefix_and_what_it_allows),
		cmocka_unit_test(a_field_says_its_type_length_and_numbers),
		cmocka_unit_test(a_lookup_says_where_it_points_to),
		cmocka_unit_test(a_picklist_lists_its_values),
		cmocka_unit_test(only_ids_external_ids_and_lookup_fields_can_be_keys),
		cmocka_unit_test(hidden_fields_are_not_there),
		cmocka_unit_test(what_is_no_describe_is_refused_with_a_sentence),
		cmocka_unit_test(a_want_of_memory_is_not_blamed_on_the_org),
		cmocka_unit_test(missing_members_and_nulls_are_taken_as_nothing),
		cmocka_unit_test(the_orgs_list_of_objects_is_read),
		cmocka_unit_test(every_type_has_one_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
