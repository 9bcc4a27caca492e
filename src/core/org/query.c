#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/org/call.h"
#include "core/org/json.h"
#include "core/org/url.h"

enum {
	PAGE_MOST = 16 * 1024 * 1024,
	PATH_MOST = 16 * 1024, /* the server's ceiling for address and headers (salesforce-api.md F) */
};

struct query {
	const char *const *fields;
	size_t count;
	org_row *row;
	void *ctx;
	struct slice *values;
	struct buf *texts; /* of numbers and the like, one a field */
	bool stopped;
};

/* SOQL takes names in any case and answers in the describe's. */
static const json_t *member(const json_t *object, struct slice name)
{
	const char *key;
	json_t *value = json_object_getn(object, name.at, name.len), *each;

	if (value)
		return value;
	json_object_foreach((json_t *)(void *)(uintptr_t)object, key, each)
		if (slice_equal_fold(slice_of(key), name)) {
			value = each;
		}
	return value;
}

/* "Account.Owner.Name" in nested objects; NULL where one of them is null. Of a list, such as the records of a query within the
 * query, the first one. */
static const json_t *at_path(const json_t *record, const char *path)
{
	while (record) {
		size_t len = strcspn(path, ".");

		if (json_is_array(record))
			record = json_array_get(record, 0);
		record = member(record, (struct slice){ path, len });
		if (!path[len])
			break;
		path += len + 1;
	}
	return record;
}

/* The shortest digits that read back as the same number: jansson keeps no text, and prints 0.1 with 17 digits. */
static void add_real(struct buf *to, const json_t *value)
{
	char text[64];

	for (size_t digits = 15; digits <= 17; digits++) {
		size_t len = json_dumpb(value, text, sizeof text,
		                        JSON_ENCODE_ANY | JSON_REAL_PRECISION(digits));
		json_t *back = json_loadb(text, len, JSON_DECODE_ANY, NULL);
		bool same = json_real_value(back) == json_real_value(value);

		json_decref(back);
		if (!same && digits < 17)
			continue;
		buf_add(to, text, len);
		return;
	}
}

static struct slice value_text(const json_t *value, struct buf *text)
{
	char *json;

	if (json_is_string(value))
		return (struct slice){ json_string_value(value), json_string_length(value) };
	if (!value || json_is_null(value))
		return (struct slice){ "", 0 };
	buf_clear(text);
	if (json_is_real(value)) {
		add_real(text, value);
		return buf_slice(text);
	}
	json = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
	if (json)
		buf_add_text(text, json);
	free(json);
	return buf_slice(text);
}

static void give_rows(struct query *q, const json_t *records)
{
	json_t *record;
	size_t i;

	json_array_foreach(records, i, record) {
		for (size_t f = 0; f < q->count; f++)
			q->values[f] = value_text(at_path(record, q->fields[f]), &q->texts[f]);
		if (!q->row(q->ctx, q->values)) {
			q->stopped = true;
			return;
		}
	}
}

/* Hands over a page and puts the next one's path into `path`; empty behind the last. */
static enum err_code take_page(struct query *q, const struct org *org, struct slice body, struct buf *path,
                               struct err *e)
{
	json_t *page = json_read(body);
	const json_t *records = json_object_get(page, "records");
	const char *next = json_text(page, "nextRecordsUrl");
	bool whole = json_is_array(records) && (json_is_true(json_object_get(page, "done")) || *next);
	enum err_code rc = ERR_OK;

	buf_clear(path);
	if (!whole || (*next && strncmp(next, "/services/data/v", 16) != 0)) {
		rc = err_set(e, ERR_UNREACHABLE,
		             "%s answered a query with something else: is it a Salesforce address?",
		             org->identity.host);
	} else {
		give_rows(q, records);
		buf_add_text(path, q->stopped ? "" : next);
	}
	json_decref(page);
	return rc;
}

static enum err_code get_pages(struct query *q, struct org *org, struct buf *path, struct err *e)
{
	struct http_request request = { .method = "GET" };
	enum err_code rc = path->short_of ? err_set(e, ERR_INTERNAL, "a query is longer than an address can be")
	                                  : ERR_OK;
	struct answer answer;
	struct buf body;

	buf_init(&body, PAGE_MOST);
	while (!rc && path->len) {
		buf_clear(&body);
		rc = call_wait(org, buf_text(path), &request, (struct call_options){ .from_root = true },
		               &answer, &body, e);
		if (!rc)
			rc = call_err(org, "a query", &answer, e);
		if (!rc)
			rc = take_page(q, org, buf_slice(&body), path, e);
	}
	buf_release(&body);
	return rc;
}

static enum err_code query(struct org *org, const char *resource, const char *soql, const char *const *fields,
                           size_t field_count, org_row *row, void *ctx, struct err *e)
{
	struct query q = { .fields = fields, .count = field_count, .row = row, .ctx = ctx };
	enum err_code rc;
	struct buf path;

	q.values = calloc(field_count + 1, sizeof *q.values);
	q.texts = calloc(field_count + 1, sizeof *q.texts);
	buf_init(&path, PATH_MOST);
	buf_addf(&path, "/services/data/v%s/%s?q=", org->identity.api_version, resource);
	url_encode(&path, slice_of(soql));
	if (q.values && q.texts) {
		for (size_t f = 0; f < field_count; f++)
			buf_init(&q.texts[f], PAGE_MOST);
		rc = get_pages(&q, org, &path, e);
	} else {
		rc = err_memory(e, "a query");
	}
	for (size_t f = 0; f < field_count && q.texts; f++)
		buf_release(&q.texts[f]);
	free(q.values);
	free(q.texts);
	buf_release(&path);
	return rc;
}

/* A query that is not waited for. */
struct asking {
	struct query query;
	struct org *org;
	struct buf path; /* of the page that is asked for */
	org_asked *done;
	void *ctx;
};

static void free_asking(void *ctx)
{
	struct asking *a = ctx;

	for (size_t f = 0; f < a->query.count && a->query.texts; f++)
		buf_release(&a->query.texts[f]);
	free(a->query.values);
	free(a->query.texts);
	buf_release(&a->path);
	free(a);
}

static void page_came(void *ctx, const struct answer *answer, struct slice body);

static enum err_code ask_page(struct asking *a, struct err *e)
{
	struct http_request request = { .method = "GET", .done = page_came, .done_ctx = a };

	return call_start(a->org, buf_text(&a->path), &request,
	                  (struct call_options){ .from_root = true, .drop = free_asking }, e);
}

static void page_came(void *ctx, const struct answer *answer, struct slice body)
{
	struct asking *a = ctx;
	struct answer said = *answer;
	struct err e;

	err_init(&e);
	if (said.verdict == VERDICT_DONE &&
	    (take_page(&a->query, a->org, body, &a->path, &e) != ERR_OK || a->path.len)) {
		if (e.code == ERR_OK && ask_page(a, &e) == ERR_OK)
			return;
		answer_none(&said, true, "%.470s", e.text);
	}
	a->done(a->ctx, &said);
	free_asking(a);
}

enum err_code org_query_start(struct org *org, const char *soql, const char *const *fields, size_t field_count,
                              org_row *row, org_asked *done, void *ctx, struct err *e)
{
	struct asking *a = calloc(1, sizeof *a);
	enum err_code rc;

	if (!a)
		return err_memory(e, "a query");
	*a = (struct asking){ .query = { .fields = fields, .count = field_count, .row = row, .ctx = ctx },
		              .org = org,
		              .done = done,
		              .ctx = ctx };
	a->query.values = calloc(field_count + 1, sizeof *a->query.values);
	a->query.texts = calloc(field_count + 1, sizeof *a->query.texts);
	for (size_t f = 0; f < field_count && a->query.texts; f++)
		buf_init(&a->query.texts[f], PAGE_MOST);
	buf_init(&a->path, PATH_MOST);
	buf_addf(&a->path, "/services/data/v%s/query?q=", org->identity.api_version);
	url_encode(&a->path, slice_of(soql));
	if (!a->query.values || !a->query.texts)
		rc = err_memory(e, "a query");
	else if (a->path.short_of)
		rc = err_set(e, ERR_INTERNAL, "a query is longer than an address can be");
	else
		rc = ask_page(a, e);
	if (rc)
		free_asking(a);
	return rc;
}

enum err_code org_query(struct org *org, const char *soql, const char *const *fields, size_t field_count,
                        org_row *row, void *ctx, struct err *e)
{
	return query(org, "query", soql, fields, field_count, row, ctx, e);
}

enum err_code org_query_all(struct org *org, const char *soql, const char *const *fields, size_t field_count,
                            org_row *row, void *ctx, struct err *e)
{
	return query(org, "queryAll", soql, fields, field_count, row, ctx, e);
}
