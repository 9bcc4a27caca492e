#include "practice/multipart.h"

#include <string.h>
#include <strings.h>

#define FORM_DATA "multipart/form-data"

struct slice multipart_boundary(const char *content_type)
{
	static const struct slice none = { NULL, 0 };
	const char *at;

	if (!content_type || strncasecmp(content_type, FORM_DATA, sizeof FORM_DATA - 1) != 0)
		return none;
	at = strcasestr(content_type, "boundary=");
	if (!at)
		return none;
	at += sizeof "boundary=" - 1;
	if (*at == '"')
		return (struct slice){ at + 1, strcspn(at + 1, "\"") };
	return (struct slice){ at, strcspn(at, "; \t") };
}

/* Where "--BOUNDARY" begins a line of the text; NULL: nowhere. */
static const char *find_boundary(struct slice text, struct slice boundary)
{
	const char *at = text.at, *end = text.len ? text.at + text.len : at;

	while (at && at < end) {
		const char *dashes = memmem(at, (size_t)(end - at), "--", 2);

		if (!dashes || (size_t)(end - dashes) < boundary.len + 2)
			return NULL;
		if ((dashes == text.at || dashes[-1] == '\n') &&
		    memcmp(dashes + 2, boundary.at, boundary.len) == 0)
			return dashes;
		at = dashes + 1;
	}
	return NULL;
}

/* Cuts the first line off; it has no line break. */
static struct slice take_line(struct slice *text)
{
	const char *end = memchr(text->at, '\n', text->len);
	struct slice line = { text->at, end ? (size_t)(end - text->at) : text->len };
	size_t taken = line.len + (end != NULL);

	text->at += taken;
	text->len -= taken;
	if (line.len && line.at[line.len - 1] == '\r')
		line.len--;
	return line;
}

static bool begins(struct slice line, const char *word)
{
	return line.len >= strlen(word) && strncasecmp(line.at, word, strlen(word)) == 0;
}

static struct slice behind(struct slice line, const char *word)
{
	return slice_trim((struct slice){ line.at + strlen(word), line.len - strlen(word) });
}

/* form-data; name="job"; filename="x" */
static struct slice read_name(struct slice disposition)
{
	const char *at = memmem(disposition.at, disposition.len, " name=\"", 7);
	const char *end = at ? memchr(at + 7, '"', (size_t)(disposition.at + disposition.len - at - 7)) : NULL;

	return end ? (struct slice){ at + 7, (size_t)(end - at - 7) } : (struct slice){ NULL, 0 };
}

static void read_head(struct slice *text, struct part *part)
{
	struct slice line;

	while (text->len && (line = take_line(text)).len) {
		if (begins(line, "Content-Disposition:"))
			part->name = read_name(behind(line, "Content-Disposition:"));
		else if (begins(line, "Content-Type:"))
			part->type = behind(line, "Content-Type:");
	}
}

bool multipart_next(struct slice *rest, struct slice boundary, struct part *part)
{
	const char *begin = find_boundary(*rest, boundary), *end;
	struct slice text;

	*part = (struct part){ 0 };
	if (!begin)
		return false;
	begin += boundary.len + 2;
	text = (struct slice){ begin, (size_t)(rest->at + rest->len - begin) };
	if (text.len >= 2 && memcmp(text.at, "--", 2) == 0) /* the last one */
		return false;
	take_line(&text);
	read_head(&text, part);
	end = find_boundary(text, boundary);
	if (!end)
		return false;
	*rest = (struct slice){ end, (size_t)(text.at + text.len - end) };
	part->body = (struct slice){ text.at, (size_t)(end - text.at) };
	/* the line break in front of a boundary is the boundary's */
	if (part->body.len && part->body.at[part->body.len - 1] == '\n')
		part->body.len--;
	if (part->body.len && part->body.at[part->body.len - 1] == '\r')
		part->body.len--;
	return true;
}
