#include "core/plan/map_file.h"

#include <string.h>

/* Makes room for one more element at the end of a list that grows; NULL without memory. */
static void *grown(struct arena *a, void *list, size_t count, size_t size)
{
	size_t room = 8;
	void *more;

	while (room < count)
		room *= 2;
	if (list && count < room)
		return list;
	more = arena_alloc(a, (list ? room * 2 : room) * size);
	if (more && list)
		memcpy(more, list, count * size);
	return more;
}

struct map_entry *map_file_add_entry(struct map_file *m, size_t columns, size_t fields)
{
	struct map_entry *list = grown(&m->arena, m->entries, m->entry_count, sizeof *list);
	struct map_entry *entry;

	if (!list)
		return NULL;
	m->entries = list;
	entry = &list[m->entry_count];
	*entry = (struct map_entry){ .column_count = columns, .field_count = fields, .by = "the mapping" };
	entry->columns = arena_alloc(&m->arena, columns * sizeof *entry->columns);
	entry->fields = arena_alloc(&m->arena, fields * sizeof *entry->fields);
	if (!entry->columns || !entry->fields)
		return NULL;
	m->entry_count++;
	return entry;
}

struct map_constant *map_file_add_constant(struct map_file *m)
{
	struct map_constant *list = grown(&m->arena, m->constants, m->constant_count, sizeof *list);

	if (!list)
		return NULL;
	m->constants = list;
	list[m->constant_count] = (struct map_constant){ .by = "the mapping" };
	return &list[m->constant_count++];
}

static bool keep(struct map_file *m, struct slice text, struct slice *to)
{
	*to = (struct slice){ arena_slice(&m->arena, text), text.len };
	return to->at != NULL;
}

/* "FIELD=VALUE" in place of what the file says of that field. */
static enum err_code set(struct map_file *m, const char *word, struct err *e)
{
	const char *equals = strchr(word, '=');
	struct slice field = { word, equals ? (size_t)(equals - word) : 0 };
	struct map_constant *c = NULL;

	field = slice_trim(field);
	if (!equals || field.len == 0 || !equals[1])
		return err_set(e, ERR_USAGE, "--set takes FIELD=VALUE, not \"%s\"", word);
	for (size_t i = 0; i < m->constant_count; i++)
		if (slice_equal_fold(m->constants[i].field, field))
			c = &m->constants[i];
	if (!c)
		c = map_file_add_constant(m);
	if (!c || !keep(m, field, &c->field) || !keep(m, slice_of(equals + 1), &c->text))
		return err_memory(e, "a mapping");
	c->beats = true;
	c->by = "--set";
	return ERR_OK;
}

static void take_out(struct map_entry *entry, struct slice column)
{
	size_t kept = 0;

	for (size_t i = 0; i < entry->column_count; i++)
		if (!slice_equal_fold(slice_trim(entry->columns[i]), column))
			entry->columns[kept++] = entry->columns[i];
	entry->column_count = kept;
}

static enum err_code ignore(struct map_file *m, const char *word, struct err *e)
{
	struct slice column = slice_trim(slice_of(word));
	struct map_entry *entry;
	size_t kept = 0;

	for (size_t i = 0; i < m->entry_count; i++) {
		take_out(&m->entries[i], column);
		if (m->entries[i].column_count)
			m->entries[kept++] = m->entries[i];
	}
	m->entry_count = kept;
	entry = map_file_add_entry(m, 1, 0);
	if (!entry || !keep(m, column, &entry->columns[0]))
		return err_memory(e, "a mapping");
	entry->by = "--ignore";
	return ERR_OK;
}

static bool is_among(const struct slice *columns, size_t count, struct slice column)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal_fold(slice_trim(columns[i]), slice_trim(column)))
			return true;
	return false;
}

void map_file_keep(struct map_file *m, const struct slice *columns, size_t count)
{
	size_t entries = 0;

	for (size_t i = 0; i < m->entry_count; i++) {
		struct map_entry *entry = &m->entries[i];
		size_t kept = 0;

		for (size_t k = 0; k < entry->column_count; k++)
			if (is_among(columns, count, entry->columns[k]))
				entry->columns[kept++] = entry->columns[k];
		entry->column_count = kept;
		if (kept)
			m->entries[entries++] = *entry;
	}
	m->entry_count = entries;
}

enum err_code map_file_put_over(struct map_file *m, const struct map_words *words, struct err *e)
{
	struct cell_rules rules = rules_over(&words->rules, &m->rules);
	enum err_code rc = ERR_OK;

	if (rules.null_mark.at && !keep(m, rules.null_mark, &rules.null_mark))
		return err_memory(e, "a mapping");
	if (rules.zone && !(rules.zone = arena_text(&m->arena, rules.zone)))
		return err_memory(e, "a mapping");
	m->rules = rules;
	for (size_t i = 0; rc == ERR_OK && i < words->ignore_count; i++)
		rc = ignore(m, words->ignore[i], e);
	for (size_t i = 0; rc == ERR_OK && i < words->set_count; i++)
		rc = set(m, words->set[i], e);
	return rc;
}

void map_file_release(struct map_file *m)
{
	arena_release(&m->arena);
}
