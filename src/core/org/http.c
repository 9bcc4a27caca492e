#include "core/org/http.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/org/gunzip.h"
#include "core/org/headers.h"
#include "core/org/wiping.h"

enum {
	KEPT_MOST = 16 * 1024 * 1024, /* bytes of an answer that is kept whole */
	KEPT_OF_ERROR = 256 * 1024,   /* and of one that only tells what went wrong */
	SECRET_ROOM = 32 * 1024,      /* so that a growing buffer leaves no copies of a token behind */
	STILL_MS = 60 * 1000,         /* nothing moves */
	ANSWER_MS = 10 * 60 * 1000,   /* all is sent, and no byte of an answer has come */
	UPLOAD_BUFFER = 64 * 1024,    /* 2.3 GB/s plain, 0.9 GB/s TLS (performance.md c); 2 MB gain 4 % */
	IDLE_CONNECTIONS = 8,
};

struct http {
	CURLM *multi;
	const struct clock *clock;
	struct http_trust trust;
	struct http_call *calls; /* in flight, newest first */
	size_t in_flight;
};

struct http_call {
	struct http_call *next;
	struct http *http;
	CURL *easy;
	struct curl_slist *headers;
	char host[256];
	char why[CURL_ERROR_SIZE]; /* libcurl's words */
	const char *fault;         /* ours, if we broke it off */
	bool read_only, secret;

	struct buf text; /* a body at hand, or */
	http_body *body; /* one that is produced */
	void *body_ctx;
	int64_t body_size, body_given;

	http_sink *sink;
	void *sink_ctx;
	struct gunzip *gunzip; /* if it is compressed */
	struct buf kept;       /* the answer's body, if there is no sink or it is an error */
	bool heard;            /* the answer has begun */
	bool headed;           /* its header is complete: libcurl takes a cut one for the whole answer */
	int64_t moved_ms;

	void (*leaves)(void *done_ctx);
	http_done *done;
	void *done_ctx;
	struct answer answer; /* what the headers tell, as they come */
};

enum err_code http_open(struct http **http, struct err *e)
{
	struct http *h = calloc(1, sizeof *h);

	if (!h)
		return err_memory(e, "connections");
	if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wiping_free, wiping_realloc, strdup, calloc) !=
	    CURLE_OK) {
		free(h);
		return err_set(e, ERR_INTERNAL, "libcurl cannot be used");
	}
	h->clock = &clock_real;
	h->multi = curl_multi_init();
	if (!h->multi) {
		http_close(h);
		return err_memory(e, "connections");
	}
	curl_multi_setopt(h->multi, CURLMOPT_MAXCONNECTS, (long)IDLE_CONNECTIONS);
	*http = h;
	return ERR_OK;
}

void http_trust(struct http *http, struct http_trust trust)
{
	http_trust_release(&http->trust);
	http->trust = trust;
}

void http_use_clock(struct http *http, const struct clock *clock)
{
	http->clock = clock;
}

const struct clock *http_clock(const struct http *http)
{
	return http->clock;
}

size_t http_in_flight(const struct http *http)
{
	return http->in_flight;
}

static void free_headers(struct curl_slist *headers)
{
	for (struct curl_slist *h = headers; h; h = h->next)
		explicit_bzero(h->data, strlen(h->data)); /* one of them holds the token */
	curl_slist_free_all(headers);
}

/* Takes it out of the multi handle; nothing of libcurl's knows it afterwards. */
static void unlink_call(struct http_call *call)
{
	struct http *http = call->http;
	struct http_call **link = &http->calls;

	while (*link && *link != call)
		link = &(*link)->next;
	if (*link) {
		*link = call->next;
		http->in_flight--;
		curl_multi_remove_handle(http->multi, call->easy);
	}
}

static void free_call(struct http_call *call)
{
	if (!call)
		return;
	if (call->easy)
		curl_easy_cleanup(call->easy);
	free_headers(call->headers);
	gunzip_free(call->gunzip);
	if (call->secret) {
		buf_wipe(&call->text);
		buf_wipe(&call->kept);
	}
	buf_release(&call->text);
	buf_release(&call->kept);
	free(call);
}

void http_close(struct http *http)
{
	if (!http)
		return;
	while (http->calls) {
		struct http_call *call = http->calls;

		unlink_call(call);
		free_call(call);
	}
	if (http->multi)
		curl_multi_cleanup(http->multi);
	curl_global_cleanup();
	http_trust_release(&http->trust);
	free(http);
}

/* Addresses */

static bool copy_part(CURLU *parts, CURLUPart part, char to[256])
{
	char *text = NULL;
	bool fits = curl_url_get(parts, part, &text, 0) == CURLUE_OK && strlen(text) < 256;

	if (fits)
		memcpy(to, text, strlen(text) + 1);
	curl_free(text);
	return fits;
}

static bool has_part(CURLU *parts, CURLUPart part)
{
	char *text = NULL;
	bool has = curl_url_get(parts, part, &text, 0) == CURLUE_OK;

	curl_free(text);
	return has;
}

enum err_code http_origin(const char *url, const char *what, char origin[256], char host[256], struct err *e)
{
	enum err_code rc = ERR_OK;
	CURLU *parts = curl_url();
	char scheme[256], port[256] = "";
	bool valid;

	if (!parts)
		return err_memory(e, "an address");
	valid = curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
	        copy_part(parts, CURLUPART_SCHEME, scheme) && copy_part(parts, CURLUPART_HOST, host) &&
	        !has_part(parts, CURLUPART_USER) && !has_part(parts, CURLUPART_PASSWORD);
	copy_part(parts, CURLUPART_PORT, port);
	curl_url_cleanup(parts);
	if (!valid || (strcmp(scheme, "https") != 0 && strcmp(scheme, "http") != 0))
		return err_set(e, ERR_USAGE,
		               "%s is no address: it must look like https://acme.my.salesforce.com", what);
	if (strcmp(scheme, "http") == 0 && strcmp(host, "127.0.0.1") != 0)
		return err_set(e, ERR_USAGE,
		               "%s is plain http to %s, which would show the session to everybody on the way: "
		               "use https:// (http is allowed to 127.0.0.1 only)",
		               what, host);
	if (snprintf(origin, 256, "%s://%s%s%s", scheme, host, *port ? ":" : "", port) >= 256)
		rc = err_set(e, ERR_USAGE, "%s is longer than an address can be", what);
	return rc;
}

/* What libcurl calls */

/* Right before a request is written to a connection. A second time for a write means that libcurl is about to send it
 * again: it may not. */
static int before_sending(void *ctx, char *ip, char *own_ip, int port, int own_port)
{
	struct http_call *call = ctx;

	(void)ip;
	(void)own_ip;
	(void)port;
	(void)own_port;
	if (call->answer.left && !call->read_only)
		return CURL_PREREQFUNC_ABORT;
	call->answer.left = true;
	if (call->leaves)
		call->leaves(call->done_ctx);
	call->moved_ms = clock_mono(call->http->clock);
	return CURL_PREREQFUNC_OK;
}

/* Fills `room` from the producer, which may give a little at a time. False when it broke off or ended early. */
static bool produce(struct http_call *call, char *to, size_t room)
{
	size_t n = 0;

	while (n < room) {
		long got = call->body(call->body_ctx, to + n, room - n);

		if (got <= 0 || (size_t)got > room - n)
			return false;
		n += (size_t)got;
	}
	return true;
}

static size_t give_body(char *to, size_t size, size_t count, void *ctx)
{
	struct http_call *call = ctx;
	int64_t rest = call->body_size - call->body_given;
	size_t n = size * count;
	char more;

	call->moved_ms = clock_mono(call->http->clock);
	if (rest < (int64_t)n)
		n = (size_t)rest;
	if (n == 0)
		return 0;
	if (!call->body)
		memcpy(to, call->text.at + call->body_given, n);
	else if (!produce(call, to, n) || ((int64_t)n == rest && call->body(call->body_ctx, &more, 1) != 0)) {
		call->fault = "what was to be sent is not what was announced";
		return CURL_READFUNC_ABORT;
	}
	call->body_given += (int64_t)n;
	return n;
}

static size_t take_header(char *at, size_t size, size_t count, void *ctx)
{
	struct http_call *call = ctx;
	struct slice line = { at, size * count };

	call->moved_ms = clock_mono(call->http->clock);
	call->heard = true;
	call->headed = line.len <= 2; /* the empty line */
	headers_take(&call->answer, line, clock_utc(call->http->clock));
	if (headers_gzip(line) && !call->gunzip) {
		call->gunzip = gunzip_new();
		return call->gunzip ? line.len : 0;
	}
	return size * count;
}

static int status_of(CURL *easy)
{
	long status = 0;

	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
	return (int)status;
}

/* Bytes of the answer as they are meant. */
static bool keep_body(void *ctx, struct slice bytes)
{
	struct http_call *call = ctx;
	int status = status_of(call->easy);

	if (status >= 200 && status < 300 && call->sink) {
		if (call->sink(call->sink_ctx, bytes))
			return true;
		call->fault = "the answer cannot be used";
		return false;
	}
	if ((status < 200 || status >= 300) && call->kept.len + bytes.len > KEPT_OF_ERROR)
		return true; /* enough is there to tell what went wrong */
	buf_add_slice(&call->kept, bytes);
	if (call->kept.short_of)
		call->fault = "the answer is larger than 16 MB";
	return !call->kept.short_of;
}

static size_t take_body(char *at, size_t size, size_t count, void *ctx)
{
	struct http_call *call = ctx;
	struct slice bytes = { at, size * count };
	bool taken;

	call->moved_ms = clock_mono(call->http->clock);
	if (!call->gunzip)
		return keep_body(call, bytes) ? bytes.len : 0;
	taken = gunzip_feed(call->gunzip, bytes, keep_body, call);
	if (!taken && !call->fault)
		call->fault = "the answer is compressed in a way that cannot be read";
	return taken ? bytes.len : 0;
}

/* Starting */

static bool add_header(struct http_call *call, const char *name, const char *value)
{
	struct curl_slist *more;
	struct buf line;

	buf_init(&line, 16 * 1024);
	buf_reserve(&line, strlen(name) + strlen(value) + 2);
	buf_add_text(&line, name);
	buf_add_text(&line, value);
	more = line.short_of ? NULL : curl_slist_append(call->headers, line.at);
	buf_wipe(&line);
	if (more)
		call->headers = more;
	return more != NULL;
}

static bool headers_set(struct http_call *call, const struct http_request *r)
{
	for (size_t i = 0; i < sizeof r->headers / sizeof r->headers[0] && r->headers[i]; i++)
		if (!add_header(call, r->headers[i], ""))
			return false;
	/* "Expect:" without a value: else libcurl waits up to 1 s before each upload (performance.md c) */
	return add_header(call, "Expect:", "") && add_header(call, "Accept-Encoding: ", "gzip") &&
	       add_header(call, "Accept: ", r->accept ? r->accept : "application/json") &&
	       (!r->content_type || add_header(call, "Content-Type: ", r->content_type)) &&
	       (!r->bearer || add_header(call, "Authorization: Bearer ", r->bearer));
}

#define SET(option, value) (curl_easy_setopt(call->easy, CURLOPT_##option, value) == CURLE_OK)

static bool connection_set(struct http_call *call, const char *url, const char *method)
{
	bool plain = strncasecmp(url, "http:", 5) == 0;
	const struct http_trust *t = &call->http->trust;

	return SET(URL, url) && SET(PROTOCOLS_STR, plain ? "http" : "https") && (!plain || SET(PROXY, "")) &&
	       SET(HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) && SET(FOLLOWLOCATION, 0L) &&
	       SET(CUSTOMREQUEST, method) && SET(FRESH_CONNECT, call->read_only ? 0L : 1L) &&
	       SET(SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) && SET(SSL_VERIFYPEER, 1L) &&
	       SET(SSL_VERIFYHOST, 2L) && (!t->ca_file || SET(CAINFO, t->ca_file)) &&
	       (!t->certificate_file || (SET(SSLCERT, t->certificate_file) && SET(SSLKEY, t->key_file) &&
	                                 (!t->key_passphrase || SET(KEYPASSWD, t->key_passphrase)))) &&
	       SET(SUPPRESS_CONNECT_HEADERS, 1L) && SET(HEADEROPT, (long)CURLHEADER_SEPARATE) &&
	       SET(CONNECTTIMEOUT_MS, (long)STILL_MS) && SET(TCP_KEEPALIVE, 1L) &&
	       SET(HTTP_CONTENT_DECODING, 0L) && SET(USERAGENT, "Longshore/" LONGSHORE_VERSION);
}

static bool callbacks_set(struct http_call *call)
{
	return SET(HTTPHEADER, call->headers) && SET(ERRORBUFFER, call->why) && SET(PRIVATE, call) &&
	       SET(PREREQFUNCTION, before_sending) && SET(PREREQDATA, call) &&
	       SET(HEADERFUNCTION, take_header) && SET(HEADERDATA, call) && SET(WRITEFUNCTION, take_body) &&
	       SET(WRITEDATA, call);
}

/* A body always comes through the read callback, and there is none that could go back to its beginning. */
static bool body_set(struct http_call *call)
{
	return SET(UPLOAD, 1L) && SET(INFILESIZE_LARGE, (curl_off_t)call->body_size) &&
	       SET(READFUNCTION, give_body) && SET(READDATA, call) &&
	       SET(UPLOAD_BUFFERSIZE, (long)UPLOAD_BUFFER);
}

static bool call_set(struct http_call *call, const struct http_request *r)
{
	bool has_body = r->body || r->text.len || strcmp(r->method, "POST") == 0 ||
	                strcmp(r->method, "PUT") == 0 || strcmp(r->method, "PATCH") == 0;

	call->easy = curl_easy_init();
	return call->easy && headers_set(call, r) && connection_set(call, r->url, r->method) &&
	       callbacks_set(call) && (!has_body || body_set(call));
}

/* A token goes into a header line: nothing may end that line. */
static bool bearer_fits(const char *bearer)
{
	for (; bearer && *bearer; bearer++)
		if (*bearer <= ' ' || *bearer > '~')
			return false;
	return true;
}

static struct http_call *new_call(struct http *http, const struct http_request *r)
{
	struct http_call *call = calloc(1, sizeof *call);

	if (!call)
		return NULL;
	call->http = http;
	call->read_only = strcmp(r->method, "GET") == 0;
	call->secret = r->secret;
	buf_init(&call->text, r->text.len);
	buf_init(&call->kept, KEPT_MOST);
	buf_add_slice(&call->text, r->text);
	if (r->secret)
		buf_reserve(&call->kept, SECRET_ROOM);
	call->body = r->body;
	call->body_ctx = r->body_ctx;
	call->body_size = r->body ? r->body_size : (int64_t)r->text.len;
	call->sink = r->sink;
	call->sink_ctx = r->sink_ctx;
	call->leaves = r->leaves;
	call->done = r->done;
	call->done_ctx = r->done_ctx;
	call->moved_ms = clock_mono(http->clock);
	return call;
}

enum err_code http_start(struct http *http, const struct http_request *request, struct http_call **call,
                         struct err *e)
{
	struct http_call *c;
	char origin[256], host[256];
	enum err_code rc = http_origin(request->url, "the address of a request", origin, host, e);

	if (rc)
		return rc;
	if (!bearer_fits(request->bearer))
		return err_set(e, ERR_USAGE,
		               "the access token for %s holds a blank or a control character: copy it again",
		               host);
	c = new_call(http, request);
	if (!c || c->text.short_of || !call_set(c, request)) {
		free_call(c);
		return err_set(e, ERR_INTERNAL,
		               "a request to %s cannot be made: no memory, or libcurl lacks TLS 1.2", host);
	}
	memcpy(c->host, host, sizeof host);
	if (curl_multi_add_handle(http->multi, c->easy) != CURLM_OK) {
		free_call(c);
		return err_memory(e, "a request");
	}
	c->next = http->calls;
	http->calls = c;
	http->in_flight++;
	if (call)
		*call = c;
	return ERR_OK;
}

/* Ending */

static void judge_failure(struct http_call *call, CURLcode code)
{
	const char *why = call->why[0] ? call->why : curl_easy_strerror(code);

	if (call->fault)
		answer_none(&call->answer, call->read_only, "the request to %s was broken off: %s", call->host,
		            call->fault);
	else if (!call->answer.left)
		answer_none(&call->answer, call->read_only, "no connection to %s: %s", call->host,
		            http_trust_words(why));
	else
		answer_none(&call->answer, call->read_only,
		            "the connection to %s broke before an answer was there: %s", call->host, why);
	if (call->fault && call->heard)
		call->answer.trouble = TROUBLE_SERVER; /* it answered, with something that is of no use */
}

static void judge(struct http_call *call, CURLcode code)
{
	int status = status_of(call->easy);

	if (code == CURLE_OK && (!call->headed || (call->gunzip && gunzip_cut(call->gunzip))))
		code = CURLE_PARTIAL_FILE;
	if (code != CURLE_OK || status == 0) {
		judge_failure(call, code);
		return;
	}
	if (status < 200 || status >= 300)
		answer_error_body(&call->answer, buf_slice(&call->kept));
	answer_judge(&call->answer, status, call->read_only);
	if (call->answer.verdict == VERDICT_DONE && call->body_given < call->body_size)
		answer_none(&call->answer, call->read_only, "%s answered before everything was sent",
		            call->host);
}

/* Hands over and frees. The call is out of the list before `done` is called, which may start others. */
static void finish(struct http_call *call, CURLcode code)
{
	judge(call, code);
	unlink_call(call);
	call->done(call->done_ctx, &call->answer, buf_slice(&call->kept));
	free_call(call);
}

void http_break(struct http *http, struct http_call *call)
{
	(void)http;
	if (!call->fault)
		call->fault = "as it was asked to end";
	call->heard = false;
	finish(call, CURLE_ABORTED_BY_CALLBACK);
}

static bool finish_ended(struct http *http)
{
	bool any = false;
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(http->multi, &left)) != NULL) {
		char *call = NULL;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
		finish((struct http_call *)(void *)call, message->data.result);
		any = true;
	}
	return any;
}

static struct http_call *find_late(struct http *http)
{
	int64_t now = clock_mono(http->clock);

	for (struct http_call *call = http->calls; call; call = call->next) {
		/* finish() takes a call out of this list before it frees it, which the analyzer does not see */
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc) */
		bool waiting = call->answer.left && !call->heard && call->body_given == call->body_size;

		if (now - call->moved_ms >= (waiting ? ANSWER_MS : STILL_MS)) {
			call->fault = waiting ? "no answer for 10 minutes" : "nothing moved for 60 seconds";
			return call;
		}
	}
	return NULL;
}

void http_turn(struct http *http, int wait_ms)
{
	struct http_call *late;
	int running;

	curl_multi_perform(http->multi, &running);
	if (!finish_ended(http)) {
		curl_multi_poll(http->multi, NULL, 0, wait_ms, NULL);
		curl_multi_perform(http->multi, &running);
		finish_ended(http);
	}
	while ((late = find_late(http)) != NULL)
		http_break(http, late);
}

static void put_answer(void *ctx, const struct answer *answer, struct slice body)
{
	struct http_awaited *w = ctx;

	*w->answer = *answer;
	if (w->body)
		buf_add_slice(w->body, body);
	w->done = true;
}

void http_await(struct http_request *request, struct http_awaited *to)
{
	request->done = put_answer;
	request->done_ctx = to;
}

enum err_code http_wait(struct http *http, const struct http_request *request, struct answer *answer,
                        struct buf *body, struct err *e)
{
	struct http_awaited awaited = { answer, body, false };
	struct http_request r = *request;
	enum err_code rc;

	http_await(&r, &awaited);
	rc = http_start(http, &r, NULL, e);
	while (!rc && !awaited.done)
		http_turn(http, 1000);
	return rc;
}
