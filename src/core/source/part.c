#include "core/source/part.h"

#include <expat.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "core/source/zip.h"

enum { DEEPEST = 64, PIECE = 64 * 1024, MOST_TAG = 16 * 1024 * 1024 };

struct part {
	const struct part_events *events;
	void *ctx;
	const char *path, *name;
	struct zip *zip;
	XML_Parser parser;
	int64_t given; /* bytes that the parser has */
	int depth;
	bool enough;
	const char *why; /* what we refuse */
	struct err *e;   /* of the step */
};

/* Are events still wanted? */
static bool is_on(const struct part *p)
{
	return !p->enough && p->e->code == ERR_OK;
}

/* "x:row" is row. */
static const char *bare(const char *name)
{
	const char *colon = strchr(name, ':');

	return colon ? colon + 1 : name;
}

static void refuse(struct part *p, const char *why)
{
	if (!p->why)
		p->why = why;
	XML_StopParser(p->parser, XML_FALSE);
}

static void on_begin(void *ctx, const XML_Char *name, const XML_Char **attributes)
{
	struct part *p = ctx;

	if (++p->depth > DEEPEST)
		refuse(p, "it nests deeper than 64");
	else if (is_on(p))
		p->events->begin(p->ctx, bare(name), (const char *const *)attributes);
}

static void on_end(void *ctx, const XML_Char *name)
{
	struct part *p = ctx;

	p->depth--;
	if (is_on(p))
		p->events->end(p->ctx, bare(name));
}

static void on_text(void *ctx, const XML_Char *text, int len)
{
	struct part *p = ctx;

	if (is_on(p))
		p->events->text(p->ctx, (struct slice){ text, (size_t)len });
}

/* Entities of one's own, and with them the tricks that blow a text up, need one. */
static void on_doctype(void *ctx, const XML_Char *name, const XML_Char *system, const XML_Char *public,
                       int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	refuse(ctx, "it has a DOCTYPE");
}

static bool make_parser(struct part *p)
{
	p->parser = XML_ParserCreate(NULL);
	if (!p->parser)
		return false;
	XML_SetUserData(p->parser, p);
	XML_SetElementHandler(p->parser, on_begin, on_end);
	XML_SetCharacterDataHandler(p->parser, on_text);
	XML_SetStartDoctypeDeclHandler(p->parser, on_doctype);
	return true;
}

enum err_code part_open(struct part **part, int fd, const char *path, const char *name,
                        const struct part_events *events, void *ctx, struct err *e)
{
	struct part *p = calloc(1, sizeof *p);
	enum err_code rc;

	*part = NULL;
	if (!p)
		return err_memory(e, "a workbook");
	*p = (struct part){ .events = events, .ctx = ctx, .path = path, .name = name };
	rc = zip_open(&p->zip, fd, path, name, e);
	if (rc == ERR_OK && p->zip && !make_parser(p))
		rc = err_memory(e, "a workbook");
	if (rc == ERR_OK && p->zip)
		*part = p;
	else
		part_close(p);
	return rc;
}

void part_close(struct part *part)
{
	if (!part)
		return;
	zip_close(part->zip);
	if (part->parser)
		XML_ParserFree(part->parser);
	free(part);
}

static enum err_code broken(struct part *p, struct err *e)
{
	enum XML_Error error = XML_GetErrorCode(p->parser);
	char at[27];

	if (error == XML_ERROR_NO_MEMORY)
		return err_memory(e, "a workbook");
	return err_set(e, ERR_FILE, "%s breaks at byte %s of its part %s: %s; save it again as .xlsx", p->path,
	               text_count(XML_GetCurrentByteIndex(p->parser), at, sizeof at), p->name,
	               p->why ? p->why : XML_ErrorString(error));
}

enum err_code part_more(struct part *part, bool *more, struct err *e)
{
	char *to = XML_GetBuffer(part->parser, PIECE);
	size_t got;

	*more = false;
	part->e = e;
	if (!to)
		return err_memory(e, "a workbook");
	if (zip_read(part->zip, to, PIECE, &got, e) != ERR_OK)
		return e->code;
	part->given += (int64_t)got;
	if (XML_ParseBuffer(part->parser, (int)got, got == 0) == XML_STATUS_ERROR && !part->enough)
		return e->code == ERR_OK ? broken(part, e) : e->code;
	if (part->given - XML_GetCurrentByteIndex(part->parser) > MOST_TAG) {
		part->why = "a tag of more than 16 MB";
		return broken(part, e);
	}
	*more = got > 0 && !part->enough;
	return e->code;
}

enum err_code part_read(int fd, const char *path, const char *name, const struct part_events *events, void *ctx,
                        bool *found, struct err *e)
{
	struct part *part;
	enum err_code rc = part_open(&part, fd, path, name, events, ctx, e);
	bool more = rc == ERR_OK && part;

	*found = more;
	while (rc == ERR_OK && more)
		rc = part_more(part, &more, e);
	part_close(part);
	return rc;
}

void part_stop(struct part *part)
{
	part->enough = true;
	XML_StopParser(part->parser, XML_FALSE);
}

const char *part_attribute(const char *const *attributes, const char *name)
{
	for (size_t i = 0; attributes[i]; i += 2)
		if (strcmp(bare(attributes[i]), name) == 0)
			return attributes[i + 1];
	return NULL;
}
