/* bulk1_text.h's reading half. */
#include <stdlib.h>
#include <string.h>

#include "practice/bulk1_text.h"
#include "practice/json_in.h"

struct xml {
	struct slice rest;
	struct arena *arena;
	struct buf *why;
};

bool bulk1_is_json(const struct request *r)
{
	const char *type = request_header(r, "Content-Type"), *accept = request_header(r, "Accept");

	if (type && strncasecmp(type, "application/json", 16) == 0)
		return true;
	return (!type || strncasecmp(type, "application/xml", 15) != 0) && accept &&
	       strstr(accept, "application/json");
}

static bool set(struct job_wish *w, const char *name, const char *value, struct buf *why)
{
	const struct {
		const char *name;
		const char **to;
	} known[] = {
		{ "operation", &w->operation },
		{ "object", &w->object },
		{ "externalIdFieldName", &w->key },
		{ "concurrencyMode", &w->concurrency },
		{ "contentType", &w->content },
		{ "assignmentRuleId", &w->rule },
		{ "state", &w->state },
	};

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (strcmp(known[i].name, name) != 0)
			continue;
		*known[i].to = value;
		return true;
	}
	buf_addf(why, "Unexpected element %.80s in jobInfo", name);
	return false;
}

static bool read_json(struct job_wish *w, struct slice body, struct arena *a, struct buf *why)
{
	const struct json_in *json = json_in_read(a, body, why);

	if (!json)
		return false;
	if (json->kind != JSON_IN_OBJECT) {
		buf_add_text(why, "A jobInfo is a JSON object");
		return false;
	}
	for (const struct json_in *v = json->first; v; v = v->next) {
		const char *name = arena_slice(a, v->key), *value = arena_slice(a, v->text);

		if (v->kind == JSON_IN_NULL)
			continue;
		if (v->kind != JSON_IN_STRING) {
			buf_addf(why, "The value of %.80s must be a text", name ? name : "");
			return false;
		}
		if (!name || !value || !set(w, name, value, why))
			return false;
	}
	return true;
}

static bool starts(const struct xml *x, const char *word)
{
	return x->rest.len >= strlen(word) && memcmp(x->rest.at, word, strlen(word)) == 0;
}

static void skip(struct xml *x, size_t len)
{
	x->rest.at += len;
	x->rest.len -= len;
}

/* Moves behind the next `word`; what stood before it. at == NULL: it does not come. */
static struct slice take_until(struct xml *x, const char *word)
{
	const char *end = memmem(x->rest.at, x->rest.len, word, strlen(word));
	struct slice before = { x->rest.at, end ? (size_t)(end - x->rest.at) : 0 };

	if (!end)
		return (struct slice){ NULL, 0 };
	skip(x, before.len + strlen(word));
	return before;
}

/* Moves behind white space, comments and declarations. */
static bool skip_aside(struct xml *x)
{
	for (;;) {
		while (x->rest.len && memchr(" \t\r\n", x->rest.at[0], 4))
			skip(x, 1);
		if (starts(x, "<?")) {
			if (!take_until(x, "?>").at)
				return false;
		} else if (starts(x, "<!--")) {
			if (!take_until(x, "-->").at)
				return false;
		} else {
			return true;
		}
	}
}

static bool bad_xml(struct xml *x, const char *what)
{
	if (!x->why->len)
		buf_addf(x->why, "Failed to parse XML: %s", what);
	return false;
}

/* A start tag: its name without attributes and prefix, and whether it ends at once. */
static bool take_tag(struct xml *x, const char **name, bool *empty)
{
	struct slice tag;
	const char *colon;
	size_t len = 0;

	if (!skip_aside(x) || !starts(x, "<") || starts(x, "</") || starts(x, "<!"))
		return bad_xml(x, "a start tag is missing");
	skip(x, 1);
	tag = take_until(x, ">");
	if (!tag.at)
		return bad_xml(x, "a tag does not end");
	*empty = tag.len && tag.at[tag.len - 1] == '/';
	tag.len -= *empty;
	while (len < tag.len && !memchr(" \t\r\n", tag.at[len], 4))
		len++;
	tag.len = len;
	colon = len ? memchr(tag.at, ':', len) : NULL;
	if (colon)
		tag = (struct slice){ colon + 1, len - (size_t)(colon + 1 - tag.at) };
	*name = arena_slice(x->arena, tag);
	return *name && tag.len ? true : bad_xml(x, "a tag has no name");
}

/* "&lt;" and its like; what is none of them stays. */
static char *add_entity(char *to, struct slice *rest)
{
	static const struct {
		const char *text;
		char meant;
	} entities[] = {
		{ "&lt;", '<' }, { "&gt;", '>' }, { "&amp;", '&' }, { "&quot;", '"' }, { "&apos;", '\'' }
	};

	for (size_t i = 0; i < sizeof entities / sizeof entities[0]; i++) {
		size_t len = strlen(entities[i].text);

		if (rest->len < len || memcmp(rest->at, entities[i].text, len) != 0)
			continue;
		*to++ = entities[i].meant;
		*rest = (struct slice){ rest->at + len, rest->len - len };
		return to;
	}
	*to++ = *rest->at;
	*rest = (struct slice){ rest->at + 1, rest->len - 1 };
	return to;
}

static const char *decoded(struct xml *x, struct slice text)
{
	char *value, *to;

	text = slice_trim(text);
	value = to = arena_alloc(x->arena, text.len + 1);
	while (value && text.len)
		to = add_entity(to, &text);
	return value;
}

/* An element that holds a text, as a member of the wish. */
static bool read_element(struct xml *x, struct job_wish *w)
{
	const char *name, *value = "";
	struct slice text, end;
	bool empty;

	if (!take_tag(x, &name, &empty))
		return false;
	if (!empty) {
		text = take_until(x, "</");
		end = text.at ? take_until(x, ">") : (struct slice){ NULL, 0 };
		if (!end.at || (text.len && memchr(text.at, '<', text.len)))
			return bad_xml(x, "an element of jobInfo holds text only, and ends");
		end = slice_trim(end);
		if (end.len < strlen(name) || memcmp(end.at + end.len - strlen(name), name, strlen(name)) != 0)
			return bad_xml(x, "an end tag does not match its start tag");
		value = decoded(x, text);
	}
	return value && set(w, name, value, x->why);
}

static bool read_xml(struct job_wish *w, struct slice body, struct arena *a, struct buf *why)
{
	struct xml x = { body, a, why };
	const char *root;
	bool empty;

	if (!take_tag(&x, &root, &empty))
		return false;
	if (strcmp(root, "jobInfo") != 0)
		return bad_xml(&x, "the root is not jobInfo");
	while (!empty) {
		if (!skip_aside(&x))
			return bad_xml(&x, "a comment does not end");
		if (starts(&x, "</"))
			break;
		if (!read_element(&x, w))
			return false;
	}
	return true;
}

bool bulk1_read(struct job_wish *w, struct slice body, bool json, struct arena *a, struct buf *why)
{
	*w = (struct job_wish){ 0 };
	if (!body.at)
		body.at = "";
	return json ? read_json(w, body, a, why) : read_xml(w, body, a, why);
}
