#include "core/org/call.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

struct org_call {
	struct session_waiter waiter; /* first: a waiter is its call */
	struct org_call *next;
	struct org *org;
	struct arena arena; /* what `request` points to */
	struct http_request request;
	const char *path;
	void (*drop)(void *done_ctx);
	http_done *done;
	void *done_ctx;
	unsigned generation;
	bool counted;
	bool repeatable;
	bool repeated;
};

static void free_call(struct org_call *call)
{
	arena_release(&call->arena);
	free(call);
}

static void unlink_call(struct org_call *call)
{
	struct org_call **link = &call->org->calls_open;

	while (*link != call)
		link = &(*link)->next;
	*link = call->next;
}

void call_drop_all(struct org *org)
{
	while (org->calls_open) {
		struct org_call *call = org->calls_open;

		org->calls_open = call->next;
		if (call->drop)
			call->drop(call->done_ctx);
		free_call(call);
	}
}

/* Frees the call first: `done` may close nothing, but it may start others. */
static void deliver(struct org_call *call, const struct answer *answer, struct slice body)
{
	http_done *done = call->done;
	void *ctx = call->done_ctx;

	unlink_call(call);
	free_call(call);
	done(ctx, answer, body);
}

static void answered(void *ctx, const struct answer *answer, struct slice body);

/* Counted before it is on its way: whoever is killed then has not made a call that nobody knows of. */
static void leaves(void *ctx)
{
	struct org_call *call = ctx;

	++*call->org->calls;
}

static enum err_code send(struct org_call *call, struct http_call **handle, struct err *e)
{
	struct session *session = call->org->session;
	struct http_request request = call->request;
	enum err_code rc;
	struct buf url;

	buf_init(&url, 64 * 1024);
	buf_addf(&url, "%s%s", session_instance(session), call->path);
	request.url = buf_text(&url);
	request.bearer = session_token(session);
	request.leaves = call->counted ? leaves : NULL;
	request.done = answered;
	request.done_ctx = call;
	call->generation = session_generation(session);
	rc = url.short_of ? err_memory(e, "an address") : http_start(call->org->http, &request, handle, e);
	buf_release(&url);
	return rc;
}

static void send_again(struct org_call *call)
{
	struct answer answer = { .verdict = VERDICT_TRY_AGAIN };
	struct err e;

	err_init(&e);
	call->repeated = true;
	if (!send(call, NULL, &e))
		return;
	answer_none(&answer, true, "%.470s", e.text);
	deliver(call, &answer, (struct slice){ 0 });
}

static void session_ready(struct session_waiter *waiter, const struct answer *failure)
{
	struct org_call *call = (struct org_call *)(void *)waiter;

	if (failure)
		deliver(call, failure, (struct slice){ 0 });
	else
		send_again(call);
}

/* The answer refused the session. */
static void signed_out(struct org_call *call, struct answer *answer, struct slice body)
{
	struct session *session = call->org->session;
	enum session_step step = SESSION_LOST;

	if (call->repeated)
		session_give_up(answer);
	else
		step = session_refused(session, call->generation, answer);
	if (step != SESSION_LOST && !call->repeatable) {
		answer->verdict = VERDICT_TRY_AGAIN;
		answer->trouble = TROUBLE_NONE; /* the session is on its way back */
		snprintf(answer->message, sizeof answer->message, "the session had ended; it is being renewed");
		deliver(call, answer, body);
	} else if (step == SESSION_LOST) {
		deliver(call, answer, body);
	} else if (step == SESSION_REPEAT) {
		send_again(call);
	} else {
		session_wait(session, &call->waiter);
	}
}

/* Turned away for its session or for a limit of calls: such a request is none of the org's calls. */
static bool refused_unseen(const struct answer *answer)
{
	return answer->status == 401 ||
	       (answer->status == 403 && strcmp(answer->code, "REQUEST_LIMIT_EXCEEDED") == 0);
}

static void answered(void *ctx, const struct answer *answer, struct slice body)
{
	struct org_call *call = ctx;
	struct org *org = call->org;
	struct answer said = *answer;

	answer_hide(&said, session_token(org->session));
	if (call->counted && said.left && refused_unseen(&said))
		--*org->calls;
	if (said.server_utc_ms) {
		org->server_ms = said.server_utc_ms;
		org->heard = clock_mono(http_clock(org->http));
	}
	if (said.calls_most > 0) {
		org->calls_used = said.calls_used;
		org->calls_most = said.calls_most;
	}
	if (answer_signed_out(&said)) {
		signed_out(call, &said, body);
		return;
	}
	if (said.status)
		session_works(org->session, call->generation);
	deliver(call, &said, body);
}

static struct org_call *new_call(struct org *org, const char *path, const struct http_request *request,
                                 struct call_options options)
{
	struct org_call *call = calloc(1, sizeof *call);
	char version[64] = "";
	struct buf full;

	if (!call)
		return NULL;
	call->org = org;
	arena_init(&call->arena);
	if (!options.from_root)
		snprintf(version, sizeof version, "/services/data/v%s", org->identity.api_version);
	buf_init(&full, 64 * 1024);
	buf_addf(&full, "%s%s", version, path);
	call->path = full.short_of ? NULL : arena_slice(&call->arena, buf_slice(&full));
	buf_release(&full);
	call->request = *request;
	call->request.method = arena_text(&call->arena, request->method);
	if (request->content_type)
		call->request.content_type = arena_text(&call->arena, request->content_type);
	if (request->accept)
		call->request.accept = arena_text(&call->arena, request->accept);
	for (size_t i = 0; i < sizeof request->headers / sizeof request->headers[0]; i++)
		if (request->headers[i])
			call->request.headers[i] = arena_text(&call->arena, request->headers[i]);
	call->request.text.at = arena_slice(&call->arena, request->text);
	call->done = request->done;
	call->done_ctx = request->done_ctx;
	call->drop = options.drop;
	call->counted = !options.from_root || strncmp(path, "/services/data/v", 16) == 0;
	call->repeatable = !request->body && !options.call;
	call->waiter.ready = session_ready;
	if (!call->path || !call->request.method || !call->request.text.at) {
		free_call(call);
		return NULL;
	}
	return call;
}

enum err_code call_start(struct org *org, const char *path, const struct http_request *request,
                         struct call_options options, struct err *e)
{
	struct org_call *call = new_call(org, path, request, options);
	enum err_code rc = ERR_OK;

	if (!call)
		return err_memory(e, "a request");
	call->next = org->calls_open;
	org->calls_open = call;
	if (call->repeatable && session_renewing(org->session)) {
		session_wait(org->session, &call->waiter);
		return ERR_OK;
	}
	rc = send(call, options.call, e);
	if (rc) {
		unlink_call(call);
		free_call(call);
	}
	return rc;
}

enum err_code call_wait(struct org *org, const char *path, const struct http_request *request,
                        struct call_options options, struct answer *answer, struct buf *body, struct err *e)
{
	struct http_awaited awaited = { answer, body, false };
	struct http_request r = *request;
	enum err_code rc;

	http_await(&r, &awaited);
	rc = call_start(org, path, &r, options, e);
	while (!rc && !awaited.done)
		http_turn(org->http, 1000);
	return rc;
}

enum err_code call_err(const struct org *org, const char *what, const struct answer *answer, struct err *e)
{
	const char *host = org->identity.host;

	if (answer->verdict == VERDICT_DONE)
		return ERR_OK;
	if (answer->trouble == TROUBLE_LIMIT || answer->trouble == TROUBLE_DAILY)
		return err_set(e, ERR_UNREACHABLE, "%s allows no more API calls for now: %s", host,
		               answer->message);
	if (answer->verdict != VERDICT_REJECTED)
		return err_set(e, ERR_UNREACHABLE, "%s got no answer: %s", what, answer->message);
	if (answer->trouble == TROUBLE_SESSION)
		return err_set(e, ERR_REFUSED, "%s", answer->message);
	return err_set(e, ERR_REFUSED, "%s refused %s: %s%s%s", host, what, answer->code,
	               answer->code[0] ? ": " : "", answer->message);
}
