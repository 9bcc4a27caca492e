/* mapping.c - Mapping of New load: what each column sends, for the record under ← →, and the list of fields. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"

static int page_rows(const struct model *model)
{
	return model->rows - 7;
}

static const struct mapping_row *focused(const struct model *model)
{
	size_t i = table_focus(&model->wizard.mapping_table);

	return i < model->wizard.mapping_count ? &model->wizard.mapping[i] : NULL;
}

static void set_field(struct model *model, int column, const char *name)
{
	struct effect *effect = model_effect(model, EFFECT_SET_FIELD);

	model->wizard.column = column;
	model->wizard.checked = false;
	snprintf(effect->text, sizeof effect->text, "%s", name);
}

static void move_record(struct model *model, int by)
{
	struct wizard *wizard = &model->wizard;

	if (by < 0 && wizard->record <= 1) {
		model_tell(model, STYLE_PLAIN, "This is the first record");
		return;
	}
	if (by > 0 && wizard->record_last) {
		model_tell(model, STYLE_PLAIN, "This is the last record");
		return;
	}
	wizard->record += by;
	model_effect(model, EFFECT_SAMPLE);
}

static void choose_field(struct model *model, const struct mapping_row *row)
{
	struct wizard *wizard = &model->wizard;

	wizard->column = row->at;
	line_clear(&wizard->field_table.filter);
	wizard->field_table.cursor = 0;
	table_narrow(&wizard->field_table, wizard->field_count, wizard_field_text, wizard);
	for (size_t i = 0; i < wizard->field_count; i++)
		if (strcmp(wizard->fields[i].name, row->field) == 0)
			table_seek(&wizard->field_table, i);
	model_push(model, SCREEN_FIELD);
}

static void check(struct model *model)
{
	model_push(model, SCREEN_CHECK);
	if (!model->wizard.checked)
		model_effect(model, EFFECT_RUN_CHECK);
}

static void change(struct model *model, enum effect_kind kind, int column)
{
	model->wizard.column = column;
	model->wizard.checked = false;
	model_effect(model, kind);
}

/* The one under the cursor, or one more. */
static void ask_constant(struct model *model, const struct mapping_row *row)
{
	bool old = row && row->at < 0;
	char text[sizeof row->field + sizeof row->constant + 1] = "";

	if (old)
		snprintf(text, sizeof text, "%s=%s", row->field, row->constant);
	dialog_open(&model->dialog, DIALOG_LINE, VERB_CONSTANT, 0, "The same value in every record");
	dialog_line(
		&model->dialog,
		"FIELD=VALUE, as in LeadSource=Web; {run} {file} {record} {date} and {user} are filled in.");
	dialog_type(&model->dialog, "constant", text);
}

static void mapping_update(struct model *model, enum verb verb, struct key key)
{
	struct wizard *wizard = &model->wizard;
	const struct mapping_row *row = focused(model);

	if (wizard->mapping_table.narrowing) {
		if (table_filter_key(&wizard->mapping_table, key, page_rows(model)))
			table_narrow(&wizard->mapping_table, wizard->mapping_count, wizard_mapping_text,
			             wizard);
		return;
	}
	if (verb == VERB_NARROW)
		wizard->mapping_table.narrowing = true;
	else if (verb == VERB_NEXT)
		move_record(model, 1);
	else if (verb == VERB_PREVIOUS)
		move_record(model, -1);
	else if (verb == VERB_LEAVE_OUT && row)
		set_field(model, row->at, "");
	else if (verb == VERB_SET_FIELD && row)
		choose_field(model, row);
	else if (verb == VERB_ORDER && row)
		change(model, EFFECT_NEXT_ORDER, row->at);
	else if (verb == VERB_BLANK && row)
		change(model, EFFECT_NEXT_BLANK, row->at);
	else if (verb == VERB_CONSTANT)
		ask_constant(model, row);
	else if (verb == VERB_SAVED)
		model_effect(model, EFFECT_SAVED);
	else if (verb == VERB_CHECK)
		check(model);
	else
		table_move(&wizard->mapping_table, key, page_rows(model));
}

static const char *mapping_refuses(const struct model *model, enum verb verb)
{
	const struct mapping_row *row = focused(model);

	if (verb == VERB_CHECK && model->wizard.plan_error[0])
		return model->wizard.plan_error;
	if (verb == VERB_SAVED && model->wizard.plan_error[0] && !model->wizard.mapping_count)
		return model->wizard.plan_error;
	if ((verb == VERB_ORDER || verb == VERB_BLANK) && row && (row->at < 0 || row->mark == '-'))
		return row->at < 0 ? "A constant is not a column of the file" : "This column is not loaded";
	if (verb == VERB_ORDER && row && !row->dated)
		return "Only dates have an order of day and month";
	if ((verb == VERB_LEAVE_OUT || verb == VERB_SET_FIELD) && row && row->at < 0)
		return "A constant is not a column of the file";
	if (verb == VERB_LEAVE_OUT && row && row->mark == '-')
		return "This column is not loaded already";
	return NULL;
}

enum { TEXT_AT = 5 }; /* behind the cursor and the mark */

struct widths {
	int column, sample, sent, field;
};

static struct widths widths_of(int columns)
{
	int room = columns - 6;
	struct widths widths = { 0 };

	widths.sample = columns >= 70 ? room / 4 : 0;
	widths.column = room / 4;
	widths.sent = columns >= 70 ? room / 4 : room / 3;
	widths.field = room - widths.column - widths.sample - widths.sent;
	return widths;
}

static const char *mark_sign(char mark, enum style *style)
{
	switch (mark) {
	case '+':
		*style = STYLE_GOOD;
		return "✓";
	case '~':
		*style = STYLE_WARN;
		return "~";
	case '!':
		*style = STYLE_BAD;
		return "!";
	case '=':
		*style = STYLE_PLAIN;
		return "=";
	default:
		*style = STYLE_DIM;
		return "·";
	}
}

static void view_row(struct grid *grid, int at, const struct widths *widths, const struct mapping_row *row,
                     bool focus)
{
	int column = TEXT_AT;
	enum style style;
	const char *sign = mark_sign(row->mark, &style);
	enum style plain = row->mark == '-' ? STYLE_DIM : STYLE_PLAIN;
	int taken;

	grid_text(grid, at, 1, 1, focus ? "▸" : " ", STYLE_KEY);
	grid_text(grid, at, 3, 1, sign, style);
	grid_put(grid, at, column, widths->column - 2, slice_of(row->column), GIVE_MIDDLE, plain);
	column += widths->column;
	if (widths->sample)
		grid_put(grid, at, column, widths->sample - 2, slice_of(row->sample), GIVE_END, plain);
	column += widths->sample;
	grid_put(grid, at, column, widths->sent - 2, slice_of(row->mark == '-' ? "not loaded" : row->sent),
	         GIVE_END, row->mark == '!' ? STYLE_BAD : plain);
	column += widths->sent;
	taken = grid_put(grid, at, column, widths->field, slice_of(row->field), GIVE_MIDDLE, plain);
	if (row->required && taken + 2 + 8 <= widths->field)
		grid_text(grid, at, column + taken + 2, 8, "required", STYLE_DIM);
	if (focus)
		grid_focus(grid, at, 1, grid->columns - 2);
}

static void view_head(const struct wizard *wizard, struct grid *grid, const struct widths *widths)
{
	int column = TEXT_AT;
	char record[48], number[28];

	snprintf(record, sizeof record, "record %s", text_count(wizard->record, number, sizeof number));
	grid_text(grid, 2, column, widths->column - 2, "column", STYLE_DIM);
	column += widths->column;
	if (widths->sample)
		grid_text(grid, 2, column, widths->sample - 2, record, STYLE_DIM);
	column += widths->sample;
	grid_text(grid, 2, column, widths->sent - 2, widths->sample ? "sent as" : record, STYLE_DIM);
	column += widths->sent;
	grid_text(grid, 2, column, widths->field, "field", STYLE_DIM);
}

static void mapping_view(struct model *model, struct grid *grid)
{
	struct wizard *wizard = &model->wizard;
	struct table *table = &wizard->mapping_table;
	struct widths widths = widths_of(grid->columns);
	const struct mapping_row *row = focused(model);
	int page = page_rows(model);
	char what[WIZARD_TEXT * 2], detail[640];

	wizard_what(wizard, what, sizeof what);
	chrome_title_step(grid, "New load › Mapping", what, "step 4 of 6", wizard_badge(model));
	view_head(wizard, grid, &widths);
	table_scroll(table, page);
	for (int i = 0; i < page && table->top + (size_t)i < table->count; i++)
		view_row(grid, 3 + i, &widths, &wizard->mapping[table_entry(table, table->top + (size_t)i)],
		         table->top + (size_t)i == table->cursor);
	chrome_rule(grid, grid->rows - 4);
	if (row) {
		snprintf(detail, sizeof detail, "%s%s%s: %s", row->column, row->field[0] ? " → " : "",
		         row->field, row->note);
		grid_text(grid, grid->rows - 3, 1, grid->columns - 2, detail,
		          row->mark == '!' ? STYLE_BAD : STYLE_PLAIN);
	}
	grid_text(grid, grid->rows - 2, 1, grid->columns - 2,
	          wizard->record_error[0] ? wizard->record_error
	          : wizard->plan_error[0] ? wizard->plan_error
	                                  : wizard->plan_note,
	          wizard->record_error[0] || wizard->plan_error[0] ? STYLE_WARN : STYLE_DIM);
	table_filter_view(table, grid, grid->rows - 2);
}

static void mapping_copies(const struct model *model, struct copies *copies)
{
	const struct mapping_row *row = focused(model);

	if (!row)
		return;
	copies_add(copies, "the field", "%s", row->field);
	copies_add(copies, "the column", "%s", row->column);
	copies_add(copies, "the value", "%s", row->sample);
	copies_add(copies, "what is sent", "%s", row->sent);
}

static void mapping_answered(struct model *model, enum verb verb, int64_t run, int answer)
{
	(void)run;
	if (verb == VERB_SAVED) {
		saved_answered(model, answer);
	} else if (verb == VERB_CONSTANT && answer > 0) {
		model->wizard.checked = false;
		snprintf(model_effect(model, EFFECT_CONSTANT)->text, COPY_TEXT, "%s", model->dialog.line.text);
	}
}

const struct screen screen_mapping = {
	.answered = mapping_answered,
	.update = mapping_update,
	.view = mapping_view,
	.refuses = mapping_refuses,
	.copies = mapping_copies,
};

/* ---- the field of a column ---- */

static void field_update(struct model *model, enum verb verb, struct key key)
{
	struct wizard *wizard = &model->wizard;
	size_t i = table_focus(&wizard->field_table);

	if (verb == VERB_CHOOSE) {
		if (i >= wizard->field_count)
			return;
		model_pop(model);
		set_field(model, wizard->column, wizard->fields[i].name);
	} else if (table_filter_key(&wizard->field_table, key, model->rows - 6)) {
		table_narrow(&wizard->field_table, wizard->field_count, wizard_field_text, wizard);
	}
}

static void view_field(struct grid *grid, int at, const struct field_row *field, bool focus)
{
	bool wide = grid->columns >= 70;
	int room = grid->columns - 4 - 30;
	int name = wide ? room / 2 : room;
	char type[64], taken[160];

	snprintf(taken, sizeof taken, "%s%s", field->taken_by[0] ? "← " : "", field->taken_by);
	if (field->length)
		snprintf(type, sizeof type, "%s %d", field->type, field->length);
	else
		snprintf(type, sizeof type, "%s", field->type);
	grid_text(grid, at, 1, 1, focus ? "▸" : " ", STYLE_KEY);
	grid_put(grid, at, 3, name - 2, slice_of(field->name), GIVE_MIDDLE,
	         field->writeable ? STYLE_PLAIN : STYLE_DIM);
	if (wide)
		grid_put(grid, at, 3 + name, room - name - 2, slice_of(field->label), GIVE_MIDDLE, STYLE_DIM);
	grid_text(grid, at, 3 + room, 18, type, STYLE_DIM);
	if (field->required)
		grid_text(grid, at, 3 + room + 18, 12, "required", STYLE_WARN);
	if (field->taken_by[0])
		grid_put(grid, at, 3 + room + 18, 12, slice_of(taken), GIVE_MIDDLE, STYLE_DIM);
	if (focus)
		grid_focus(grid, at, 1, grid->columns - 2);
}

static void field_view(struct model *model, struct grid *grid)
{
	struct wizard *wizard = &model->wizard;
	struct table *table = &wizard->field_table;
	int page = grid->rows - 6;
	const char *column = "";
	char title[WIZARD_TEXT + 64];

	for (size_t i = 0; i < wizard->mapping_count; i++)
		if (wizard->mapping[i].at == wizard->column)
			column = wizard->mapping[i].column;
	snprintf(title, sizeof title, "New load › Mapping › field for %s", column);
	chrome_title_step(grid, title, "", "step 4 of 6", wizard_badge(model));
	table_scroll(table, page);
	for (int i = 0; i < page && table->top + (size_t)i < table->count; i++)
		view_field(grid, 2 + i, &wizard->fields[table_entry(table, table->top + (size_t)i)],
		           table->top + (size_t)i == table->cursor);
	if (!table->count)
		grid_text(grid, 2, 3, grid->columns - 4, "No field fits. Esc shows them all.", STYLE_DIM);
	chrome_rule(grid, grid->rows - 3);
	table_typed_view(table, grid, grid->rows - 2, "field");
}

const struct screen screen_field = { .update = field_update, .view = field_view };
