/* org_form.c - one more org: by which way, what that way wants to know, and, for a browser, the waiting for it. */
#include <stdio.h>
#include <string.h>

#include "ui/console/chrome.h"
#include "ui/console/model.h"

static const struct form_field {
	const char *label;
	bool secret, wanted;
	const char *hint;
} fields[] = {
#define X(name, label, secret, wanted, hint) [ORG_FIELD_##name] = { label, secret, wanted, hint },
	ORG_FIELDS(X)
#undef X
};

static const struct form_way {
	const char *label;
	unsigned fields;
	const char *good_for;
} ways[] = {
#define X(name, label, fields, good_for) [ORG_WAY_##name] = { label, fields, good_for },
	ORG_WAYS(X)
#undef X
};

/* ---- the form's own ---- */

bool org_field_secret(enum org_field field)
{
	return fields[field].secret;
}

bool org_field_shown(const struct org_form *form, enum org_field field)
{
	if (form->waiting)
		return field == ORG_FIELD_ADDRESS;
	return ways[form->way].fields & 1u << field;
}

void org_form_wipe(struct org_form *form)
{
	explicit_bzero(form->lines, sizeof form->lines);
	form->filled = form->waiting = false;
	form->url[0] = '\0';
}

void org_form_release(struct org_form *form)
{
	org_form_wipe(form);
	table_release(&form->ways);
}

void org_form_open(struct org_form *form, enum org_way way, const char *name)
{
	org_form_wipe(form);
	form->way = way;
	form->ways.cursor = way;
	form->filled = true;
	form->field = ORG_FIELD_NAME;
	line_set(&form->lines[ORG_FIELD_NAME], name);
}

/* The next one shown that way; the same where there is none. */
static enum org_field step(const struct org_form *form, int by)
{
	for (int i = (int)form->field + by; i >= 0 && i < ORG_FIELD_COUNT; i += by)
		if (org_field_shown(form, (enum org_field)i))
			return (enum org_field)i;
	return form->field;
}

/* The first that must be filled and is not; ORG_FIELD_COUNT if all are. Where the app signs in as itself, or passes a
 * password on, its secret is wanted. */
static enum org_field missing(const struct org_form *form)
{
	for (int i = 0; i < ORG_FIELD_COUNT; i++) {
		bool wanted = fields[i].wanted ||
		              (i == ORG_FIELD_CLIENT_SECRET &&
		               (form->way == ORG_WAY_CLIENT || form->way == ORG_WAY_GRANT)) ||
		              (i == ORG_FIELD_DOMAIN && form->way == ORG_WAY_TOKEN);

		if (org_field_shown(form, (enum org_field)i) && wanted && !form->lines[i].len)
			return (enum org_field)i;
	}
	return ORG_FIELD_COUNT;
}

/* ---- which way ---- */

static void way_update(struct model *model, enum verb verb, struct key key)
{
	struct org_form *form = &model->form;

	form->ways.count = ORG_WAY_COUNT;
	if (verb != VERB_CHOOSE) {
		table_move(&form->ways, key, ORG_WAY_COUNT);
		return;
	}
	org_form_open(form, (enum org_way)form->ways.cursor, "");
	model_push(model, SCREEN_ORG_FORM);
}

static void way_view(struct model *model, struct grid *grid)
{
	const struct org_form *form = &model->form;

	chrome_title(grid, "Longshore › Orgs › Add", "how does one sign in?");
	for (int i = 0; i < ORG_WAY_COUNT; i++) {
		bool focus = (size_t)i == form->ways.cursor;

		grid_text(grid, 2 + i, 1, 1, focus ? "▸" : " ", STYLE_KEY);
		grid_text(grid, 2 + i, 3, 19, ways[i].label, STYLE_TITLE);
		grid_text(grid, 2 + i, 23, grid->columns - 24, ways[i].good_for, STYLE_PLAIN);
		if (focus)
			grid_focus(grid, 2 + i, 1, grid->columns - 2);
	}
	chrome_rule(grid, grid->rows - 4);
	chrome_wrap(grid, grid->rows - 3, 1, grid->columns - 2, 2, ways[form->ways.cursor].good_for,
	            STYLE_PLAIN);
}

const struct screen screen_org_way = { .update = way_update, .view = way_view };

/* ---- the form ---- */

static void sign_in(struct model *model)
{
	struct org_form *form = &model->form;
	enum org_field first = missing(form);

	if (model->busy[0])
		return;
	if (form->waiting) {
		if (form->lines[ORG_FIELD_ADDRESS].len)
			model_effect(model, EFFECT_ORG_PASTE);
		return;
	}
	if (first < ORG_FIELD_COUNT) {
		form->field = first;
		model_tell(model, STYLE_WARN, "%s is wanted: %s", fields[first].label, fields[first].hint);
		return;
	}
	model_effect(model, EFFECT_ORG_SIGN_IN);
}

static void form_update(struct model *model, enum verb verb, struct key key)
{
	struct org_form *form = &model->form;
	enum org_field next = step(form, 1);

	if (verb == VERB_NEXT_FIELD || key.code == K_DOWN)
		form->field = next;
	else if (verb == VERB_PREVIOUS_FIELD || key.code == K_UP)
		form->field = step(form, -1);
	else if (verb == VERB_SIGN_IN && next != form->field)
		form->field = next;
	else if (verb == VERB_SIGN_IN)
		sign_in(model);
	else
		line_key(&form->lines[form->field], key);
}

static void form_paste(struct model *model, struct slice text)
{
	line_insert(&model->form.lines[model->form.field], text);
}

static void view_line(struct grid *grid, int row, int column, int width, const struct line *line, bool secret,
                      bool focus)
{
	if (secret && focus)
		line_view_secret(line, grid, row, column, width);
	else if (focus)
		line_view(line, grid, row, column, width);
	else
		grid_put(grid, row, column, width,
		         slice_of(!secret     ? line->text
		                  : line->len ? "********"
		                              : ""),
		         GIVE_MIDDLE, STYLE_INPUT);
}

static int view_fields(const struct org_form *form, struct grid *grid, int row)
{
	for (int i = 0; i < ORG_FIELD_COUNT; i++) {
		bool focus = form->field == (enum org_field)i;

		if (!org_field_shown(form, (enum org_field)i))
			continue;
		grid_text(grid, row, 1, 1, focus ? "▸" : " ", STYLE_KEY);
		grid_text(grid, row, 3, 15, fields[i].label, focus ? STYLE_TITLE : STYLE_PLAIN);
		view_line(grid, row, 19, grid->columns - 20, &form->lines[i], fields[i].secret, focus);
		row++;
	}
	return row;
}

/* From the first column to the last, so that a terminal takes it for one word. Returns the row behind it. */
static int view_url(struct grid *grid, int row, const char *url)
{
	size_t len = strlen(url), wide = (size_t)grid->columns;

	for (size_t at = 0; at < len && row < grid->rows - 5; at += wide) {
		size_t n = len - at < wide ? len - at : wide;

		grid_put(grid, row++, 0, grid->columns, (struct slice){ url + at, n }, GIVE_END, STYLE_LIVE);
	}
	return row;
}

static void view_waiting(const struct org_form *form, struct grid *grid)
{
	char told[1280];
	int row;

	grid_text(grid, 1, 1, grid->columns - 2,
	          "Open this in a browser, on this machine or any other, and choose Allow:", STYLE_PLAIN);
	row = view_url(grid, 2, form->url);
	if (form->deaf[0])
		snprintf(told, sizeof told,
		         "Nobody waits for the browser here: %s. Paste the address where it ends.", form->deaf);
	else
		snprintf(
			told, sizeof told,
			"Waiting at %s. If the browser is on another machine, paste the address where it ends.",
			form->back);
	row += chrome_wrap(grid, row, 1, grid->columns - 2, 2, told, STYLE_DIM);
	view_fields(form, grid, row);
}

static void form_view(struct model *model, struct grid *grid)
{
	const struct org_form *form = &model->form;

	chrome_title(grid, "Longshore › Orgs › Add", ways[form->way].label);
	if (form->waiting) {
		view_waiting(form, grid);
		return;
	}
	view_fields(form, grid, 2);
	chrome_rule(grid, grid->rows - 4);
	chrome_wrap(grid, grid->rows - 3, 1, grid->columns - 2, 2, fields[form->field].hint, STYLE_PLAIN);
}

static const char *form_label(const struct model *model, enum verb verb)
{
	const struct org_form *form = &model->form;

	if (verb != VERB_SIGN_IN)
		return NULL;
	if (form->waiting)
		return "take it";
	return step(form, 1) != form->field ? "next" : "sign in";
}

const struct screen screen_org_form = {
	.update = form_update, .view = form_view, .paste = form_paste, .label = form_label
};
