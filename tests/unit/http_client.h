/* http_client.h - for tests of http.h: one request to a scripted server, and what was heard of it. */
#ifndef LONGSHORE_TESTS_HTTP_CLIENT_H
#define LONGSHORE_TESTS_HTTP_CLIENT_H

#include "core/org/http.h"
#include "scripted_server.h"

#define START(server, ...)                     \
	struct step steps[] = { __VA_ARGS__ }; \
	server_start(server, steps, sizeof steps / sizeof steps[0])

struct heard {
	struct answer answer;
	char body[512];
	int times;
};

static inline void hear(void *ctx, const struct answer *answer, struct slice body)
{
	struct heard *h = ctx;

	h->answer = *answer;
	h->times++;
	snprintf(h->body, sizeof h->body, "%.*s", SLICE_ARGS(body));
}

static inline struct http *open_http(void)
{
	struct http *http;
	struct err e;

	err_init(&e);
	assert_int_equal(http_open(&http, &e), ERR_OK);
	return http;
}

static inline struct http_call *start(struct http *http, struct http_request request, const char *origin,
                                      const char *path, struct heard *heard)
{
	struct http_call *call = NULL;
	char url[256];
	struct err e;

	err_init(&e);
	snprintf(url, sizeof url, "%s%s", origin, path);
	*heard = (struct heard){ 0 };
	request.url = url;
	request.done = hear;
	request.done_ctx = heard;
	assert_int_equal(http_start(http, &request, &call, &e), ERR_OK);
	return call;
}

static inline struct answer ask_with(struct http *http, struct http_request request, const char *origin,
                                     const char *path)
{
	struct heard heard;

	start(http, request, origin, path, &heard);
	while (!heard.times)
		http_turn(http, 1000);
	assert_int_equal(heard.times, 1);
	return heard.answer;
}

static inline struct answer ask(struct http *http, const char *method, const char *origin, const char *path)
{
	struct http_request request = { .method = method };

	if (strcmp(method, "GET") != 0 && strcmp(method, "DELETE") != 0)
		request.text = slice_of("{\"state\":\"UploadComplete\"}");
	return ask_with(http, request, origin, path);
}

static inline void stop(struct http *http, struct server *server)
{
	http_close(http);
	server_stop(server);
}

#endif
