/* draft_fix.c - what is mended on Check: shown before it is done, done to the mapping or to single cells, and taken back. */
#include "ui/console/draft_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { MOST_MAP_BYTES = 4 * 1024 * 1024 };

/* ---- steps ---- */

static void release(struct draft_state *states, int *count)
{
	while (*count > 0)
		free(states[--*count].map);
}

static bool state_of(const struct draft *draft, struct draft_state *state)
{
	struct buf text;

	buf_init(&text, MOST_MAP_BYTES);
	mapping_write(draft->load.mapping, &draft->load.request, false, &text);
	*state = (struct draft_state){ .map_len = text.len,
		                       .same_key = draft->load.options.same_key,
		                       .skip_unchanged = draft->load.options.skip_unchanged,
		                       .cells = draft->cell_count };
	state->map = text.short_of ? NULL : malloc(text.len + 1);
	if (state->map)
		memcpy(state->map, buf_text(&text), text.len + 1);
	buf_release(&text);
	return state->map != NULL;
}

/* The oldest one gives way. False without memory. */
static bool push(struct draft *draft, struct draft_state *states, int *count)
{
	struct draft_state state;

	if (!state_of(draft, &state))
		return false;
	if (*count == DRAFT_STEPS) {
		free(states[0].map);
		memmove(states, states + 1, (DRAFT_STEPS - 1) * sizeof *states);
		--*count;
	}
	states[(*count)++] = state;
	return true;
}

/* From here on something else is done: what was taken back is gone. */
static enum err_code begin_step(struct draft *draft, struct err *e)
{
	if (!push(draft, draft->done, &draft->done_count))
		return err_memory(e, "what can be taken back");
	release(draft->undone, &draft->undone_count);
	return ERR_OK;
}

/* It came to nothing. */
static void drop_step(struct draft *draft)
{
	free(draft->done[--draft->done_count].map);
}

static int by_record(const void *a, const void *b, void *ctx)
{
	const struct edit *cells = ctx;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;

	if (cells[x].record != cells[y].record)
		return cells[x].record < cells[y].record ? -1 : 1;
	return x < y ? -1 : 1;
}

static void count_cells(struct draft *draft, size_t count)
{
	draft->cell_count = count;
	for (size_t i = 0; i < count; i++)
		draft->cell_order[i] = i;
	if (count)
		qsort_r(draft->cell_order, count, sizeof *draft->cell_order, by_record, draft->cells);
}

static enum err_code replan(struct draft *draft, struct err *e)
{
	err_init(&draft->plan_error);
	if (load_plan(&draft->load, &draft->plan_error) == ERR_OK)
		return ERR_OK;
	return err_set(e, draft->plan_error.code, "%s", draft->plan_error.text);
}

static enum err_code restore_map(struct draft *draft, const struct draft_state *state, struct err *e)
{
	struct load *load = &draft->load;
	struct mapping_request request = load->request;
	struct mapping *mapping;

	request.map_json = (struct slice){ state->map, state->map_len };
	request.map_is_sdl = false;
	request.words = NULL;
	if (mapping_new(&mapping, &request, e) != ERR_OK)
		return e->code;
	plan_free(load->plan);
	load->plan = NULL;
	mapping_free(load->mapping);
	load->mapping = mapping;
	return replan(draft, e);
}

static enum err_code restore(struct draft *draft, const struct draft_state *state, struct err *e)
{
	if (restore_map(draft, state, e) != ERR_OK)
		return e->code;
	draft->load.options.same_key = state->same_key;
	draft->load.options.skip_unchanged = state->skip_unchanged;
	count_cells(draft, state->cells);
	return ERR_OK;
}

enum err_code draft_step(struct draft *draft, bool back, struct wizard *wizard, struct err *e)
{
	struct draft_state *from = back ? draft->done : draft->undone;
	int *from_count = back ? &draft->done_count : &draft->undone_count;

	if (!*from_count)
		return err_set(e, ERR_USAGE,
		               back ? "nothing was mended here that could be taken back"
		                    : "nothing was taken back that could be done again");
	if (!push(draft, back ? draft->undone : draft->done, back ? &draft->undone_count : &draft->done_count))
		return err_memory(e, "what can be taken back");
	restore(draft, &from[--*from_count], e);
	free(from[*from_count].map);
	wizard->same_key = draft->load.options.same_key;
	wizard->skip_unchanged = draft->load.options.skip_unchanged;
	return e->code;
}

void draft_steps_clear(struct draft *draft)
{
	release(draft->done, &draft->done_count);
	release(draft->undone, &draft->undone_count);
}

void draft_steps_release(struct draft *draft)
{
	draft_steps_clear(draft);
	for (size_t i = 0; i < draft->cell_all; i++) {
		free((void *)(uintptr_t)draft->cells[i].value.at);
		free((void *)(uintptr_t)draft->cells[i].column.at);
	}
	free(draft->cells);
	free(draft->cell_order);
	free(draft->cells_here);
	free(draft->group);
}

/* A choice of the check: an answer counts as a step, too. */
enum err_code draft_choose_check(struct draft *draft, const struct wizard *wizard, struct err *e)
{
	struct load_options *options = &draft->load.options;

	if (options->same_key == wizard->same_key && options->skip_unchanged == wizard->skip_unchanged)
		return ERR_OK;
	if (draft->load.mapping && begin_step(draft, e) != ERR_OK)
		return e->code;
	options->same_key = wizard->same_key;
	options->skip_unchanged = wizard->skip_unchanged;
	return ERR_OK;
}

/* ---- fixes ---- */

enum err_code draft_fix(struct draft *draft, const struct fix *fix, struct err *e)
{
	struct load *load = &draft->load;

	if (begin_step(draft, e) != ERR_OK)
		return e->code;
	if (fix_apply(fix, load->mapping, &load->request, e) != ERR_OK) {
		drop_step(draft);
		return e->code;
	}
	return replan(draft, e);
}

enum err_code draft_take_values(struct draft *draft, const struct wizard *wizard, struct err *e)
{
	struct load *load = &draft->load;
	struct fix fix = { .kind = FIX_VALUE };

	if (begin_step(draft, e) != ERR_OK)
		return e->code;
	snprintf(fix.field, sizeof fix.field, "%s", wizard->group.finding.field);
	for (size_t i = 0; i < wizard->value_count && e->code == ERR_OK; i++) {
		if (!wizard->values[i].taken)
			continue;
		snprintf(fix.from, sizeof fix.from, "%s", wizard->values[i].from);
		snprintf(fix.to, sizeof fix.to, "%s", wizard->values[i].to);
		fix_apply(&fix, load->mapping, &load->request, e);
	}
	if (e->code == ERR_OK)
		return replan(draft, e);
	restore_map(draft, &draft->done[draft->done_count - 1], &draft->plan_error);
	drop_step(draft);
	return e->code;
}

enum { TAIL = 24 };

/* Of a text that is cut the end is what matters: "312 characters" becomes "255, up to …Brandt Foods". */
static void tell_cut(struct slice was, struct slice becomes, struct fix_example *example)
{
	size_t skip = becomes.len > TAIL ? becomes.len - TAIL : 0;

	while (skip < becomes.len && ((unsigned char)becomes.at[skip] & 0xc0) == 0x80)
		skip++;
	snprintf(example->was, sizeof example->was, "%zu characters", text_length(was));
	snprintf(example->becomes, sizeof example->becomes, "%zu, up to …%.*s", text_length(becomes),
	         (int)(becomes.len - skip), becomes.at + skip);
}

static void tell(struct draft *draft, const struct record *record, const struct fix *fix,
                 struct fix_example *example)
{
	const struct mapping *mapping = draft->load.mapping;
	struct plan_finding finding;
	struct buf text;

	buf_init(&text, 1024 * 1024);
	for (size_t i = 0; i < mapping->count; i++) {
		struct slice becomes;

		if (strcmp(mapping->entries[i].name, fix->field) != 0)
			continue;
		becomes = plan_cell(draft->load.plan, record, i, &text, &finding) ? buf_slice(&text)
		                                                                  : slice_of(finding.message);
		draft_copy(example->becomes, sizeof example->becomes, becomes);
		if (mapping->entries[i].column < 0)
			continue;
		draft_copy(example->was, sizeof example->was, record->cells[mapping->entries[i].column]);
		if (fix->kind == FIX_CUT)
			tell_cut(record->cells[mapping->entries[i].column], becomes, example);
	}
	buf_release(&text);
}

static void add_example(struct draft *draft, const struct group_row *row, struct fix_choice *choice)
{
	struct source *source = draft->load.source;
	struct fix_example *example = &choice->examples[choice->example_count];
	struct record record;
	struct err ignored;
	bool more = false;

	err_init(&ignored);
	*example = (struct fix_example){ .record = row->record };
	if (source_seek(source, row->record, row->offset, &ignored) != ERR_OK ||
	    source_next(source, &record, &more, &ignored) != ERR_OK || !more || record.fault)
		return;
	tell(draft, &record, &choice->fix, example);
	choice->example_count++;
}

/* What the way makes of the records that were found: it is tried, and taken back. */
static void fill_examples(struct draft *draft, struct fix_choice *choice)
{
	struct draft_state before;
	struct err ignored;

	err_init(&ignored);
	choice->example_count = 0;
	if ((*fix_wants(&choice->fix) && !choice->fix.to[0]) || fix_same_key(&choice->fix) != SAME_KEY_ASK ||
	    choice->fix.kind == FIX_LEAVE_COLUMN || !state_of(draft, &before))
		return;
	if (fix_apply(&choice->fix, draft->load.mapping, &draft->load.request, &ignored) == ERR_OK &&
	    replan(draft, &ignored) == ERR_OK)
		for (size_t i = 0; i < draft->group_count && i < FIX_EXAMPLES; i++)
			add_example(draft, &draft->group[i], choice);
	err_init(&ignored);
	restore_map(draft, &before, &ignored);
	free(before.map);
}

void draft_fill_fixes(struct draft *draft, struct wizard *wizard)
{
	struct fix fixes[FIX_MOST];

	wizard->fix_count = fix_list(draft->load.plan, &wizard->group.finding, fixes);
	for (size_t i = 0; i < wizard->fix_count; i++) {
		wizard->fixes[i].fix = fixes[i];
		fill_examples(draft, &wizard->fixes[i]);
	}
	draft->group_count = 0;
}

/* ---- values of a picklist ---- */

static const struct field *picklist_of(const struct draft *draft, const char *name)
{
	const struct mapping *mapping = draft->load.mapping;

	for (size_t i = 0; i < mapping->count; i++)
		if (strcmp(mapping->entries[i].name, name) == 0)
			return mapping->entries[i].far ? mapping->entries[i].far : mapping->entries[i].field;
	return NULL;
}

static void fill_picks(const struct field *field, struct wizard *wizard)
{
	free(wizard->picks);
	wizard->picks = calloc(field->value_count + 1, sizeof *wizard->picks);
	wizard->pick_count = 0;
	for (size_t i = 0; wizard->picks && i < field->value_count; i++) {
		struct pick_row *row = &wizard->picks[wizard->pick_count];

		if (!field->values[i].active)
			continue;
		snprintf(row->value, sizeof row->value, "%s", field->values[i].value);
		snprintf(row->label, sizeof row->label, "%s", field->values[i].label);
		wizard->pick_count++;
	}
}

void draft_fill_values(struct draft *draft, struct wizard *wizard)
{
	const struct check *check = &draft->load.check;
	const char *name = wizard->group.finding.field;
	const struct field *field = picklist_of(draft, name);

	free(wizard->values);
	wizard->values = calloc(check->count + 1, sizeof *wizard->values);
	wizard->value_count = 0;
	for (size_t i = 0; wizard->values && field && i < check->count; i++) {
		const struct finding *finding = &check->findings[i];
		struct value_row *row = &wizard->values[wizard->value_count];
		const struct picklist_value *near;

		if (finding->rule != RULE_PICKLIST || strcmp(finding->field, name) != 0 || !finding->value[0])
			continue;
		snprintf(row->from, sizeof row->from, "%s", finding->value);
		row->records = finding->count;
		near = nearest_value(field, slice_of(row->from), &row->near);
		snprintf(row->to, sizeof row->to, "%s", near ? near->value : "");
		wizard->value_count++;
	}
	if (field)
		fill_picks(field, wizard);
	wizard->value_table.count = wizard->value_count;
	wizard->value_table.cursor = wizard->value_table.top = 0;
}

/* ---- cells of single records ---- */

static bool grow_cells(struct draft *draft)
{
	size_t room = draft->cell_room ? draft->cell_room * 2 : 64;
	struct edit *cells;
	size_t *order;

	if (draft->cell_count < draft->cell_room)
		return true;
	cells = realloc(draft->cells, room * sizeof *cells);
	if (cells)
		draft->cells = cells;
	order = realloc(draft->cell_order, room * sizeof *order);
	if (order)
		draft->cell_order = order;
	if (!cells || !order)
		return false;
	draft->cell_room = room;
	return true;
}

static bool keep_text(struct slice *to, struct slice from)
{
	to->at = strndup(from.at, from.len);
	to->len = from.len;
	return to->at != NULL;
}

static void release_cell(struct edit *edit)
{
	free((void *)(uintptr_t)edit->value.at);
	free((void *)(uintptr_t)edit->column.at);
}

/* Those that were taken back go for good. */
static void forget_cells(struct draft *draft)
{
	while (draft->cell_all > draft->cell_count)
		release_cell(&draft->cells[--draft->cell_all]);
}

enum err_code draft_edit(struct draft *draft, int64_t record, int column, const char *value, struct err *e)
{
	struct slice name = source_shape(draft->load.source)->columns[column];
	struct edit edit = { .record = record };

	if (!keep_text(&edit.value, slice_of(value)) || !keep_text(&edit.column, name) || !grow_cells(draft) ||
	    begin_step(draft, e) != ERR_OK) {
		release_cell(&edit);
		return e->code != ERR_OK ? e->code : err_memory(e, "the edited cell");
	}
	forget_cells(draft);
	draft->cells[draft->cell_all++] = edit;
	count_cells(draft, draft->cell_all);
	return ERR_OK;
}

/* The first place in the order of a record that is not before this one. */
static size_t place_of(const struct draft *draft, int64_t record)
{
	size_t low = 0, high = draft->cell_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (draft->cells[draft->cell_order[middle]].record < record)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void change(void *ctx, struct record *record)
{
	struct draft *draft = ctx;
	const struct source_shape *shape = source_shape(draft->load.source);
	size_t at = place_of(draft, record->number);

	if (record->fault || at == draft->cell_count ||
	    draft->cells[draft->cell_order[at]].record != record->number)
		return;
	memcpy(draft->cells_here, record->cells, record->count * sizeof *record->cells);
	for (; at < draft->cell_count && draft->cells[draft->cell_order[at]].record == record->number; at++) {
		const struct edit *edit = &draft->cells[draft->cell_order[at]];

		for (size_t c = 0; c < record->count; c++)
			if (slice_equal(shape->columns[c], edit->column))
				draft->cells_here[c] = edit->value;
	}
	record->cells = draft->cells_here;
}

enum err_code draft_use_cells(struct draft *draft, struct err *e)
{
	const struct source_shape *shape = source_shape(draft->load.source);

	free(draft->cells_here);
	draft->cells_here = calloc(shape->column_count + 1, sizeof *draft->cells_here);
	if (!draft->cells_here)
		return err_memory(e, "edited records");
	source_set_change(draft->load.source, change, draft);
	return ERR_OK;
}
