/* draft_group.c - the records of one group of findings, read anew from the file: nobody keeps them during the check. */
#include "ui/console/draft_rows.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/engine/org_check.h"

enum { LOOK_EVERY = 1000 };

/* A look through the file. Records that are left out for something beyond them come from a list, in the order of the file. */
struct search {
	struct draft *draft;
	struct draft_progress *progress;
	size_t most;
	int64_t listed; /* the next record of that list; 0: the group is of what a record has in itself */
	struct plan_bar bar;
	struct buf payload;
	struct err *e;
};

static bool by_list(enum rule rule)
{
	return rule == RULE_SAME_KEY || rule == RULE_NOT_IN_ORG || rule == RULE_IN_ORG ||
	       rule == RULE_SEVERAL || rule == RULE_NOT_OFFERED;
}

/* The next record of the list that is of this group. */
static enum err_code list_next(struct search *search)
{
	struct load *load = &search->draft->load;
	const struct finding *finding = &search->draft->finding;
	const struct layout *layout = &load->plan->layout;
	bool more = true;

	while (more) {
		if (finding->rule == RULE_SAME_KEY)
			keys_next(load->check.keys, &search->listed, &search->bar, &more, search->e);
		else
			org_check_next(load->asked, &search->listed, &search->bar, &more, search->e);
		if (search->e->code != ERR_OK)
			return search->e->code;
		if (more && (search->bar.rule == RULE_SAME_KEY ||
		             (search->bar.rule == finding->rule &&
		              strcmp(layout->columns[search->bar.other].name, finding->field) == 0)))
			return ERR_OK;
	}
	search->listed = INT64_MAX;
	return ERR_OK;
}

static enum err_code list_begin(struct search *search)
{
	struct load *load = &search->draft->load;

	if (!by_list(search->draft->finding.rule))
		return ERR_OK;
	if (search->draft->finding.rule == RULE_SAME_KEY)
		keys_begin(load->check.keys, search->e);
	else if (load->asked)
		org_check_begin(load->asked, search->e);
	else
		return err_set(search->e, ERR_INTERNAL, "the org was not asked");
	return search->e->code == ERR_OK ? list_next(search) : search->e->code;
}

/* Is this finding one of the group? A group of picklist values may be all of a field. */
static bool is_of(const struct finding *group, const struct plan_finding *finding)
{
	if (finding->rule != group->rule || strcmp(finding->field, group->field) != 0)
		return false;
	return group->rule == RULE_PICKLIST || (strlen(group->message) == finding->shared &&
	                                        memcmp(group->message, finding->message, finding->shared) == 0);
}

static bool belongs(struct search *search, const struct record *record)
{
	struct plan_line line;
	bool found = false;

	if (search->listed)
		return record->number == search->listed;
	if (record->number < search->draft->finding.example_record)
		return false;
	buf_clear(&search->payload);
	plan_record(search->draft->load.plan, record, &search->payload, &line);
	for (size_t i = 0; i < line.finding_count && !found; i++)
		found = is_of(&search->draft->finding, &line.findings[i]);
	return found;
}

/* Where the key of the action stands, -1 if there is none or it is the field the finding is about. */
static int key_column(const struct draft *draft)
{
	const struct load *load = &draft->load;

	for (size_t i = 0; load->plan->key && i < load->mapping->count; i++)
		if (load->mapping->entries[i].field == load->plan->key && !load->mapping->entries[i].far)
			return load->mapping->entries[i].column;
	return -1;
}

static void put_cell(char *to, size_t size, const struct record *record, int column)
{
	to[0] = '\0';
	if (column >= 0 && (size_t)column < record->count && !record->fault)
		draft_copy(to, size, record->cells[column]);
}

static void add_row(struct search *search, const struct record *record)
{
	struct draft *draft = search->draft;
	struct group_row *row = &draft->group[draft->group_count++];

	*row = (struct group_row){ .record = record->number, .offset = record->offset };
	put_cell(row->key, sizeof row->key, record, key_column(draft));
	if (record->fault)
		draft_copy(row->value, sizeof row->value, slice_of(record->fault));
	else
		put_cell(row->value, sizeof row->value, record, draft->group_column);
}

static bool is_stopped(struct search *search, const struct record *record)
{
	if (record->number % LOOK_EVERY)
		return false;
	atomic_store(&search->progress->offset, record->offset);
	atomic_store(&search->progress->size, source_shape(search->draft->load.source)->size);
	return atomic_load(&search->progress->stop);
}

static enum err_code read_all(struct search *search)
{
	struct draft *draft = search->draft;
	struct source *source = draft->load.source;
	struct record record;
	bool more = true;

	if (source_seek(source, 1, source_shape(source)->first_offset, search->e) != ERR_OK)
		return search->e->code;
	while (!draft->group_more && search->listed != INT64_MAX) {
		if (source_next(source, &record, &more, search->e) != ERR_OK || !more)
			break;
		if (is_stopped(search, &record))
			return err_set(search->e, ERR_STOPPED, "the records were not looked for any further");
		if (!belongs(search, &record))
			continue;
		draft->group_more = draft->group_count == search->most;
		if (!draft->group_more)
			add_row(search, &record);
		if (search->listed && list_next(search) != ERR_OK)
			break;
	}
	return search->e->code;
}

static int column_of(const struct draft *draft)
{
	const struct load *load = &draft->load;

	for (size_t i = 0; i < load->mapping->count; i++)
		if (strcmp(load->mapping->entries[i].name, draft->finding.field) == 0)
			return load->mapping->entries[i].column;
	return -1;
}

void draft_choose_group(struct draft *draft, const struct wizard *wizard)
{
	draft->finding = wizard->group.finding;
}

enum err_code draft_group(struct draft *draft, size_t most, struct draft_progress *progress, struct err *e)
{
	struct search search = { .draft = draft, .progress = progress, .most = most, .e = e };

	free(draft->group);
	draft->group = calloc(most, sizeof *draft->group);
	draft->group_count = 0;
	draft->group_more = false;
	draft->group_column = column_of(draft);
	if (!draft->group)
		return err_memory(e, "the records of the group");
	buf_init(&search.payload, INT_MAX);
	if (list_begin(&search) == ERR_OK)
		read_all(&search);
	buf_release(&search.payload);
	return e->code;
}

void draft_fill_group(struct draft *draft, struct wizard *wizard)
{
	struct check_group *group = &wizard->group;
	const struct source_shape *shape = source_shape(draft->load.source);

	free(group->rows);
	group->rows = draft->group;
	group->count = group->table.count = draft->group_count;
	group->more = draft->group_more;
	group->column = draft->group_column;
	group->name[0] = '\0';
	if (group->column >= 0)
		snprintf(group->name, sizeof group->name, "%.*s", SLICE_ARGS(shape->columns[group->column]));
	group->table.cursor = group->table.top = 0;
	draft->group = NULL;
	draft->group_count = 0;
}

static bool tell_asked(void *ctx, int64_t done, int64_t records)
{
	struct draft_progress *progress = ctx;

	atomic_store(&progress->offset, done);
	atomic_store(&progress->size, records);
	return !atomic_load(&progress->stop);
}

enum err_code draft_ask_org(struct draft *draft, struct draft_progress *progress, struct err *e)
{
	return org_check_run(&draft->load, tell_asked, progress, e);
}
