#include "practice/composite.h"

#include <stdlib.h>
#include <string.h>

#include "practice/composite_refs.h"
#include "practice/json_in.h"
#include "practice/json_out.h"
#include "practice/route.h"

enum { MOST_PARTS = 25, MOST_HEAVY = 5, LONGEST_ID = 40 };

/* One request of the composite, and what came of it. */
struct part {
	const char *id;
	char *method;
	struct slice url;
	const struct json_in *body, *headers; /* or NULL */
	struct answer answer;
};

struct composite {
	struct practice *practice;
	const struct request *request;
	struct answer *answer;
	struct arena arena;
	struct slice text; /* the body */
	bool all_or_none;
	struct part parts[MOST_PARTS];
	struct composite_answer answers[MOST_PARTS];
	size_t count;
};

static bool unreadable(struct composite *c, const struct json_in *at, const char *what)
{
	struct buf message;

	buf_init(&message, 1024);
	buf_add_text(&message, what);
	json_in_add_place(&message, c->text, at->at);
	answer_error(c->answer, 400, "JSON_PARSER_ERROR", "%s", buf_text(&message));
	buf_release(&message);
	return false;
}

static bool is_word(struct slice s)
{
	for (size_t i = 0; i < s.len; i++)
		if (!strchr("0123456789_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", s.at[i]) ||
		    !s.at[i])
			return false;
	return s.len > 0 && s.len <= LONGEST_ID;
}

static bool read_id(struct composite *c, struct part *part, const struct json_in *v)
{
	if (!v || v->kind != JSON_IN_STRING || !is_word(v->text)) {
		answer_error(c->answer, 400, "INVALID_INPUT",
		             "Each subrequest needs a referenceId of letters, digits and underscores");
		return false;
	}
	for (size_t i = 0; i + 1 < c->count; i++)
		if (slice_is(v->text, c->parts[i].id)) {
			answer_error(c->answer, 400, "INVALID_INPUT", "The referenceId %s stands twice",
			             c->parts[i].id);
			return false;
		}
	part->id = arena_slice(&c->arena, v->text);
	return part->id != NULL;
}

static bool read_part(struct composite *c, const struct json_in *json)
{
	struct part *part = &c->parts[c->count++];
	const struct json_in *method = json_in_member(json, "method"), *url = json_in_member(json, "url");

	if (!method || method->kind != JSON_IN_STRING || !url || url->kind != JSON_IN_STRING)
		return unreadable(c, json, "A subrequest needs method and url as texts");
	for (const struct json_in *v = json->first; v; v = v->next)
		if (!slice_is(v->key, "method") && !slice_is(v->key, "url") &&
		    !slice_is(v->key, "referenceId") && !slice_is(v->key, "body") &&
		    !slice_is(v->key, "httpHeaders"))
			return unreadable(c, v, "Unrecognized field of a subrequest");
	part->method = arena_slice(&c->arena, method->text);
	part->url = url->text;
	part->body = json_in_member(json, "body");
	part->headers = json_in_member(json, "httpHeaders");
	return part->method && read_id(c, part, json_in_member(json, "referenceId"));
}

static bool is_truth(const struct json_in *v)
{
	return v->kind == JSON_IN_TRUE || v->kind == JSON_IN_FALSE;
}

static bool read_list(struct composite *c, const struct json_in *list)
{
	if (!list || list->kind != JSON_IN_LIST || !list->first)
		return unreadable(c, list ? list : &(struct json_in){ 0 }, "compositeRequest must be a list");
	for (const struct json_in *v = list->first; v; v = v->next) {
		if (c->count == MOST_PARTS) {
			answer_error(c->answer, 400, "LIMIT_EXCEEDED",
			             "A composite request has at most %d subrequests", MOST_PARTS);
			return false;
		}
		if (!read_part(c, v))
			return false;
	}
	return true;
}

/* The body becomes parts; false with the answer. */
static bool read_body(struct composite *c)
{
	const struct json_in *json;
	struct buf why;

	if (!request_is_json(c->request, c->answer))
		return false;
	buf_init(&why, 1024);
	json = json_in_read(&c->arena, c->text, &why);
	if (!json)
		answer_error(c->answer, 400, "JSON_PARSER_ERROR", "%s", buf_text(&why));
	buf_release(&why);
	if (!json)
		return false;
	for (const struct json_in *v = json->first; v; v = v->next) {
		bool flag = slice_is(v->key, "allOrNone") || slice_is(v->key, "collateSubrequests");

		if (!flag && !slice_is(v->key, "compositeRequest"))
			return unreadable(c, v, "Unrecognized field of a composite request");
		if (flag && !is_truth(v))
			return unreadable(c, v, "Cannot deserialize instance of boolean");
		if (slice_is(v->key, "allOrNone"))
			c->all_or_none = v->kind == JSON_IN_TRUE;
	}
	return read_list(c, json_in_member(json, "compositeRequest"));
}

static bool is_below(const char *pattern, const char *front)
{
	return strncmp(pattern, front, strlen(front)) == 0;
}

/* Of what may stand in a composite, collections and queries do so five times at most. */
static bool is_heavy(const struct route *route)
{
	return is_below(route->pattern, "@/query") || is_below(route->pattern, "@/composite/sobjects");
}

static bool is_allowed(const struct route *route)
{
	return is_heavy(route) || is_below(route->pattern, "@/sobjects") ||
	       is_below(route->pattern, "@/limits");
}

static struct inner_value *add_value(struct composite *c, struct inner_value *before, const char *name,
                                     const char *value)
{
	struct inner_value *v = arena_alloc(&c->arena, sizeof *v);

	if (!v || !name || !value)
		return before;
	*v = (struct inner_value){ name, value, before };
	return v;
}

/* "q=SELECT+Id&x=y", decoded. */
static struct inner_value *read_arguments(struct composite *c, char *text)
{
	struct inner_value *all = NULL;
	char *rest = text, *pair;

	while ((pair = strsep(&rest, "&"))) {
		char *value = strchr(pair, '=');

		if (!value)
			continue;
		*value++ = '\0';
		for (char *at = value; *at; at++)
			*at = *at == '+' ? ' ' : *at;
		route_decode(pair);
		route_decode(value);
		all = add_value(c, all, pair, value);
	}
	return all;
}

static struct inner_value *read_headers(struct composite *c, const struct json_in *json)
{
	struct inner_value *all = add_value(c, NULL, "Content-Type", "application/json");

	for (const struct json_in *v = json && json->kind == JSON_IN_OBJECT ? json->first : NULL; v;
	     v = v->next)
		if (v->kind == JSON_IN_STRING)
			all = add_value(c, all, arena_slice(&c->arena, v->key),
			                arena_slice(&c->arena, v->text));
	return all;
}

/* A subrequest that is ready to be carried out. */
struct ready {
	struct request request;
	struct inner inner;
	struct buf url, body;
	char *cut; /* the URL's path, in parts */
	const struct route *route;
	bool known; /* another method would have a route */
};

/* Replaces the references; false with the part's answer. */
static bool resolve(struct composite *c, struct part *part, struct ready *ready)
{
	size_t before = (size_t)(part - c->parts);
	struct slice missing = { NULL, 0 };

	if (composite_resolve(part->url, false, c->answers, before, &ready->url, &missing) &&
	    composite_resolve(part->body ? part->body->text : missing, true, c->answers, before, &ready->body,
	                      &missing))
		return true;
	answer_error(&part->answer, 400, "PROCESSING_HALTED",
	             "Invalid reference specified. No value for %.*s found", SLICE_ARGS(missing));
	return false;
}

/* The part as a request of its own; false with its answer. */
static bool make_ready(struct composite *c, struct part *part, struct ready *ready)
{
	char *url, *question;

	if (!resolve(c, part, ready))
		return false;
	url = arena_slice(&c->arena, buf_slice(&ready->url));
	question = url ? strchr(url, '?') : NULL;
	if (question)
		*question++ = '\0';
	ready->cut = url ? route_clean(url, strlen(url)) : NULL;
	if (!ready->cut) {
		answer_error(&part->answer, 500, "UNKNOWN_EXCEPTION", "no memory for the subrequest");
		return false;
	}
	ready->inner.arguments = question ? read_arguments(c, question) : NULL;
	ready->inner.headers = read_headers(c, part->headers);
	ready->request = (struct request){
		.method = part->method,
		.path = url,
		.body = &ready->body,
		.whole = true,
		.inner = &ready->inner,
		.wire = c->request->wire,
	};
	ready->route = route_find(&ready->request, ready->cut, &ready->known);
	return true;
}

static void carry_out(struct composite *c, struct part *part, const struct ready *ready, int *heavy)
{
	const struct route *route = ready->route;

	if (!route && ready->known)
		answer_error(&part->answer, 405, "METHOD_NOT_ALLOWED", "HTTP Method '%.20s' not allowed",
		             part->method);
	else if (!route)
		answer_error(&part->answer, 404, "NOT_FOUND", "The requested resource does not exist");
	else if (!is_allowed(route))
		answer_error(&part->answer, 400, "INVALID_INPUT", "%.100s cannot stand in a composite request",
		             ready->request.path);
	else if (is_heavy(route) && ++*heavy > MOST_HEAVY)
		answer_error(&part->answer, 400, "LIMIT_EXCEEDED",
		             "A composite request has at most %d queries and collections", MOST_HEAVY);
	else
		route->handle(c->practice, &ready->request, &part->answer);
}

static bool run_part(struct composite *c, size_t index, int *heavy)
{
	struct part *part = &c->parts[index];
	struct ready ready = { 0 };

	buf_init(&ready.url, HTTP_MOST_BODY);
	buf_init(&ready.body, HTTP_MOST_BODY);
	if (make_ready(c, part, &ready))
		carry_out(c, part, &ready, heavy);
	c->answers[index] = (struct composite_answer){ part->id, NULL };
	if (part->answer.status < 300 && part->answer.body.len)
		c->answers[index].body = json_loadb(part->answer.body.at, part->answer.body.len, 0, NULL);
	buf_release(&ready.url);
	buf_release(&ready.body);
	free(ready.cut);
	return part->answer.status < 400;
}

/* One has failed: nothing of the others was there. */
static void roll_back(struct composite *c, size_t failed, size_t place, size_t audited)
{
	org_undo_back(&c->practice->org, place);
	audit_cut(&c->practice->audit, audited);
	for (size_t i = 0; i < c->count; i++) {
		if (i == failed)
			continue;
		c->parts[i].answer.header_count = 0;
		answer_error(&c->parts[i].answer, 400, "PROCESSING_HALTED",
		             "The transaction was rolled back since another operation in the same transaction "
		             "failed.");
	}
}

static void run(struct composite *c)
{
	size_t audited = c->practice->audit.count, place = org_undo_begin(&c->practice->org);
	int heavy = 0;

	for (size_t i = 0; i < c->count; i++)
		if (!run_part(c, i, &heavy) && c->all_or_none) {
			roll_back(c, i, place, audited);
			break;
		}
	org_undo_end(&c->practice->org);
}

static void write_part(const struct part *part, struct json_out *o)
{
	const struct answer *a = &part->answer;

	json_out_object(o);
	json_out_key(o, "body");
	if (a->body.len)
		json_out_raw(o, buf_slice(&a->body));
	else
		json_out_null(o);
	json_out_key(o, "httpHeaders");
	json_out_object(o);
	for (size_t i = 0; i < a->header_count; i++)
		json_out_pair(o, a->headers[i].name, a->headers[i].value);
	json_out_end(o);
	json_out_pair_number(o, "httpStatusCode", a->status);
	json_out_pair(o, "referenceId", part->id);
	json_out_end(o);
}

static void write_answer(struct composite *c)
{
	struct json_out o;

	json_out_init(&o, &c->answer->body, true);
	json_out_object(&o);
	json_out_key(&o, "compositeResponse");
	json_out_list(&o);
	for (size_t i = 0; i < c->count; i++)
		write_part(&c->parts[i], &o);
	json_out_end(&o);
	json_out_end(&o);
}

void composite_run(struct practice *p, const struct request *r, struct answer *a)
{
	struct composite *c = calloc(1, sizeof *c);

	if (!c) {
		answer_error(a, 500, "UNKNOWN_EXCEPTION", "no memory for the request");
		return;
	}
	*c = (struct composite){ .practice = p, .request = r, .answer = a, .text = buf_slice(r->body) };
	arena_init(&c->arena);
	for (size_t i = 0; i < MOST_PARTS; i++) {
		c->parts[i].answer.status = 200;
		buf_init(&c->parts[i].answer.body, a->body.ceiling);
	}
	if (read_body(c)) {
		run(c);
		write_answer(c);
	}
	for (size_t i = 0; i < MOST_PARTS; i++) {
		buf_release(&c->parts[i].answer.body);
		json_decref(c->answers[i].body);
	}
	arena_release(&c->arena);
	free(c);
}
