/* loop_new.c - a new load that is to be like something: its steps go by as far as that answers them, each as if it was chosen. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/paths.h"
#include "core/engine/like.h"
#include "ui/console/kept.h"
#include "ui/console/loop_own.h"

static void tell(struct model *model, const struct err *e)
{
	model_tell(model, STYLE_ERROR, "%s", e->text);
}

/* The browser stands on the file of that path, where it is still there. */
static void show_file(struct browser *browser, const char *path)
{
	const char *name = paths_name(path);
	size_t folder = (size_t)(name - path);

	if (path[0] == '/') {
		snprintf(browser->folder, sizeof browser->folder, "%.*s", (int)(folder > 1 ? folder - 1 : 1),
		         path);
		line_clear(&browser->table.filter);
		draft_browse(browser);
	}
	for (size_t i = 0; i < browser->count; i++)
		if (!browser->entries[i].folder && strcmp(browser->entries[i].name, name) == 0)
			table_seek(&browser->table, i);
}

/* New loads go where that one went, as far as this is known here. */
static void use_org_of(struct loop *loop, const char *saved, const char *config)
{
	if (saved[0]) {
		loop_use_org(loop, saved);
	} else if (config[0]) {
		snprintf(loop->config, sizeof loop->config, "%s", config);
		loop_use_org(loop, "");
		loop->with.config = loop->config;
		draft_look_for_org(&loop->model.wizard, &loop->with);
	}
}

/* Of a run the file is asked for: a load like it is one of another file. */
static void like_run(struct loop *loop, int64_t run)
{
	static struct like like; /* too large for a stack */
	struct model *model = &loop->model;
	struct load_options options = { .allow_failures = -1 };
	char word[24];
	struct err e;

	err_init(&e);
	snprintf(word, sizeof word, "%lld", (long long)run);
	if (like_find(&like, loop->journal, word, &e) == ERR_OK) {
		like_fill(&like, &options);
		wish_set(&loop->wish, &options, true, &e);
	}
	if (e.code == ERR_OK) {
		use_org_of(loop, like.run.saved_org, like.run.config);
		model->wizard.browser.folder[0] = '\0';
		model->wizard.again = false;
		show_file(&model->wizard.browser, like.run.file);
		model_home(model);
		model_push(model, SCREEN_FILE);
		model_tell(model, STYLE_PLAIN, "A load like run %lld: choose its file, then comes Check",
		           (long long)run);
	} else {
		tell(model, &e);
	}
	like_release(&like);
}

/* ---- what is kept ---- */

enum { MOST_MAPPING = 4 * 1024 * 1024 };

void loop_new_keep(struct loop *loop)
{
	struct wizard *wizard = &loop->model.wizard;
	struct load_options options;
	struct buf map;
	struct err e;

	if (!loop->draft)
		return;
	err_init(&e);
	buf_init(&map, MOST_MAPPING);
	options = *draft_options(loop->draft, &map);
	options.object = wizard->object[0] ? wizard->object : NULL;
	options.action = wizard->action[0] ? wizard->action : NULL;
	options.external_id = wizard->action[0] ? wizard->key : NULL;
	options.map_text = wizard->action[0] ? buf_slice(&map) : (struct slice){ 0 };
	if (kept_write(journal_state(loop->journal), &options, &e) == ERR_OK)
		kept_words(&options, loop->model.kept, sizeof loop->model.kept);
	else
		tell(&loop->model, &e);
	buf_release(&map);
}

void loop_new_drop(struct loop *loop)
{
	kept_remove(journal_state(loop->journal));
	loop->model.kept[0] = '\0';
}

void loop_new_look(struct loop *loop)
{
	struct load_options options;
	struct arena texts;
	struct err ignored;
	bool there;

	err_init(&ignored);
	arena_init(&texts);
	loop->model.kept[0] = '\0';
	if (kept_read(journal_state(loop->journal), &options, &texts, &there, &ignored) == ERR_OK && there)
		kept_words(&options, loop->model.kept, sizeof loop->model.kept);
	arena_release(&texts);
}

static void take_up(struct loop *loop)
{
	struct load_options options;
	struct arena texts;
	struct err e;
	bool there;

	err_init(&e);
	arena_init(&texts);
	kept_read(journal_state(loop->journal), &options, &texts, &there, &e);
	if (there) {
		use_org_of(loop, options.org ? options.org : "", options.config ? options.config : "");
		loop_new_begin(loop, &options);
	} else {
		loop->model.kept[0] = '\0';
		model_tell(&loop->model, STYLE_WARN, "%s",
		           e.code == ERR_OK ? "The new load that was kept is gone: n begins one" : e.text);
	}
	arena_release(&texts);
}

bool loop_new(struct loop *loop, const struct effect *effect)
{
	if (effect->kind == EFFECT_LIKE)
		like_run(loop, effect->run);
	else if (effect->kind == EFFECT_TAKE_UP)
		take_up(loop);
	else if (effect->kind != EFFECT_ANEW)
		return false;
	else {
		wish_forget(&loop->wish);
		loop_new_drop(loop);
	}
	return true;
}

/* ---- the steps go by ---- */

void loop_new_begin(struct loop *loop, const struct load_options *options)
{
	struct model *model = &loop->model;
	struct wizard *wizard = &model->wizard;
	char path[PATH_ROOM];
	struct err e;

	err_init(&e);
	if (paths_absolute(options->file, path, &e) != ERR_OK ||
	    wish_set(&loop->wish, options, false, &e) != ERR_OK) {
		draft_browse(&wizard->browser);
		model_push(model, SCREEN_FILE);
		tell(model, &e);
		return;
	}
	wizard->browser.delimiter = options->reading.delimiter;
	snprintf(wizard->browser.sheet, sizeof wizard->browser.sheet, "%s", options->reading.sheet);
	snprintf(wizard->browser.sheet_of, sizeof wizard->browser.sheet_of, "%s", path);
	wizard->again = options->again;
	wizard->start.failing = options->allow_failures == 0 ? START_STOP : START_STOP_ABOVE;
	show_file(&wizard->browser, path);
	model_push(model, SCREEN_FILE);
	snprintf(wizard->file, sizeof wizard->file, "%s", path);
	wizard->record = 1;
	if (!wizard->has_org) {
		model_push(model, SCREEN_ORGS);
		model_tell(model, STYLE_WARN, "The file can be read. To go on, choose an org, or add one");
		return;
	}
	model_push(model, SCREEN_OBJECT);
	model_effect(model, EFFECT_SIGN_IN);
}

/* Signed in, and the objects are there. */
static void choose_object(struct loop *loop)
{
	struct wizard *wizard = &loop->model.wizard;
	const char *name = loop->wish.options.object;

	for (size_t i = 0; name && i < wizard->object_count; i++)
		if (strcasecmp(wizard->objects[i].name, name) == 0) {
			table_seek(&wizard->object_table, i);
			snprintf(wizard->object, sizeof wizard->object, "%s", wizard->objects[i].name);
			wizard->action[0] = '\0';
			wizard->checked = false;
			model_effect(&loop->model, EFFECT_DESCRIBE);
			return;
		}
	loop->wish.walking = false;
	if (name)
		model_tell(&loop->model, STYLE_WARN,
		           "This org has no object %s that can be written to: choose one", name);
}

/* Its fields are known, and what can be done with it is on the screen. */
static void choose_action(struct loop *loop)
{
	struct wizard *wizard = &loop->model.wizard;
	const char *action = loop->wish.options.action;

	for (size_t i = 0; i < wizard->choice_count; i++) {
		const struct action_choice *choice = &wizard->choices[i];

		if (!wish_is_action(&loop->wish, choice->action, choice->key))
			continue;
		wizard->action_table.cursor = i;
		snprintf(wizard->action, sizeof wizard->action, "%s", choice->action);
		snprintf(wizard->key, sizeof wizard->key, "%s", choice->key);
		model_effect(&loop->model, EFFECT_MAP);
		return;
	}
	loop->wish.walking = false;
	if (action)
		model_tell(&loop->model, STYLE_WARN, "%s has no %s of this kind: choose what is to be done",
		           wizard->object, action_words(action));
}

void loop_new_took(struct loop *loop, enum work_kind kind)
{
	enum screen_id top = model_top(&loop->model);

	if (!loop->wish.walking) {
		loop_new_keep(loop);
		return;
	}
	if (kind == WORK_SIGN_IN && top == SCREEN_OBJECT)
		choose_object(loop);
	else if (kind == WORK_DESCRIBE && top == SCREEN_ACTION)
		choose_action(loop);
	else
		loop->wish.walking = false;
}

void loop_new_mapped(struct loop *loop)
{
	struct model *model = &loop->model;

	loop_new_keep(loop);
	if (!loop->wish.walking)
		return;
	loop->wish.walking = false;
	if (!loop->wish.check || model->wizard.plan_error[0])
		return;
	model_push(model, SCREEN_CHECK);
	model_effect(model, EFFECT_RUN_CHECK);
}
