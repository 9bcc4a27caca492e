#include "ui/console/draft_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/plan/action.h"

void draft_copy(char *to, size_t size, struct slice from)
{
	size_t len = from.len < size ? from.len : size - 1;

	while (len < from.len && len > 0 && ((unsigned char)from.at[len] & 0xc0) == 0x80)
		len--;
	if (len)
		memcpy(to, from.at, len);
	to[len] = '\0';
}

void draft_fill_objects(const struct draft *draft, struct wizard *wizard)
{
	const struct object_list *list = draft->objects;
	const struct org_identity *id = org_identity(draft->load.org);

	free(wizard->objects);
	wizard->objects = calloc(list->count + 1, sizeof *wizard->objects);
	wizard->object_count = 0;
	for (size_t i = 0; wizard->objects && i < list->count; i++) {
		const struct object_entry *entry = &list->entries[i];
		struct object_row *row = &wizard->objects[wizard->object_count];

		if (!entry->createable && !entry->updateable && !entry->deletable)
			continue;
		snprintf(row->name, sizeof row->name, "%s", entry->name);
		snprintf(row->label, sizeof row->label, "%s", entry->label);
		row->createable = entry->createable;
		row->updateable = entry->updateable;
		row->deletable = entry->deletable;
		wizard->object_count++;
	}
	snprintf(wizard->org_name, sizeof wizard->org_name, "%s", id->org_name);
	snprintf(wizard->org_id, sizeof wizard->org_id, "%s", id->org_id);
	snprintf(wizard->username, sizeof wizard->username, "%s", id->username);
	snprintf(wizard->org_kind, sizeof wizard->org_kind, "%s", org_kind_name(id->kind));
	wizard->production = id->kind == ORG_PRODUCTION;
	wizard->signed_in = true;
	table_narrow(&wizard->object_table, wizard->object_count, wizard_object_text, wizard);
}

static bool in_file(const struct draft *draft, const struct field *field)
{
	const struct source_shape *shape = source_shape(draft->load.source);

	for (size_t i = 0; i < shape->column_count; i++)
		if (slice_equal_fold(shape->columns[i], slice_of(field->name)) ||
		    slice_equal_fold(shape->columns[i], slice_of(field->label)))
			return true;
	return false;
}

static void add_choice(struct wizard *wizard, const char *action, const char *key, const char *text,
                       const char *more)
{
	struct action_choice *choice = &wizard->choices[wizard->choice_count++];

	snprintf(choice->action, sizeof choice->action, "%s", action);
	snprintf(choice->key, sizeof choice->key, "%s", key);
	snprintf(choice->text, sizeof choice->text, "%s%s", text, more);
}

/* What is meant most often first: external ids that are columns of the file, then other keys in it, then the rest. */
static int rank_of(const struct draft *draft, const struct field *field)
{
	if (!in_file(draft, field))
		return 2;
	return field->external_id ? 0 : 1;
}

static void add_upserts(const struct draft *draft, struct wizard *wizard, int rank)
{
	const struct object *object = draft->load.object;

	for (size_t i = 0; i < object->field_count; i++) {
		const struct field *field = &object->fields[i];

		if (!field_is_key(field) || rank_of(draft, field) != rank)
			continue;
		add_choice(wizard, "upsert", field->name,
		           field->type == FIELD_ID ? "found by Id: updated" : "found: updated; else created",
		           rank < 2 ? " · in this file" : "");
	}
}

void draft_fill_choices(const struct draft *draft, struct wizard *wizard)
{
	const struct object *object = draft->load.object;

	free(wizard->choices);
	wizard->choices = calloc(object->field_count + 5, sizeof *wizard->choices);
	wizard->choice_count = 0;
	if (!wizard->choices)
		return;
	if (object->createable)
		add_choice(wizard, "insert", "", "every record is created", "");
	for (int rank = 0; rank < 2 && object->createable && object->updateable; rank++)
		add_upserts(draft, wizard, rank);
	if (object->updateable)
		add_choice(wizard, "update", "Id", "records are found by their Id", "");
	if (object->createable && object->updateable)
		add_upserts(draft, wizard, 2);
	if (object->deletable)
		add_choice(wizard, "delete", "Id", "to the recycle bin; only the Id is sent", "");
	if (object->deletable)
		add_choice(wizard, "hard_delete", "Id", "for good, past the recycle bin; only the Id is sent",
		           "");
	wizard->action_table.count = wizard->choice_count;
	wizard->action_table.cursor = wizard->action_table.top = 0;
}

/* ---- the record shown ---- */

static bool remember_offset(struct draft *draft, int64_t offset)
{
	if (draft->offset_count == draft->offset_room) {
		size_t room = draft->offset_room ? draft->offset_room * 2 : 64;
		int64_t *more = realloc(draft->offsets, room * sizeof *more);

		if (!more)
			return false;
		draft->offsets = more;
		draft->offset_room = room;
	}
	draft->offsets[draft->offset_count++] = offset;
	return true;
}

/* Reads record `number`; *more false if the file ends before it. Records are found by the offsets seen on the way. */
static enum err_code read_record(struct draft *draft, int64_t number, struct record *record, bool *more,
                                 struct err *e)
{
	struct source *source = draft->load.source;
	int64_t known = (int64_t)draft->offset_count;
	int64_t from = number <= known ? number : known ? known : 1;
	int64_t offset = known ? draft->offsets[from - 1] : source_shape(source)->first_offset;

	*more = true;
	if (source_seek(source, from, offset, e) != ERR_OK)
		return e->code;
	for (int64_t at = from; *more; at++) {
		if (source_next(source, record, more, e) != ERR_OK)
			return e->code;
		if (*more && at > known && !remember_offset(draft, record->offset))
			return err_memory(e, "the record");
		if (at == number)
			break;
	}
	return ERR_OK;
}

static void put_sent(struct draft *draft, const struct mapped *entry, const struct record *record,
                     bool readable, struct mapping_row *row)
{
	size_t i = (size_t)(entry - draft->load.mapping->entries);
	struct plan_finding finding = { 0 };
	struct buf text;

	if (!draft->load.plan || !readable)
		return;
	buf_init(&text, sizeof row->sent - 1);
	if (!plan_cell(draft->load.plan, record, i, &text, &finding)) {
		row->mark = '!';
		snprintf(row->sent, sizeof row->sent, "%s", finding.message);
		snprintf(row->note, sizeof row->note, "%s", finding.message);
	} else if (entry->far && text.len) { /* "Account A-0098": whose key it is */
		snprintf(row->sent, sizeof row->sent, "%s %.*s", entry->parent, (int)text.len, buf_text(&text));
	} else {
		draft_copy(row->sent, sizeof row->sent, buf_slice(&text));
	}
	buf_release(&text);
}

/* How its cells are read, where that was said: behind what the field is. */
static void describe_rules(const struct mapped *entry, struct mapping_row *row)
{
	size_t used = strlen(row->note);
	struct buf words;

	if (!entry->rules)
		return;
	buf_init(&words, sizeof row->note);
	rules_describe(entry->rules, &words);
	if (words.len)
		snprintf(row->note + used, sizeof row->note - used, " · %s", buf_text(&words));
	buf_release(&words);
}

static void describe_entry(const struct mapped *entry, struct mapping_row *row)
{
	const struct field *field = entry->far ? entry->far : entry->field;
	const char *by = entry->sure == SURE_GUESSED ? "guessed:" : "by";

	snprintf(row->field, sizeof row->field, "%s", entry->name);
	row->dated = field->type == FIELD_DATE || field->type == FIELD_DATETIME;
	row->required = field_required(entry->field);
	if (field->length)
		snprintf(row->note, sizeof row->note, "%s, %d characters%s · %s %s",
		         field_type_name(field->type), field->length,
		         field_required(entry->field) ? ", required" : "", by, entry->why);
	else
		snprintf(row->note, sizeof row->note, "%s%s · %s %s", field_type_name(field->type),
		         field_required(entry->field) ? ", required" : "", by, entry->why);
	describe_rules(entry, row);
}

static void fill_column(struct draft *draft, size_t c, const struct record *record, bool readable,
                        struct mapping_row *row)
{
	const struct mapping *mapping = draft->load.mapping;
	const struct mapped *entry = mapping->by_column[c];

	row->at = (int)c;
	draft_copy(row->column, sizeof row->column, source_shape(draft->load.source)->columns[c]);
	if (readable && c < record->count)
		draft_copy(row->sample, sizeof row->sample, record->cells[c]);
	if (!entry) {
		row->mark = '-';
		snprintf(row->note, sizeof row->note, "not loaded: %.240s", mapping->not_loaded_why[c]);
		return;
	}
	row->mark = entry->sure == SURE_GUESSED ? '~' : '+';
	describe_entry(entry, row);
	put_sent(draft, entry, record, readable, row);
}

static void fill_rows(struct draft *draft, struct wizard *wizard, const struct record *record, bool readable)
{
	const struct mapping *mapping = draft->load.mapping;
	size_t columns = source_shape(draft->load.source)->column_count;

	free(wizard->mapping);
	wizard->mapping = calloc(columns + mapping->count + 1, sizeof *wizard->mapping);
	wizard->mapping_count = 0;
	if (!wizard->mapping)
		return;
	for (size_t c = 0; c < columns; c++)
		fill_column(draft, c, record, readable, &wizard->mapping[wizard->mapping_count++]);
	for (size_t i = 0; i < mapping->count; i++)
		if (mapping->entries[i].column < 0) {
			struct mapping_row *row = &wizard->mapping[wizard->mapping_count++];

			row->at = -1;
			describe_entry(&mapping->entries[i], row);
			put_sent(draft, &mapping->entries[i], record, readable, row);
			row->mark = '=';
			snprintf(row->constant, sizeof row->constant, "%s", mapping->entries[i].constant);
		}
}

/* "11 of 13 columns mapped · no required field is missing". */
static void fill_note(const struct draft *draft, struct wizard *wizard)
{
	struct plan_finding findings[8];
	size_t columns = source_shape(draft->load.source)->column_count;
	size_t mapped = 0, guessed = 0;
	char guesses[64] = "";
	size_t n = draft->load.plan ? plan_findings(draft->load.plan, findings, 8) : 0;

	for (size_t c = 0; c < columns; c++) {
		const struct mapped *to = draft->load.mapping->by_column[c];

		mapped += to != NULL;
		guessed += to && to->sure == SURE_GUESSED;
	}
	if (guessed)
		snprintf(guesses, sizeof guesses, ", %zu of them guessed", guessed);
	if (n)
		snprintf(wizard->plan_note, sizeof wizard->plan_note, "%zu of %zu columns mapped%s · %s: %s",
		         mapped, columns, guesses, findings[0].field, findings[0].message);
	else
		snprintf(wizard->plan_note, sizeof wizard->plan_note,
		         "%zu of %zu columns mapped%s · no required field is missing", mapped, columns,
		         guesses);
	snprintf(wizard->plan_error, sizeof wizard->plan_error, "%s",
	         draft->load.plan ? "" : draft->plan_error.text);
}

void draft_fill_mapping(struct draft *draft, struct wizard *wizard)
{
	struct record record = { 0 };
	struct err e;
	bool more = true;

	err_init(&e);
	wizard->record_last = false;
	wizard->record_error[0] = '\0';
	if (read_record(draft, wizard->record, &record, &more, &e) == ERR_OK && !more) {
		wizard->record_last = true;
		wizard->record = draft->offset_count ? (int64_t)draft->offset_count : 1;
		if (draft->offset_count)
			read_record(draft, wizard->record, &record, &more, &e);
	}
	if (e.code != ERR_OK)
		snprintf(wizard->record_error, sizeof wizard->record_error, "%.250s", e.text);
	else if (!more)
		snprintf(wizard->record_error, sizeof wizard->record_error,
		         "The file has a header and no record");
	else if (record.fault)
		snprintf(wizard->record_error, sizeof wizard->record_error, "record %lld: %s",
		         (long long)record.number, record.fault);
	fill_rows(draft, wizard, &record, !wizard->record_error[0]);
	fill_note(draft, wizard);
	table_narrow(&wizard->mapping_table, wizard->mapping_count, wizard_mapping_text, wizard);
}

/* ---- fields ---- */

static bool may_write(const struct draft *draft, const struct field *field)
{
	bool by_id = draft->load.action == ACTION_UPDATE || action_deletes(draft->load.action);

	if (field->type == FIELD_ID)
		return by_id || strcmp(draft->load.external_id, "Id") == 0;
	if (action_deletes(draft->load.action))
		return false;
	if (draft->load.action == ACTION_INSERT)
		return field->createable;
	if (draft->load.action == ACTION_UPDATE)
		return field->updateable;
	return field->createable || field->updateable;
}

static void add_field(const struct draft *draft, struct wizard *wizard, const struct field *field,
                      const struct object *parent, const struct field *far)
{
	struct field_row *row = &wizard->fields[wizard->field_count++];
	const struct field *typed = far ? far : field;
	const struct mapping *mapping = draft->load.mapping;

	if (far && field->reference_count > 1)
		snprintf(row->name, sizeof row->name, "%s:%s.%s", parent->name, field->relationship, far->name);
	else if (far)
		snprintf(row->name, sizeof row->name, "%s.%s", field->relationship, far->name);
	else
		snprintf(row->name, sizeof row->name, "%s", field->name);
	snprintf(row->label, sizeof row->label, "%s", typed->label);
	snprintf(row->type, sizeof row->type, "%s", field_type_name(typed->type));
	row->length = typed->length;
	row->required = field_required(field);
	row->writeable = true;
	for (size_t i = 0; i < mapping->count; i++)
		if (strcmp(mapping->entries[i].name, row->name) == 0 && mapping->entries[i].column >= 0)
			draft_copy(row->taken_by, sizeof row->taken_by,
			           source_shape(draft->load.source)->columns[mapping->entries[i].column]);
}

/* A lookup by an external id of its parent, where the parent's describe is known. */
static void add_relations(const struct draft *draft, struct wizard *wizard, const struct field *field,
                          size_t room)
{
	for (size_t p = 0; p < draft->load.parent_count; p++)
		for (size_t r = 0; r < field->reference_count; r++) {
			const struct object *parent = draft->load.parents[p];

			if (strcmp(field->references[r], parent->name) != 0)
				continue;
			for (size_t i = 0; i < parent->field_count && wizard->field_count < room; i++)
				if (field_is_key(&parent->fields[i]) && parent->fields[i].external_id)
					add_field(draft, wizard, field, parent, &parent->fields[i]);
		}
}

void draft_fill_fields(const struct draft *draft, struct wizard *wizard)
{
	const struct object *object = draft->load.object;
	size_t room = object->field_count + 256;

	free(wizard->fields);
	wizard->fields = calloc(room, sizeof *wizard->fields);
	wizard->field_count = 0;
	for (size_t i = 0; wizard->fields && i < object->field_count && wizard->field_count < room; i++) {
		const struct field *field = &object->fields[i];

		if (!may_write(draft, field))
			continue;
		add_field(draft, wizard, field, NULL, NULL);
		if (field->relationship[0] && !action_deletes(draft->load.action))
			add_relations(draft, wizard, field, room);
	}
}
