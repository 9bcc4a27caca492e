#include "practice/rest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/when.h"
#include "practice/practice_ids.h"
#include "practice/query_columns.h"
#include "practice/route.h"

enum { MOST_PAGE = 2000, LEAST_PAGE = 200 };

void rest_versions(struct practice *p, const struct request *r, struct answer *a)
{
	static const char *const seasons[] = { "Winter", "Spring", "Summer" };
	char text[64];
	struct json_out o;

	(void)p;
	(void)r;
	json_out_init(&o, &a->body, false);
	json_out_list(&o);
	for (int v = OLDEST_VERSION; v <= NEWEST_VERSION; v++) {
		int since = v - 44; /* 44.0 is Winter '19, 66.0 Spring '26; three a year */

		json_out_object(&o);
		snprintf(text, sizeof text, "%s '%d", seasons[since % 3], 19 + since / 3);
		json_out_pair(&o, "label", text);
		snprintf(text, sizeof text, "/services/data/v%d.0", v);
		json_out_pair(&o, "url", text);
		snprintf(text, sizeof text, "%d.0", v);
		json_out_pair(&o, "version", text);
		json_out_end(&o);
	}
	json_out_end(&o);
}

void rest_resources(struct practice *p, const struct request *r, struct answer *a)
{
	static const char *const names[] = { "composite", "jobs", "limits", "query", "queryAll", "sobjects" };
	char url[64], identity[160];
	struct json_out o;

	json_out_init(&o, &a->body, false);
	json_out_object(&o);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		snprintf(url, sizeof url, "/services/data/v%d.0/%s", r->version, names[i]);
		json_out_pair(&o, names[i], url);
	}
	practice_url(p, url);
	snprintf(identity, sizeof identity, "%s/id/%s/%s", url, PRACTICE_ORG, PRACTICE_USER);
	json_out_pair(&o, "identity", identity);
	json_out_end(&o);
}

bool rest_is_unchanged(const struct request *r, struct answer *a, int64_t modified)
{
	const char *since = request_header(r, "If-Modified-Since");
	char text[WHEN_TEXT];
	int64_t ms;

	when_http_text(modified, text);
	answer_header(a, "Last-Modified", "%s", text);
	if (!since)
		return false;
	if (!when_http(slice_of(since), &ms)) {
		answer_error(a, 400, "INVALID_HEADER", "Malformed date in If-Modified-Since: %.60s", since);
		return true;
	}
	if (ms < modified - modified % 1000)
		return false;
	a->status = 304;
	return true;
}

/* Objects and fields change only when the org is opened. */
static bool is_unchanged(struct practice *p, const struct request *r, struct answer *a)
{
	answer_header(a, "ETag", "\"%08x\"", (unsigned)(p->born / 1000));
	return rest_is_unchanged(r, a, p->born);
}

void rest_objects(struct practice *p, const struct request *r, struct answer *a)
{
	if (is_unchanged(p, r, a))
		return;
	buf_add_text(&a->body, "{\"encoding\":\"UTF-8\",\"maxBatchSize\":200,\"sobjects\":[");
	for (size_t i = 0; i < p->schema.count; i++) {
		buf_add_text(&a->body, i ? "," : "");
		schema_add_text(&a->body, p->schema.objects[i].summary, r->version);
	}
	buf_add_text(&a->body, "]}");
}

static struct table *find_table(struct practice *p, const struct request *r, struct answer *a)
{
	struct table *t = practice_table(p, r->part[0]);

	if (!t)
		answer_error(a, 404, "NOT_FOUND", "The requested resource does not exist");
	return t;
}

void rest_describe(struct practice *p, const struct request *r, struct answer *a)
{
	struct table *t = find_table(p, r, a);

	if (t && !is_unchanged(p, r, a))
		schema_add_text(&a->body, t->object->describe, r->version);
}

/* "Sforce-Query-Options: batchSize=200" */
static size_t page_size(const struct request *r)
{
	const char *options = request_header(r, "Sforce-Query-Options");
	const char *at = options ? strstr(options, "batchSize=") : NULL;
	long size = at ? strtol(at + 10, NULL, 10) : MOST_PAGE;

	if (size < LEAST_PAGE)
		return LEAST_PAGE;
	return size > MOST_PAGE ? MOST_PAGE : (size_t)size;
}

static void refuse_query(struct answer *a, const struct query_error *e)
{
	struct json_out o;

	a->status = 400;
	json_out_init(&o, &a->body, true);
	json_out_list(&o);
	json_out_object(&o);
	json_out_key(&o, "message");
	json_out_text(&o, buf_slice(&e->message));
	json_out_pair(&o, "errorCode", e->code);
	json_out_end(&o);
	json_out_end(&o);
}

static bool asks_for_columns(const struct request *r)
{
	const char *columns = request_argument(r, "columns");

	return columns && strcasecmp(columns, "true") == 0;
}

struct query *rest_read_query(struct practice *p, struct slice text, struct answer *a)
{
	struct query_error e;
	struct query *q = query_parse(&p->schema, text, &e);

	if (!q)
		refuse_query(a, &e);
	buf_release(&e.message);
	return q;
}

/* What a query asks: `org` has it. */
struct question {
	struct query *query; /* NULL: refused already */
	struct org *org;
};

/* Of the setup's objects: `first` is why it cannot be one of the records', NULL where it need not be. */
static struct question read_of_setup(struct practice *p, struct slice text, const struct query_error *first,
                                     struct answer *a)
{
	struct question asked = { .org = &p->setup.org };
	struct query_error e;

	if (!setup_fill(&p->setup, &p->schema, &p->scenario, !first, practice_now(p))) {
		answer_error(a, 500, "UNKNOWN_EXCEPTION", "no memory for the setup");
		return asked;
	}
	asked.query = query_parse(&p->setup.schema, text, &e);
	if (!asked.query)
		refuse_query(a, first && strcmp(e.code, "INVALID_TYPE") == 0 ? first : &e);
	buf_release(&e.message);
	return asked;
}

/* What is no object of the records may be one of the setup. */
static struct question read_question(struct practice *p, struct slice text, struct answer *a)
{
	struct question asked = { .org = &p->org };
	struct query_error e;

	asked.query = query_parse(&p->schema, text, &e);
	if (!asked.query && strcmp(e.code, "INVALID_TYPE") == 0)
		asked = read_of_setup(p, text, &e, a);
	else if (!asked.query)
		refuse_query(a, &e);
	buf_release(&e.message);
	return asked;
}

static void run_query(struct practice *p, const struct request *r, struct answer *a, bool deleted_too,
                      bool tooling)
{
	const char *argument = request_argument(r, "q");
	struct slice text = slice_of(argument ? argument : "");
	struct question asked = tooling ? read_of_setup(p, text, NULL, a) : read_question(p, text, a);
	bool setup = asked.org == &p->setup.org;
	struct query *q = asked.query;
	struct cursor *c;
	struct json_out o;

	if (!q)
		return;
	if (asks_for_columns(r)) {
		json_out_init(&o, &a->body, true);
		query_columns_write(q, &o);
		query_free(q);
		return;
	}
	q->deleted_too = deleted_too;
	c = cursor_open(asked.org, q, setup ? SIZE_MAX : page_size(r)); /* the setup has no pages */
	if (!c) {
		answer_error(a, 500, "UNKNOWN_EXCEPTION", "no memory for the query");
		return;
	}
	c->opened = practice_now(p);
	if (!c->query->count && !c->query->sum_count && c->count > c->page)
		cursors_keep(&p->cursors, c);
	json_out_init(&o, &a->body, true);
	cursor_write(c, asked.org, 0, r->version, &o);
	if (c->number == 0)
		cursor_free(c);
}

void rest_query(struct practice *p, const struct request *r, struct answer *a)
{
	run_query(p, r, a, false, false);
}

void rest_query_all(struct practice *p, const struct request *r, struct answer *a)
{
	run_query(p, r, a, true, false);
}

void rest_tooling_query(struct practice *p, const struct request *r, struct answer *a)
{
	run_query(p, r, a, false, true);
}

void rest_query_page(struct practice *p, const struct request *r, struct answer *a)
{
	struct cursor *c = NULL;
	struct slice owner;
	size_t from;
	struct json_out o;

	if (locator_read(r->part[0], &owner, &from))
		c = cursors_find(&p->cursors, owner, practice_now(p));
	if (!c || from >= c->count) {
		answer_error(a, 400, "INVALID_QUERY_LOCATOR", "invalid query locator");
		return;
	}
	json_out_init(&o, &a->body, true);
	cursor_write(c, &p->org, from, r->version, &o);
}
