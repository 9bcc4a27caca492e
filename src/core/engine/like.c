#include "core/engine/like.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"

enum { MOST_MAPPING = 4 * 1024 * 1024 };

/* The columns of the file that a run was made for. */
static enum err_code read_columns(struct like *like, struct journal *j, struct err *e)
{
	struct source_kept kept = { .path = like->run.file, .delimiter = like->run.delimiter };
	struct source *source = NULL;
	struct buf header;

	buf_init(&header, INT_MAX);
	if (run_header(j, like->run.id, &header, e) == ERR_OK) {
		kept.header = buf_slice(&header);
		if (source_open_kept(&source, &kept, e) == ERR_OK)
			mapping_columns(source_shape(source)->columns, source_shape(source)->column_count,
			                like->columns);
	}
	source_close(source);
	buf_release(&header);
	return e->code;
}

static enum err_code find_run(struct like *like, struct journal *j, int64_t id, struct err *e)
{
	if (run_get(j, id, &like->run, e) != ERR_OK)
		return e->code;
	if (like->run.undo_of)
		return err_set(e, ERR_USAGE, "run %" PRId64 " undoes run %" PRId64 ": name a load", id,
		               like->run.undo_of);
	if (run_plan(j, id, &like->mapping, NULL, e) == ERR_OK && like->mapping.len == 0)
		return err_set(e, ERR_USAGE, "run %" PRId64 " has been pruned: its mapping is gone", id);
	return e->code == ERR_OK ? read_columns(like, j, e) : e->code;
}

enum err_code like_find(struct like *like, struct journal *j, const char *word, struct err *e)
{
	int64_t id;

	*like = (struct like){ 0 };
	buf_init(&like->mapping, MOST_MAPPING);
	if (number_whole(slice_of(word), &id) && id > 0)
		return find_run(like, j, id, e);
	if (saved_mapping_get(j, word, &like->saved, &like->mapping, e) == ERR_OK)
		snprintf(like->columns, sizeof like->columns, "%s", like->saved.columns);
	return e->code;
}

void like_release(struct like *like)
{
	buf_release(&like->mapping);
}

static void fill_text(const char **option, const char *text)
{
	if (!*option && text[0])
		*option = text;
}

static void fill_options(const struct run *run, struct load_options *o)
{
	fill_text(&o->api, run->api);
	fill_text(&o->assignment_rule, run->assignment_rule);
	fill_text(&o->order_by, run->order_by);
	if (o->allow_failures < 0)
		o->allow_failures = run->allow_failures;
	if (o->same_key == SAME_KEY_ASK)
		same_key_of(run->same_key, &o->same_key);
	if (o->chunk_records == 0)
		o->chunk_records = run->chunk_records;
	if (o->parallel == 0)
		o->parallel = run->parallel;
	if (o->keep_calls == 0)
		o->keep_calls = run->keep_calls;
	o->skip_invalid = o->skip_invalid || run->skip_invalid;
	o->skip_unchanged = o->skip_unchanged || run->skip_unchanged;
	o->allow_duplicates = o->allow_duplicates || run->allow_duplicates;
	o->all_or_none = o->all_or_none || run->all_or_none;
}

void like_fill(const struct like *like, struct load_options *o)
{
	bool run = like->run.id != 0;

	fill_text(&o->object, run ? like->run.object : like->saved.object);
	fill_text(&o->action, run ? like->run.action : like->saved.action);
	fill_text(&o->external_id, run ? like->run.external_id : like->saved.external_id);
	if (!o->map) {
		o->map_text = buf_slice(&like->mapping);
		o->map_of_another = true;
	}
	if (run)
		fill_options(&like->run, o);
}

bool like_differs(const struct like *like, const struct load *load, char *why, size_t size)
{
	int64_t was = like->run.counts.records, is = load->check.records;
	char columns[HASH_TEXT], before[27], now[27];

	mapping_columns(load->request.columns, load->request.column_count, columns);
	if (strcmp(columns, like->columns) != 0) {
		snprintf(why, size, "its columns are others");
		return true;
	}
	if (was == 0 || (is * 2 > was && is < was * 2))
		return false;
	snprintf(why, size, "it has %s records, that one had %s", text_count(is, now, sizeof now),
	         text_count(was, before, sizeof before));
	return true;
}
