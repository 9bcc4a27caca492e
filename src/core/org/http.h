/*
 * http.h - the only place that knows libcurl: requests in flight side by side on one multi handle, one thread.
 *
 * A request is started, and its `done` is called from http_turn() exactly once. It is sent once: every request but GET
 * uses a connection of its own (CURLOPT_FRESH_CONNECT), no body can be sent again, redirects are not followed, so that
 * libcurl never repeats a write by itself (design.md, decision 2). TLS 1.2 or newer, verified; plain http to 127.0.0.1
 * only, and past any proxy. Times out when nothing moves for 60 s, or without an answer for 10 minutes.
 */
#ifndef LONGSHORE_ORG_HTTP_H
#define LONGSHORE_ORG_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"
#include "base/err.h"
#include "core/org/answer.h"
#include "core/org/http_trust.h"

struct http;
struct http_call; /* one request in flight; gone when done was called */

enum err_code http_open(struct http **http, struct err *e);
void http_trust(struct http *http,
                struct http_trust trust); /* becomes its own; the system's certificates without it */
void http_close(struct http *http);       /* calls in flight are dropped; their done is not called */

/* The clock its time-outs go by; the real one unless told. Not owned. */
void http_use_clock(struct http *http, const struct clock *clock);
const struct clock *http_clock(const struct http *http);

/* Takes an address apart: `origin` is scheme, host and port without a slash at the end. ERR_USAGE, naming `what`, for
 * what is no https address (http only to 127.0.0.1), holds a user or password, or is longer than 255 bytes. */
enum err_code http_origin(const char *url, const char *what, char origin[256], char host[256], struct err *e);

/* Produces the next bytes of a body into `to` (at most `room`). Returns how many; 0 at the end; -1 to break the request
 * off (the connection is closed in mid-upload). Behind the last of body_size bytes it is asked once more and must say 0,
 * before that last byte leaves. Neither this nor a sink may call back into http_*. */
typedef long http_body(void *ctx, char *to, size_t room);

/* Takes bytes of a success answer's body as they arrive (decompressed). Returning false breaks the request off. */
typedef bool http_sink(void *ctx, struct slice bytes);

/* Called once. For calls without a sink `body` is the whole answer (up to 16 MB), valid during the call. `answer` is
 * judged already. */
typedef void http_done(void *ctx, const struct answer *answer, struct slice body);

struct http_request {
	const char *method; /* GET POST PUT PATCH DELETE */
	const char *url;
	const char *bearer;       /* access token, or NULL */
	const char *content_type; /* of the body, or NULL */
	const char *accept;       /* or NULL for application/json */
	const char *headers[2];   /* more of them, "Name: value"; NULL: none */
	struct slice text;        /* a body that is at hand (copied), or */
	http_body *body;          /* one that is produced, of exactly body_size bytes */
	void *body_ctx;
	int64_t body_size;
	bool secret;     /* body and answer hold secrets: they are wiped afterwards */
	http_sink *sink; /* NULL: the body is kept for done */
	void *sink_ctx;
	/* Called with done_ctx right before the request is written to a connection; libcurl may do that more than once for a GET. May
	 * not call back into http_*. NULL: nobody wants to know. */
	void (*leaves)(void *done_ctx);
	http_done *done;
	void *done_ctx;
};

/* Starts a request; url, bearer and so on are copied. ERR_USAGE for plain http elsewhere; ERR_INTERNAL. */
enum err_code http_start(struct http *http, const struct http_request *request, struct http_call **call,
                         struct err *e);

/* Breaks a call off: its done is called with VERDICT_UNKNOWN (or TRY_AGAIN if no byte had left) before this returns. */
void http_break(struct http *http, struct http_call *call);

/* Moves everything that is in flight, waiting at most `wait_ms` for something to happen. Calls done. */
void http_turn(struct http *http, int wait_ms);

/* Requests in flight now. */
size_t http_in_flight(const struct http *http);

/* What somebody waits for: where its answer and its body (NULL: nobody wants it) go, and whether they have come. */
struct http_awaited {
	struct answer *answer;
	struct buf *body;
	bool done;
};

/* The request's end fills `to`, which must live until then. */
void http_await(struct http_request *request, struct http_awaited *to);

/* Starts, turns until it is done, and hands over the answer; the body goes to `body` (at most its ceiling), or to the
 * request's sink. Other calls in flight go on. */
enum err_code http_wait(struct http *http, const struct http_request *request, struct answer *answer,
                        struct buf *body, struct err *e);

#endif
