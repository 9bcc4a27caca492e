#include "ui/console/kept.h"

#include <errno.h>
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/files.h"
#include "base/number.h"

#define HEAD "longshore new load 1\n"
enum { MOST_KEPT = 8 * 1024 * 1024 };

/* One line of the file: "name value". */
static const struct text_line {
	const char *name;
	size_t at;
} text_lines[] = {
	/* clang-format off */
	{ "file", offsetof(struct load_options, file) },
	{ "config", offsetof(struct load_options, config) },
	{ "org", offsetof(struct load_options, org) },
	{ "object", offsetof(struct load_options, object) },
	{ "action", offsetof(struct load_options, action) },
	{ "external_id", offsetof(struct load_options, external_id) },
	{ "api", offsetof(struct load_options, api) },
	{ "assignment_rule", offsetof(struct load_options, assignment_rule) },
	{ "order_by", offsetof(struct load_options, order_by) },
	/* clang-format on */
};
enum { TEXTS = sizeof text_lines / sizeof text_lines[0], NUMBERS = 8 };
static const char *const number_names[NUMBERS] = { "delimiter",     "same_key",   "skip_unchanged",
	                                           "chunk_records", "parallel",   "allow_failures",
	                                           "keep_calls",    "collections" };

static const char **text_of(struct load_options *options, size_t i)
{
	return (const char **)(void *)((char *)options + text_lines[i].at);
}

static void get_numbers(const struct load_options *o, int64_t numbers[NUMBERS])
{
	const int64_t are[NUMBERS] = { o->reading.delimiter, o->same_key,
		                       o->skip_unchanged,    o->chunk_records,
		                       o->parallel,          o->allow_failures,
		                       o->keep_calls,        o->allow_duplicates + 2 * o->all_or_none };

	memcpy(numbers, are, sizeof are);
}

static void set_numbers(struct load_options *o, const int64_t numbers[NUMBERS])
{
	o->reading.delimiter = (char)numbers[0];
	o->same_key = numbers[1] >= SAME_KEY_ASK && numbers[1] <= SAME_KEY_NONE ? (enum same_key)numbers[1]
	                                                                        : SAME_KEY_ASK;
	o->skip_unchanged = numbers[2] != 0;
	o->chunk_records = numbers[3];
	o->parallel = (int)numbers[4];
	o->allow_failures = numbers[5] < 0 ? -1 : numbers[5] != 0;
	o->keep_calls = numbers[6];
	o->allow_duplicates = numbers[7] & 1;
	o->all_or_none = (numbers[7] & 2) != 0;
}

static bool path_of(const char *state, const char *name, char to[PATH_ROOM])
{
	return snprintf(to, PATH_ROOM, "%s/%s", state, name) < PATH_ROOM;
}

/* False: a text holds a line break. */
static bool put(struct buf *b, const struct load_options *options)
{
	struct load_options o = *options;
	int64_t numbers[NUMBERS];

	buf_add_text(b, HEAD);
	for (size_t i = 0; i < TEXTS; i++) {
		const char *text = *text_of(&o, i);

		if (text && strchr(text, '\n'))
			return false;
		if (text && text[0])
			buf_addf(b, "%s %s\n", text_lines[i].name, text);
	}
	if (o.reading.sheet[0] && !strchr(o.reading.sheet, '\n'))
		buf_addf(b, "sheet %s\n", o.reading.sheet);
	get_numbers(&o, numbers);
	for (int i = 0; i < NUMBERS; i++)
		buf_addf(b, "%s %" PRId64 "\n", number_names[i], numbers[i]);
	buf_add_char(b, '\n');
	buf_add_slice(b, o.map_text);
	return true;
}

enum err_code kept_write(const char *state, const struct load_options *options, struct err *e)
{
	char path[PATH_ROOM], next[PATH_ROOM];
	struct buf text;

	buf_init(&text, MOST_KEPT);
	if (put(&text, options) && path_of(state, "new_load", path) && path_of(state, "new_load.next", next)) {
		if (text.short_of)
			err_memory(e, "the new load");
		else if (files_write(next, buf_slice(&text), FILE_OURS, e) == ERR_OK && rename(next, path) != 0)
			err_set(e, ERR_FILE, "the new load cannot be kept: %s: %s", path, strerror(errno));
	}
	buf_release(&text);
	return e->code;
}

static bool take_text(struct load_options *o, struct slice name, struct slice value, struct arena *a)
{
	for (size_t i = 0; i < TEXTS; i++)
		if (slice_is(name, text_lines[i].name)) {
			*text_of(o, i) = arena_slice(a, value);
			return *text_of(o, i) != NULL;
		}
	if (slice_is(name, "sheet"))
		snprintf(o->reading.sheet, sizeof o->reading.sheet, "%.*s", (int)value.len, value.at);
	return true;
}

/* False: it is no line of ours. */
static bool take_line(struct load_options *o, int64_t numbers[NUMBERS], struct slice line, struct arena *a)
{
	const char *blank = memchr(line.at, ' ', line.len);
	struct slice name, value;

	if (!blank)
		return false;
	name = (struct slice){ line.at, (size_t)(blank - line.at) };
	value = (struct slice){ blank + 1, line.len - name.len - 1 };
	for (int i = 0; i < NUMBERS; i++)
		if (slice_is(name, number_names[i]))
			return number_whole(value, &numbers[i]);
	return take_text(o, name, value, a);
}

static bool take(struct load_options *o, const char *text, struct arena *a)
{
	int64_t numbers[NUMBERS] = { 0 };

	*o = (struct load_options){ .allow_failures = -1, .map_of_another = true };
	get_numbers(o, numbers);
	if (strncmp(text, HEAD, strlen(HEAD)) != 0)
		return false;
	for (text += strlen(HEAD); *text && *text != '\n';) {
		size_t len = strcspn(text, "\n");

		if (!take_line(o, numbers, (struct slice){ text, len }, a))
			return false;
		text += len + (text[len] == '\n');
	}
	set_numbers(o, numbers);
	if (*text == '\n' && text[1]) {
		o->map_text = slice_of(text + 1);
		o->map_text.at = arena_slice(a, o->map_text);
	}
	return o->file && (!o->map_text.len || o->map_text.at);
}

enum err_code kept_read(const char *state, struct load_options *options, struct arena *a, bool *there,
                        struct err *e)
{
	char path[PATH_ROOM];
	struct buf text;
	FILE *f;

	*there = false;
	f = path_of(state, "new_load", path) ? fopen(path, "rbe") : NULL;
	if (!f)
		return ERR_OK;
	buf_init(&text, MOST_KEPT);
	if (buf_reserve(&text, MOST_KEPT - 1))
		buf_grow(&text, fread(text.at, 1, MOST_KEPT - 1, f));
	fclose(f);
	*there = take(options, buf_text(&text), a);
	if (!*there)
		err_set(e, ERR_FILE, "%s is no new load that Longshore kept: n begins one", path);
	buf_release(&text);
	return e->code;
}

void kept_remove(const char *state)
{
	char path[PATH_ROOM];

	if (path_of(state, "new_load", path))
		unlink(path);
}

void kept_words(const struct load_options *o, char *to, size_t size)
{
	bool upsert = o->action && strcmp(o->action, "upsert") == 0 && o->external_id;

	snprintf(to, size, "%s%s%s%s%s%s%s", paths_name(o->file), o->object ? " → " : "",
	         o->object ? o->object : "", o->object && o->action ? " " : "",
	         o->object && o->action ? o->action : "", upsert ? " by " : "", upsert ? o->external_id : "");
}
