#include "core/source/workbook.h"

#include <stdio.h>
#include <string.h>

#include "core/source/part.h"
#include "core/source/source.h"

enum { MOST_SHEETS = 1000, MOST_LINKS = 10000, MOST_TEXT = 1000, SHOWN_SHEETS = 10 };

/* A relationship of a part to another one. */
struct link {
	const char *id, *type, *target;
	struct link *next;
};

struct reader {
	struct workbook *w;
	struct link *links;
	size_t link_count;
	struct err *e;
};

static void too_large(struct reader *r)
{
	err_set(r->e, ERR_FILE, "%s has more sheets or longer names than Excel allows: this is no workbook",
	        r->w->path);
}

/* A copy; "" for NULL. */
static const char *keep(struct reader *r, const char *text)
{
	char *copy = NULL;

	if (text && strlen(text) > MOST_TEXT)
		too_large(r);
	else if (!(copy = arena_text(&r->w->texts, text ? text : "")))
		err_memory(r->e, "a workbook");
	return copy ? copy : "";
}

static void on_link(void *ctx, const char *name, const char *const *attributes)
{
	struct reader *r = ctx;
	struct link *link;

	if (strcmp(name, "Relationship") != 0)
		return;
	link = arena_alloc(&r->w->texts, sizeof *link);
	if (!link || ++r->link_count > MOST_LINKS) {
		too_large(r);
		return;
	}
	link->id = keep(r, part_attribute(attributes, "Id"));
	link->type = keep(r, part_attribute(attributes, "Type"));
	link->target = keep(r, part_attribute(attributes, "Target"));
	link->next = r->links;
	r->links = link;
}

static void no_end(void *ctx, const char *name)
{
	(void)ctx;
	(void)name;
}

static void no_text(void *ctx, struct slice text)
{
	(void)ctx;
	(void)text;
}

static const struct part_events link_events = { on_link, no_end, no_text };

/* Types are addresses, which differ between editions of the standard but for their last word. */
static bool is_type(const struct link *link, const char *word)
{
	const char *slash = strrchr(link->type, '/');

	return slash && strcmp(slash + 1, word) == 0;
}

static const struct link *link_of_type(const struct link *links, const char *type)
{
	while (links && !is_type(links, type))
		links = links->next;
	return links;
}

/* The part that `target` is, seen from part `from`; "" is the package itself. */
static const char *resolve(struct reader *r, const char *from, const char *target)
{
	char path[3 * MOST_TEXT];
	const char *slash = strrchr(from, '/');
	int folder = slash ? (int)(slash - from) + 1 : 0;

	if (target[0] == '/')
		return keep(r, target + 1);
	while (strncmp(target, "../", 3) == 0) {
		target += 3;
		folder -= folder > 0;
		while (folder > 0 && from[folder - 1] != '/')
			folder--;
	}
	snprintf(path, sizeof path, "%.*s%s", folder, from, target);
	return keep(r, path);
}

static bool is_true(const char *value)
{
	return value && (strcmp(value, "1") == 0 || strcmp(value, "true") == 0);
}

static void take_sheet(struct reader *r, const char *const *attributes)
{
	struct workbook *w = r->w;
	const char *id = part_attribute(attributes, "id"), *state = part_attribute(attributes, "state");
	const char *name = keep(r, part_attribute(attributes, "name"));
	const struct link *link = r->links;

	while (link && (!id || strcmp(link->id, id) != 0 || !is_type(link, "worksheet")))
		link = link->next;
	if (!link) /* a chart */
		return;
	if (w->count == MOST_SHEETS || strlen(name) >= SOURCE_SHEET) {
		too_large(r);
		return;
	}
	w->sheets[w->count++] = (struct workbook_sheet){
		.name = name,
		.part = link->target,
		.hidden = state && strcmp(state, "visible") != 0,
	};
}

static void on_workbook(void *ctx, const char *name, const char *const *attributes)
{
	struct reader *r = ctx;

	if (strcmp(name, "workbookPr") == 0)
		r->w->from_1904 = is_true(part_attribute(attributes, "date1904"));
	else if (strcmp(name, "sheet") == 0)
		take_sheet(r, attributes);
}

static const struct part_events workbook_events = { on_workbook, no_end, no_text };

/* The relationships of part `from`, their targets as parts. */
static enum err_code read_links(struct reader *r, const char *from, bool *found)
{
	const char *slash = strrchr(from, '/');
	const char *base = slash ? slash + 1 : from;
	char name[2 * MOST_TEXT];

	r->links = NULL;
	snprintf(name, sizeof name, "%.*s_rels/%s.rels", (int)(base - from), from, base);
	if (part_read(r->w->fd, r->w->path, name, &link_events, r, found, r->e) != ERR_OK)
		return r->e->code;
	for (struct link *link = r->links; link; link = link->next)
		link->target = resolve(r, from, link->target);
	return r->e->code;
}

static enum err_code no_workbook(const struct workbook *w, struct err *e)
{
	return err_set(e, ERR_FILE, "%s is an archive, but no .xlsx workbook: save it as .xlsx or as CSV",
	               w->path);
}

static enum err_code read_sheets(struct reader *r, const char *part)
{
	struct workbook *w = r->w;
	const struct link *shared, *styles;
	bool found;

	if (read_links(r, part, &found) != ERR_OK)
		return r->e->code;
	shared = link_of_type(r->links, "sharedStrings");
	styles = link_of_type(r->links, "styles");
	w->shared = shared ? shared->target : NULL;
	w->styles = styles ? styles->target : NULL;
	w->sheets = arena_alloc(&w->texts, MOST_SHEETS * sizeof *w->sheets);
	if (!w->sheets)
		return err_memory(r->e, "a workbook");
	if (part_read(w->fd, w->path, part, &workbook_events, r, &found, r->e) != ERR_OK)
		return r->e->code;
	if (!found)
		return no_workbook(w, r->e);
	return w->count ? ERR_OK : err_set(r->e, ERR_FILE, "%s has no sheet with cells in it", w->path);
}

enum err_code workbook_open(struct workbook *w, int fd, const char *path, struct err *e)
{
	struct reader r = { .w = w, .e = e };
	const struct link *document;
	size_t len;
	bool found;

	*w = (struct workbook){ .fd = fd, .path = path };
	arena_init(&w->texts);
	if (read_links(&r, "", &found) != ERR_OK)
		return e->code;
	document = link_of_type(r.links, "officeDocument");
	if (!document)
		return no_workbook(w, e);
	len = strlen(document->target);
	if (len > 4 && strcmp(document->target + len - 4, ".bin") == 0)
		return err_set(e, ERR_FILE, "%s is a binary workbook (.xlsb): save it as .xlsx", path);
	return read_sheets(&r, document->target);
}

void workbook_close(struct workbook *w)
{
	arena_release(&w->texts);
}

static enum err_code no_sheet(const struct workbook *w, const char *name, struct err *e)
{
	enum err_code rc;
	struct buf b;

	buf_init(&b, 500);
	buf_addf(&b, " has no sheet \"%s\": it has ", name);
	for (size_t i = 0; i < w->count && i < SHOWN_SHEETS; i++)
		buf_addf(&b, "%s\"%s\"", i ? ", " : "", w->sheets[i].name);
	if (w->count > SHOWN_SHEETS)
		buf_addf(&b, " and %zu more", w->count - SHOWN_SHEETS);
	rc = err_set(e, ERR_USAGE, "%s%s", w->path, buf_text(&b));
	buf_release(&b);
	return rc;
}

enum err_code workbook_find(const struct workbook *w, const char *name, size_t *sheet, struct err *e)
{
	*sheet = 0;
	if (!name[0]) {
		while (*sheet < w->count && w->sheets[*sheet].hidden)
			(*sheet)++;
		*sheet = *sheet < w->count ? *sheet : 0;
		return ERR_OK;
	}
	while (*sheet < w->count && !slice_equal_fold(slice_of(w->sheets[*sheet].name), slice_of(name)))
		(*sheet)++;
	return *sheet < w->count ? ERR_OK : no_sheet(w, name, e);
}
