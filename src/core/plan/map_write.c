#include <jansson.h>

#include "core/plan/map_file.h"
#include "core/plan/map_json.h"

/* Without memory jansson gives NULL, and refuses it as a value: one look at every step tells that the text would not be whole. */
static bool put(json_t *to, const char *name, json_t *value)
{
	return json_object_set_new(to, name, value) == 0;
}

static bool put_slice(json_t *to, struct slice name, json_t *value)
{
	return json_object_setn_new(to, name.at, name.len, value) == 0;
}

/* What is not whole is nothing. */
static json_t *whole(json_t *value, bool ok)
{
	if (ok)
		return value;
	json_decref(value);
	return NULL;
}

static json_t *text(struct slice s)
{
	return s.at ? json_stringn(s.at, s.len) : json_null();
}

/* One text stands alone. */
static json_t *texts(const struct slice *list, size_t count)
{
	bool ok = true;
	json_t *to;

	if (count == 1)
		return text(list[0]);
	to = json_array();
	for (size_t i = 0; i < count; i++)
		ok = json_array_append_new(to, text(list[i])) == 0 && ok;
	return whole(to, ok);
}

static json_t *table(const struct cell_rules *rules)
{
	json_t *to = json_object();
	bool ok = true;

	for (size_t i = 0; i < rules->value_count; i++)
		ok = put_slice(to, rules->values[i].from, text(rules->values[i].to)) && ok;
	return whole(to, ok);
}

/* The value of a word; false in *said where it was not said. */
static json_t *word_value(const struct map_word *word, const struct cell_rules *rules, bool *said)
{
	const char *at = (const char *)rules + word->at;
	const struct slice *list;
	enum said yes_or_no;

	*said = true;
	switch (word->kind) {
	case WORD_TEXT:
		list = (const struct slice *)(const void *)at;
		*said = list->at != NULL;
		return *said ? text(*list) : NULL;
	case WORD_ZONE:
		*said = rules->zone != NULL;
		return *said ? json_string(rules->zone) : NULL;
	case WORD_BLANK:
		*said = rules->blank != BLANK_NOTHING_SAID;
		return *said ? json_string(rules_blank_name(rules->blank)) : NULL;
	case WORD_ORDER:
		*said = rules->order != WHEN_ISO;
		return *said ? json_string(rules_order_name(rules->order)) : NULL;
	case WORD_SAID:
		yes_or_no = *(const enum said *)(const void *)at;
		*said = yes_or_no != SAID_NOTHING;
		return *said ? json_boolean(yes_or_no == SAID_YES) : NULL;
	case WORD_LIST:
		list = *(const struct slice *const *)(const void *)at;
		*said = list != NULL;
		return *said ? texts(list, *(const size_t *)(const void *)((const char *)rules + word->count))
		             : NULL;
	case WORD_TABLE:
		*said = rules->values != NULL;
		return *said ? table(rules) : NULL;
	case WORD_DIGITS:
		*said = *(const int *)(const void *)at != 0;
		return *said ? json_integer(*(const int *)(const void *)at) : NULL;
	}
	return NULL;
}

static bool put_rules(json_t *to, const struct cell_rules *rules)
{
	bool ok = true;

	for (int i = 0; i < MAP_WORDS; i++) {
		bool said;
		json_t *value = word_value(&map_words[i], rules, &said);

		if (said)
			ok = put(to, map_words[i].name, value) && ok;
	}
	return ok;
}

static json_t *column(const struct map_entry *entry)
{
	json_t *to;

	if (entry->field_count == 0)
		return json_null();
	if (!rules_any(&entry->rules))
		return texts(entry->fields, entry->field_count);
	to = json_object();
	return whole(to,
	             put(to, "to", texts(entry->fields, entry->field_count)) && put_rules(to, &entry->rules));
}

static json_t *joined(const struct map_entry *entry)
{
	json_t *to = json_object();

	return whole(to, put(to, "columns", texts(entry->columns, entry->column_count)) &&
	                         put(to, "with", text(entry->with)) &&
	                         put(to, "to", texts(entry->fields, entry->field_count)) &&
	                         put_rules(to, &entry->rules));
}

static json_t *known(const struct constant_facts *facts)
{
	json_t *to = json_object();

	return whole(to, put(to, "file", text(facts->file)) && put(to, "date", text(facts->date)) &&
	                         put(to, "user", text(facts->user)));
}

static json_t *columns(const struct map_file *m)
{
	json_t *to = json_object();
	bool ok = true;

	for (size_t i = 0; i < m->entry_count; i++)
		if (!m->entries[i].joined)
			ok = put_slice(to, m->entries[i].columns[0], column(&m->entries[i])) && ok;
	return whole(to, ok);
}

static json_t *joins(const struct map_file *m)
{
	json_t *to = json_array();
	bool ok = true;

	for (size_t i = 0; i < m->entry_count; i++)
		if (m->entries[i].joined)
			ok = json_array_append_new(to, joined(&m->entries[i])) == 0 && ok;
	return whole(to, ok);
}

static json_t *constants(const struct map_file *m)
{
	json_t *to = json_object();
	bool ok = true;

	for (size_t i = 0; i < m->constant_count; i++)
		ok = put_slice(to, m->constants[i].field, text(m->constants[i].text)) && ok;
	return whole(to, ok);
}

static bool has_joins(const struct map_file *m)
{
	for (size_t i = 0; i < m->entry_count; i++)
		if (m->entries[i].joined)
			return true;
	return false;
}

static int add_piece(const char *bytes, size_t len, void *to)
{
	buf_add(to, bytes, len);
	return 0;
}

void map_file_write(const struct map_file *m, const char *object, struct buf *b)
{
	json_t *root = json_object();
	bool ok = put(root, "longshore_mapping", json_integer(1)) && put(root, "object", json_string(object)) &&
	          put_rules(root, &m->rules) && put(root, "columns", columns(m)) &&
	          (!has_joins(m) || put(root, "joined", joins(m))) && put(root, "constants", constants(m)) &&
	          (!m->knows || put(root, "known", known(&m->known)));

	if (!ok || json_dump_callback(root, add_piece, b, JSON_INDENT(2)) != 0)
		b->short_of = true;
	buf_add_char(b, '\n');
	json_decref(root);
}
