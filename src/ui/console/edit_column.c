/* edit_column.c - where a field of a run comes from: the mapping that the journal keeps with it says so. */
#include "ui/console/edit_work.h"

#include <stdio.h>
#include <string.h>

#include "core/plan/map_file.h"

enum { MOST_MAP_BYTES = 4 * 1024 * 1024 };

static bool goes_to(const struct map_entry *entry, const char *field)
{
	for (size_t i = 0; i < entry->field_count; i++)
		if (slice_equal_fold(entry->fields[i], slice_of(field)))
			return true;
	return false;
}

static const struct map_entry *entry_of(const struct map_file *map, const char *field)
{
	for (size_t i = 0; i < map->entry_count; i++)
		if (goes_to(&map->entries[i], field))
			return &map->entries[i];
	return NULL;
}

static enum err_code take(const struct map_entry *entry, const struct source_shape *shape,
                          struct edit_wish *wish, struct err *e)
{
	if (!entry)
		return err_set(e, ERR_USAGE, "no column is loaded into %s: E edits the records in your editor",
		               wish->field);
	if (entry->column_count != 1)
		return err_set(e, ERR_USAGE, "%s is put together from %zu columns: e on a record edits one",
		               wish->field, entry->column_count);
	for (size_t i = 0; i < shape->column_count; i++)
		if (slice_equal_fold(shape->columns[i], entry->columns[0])) {
			wish->column = i;
			snprintf(wish->name, sizeof wish->name, "%.*s", SLICE_ARGS(shape->columns[i]));
			return ERR_OK;
		}
	return err_set(e, ERR_FILE, "the file has no column %.*s", SLICE_ARGS(entry->columns[0]));
}

enum err_code edit_find_column(struct journal *j, const struct run *run, const struct source_shape *shape,
                               struct edit_wish *wish, struct err *e)
{
	struct map_file map = { 0 };
	struct buf plan;

	buf_init(&plan, MOST_MAP_BYTES);
	if (run_plan(j, run->id, &plan, NULL, e) == ERR_OK &&
	    map_file_read(&map, buf_slice(&plan), run->object, e) == ERR_OK)
		take(entry_of(&map, wish->field), shape, wish, e);
	map_file_release(&map);
	buf_release(&plan);
	return e->code;
}
