#include "core/plan/sdl.h"

#include <limits.h>
#include <string.h>

#include "base/text.h"

struct writer {
	const struct map_file *m;
	const struct sdl_scope *scope;
	struct buf *to;
	struct err *e;
};

static const char as_json[] = "give the mapping a name that ends in .json";

static void add_unit(struct buf *to, unsigned unit)
{
	buf_addf(to, "\\u%04X", unit);
}

/* Beyond ASCII as Data Loader writes it: in UTF-16. */
static void add_point(struct buf *to, int32_t point)
{
	if (point >= 0x10000) {
		add_unit(to, 0xd800 + ((unsigned)(point - 0x10000) >> 10));
		add_unit(to, 0xdc00 + ((unsigned)(point - 0x10000) & 0x3ff));
	} else {
		add_unit(to, (unsigned)point);
	}
}

static void add_escaped(struct buf *to, struct slice s)
{
	size_t len;

	for (size_t at = 0; at < s.len; at += len) {
		int32_t point = text_decode((struct slice){ s.at + at, s.len - at }, &len);

		if (point < 0x20 || point > 0x7e) {
			add_point(to, point < 0 ? 0xfffd : point);
			continue;
		}
		if (strchr(" :=#!\\", (char)point))
			buf_add_char(to, '\\');
		buf_add_char(to, (char)point);
	}
}

/* "Account.Ext__c" is Account:Ext__c there, "Contact:Who.Email" is Who:Contact-Email. */
static void add_field(struct buf *to, struct slice name)
{
	const char *point = memchr(name.at, '.', name.len);
	const char *colon = point ? memchr(name.at, ':', (size_t)(point - name.at)) : NULL;
	struct slice type = { name.at, colon ? (size_t)(colon - name.at) : 0 };
	struct slice front = name;

	if (colon)
		front = (struct slice){ colon + 1, name.len - type.len - 1 };
	if (point)
		front.len = (size_t)(point - front.at);
	add_escaped(to, front);
	if (!point)
		return;
	buf_add_text(to, "\\:");
	if (colon) {
		add_escaped(to, type);
		buf_add_char(to, '-');
	}
	add_escaped(to, (struct slice){ point + 1, (size_t)(name.at + name.len - point - 1) });
}

static bool is_column(const struct writer *w, struct slice name)
{
	for (size_t i = 0; i < w->scope->column_count; i++)
		if (slice_equal_fold(slice_trim(w->scope->columns[i]), name))
			return true;
	return false;
}

/* The names of the columns between commas; they must come apart again. */
static enum err_code add_joined(struct writer *w, const struct map_entry *entry)
{
	struct buf key;

	buf_init(&key, INT_MAX);
	for (size_t i = 0; i < entry->column_count; i++) {
		if (memchr(entry->columns[i].at, ',', entry->columns[i].len))
			err_set(w->e, ERR_USAGE,
			        "an .sdl cannot join column \"%.*s\", whose name has a comma: %s",
			        SLICE_ARGS(entry->columns[i]), as_json);
		buf_add_text(&key, i ? "," : "");
		buf_add_slice(&key, entry->columns[i]);
	}
	if (entry->column_count < 2 || !slice_is(entry->with, ", ") || !sdl_joins(w->scope->object, entry) ||
	    is_column(w, buf_slice(&key)))
		err_set(w->e, ERR_USAGE,
		        "an .sdl joins columns for texts, with a comma and a blank, and not as column \"%.*s\" "
		        "is "
		        "joined: %s",
		        SLICE_ARGS(entry->columns[0]), as_json);
	add_escaped(w->to, buf_slice(&key));
	w->to->short_of |= key.short_of;
	buf_release(&key);
	return w->e->code;
}

static enum err_code add_column(struct writer *w, struct slice name)
{
	if (name.at[0] == '"' && name.at[name.len - 1] == '"')
		return err_set(w->e, ERR_USAGE, "column %.*s would be a constant in an .sdl: %s",
		               SLICE_ARGS(name), as_json);
	add_escaped(w->to, name);
	return ERR_OK;
}

static enum err_code add_entry(struct writer *w, const struct map_entry *entry)
{
	if (rules_any(&entry->rules))
		return err_set(w->e, ERR_USAGE,
		               "an .sdl cannot say how the cells of column \"%.*s\" are read: %s",
		               SLICE_ARGS(entry->columns[0]), as_json);
	if ((entry->joined ? add_joined(w, entry) : add_column(w, slice_trim(entry->columns[0]))) != ERR_OK)
		return w->e->code;
	buf_add_char(w->to, '=');
	for (size_t i = 0; i < entry->field_count; i++) {
		buf_add_text(w->to, i ? "," : "");
		add_field(w->to, entry->fields[i]);
	}
	buf_add_char(w->to, '\n');
	return ERR_OK;
}

/* Two braces are one there; one is filled in, which Data Loader does not know. */
static enum err_code add_text(struct writer *w, const struct map_constant *c)
{
	struct buf plain;

	buf_init(&plain, INT_MAX);
	for (size_t i = 0; i < c->text.len; i++) {
		if (c->text.at[i] == '{' && (++i == c->text.len || c->text.at[i] != '{')) {
			err_set(w->e, ERR_USAGE, "an .sdl cannot fill in the constant for %.*s: %s",
			        SLICE_ARGS(c->field), as_json);
			break;
		}
		buf_add_char(&plain, c->text.at[i]);
	}
	buf_add_char(w->to, '"');
	add_escaped(w->to, buf_slice(&plain));
	buf_add_char(w->to, '"');
	w->to->short_of |= plain.short_of;
	buf_release(&plain);
	return w->e->code;
}

/* A key stands in properties once: fields of the same constant share it. */
static bool stood_before(const struct map_file *m, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (slice_equal(m->constants[i].text, m->constants[at].text))
			return true;
	return false;
}

static enum err_code add_constant(struct writer *w, size_t at)
{
	const struct map_constant *list = w->m->constants;

	if (stood_before(w->m, at))
		return ERR_OK;
	if (add_text(w, &list[at]) != ERR_OK)
		return w->e->code;
	buf_add_char(w->to, '=');
	for (size_t i = at; i < w->m->constant_count; i++) {
		if (!slice_equal(list[i].text, list[at].text))
			continue;
		buf_add_text(w->to, i > at ? "," : "");
		add_field(w->to, list[i].field);
	}
	buf_add_char(w->to, '\n');
	return ERR_OK;
}

enum err_code sdl_write(const struct map_file *m, const struct sdl_scope *scope, struct buf *b, struct err *e)
{
	struct writer w = { m, scope, b, e };

	if (rules_any(&m->rules))
		return err_set(e, ERR_USAGE, "an .sdl cannot say how cells are read (null mark, dates ...): %s",
		               as_json);
	buf_addf(b, "# Columns of the file = fields of %s\n", scope->object->name);
	for (size_t i = 0; e->code == ERR_OK && i < m->entry_count; i++)
		add_entry(&w, &m->entries[i]);
	for (size_t i = 0; e->code == ERR_OK && i < m->constant_count; i++)
		add_constant(&w, i);
	return e->code;
}
