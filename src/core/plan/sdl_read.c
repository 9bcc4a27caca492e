#include "core/plan/sdl.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

struct reader {
	struct map_file *m;
	const struct sdl_scope *scope;
	struct slice rest; /* what is not read yet, UTF-8 */
	int read;          /* lines read so far */
	int line;          /* where what is at hand begins */
	const char *by;    /* "the mapping's line 3" */
	struct buf logical, key, value;
	struct err *e;
};

/* Bytes that are no UTF-8 are Latin-1, as Data Loader writes them. */
static void as_utf8(struct slice text, struct buf *to)
{
	size_t bad;

	if (text.len >= 3 && memcmp(text.at, "\xef\xbb\xbf", 3) == 0)
		text = (struct slice){ text.at + 3, text.len - 3 };
	if (text_is_utf8(text, &bad)) {
		buf_add_slice(to, text);
		return;
	}
	for (size_t i = 0; i < text.len; i++)
		text_add_code_point(to, (unsigned char)text.at[i]);
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\f';
}

static struct slice skip_blanks(struct slice s)
{
	while (s.len && is_blank(s.at[0]))
		s = (struct slice){ s.at + 1, s.len - 1 };
	return s;
}

/* A line of the file without its end and without blanks before. False behind the last one. */
static bool natural_line(struct reader *r, struct slice *line)
{
	size_t n = 0;

	if (r->rest.len == 0)
		return false;
	while (n < r->rest.len && r->rest.at[n] != '\n' && r->rest.at[n] != '\r')
		n++;
	*line = skip_blanks((struct slice){ r->rest.at, n });
	if (n + 1 < r->rest.len && r->rest.at[n] == '\r' && r->rest.at[n + 1] == '\n')
		n++;
	n += n < r->rest.len;
	r->rest = (struct slice){ r->rest.at + n, r->rest.len - n };
	r->read++;
	return true;
}

/* An odd number of backslashes at the end: it goes on in the next line. */
static bool goes_on(struct slice line)
{
	size_t n = 0;

	while (n < line.len && line.at[line.len - 1 - n] == '\\')
		n++;
	return n % 2 == 1;
}

/* The next line that says something, with those that it goes on in. */
static bool logical_line(struct reader *r)
{
	struct slice line;

	do {
		if (!natural_line(r, &line))
			return false;
	} while (line.len == 0 || line.at[0] == '#' || line.at[0] == '!');
	r->line = r->read;
	buf_clear(&r->logical);
	while (goes_on(line)) {
		buf_add(&r->logical, line.at, line.len - 1);
		if (!natural_line(r, &line))
			return true;
	}
	buf_add_slice(&r->logical, line);
	return true;
}

static bool four_digits(struct slice s, uint32_t *unit)
{
	*unit = 0;
	for (size_t i = 0; i < 4; i++) {
		const char *digits = "0123456789abcdef0123456789ABCDEF", *at;

		at = i < s.len && s.at[i] ? strchr(digits, s.at[i]) : NULL;
		if (!at)
			return false;
		*unit = *unit << 4 | (uint32_t)((at - digits) % 16);
	}
	return true;
}

static bool wrong_escape(struct reader *r)
{
	err_set(r->e, ERR_USAGE, "the mapping's line %d has \\u without a character's four digits", r->line);
	return false;
}

/* \uXXXX at the front of s, behind the u; two of them beyond U+FFFF. NUL and half a pair are none. */
static bool take_unit(struct reader *r, struct slice *s, struct buf *to)
{
	uint32_t high, low;

	if (!four_digits(*s, &high) || high == 0)
		return wrong_escape(r);
	*s = (struct slice){ s->at + 4, s->len - 4 };
	if (high >= 0xd800 && high < 0xdc00) {
		if (s->len < 6 || s->at[0] != '\\' || s->at[1] != 'u' ||
		    !four_digits((struct slice){ s->at + 2, s->len - 2 }, &low) || low < 0xdc00 ||
		    low >= 0xe000)
			return wrong_escape(r);
		*s = (struct slice){ s->at + 6, s->len - 6 };
		high = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
	} else if (high >= 0xdc00 && high < 0xe000) {
		return wrong_escape(r);
	}
	text_add_code_point(to, (int32_t)(high));
	return true;
}

/* The character behind a backslash. */
static bool take_escape(struct reader *r, struct slice *s, struct buf *to)
{
	static const char from[] = "tnrf", into[] = "\t\n\r\f";
	char c = s->at[0];
	const char *at = c ? strchr(from, c) : NULL;

	*s = (struct slice){ s->at + 1, s->len - 1 };
	if (c == 'u')
		return take_unit(r, s, to);
	buf_add_char(to, at ? into[at - from] : c);
	return true;
}

/* What stands there without its escapes, for a key up to the blank, '=' or ':' that ends it. */
static bool unescape(struct reader *r, struct slice *s, bool key, struct buf *to)
{
	buf_clear(to);
	while (s->len) {
		char c = s->at[0];

		if (key && (is_blank(c) || c == '=' || c == ':'))
			return true;
		*s = (struct slice){ s->at + 1, s->len - 1 };
		if (c != '\\')
			buf_add_char(to, c);
		else if (s->len && !take_escape(r, s, to))
			return false;
	}
	return true;
}

static bool read_pair(struct reader *r)
{
	struct slice s = buf_slice(&r->logical);

	if (!unescape(r, &s, true, &r->key))
		return false;
	s = skip_blanks(s);
	if (s.len && (s.at[0] == '=' || s.at[0] == ':'))
		s = skip_blanks((struct slice){ s.at + 1, s.len - 1 });
	return unescape(r, &s, false, &r->value);
}

static size_t parts_of(struct slice s)
{
	size_t n = 1;

	for (size_t i = 0; i < s.len; i++)
		n += s.at[i] == ',';
	return n;
}

/* The parts between commas that are not blank, copied; false without memory. */
static bool split(struct reader *r, struct slice s, struct slice *to, size_t *count)
{
	*count = 0;
	while (s.len) {
		const char *at = memchr(s.at, ',', s.len);
		struct slice part = { s.at, at ? (size_t)(at - s.at) : s.len };

		s = (struct slice){ s.at + part.len + (at != NULL), s.len - part.len - (at != NULL) };
		part = slice_trim(part);
		if (part.len == 0)
			continue;
		to[*count] = (struct slice){ arena_slice(&r->m->arena, part), part.len };
		if (!to[(*count)++].at)
			return false;
	}
	return true;
}

static bool is_column(const struct reader *r, struct slice name)
{
	for (size_t i = 0; i < r->scope->column_count; i++)
		if (slice_equal_fold(slice_trim(r->scope->columns[i]), name))
			return true;
	return false;
}

static bool is_text(const struct object *object, struct slice name)
{
	const struct field *f = object_field(object, name);

	return f && (f->type == FIELD_STRING || f->type == FIELD_TEXTAREA || f->type == FIELD_PHONE ||
	             f->type == FIELD_URL || f->type == FIELD_EMAIL || f->type == FIELD_COMBOBOX);
}

bool sdl_joins(const struct object *object, const struct map_entry *entry)
{
	for (size_t i = 0; i < entry->field_count; i++)
		if (!is_text(object, entry->fields[i]))
			return false;
	return entry->field_count > 0;
}

/* Several columns make one text; for any other field the first of them counts. */
static void join_or_not(const struct reader *r, struct map_entry *entry)
{
	if (!sdl_joins(r->scope->object, entry))
		entry->column_count = 1;
	entry->joined = entry->column_count > 1;
	entry->with = slice_of(", ");
}

static enum err_code add_columns(struct reader *r, struct slice key)
{
	struct slice value = buf_slice(&r->value);
	bool one = is_column(r, key);
	struct map_entry *entry = map_file_add_entry(r->m, one ? 1 : parts_of(key), parts_of(value));

	if (!entry || !split(r, value, entry->fields, &entry->field_count))
		return err_memory(r->e, "a mapping");
	if (one)
		entry->columns[0] = (struct slice){ arena_slice(&r->m->arena, key), key.len };
	else if (!split(r, key, entry->columns, &entry->column_count))
		return err_memory(r->e, "a mapping");
	if (one && !entry->columns[0].at)
		return err_memory(r->e, "a mapping");
	if (entry->column_count == 0)
		return err_set(r->e, ERR_USAGE, "%s names no column: write COLUMN=FIELD", r->by);
	entry->by = r->by;
	if (entry->column_count > 1)
		join_or_not(r, entry);
	return ERR_OK;
}

static enum err_code add_constant(struct reader *r, struct slice field, struct slice text)
{
	struct map_constant *c = map_file_add_constant(r->m);

	if (!c)
		return err_memory(r->e, "a mapping");
	*c = (struct map_constant){ field, { arena_slice(&r->m->arena, text), text.len }, true, r->by };
	return c->text.at ? ERR_OK : err_memory(r->e, "a mapping");
}

/* A text in quotes; a brace means nothing there. */
static enum err_code add_constants(struct reader *r, struct slice text)
{
	struct slice *fields = arena_alloc(&r->m->arena, parts_of(buf_slice(&r->value)) * sizeof *fields);
	struct buf plain;
	size_t count = 0;

	if (text.len == 0)
		return err_set(r->e, ERR_USAGE, "%s has an empty constant: leave it out", r->by);
	buf_init(&plain, INT_MAX);
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '{')
			buf_add_char(&plain, '{');
		buf_add_char(&plain, text.at[i]);
	}
	if (!fields || plain.short_of || !split(r, buf_slice(&r->value), fields, &count))
		err_memory(r->e, "a mapping");
	for (size_t i = 0; i < count && r->e->code == ERR_OK; i++)
		add_constant(r, fields[i], buf_slice(&plain));
	buf_release(&plain);
	return r->e->code;
}

static enum err_code add_line(struct reader *r)
{
	struct slice key;
	char by[48];

	if (!read_pair(r))
		return r->e->code;
	snprintf(by, sizeof by, "the mapping's line %d", r->line);
	r->by = arena_text(&r->m->arena, by);
	if (!r->by || r->key.short_of || r->value.short_of || r->logical.short_of)
		return err_memory(r->e, "a mapping");
	key = slice_trim(buf_slice(&r->key));
	if (key.len >= 2 && key.at[0] == '"' && key.at[key.len - 1] == '"')
		return add_constants(r, (struct slice){ key.at + 1, key.len - 2 });
	if (key.len && key.at[0] == '"' && !is_column(r, key))
		return err_set(
			r->e, ERR_USAGE,
			"%s has a constant without its second quote: blanks, = and : within are written with "
			"a backslash before them",
			r->by);
	return add_columns(r, key);
}

static bool is_named(const struct map_file *m, struct slice column)
{
	for (size_t i = 0; i < m->entry_count; i++)
		if (!m->entries[i].joined && slice_equal_fold(m->entries[i].columns[0], slice_trim(column)))
			return true;
	return false;
}

/* What Data Loader's mapping does not name is not loaded, whatever its header. */
static enum err_code leave_the_others(struct reader *r)
{
	for (size_t i = 0; i < r->scope->column_count; i++) {
		struct slice column = slice_trim(r->scope->columns[i]);
		struct map_entry *entry;

		if (is_named(r->m, column))
			continue;
		entry = map_file_add_entry(r->m, 1, 0);
		if (!entry)
			return err_memory(r->e, "a mapping");
		entry->columns[0] = (struct slice){ arena_slice(&r->m->arena, column), column.len };
		if (!entry->columns[0].at)
			return err_memory(r->e, "a mapping");
	}
	return ERR_OK;
}

enum err_code sdl_read(struct map_file *m, struct slice text, const struct sdl_scope *scope, struct err *e)
{
	struct reader r = { .m = m, .scope = scope, .e = e };
	struct buf utf8;

	*m = (struct map_file){ 0 };
	arena_init(&m->arena);
	if (text.len && memchr(text.at, '\0', text.len))
		return err_set(e, ERR_USAGE, "the mapping has a NUL byte: save it as UTF-8 or Latin-1");
	buf_init(&utf8, INT_MAX);
	buf_init(&r.logical, INT_MAX);
	buf_init(&r.key, INT_MAX);
	buf_init(&r.value, INT_MAX);
	as_utf8(text, &utf8);
	if (utf8.short_of)
		err_memory(e, "a mapping");
	r.rest = buf_slice(&utf8);
	while (e->code == ERR_OK && logical_line(&r))
		add_line(&r);
	if (e->code == ERR_OK)
		leave_the_others(&r);
	buf_release(&utf8);
	buf_release(&r.logical);
	buf_release(&r.key);
	buf_release(&r.value);
	return e->code;
}
