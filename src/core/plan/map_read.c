#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/plan/map_file.h"
#include "core/plan/map_json.h"

enum { PLACE = 160 };

/* clang-format off */
#define AT(member) offsetof(struct cell_rules, member)
const struct map_word map_words[MAP_WORDS] = {
	{ "default",       WORD_TEXT,  AT(fallback),      0,               false },
	{ "values",        WORD_TABLE, AT(values),        AT(value_count), false },
	{ "null_mark",     WORD_TEXT,  AT(null_mark),     0,               true },
	{ "blank",         WORD_BLANK, AT(blank),         0,               true },
	{ "trim",          WORD_SAID,  AT(trim),          0,               true },
	{ "cut",           WORD_SAID,  AT(cut),           0,               true },
	{ "pad",           WORD_DIGITS, AT(pad),          0,               false },
	{ "date_order",    WORD_ORDER, AT(order),         0,               true },
	{ "time_zone",     WORD_ZONE,  AT(zone),          0,               true },
	{ "excel_dates",   WORD_SAID,  AT(excel_dates),   0,               true },
	{ "decimal_comma", WORD_SAID,  AT(decimal_comma), 0,               true },
	{ "true",          WORD_LIST,  AT(yes),           AT(yes_count),   true },
	{ "false",         WORD_LIST,  AT(no),            AT(no_count),    true },
};
/* clang-format on */

struct reader {
	struct map_file *m;
	struct err *e;
};

static enum err_code no_memory(struct reader *r)
{
	return err_memory(r->e, "a mapping");
}

static bool keep(struct reader *r, const char *text, struct slice *to)
{
	*to = (struct slice){ arena_text(&r->m->arena, text), strlen(text) };
	return to->at != NULL;
}

static enum err_code wrong(struct reader *r, const char *place, const char *name, const char *wanted)
{
	return err_set(r->e, ERR_USAGE, "the mapping's %s\"%s\" must be %s", place, name, wanted);
}

/* A text, or a list of texts. *list NULL where nothing is there. */
static enum err_code read_texts(struct reader *r, json_t *value, const char *place, const char *name,
                                struct slice **list, size_t *count)
{
	bool one = json_is_string(value);

	if (!one && !json_is_array(value))
		return wrong(r, place, name, "a text, or a list of texts");
	*count = one ? 1 : json_array_size(value);
	*list = arena_alloc(&r->m->arena, *count * sizeof **list);
	if (!*list)
		return no_memory(r);
	for (size_t i = 0; i < *count; i++) {
		const char *text = json_string_value(one ? value : json_array_get(value, i));

		if (!text || !*text)
			return wrong(r, place, name, "a text, or a list of texts");
		if (!keep(r, text, &(*list)[i]))
			return no_memory(r);
	}
	return ERR_OK;
}

static enum err_code read_table(struct reader *r, json_t *value, const char *place, struct cell_rules *rules)
{
	const char *from;
	json_t *to;

	if (!json_is_object(value))
		return wrong(r, place, "values", "an object: { \"text in the file\": \"value\" }");
	rules->values = arena_alloc(&r->m->arena, json_object_size(value) * sizeof *rules->values);
	if (!rules->values)
		return no_memory(r);
	json_object_foreach(value, from, to) {
		struct replacement *pair = &rules->values[rules->value_count++];

		if (!json_is_string(to) && !json_is_null(to))
			return wrong(r, place, from, "a text, or null");
		if (!keep(r, from, &pair->from) ||
		    (json_is_string(to) && !keep(r, json_string_value(to), &pair->to)))
			return no_memory(r);
	}
	return ERR_OK;
}

static enum err_code read_text(struct reader *r, json_t *value, const char *place, const char *name,
                               struct slice *to)
{
	const char *text = json_string_value(value);

	if (!text || !*text)
		return wrong(r, place, name, "a text");
	return keep(r, text, to) ? ERR_OK : no_memory(r);
}

/* One word of the rules. */
static enum err_code read_word(struct reader *r, const struct map_word *word, json_t *value, const char *place,
                               struct cell_rules *rules)
{
	char *at = (char *)rules + word->at;
	const char *text = json_string_value(value);
	struct slice zone = { 0 };

	switch (word->kind) {
	case WORD_TEXT:
		return read_text(r, value, place, word->name, (struct slice *)(void *)at);
	case WORD_ZONE:
		if (read_text(r, value, place, word->name, &zone) == ERR_OK)
			rules->zone = zone.at;
		return r->e->code;
	case WORD_BLANK:
		if (text && rules_blank_of(text, &rules->blank))
			return ERR_OK;
		return wrong(r, place, word->name, "\"leave\" or \"null\"");
	case WORD_ORDER:
		if (text && rules_order_of(text, &rules->order))
			return ERR_OK;
		return wrong(r, place, word->name, "\"ymd\", \"mdy\" or \"dmy\"");
	case WORD_SAID:
		if (!json_is_boolean(value))
			return wrong(r, place, word->name, "true or false");
		*(enum said *)(void *)at = json_is_true(value) ? SAID_YES : SAID_NO;
		return ERR_OK;
	case WORD_LIST:
		return read_texts(r, value, place, word->name, (struct slice **)(void *)at,
		                  (size_t *)(void *)((char *)rules + word->count));
	case WORD_TABLE:
		return read_table(r, value, place, rules);
	case WORD_DIGITS:
		if (!json_is_integer(value) || json_integer_value(value) < 1 ||
		    json_integer_value(value) > RULES_MOST_PAD)
			return wrong(r, place, word->name, "a whole number from 1 to 40");
		*(int *)(void *)at = (int)json_integer_value(value);
		return ERR_OK;
	}
	return ERR_OK;
}

static const struct map_word *word_of(const char *name)
{
	for (int i = 0; i < MAP_WORDS; i++)
		if (strcmp(map_words[i].name, name) == 0)
			return &map_words[i];
	return NULL;
}

/* What an entry's object says besides its rules. */
static enum err_code read_member(struct reader *r, const char *name, json_t *value, const char *place,
                                 bool joined, struct map_entry *entry)
{
	const struct map_word *word = word_of(name);

	if (strcmp(name, "to") == 0)
		return read_texts(r, value, place, name, &entry->fields, &entry->field_count);
	if (joined && strcmp(name, "columns") == 0)
		return read_texts(r, value, place, name, &entry->columns, &entry->column_count);
	if (joined && strcmp(name, "with") == 0) {
		if (!json_is_string(value))
			return wrong(r, place, name, "a text");
		return keep(r, json_string_value(value), &entry->with) ? ERR_OK : no_memory(r);
	}
	if (word)
		return read_word(r, word, value, place, &entry->rules);
	return err_set(r->e, ERR_USAGE,
	               "the mapping's %s\"%s\" is none of what may stand there: see docs/mapping.md", place,
	               name);
}

/* A default that is the mark itself would clear the field, which `blank` says. */
static enum err_code check_rules(struct reader *r, const char *place, const struct cell_rules *rules)
{
	if (rules->fallback.at && slice_is(slice_trim(rules->fallback), "#N/A"))
		return wrong(r, place, "default", "a value; to clear the field say \"blank\": \"null\"");
	return ERR_OK;
}

static enum err_code read_object(struct reader *r, json_t *object, const char *place, bool joined,
                                 struct map_entry *entry)
{
	const char *name;
	json_t *value;

	json_object_foreach(object, name, value)
		if (read_member(r, name, value, place, joined, entry) != ERR_OK)
			return r->e->code;
	if (entry->field_count == 0)
		return err_set(r->e, ERR_USAGE, "the mapping's %s\"to\" is missing: name the field", place);
	return check_rules(r, place, &entry->rules);
}

/* A field, a list of them, null, or an object with rules. */
static enum err_code read_column(struct reader *r, const char *name, json_t *value)
{
	struct map_entry *entry = map_file_add_entry(r->m, 1, 0);
	char place[PLACE];

	if (!entry || !keep(r, name, &entry->columns[0]))
		return no_memory(r);
	if (json_is_null(value))
		return ERR_OK;
	snprintf(place, sizeof place, "column \"%.100s\": ", name);
	if (json_is_object(value))
		return read_object(r, value, place, false, entry);
	if (!json_is_string(value) && !json_is_array(value))
		return err_set(r->e, ERR_USAGE,
		               "the mapping sends column \"%s\" to no text: give a field's name, a list of "
		               "them, an object, or null",
		               name);
	return read_texts(r, value, place, "to", &entry->fields, &entry->field_count);
}

static enum err_code read_joined(struct reader *r, json_t *list)
{
	json_t *item;
	size_t i;

	json_array_foreach(list, i, item) {
		struct map_entry *entry = map_file_add_entry(r->m, 0, 0);
		char place[PLACE];

		if (!entry)
			return no_memory(r);
		snprintf(place, sizeof place, "joined, entry %zu: ", i + 1);
		entry->with = slice_of(" ");
		entry->joined = true;
		if (!json_is_object(item))
			return wrong(r, place, "joined",
			             "a list of objects: [ { \"columns\": [ … ], \"to\": … } ]");
		if (read_object(r, item, place, true, entry) != ERR_OK)
			return r->e->code;
		if (entry->column_count == 0)
			return wrong(r, place, "columns", "a list of columns");
	}
	return ERR_OK;
}

/* The text of a constant: a text as it stands, a whole number, true or false. NULL for anything else. */
static const char *constant_text(const json_t *value, char number[32])
{
	if (json_is_string(value))
		return json_string_value(value);
	if (json_is_boolean(value))
		return json_is_true(value) ? "true" : "false";
	if (!json_is_integer(value))
		return NULL;
	snprintf(number, 32, "%lld", (long long)json_integer_value(value));
	return number;
}

static enum err_code read_constant(struct reader *r, const char *field, json_t *value)
{
	struct map_constant *c = map_file_add_constant(r->m);
	char number[32];
	const char *text = constant_text(value, number);

	if (!text)
		return err_set(r->e, ERR_USAGE, "the mapping's constant for %s is no text: put it in quotes",
		               field);
	return c && keep(r, field, &c->field) && keep(r, text, &c->text) ? ERR_OK : no_memory(r);
}

static enum err_code read_known(struct reader *r, json_t *known)
{
	struct constant_facts *facts = &r->m->known;
	const char *file = json_string_value(json_object_get(known, "file"));
	const char *date = json_string_value(json_object_get(known, "date"));
	const char *user = json_string_value(json_object_get(known, "user"));

	r->m->knows = true;
	if (!file || !date || !user)
		return wrong(r, "", "known", "what a run keeps: leave it out");
	return keep(r, file, &facts->file) && keep(r, date, &facts->date) && keep(r, user, &facts->user)
	               ? ERR_OK
	               : no_memory(r);
}

/* A member of the whole that is an object of its own. */
static enum err_code read_part(struct reader *r, const char *name, json_t *value)
{
	const char *key;
	json_t *item;

	if (!json_is_object(value))
		return err_set(r->e, ERR_USAGE, "the mapping's \"%s\" is no object: write { \"%s\": { … } }",
		               name, name);
	if (strcmp(name, "known") == 0)
		return read_known(r, value);
	json_object_foreach(value, key, item)
		if ((strcmp(name, "columns") == 0 ? read_column(r, key, item) : read_constant(r, key, item)) !=
		    ERR_OK)
			return r->e->code;
	return ERR_OK;
}

static enum err_code read_root_member(struct reader *r, const char *name, json_t *value)
{
	const struct map_word *word = word_of(name);

	if (strcmp(name, "longshore_mapping") == 0 || strcmp(name, "object") == 0)
		return ERR_OK;
	if (strcmp(name, "columns") == 0 || strcmp(name, "constants") == 0 || strcmp(name, "known") == 0)
		return read_part(r, name, value);
	if (strcmp(name, "joined") == 0)
		return json_is_array(value) ? read_joined(r, value) : wrong(r, "", name, "a list of objects");
	if (word && word->of_all)
		return read_word(r, word, value, "", &r->m->rules);
	return err_set(r->e, ERR_USAGE,
	               "the mapping has \"%s\", which is none of longshore_mapping, object, columns, joined, "
	               "constants, and no rule for all columns",
	               name);
}

static enum err_code read_root(struct reader *r, json_t *root, const char *object)
{
	const char *of = json_string_value(json_object_get(root, "object"));
	const char *name;
	json_t *value;

	if (json_integer_value(json_object_get(root, "longshore_mapping")) != 1)
		return err_set(r->e, ERR_USAGE,
		               "the file is no mapping of Longshore: it has no \"longshore_mapping\": 1");
	if (of && strcasecmp(of, object) != 0)
		return err_set(r->e, ERR_USAGE,
		               "the mapping is for %s, the load is for %s: use another mapping", of, object);
	json_object_foreach(root, name, value)
		if (read_root_member(r, name, value) != ERR_OK)
			return r->e->code;
	return ERR_OK;
}

enum err_code map_file_read(struct map_file *m, struct slice json, const char *object, struct err *e)
{
	struct reader r = { m, e };
	json_error_t error;
	enum err_code rc;
	json_t *root;

	*m = (struct map_file){ 0 };
	arena_init(&m->arena);
	if (json.len == 0)
		return ERR_OK;
	root = json_loadb(json.at, json.len, JSON_REJECT_DUPLICATES, &error);
	if (!root && !error.text[0]) /* jansson has no word for it */
		return err_memory(e, "the mapping");
	if (!root)
		return err_set(e, ERR_USAGE, "the mapping is no JSON: line %d: %s", error.line, error.text);
	rc = read_root(&r, root, object);
	json_decref(root);
	return rc;
}
