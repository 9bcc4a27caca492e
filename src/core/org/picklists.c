#include "core/org/picklists.h"

#include "core/org/call.h"
#include "core/org/json.h"
#include "core/org/url.h"

enum { ANSWER_MOST = 16 * 1024 * 1024, PATH_MOST = 2048 };

static bool give(const json_t *fields, picklists_value *each, void *ctx)
{
	const char *name;
	json_t *field, *value;
	size_t i;

	json_object_foreach((json_t *)(void *)(uintptr_t)fields, name, field) {
		json_array_foreach(json_object_get(field, "values"), i, value) {
			if (!each(ctx, name, slice_of(json_text(value, "value"))))
				return false;
		}
	}
	return true;
}

static enum err_code take(const struct org *org, struct slice body, picklists_value *each, void *ctx,
                          struct err *e)
{
	json_t *answer = json_read(body);
	const json_t *fields = json_object_get(answer, "picklistFieldValues");

	if (!json_is_object(fields))
		err_set(e, ERR_UNREACHABLE, "%s told the values of picklists in a way that nobody understands",
		        org->identity.host);
	else if (!give(fields, each, ctx))
		err_memory(e, "the values of picklists");
	json_decref(answer);
	return e->code;
}

enum err_code picklists_ask(struct org *org, const char *object, const char *record_type, picklists_value *each,
                            void *ctx, bool *told, struct err *e)
{
	struct http_request request = { .method = "GET" };
	struct answer answer;
	struct buf path, body;
	enum err_code rc;

	buf_init(&path, PATH_MOST);
	buf_init(&body, ANSWER_MOST);
	buf_add_text(&path, "/ui-api/object-info/");
	url_encode(&path, slice_of(object));
	buf_add_text(&path, "/picklist-values/");
	url_encode(&path, slice_of(record_type));
	rc = call_wait(org, buf_text(&path), &request, (struct call_options){ 0 }, &answer, &body, e);
	*told = rc == ERR_OK && answer.verdict == VERDICT_DONE;
	if (*told)
		rc = take(org, buf_slice(&body), each, ctx, e);
	else if (rc == ERR_OK && (answer.verdict != VERDICT_REJECTED || answer.trouble == TROUBLE_SESSION))
		rc = call_err(org, "what record types offer", &answer, e);
	buf_release(&path);
	buf_release(&body);
	return rc;
}
