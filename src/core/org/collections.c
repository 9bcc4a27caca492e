#include "core/org/collections.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "core/org/call.h"
#include "core/org/json.h"
#include "core/org/url.h"

enum { PATH_ROOM = 8 * 1024, MOST_BODY = 64 * 1024 * 1024, HEADER_ROOM = 64 };

struct collections_call {
	collections_done *done;
	void *ctx;
	size_t count;
};

/* "Name,Industry" of ["Name", "Industry"]. */
static const char *join_fields(const json_t *fields, struct arena *texts)
{
	struct buf b;
	const char *joined;

	buf_init(&b, 64 * 1024);
	for (size_t i = 0; i < json_array_size(fields); i++) {
		const char *name = json_string_value(json_array_get(fields, i));

		if (name)
			buf_addf(&b, "%s%s", b.len ? "," : "", name);
	}
	joined = arena_slice(texts, buf_slice(&b));
	buf_release(&b);
	return joined ? joined : "";
}

static bool take_result(const json_t *item, struct arena *texts, struct collections_result *r)
{
	const json_t *success = json_object_get(item, "success"), *created = json_object_get(item, "created");
	const json_t *error = json_array_get(json_object_get(item, "errors"), 0);

	if (!json_is_boolean(success))
		return false;
	r->success = json_is_true(success);
	r->created = json_is_boolean(created) ? json_is_true(created) : -1;
	if (!url_id18(slice_of(json_text(item, "id")), r->id))
		r->id[0] = '\0';
	r->code = json_text(error, "statusCode");
	r->message = json_text(error, "message");
	r->fields = join_fields(json_object_get(error, "fields"), texts);
	return r->success ? r->id[0] != '\0' : true;
}

/* NULL if the answer does not hold one result for each record. */
static struct collections_result *take_results(const json_t *items, size_t count, struct arena *texts)
{
	struct collections_result *results = calloc(count + 1, sizeof *results);

	if (!results)
		return NULL;
	for (size_t i = 0; i < count; i++)
		if (json_array_size(items) != count ||
		    !take_result(json_array_get(items, i), texts, &results[i])) {
			free(results);
			return NULL;
		}
	return results;
}

static void collections_answered(void *ctx, const struct answer *answer, struct slice body)
{
	struct collections_call call = *(struct collections_call *)ctx;
	struct answer said = *answer;
	struct collections_result *results = NULL;
	json_t *items = said.verdict == VERDICT_DONE ? json_read(body) : NULL;
	struct arena texts;

	free(ctx);
	arena_init(&texts);
	if (said.verdict == VERDICT_DONE)
		results = take_results(items, call.count, &texts);
	if (said.verdict == VERDICT_DONE && !results) {
		said.verdict = VERDICT_UNKNOWN;
		said.trouble = TROUBLE_SERVER;
		snprintf(said.message, sizeof said.message,
		         "the org's answer does not tell what became of the %zu records (HTTP %d)", call.count,
		         said.status);
	}
	call.done(call.ctx, &said, results);
	json_decref(items);
	arena_release(&texts);
	free(results);
}

static void add_path(struct buf *path, const struct collections_spec *spec, struct slice records)
{
	buf_add_text(path, "/composite/sobjects");
	if (spec->verb == COLLECTIONS_UPSERT) {
		buf_add_char(path, '/');
		url_encode(path, slice_of(spec->object));
		buf_add_char(path, '/');
		url_encode(path, slice_of(spec->external_id));
	} else if (spec->verb == COLLECTIONS_DELETE) {
		buf_add_text(path, "?ids=");
		buf_add_slice(path, records);
		buf_addf(path, "&allOrNone=%s", spec->all_or_none ? "true" : "false");
	}
}

static void add_body(struct buf *body, const struct collections_spec *spec, struct slice records)
{
	if (spec->verb == COLLECTIONS_DELETE)
		return;
	buf_addf(body, "{\"allOrNone\":%s,\"records\":[", spec->all_or_none ? "true" : "false");
	buf_add_slice(body, records);
	buf_add_text(body, "]}");
}

static enum err_code start(struct org *org, const struct collections_spec *spec, const char *path,
                           struct slice body, struct collections_call call, struct err *e)
{
	static const char *const methods[] = { "POST", "PATCH", "PATCH", "DELETE" };
	struct collections_call *copy = malloc(sizeof *copy);
	struct http_request request = { .method = methods[spec->verb], .text = body, .done_ctx = copy };
	char rule[HEADER_ROOM];
	enum err_code rc;
	size_t n = 0;

	if (!copy)
		return err_memory(e, "a request");
	*copy = call;
	request.done = collections_answered;
	if (body.len)
		request.content_type = "application/json; charset=UTF-8";
	if (spec->allow_duplicates)
		request.headers[n++] = "Sforce-Duplicate-Rule-Header: allowSave=true";
	if (spec->assignment_rule && spec->assignment_rule[0]) {
		snprintf(rule, sizeof rule, "Sforce-Auto-Assign: %s", spec->assignment_rule);
		request.headers[n] = rule;
	}
	rc = call_start(org, path, &request, (struct call_options){ .drop = free }, e);
	if (rc)
		free(copy);
	return rc;
}

enum err_code collections_send(struct org *org, const struct collections_spec *spec, struct slice records,
                               collections_done *done, void *ctx, struct err *e)
{
	struct buf path, body;
	enum err_code rc;

	buf_init(&path, PATH_ROOM);
	buf_init(&body, MOST_BODY);
	add_path(&path, spec, records);
	add_body(&body, spec, records);
	if (path.short_of || body.short_of)
		rc = err_memory(e, "a request");
	else
		rc = start(org, spec, buf_text(&path), buf_slice(&body),
		           (struct collections_call){ done, ctx, spec->count }, e);
	buf_release(&path);
	buf_release(&body);
	return rc;
}
