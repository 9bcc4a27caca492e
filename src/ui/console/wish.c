#include "ui/console/wish.h"

#include <string.h>

/* A text for a member; NULL stays NULL. */
static bool copy_text(const char **to, struct arena *a)
{
	if (*to)
		*to = arena_text(a, *to);
	else
		return true;
	return *to != NULL;
}

static bool copy_list(const char *const **list, size_t count, struct arena *a)
{
	const char **copy = arena_alloc(a, (count + 1) * sizeof *copy);

	if (!copy)
		return false;
	for (size_t i = 0; i < count; i++) {
		copy[i] = (*list)[i];
		if (!copy_text(&copy[i], a))
			return false;
	}
	*list = copy;
	return true;
}

static bool copy_words(struct map_words *words, struct arena *a)
{
	struct cell_rules rules = words->rules;

	return copy_list(&words->set, words->set_count, a) &&
	       copy_list(&words->ignore, words->ignore_count, a) && rules_copy(&words->rules, &rules, a);
}

bool wish_copy(struct load_options *to, const struct load_options *from, struct arena *a)
{
	const char **texts[] = { &to->file,        &to->config, &to->org, &to->object,          &to->action,
		                 &to->external_id, &to->map,    &to->api, &to->assignment_rule, &to->order_by,
		                 &to->keep_old };

	*to = *from;
	to->describes = to->api_version = to->reading.folder = NULL;
	to->calls = NULL;
	to->edits = NULL;
	to->edit_count = 0;
	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		if (!copy_text(texts[i], a))
			return false;
	if (from->map_text.len) {
		to->map_text.at = arena_slice(a, from->map_text);
		if (!to->map_text.at)
			return false;
	}
	return copy_words(&to->words, a);
}

enum err_code wish_set(struct wish *wish, const struct load_options *options, bool check, struct err *e)
{
	struct wish made = { .set = true, .check = check };

	arena_init(&made.texts);
	if (!wish_copy(&made.options, options, &made.texts)) {
		arena_release(&made.texts);
		wish_forget(wish);
		return err_memory(e, "what the load is to be like");
	}
	wish_forget(wish);
	*wish = made;
	return ERR_OK;
}

void wish_forget(struct wish *wish)
{
	if (wish->set)
		arena_release(&wish->texts);
	*wish = (struct wish){ 0 };
}

bool wish_is_action(const struct wish *wish, const char *action, const char *key)
{
	const struct load_options *o = &wish->options;

	if (!o->action || strcmp(o->action, action) != 0)
		return false;
	return strcmp(action, "upsert") != 0 || strcmp(key, o->external_id ? o->external_id : "Id") == 0;
}
