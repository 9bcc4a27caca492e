#include "ui/console/screens/new_load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/paths.h"
#include "core/org/org.h"
#include "ui/console/model.h"

void wizard_init(struct wizard *wizard)
{
	memset(wizard, 0, sizeof *wizard);
	wizard->record = 1;
}

void preview_clear(struct preview *preview)
{
	arena_release(&preview->arena);
	memset(preview, 0, sizeof *preview);
}

void wizard_release(struct wizard *wizard)
{
	preview_clear(&wizard->browser.preview);
	free(wizard->browser.entries);
	table_release(&wizard->browser.table);
	free(wizard->objects);
	table_release(&wizard->object_table);
	free(wizard->choices);
	table_release(&wizard->action_table);
	free(wizard->mapping);
	table_release(&wizard->mapping_table);
	free(wizard->fields);
	table_release(&wizard->field_table);
	free(wizard->findings);
	table_release(&wizard->check_table);
	free(wizard->group.rows);
	table_release(&wizard->group.table);
	free(wizard->values);
	table_release(&wizard->value_table);
	free(wizard->picks);
	table_release(&wizard->pick_table);
	wizard_init(wizard);
}

bool browser_path(const struct browser *browser, char to[WIZARD_PATH])
{
	size_t i = table_focus(&browser->table);

	if (i >= browser->count || browser->entries[i].folder)
		return false;
	return snprintf(to, WIZARD_PATH, "%s/%s", strcmp(browser->folder, "/") ? browser->folder : "",
	                browser->entries[i].name) < WIZARD_PATH;
}

const char *browser_sheet(const struct browser *browser, const char *path)
{
	return strcmp(browser->sheet_of, path) == 0 ? browser->sheet : "";
}

struct org_badge wizard_badge(const struct model *model)
{
	const struct wizard *wizard = &model->wizard;
	bool practice = strcmp(wizard->org_kind, org_kind_name(ORG_PRACTICE)) == 0;
	enum style style = org_style(&model->orgs, wizard->org_id,
	                             org_kind_of_run(wizard->production, practice));

	return (struct org_badge){ wizard->signed_in ? wizard->org_name : "", wizard->production, style };
}

void wizard_what(const struct wizard *wizard, char *to, size_t size)
{
	char what[RUN_WHAT] = "";
	bool keyed = strcmp(wizard->action, "upsert") == 0;

	if (wizard->action[0])
		run_what(wizard->object, wizard->action, what);
	snprintf(to, size, "%s%s%s%s%s", paths_name(wizard->file), wizard->object[0] ? " → " : "",
	         what[0] ? what : wizard->object, keyed ? " by " : "", keyed ? wizard->key : "");
}

const char *wizard_object_text(const void *wizard, size_t i, int which)
{
	const struct object_row *row = &((const struct wizard *)wizard)->objects[i];

	return which == 0 ? row->name : which == 1 ? row->label : NULL;
}

const char *wizard_field_text(const void *wizard, size_t i, int which)
{
	const struct field_row *row = &((const struct wizard *)wizard)->fields[i];

	return which == 0 ? row->name : which == 1 ? row->label : NULL;
}

const char *wizard_pick_text(const void *wizard, size_t i, int which)
{
	const struct pick_row *row = &((const struct wizard *)wizard)->picks[i];

	return which == 0 ? row->value : which == 1 ? row->label : NULL;
}

const char *wizard_file_text(const void *browser, size_t i, int which)
{
	return which == 0 ? ((const struct browser *)browser)->entries[i].name : NULL;
}

const char *wizard_mapping_text(const void *wizard, size_t i, int which)
{
	const struct mapping_row *row = &((const struct wizard *)wizard)->mapping[i];

	return which == 0 ? row->column : which == 1 ? row->field : NULL;
}
