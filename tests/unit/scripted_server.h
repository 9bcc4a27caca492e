/*
 * scripted_server.h - a small HTTP server inside a test: a thread on 127.0.0.1 that reads requests, writes down that they
 * arrived, and answers with what the test gives it. It also closes, resets or goes silent when told to.
 */
#ifndef LONGSHORE_TESTS_SCRIPTED_SERVER_H
#define LONGSHORE_TESTS_SCRIPTED_SERVER_H

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <cmocka.h>

enum then { THEN_KEEP, THEN_CLOSE, THEN_RESET };

struct step {
	const char *when;    /* how the request begins ("POST /x"); NULL: any */
	int status;          /* 0 and no raw: no answer */
	const char *body;    /* with its Content-Length */
	const char *headers; /* more header lines, each with its CRLF */
	const char *raw;     /* these bytes instead */
	size_t raw_len;
	enum then then;
	const char *after; /* answer only once a request that begins like this has arrived */
	bool early;        /* answer after the headers, the body unread */
	bool forever;      /* not used up */
	bool used;
};

enum { ARRIVALS = 64, CLIENTS = 32, HEAD_ROOM = 128 * 1024, BODY_KEPT = 4 * 1024 * 1024 };

struct arrival {
	char *head;
	char *body; /* its first BODY_KEPT bytes */
	size_t body_len;
	bool whole; /* everything that was announced came */
};

struct client {
	int fd;
	char *head;
	size_t head_len;
	int arrival; /* of the request whose body is being read, else -1 */
	size_t body_wanted;
	struct step *step;
	bool held; /* the request is whole, its answer waits for another request */
};

struct server {
	int listener, stop[2];
	int port;
	pthread_t thread;
	pthread_mutex_t lock;
	struct step *steps;
	size_t step_count;
	struct arrival arrivals[ARRIVALS];
	int count;
	int connections;
	struct client clients[CLIENTS];
	char url[64];
};

static void server_send(int fd, const char *bytes, size_t len)
{
	while (len) {
		ssize_t n = send(fd, bytes, len, MSG_NOSIGNAL);

		if (n <= 0)
			return;
		bytes += n;
		len -= (size_t)n;
	}
}

static void server_drop(struct client *c, bool reset)
{
	struct linger linger = { 1, 0 };

	if (reset)
		setsockopt(c->fd, SOL_SOCKET, SO_LINGER, &linger, sizeof linger);
	close(c->fd);
	free(c->head);
	*c = (struct client){ .fd = -1, .arrival = -1 };
}

static struct step *server_step(struct server *s, const char *head)
{
	for (size_t i = 0; i < s->step_count; i++) {
		struct step *step = &s->steps[i];

		if (step->used || (step->when && strncmp(head, step->when, strlen(step->when)) != 0))
			continue;
		step->used = !step->forever;
		return step;
	}
	return NULL;
}

static void server_answer(struct client *c, const struct step *step)
{
	const char *body = step && step->body ? step->body : "";
	char head[4096];
	int n;

	if (step && step->raw) {
		server_send(c->fd, step->raw, step->raw_len ? step->raw_len : strlen(step->raw));
	} else if (step && step->status) {
		n = snprintf(head, sizeof head, "HTTP/1.1 %d X\r\nContent-Length: %zu\r\n%s\r\n", step->status,
		             strlen(body), step->headers ? step->headers : "");
		server_send(c->fd, head, (size_t)n);
		server_send(c->fd, body, strlen(body));
	}
	if (!step || step->then != THEN_KEEP)
		server_drop(c, step && step->then == THEN_RESET);
}

static bool server_arrived(const struct server *s, const char *begins)
{
	for (int i = 0; i < s->count; i++)
		if (strncmp(s->arrivals[i].head, begins, strlen(begins)) == 0)
			return true;
	return false;
}

static void server_answer_held(struct server *s)
{
	for (int i = 0; i < CLIENTS; i++) {
		struct client *c = &s->clients[i];

		if (c->fd < 0 || !c->held || !server_arrived(s, c->step->after))
			continue;
		c->held = false;
		server_answer(c, c->step);
	}
}

static void server_body(struct server *s, struct client *c, const char *bytes, size_t len)
{
	struct arrival *a = &s->arrivals[c->arrival];
	size_t kept = a->body_len < BODY_KEPT ? BODY_KEPT - a->body_len : 0;
	bool whole;

	pthread_mutex_lock(&s->lock);
	memcpy(a->body + (kept ? a->body_len : 0), bytes, len < kept ? len : kept);
	a->body_len += len;
	whole = a->whole = a->body_len >= c->body_wanted;
	pthread_mutex_unlock(&s->lock);
	if (!whole)
		return;
	c->arrival = -1;
	if (c->step && c->step->after)
		c->held = true;
	else if (!c->step || !c->step->early)
		server_answer(c, c->step);
	server_answer_held(s);
}

/* The headers are complete, `rest` of the bytes behind them is body. */
static void server_request(struct server *s, struct client *c, char *end)
{
	const char *length = strcasestr(c->head, "\r\nContent-Length:");
	size_t rest = c->head_len - (size_t)(end + 4 - c->head);
	struct arrival *a;

	*end = '\0';
	c->body_wanted = length && length < end ? strtoul(length + 17, NULL, 10) : 0;
	pthread_mutex_lock(&s->lock);
	c->arrival = s->count++;
	a = &s->arrivals[c->arrival];
	*a = (struct arrival){ .head = strdup(c->head), .body = calloc(1, BODY_KEPT + 1) };
	pthread_mutex_unlock(&s->lock);
	c->head_len = 0;
	c->step = server_step(s, c->head);
	if (c->step && c->step->early)
		server_answer(c, c->step);
	if (c->fd >= 0)
		server_body(s, c, end + 4, rest);
}

static void server_read(struct server *s, struct client *c)
{
	static char bytes[64 * 1024];
	ssize_t n = recv(c->fd, bytes, sizeof bytes, 0);
	char *end;

	if (n <= 0 || (c->arrival < 0 && c->head_len + (size_t)n >= HEAD_ROOM) ||
	    (c->arrival < 0 && c->head_len == 0 && bytes[0] == 0x16)) { /* TLS is not spoken here */
		server_drop(c, false);
		return;
	}
	if (c->arrival >= 0) {
		server_body(s, c, bytes, (size_t)n);
		return;
	}
	memcpy(c->head + c->head_len, bytes, (size_t)n);
	c->head_len += (size_t)n;
	c->head[c->head_len] = '\0';
	end = strstr(c->head, "\r\n\r\n");
	if (end)
		server_request(s, c, end);
}

static void server_accept(struct server *s)
{
	int fd = accept(s->listener, NULL, NULL);

	for (int i = 0; i < CLIENTS && fd >= 0; i++) {
		if (s->clients[i].fd >= 0)
			continue;
		s->clients[i] = (struct client){ .fd = fd, .arrival = -1, .head = malloc(HEAD_ROOM + 1) };
		s->connections++;
		return;
	}
}

/* After the word to stop it goes on until nothing more comes: whatever was sent is counted. */
static void *server_run(void *ctx)
{
	struct server *s = ctx;
	bool stopping = false;

	for (;;) {
		struct pollfd fds[CLIENTS + 2] = { { s->listener, POLLIN, 0 },
			                           { stopping ? -1 : s->stop[0], POLLIN, 0 } };
		int n;

		for (int i = 0; i < CLIENTS; i++)
			fds[i + 2] = (struct pollfd){ s->clients[i].fd, POLLIN, 0 };
		n = poll(fds, CLIENTS + 2, stopping ? 0 : -1);
		if (n == 0 && stopping)
			break;
		if (fds[0].revents)
			server_accept(s);
		stopping = stopping || fds[1].revents;
		for (int i = 0; i < CLIENTS; i++)
			if (fds[i + 2].revents && s->clients[i].fd == fds[i + 2].fd)
				server_read(s, &s->clients[i]);
	}
	for (int i = 0; i < CLIENTS; i++)
		if (s->clients[i].fd >= 0)
			server_drop(&s->clients[i], false);
	return NULL;
}

static inline void server_start(struct server *s, struct step *steps, size_t count)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;

	*s = (struct server){ .steps = steps, .step_count = count };
	for (int i = 0; i < CLIENTS; i++)
		s->clients[i] = (struct client){ .fd = -1, .arrival = -1 };
	pthread_mutex_init(&s->lock, NULL);
	s->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_return_code(bind(s->listener, (struct sockaddr *)&at, sizeof at), 0);
	assert_return_code(listen(s->listener, 16), 0);
	getsockname(s->listener, (struct sockaddr *)&at, &len);
	s->port = ntohs(at.sin_port);
	snprintf(s->url, sizeof s->url, "http://127.0.0.1:%d", s->port);
	assert_return_code(pipe(s->stop), 0);
	assert_int_equal(pthread_create(&s->thread, NULL, server_run, s), 0);
}

/* Close the client's side first. The arrivals stay until server_forget(). */
static inline void server_stop(struct server *s)
{
	assert_int_equal(write(s->stop[1], "x", 1), 1);
	pthread_join(s->thread, NULL);
	close(s->listener);
	close(s->stop[0]);
	close(s->stop[1]);
	pthread_mutex_destroy(&s->lock);
}

static inline void server_forget(struct server *s)
{
	for (int i = 0; i < s->count; i++) {
		free(s->arrivals[i].head);
		free(s->arrivals[i].body);
	}
	s->count = 0;
}

/* How many requests arrived that begin like this, whole or not. */
static inline int server_count(struct server *s, const char *begins)
{
	int count = 0;

	pthread_mutex_lock(&s->lock);
	for (int i = 0; i < s->count; i++)
		count += strncmp(s->arrivals[i].head, begins, strlen(begins)) == 0;
	pthread_mutex_unlock(&s->lock);
	return count;
}

/* The last of them. Only once it can change no more. */
static inline const struct arrival *server_last(struct server *s, const char *begins)
{
	for (int i = s->count - 1; i >= 0; i--)
		if (strncmp(s->arrivals[i].head, begins, strlen(begins)) == 0)
			return &s->arrivals[i];
	fail_msg("nothing arrived that begins with %s", begins);
	return NULL;
}

#endif
