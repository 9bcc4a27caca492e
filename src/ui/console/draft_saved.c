/* draft_saved.c - mappings under a name: which ones there are, taking one, saving the one in use. */
#include "ui/console/draft_rows.h"

#include <stdio.h>
#include <string.h>

#include "store/mappings.h"

static void columns_of(const struct draft *draft, char hash[HASH_TEXT])
{
	const struct source_shape *shape = source_shape(draft->load.source);

	mapping_columns(shape->columns, shape->column_count, hash);
}

void draft_fill_saved(const struct draft *draft, struct journal *j, struct wizard *wizard)
{
	struct err ignored;
	char columns[HASH_TEXT];
	int n;

	err_init(&ignored);
	columns_of(draft, columns);
	n = saved_mapping_list(j, draft->load.object->name, columns, wizard->saved, WIZARD_SAVED, &ignored);
	wizard->saved_count = n > 0 ? n : 0;
	for (int i = 0; i < wizard->saved_count; i++)
		wizard->saved_fits[i] = strcmp(wizard->saved[i].columns, columns) == 0;
}

enum err_code draft_choose_saved(struct draft *draft, struct journal *j, const char *name, struct err *e)
{
	struct saved_mapping saved;

	draft->load.options.map_text = (struct slice){ 0 };
	buf_clear(&draft->saved);
	return saved_mapping_get(j, name, &saved, &draft->saved, e);
}

/* Parents that only the mapping names are asked for, too. What belongs to the action stays as it was chosen. */
static enum err_code map_anew(struct draft *draft, struct slice text, struct err *e)
{
	struct load *load = &draft->load;
	char action[sizeof draft->action], key[sizeof load->external_id];

	snprintf(action, sizeof action, "%s", action_name(load->action));
	snprintf(key, sizeof key, "%s", load->external_id);
	load->options.map_text = text;
	load->options.map_of_another = true;
	return load_describe(load, e) == ERR_OK ? draft_map(draft, action, key, e) : e->code;
}

enum err_code draft_take_saved(struct draft *draft, struct err *e)
{
	struct err ignored;

	if (map_anew(draft, buf_slice(&draft->saved), e) == ERR_OK)
		return ERR_OK;
	err_init(&ignored);
	map_anew(draft, (struct slice){ 0 }, &ignored);
	return e->code;
}

enum err_code draft_save_mapping(const struct draft *draft, struct journal *j, const char *name, struct err *e)
{
	const struct load *load = &draft->load;
	struct saved_mapping saved = { 0 };
	struct buf json;

	snprintf(saved.name, sizeof saved.name, "%s", name);
	snprintf(saved.object, sizeof saved.object, "%s", load->object->name);
	snprintf(saved.action, sizeof saved.action, "%s", action_name(load->action));
	if (load->action == ACTION_UPSERT)
		snprintf(saved.external_id, sizeof saved.external_id, "%s", load->external_id);
	columns_of(draft, saved.columns);
	buf_init(&json, DRAFT_MOST_MAP);
	mapping_write(load->mapping, &load->request, false, &json);
	if (json.short_of)
		err_memory(e, "a mapping");
	else
		saved_mapping_put(j, &saved, buf_slice(&json), e);
	buf_release(&json);
	return e->code;
}
