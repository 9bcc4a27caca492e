#include "core/source/singer.h"

#include <stdio.h>
#include <string.h>
#include <yajl/yajl_gen.h>
#include <yajl/yajl_tree.h>

#include "base/csv.h"
#include "base/when.h"

enum {
	DEEPEST = 64,
	MOST_VALUES =
		200000, /* each costs some hundred bytes of memory; the longest text a field takes has 131,072 characters */
	MOST_COLUMNS = 5000,
	MOST_NAME = 1000,
};

static const char *const type_names[] = {
	[SINGER_SCHEMA] = "SCHEMA", [SINGER_RECORD] = "RECORD",
	[SINGER_STATE] = "STATE",   [SINGER_ACTIVATE_VERSION] = "ACTIVATE_VERSION",
	[SINGER_BATCH] = "BATCH",
};

static yajl_val member(yajl_val object, const char *name)
{
	const char *path[] = { name, NULL };

	return YAJL_IS_OBJECT(object) ? yajl_tree_get(object, path, yajl_t_any) : NULL;
}

static const char *text_of(yajl_val v)
{
	return YAJL_IS_STRING(v) ? YAJL_GET_STRING(v) : "";
}

/* What must be known of a line before it becomes a tree: that is freed by calls within calls, has its values one by one, and its
 * texts end at a NUL. */
struct look {
	int depth, deepest;
	size_t values;
	bool nul;
};

static struct look look_at(struct slice line)
{
	struct look look = { 0 };
	bool quoted = false;

	for (size_t i = 0; i < line.len; i++) {
		char c = line.at[i];

		if (quoted && c == '\\') {
			i++;
			look.nul |= line.len - i > 4 && memcmp(line.at + i, "u0000", 5) == 0;
		} else if (c == '"') {
			quoted = !quoted;
		} else if (!quoted && (c == '{' || c == '[')) {
			look.depth++;
		} else if (!quoted && (c == '}' || c == ']')) {
			look.depth--;
		} else if (!quoted && c == ',') {
			look.values++;
		}
		look.deepest = look.depth > look.deepest ? look.depth : look.deepest;
	}
	return look;
}

/* Why no tree is made of it, or NULL. */
static const char *too_much(struct slice line, const struct look *look)
{
	if (line.len > 0 && memchr(line.at, '\0', line.len))
		return "it has a NUL byte";
	if (look->deepest > DEEPEST)
		return "it nests deeper than 64";
	return look->values > MOST_VALUES ? "it has more than 200,000 values" : NULL;
}

/* The line as a tree; NULL and a clause if it is no JSON object. */
static yajl_val parse(struct slice line, bool *nul, const char **why)
{
	const struct look look = look_at(line);
	struct buf text;
	yajl_val tree = NULL;
	char error[16];

	*nul = look.nul;
	*why = too_much(line, &look);
	if (*why)
		return NULL;
	*why = "it is no JSON";
	buf_init(&text, line.len);
	buf_add_slice(&text, line);
	if (!text.short_of)
		tree = yajl_tree_parse(buf_text(&text), error, sizeof error);
	buf_release(&text);
	if (tree && !YAJL_IS_OBJECT(tree)) {
		*why = "it is no JSON object";
		yajl_tree_free(tree);
		tree = NULL;
	}
	return tree;
}

static void unread(struct singer_message *m, struct slice line)
{
	m->type = line.len > 0 && line.at[0] == '{' ? SINGER_CUT : SINGER_NOISE;
}

void singer_read(struct singer_message *m, struct slice line)
{
	line = slice_trim(line);
	*m = (struct singer_message){ .stream = "", .name = "" };
	m->tree = parse(line, &m->nul, &m->why);
	if (!m->tree) {
		unread(m, line);
		return;
	}
	m->name = text_of(member(m->tree, "type"));
	m->stream = text_of(member(m->tree, "stream"));
	m->type = m->name[0] ? SINGER_OTHER : SINGER_NOISE;
	m->why = "it has no type";
	for (size_t i = SINGER_SCHEMA; i < sizeof type_names / sizeof type_names[0]; i++)
		if (strcmp(m->name, type_names[i]) == 0)
			m->type = (enum singer_type)i;
	if (!m->nul || m->type == SINGER_RECORD)
		return;
	m->type = SINGER_CUT;
	m->why = "a NUL byte";
}

void singer_read_plain(struct singer_message *m, struct slice line)
{
	line = slice_trim(line);
	*m = (struct singer_message){ .type = SINGER_RECORD, .stream = "", .name = "" };
	m->tree = parse(line, &m->nul, &m->why);
	if (!m->tree)
		unread(m, line);
}

void singer_release(struct singer_message *m)
{
	yajl_tree_free(m->tree);
	m->tree = NULL;
}

struct columns {
	struct arena *arena;
	struct slice *to;
	int count; /* -1: too many, or no memory */
};

static void add_column(struct columns *c, const char *name)
{
	const char *text = c->count >= 0 && c->count < MOST_COLUMNS ? arena_text(c->arena, name) : NULL;

	if (!text)
		c->count = -1;
	else
		c->to[c->count++] = slice_of(text);
}

/* The names below `prefix`, as the schema nests them. */
static void add_properties(struct columns *c, yajl_val schema, const char *prefix)
{
	yajl_val properties = member(schema, "properties");
	char name[MOST_NAME];

	for (size_t i = 0; YAJL_IS_OBJECT(properties) && i < YAJL_GET_OBJECT(properties)->len; i++) {
		const char *key = YAJL_GET_OBJECT(properties)->keys[i];
		yajl_val of = YAJL_GET_OBJECT(properties)->values[i];

		if (strncmp(key, "_sdc_", 5) == 0)
			continue;
		snprintf(name, sizeof name, "%s%s%s", prefix, prefix[0] ? "." : "", key);
		if (YAJL_IS_OBJECT(member(of, "properties")))
			add_properties(c, of, name);
		else
			add_column(c, name);
	}
}

int singer_columns(const struct singer_message *m, struct arena *a, struct slice **columns)
{
	struct columns c = { .arena = a, .to = arena_alloc(a, MOST_COLUMNS * sizeof *c.to) };

	if (!c.to)
		return -1;
	add_properties(&c, member(m->tree, "schema"), "");
	*columns = c.to;
	return c.count;
}

static void gen_string(yajl_gen g, const char *text)
{
	yajl_gen_string(g, (const unsigned char *)text, strlen(text));
}

static void write_json(yajl_gen g, yajl_val v)
{
	if (YAJL_IS_STRING(v)) {
		gen_string(g, v->u.string);
	} else if (YAJL_IS_NUMBER(v)) {
		yajl_gen_number(g, v->u.number.r, strlen(v->u.number.r));
	} else if (YAJL_IS_TRUE(v) || YAJL_IS_FALSE(v)) {
		yajl_gen_bool(g, YAJL_IS_TRUE(v) != 0);
	} else if (YAJL_IS_ARRAY(v)) {
		yajl_gen_array_open(g);
		for (size_t i = 0; i < YAJL_GET_ARRAY(v)->len; i++)
			write_json(g, YAJL_GET_ARRAY(v)->values[i]);
		yajl_gen_array_close(g);
	} else if (YAJL_IS_OBJECT(v)) {
		yajl_gen_map_open(g);
		for (size_t i = 0; i < YAJL_GET_OBJECT(v)->len; i++) {
			gen_string(g, YAJL_GET_OBJECT(v)->keys[i]);
			write_json(g, YAJL_GET_OBJECT(v)->values[i]);
		}
		yajl_gen_map_close(g);
	} else {
		yajl_gen_null(g);
	}
}

static void add_json(struct buf *b, yajl_val v)
{
	yajl_gen g = yajl_gen_alloc(NULL);
	const unsigned char *text;
	size_t len;

	if (!g) {
		b->short_of = true;
		return;
	}
	write_json(g, v);
	if (yajl_gen_get_buf(g, &text, &len) == yajl_gen_status_ok)
		buf_add(b, text, len);
	yajl_gen_free(g);
}

void singer_state(const struct singer_message *m, struct buf *b)
{
	add_json(b, member(m->tree, "value"));
}

static void add_text(struct buf *row, struct slice text)
{
	if (slice_is(text, "#N/A"))
		csv_add_quoted(row, text);
	else
		csv_add_cell(row, text, ',');
}

/* The day of a date-time as it is written; any other text as it is. */
static void add_day(struct buf *row, struct slice text)
{
	char day[WHEN_TEXT];
	struct when_text t;

	if (when_read(slice_trim(text), WHEN_ISO, &t) && t.timed) {
		when_date_text(t.days, day);
		buf_add_text(row, day);
	} else {
		add_text(row, text);
	}
}

static void add_value(struct buf *row, yajl_val v, bool day)
{
	struct buf json;

	if (!v)
		return;
	if (YAJL_IS_NULL(v))
		buf_add_text(row, "#N/A");
	else if (YAJL_IS_STRING(v) && day)
		add_day(row, slice_of(v->u.string));
	else if (YAJL_IS_STRING(v))
		add_text(row, slice_of(v->u.string));
	else if (YAJL_IS_NUMBER(v))
		buf_add_text(row, v->u.number.r);
	else if (YAJL_IS_TRUE(v) || YAJL_IS_FALSE(v))
		buf_add_text(row, YAJL_IS_TRUE(v) ? "true" : "false");
	else {
		buf_init(&json, CSV_MOST_BYTES);
		add_json(&json, v);
		add_text(row, buf_slice(&json));
		row->short_of = row->short_of || json.short_of;
		buf_release(&json);
	}
}

/* The value below names joined with points; a null on the way is the value. */
static yajl_val value_at(yajl_val record, const char *name)
{
	yajl_val whole = member(record, name);
	char front[MOST_NAME];
	const char *point;

	if (whole)
		return whole;
	for (point = strchr(name, '.'); point; point = strchr(point + 1, '.')) {
		yajl_val v;

		snprintf(front, sizeof front, "%.*s", (int)(point - name), name);
		v = member(record, front);
		if (v)
			return YAJL_IS_NULL(v) ? v : value_at(v, point + 1);
	}
	return NULL;
}

static bool is_column(const char *name, const struct slice *columns, size_t count)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < count; i++)
		if (columns[i].len >= len && memcmp(columns[i].at, name, len) == 0 &&
		    (columns[i].len == len || columns[i].at[len] == '.'))
			return true;
	return strncmp(name, "_sdc_", 5) == 0;
}

bool singer_row(const struct singer_message *m, const struct slice *columns, const bool *days, size_t count,
                struct buf *row, const char **why)
{
	yajl_val record = m->name[0] ? member(m->tree, "record") : m->tree;
	size_t before = row->len;

	*why = "its record is no object";
	if (!YAJL_IS_OBJECT(record))
		return false;
	*why = "its record has a name that its schema has not";
	for (size_t i = 0; i < YAJL_GET_OBJECT(record)->len; i++)
		if (!is_column(YAJL_GET_OBJECT(record)->keys[i], columns, count))
			return false;
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buf_add_char(row, ',');
		add_value(row, value_at(record, columns[i].at), days && days[i]);
	}
	if (m->nul)
		buf_add_char(row, '\0');
	if (row->len == before)
		buf_add_text(row, "\"\"");
	buf_add_char(row, '\n');
	return true;
}

static void put_value(struct rows *rows, struct buf *path, yajl_val v, int64_t place);

/* The values of an object; `path` is what stands before their names. */
static void put_members(struct rows *rows, struct buf *path, yajl_val object, int64_t place)
{
	size_t before = path->len;

	for (size_t i = 0; i < YAJL_GET_OBJECT(object)->len; i++) {
		const char *name = YAJL_GET_OBJECT(object)->keys[i];

		if (before == 0 && strncmp(name, "_sdc_", 5) == 0)
			continue;
		buf_add_text(path, before > 0 ? "." : "");
		buf_add_text(path, name);
		if (path->short_of)
			rows_fault(rows, "a name of more than 1,000 bytes", place);
		else
			put_value(rows, path, YAJL_GET_OBJECT(object)->values[i], place);
		path->short_of = false;
		path->len = before;
	}
}

static void put_list(struct rows *rows, struct slice name, yajl_val v, int64_t place)
{
	struct buf json;

	buf_init(&json, CSV_MOST_BYTES);
	add_json(&json, v);
	rows_put(rows, name, buf_slice(&json), place);
	rows->no_memory = rows->no_memory || json.short_of;
	buf_release(&json);
}

static void put_value(struct rows *rows, struct buf *path, yajl_val v, int64_t place)
{
	struct slice name = buf_slice(path);

	if (YAJL_IS_OBJECT(v))
		put_members(rows, path, v, place);
	else if (YAJL_IS_NULL(v))
		rows_put_null(rows, name, place);
	else if (YAJL_IS_STRING(v))
		rows_put(rows, name, slice_of(v->u.string), place);
	else if (YAJL_IS_NUMBER(v))
		rows_put(rows, name, slice_of(v->u.number.r), place);
	else if (YAJL_IS_ARRAY(v))
		put_list(rows, name, v, place);
	else
		rows_put(rows, name, slice_of(YAJL_IS_TRUE(v) ? "true" : "false"), place);
}

void singer_put(const struct singer_message *m, struct rows *rows, int64_t place)
{
	yajl_val record = member(m->tree, "record");
	struct buf path;

	if (m->nul)
		rows_fault(rows, "a NUL byte", place);
	if (!YAJL_IS_OBJECT(record)) {
		rows_fault(rows, "its record is no object", place);
		return;
	}
	buf_init(&path, 2 * ROWS_LONGEST_NAME);
	if (buf_reserve(
		    &path,
		    2 * ROWS_LONGEST_NAME)) /* so that a name that does not fit is too long, and nothing else */
		put_members(rows, &path, record, place);
	else
		rows->no_memory = true;
	buf_release(&path);
}

/* What a message of each type has, beyond its stream. */
static const char *const with[] = {
	[SINGER_SCHEMA] = "schema",
	[SINGER_RECORD] = "record",
	[SINGER_STATE] = "value",
};

bool singer_begins(struct slice line, const char **type)
{
	struct singer_message m;
	bool begins = false;

	singer_read(&m, line);
	if (m.type == SINGER_SCHEMA || m.type == SINGER_RECORD || m.type == SINGER_STATE)
		begins = YAJL_IS_OBJECT(member(m.tree, with[m.type])) &&
		         (m.stream[0] || m.type == SINGER_STATE);
	else if (m.type == SINGER_ACTIVATE_VERSION)
		begins = m.stream[0] && YAJL_IS_NUMBER(member(m.tree, "version"));
	else if (m.type == SINGER_BATCH)
		begins = m.stream[0] && YAJL_IS_ARRAY(member(m.tree, "manifest"));
	*type = begins ? type_names[m.type] : "";
	singer_release(&m);
	return begins;
}

const char *singer_batch_file(const struct singer_message *m, size_t i, const char **why)
{
	yajl_val encoding = member(m->tree, "encoding"), manifest = member(m->tree, "manifest");
	const char *format = text_of(member(encoding, "format"));
	const char *packing = text_of(member(encoding, "compression"));
	const char *url;

	*why = NULL;
	if (strcmp(format, "jsonl") != 0 ||
	    (packing[0] && strcmp(packing, "gzip") != 0 && strcmp(packing, "none") != 0))
		*why = "only batches of JSON Lines, plain or gzip, can be read";
	else if (!YAJL_IS_ARRAY(manifest))
		*why = "it has no manifest";
	if (*why || i >= YAJL_GET_ARRAY(manifest)->len)
		return NULL;
	url = text_of(YAJL_GET_ARRAY(manifest)->values[i]);
	if (strncmp(url, "file:///", 8) == 0)
		return url + 7;
	*why = "only files of this machine (file:///...) can be read";
	return NULL;
}
