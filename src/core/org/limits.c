#include "core/org/limits.h"

#include <stdlib.h>

#include "core/org/call.h"
#include "core/org/json.h"

enum { LIMITS_MOST = 1024 * 1024 }; /* a real answer has about 5 kB */

struct limits_call {
	limits_done *done;
	void *ctx;
};

static int64_t number_of(const json_t *limit, const char *name)
{
	const json_t *value = json_object_get(limit, name);

	return json_is_integer(value) && json_integer_value(value) >= 0 ? json_integer_value(value) : -1;
}

void limits_read(struct limits *limits, struct slice text)
{
	json_t *all = json_read(text);
	const json_t *calls = json_object_get(all, "DailyApiRequests");
	const json_t *batches = json_object_get(all, "DailyBulkApiBatches");
	const json_t *data = json_object_get(all, "DataStorageMB");
	const json_t *files = json_object_get(all, "FileStorageMB");

	if (!batches) /* its name in older versions */
		batches = json_object_get(all, "DailyBulkApiRequests");
	*limits = (struct limits){ number_of(calls, "Remaining"),   number_of(calls, "Max"),
		                   number_of(batches, "Remaining"), number_of(batches, "Max"),
		                   number_of(data, "Remaining"),    number_of(data, "Max"),
		                   number_of(files, "Remaining"),   number_of(files, "Max") };
	json_decref(all);
}

enum err_code limits_get(struct org *org, struct limits *limits, struct err *e)
{
	struct http_request request = { .method = "GET" };
	struct answer answer;
	enum err_code rc;
	struct buf body;

	buf_init(&body, LIMITS_MOST);
	rc = call_wait(org, "/limits", &request, (struct call_options){ 0 }, &answer, &body, e);
	if (!rc)
		rc = call_err(org, "the limits", &answer, e);
	if (rc)
		buf_clear(&body);
	limits_read(limits, buf_slice(&body));
	buf_release(&body);
	return rc;
}

static void answered(void *ctx, const struct answer *answer, struct slice body)
{
	struct limits_call call = *(struct limits_call *)ctx;
	struct limits limits;

	free(ctx);
	if (answer->verdict == VERDICT_DONE)
		limits_read(&limits, body);
	call.done(call.ctx, answer, answer->verdict == VERDICT_DONE ? &limits : NULL);
}

enum err_code limits_ask(struct org *org, limits_done *done, void *ctx, struct err *e)
{
	struct limits_call *call = malloc(sizeof *call);
	struct http_request request = { .method = "GET", .done = answered, .done_ctx = call };
	enum err_code rc;

	if (!call)
		return err_memory(e, "a request");
	*call = (struct limits_call){ done, ctx };
	rc = call_start(org, "/limits", &request, (struct call_options){ .drop = free }, e);
	if (rc)
		free(call);
	return rc;
}
