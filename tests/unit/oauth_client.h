/* oauth_client.h - for tests of the practice org's sign-in: forms as a client sends them, and what an answer holds. */
#ifndef LONGSHORE_TESTS_OAUTH_CLIENT_H
#define LONGSHORE_TESTS_OAUTH_CLIENT_H

#include "practice_client.h"

#define CLIENT "client_id=" PRACTICE_CLIENT_ID "&client_secret=" PRACTICE_CLIENT_SECRET
#define REFRESH_FORM \
	"grant_type=refresh_token&client_id=" PRACTICE_CLIENT_ID "&refresh_token=" PRACTICE_REFRESH_TOKEN
#define CLIENT_FORM "grant_type=client_credentials&" CLIENT
#define PASSWORD_FORM                 \
	"grant_type=password&" CLIENT \
	"&username=operator%40practice.example&password=" PRACTICE_PASSWORD PRACTICE_SECURITY_TOKEN

enum { TOKEN_ROOM = 256 };

/* One request as it stands; `headers` are whole lines. */
static inline struct reply send_with(const char *method, const char *path, const char *headers,
                                     const char *body)
{
	static char request[65536];
	int fd = dial();
	struct reply r;
	int n = snprintf(request, sizeof request, "%s %s HTTP/1.1\r\n%s%sContent-Length: %zu\r\n\r\n%s", method,
	                 path, strcasestr(headers, "Host:") ? "" : "Host: 127.0.0.1\r\n", headers, strlen(body),
	                 body);

	assert_true(n > 0 && (size_t)n < sizeof request);
	send_all(fd, request, (size_t)n);
	r = receive(fd);
	close(fd);
	return r;
}

static inline struct reply post_form_with(const char *path, const char *headers, const char *form)
{
	char all[4096];

	snprintf(all, sizeof all, "Content-Type: application/x-www-form-urlencoded\r\n%s", headers);
	return send_with("POST", path, all, form);
}

static inline struct reply post_form(const char *path, const char *form)
{
	return post_form_with(path, "", form);
}

static inline struct reply sign_in(const char *form)
{
	return post_form("/services/oauth2/token", form);
}

/* Signs in, which must work; the access token in `token`. */
static inline void take_token(const char *form, char token[TOKEN_ROOM])
{
	struct reply r = sign_in(form);

	if (r.status != 200)
		fail_msg("%s: %d %s", form, r.status, r.body);
	take_value(r.body, "access_token", token, TOKEN_ROOM);
}

static inline struct reply get_as(const char *token, const char *path)
{
	char header[512];

	snprintf(header, sizeof header, "Authorization: Bearer %s\r\n", token);
	return send_with("GET", path, header, "");
}

static inline bool works(const char *token)
{
	return get_as(token, API "/limits").status == 200;
}

/* An error of section A4: status 400, these two texts and nothing else. */
static inline void expect_refused(struct reply r, const char *error, const char *description)
{
	json_t *json = json_loads(r.body, 0, NULL);

	if (r.status != 400 || strcmp(json_value(r.body, "error"), error) != 0 ||
	    strcmp(json_value(r.body, "error_description"), description) != 0)
		fail_msg("wanted %s / %s, got %d %s", error, description, r.status, r.body);
	assert_int_equal(json_object_size(json), 2);
	json_decref(json);
}

#endif
