/* load_run.c - a load that was checked becomes a run in the journal. */
#include "core/engine/load.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/paths.h"
#include "base/text.h"
#include "base/user.h"
#include "core/engine/barred.h"
#include "core/engine/loaded.h"
#include "store/ordering.h"

enum {
	MOST_PLAN_BYTES = 4 * 1024 * 1024,
	COLLECTIONS_RECORDS = 2000, /* more of them go through Bulk API: fewer calls */
};

static void fill_source(const struct load *load, struct run *run)
{
	const struct source_shape *shape = source_shape(load->source);

	snprintf(run->file, sizeof run->file, "%s", shape->path);
	run->delimiter = shape->delimiter;
	source_reading(load->source, run->reading);
	run->cut_offset = shape->first_offset;
	run->counts.records = load->check.records;
}

/* A lost answer cannot do harm: sent again, the records are left as sending them once leaves them. */
static bool harmless_twice(const struct load *load)
{
	const struct field *key = load->plan->key;

	if (load->action == ACTION_UPSERT)
		return key->unique && key->type != FIELD_ID;
	return load->action == ACTION_UPDATE || load->action == ACTION_DELETE;
}

static const char *collections_or_why(const struct load *load, struct err *e)
{
	if (load->action != ACTION_HARD_DELETE)
		return "collections";
	err_set(e, ERR_USAGE, "collections cannot hard delete: leave out --api collections");
	return NULL;
}

/* Unless it would have to clear a lookup. */
static const char *bulk_or_why(const struct load *load, struct err *e)
{
	char count[27];

	if (load->check.clear_lookups == 0)
		return "bulk";
	err_set(e, ERR_USAGE,
	        "Bulk API cannot clear a lookup by the key of its parent, which %s records want: give "
	        "--api collections, or the id's own column (AccountId instead of Account.Ext__c)",
	        text_count(load->check.clear_lookups, count, sizeof count));
	return NULL;
}

const char *load_api(const struct load *load, struct err *e)
{
	const struct load_options *o = &load->options;
	const char *api = o->api ? o->api : "auto";
	bool small = load->check.passed <= COLLECTIONS_RECORDS;

	if (strcmp(api, "collections") == 0 ||
	    (strcmp(api, "auto") == 0 && (o->allow_duplicates || o->all_or_none)))
		return collections_or_why(load, e);
	if (strcmp(api, "auto") == 0)
		return small && harmless_twice(load) ? "collections" : bulk_or_why(load, e);
	if (!o->allow_duplicates && !o->all_or_none)
		return bulk_or_why(load, e);
	err_set(e, ERR_USAGE,
	        "Bulk API cannot %s: leave out --api bulk, and the records go through collections",
	        o->all_or_none ? "write all or none" : "pass over duplicate rules");
	return NULL;
}

static void fill_plan(const struct load *load, struct run *run)
{
	struct load_keeping keeping;

	load_keeps(load, &keeping);
	run->keep_old = keeping.keep;
	run->skip_unchanged = load->options.skip_unchanged;
	run->keep_calls = load->options.keep_calls;
	run->undo_of = load->options.undo_of;
	run->delete_from = load->options.delete_from;
	snprintf(run->object, sizeof run->object, "%s", load->object->name);
	snprintf(run->action, sizeof run->action, "%s", action_name(load->action));
	if (load->action == ACTION_UPSERT)
		snprintf(run->external_id, sizeof run->external_id, "%s", load->plan->key->name);
	run->allow_failures = load_allows_failures(load);
	run->skip_invalid = load->options.skip_invalid;
	snprintf(run->same_key, sizeof run->same_key, "%s", same_key_name(load->options.same_key));
	run->chunk_records = load->options.chunk_records;
	run->parallel = load->options.parallel;
	run->allow_duplicates = load->options.allow_duplicates;
	run->all_or_none = load->options.all_or_none;
	run->first_records = load->options.first;
	run->stop_at = bounds_failures_of(&load->options.stop_at, load->check.records);
	run->until_ms = load->options.until_ms;
	run->give_up_ms = load->options.give_up_ms;
	if (load->options.assignment_rule)
		snprintf(run->assignment_rule, sizeof run->assignment_rule, "%s",
		         load->options.assignment_rule);
}

static void fill_org(const struct load *load, struct run *run)
{
	const struct org_identity *id = org_identity(load->org);

	snprintf(run->org_name, sizeof run->org_name, "%s", id->org_name);
	snprintf(run->org_id, sizeof run->org_id, "%s", id->org_id);
	snprintf(run->user_id, sizeof run->user_id, "%s", id->user_id);
	snprintf(run->username, sizeof run->username, "%s", id->username);
	snprintf(run->instance_url, sizeof run->instance_url, "%s", id->instance_url);
	snprintf(run->api_version, sizeof run->api_version, "%s", id->api_version);
	snprintf(run->saved_org, sizeof run->saved_org, "%s", load->access.org);
	run->production = id->kind == ORG_PRODUCTION;
	run->practice = id->kind == ORG_PRACTICE;
}

static enum err_code fill_rest(const struct load *load, struct run *run, struct err *e)
{
	struct hash_stream *h = hash_new();

	if (!h)
		return err_memory(e, "a run");
	hash_add(h, buf_text(&load->object_json), load->object_json.len);
	hash_text(h, run->describe_hash);
	hash_free(h);
	snprintf(run->version, sizeof run->version, "%s", LONGSHORE_VERSION);
	user_name(getuid(), run->started_by, sizeof run->started_by);
	run->api_calls = org_calls(load->org);
	run->attempt = 1;
	if (load->options.config && load->options.config[0])
		return paths_absolute(load->options.config, run->config, e);
	return ERR_OK;
}

static enum err_code may_be_created(struct load *load, struct err *e)
{
	const struct check *check = &load->check;
	char failing[32], records[32];

	if (check->records == 0)
		return err_set(e, ERR_FILE, "%s holds a header and no record: there is nothing to load",
		               paths_name(source_shape(load->source)->path));
	if (check->failing == 0 || (load->options.skip_invalid && check->passed > 0))
		return ERR_OK;
	return err_set(e, ERR_FINDINGS, "%s of %s records cannot be written as they are, and nothing was sent",
	               text_count(check->failing, failing, sizeof failing),
	               text_count(check->records, records, sizeof records));
}

/* The columns as a line of the file's own dialect. */
static void write_header(const struct load *load, struct buf *header)
{
	const struct source_shape *shape = source_shape(load->source);

	for (size_t i = 0; i < shape->column_count; i++) {
		if (i > 0)
			buf_add_char(header, shape->delimiter);
		csv_add_cell(header, shape->columns[i], shape->delimiter);
	}
}

static void write_cleared(const struct load *load, struct buf *cleared)
{
	for (size_t i = 0; i < load->check.look_count; i++)
		if (load->check.looks[i].rule == RULE_CLEARS)
			buf_addf(cleared, "%s\t%lld\n", load->check.looks[i].field,
			         (long long)load->check.looks[i].count);
}

/* A draft until all is there: nobody begins it without knowing what it leaves out, and what was edited. */
static enum err_code keep_rest(struct load *load, struct journal *j, struct run *run, struct err *e)
{
	const struct load_options *options = &load->options;

	if (barred_any(load->check.keys, load->asked) &&
	    barred_keep(j, run->id, load->check.keys, load->asked, e) != ERR_OK)
		return e->code;
	if (options->edit_count && edit_begin(j, run->id, options->edits, options->edit_count, e) != ERR_OK)
		return e->code;
	run->state = RUN_CHECKED;
	return run_set_state(j, run->id, RUN_CHECKED, "", 0, NULL, e);
}

static enum err_code add_run(struct load *load, struct journal *j, struct run *run, struct err *e)
{
	bool more = barred_any(load->check.keys, load->asked) || load->options.edit_count;
	struct buf plan, layout, header, cleared;

	buf_init(&plan, MOST_PLAN_BYTES);
	buf_init(&layout, MOST_PLAN_BYTES);
	buf_init(&header, 2 * CSV_MOST_BYTES);
	buf_init(&cleared, MOST_PLAN_BYTES);
	mapping_write(load->mapping, &load->request, true, &plan);
	layout_write(&load->plan->layout, &layout);
	write_header(load, &header);
	write_cleared(load, &cleared);
	run->state = more ? RUN_DRAFT : RUN_CHECKED;
	if (plan.short_of || layout.short_of || header.short_of || cleared.short_of)
		err_memory(e, "a run");
	else if (run_add(j, run,
	                 &(struct run_texts){ buf_slice(&plan), buf_slice(&layout), buf_slice(&header),
	                                      buf_slice(&cleared) },
	                 e) == ERR_OK &&
	         more)
		keep_rest(load, j, run, e);
	buf_release(&plan);
	buf_release(&layout);
	buf_release(&header);
	buf_release(&cleared);
	return e->code;
}

static bool is_ordered(const struct load *load)
{
	return load->options.order_by && strcmp(load->options.order_by, "file") != 0;
}

/* The column that gives the order. Of several lookups the first one that is mapped counts, the owner's and the record type's apart. */
static enum err_code order_column(const struct load *load, size_t *column, struct err *e)
{
	const struct source_shape *shape = source_shape(load->source);
	const char *by = load->options.order_by;

	for (size_t i = 0; strcmp(by, "parent") == 0 && i < load->mapping->count; i++) {
		const struct mapped *m = &load->mapping->entries[i];

		*column = (size_t)m->column;
		if (m->column >= 0 && m->field->type == FIELD_REFERENCE &&
		    strcmp(m->field->name, "OwnerId") != 0 && strcmp(m->field->name, "RecordTypeId") != 0)
			return ERR_OK;
	}
	for (*column = 0; *column < shape->column_count; ++*column)
		if (slice_equal_fold(shape->columns[*column], slice_of(by)))
			return ERR_OK;
	if (strcmp(by, "parent") == 0)
		return err_set(
			e, ERR_USAGE,
			"--order-by parent needs a lookup that is loaded, and there is none: name a column");
	return err_set(e, ERR_USAGE, "--order-by: %s has no column \"%s\"", paths_name(shape->path), by);
}

static enum err_code add_records(struct load *load, struct ordering *ordering, size_t column, struct err *e)
{
	const struct slice none = { NULL, 0 };
	struct record r;
	bool more = true;

	if (source_seek(load->source, 1, source_shape(load->source)->first_offset, e) != ERR_OK)
		return e->code;
	while (source_next(load->source, &r, &more, e) == ERR_OK && more) {
		if (ordering_add(ordering, r.number, r.offset, r.fault ? none : r.cells[column], e) != ERR_OK)
			break;
	}
	return e->code;
}

/* The order of the records becomes a file. */
static enum err_code put_in_order(struct load *load, const char *folder, struct run *run, struct err *e)
{
	struct ordering *ordering = NULL;
	size_t column;

	if (!is_ordered(load) || order_column(load, &column, e) != ERR_OK)
		return e->code;
	if (ordering_new(&ordering, e) == ERR_OK && add_records(load, ordering, column, e) == ERR_OK)
		ordering_write(ordering, folder, run->order_hash, e);
	ordering_free(ordering);
	snprintf(run->order_by, sizeof run->order_by, "%s", load->options.order_by);
	return e->code;
}

static enum err_code loaded_already(struct journal *j, int64_t id, struct err *e)
{
	static const char *const ways[] = { [LOADED_LOOK] = "look at it with",
		                            [LOADED_WAIT] = "look at it with",
		                            [LOADED_RESUME] = "go on with it:",
		                            [LOADED_RETRY] = "try those again:" };
	struct run run;
	enum loaded_way way;
	char said[256];

	if (run_get(j, id, &run, e) != ERR_OK)
		return e->code;
	way = loaded_way(j, &run);
	loaded_say(&run, way, said, sizeof said);
	return err_set(e, ERR_LOADED,
	               "%s; %s `longshore %s %lld`, or load the whole file once more with --again", said,
	               ways[way], loaded_command(way), (long long)id);
}

enum err_code load_draft(struct load *load, struct journal *j, struct run *run, struct err *e)
{
	const char *api = load_api(load, e);
	int64_t same = 0;
	size_t column;

	if (!api || may_be_created(load, e) != ERR_OK ||
	    (is_ordered(load) && order_column(load, &column, e) != ERR_OK))
		return e->code;
	*run = (struct run){ .state = RUN_CHECKED };
	snprintf(run->api, sizeof run->api, "%s", api);
	fill_source(load, run);
	fill_plan(load, run);
	fill_org(load, run);
	if (j && access_may_write(run->org_id, e) != ERR_OK)
		return e->code;
	if (source_digest(run->file, run->file_hash, &run->file_size, e) != ERR_OK ||
	    fill_rest(load, run, e) != ERR_OK)
		return e->code;
	if (j && !load->options.again && run_same(j, run, &same, e) != ERR_OK)
		return e->code;
	return same ? loaded_already(j, same, e) : ERR_OK;
}

enum err_code load_create(struct load *load, struct journal *j, struct run *run, struct err *e)
{
	if (load_draft(load, j, run, e) != ERR_OK || put_in_order(load, journal_state(j), run, e) != ERR_OK)
		return e->code;
	return add_run(load, j, run, e);
}
