#include "core/plan/map_file.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static struct slice copy(struct arena *a, const char *text)
{
	return (struct slice){ arena_text(a, text), strlen(text) };
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

static enum err_code read_columns(struct map_file *m, json_t *from, struct err *e)
{
	const char *name;
	json_t *value;

	m->columns = arena_alloc(&m->arena, json_object_size(from) * sizeof *m->columns);
	if (!m->columns)
		return err_memory(e, "a mapping");
	json_object_foreach(from, name, value) {
		struct map_line *line = &m->columns[m->column_count++];

		if (!json_is_string(value) && !json_is_null(value))
			return err_set(
				e, ERR_USAGE,
				"the mapping sends column \"%s\" to no text: give a field's name, or null",
				name);
		line->name = copy(&m->arena, name);
		if (json_is_string(value))
			line->text = copy(&m->arena, json_string_value(value));
		if (!line->name.at || (json_is_string(value) && !line->text.at))
			return err_memory(e, "a mapping");
	}
	return ERR_OK;
}

static enum err_code read_constants(struct map_file *m, json_t *from, struct err *e)
{
	const char *name;
	json_t *value;
	char number[32];

	m->constants = arena_alloc(&m->arena, json_object_size(from) * sizeof *m->constants);
	if (!m->constants)
		return err_memory(e, "a mapping");
	json_object_foreach(from, name, value) {
		struct map_line *line = &m->constants[m->constant_count++];
		const char *text = constant_text(value, number);

		if (!text)
			return err_set(e, ERR_USAGE,
			               "the mapping's constant for %s is no text: put it in quotes", name);
		line->name = copy(&m->arena, name);
		line->text = copy(&m->arena, text);
		if (!line->name.at || !line->text.at)
			return err_memory(e, "a mapping");
	}
	return ERR_OK;
}

/* A member that must be a JSON object where it is there; *member is NULL without it. */
static enum err_code part(json_t *root, const char *name, json_t **member, struct err *e)
{
	*member = json_object_get(root, name);
	if (*member && !json_is_object(*member))
		return err_set(e, ERR_USAGE, "the mapping's \"%s\" is no object: write { \"%s\": { … } }", name,
		               name);
	return ERR_OK;
}

static enum err_code check_head(json_t *root, const char *object, struct err *e)
{
	static const char *const members[] = { "longshore_mapping", "object", "columns", "constants" };
	const char *of = json_string_value(json_object_get(root, "object"));
	const char *name;
	json_t *value;

	if (json_integer_value(json_object_get(root, "longshore_mapping")) != 1)
		return err_set(e, ERR_USAGE,
		               "the file is no mapping of Longshore: it has no \"longshore_mapping\": 1");
	if (of && strcasecmp(of, object) != 0)
		return err_set(e, ERR_USAGE, "the mapping is for %s, the load is for %s: use another mapping",
		               of, object);
	json_object_foreach(root, name, value) {
		size_t i = 0;

		while (i < sizeof members / sizeof members[0] && strcmp(members[i], name) != 0)
			i++;
		if (i == sizeof members / sizeof members[0])
			return err_set(e, ERR_USAGE,
			               "the mapping has \"%s\", which is none of longshore_mapping, object, "
			               "columns, constants",
			               name);
	}
	return ERR_OK;
}

static enum err_code read_root(struct map_file *m, json_t *root, const char *object, struct err *e)
{
	json_t *columns, *constants;
	enum err_code rc = check_head(root, object, e);

	if (rc == ERR_OK)
		rc = part(root, "columns", &columns, e);
	if (rc == ERR_OK)
		rc = part(root, "constants", &constants, e);
	if (rc == ERR_OK)
		rc = read_columns(m, columns, e);
	if (rc == ERR_OK)
		rc = read_constants(m, constants, e);
	return rc;
}

enum err_code map_file_read(struct map_file *m, struct slice json, const char *object, struct err *e)
{
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
	rc = read_root(m, root, object, e);
	json_decref(root);
	return rc;
}

void map_file_release(struct map_file *m)
{
	arena_release(&m->arena);
}

/* NULL without memory. */
static json_t *lines(const struct map_line *from, size_t count)
{
	json_t *to = json_object();

	for (size_t i = 0; to && i < count; i++)
		if (json_object_setn_new(to, from[i].name.at, from[i].name.len,
		                         from[i].text.at ? json_stringn(from[i].text.at, from[i].text.len)
		                                         : json_null()) != 0) {
			json_decref(to);
			return NULL;
		}
	return to;
}

static int add_piece(const char *bytes, size_t len, void *to)
{
	buf_add(to, bytes, len);
	return 0;
}

void map_file_write(const struct map_file *m, const char *object, struct buf *b)
{
	json_t *root = json_object();

	if (json_object_set_new(root, "longshore_mapping", json_integer(1)) != 0 ||
	    json_object_set_new(root, "object", json_string(object)) != 0 ||
	    json_object_set_new(root, "columns", lines(m->columns, m->column_count)) != 0 ||
	    json_object_set_new(root, "constants", lines(m->constants, m->constant_count)) != 0 ||
	    json_dump_callback(root, add_piece, b, JSON_INDENT(2)) != 0)
		b->short_of = true;
	buf_add_char(b, '\n');
	json_decref(root);
}
