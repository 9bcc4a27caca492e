#include "ui/console/screens/orgs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "core/org/org.h"
#include "ui/console/chrome.h"
#include "ui/console/model.h"

void orgs_screen_release(struct orgs_screen *orgs)
{
	free(orgs->rows);
	table_release(&orgs->table);
	memset(orgs, 0, sizeof *orgs);
}

const struct org_row *orgs_focused(const struct orgs_screen *orgs)
{
	size_t i = table_focus(&orgs->table);

	return i < orgs->count ? &orgs->rows[i] : NULL;
}

void orgs_take(struct orgs_screen *orgs, struct org_row *rows, size_t count)
{
	const struct org_row *focus = orgs_focused(orgs);
	char name[48] = "";

	if (focus)
		snprintf(name, sizeof name, "%s", focus->org.name);
	free(orgs->rows);
	orgs->rows = rows;
	orgs->count = count;
	orgs->read = true;
	orgs->table.count = count;
	if (orgs->table.cursor >= count)
		orgs->table.cursor = count ? count - 1 : 0;
	for (size_t i = 0; i < count; i++)
		if (strcmp(rows[i].org.name, name) == 0)
			orgs->table.cursor = i;
}

/* ---- colours ---- */

static enum style style_of_kind(const char *kind)
{
	if (strcmp(kind, org_kind_name(ORG_PRODUCTION)) == 0)
		return STYLE_PRODUCTION;
	return strcmp(kind, org_kind_name(ORG_PRACTICE)) == 0 ? STYLE_PRACTICE : STYLE_ORG;
}

static enum style style_of(const char *colour, const char *kind)
{
	static const struct {
		const char *name;
		enum style style;
	} colours[] = {
#define X(name, text) { text, STYLE_ORG_##name },
		ORG_COLOURS(X)
#undef X
	};

	for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++)
		if (strcmp(colour, colours[i].name) == 0)
			return colours[i].style;
	return style_of_kind(kind);
}

enum style org_style(const struct orgs_screen *orgs, const char *org_id, const char *kind)
{
	for (size_t i = 0; i < orgs->count; i++) {
		const struct saved_org *org = &orgs->rows[i].org;

		if (org_id[0] && org->colour[0] && strcmp(org->org_id, org_id) == 0)
			return style_of(org->colour, kind);
	}
	return style_of_kind(kind);
}

const char *org_kind_of_run(bool production, bool practice)
{
	return production ? org_kind_name(ORG_PRODUCTION) : practice ? org_kind_name(ORG_PRACTICE) : "";
}

/* ---- keys ---- */

static void ask_edit(struct model *model, const struct saved_org *org)
{
	struct dialog *dialog = &model->dialog;

	snprintf(model->orgs.asked, sizeof model->orgs.asked, "%s", org->name);
	model->orgs.edit = ORG_EDIT_WHAT;
	dialog_open(dialog, DIALOG_CHOOSE, VERB_EDIT_ORG, 0, "Edit %.60s", org->name);
	dialog_option(dialog, "sign in again, the way it was or another");
	dialog_option(dialog, org->locked ? "unlock it: it may be written to again"
	                                  : "lock it: looked at and checked, never written to");
	dialog_option(dialog, "its name");
	dialog_option(dialog, "its colour");
}

static void ask_delete(struct model *model, const struct saved_org *org)
{
	snprintf(model->orgs.asked, sizeof model->orgs.asked, "%s", org->name);
	dialog_open(&model->dialog, DIALOG_ASK, VERB_DELETE_ORG, 0, "Delete the entry %.60s", org->name);
	dialog_line(&model->dialog,
	            "How one signs in to it is forgotten here. Nothing in the org itself changes.");
}

static void tell_effect(struct model *model, enum effect_kind kind, const char *name)
{
	struct effect *effect = model_effect(model, kind);

	snprintf(effect->text, sizeof effect->text, "%s", name);
}

static void orgs_update(struct model *model, enum verb verb, struct key key)
{
	const struct org_row *row = orgs_focused(&model->orgs);

	if (verb == VERB_ADD_ORG)
		model_push(model, SCREEN_ORG_WAY);
	else if (verb == VERB_USE_ORG && row)
		tell_effect(model, EFFECT_ORG_USE, row->org.name);
	else if (verb == VERB_TEST_ORG && row)
		tell_effect(model, EFFECT_ORG_TEST, row->org.name);
	else if (verb == VERB_EDIT_ORG && row)
		ask_edit(model, &row->org);
	else if (verb == VERB_DELETE_ORG && row)
		ask_delete(model, &row->org);
	else
		table_move(&model->orgs.table, key, model->rows - 8);
}

/* clang-format off */
static const char *const colours[] = {
	"none",
#define X(name, text) text,
	ORG_COLOURS(X)
#undef X
};
/* clang-format on */
enum { COLOURS = sizeof colours / sizeof colours[0] };

static void ask_name(struct model *model)
{
	struct orgs_screen *orgs = &model->orgs;

	orgs->edit = ORG_EDIT_NAME;
	dialog_open(&model->dialog, DIALOG_LINE, VERB_EDIT_ORG, 0, "Rename %.60s", orgs->asked);
	dialog_type(&model->dialog, "new name:", orgs->asked);
}

static void ask_colour(struct model *model)
{
	struct orgs_screen *orgs = &model->orgs;

	orgs->edit = ORG_EDIT_COLOUR;
	dialog_open(&model->dialog, DIALOG_CHOOSE, VERB_EDIT_ORG, 0, "Colour of %.60s", orgs->asked);
	for (size_t i = 0; i < COLOURS; i++)
		dialog_option(&model->dialog, "%s", colours[i]);
}

static void change_answered(struct model *model, int answer)
{
	struct orgs_screen *orgs = &model->orgs;

	if (orgs->edit == ORG_EDIT_NAME)
		tell_effect(model, EFFECT_ORG_RENAME, model->dialog.line.text);
	else if (orgs->edit == ORG_EDIT_COLOUR)
		tell_effect(model, EFFECT_ORG_COLOUR, answer == 1 ? "" : colours[answer - 1]);
	else if (answer == 1)
		tell_effect(model, EFFECT_ORG_AGAIN, orgs->asked);
	else if (answer == 2)
		model_effect(model, EFFECT_ORG_LOCK);
	else if (answer == 3)
		ask_name(model);
	else
		ask_colour(model);
}

static void orgs_answered(struct model *model, enum verb verb, int64_t run, int answer)
{
	(void)run;
	if (!answer)
		return;
	if (verb == VERB_DELETE_ORG)
		model_effect(model, EFFECT_ORG_DELETE);
	else if (verb == VERB_EDIT_ORG)
		change_answered(model, answer);
}

static const char *orgs_label(const struct model *model, enum verb verb)
{
	(void)model;
	return verb == VERB_ADD_ORG ? "add" : NULL;
}

static const char *orgs_refuses(const struct model *model, enum verb verb)
{
	bool wants_one = verb == VERB_USE_ORG || verb == VERB_TEST_ORG || verb == VERB_EDIT_ORG ||
	                 verb == VERB_DELETE_ORG;

	return wants_one && !model->orgs.count ? "There is no org yet: n adds one" : NULL;
}

/* ---- drawing ---- */

/* Columns at a width; 0 hides one. */
struct widths {
	int name, kind, org, user, state, calls;
};

static struct widths widths_of(int columns)
{
	struct widths w = { .kind = 12, .state = 10, .calls = 16 };
	int room = columns - 5 - w.kind - w.state - w.calls;

	if (columns >= 100)
		w.org = room / 4;
	w.user = columns >= 70 ? (room - w.org) / 2 : 0;
	w.name = room - w.org - w.user;
	return w;
}

static bool is_production(const struct saved_org *org)
{
	return strcmp(org->kind, org_kind_name(ORG_PRODUCTION)) == 0;
}

static void view_head(struct grid *grid, const struct widths *w)
{
	int at = 3;

	grid_text(grid, 1, at, w->name - 1, "name", STYLE_DIM);
	at += w->name + 2;
	grid_text(grid, 1, at, w->kind - 1, "kind", STYLE_DIM);
	at += w->kind;
	grid_text(grid, 1, at, w->org - 1, "org", STYLE_DIM);
	at += w->org;
	grid_text(grid, 1, at, w->user - 1, "user", STYLE_DIM);
	at += w->user;
	grid_text(grid, 1, at, w->state - 1, "sign-in", STYLE_DIM);
	grid_right(grid, 1, at + w->state, w->calls - 2, "API calls left", STYLE_DIM);
}

static void view_state(struct grid *grid, int row, int at, int width, const struct saved_org *org)
{
	if (org->locked)
		grid_text(grid, row, at, width, "locked", STYLE_WARN);
	else if (org->trouble[0])
		grid_text(grid, row, at, width, "✗ refused", STYLE_BAD);
	else
		grid_text(grid, row, at, width, org->tried_ms ? "✓ works" : "untried",
		          org->tried_ms ? STYLE_GOOD : STYLE_DIM);
}

static void view_row(const struct model *model, struct grid *grid, int row, const struct widths *w,
                     const struct org_row *entry, bool focus)
{
	const struct saved_org *org = &entry->org;
	bool used = strcmp(model->orgs.used, org->name) == 0;
	int at = 3;

	grid_text(grid, row, 1, 1, focus ? "▸" : " ", STYLE_KEY);
	grid_put(grid, row, at, w->name - 1, slice_of(org->name), GIVE_MIDDLE,
	         style_of(org->colour, org->kind));
	at += w->name;
	grid_text(grid, row, at, 1,
	          is_production(org) ? "P"
	          : used             ? "•"
	                             : " ",
	          is_production(org) ? STYLE_PRODUCTION : STYLE_LIVE);
	at += 2;
	grid_put(grid, row, at, w->kind - 1, slice_of(org->kind), GIVE_END, style_of_kind(org->kind));
	at += w->kind;
	grid_put(grid, row, at, w->org - 1, slice_of(org->org_name), GIVE_MIDDLE, STYLE_PLAIN);
	at += w->org;
	grid_put(grid, row, at, w->user - 1, slice_of(org->username), GIVE_MIDDLE, STYLE_PLAIN);
	at += w->user;
	view_state(grid, row, at, w->state - 1, org);
	if (entry->calls_left >= 0)
		chrome_number(grid, row, at + w->state, w->calls - 2, entry->calls_left, STYLE_PLAIN);
	else
		grid_right(grid, row, at + w->state, w->calls - 2, "–", STYLE_DIM);
	if (focus)
		grid_focus(grid, row, 1, grid->columns - 2);
}

/* Everything about the org under the cursor, in words. */
static void add_detail(struct buf *b, const struct org_row *row, bool used)
{
	const struct saved_org *org = &row->org;
	char when[WHEN_TEXT], left[28], most[28];

	when_local_text(org->tried_ms, when);
	buf_addf(b, "%s (%s) as %s at %s, by %s", org->org_name, org->org_id, org->username, org->instance_url,
	         org->method);
	buf_addf(b, "; API %s", org->api_version[0] ? org->api_version : "newest");
	if (org->colour[0])
		buf_addf(b, "; %s", org->colour);
	if (org->locked)
		buf_add_text(b, "; locked: never written to");
	if (org->trouble[0])
		buf_addf(b, ". Refused on %s: %s", when, org->trouble);
	else if (org->tried_ms)
		buf_addf(b, ". Signed in on %s", when);
	if (row->calls_left >= 0)
		buf_addf(b, ". %s of %s API calls left today", text_count(row->calls_left, left, sizeof left),
		         text_count(row->calls_most, most, sizeof most));
	if (row->batches_left >= 0)
		buf_addf(b, ", %s batches", text_count(row->batches_left, left, sizeof left));
	if (used)
		buf_add_text(b, ". New loads go there");
}

enum { DETAIL_ROWS = 4 };

static void view_detail(const struct model *model, struct grid *grid)
{
	const struct org_row *row = orgs_focused(&model->orgs);
	struct buf text;

	chrome_rule(grid, grid->rows - 2 - DETAIL_ROWS);
	buf_init(&text, 8 * 1024);
	if (row)
		add_detail(&text, row, strcmp(row->org.name, model->orgs.used) == 0);
	chrome_wrap(grid, grid->rows - 1 - DETAIL_ROWS, 1, grid->columns - 2, DETAIL_ROWS, buf_text(&text),
	            STYLE_PLAIN);
	buf_release(&text);
}

static void orgs_view(struct model *model, struct grid *grid)
{
	struct orgs_screen *orgs = &model->orgs;
	struct widths w = widths_of(grid->columns);
	int page = grid->rows - 4 - DETAIL_ROWS;
	char right[64] = "";

	if (orgs->read && !orgs->error[0])
		snprintf(right, sizeof right, "%zu saved", orgs->count);
	chrome_title(grid, "Longshore › Orgs", right);
	if (orgs->error[0]) {
		chrome_wrap(grid, 2, 3, grid->columns - 4, 4, orgs->error, STYLE_ERROR);
		return;
	}
	if (orgs->read && !orgs->count) {
		chrome_wrap(grid, 2, 3, grid->columns - 4, 4,
		            "No org is saved yet: n adds one, by a browser, the Salesforce CLI, a token, a key "
		            "or a password.",
		            STYLE_DIM);
		return;
	}
	view_head(grid, &w);
	table_scroll(&orgs->table, page);
	for (int i = 0; i < page && orgs->table.top + (size_t)i < orgs->count; i++) {
		size_t at = orgs->table.top + (size_t)i;

		view_row(model, grid, 2 + i, &w, &orgs->rows[at], at == orgs->table.cursor);
	}
	view_detail(model, grid);
}

static void orgs_copies(const struct model *model, struct copies *copies)
{
	const struct org_row *row = orgs_focused(&model->orgs);

	if (!row)
		return;
	copies_add(copies, "the command", "longshore org test %s", row->org.name);
	copies_add(copies, "its address", "%s", row->org.instance_url);
	copies_add(copies, "its Id", "%s", row->org.org_id);
	copies_add(copies, "the user", "%s", row->org.username);
	copies_add(copies, "the refusal", "%s", row->org.trouble);
}

const struct screen screen_orgs = {
	.update = orgs_update,
	.view = orgs_view,
	.answered = orgs_answered,
	.label = orgs_label,
	.refuses = orgs_refuses,
	.copies = orgs_copies,
};
