/* The token endpoint: a grant is checked, admitted, and answered with a session. */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "practice/base64.h"
#include "practice/json_out.h"
#include "practice/jwt.h"
#include "practice/oauth.h"
#include "practice/oauth_call.h"
#include "practice/practice_ids.h"
#include "practice/sign_in.h"

enum { JWT_LIFE_MS = 3 * 60 * 1000 };

/* What a grant that was found right gives. */
struct pass {
	char scope[SESSION_SCOPE];
	size_t refreshed;   /* number of the refresh token it comes from; 0: none */
	bool refresh_token; /* a first one is given too */
};

static bool grant_fails(struct oauth_call *c, const char *description)
{
	return oauth_refuse(c, "invalid_grant", description);
}

/* The value of a field without which the request is none. */
static bool needs(struct oauth_call *c, const char *name, const char **value)
{
	char description[96];

	*value = oauth_value(c, name);
	if (**value)
		return true;
	snprintf(description, sizeof description, "missing required parameter: %s", name);
	return oauth_refuse(c, "invalid_request", description);
}

static bool refresh_is_right(struct oauth_call *c, struct pass *pass)
{
	const struct refresh_token *token;
	const char *text;

	if (!oauth_knows_client(c, c->practice->scenario.sign_in.secret_required) ||
	    !needs(c, "refresh_token", &text))
		return false;
	token = refresh_token_find(c->practice, text, &pass->refreshed);
	if (!token)
		return grant_fails(c, "expired access/refresh token");
	snprintf(pass->scope, sizeof pass->scope, "%s", token->scope);
	return true;
}

/* The host without its port: 127.0.0.1 is the My Domain of this org, any other name of it is a login host. */
static bool is_my_domain(const struct request *r)
{
	const char *host = request_header(r, "Host");
	size_t len = host ? strcspn(host, ":") : 0;

	return slice_is((struct slice){ host, len }, "127.0.0.1");
}

static bool client_is_right(struct oauth_call *c, struct pass *pass)
{
	if (c->practice->scenario.sign_in.my_domain_only && !is_my_domain(c->request))
		return grant_fails(c, "request not supported on this domain");
	snprintf(pass->scope, sizeof pass->scope, "api");
	return oauth_knows_client(c, true);
}

static bool is_audience(const struct oauth_call *c, const struct jwt *j)
{
	const char *only = c->practice->scenario.sign_in.audience;
	char url[PRACTICE_URL];

	if (only)
		return jwt_is_for(j, only);
	practice_url(c->practice, url);
	return jwt_is_for(j, "https://login.salesforce.com") || jwt_is_for(j, url);
}

static bool claims_are_right(struct oauth_call *c, const struct jwt *j)
{
	int64_t now = practice_now(c->practice), ends;

	if (strcmp(jwt_text(j, "iss"), PRACTICE_CLIENT_ID) != 0)
		return oauth_refuse(c, "invalid_client_id", "client identifier invalid");
	if (strcasecmp(jwt_text(j, "sub"), PRACTICE_USERNAME) != 0)
		return grant_fails(c, "user hasn't approved this consumer");
	if (!is_audience(c, j))
		return grant_fails(c, "Audience validation failed");
	if (!jwt_ends(j, &ends) || ends > now + JWT_LIFE_MS)
		return grant_fails(c, "invalid assertion");
	return ends > now || grant_fails(c, "expired assertion");
}

static bool jwt_is_right(struct oauth_call *c, struct pass *pass)
{
	const char *pem = c->practice->scenario.sign_in.certificate, *assertion;
	struct jwt jwt;
	bool right;

	if (!needs(c, "assertion", &assertion))
		return false;
	if (!pem)
		pem = c->practice->certificate;
	snprintf(pass->scope, sizeof pass->scope, "api");
	if (!pem || !jwt_open(&jwt, assertion, pem))
		return grant_fails(c, "invalid assertion");
	right = claims_are_right(c, &jwt);
	jwt_close(&jwt);
	return right;
}

static bool password_is_right(struct oauth_call *c, struct pass *pass)
{
	const char *username, *password;
	bool short_of;

	(void)pass;
	if (!oauth_knows_client(c, true) || !needs(c, "username", &username) ||
	    !needs(c, "password", &password))
		return false;
	if (!sign_in_password(c->practice, username, password, &short_of))
		return grant_fails(c, "authentication failure");
	return true;
}

/* PKCE: the verifier's SHA-256 is the challenge that came with the authorize request. */
static bool verifier_is_right(struct oauth_call *c, const struct auth_code *code)
{
	const char *verifier = oauth_value(c, "code_verifier");
	unsigned char digest[EVP_MAX_MD_SIZE];
	char challenge[BASE64_ROOM(EVP_MAX_MD_SIZE)];
	unsigned len = 0;

	if (!verifier[0] && !code->challenge[0])
		return true;
	if (!verifier[0])
		return grant_fails(c, "missing code verifier");
	if (EVP_Digest(verifier, strlen(verifier), digest, &len, EVP_sha256(), NULL) == 1) {
		base64_encode_url(digest, len, challenge);
		if (strcmp(challenge, code->challenge) == 0)
			return true;
	}
	return oauth_refuse(c, "invalid_request", "invalid code verifier");
}

/* Whoever names a code uses it up, also in vain. */
static bool code_is_right(struct oauth_call *c, struct pass *pass)
{
	const char *text, *redirect;
	struct auth_code *code;
	bool used;

	if (!oauth_knows_client(c, c->practice->scenario.sign_in.secret_required) || !needs(c, "code", &text))
		return false;
	code = auth_code_find(c->practice, text);
	if (!code)
		return grant_fails(c, "invalid authorization code");
	used = code->used;
	code->used = true;
	if (used)
		return grant_fails(c, "invalid authorization code");
	if (practice_now(c->practice) - code->since >= CODE_LIFE_MS)
		return grant_fails(c, "expired authorization code");
	redirect = oauth_value(c, "redirect_uri");
	if (strcmp(redirect, code->redirect) != 0)
		return oauth_refuse(c, redirect[0] ? "redirect_uri_mismatch" : "redirect_uri_missing",
		                    "redirect_uri must match configuration");
	snprintf(pass->scope, sizeof pass->scope, "%s", code->scope);
	pass->refresh_token = strstr(code->scope, "refresh_token") || strstr(code->scope, "offline_access");
	return verifier_is_right(c, code);
}

static bool (*const checks[GRANT_COUNT])(struct oauth_call *c, struct pass *pass) = {
	[GRANT_REFRESH] = refresh_is_right,   [GRANT_CLIENT] = client_is_right, [GRANT_JWT] = jwt_is_right,
	[GRANT_PASSWORD] = password_is_right, [GRANT_CODE] = code_is_right,
};

static enum grant find_grant(const char *type)
{
	static const char *const types[GRANT_COUNT] = {
#define X(name, word, type) [GRANT_##name] = type,
		GRANTS(X)
#undef X
	};

	for (int i = 0; i < GRANT_COUNT; i++)
		if (types[i] && strcmp(type, types[i]) == 0)
			return (enum grant)i;
	return GRANT_COUNT;
}

/* The credentials are right: may the user in? */
static bool is_admitted(struct oauth_call *c, enum grant grant)
{
	static const struct {
		const char *error, *description;
	} refusals[] = { [REFUSE_NOBODY] = { NULL, NULL },
#define X(name, word, error, description, code, message) [REFUSE_##name] = { error, description },
		         SIGN_IN_REFUSALS(X)
#undef X
	};
	enum sign_in_refusal refusal = sign_in_refusal(c->practice, grant);

	if (refusal == REFUSE_APP && grant == GRANT_JWT)
		return grant_fails(c, "user hasn't approved this consumer");
	if (refusal != REFUSE_NOBODY)
		return oauth_refuse(c, refusals[refusal].error, refusals[refusal].description);
	if (sign_in_too_often(c->practice))
		return oauth_refuse(c, "rate_limit_exceeded", "login rate exceeded");
	return true;
}

/* base64 of HMAC-SHA256(client_secret, id + issued_at), salesforce-api.md A3 */
static void write_signature(struct json_out *o, const char *id, const char *issued)
{
	char text[256], signature[BASE64_ROOM(EVP_MAX_MD_SIZE)];
	unsigned char digest[EVP_MAX_MD_SIZE];
	unsigned len = 0;

	snprintf(text, sizeof text, "%s%s", id, issued);
	HMAC(EVP_sha256(), PRACTICE_CLIENT_SECRET, (int)strlen(PRACTICE_CLIENT_SECRET),
	     (const unsigned char *)text, strlen(text), digest, &len);
	base64_encode(digest, len, signature);
	json_out_pair(o, "signature", signature);
}

/* Which keys there are differs from grant to grant, as recorded (salesforce-api.md A3). */
static void write_token(struct oauth_call *c, enum grant grant, const struct session *s, const char *refresh)
{
	char url[PRACTICE_URL], id[160], issued[24];
	struct json_out o;

	practice_url(c->practice, url);
	snprintf(id, sizeof id, "%s/id/%s/%s", url, PRACTICE_ORG, PRACTICE_USER);
	snprintf(issued, sizeof issued, "%lld", (long long)s->since);
	json_out_init(&o, &c->answer->body, false);
	json_out_object(&o);
	json_out_pair(&o, "access_token", s->text);
	if (refresh)
		json_out_pair(&o, "refresh_token", refresh);
	if (grant != GRANT_JWT)
		write_signature(&o, id, issued);
	if (grant != GRANT_PASSWORD)
		json_out_pair(&o, "scope", s->scope);
	json_out_pair(&o, "instance_url", url);
	json_out_pair(&o, "id", id);
	json_out_pair(&o, "token_type", "Bearer");
	if (grant != GRANT_JWT)
		json_out_pair(&o, "issued_at", issued); /* a text, in Salesforce's answers too */
	json_out_end(&o);
}

static void give_token(struct oauth_call *c, enum grant grant, struct pass *pass)
{
	struct practice *p = c->practice;
	const struct refresh_token *refresh = NULL;
	const struct session *session;

	if (pass->refresh_token)
		refresh = refresh_token_new(p, pass->scope, &pass->refreshed);
	else if (pass->refreshed && p->scenario.sign_in.rotate)
		refresh = refresh_token_rotate(p, pass->refreshed);
	session = session_new(p, pass->scope, pass->refreshed);
	if (!session || (pass->refresh_token && !refresh)) {
		answer_error(c->answer, 500, "UNKNOWN_EXCEPTION", "no memory for the session");
		return;
	}
	p->sessions.granted++;
	write_token(c, grant, session, refresh ? refresh->text : NULL);
}

/* The grant that is asked for, GRANT_COUNT with the answer if it cannot be had. */
static enum grant asked_grant(struct oauth_call *c)
{
	const char *type;
	enum grant grant;

	if (!needs(c, "grant_type", &type))
		return GRANT_COUNT;
	grant = find_grant(type);
	if (grant == GRANT_COUNT || c->practice->scenario.sign_in.blocked[grant]) {
		oauth_refuse(c, "unsupported_grant_type", "grant type not supported");
		return GRANT_COUNT;
	}
	return grant;
}

void oauth_token(struct practice *p, const struct request *r, struct answer *a)
{
	struct oauth_call c;
	struct pass pass = { 0 };
	enum grant grant;

	oauth_call_begin(&c, p, r, a);
	grant = asked_grant(&c);
	if (grant != GRANT_COUNT && checks[grant](&c, &pass) && is_admitted(&c, grant))
		give_token(&c, grant, &pass);
	else
		p->sessions.refused++;
	oauth_call_end(&c);
}
