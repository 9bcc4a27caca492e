/*
 * sign_in_rules.h - how strict the org is about signing in today: the "sign_in" object of a scenario.
 */
#ifndef LONGSHORE_PRACTICE_SIGN_IN_RULES_H
#define LONGSHORE_PRACTICE_SIGN_IN_RULES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

/* The ways to sign in. X(enum, word of a scenario, grant_type; NULL: not one of the token endpoint) */
/* clang-format off */
#define GRANTS(X)                                                                           \
	X(REFRESH, "refresh_token", "refresh_token")                                        \
	X(CLIENT, "client_credentials", "client_credentials")                               \
	X(JWT, "jwt_bearer", "urn:ietf:params:oauth:grant-type:jwt-bearer")                 \
	X(PASSWORD, "password", "password")                                                 \
	X(CODE, "authorization_code", "authorization_code")                                 \
	X(SOAP, "soap_login", NULL)

/* Why nobody gets in, although what was sent is right.
 * X(enum, word, error, error_description, exceptionCode of SOAP or NULL: it does not mind, exceptionMessage)
 * The errors are those of salesforce-api.md A4, the codes those of A6. */
#define SIGN_IN_REFUSALS(X)                                                                 \
	X(USER, "inactive_user", "inactive_user", "user is inactive", "INVALID_LOGIN",      \
	  "Invalid username, password, security token; or user locked out.")                \
	X(LOCKED, "locked_user", "invalid_grant", "authentication failure", "INVALID_LOGIN", \
	  "Invalid username, password, security token; or user locked out.")                \
	X(ORG, "inactive_org", "inactive_org", "org is locked, closed, or suspended", "ORG_LOCKED", \
	  "This organization is locked.")                                                   \
	X(NETWORK, "restricted_network", "invalid_grant", "ip restricted or invalid login hours", \
	  "LOGIN_DURING_RESTRICTED_DOMAIN", "Cannot log in from current IP address.")       \
	X(HOURS, "restricted_hours", "invalid_grant", "ip restricted or invalid login hours", \
	  "LOGIN_DURING_RESTRICTED_TIME", "Cannot log in at this time.")                    \
	X(APP, "unapproved_app", "invalid_app_access",                                      \
	  "user is not admin approved to access this app", NULL, NULL)                      \
	X(RUN_AS, "no_run_as_user", "invalid_grant", "no client credentials user enabled", NULL, NULL)
/* clang-format on */

enum grant {
#define X(name, word, type) GRANT_##name,
	GRANTS(X)
#undef X
		GRANT_COUNT
};

enum sign_in_refusal {
	REFUSE_NOBODY,
#define X(name, word, error, description, code, message) REFUSE_##name,
	SIGN_IN_REFUSALS(X)
#undef X
};

struct sign_in_rules {
	bool rotate;          /* a refresh gives a new refresh token, and the old one dies */
	bool my_domain_only;  /* client_credentials works on 127.0.0.1 alone, this org's My Domain */
	bool secret_required; /* for refresh_token and authorization_code too */
	bool trusted_network; /* a password needs no security token behind it */
	bool blocked[GRANT_COUNT];
	enum sign_in_refusal refuse;
	int64_t logins_an_hour;
	char *certificate; /* PEM, what JWTs are verified with; NULL: that of the command line */
	char *audience;    /* the one that JWTs must name; NULL: see docs/practice.md */
	struct rule_texts {
		char **at; /* NULL: none are given */
		size_t count;
	} redirects,    /* the URIs that a browser may be sent back to; not given: any on this machine */
		scopes; /* what the app may ask for; not given: whatever there is */
};

void sign_in_rules_init(struct sign_in_rules *r);
void sign_in_rules_release(struct sign_in_rules *r); /* as after init */

/* ERR_USAGE: a key that is not known, or a value that is none for it; what was read stays and must be released. */
enum err_code sign_in_rules_read(struct sign_in_rules *r, json_t *json, struct err *e);

#endif
