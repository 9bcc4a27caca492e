#include "practice/soap_read.h"

#include <expat.h>
#include <string.h>

#define ENVELOPE "http://schemas.xmlsoap.org/soap/envelope/|"
#define PARTNER SOAP_PARTNER "|"

enum { MOST_DEPTH = 64, MOST_VALUE = 4096 };

struct reader {
	XML_Parser parser;
	struct soap_request *to;
	struct buf *why;
	int depth;        /* of the element that is read; 1: the envelope */
	bool in_body;     /* within the body, else in the header */
	bool in_first;    /* within its first element */
	bool in_session;  /* within the header's SessionHeader */
	struct buf *text; /* what the text of this element belongs to, or NULL */
};

static void stop(struct reader *r, const char *why)
{
	if (!r->why->len)
		buf_add_text(r->why, why);
	XML_StopParser(r->parser, XML_FALSE);
}

/* Of two elements alike the last counts. */
static void begin_value(struct reader *r, const char *name)
{
	if (r->in_session && strcmp(name, PARTNER "sessionId") == 0)
		r->text = &r->to->session;
	else if (r->in_first && strcmp(name, PARTNER "username") == 0)
		r->text = &r->to->username;
	else if (r->in_first && strcmp(name, PARTNER "password") == 0)
		r->text = &r->to->password;
	if (r->text)
		buf_clear(r->text);
}

static void begin_element(void *ctx, const char *name, const char **attributes)
{
	struct reader *r = ctx;

	(void)attributes;
	r->text = NULL;
	switch (++r->depth) {
	case 1:
		if (strcmp(name, ENVELOPE "Envelope") != 0)
			stop(r, "The root element is no SOAP envelope");
		break;
	case 2:
		r->in_body = strcmp(name, ENVELOPE "Body") == 0;
		break;
	case 3:
		r->in_session = !r->in_body && strcmp(name, PARTNER "SessionHeader") == 0;
		r->in_first = r->in_body && r->to->operation.len == 0;
		if (r->in_first)
			buf_add_text(&r->to->operation, name);
		break;
	case 4:
		begin_value(r, name);
		break;
	default:
		if (r->depth > MOST_DEPTH)
			stop(r, "Elements are nested too deep");
	}
}

static void end_element(void *ctx, const char *name)
{
	struct reader *r = ctx;

	(void)name;
	r->text = NULL;
	r->depth--;
}

static void add_text(void *ctx, const char *text, int len)
{
	struct reader *r = ctx;

	if (r->text)
		buf_add(r->text, text, (size_t)len);
}

/* Entities of one's own, and with them the tricks that blow a document up, need one. */
static void refuse_doctype(void *ctx, const char *name, const char *system, const char *public, int internal)
{
	(void)name;
	(void)system;
	(void)public;
	(void)internal;
	stop(ctx, "DOCTYPE is disallowed");
}

bool soap_read(struct soap_request *s, struct slice text, struct buf *why)
{
	struct reader r = { .to = s, .why = why, .parser = XML_ParserCreateNS(NULL, '|') };
	bool read;

	buf_init(&s->operation, MOST_VALUE);
	buf_init(&s->username, MOST_VALUE);
	buf_init(&s->password, MOST_VALUE);
	buf_init(&s->session, MOST_VALUE);
	if (!r.parser) {
		buf_add_text(why, "no memory for the request");
		return false;
	}
	XML_SetUserData(r.parser, &r);
	XML_SetElementHandler(r.parser, begin_element, end_element);
	XML_SetCharacterDataHandler(r.parser, add_text);
	XML_SetStartDoctypeDeclHandler(r.parser, refuse_doctype);
	read = XML_Parse(r.parser, text.len ? text.at : "", (int)text.len, XML_TRUE) == XML_STATUS_OK;
	if (!read && !why->len)
		buf_addf(why, "%s at line %lu, column %lu", XML_ErrorString(XML_GetErrorCode(r.parser)),
		         (unsigned long)XML_GetCurrentLineNumber(r.parser),
		         (unsigned long)XML_GetCurrentColumnNumber(r.parser) + 1);
	XML_ParserFree(r.parser);
	return read;
}

void soap_request_release(struct soap_request *s)
{
	buf_release(&s->operation);
	buf_release(&s->username);
	buf_release(&s->password);
	buf_release(&s->session);
}
