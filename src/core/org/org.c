#include "core/org/org.h"

#include <stdlib.h>
#include <string.h>

#include "core/org/call.h"

const char *org_kind_name(enum org_kind kind)
{
	static const char *const names[] = {
#define X(name, text) [ORG_##name] = text,
		ORG_KINDS(X)
#undef X
	};

	return names[kind];
}

static enum err_code trust_settings(struct http *http, const struct settings *settings, struct err *e)
{
	struct http_trust trust;
	enum err_code rc = http_trust_init(&trust, settings, e);

	if (!rc)
		http_trust(http, trust);
	return rc;
}

enum err_code org_open(struct org **org, const struct settings *settings, struct err *e)
{
	return org_open_counted(org, settings, NULL, e);
}

enum err_code org_open_counted(struct org **org, const struct settings *settings, int64_t *calls, struct err *e)
{
	struct org *o = calloc(1, sizeof *o);
	enum err_code rc;

	if (!o)
		return err_memory(e, "an org");
	o->calls = calls ? calls : &o->own_calls;
	rc = http_open(&o->http, e);
	if (!rc)
		rc = trust_settings(o->http, settings, e);
	if (!rc)
		rc = session_open(&o->session, o->http, settings, e);
	if (!rc)
		rc = identity_find(o, settings->api_version, e);
	if (rc) {
		org_close(o);
		return rc;
	}
	*org = o;
	return ERR_OK;
}

void org_close(struct org *org)
{
	if (!org)
		return;
	http_close(org->http);
	call_drop_all(org);
	session_close(org->session);
	free(org);
}

const struct org_identity *org_identity(const struct org *org)
{
	return &org->identity;
}

struct http *org_http(struct org *org)
{
	return org->http;
}

const char *org_notice(const struct org *org)
{
	return session_notice(org->session);
}

int64_t org_calls(const struct org *org)
{
	return *org->calls;
}

int64_t org_server_now(const struct org *org)
{
	return org->server_ms ? org->server_ms + clock_mono(http_clock(org->http)) - org->heard : 0;
}

bool org_calls_left(const struct org *org, int64_t *left, int64_t *most)
{
	if (org->calls_most == 0)
		return false;
	*most = org->calls_most;
	*left = org->calls_used < org->calls_most ? org->calls_most - org->calls_used : 0;
	return true;
}

enum err_code org_start(struct org *org, const char *path, const struct http_request *request,
                        struct http_call **call, struct err *e)
{
	return call_start(org, path, request, (struct call_options){ .call = call }, e);
}

enum err_code org_wait(struct org *org, const char *path, const struct http_request *request,
                       struct answer *answer, struct buf *body, struct err *e)
{
	return call_wait(org, path, request, (struct call_options){ 0 }, answer, body, e);
}
