/*
 * scripted_org.h - an org inside a test: a scripted server that knows how one signs in and who one is, and the client on it.
 * A test adds its own steps before sign_in(); they come first.
 */
#ifndef LONGSHORE_TESTS_SCRIPTED_ORG_H
#define LONGSHORE_TESTS_SCRIPTED_ORG_H

#include "core/org/bulk.h"
#include "core/org/org.h"
#include "scripted_server.h"

#define API "/services/data/v66.0"
#define JOB "7503h00000CV7GpAAL"
#define TOKEN_POST "POST /services/oauth2/token"
#define EXPIRED "[{\"message\":\"Session expired or invalid\",\"errorCode\":\"INVALID_SESSION_ID\"}]"
#define VERSIONS                                                                                        \
	"[{\"version\":\"20.0\"},{\"version\":\"65.0\"},{\"version\":\"66.0\"},{\"version\":\"67.0\"}," \
	"{\"version\":\"100\"}]"
#define ORGANIZATION                                                                                           \
	"{\"totalSize\":1,\"done\":true,\"records\":[{\"attributes\":{\"type\":\"Organization\"},"             \
	"\"Name\":\"Acme Gr\\u00f6\\u00dfe\",\"IsSandbox\":false,\"OrganizationType\":\"Enterprise Edition\"," \
	"\"TrialExpirationDate\":null}]}"

enum { STEPS = 24 };

/* An org and its client. `steps`: first what the test adds, then how every org answers. */
struct fixture {
	struct server server;
	struct step steps[STEPS];
	size_t count;
	char token_body[4][256];
	int tokens;
	char userinfo[256];
	struct settings settings;
	struct org *org;
};

static inline void add(struct fixture *f, struct step step)
{
	assert_true(f->count < STEPS);
	f->steps[f->count++] = step;
}

/* Not const: settings own theirs. */
static char app[] = "the-app";
static char refresh_token[] = "5Aep861-secret-refresh+/=";
static char client_secret[] = "1234-secret-of-the-app";
__attribute__((unused)) static char ready_token[] = "00D000000000000!ready-made-session";

/* The answer to a token request: tokens are 00D-secret-1, -2 and so on. The server's port is not known yet, so the
 * bodies are written by begin(). */
static inline void add_token(struct fixture *f)
{
	add(f, (struct step){ .when = TOKEN_POST, .status = 200, .body = f->token_body[f->tokens++] });
}

static inline void begin(struct fixture *f)
{
	add(f,
	    (struct step){ .when = "GET /services/data/ ", .status = 200, .body = VERSIONS, .forever = true });
	add(f, (struct step){ .when = "GET /services/oauth2/userinfo ",
	                      .status = 200,
	                      .body = f->userinfo,
	                      .forever = true });
	add(f, (struct step){ .when = "GET " API "/query?q=SELECT%20Name%2C%20IsSandbox",
	                      .status = 200,
	                      .body = ORGANIZATION,
	                      .headers = "Sforce-Limit-Info: api-usage=100/15000\r\n",
	                      .forever = true });
	snprintf(f->userinfo, sizeof f->userinfo,
	         "{\"user_id\":\"005x00000012Q9P\",\"organization_id\":\"00Dx0000000BV7z\","
	         "\"preferred_username\":\"ana@acme.example\"}");
	server_start(&f->server, f->steps, f->count);
	for (int i = 0; i < f->tokens; i++)
		snprintf(f->token_body[i], sizeof f->token_body[i],
		         "{\"access_token\":\"00D000000000000!secret-token-%d\",\"instance_url\":\"%s/"
		         "\",\"token_type\":\"Bearer\"}",
		         i + 1, f->server.url);
	f->settings.login_url = f->server.url;
	f->settings.client_id = app;
}

static inline enum err_code open_org(struct fixture *f, struct err *e)
{
	err_init(e);
	f->org = NULL;
	return org_open(&f->org, &f->settings, e);
}

/* Signed in with a refresh token; the first token is used up. */
static inline void sign_in(struct fixture *f)
{
	struct err e;

	begin(f);
	f->settings.refresh_token = refresh_token;
	f->settings.client_secret = client_secret;
	if (open_org(f, &e))
		fail_msg("%s", e.text);
}

static inline void end(struct fixture *f)
{
	org_close(f->org);
	server_stop(&f->server);
}

struct heard {
	struct answer answer;
	char body[128];
	int times;
	struct bulk_job job;
	bool has_job;
};

static inline void hear(void *ctx, const struct answer *answer, struct slice body)
{
	struct heard *h = ctx;

	h->answer = *answer;
	h->times++;
	snprintf(h->body, sizeof h->body, "%.*s", SLICE_ARGS(body));
}

static inline void hear_job(void *ctx, const struct answer *answer, const struct bulk_job *job)
{
	struct heard *h = ctx;

	h->answer = *answer;
	h->times++;
	h->has_job = job != NULL;
	if (job)
		h->job = *job;
}

static inline void until(struct fixture *f, const struct heard *h)
{
	while (!h->times)
		http_turn(org_http(f->org), 1000);
	assert_int_equal(h->times, 1);
}

static inline struct answer ask(struct fixture *f, const char *method, const char *path)
{
	struct http_request request = { .method = method };
	struct answer answer;
	struct err e;

	err_init(&e);
	if (strcmp(method, "GET") != 0)
		request.text = slice_of("{\"a\":1}");
	assert_int_equal(org_wait(f->org, path, &request, &answer, NULL, &e), ERR_OK);
	return answer;
}

/* An upload of `size` letters, to its end. */
static inline long letters(void *ctx, char *to, size_t room)
{
	int64_t *left = ctx;
	size_t n = (int64_t)room < *left ? room : (size_t)*left;

	memset(to, 'x', n);
	*left -= (int64_t)n;
	return (long)n;
}

static inline struct heard upload(struct fixture *f, int64_t size)
{
	struct heard heard = { 0 };
	struct http_call *call;
	int64_t left = size;
	struct err e;

	err_init(&e);
	assert_int_equal(bulk_upload(f->org, JOB, letters, &left, size, hear_job, &heard, &call, &e), ERR_OK);
	until(f, &heard);
	return heard;
}

#endif
