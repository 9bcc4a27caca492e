#include "core/org/listener.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum { REQUEST_MOST = 16 * 1024, PAGE_MOST = 16 * 1024, PATH_MOST = 200, BACKLOG = 8 };

/* One who is connected: what came of the request so far. */
struct caller {
	int fd; /* -1: nobody */
	struct buf request;
};

struct listener {
	int fd;
	char path[PATH_MOST];
	struct caller callers[LISTENER_CALLERS];
};

/* Addresses */

/* Port and path of an address on this machine. */
static bool take_apart(const char *address, int *port, char path[PATH_MOST])
{
	static const char *const hosts[] = { "http://localhost", "http://127.0.0.1" };
	const char *rest = NULL;
	char *end;

	for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
		if (strncasecmp(address, hosts[i], strlen(hosts[i])) == 0)
			rest = address + strlen(hosts[i]);
	if (!rest)
		return false;
	*port = 80;
	if (*rest == ':') {
		*port = (int)strtol(rest + 1, &end, 10);
		if (end == rest + 1 || *port < 1 || *port > 65535)
			return false;
		rest = end;
	}
	if (*rest && *rest != '/')
		return false;
	return !strpbrk(rest, "?#\r\n ") && snprintf(path, PATH_MOST, "%s", *rest ? rest : "/") < PATH_MOST;
}

bool listener_fits(const char *address)
{
	char path[PATH_MOST];
	int port;

	return take_apart(address, &port, path);
}

/* Opening and closing */

static enum err_code listen_on(int fd, int port, struct err *e)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int on = 1;

	here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (fd < 0 || bind(fd, (struct sockaddr *)&here, sizeof here) != 0 || listen(fd, BACKLOG) != 0)
		return err_set(e, ERR_FILE, "port %d of this machine cannot be listened to: %s", port,
		               strerror(errno));
	return ERR_OK;
}

enum err_code listener_open(struct listener **listener, const char *address, struct err *e)
{
	struct listener *l = calloc(1, sizeof *l);
	enum err_code rc;
	int port = 0;

	if (!l)
		return err_memory(e, "a listener");
	for (size_t i = 0; i < LISTENER_CALLERS; i++) {
		l->callers[i].fd = -1;
		buf_init(&l->callers[i].request, REQUEST_MOST);
	}
	l->fd = -1;
	if (!take_apart(address, &port, l->path)) {
		listener_close(l);
		return err_set(e, ERR_USAGE, "%.200s is no address of this machine", address);
	}
	l->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	rc = listen_on(l->fd, port, e);
	if (rc != ERR_OK) {
		listener_close(l);
		return rc;
	}
	*listener = l;
	return ERR_OK;
}

static void hang_up(struct caller *c)
{
	if (c->fd >= 0)
		close(c->fd);
	c->fd = -1;
	buf_wipe(&c->request);
}

void listener_close(struct listener *listener)
{
	if (!listener)
		return;
	for (size_t i = 0; i < LISTENER_CALLERS; i++)
		hang_up(&listener->callers[i]);
	if (listener->fd >= 0)
		close(listener->fd);
	free(listener);
}

/* Answering */

static void add_markup(struct buf *to, struct slice text)
{
	for (size_t i = 0; i < text.len; i++) {
		if (text.at[i] == '<' || text.at[i] == '>' || text.at[i] == '&')
			buf_addf(to, "&#%d;", text.at[i]);
		else
			buf_add_char(to, text.at[i]);
	}
}

/* Small enough for the socket's own buffer: a browser that does not read it gets less of it. */
static void answer(const struct caller *c, const char *status, struct slice sentence)
{
	struct buf page, whole;

	buf_init(&page, PAGE_MOST);
	buf_init(&whole, 2 * PAGE_MOST);
	buf_add_text(&page, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta "
	                    "charset=\"utf-8\"><title>Longshore</title></head>"
	                    "<body><h1>Longshore</h1>\n<p>");
	add_markup(&page, sentence);
	buf_add_text(&page, "</p></body></html>\n");
	buf_addf(&whole,
	         "HTTP/1.1 %s\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %zu\r\n"
	         "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\n"
	         "Content-Security-Policy: default-src 'none'\r\nConnection: close\r\n\r\n",
	         status, page.len);
	buf_add_slice(&whole, buf_slice(&page));
	if (send(c->fd, whole.at, whole.len, MSG_NOSIGNAL | MSG_DONTWAIT) > 0)
		shutdown(c->fd, SHUT_WR);
	buf_release(&page);
	buf_release(&whole);
}

/* The query of "GET /path?query HTTP/1.1"; false: it is another request. */
static bool find_query(const struct listener *l, const struct buf *request, struct slice *query)
{
	const char *at = buf_text(request), *line = strstr(at, "\r\n"), *end, *mark;
	size_t path = strlen(l->path);

	if (strncmp(at, "GET ", 4) != 0)
		return false;
	at += 4;
	end = memchr(at, ' ', (size_t)(line - at));
	mark = end ? memchr(at, '?', (size_t)(end - at)) : NULL;
	if (!mark || (size_t)(mark - at) != path || strncmp(at, l->path, path) != 0)
		return false;
	*query = (struct slice){ mark + 1, (size_t)(end - mark - 1) };
	return true;
}

static void deal_with(struct listener *l, struct caller *c, listener_hear *hear, void *ctx)
{
	struct slice query;
	struct buf sentence;
	bool good;

	if (!find_query(l, &c->request, &query)) {
		answer(c, "404 Not Found", slice_of("There is nothing here."));
		return;
	}
	buf_init(&sentence, PAGE_MOST / 4);
	good = hear(ctx, query, &sentence);
	answer(c, good ? "200 OK" : "400 Bad Request", buf_slice(&sentence));
	buf_release(&sentence);
}

/* Turning */

/* A full house drops whoever came first: a connection that says nothing must not keep the browser out. */
static void let_in(struct listener *l)
{
	int fd = accept4(l->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	size_t at = 0;

	if (fd < 0)
		return;
	while (at < LISTENER_CALLERS && l->callers[at].fd >= 0)
		at++;
	if (at == LISTENER_CALLERS) {
		struct caller first = l->callers[0];

		memmove(l->callers, l->callers + 1, (LISTENER_CALLERS - 1) * sizeof first);
		at = LISTENER_CALLERS - 1;
		l->callers[at] = first;
		hang_up(&l->callers[at]);
	}
	l->callers[at].fd = fd;
}

static void read_from(struct listener *l, struct caller *c, listener_hear *hear, void *ctx)
{
	char *room = buf_reserve(&c->request, REQUEST_MOST - c->request.len);
	ssize_t n = room ? recv(c->fd, room, REQUEST_MOST - c->request.len, 0) : 0;

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n > 0) {
		bool whole;

		buf_grow(&c->request, (size_t)n);
		whole = strstr(buf_text(&c->request), "\r\n\r\n") != NULL;
		if (!whole && c->request.len < REQUEST_MOST)
			return;
		if (whole)
			deal_with(l, c, hear, ctx);
	}
	hang_up(c);
}

bool listener_turn(struct listener *listener, int also, int wait_ms, listener_hear *hear, void *ctx)
{
	struct pollfd fds[LISTENER_CALLERS + 2];

	for (size_t i = 0; i < LISTENER_CALLERS; i++)
		fds[i] = (struct pollfd){ listener->callers[i].fd, POLLIN, 0 };
	fds[LISTENER_CALLERS] = (struct pollfd){ listener->fd, POLLIN, 0 };
	fds[LISTENER_CALLERS + 1] = (struct pollfd){ also, POLLIN, 0 };
	if (poll(fds, LISTENER_CALLERS + 2, wait_ms) <= 0)
		return false;
	for (size_t i = 0; i < LISTENER_CALLERS; i++)
		if (fds[i].revents)
			read_from(listener, &listener->callers[i], hear, ctx);
	if (fds[LISTENER_CALLERS].revents)
		let_in(listener);
	return fds[LISTENER_CALLERS + 1].revents != 0;
}
