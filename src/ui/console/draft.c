#include "ui/console/draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/engine/detach.h"
#include "core/plan/action.h"
#include "ui/console/draft_rows.h"
#include "ui/console/wish.h"

/* The mapping and what is said besides it are of one object. */
static void use_mapping(struct draft *draft)
{
	struct load_options *options = &draft->load.options;
	const char *object = draft->like.object;
	bool fits = !object || strcasecmp(object, draft->object) == 0;

	options->map = fits ? draft->like.map : NULL;
	options->map_text = fits ? draft->like.map_text : (struct slice){ 0 };
	options->words = fits ? draft->like.words : (struct map_words){ 0 };
	buf_clear(&draft->load.map_json);
}

struct draft *draft_new(const char *file, const struct access_choice *with, char delimiter, const char *sheet,
                        const struct load_options *like)
{
	static const struct load_options nothing = { .allow_failures = -1 };
	struct draft *draft = calloc(1, sizeof *draft);
	struct load_options options;

	if (!draft)
		return NULL;
	arena_init(&draft->texts);
	if (!wish_copy(&draft->like, like ? like : &nothing, &draft->texts)) {
		arena_release(&draft->texts);
		free(draft);
		return NULL;
	}
	snprintf(draft->file, sizeof draft->file, "%s", file);
	snprintf(draft->config, sizeof draft->config, "%s", with->config ? with->config : "");
	snprintf(draft->org, sizeof draft->org, "%s", with->org ? with->org : "");
	snprintf(draft->action, sizeof draft->action, "insert");
	options = draft->like;
	options.file = draft->file;
	options.config = draft->config;
	options.org = draft->org;
	options.object = draft->object;
	options.action = draft->action;
	options.matching = MATCH_GUESSES;
	options.reading.delimiter = delimiter;
	snprintf(options.reading.sheet, sizeof options.reading.sheet, "%s", sheet);
	load_init(&draft->load, &options);
	buf_init(&draft->saved, DRAFT_MOST_MAP);
	return draft;
}

void draft_free(struct draft *draft)
{
	if (!draft)
		return;
	load_release(&draft->load);
	buf_release(&draft->saved);
	draft_steps_release(draft);
	object_list_free(draft->objects);
	free(draft->offsets);
	arena_release(&draft->texts);
	free(draft);
}

static enum err_code look_at_settings(const char *config, struct err *e)
{
	struct settings settings;
	enum err_code rc;

	memset(&settings, 0, sizeof settings);
	rc = config && config[0] ? settings_read(&settings, config, e)
	                         : settings_from_environment(&settings, e);
	if (rc == ERR_OK)
		rc = settings_complete(&settings, e);
	settings_release(&settings);
	return rc;
}

static enum err_code look_at_saved(const char *name, struct err *e)
{
	const struct saved_org *org;
	struct orgs *orgs = NULL;
	enum err_code rc = access_orgs(&orgs, e);

	if (rc == ERR_OK)
		rc = orgs_find(orgs, name, &org, e);
	orgs_close(orgs);
	return rc;
}

void draft_look_for_org(struct wizard *wizard, const struct access_choice *with)
{
	struct err e;

	err_init(&e);
	wizard->has_org = (with->org && with->org[0] ? look_at_saved(with->org, &e)
	                                             : look_at_settings(with->config, &e)) == ERR_OK;
	snprintf(wizard->no_org, sizeof wizard->no_org, "%s", e.text);
}

enum err_code draft_sign_in(struct draft *draft, const char *state, struct err *e)
{
	if (load_open(&draft->load, state, e) != ERR_OK || draft_use_cells(draft, e) != ERR_OK ||
	    load_sign_in(&draft->load, e) != ERR_OK)
		return e->code;
	object_list_free(draft->objects);
	draft->objects = NULL;
	return org_objects(draft->load.org, &draft->objects, e);
}

void draft_choose_object(struct draft *draft, const char *object)
{
	if (strcmp(draft->object, object) != 0)
		draft->load.options.map_text = (struct slice){ 0 };
	snprintf(draft->object, sizeof draft->object, "%s", object);
	use_mapping(draft);
}

enum err_code draft_describe(struct draft *draft, struct err *e)
{
	return load_describe(&draft->load, e);
}

enum err_code draft_map(struct draft *draft, const char *action, const char *key, struct err *e)
{
	struct load *load = &draft->load;

	if (!action_of(action, &load->action))
		return err_set(e, ERR_INTERNAL, "there is no action %s", action);
	snprintf(draft->action, sizeof draft->action, "%s", action);
	snprintf(load->external_id, sizeof load->external_id, "%s", key[0] ? key : "Id");
	draft_steps_clear(draft);
	load->options.same_key = draft->like.same_key;
	load->options.skip_unchanged = draft->like.skip_unchanged;
	err_init(&draft->plan_error);
	if (load_map(load, &draft->plan_error) != ERR_OK && !load->mapping)
		return err_set(e, draft->plan_error.code, "%s", draft->plan_error.text);
	return ERR_OK;
}

enum err_code draft_set_field(struct draft *draft, int column, const char *name, struct err *e)
{
	struct load *load = &draft->load;

	if (mapping_set(load->mapping, &load->request, (size_t)column, name[0] ? name : NULL, e) != ERR_OK)
		return e->code;
	draft_steps_clear(draft);
	err_init(&draft->plan_error);
	load_plan(load, &draft->plan_error);
	return ERR_OK;
}

const struct load_options *draft_options(const struct draft *draft, struct buf *map)
{
	const struct load *load = &draft->load;

	if (load->mapping)
		mapping_write(load->mapping, &load->request, false, map);
	return &load->options;
}

void draft_fill_chosen(const struct draft *draft, struct wizard *wizard)
{
	wizard->same_key = draft->load.options.same_key;
	wizard->skip_unchanged = draft->load.options.skip_unchanged;
}

/* The mapping was changed: what was mended on Check cannot be taken back past it. */
static enum err_code changed(struct draft *draft, struct err *e)
{
	if (e->code != ERR_OK)
		return e->code;
	draft_steps_clear(draft);
	err_init(&draft->plan_error);
	load_plan(&draft->load, &draft->plan_error);
	return ERR_OK;
}

enum err_code draft_next_order(struct draft *draft, int column, struct err *e)
{
	static const enum when_order next[] = { [WHEN_ISO] = WHEN_DAY_FIRST,
		                                [WHEN_DAY_FIRST] = WHEN_MONTH_FIRST,
		                                [WHEN_MONTH_FIRST] = WHEN_YEAR_FIRST,
		                                [WHEN_YEAR_FIRST] = WHEN_ISO };
	const struct mapped *to = draft->load.mapping->by_column[column];
	struct cell_rules rules = *mapping_rules(draft->load.mapping, to->name);

	rules.order = next[rules.order];
	mapping_set_rules(draft->load.mapping, to->name, &rules, e);
	return changed(draft, e);
}

enum err_code draft_next_blank(struct draft *draft, int column, struct err *e)
{
	const struct mapped *to = draft->load.mapping->by_column[column];
	struct cell_rules rules = *mapping_rules(draft->load.mapping, to->name);

	rules.blank = rules.blank == BLANK_NULL ? BLANK_LEAVE : BLANK_NULL;
	mapping_set_rules(draft->load.mapping, to->name, &rules, e);
	return changed(draft, e);
}

enum err_code draft_set_constant(struct draft *draft, const char *word, struct err *e)
{
	const char *equals = strchr(word, '=');
	struct slice field = slice_trim((struct slice){ word, equals ? (size_t)(equals - word) : 0 });
	char name[256];

	if (field.len == 0 || field.len >= sizeof name)
		return err_set(e, ERR_USAGE, "a constant is FIELD=VALUE, as in LeadSource=Web");
	snprintf(name, sizeof name, "%.*s", SLICE_ARGS(field));
	mapping_set_constant(draft->load.mapping, &draft->load.request, name, equals + 1, e);
	return changed(draft, e);
}

static bool tell_progress(void *ctx, int64_t offset, int64_t size)
{
	struct draft_progress *progress = ctx;

	atomic_store(&progress->offset, offset);
	atomic_store(&progress->size, size);
	return !atomic_load(&progress->stop);
}

enum err_code draft_check(struct draft *draft, struct draft_progress *progress, struct err *e)
{
	struct load_cost cost; /* asks for the org's limits, where nobody waits for a key */

	if (!draft->load.plan)
		return err_set(e, ERR_USAGE, "%s", draft->plan_error.text);
	if (load_check(&draft->load, tell_progress, progress, e) == ERR_OK)
		load_costs(&draft->load, &cost);
	return e->code;
}

void draft_choose_start(struct draft *draft, const struct wizard *wizard)
{
	struct load_options *options = &draft->load.options;
	enum start_failing failing = wizard->start.failing;

	options->allow_failures = failing != START_STOP;
	options->stop_at = (struct bounds_failures){ .thousandths = failing == START_STOP_ABOVE ? START_ABOVE
		                                                                                : 0 };
	options->first = start_first(wizard);
	options->skip_invalid = wizard->failing > 0;
	options->keep_old = wizard->start.keep ? "yes" : "no";
	options->again = wizard->again;
	options->skip_unchanged = wizard->skip_unchanged;
	options->edits = draft->cells;
	options->edit_count = draft->cell_count;
}

/* Which run has loaded this file. Not known, there is still the sentence. */
static void find_loaded(struct journal *j, const struct run *made, int64_t *run, enum loaded_way *way)
{
	struct run *before = calloc(1, sizeof *before);
	struct err ignored;

	err_init(&ignored);
	if (before && run_same(j, made, run, &ignored) == ERR_OK && *run &&
	    run_get(j, *run, before, &ignored) == ERR_OK)
		*way = loaded_way(j, before);
	free(before);
}

enum err_code draft_begin(struct draft *draft, struct journal *j, int64_t *run, enum loaded_way *way,
                          struct err *e)
{
	struct run *made = calloc(1, sizeof *made);
	enum err_code rc;

	if (!made)
		return err_memory(e, "a run");
	rc = load_create(&draft->load, j, made, e);
	if (rc == ERR_OK) {
		*run = made->id;
		rc = detach_engine(j, made->id, NULL, e);
	} else if (rc == ERR_LOADED) {
		find_loaded(j, made, run, way);
	}
	free(made);
	return rc;
}
