/* Every describe that was recorded: its fields find their columns, a record made of its types is sent, and a value that is none of its
 * field's is found, and nothing else. */
#include "describe_file.h"

#include <stdlib.h>
#include <string.h>

#include "core/plan/plan.h"

static const char *const recorded[] = {
	"Account",     "Account_PersonAccount", "Case", "Contact", "Custom__c", "Event", "Lead",
	"Opportunity", "OpportunityContactRole"
};

enum { OBJECTS = sizeof recorded / sizeof recorded[0], MOST_FIELDS = 1000 };

/* A file with a column for each field that an insert may write, and one record of it. */
struct file {
	struct object *object;
	struct mapping *mapping;
	struct plan *plan;
	struct slice columns[MOST_FIELDS], cells[MOST_FIELDS];
	const struct field *fields[MOST_FIELDS];
	size_t count;
	char own_id[16]; /* of a record of the object itself */
	struct buf payload;
	struct plan_line line;
};

static struct slice first_active(const struct field *f)
{
	for (size_t i = 0; i < f->value_count; i++)
		if (f->values[i].active)
			return slice_of(f->values[i].value);
	return slice_of("");
}

static struct slice usable_type(const struct field *f)
{
	for (size_t i = 0; i < f->record_type_count; i++)
		if (f->record_types[i].active && f->record_types[i].available)
			return slice_of(f->record_types[i].id);
	return slice_of("");
}

static struct slice good_value(const struct file *file, const struct field *f)
{
	if (f->record_type_count)
		return usable_type(f);
	if (f->reference_count == 1 && strcmp(f->references[0], file->object->name) == 0)
		return slice_of(file->own_id);
	switch (f->type) {
	case FIELD_ID:
	case FIELD_REFERENCE:
		return slice_of("001000000000001");
	case FIELD_BOOLEAN:
		return slice_of("true");
	case FIELD_DATE:
		return slice_of("2024-02-29");
	case FIELD_DATETIME:
		return slice_of("2024-02-29T10:00:00Z");
	case FIELD_TIME:
		return slice_of("10:00:00");
	case FIELD_DOUBLE:
	case FIELD_CURRENCY:
	case FIELD_PERCENT:
	case FIELD_INT:
	case FIELD_LONG:
		return slice_of("1");
	case FIELD_EMAIL:
		return slice_of("a@b.co");
	case FIELD_PICKLIST:
	case FIELD_MULTIPICKLIST:
		return first_active(f);
	default:
		return slice_of("x");
	}
}

/* Is there a text that is no value of it? */
static bool is_typed(const struct field *f)
{
	switch (f->type) {
	case FIELD_STRING:
	case FIELD_TEXTAREA:
	case FIELD_PHONE:
	case FIELD_URL:
	case FIELD_COMBOBOX:
	case FIELD_ENCRYPTEDSTRING:
	case FIELD_OTHER:
		return f->length > 0;
	case FIELD_PICKLIST:
	case FIELD_MULTIPICKLIST:
		return f->restricted_picklist;
	default:
		return true;
	}
}

static struct file *open_file(const char *name)
{
	struct file *file = calloc(1, sizeof *file);
	struct mapping_request r = { .action = ACTION_INSERT };
	struct plan_request p = { .action = ACTION_INSERT };
	struct err e;

	assert_non_null(file);
	err_init(&e);
	buf_init(&file->payload, 1 << 24);
	file->object = object_from_file(name);
	snprintf(file->own_id, sizeof file->own_id, "%s000000000001", file->object->key_prefix);
	for (size_t i = 0; i < file->object->field_count; i++) {
		const struct field *f = &file->object->fields[i];

		if (!f->createable)
			continue;
		assert_true(file->count < MOST_FIELDS);
		file->fields[file->count] = f;
		file->columns[file->count] = slice_of(f->name);
		file->cells[file->count++] = good_value(file, f);
	}
	assert_true(file->count > 0);
	r.object = p.object = file->object;
	r.columns = file->columns;
	r.column_count = file->count;
	assert_int_equal(mapping_new(&file->mapping, &r, &e), ERR_OK);
	p.mapping = file->mapping;
	assert_int_equal(plan_new(&file->plan, &p, &e), ERR_OK);
	return file;
}

static void close_file(struct file *file)
{
	plan_free(file->plan);
	mapping_free(file->mapping);
	object_free(file->object);
	buf_release(&file->payload);
	free(file);
}

static void take(struct file *file)
{
	struct record record = { .number = 1, .cells = file->cells, .count = file->count };

	buf_clear(&file->payload);
	plan_record(file->plan, &record, &file->payload, &file->line);
}

static void each_field_finds_its_column(void **unused)
{
	(void)unused;
	for (size_t o = 0; o < OBJECTS; o++) {
		struct file *file = open_file(recorded[o]);

		assert_int_equal(file->mapping->count, file->count);
		for (size_t i = 0; i < file->count; i++) {
			assert_ptr_equal(file->mapping->entries[i].field, file->fields[i]);
			assert_int_equal(file->mapping->entries[i].sure, SURE_YES);
		}
		close_file(file);
	}
}

static void a_record_of_its_types_is_sent(void **unused)
{
	(void)unused;
	for (size_t o = 0; o < OBJECTS; o++) {
		struct file *file = open_file(recorded[o]);

		take(file);
		if (!file->line.sent)
			fail_msg("%s.%s: %s", recorded[o], file->line.findings[0].field,
			         file->line.findings[0].message);
		close_file(file);
	}
}

static void what_is_no_value_is_found_where_it_stands(void **unused)
{
	static char endless[140000];

	(void)unused;
	memset(endless, '?', sizeof endless);
	for (size_t o = 0; o < OBJECTS; o++) {
		struct file *file = open_file(recorded[o]);
		size_t typed = 0;

		for (size_t i = 0; i < file->count; i++) {
			struct slice good = file->cells[i];

			if (!is_typed(file->fields[i]))
				continue;
			typed++;
			file->cells[i] = (struct slice){ endless, sizeof endless };
			take(file);
			if (file->line.sent || file->line.finding_count != 1)
				fail_msg("%s.%s: %zu findings", recorded[o], file->fields[i]->name,
				         file->line.finding_count);
			assert_string_equal(file->line.findings[0].field, file->fields[i]->name);
			file->cells[i] = good;
		}
		assert_true(typed > 0);
		close_file(file);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_field_finds_its_column),
		cmocka_unit_test(a_record_of_its_types_is_sent),
		cmocka_unit_test(what_is_no_value_is_found_where_it_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
