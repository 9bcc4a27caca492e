#include <string.h>

#include "core/org/call.h"
#include "core/org/url.h"

enum { DESCRIBE_MOST = 16 * 1024 * 1024 };

static enum err_code get(struct org *org, const char *path, const char *what, struct answer *answer,
                         struct buf *body, struct err *e)
{
	struct http_request request = { .method = "GET" };
	enum err_code rc = call_wait(org, path, &request, (struct call_options){ 0 }, answer, body, e);

	if (!rc && answer->trouble != TROUBLE_GONE)
		rc = call_err(org, what, answer, e);
	if (!rc && body->short_of)
		rc = err_memory(e, what);
	return rc;
}

enum err_code org_objects(struct org *org, struct object_list **list, struct err *e)
{
	struct answer answer;
	enum err_code rc;
	struct buf body;

	buf_init(&body, DESCRIBE_MOST);
	rc = get(org, "/sobjects", "the list of objects", &answer, &body, e);
	if (!rc)
		rc = call_err(org, "the list of objects", &answer, e);
	if (!rc)
		rc = object_list_parse(list, buf_slice(&body), e);
	buf_release(&body);
	return rc;
}

enum err_code org_describe(struct org *org, const char *object, struct object **parsed, struct buf *json,
                           struct err *e)
{
	struct answer answer;
	enum err_code rc;
	struct buf path, body;

	buf_init(&path, 4096);
	buf_init(&body, DESCRIBE_MOST);
	buf_add_text(&path, "/sobjects/");
	url_encode(&path, slice_of(object));
	buf_add_text(&path, "/describe");
	rc = get(org, buf_text(&path), "a describe", &answer, &body, e);
	if (!rc && answer.trouble == TROUBLE_GONE)
		rc = err_set(e, ERR_REFUSED, "there is no object %.80s in %s: `longshore objects` lists them",
		             object, org->identity.host);
	if (!rc && parsed)
		rc = describe_parse(parsed, buf_slice(&body), e);
	if (!rc && json)
		buf_add_slice(json, buf_slice(&body));
	buf_release(&path);
	buf_release(&body);
	return rc;
}
