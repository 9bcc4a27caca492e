#include "core/engine/load.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/files.h"
#include "base/paths.h"
#include "base/when.h"
#include "core/engine/budget.h"
#include "core/engine/org_check.h"

enum {
	MOST_MAP_BYTES = 4 * 1024 * 1024,
	MOST_DESCRIBE_BYTES = 16 * 1024 * 1024,
	MOST_LIKELY = 4,
	MOST_PARENTS = sizeof((struct load *)0)->parents / sizeof((struct load *)0)->parents[0],
};

void load_init(struct load *load, const struct load_options *options)
{
	*load = (struct load){ .options = *options };
	buf_init(&load->map_json, MOST_MAP_BYTES);
	buf_init(&load->object_json, MOST_DESCRIBE_BYTES);
	arena_init(&load->profile_arena);
}

static void release_map(struct load *load)
{
	plan_free(load->plan);
	mapping_free(load->mapping);
	load->plan = NULL;
	load->mapping = NULL;
}

static void release_profiles(struct load *load)
{
	arena_release(&load->profile_arena);
	load->profiles = NULL;
}

static void release_object(struct load *load)
{
	release_map(load);
	object_free(load->object);
	for (size_t i = 0; i < load->parent_count; i++)
		object_free(load->parents[i]);
	load->object = NULL;
	load->parent_count = 0;
	buf_clear(&load->object_json);
}

static void release_check(struct load *load)
{
	check_release(&load->check);
	org_check_free(load->asked);
	load->asked = NULL;
}

void load_release(struct load *load)
{
	release_check(load);
	release_object(load);
	org_close(load->org);
	source_close(load->source);
	release_profiles(load);
	access_release(&load->access);
	buf_release(&load->map_json);
	buf_release(&load->object_json);
	*load = (struct load){ 0 };
}

enum err_code load_open(struct load *load, const char *spool, struct err *e)
{
	struct source_options options = load->options.reading;
	const char *path = load->options.file;
	char spooled[PATH_ROOM];

	release_map(load);
	release_profiles(load);
	source_close(load->source);
	load->source = NULL;
	options.folder = spool;
	snprintf(load->spool, sizeof load->spool, "%s", spool);
	if (strcmp(path, "-") == 0) {
		if (source_spool(STDIN_FILENO, spool, spooled, e) != ERR_OK)
			return e->code;
		path = spooled;
	}
	return source_open(&load->source, path, &options, e);
}

static enum err_code read_settings(struct load *load, struct err *e)
{
	struct access_choice choice = { load->options.config, load->options.org };

	return access_read(&load->access, &choice, e);
}

/* A run keeps its version, whatever the settings have come to say. */
static enum err_code pin_version(struct load *load, struct err *e)
{
	const char *version = load->options.api_version;

	if (!version || !version[0])
		return ERR_OK;
	free(load->access.settings.api_version);
	load->access.settings.api_version = strdup(version);
	return load->access.settings.api_version ? ERR_OK : err_memory(e, "settings");
}

enum err_code load_sign_in(struct load *load, struct err *e)
{
	org_close(load->org);
	load->org = NULL;
	if (read_settings(load, e) != ERR_OK || pin_version(load, e) != ERR_OK)
		return e->code;
	load->access.calls = load->options.calls;
	return access_sign_in(&load->access, &load->org, e);
}

/* The call's word, else the settings', else `otherwise`. */
static const char *first_of(const char *asked, const char *setting, const char *otherwise)
{
	return asked && asked[0] ? asked : setting && setting[0] ? setting : otherwise;
}

static enum err_code choose(struct load *load, const char **object, struct err *e)
{
	const struct settings *s = &load->access.settings;
	const char *action = first_of(load->options.action, s->action, "insert");

	*object = first_of(load->options.object, s->table_name, NULL);
	if (!*object)
		return err_set(e, ERR_USAGE,
		               "no object was named: give --object NAME (`longshore objects` lists them)");
	if (!action_of(action, &load->action))
		return err_set(e, ERR_USAGE,
		               "there is no action \"%s\": use insert, update, upsert, delete or hard_delete",
		               action);
	snprintf(load->external_id, sizeof load->external_id, "%s",
	         first_of(load->options.external_id, s->external_id_name, "Id"));
	return ERR_OK;
}

/* Data Loader's by the end of its name, else JSON. */
static bool is_sdl(const char *path)
{
	size_t len = path ? strlen(path) : 0;

	return len >= 4 && strcasecmp(path + len - 4, ".sdl") == 0;
}

static enum err_code read_map(struct load *load, struct err *e)
{
	char *to;
	FILE *f;
	size_t n;

	if (load->options.map || load->options.map_text.len)
		buf_clear(&load->map_json);
	if (!load->options.map) {
		buf_add_slice(&load->map_json, load->options.map_text);
		return load->map_json.short_of ? err_memory(e, "the mapping") : ERR_OK;
	}
	f = fopen(load->options.map, "rb");
	to = f ? buf_reserve(&load->map_json, MOST_MAP_BYTES) : NULL;
	if (!f)
		return err_set(e, ERR_FILE, "cannot open the mapping %s: %s", load->options.map,
		               strerror(errno));
	n = to ? fread(to, 1, MOST_MAP_BYTES, f) : 0;
	if (!to || ferror(f) || !feof(f)) {
		fclose(f);
		return err_set(e, ERR_FILE, "cannot read the mapping %s, or it is larger than 4 MB",
		               load->options.map);
	}
	buf_grow(&load->map_json, n);
	fclose(f);
	return ERR_OK;
}

/* Its text as it came, as OBJECT.json. */
static enum err_code save_describe(const struct load *load, const struct object *object, const struct buf *text,
                                   struct err *e)
{
	char path[PATH_ROOM];

	if (!load->options.describes)
		return ERR_OK;
	if (strchr(object->name, '/') ||
	    snprintf(path, sizeof path, "%s/%s.json", load->options.describes, object->name) >= PATH_ROOM)
		return err_set(e, ERR_FILE, "the describe of %s cannot be a file of its name", object->name);
	return files_write(path, buf_slice(text), FILE_OURS, e);
}

/* What constants are filled in with: for a run that goes on only its number, its mapping has the rest. */
static void fill_facts(struct load *load)
{
	const struct org_identity *who = org_identity(load->org);
	char now[WHEN_TEXT];
	int64_t days;

	load->request.facts = (struct constant_facts){ .run = load->options.run };
	if (load->options.run)
		return;
	if (!load->date[0]) {
		when_local_day(clock_utc(&clock_real), &days);
		when_date_text(days, now);
		snprintf(load->date, sizeof load->date, "%s", now);
	}
	load->request.facts.date = slice_of(load->date);
	load->request.facts.file = slice_of(paths_name(source_shape(load->source)->path));
	load->request.facts.user = slice_of(who->username);
}

static void fill_request(struct load *load)
{
	const struct source_shape *shape = source_shape(load->source);

	load->request = (struct mapping_request){
		.object = load->object,
		.parents = (const struct object *const *)load->parents,
		.parent_count = load->parent_count,
		.action = load->action,
		.columns = shape->columns,
		.column_count = shape->column_count,
		.map_json = buf_slice(&load->map_json),
		.map_is_sdl = is_sdl(load->options.map),
		.profiles = load->profiles,
		.map_of_another = load->options.map_of_another,
		.matching = load->options.matching,
		.words = &load->options.words,
	};
	fill_facts(load);
}

enum err_code load_children(struct load *load, struct err *e)
{
	struct object_list *list = NULL;

	if (org_objects(load->org, &list, e) != ERR_OK)
		return e->code;
	children_choose(&load->children, load->object, list);
	object_list_free(list);
	return ERR_OK;
}

static enum err_code describe_parent(struct load *load, const char *name, struct err *e)
{
	struct object **parent = &load->parents[load->parent_count];
	struct buf json;
	enum err_code rc;

	buf_init(&json, MOST_DESCRIBE_BYTES);
	rc = org_describe(load->org, name, parent, &json, e);
	if (rc == ERR_OK) {
		load->parent_count++;
		rc = save_describe(load, *parent, &json, e);
	}
	buf_release(&json);
	return rc;
}

static bool has_parent(const struct load *load, const char *name)
{
	for (size_t i = 0; i < load->parent_count; i++)
		if (strcmp(load->parents[i]->name, name) == 0)
			return true;
	return false;
}

/* What the org does not tell of these, nobody has asked for: the columns are matched without. */
static void describe_likely(struct load *load)
{
	const char *names[MOST_LIKELY];
	size_t n = mapping_likely_parents(&load->request, names, MOST_LIKELY);
	struct err ignored;

	for (size_t i = 0; i < n && i < MOST_LIKELY && load->parent_count < MOST_PARENTS; i++) {
		err_init(&ignored);
		if (!has_parent(load, names[i]) && describe_parent(load, names[i], &ignored) != ERR_OK)
			return;
	}
}

static enum err_code describe_parents(struct load *load, struct err *e)
{
	const char *names[MOST_PARENTS];
	size_t n;

	fill_request(load);
	n = mapping_parents(&load->request, names, MOST_PARENTS);
	for (size_t i = 0; i < n && i < MOST_PARENTS; i++)
		if (describe_parent(load, names[i], e) != ERR_OK)
			return e->code;
	if (!load->options.run && load->options.matching != MATCH_NAMES)
		describe_likely(load);
	return ERR_OK;
}

enum err_code load_describe(struct load *load, struct err *e)
{
	const char *object;

	release_object(load);
	if (read_settings(load, e) != ERR_OK || choose(load, &object, e) != ERR_OK ||
	    read_map(load, e) != ERR_OK)
		return e->code;
	if (org_describe(load->org, object, &load->object, &load->object_json, e) != ERR_OK ||
	    save_describe(load, load->object, &load->object_json, e) != ERR_OK)
		return e->code;
	return load->source ? describe_parents(load, e) : ERR_OK;
}

/* What the columns' cells look like, once for a source; a run that goes on knows its mapping. */
static enum err_code read_profiles(struct load *load, struct err *e)
{
	if (load->profiles || load->options.run)
		return ERR_OK;
	return profile_read(&load->profiles, load->source, &load->profile_arena, e);
}

enum err_code load_map(struct load *load, struct err *e)
{
	release_map(load);
	if (read_profiles(load, e) != ERR_OK)
		return e->code;
	fill_request(load);
	if (mapping_new(&load->mapping, &load->request, e) != ERR_OK)
		return e->code;
	return load_plan(load, e);
}

enum err_code load_plan(struct load *load, struct err *e)
{
	struct plan_request request = { load->object, load->action, load->external_id, load->mapping };

	if (load->options.skip_unchanged && load->action != ACTION_UPDATE && load->action != ACTION_UPSERT)
		return err_set(
			e, ERR_USAGE,
			"--skip-unchanged is for update and upsert: an action of %s leaves nothing as it is",
			action_name(load->action));
	plan_free(load->plan);
	load->plan = NULL;
	return plan_new(&load->plan, &request, e);
}

enum err_code load_save_map(const struct load *load, const char *path, struct err *e)
{
	struct buf text;

	buf_init(&text, MOST_MAP_BYTES);
	if (is_sdl(path))
		mapping_write_sdl(load->mapping, &load->request, &text, e);
	else
		mapping_write(load->mapping, &load->request, false, &text);
	if (e->code == ERR_OK && text.short_of)
		err_memory(e, "the mapping");
	if (e->code == ERR_OK)
		files_write(path, buf_slice(&text), FILE_ANYBODYS, e);
	buf_release(&text);
	return e->code;
}

enum err_code load_check(struct load *load, check_progress *progress, void *ctx, struct err *e)
{
	struct check_options options = { .same_key = load->options.same_key,
		                         .folder = load->spool,
		                         .from_record = load->from_record,
		                         .from_offset = load->from_offset,
		                         .progress = progress,
		                         .progress_ctx = ctx };

	release_check(load);
	return check_run(&load->check, load->plan, load->source, &options, e);
}

bool load_allows_failures(const struct load *load)
{
	if (load->options.stop_at.count || load->options.stop_at.thousandths)
		return true;
	return load->options.allow_failures >= 0 ? load->options.allow_failures
	                                         : load->access.settings.allow_failures;
}

void load_keeps(const struct load *load, struct load_keeping *keeping)
{
	const char *asked = load->options.keep_old ? load->options.keep_old : "auto";
	int64_t most;

	*keeping = (struct load_keeping){ .asked = strcmp(asked, "auto") != 0 };
	keeping->calls = budget_look(load->plan, load->check.passed);
	if (!org_calls_left(load->org, &keeping->left, &most))
		keeping->left = -1;
	if (keeping->calls == 0)
		return;
	keeping->keep = keeping->asked ? strcmp(asked, "yes") == 0
	                               : keeping->left >= 0 && budget_is_little(keeping->calls, keeping->left);
}

/* Not known is no reason to stop: the run waits when there are none left. */
static void ask_limits(struct load *load)
{
	struct err ignored;

	err_init(&ignored);
	if (load->limits_asked)
		return;
	load->limits_asked = true;
	if (limits_get(load->org, &load->limits, &ignored) != ERR_OK)
		load->limits = LIMITS_UNKNOWN;
}

void load_costs(struct load *load, struct load_cost *cost)
{
	const char *api = load_api(load, NULL);
	bool in_requests = api && strcmp(api, "collections") == 0;
	struct load_keeping keeping;
	int64_t most;

	load_keeps(load, &keeping);
	cost->calls = budget_send(in_requests, load->check.passed, load_allows_failures(load),
	                          load->options.chunk_records, &cost->batches);
	cost->calls += keeping.keep || load->options.skip_unchanged ? keeping.calls : 0;
	cost->batches_left = -1;
	if (!in_requests) {
		ask_limits(load);
		cost->batches_left = load->limits.batches_left;
	}
	if (!org_calls_left(load->org, &cost->calls_left, &most))
		cost->calls_left = load->limits_asked ? load->limits.calls_left : -1;
}
