#include "practice/composite_refs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "practice/json_out.h"

/* The next step of a path: a name, or a place in a list. */
static const json_t *step(const json_t *from, struct slice *path)
{
	char name[128];
	size_t len = 0;

	if (path->len && path->at[0] == '[') {
		char *end;
		unsigned long place = strtoul(path->at + 1, &end, 10);

		if (*end != ']')
			return NULL;
		len = (size_t)(end - path->at) + 1;
		from = json_array_get(from, place);
	} else {
		while (len < path->len && path->at[len] != '.' && path->at[len] != '[')
			len++;
		if (len == 0 || len >= sizeof name)
			return NULL;
		memcpy(name, path->at, len);
		name[len] = '\0';
		from = json_object_get(from, name);
	}
	*path = (struct slice){ path->at + len, path->len - len };
	if (path->len && path->at[0] == '.')
		*path = (struct slice){ path->at + 1, path->len - 1 };
	return from;
}

static const json_t *find(struct slice path, const struct composite_answer *answers, size_t count)
{
	const json_t *found = NULL;
	size_t len = 0;

	while (len < path.len && path.at[len] != '.' && path.at[len] != '[')
		len++;
	for (size_t i = 0; i < count; i++)
		if (slice_is((struct slice){ path.at, len }, answers[i].name))
			found = answers[i].body;
	path = (struct slice){ path.at + len, path.len - len };
	if (path.len && path.at[0] == '.')
		path = (struct slice){ path.at + 1, path.len - 1 };
	while (found && path.len)
		found = step(found, &path);
	return found;
}

/* As it stands between the quotes of a JSON string. */
static void add_escaped(struct buf *to, const char *text)
{
	struct json_out o;
	struct buf quoted;

	buf_init(&quoted, to->ceiling);
	json_out_init(&o, &quoted, false);
	json_out_text(&o, slice_of(text));
	if (quoted.len > 2)
		buf_add(to, quoted.at + 1, quoted.len - 2);
	buf_release(&quoted);
}

static bool add_value(struct buf *to, const json_t *value, bool json)
{
	if (json_is_string(value) && json)
		add_escaped(to, json_string_value(value));
	else if (json_is_string(value))
		buf_add_text(to, json_string_value(value));
	else if (json_is_integer(value))
		buf_addf(to, "%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		buf_addf(to, "%.15g", json_real_value(value));
	else if (json_is_boolean(value))
		buf_add_text(to, json_is_true(value) ? "true" : "false");
	else
		return false;
	return true;
}

bool composite_resolve(struct slice text, bool json, const struct composite_answer *answers, size_t count,
                       struct buf *to, struct slice *missing)
{
	while (text.len) {
		const char *open = memmem(text.at, text.len, "@{", 2);
		size_t before = open ? (size_t)(open - text.at) : text.len;
		const char *close = open ? memchr(open, '}', text.len - before) : NULL;
		struct slice path;

		buf_add(to, text.at, close ? before : text.len);
		if (!close)
			return true;
		path = (struct slice){ open + 2, (size_t)(close - open) - 2 };
		if (!add_value(to, find(path, answers, count), json)) {
			*missing = path;
			return false;
		}
		text = (struct slice){ close + 1, text.len - before - (size_t)(close - open) - 1 };
	}
	return true;
}
