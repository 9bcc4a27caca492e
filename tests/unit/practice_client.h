/*
 * practice_client.h - for tests of the practice org: one inside the test, and a client that sees every byte of an answer
 * and the end of the connection, which a library's client would hide.
 */
#ifndef LONGSHORE_TESTS_PRACTICE_CLIENT_H
#define LONGSHORE_TESTS_PRACTICE_CLIENT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <jansson.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/paths.h"
#include "practice/practice.h"
#include "practice/practice_ids.h"
#include "practice/serve.h"

#define API "/services/data/v62.0"

enum { REPLY_ROOM = 4 * 1024 * 1024, PATIENCE_MS = 10000 };

static struct practice org;
static struct server *server;

/* What came back for one request. */
struct reply {
	size_t bytes; /* in all */
	int status;   /* 0: no answer */
	bool closed;  /* the connection ended */
	bool whole;   /* the body is as long as announced */
	char *head;   /* the text of the headers */
	char *body;
};

static char reply_text[REPLY_ROOM + 1];
static char reply_body[REPLY_ROOM + 1];

static inline int open_org_for(bool rehearsal)
{
	char describes[PATH_ROOM];
	struct err e;

	signal(SIGPIPE, SIG_IGN);
	err_init(&e);
	if (paths_asset("describes", describes, &e) != ERR_OK ||
	    practice_open(&org, describes, 1, rehearsal, &clock_real, &e) != ERR_OK ||
	    practice_start(&org, &e) != ERR_OK)
		fail_msg("%s", e.text);
	server = server_open(&org, 0, &e);
	if (!server)
		fail_msg("%s", e.text);
	return 0;
}

static inline int open_org(void **unused)
{
	(void)unused;
	return open_org_for(false);
}

static inline int close_org(void **unused)
{
	(void)unused;
	server_close(server);
	practice_close(&org);
	return 0;
}

static inline int dial(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)org.port) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
	return fd;
}

/* Sends as much as the other side takes; false when it does not take all. */
static inline bool send_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

		if (n <= 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

static inline const char *head_value(const struct reply *r, const char *name)
{
	const char *at = strcasestr(r->head, name);

	return at ? at + strlen(name) : NULL;
}

/* Puts the pieces of a chunked body together; true when its last piece is there. */
static inline bool join_chunks(char *body)
{
	char *from = body, *to = body, *end;

	for (;;) {
		size_t len = strtoul(from, &end, 16);

		if (end == from || strncmp(end, "\r\n", 2) != 0 || strlen(end + 2) < len)
			return false;
		if (len == 0) {
			*to = '\0';
			return true;
		}
		memmove(to, end + 2, len);
		to += len;
		from = end + 2 + len + 2;
	}
}

static inline bool is_whole(struct reply *r, size_t body_len)
{
	const char *length = head_value(r, "\r\nContent-Length: ");
	const char *coding = head_value(r, "\r\nTransfer-Encoding: chunked");

	if (coding) {
		memcpy(reply_body, r->body, body_len + 1);
		if (!join_chunks(reply_body))
			return false;
		r->body = reply_body;
		return true;
	}
	if (!length)
		return r->status == 204 || r->status == 304;
	return body_len >= strtoul(length, NULL, 10);
}

/* Cuts what was received into its parts, as far as it goes. */
static inline void parse_reply(struct reply *r)
{
	char *end = strstr(reply_text, "\r\n\r\n");

	r->head = r->body = reply_text + r->bytes;
	r->whole = false;
	if (!end)
		return;
	r->head = reply_text;
	r->status = atoi(reply_text + sizeof "HTTP/1.1 " - 1);
	r->body = end + 4;
	r->whole = is_whole(r, r->bytes - (size_t)(r->body - reply_text));
}

static inline struct reply receive(int fd)
{
	struct reply r = { 0 };
	struct pollfd wait = { .fd = fd, .events = POLLIN };

	while (!r.closed && !r.whole && r.bytes < REPLY_ROOM) {
		ssize_t n = poll(&wait, 1, PATIENCE_MS) > 0
		                    ? recv(fd, reply_text + r.bytes, REPLY_ROOM - r.bytes, 0)
		                    : -2;

		if (n == -2)
			fail_msg("no answer within %d s", PATIENCE_MS / 1000);
		r.closed = n <= 0;
		r.bytes += n > 0 ? (size_t)n : 0;
		reply_text[r.bytes] = '\0';
		parse_reply(&r);
	}
	return r;
}

/* One request on a connection that stays open. */
static inline struct reply ask_on(int fd, const char *method, const char *path, const char *type,
                                  const char *body)
{
	char head[32768];
	size_t len = body ? strlen(body) : 0;
	int n = snprintf(head, sizeof head,
	                 "%s %s HTTP/1.1\r\nHost: practice\r\nAuthorization: Bearer " PRACTICE_TOKEN
	                 "\r\nContent-Type: %s\r\nContent-Length: %zu\r\n\r\n",
	                 method, path, type ? type : "application/json", len);

	if (send_all(fd, head, (size_t)n) && len)
		send_all(fd, body, len);
	return receive(fd);
}

static inline struct reply ask(const char *method, const char *path, const char *body)
{
	int fd = dial();
	struct reply r = ask_on(fd, method, path, NULL, body);

	close(fd);
	return r;
}

static inline struct reply get(const char *path)
{
	return ask("GET", path, NULL);
}

/* The query's answer; blanks may stand in it. */
static inline struct reply query(const char *soql)
{
	char path[20000];
	size_t n = (size_t)snprintf(path, sizeof path, API "/query?q=");
	static const char hex[] = "0123456789ABCDEF";

	for (; *soql && n < sizeof path - 4; soql++) {
		unsigned char c = (unsigned char)*soql;

		path[n++] = '%';
		path[n++] = hex[c >> 4];
		path[n++] = hex[c & 15];
	}
	path[n] = '\0';
	return get(path);
}

static inline void use_scenario(const char *json)
{
	struct reply r = ask("POST", "/practice/scenario", json);

	if (r.status != 200)
		fail_msg("%s", r.body);
}

/* A text, or a number as text, at a key of a JSON object; at most one is held at a time. */
static inline const char *json_value(const char *json, const char *key)
{
	static char value[4096];
	json_t *parsed = json_loads(json, 0, NULL);
	const json_t *found = json_object_get(parsed, key);

	assert_non_null(parsed);
	if (json_is_integer(found))
		snprintf(value, sizeof value, "%lld", (long long)json_integer_value(found));
	else
		snprintf(value, sizeof value, "%s", json_is_string(found) ? json_string_value(found) : "");
	json_decref(parsed);
	return value;
}

/* The same into `to`, which must hold it. */
static inline void take_value(const char *json, const char *key, char *to, size_t size)
{
	const char *value = json_value(json, key);

	assert_true(strlen(value) < size);
	memcpy(to, value, strlen(value) + 1);
}

static inline void create_record(const char *object, const char *json, char id[SF_ID_ROOM])
{
	char path[128];
	struct reply r;

	snprintf(path, sizeof path, API "/sobjects/%s", object);
	r = ask("POST", path, json);
	if (r.status != 201)
		fail_msg("%d %s", r.status, r.body);
	take_value(r.body, "id", id, SF_ID_ROOM);
}

static inline void create_job(const char *json, char id[SF_ID_ROOM])
{
	struct reply r = ask("POST", API "/jobs/ingest", json);

	if (r.status != 200)
		fail_msg("%d %s", r.status, r.body);
	take_value(r.body, "id", id, SF_ID_ROOM);
}

static inline const char *job_path(const char *id, const char *more)
{
	static char path[256];

	snprintf(path, sizeof path, API "/jobs/ingest/%s%s", id, more);
	return path;
}

static inline struct reply upload(const char *id, const char *csv)
{
	int fd = dial();
	struct reply r = ask_on(fd, "PUT", job_path(id, "/batches"), "text/csv", csv);

	close(fd);
	return r;
}

static inline struct reply change_state(const char *id, const char *state)
{
	char json[64];

	snprintf(json, sizeof json, "{\"state\":\"%s\"}", state);
	return ask("PATCH", job_path(id, ""), json);
}

/* Asks until the job is in that state: the worker goes on while requests are served. */
static inline void await_state(const char *id, const char *state)
{
	for (int i = 0; i < 20000; i++) {
		struct reply r = get(job_path(id, ""));

		if (r.status == 200 && strcmp(json_value(r.body, "state"), state) == 0)
			return;
	}
	fail_msg("the job did not become %s: %s", state, get(job_path(id, "")).body);
}

/* A job from its description to its end; its id in `id`. */
static inline void run_job(const char *json, const char *csv, const char *end, char id[SF_ID_ROOM])
{
	create_job(json, id);
	assert_int_equal(upload(id, csv).status, 201);
	assert_int_equal(change_state(id, "UploadComplete").status, 200);
	await_state(id, end);
}

/* One of the results, as a copy that stays until the next call with the same `slot` (0 to 3). */
static inline const char *results(const char *id, const char *kind, int slot)
{
	static char kept[4][REPLY_ROOM + 1];
	struct reply r = get(job_path(id, kind));

	assert_int_equal(r.status, 200);
	assert_true(r.whole);
	snprintf(kept[slot], sizeof kept[slot], "%s", r.body);
	return kept[slot];
}

static inline long counter(const char *group, const char *name)
{
	struct reply r = get("/practice/counters");
	json_t *json = json_loads(r.body, 0, NULL);
	const json_t *from = group ? json_object_get(json, group) : json;
	long value = (long)json_integer_value(json_object_get(from, name));

	json_decref(json);
	return value;
}

static inline int empty_org(void **unused)
{
	(void)unused;
	use_scenario("{}");
	assert_int_equal(ask("POST", "/practice/reset", "").status, 200);
	return 0;
}

#endif
