/* What the refusals of salesforce-api.md A4 and A6 mean to a person, and which ways in are being switched off (A7). */
#include "core/org/sign_in.h"

#include <string.h>

#define BIT(method) (1u << SIGN_IN_##method)
#define ANY (~0u)
#define USER (BIT(SOAP) | BIT(PASSWORD)) /* who types a password */

/* The first row that fits: the method, `code` exactly, and `about` somewhere in the description (NULL: any). */
static const struct refusal {
	unsigned methods;
	const char *code, *about, *sentence;
} refusals[] = {
	/* clang-format off */
	{ ANY, "invalid_grant", "expired access/refresh token",
	  "the refresh token was revoked or has expired: sign in again and give the new refresh_token" },
	{ ANY, "invalid_grant", "ip restricted",
	  "the org refuses sign-ins from this network or at this hour: ask its administrator about login IP "
	  "ranges and login hours" },
	{ ANY, "invalid_grant", "request not supported on this domain",
	  "sign-ins of this kind are not taken at this address: set domain (or login_url) to the org's My Domain" },
	{ ANY, "invalid_grant", "inactive user",
	  "the user of this sign-in is deactivated: ask the org's administrator" },
	{ BIT(JWT), "invalid_grant", "approved this consumer",
	  "the user has not approved this app: let the administrator pre-authorise the user's profile or "
	  "permission set in the app's policies" },
	{ ANY, "invalid_grant", "approved this consumer",
	  "the user has not approved this app: sign in once in a browser, or let the administrator approve it" },
	{ BIT(JWT), "invalid_grant", "audience",
	  "the JWT is for another address: set domain to \"test\" for a sandbox, else to the org's My Domain" },
	{ BIT(JWT), "invalid_grant", "expired assertion",
	  "the JWT had ended before the org saw it: set this machine's clock right" },
	{ BIT(JWT), "invalid_grant", "invalid assertion",
	  "the JWT is not accepted: look whether private_key_file belongs to the app's certificate, and whether "
	  "this machine's clock is right" },
	{ BIT(JWT), "invalid_grant", NULL,
	  "the org takes no JWT of this app for this user: look at client_id, username and domain" },
	{ BIT(CLIENT), "invalid_grant", "no client credentials user",
	  "the app has no user to run as: let the administrator name one in the app's policies (client "
	  "credentials flow)" },
	{ BIT(CLIENT), "invalid_grant", NULL,
	  "the app may not sign in as itself: let the administrator enable its client credentials flow" },
	{ BIT(BROWSER), "access_denied", NULL,
	  "the app was denied in the browser: begin anew, and choose Allow there" },
	{ BIT(BROWSER), "invalid_grant", "authorization code",
	  "the code of this address was used already, or is older than 15 minutes: begin anew" },
	{ BIT(BROWSER), "invalid_grant", NULL,
	  "the org does not take what the browser brought: begin anew; if that is no help, look at the app's settings "
	  "(PKCE, callback URL)" },
	{ BIT(BROWSER), "redirect_uri_mismatch", NULL,
	  "redirect_uri is none of the app's callback URLs: add it there, or give one of them" },
	{ BIT(BROWSER), "redirect_uri_missing", NULL, "the app has no callback URL: let its administrator add redirect_uri" },
	{ BIT(BROWSER), "invalid_scope", NULL,
	  "the app may not use the API and refresh tokens: let its administrator give it the scopes api and refresh_token" },
	{ BIT(BROWSER), "unsupported_response_type", NULL,
	  "the org does not let this app sign in by a browser: let its administrator enable the authorization code flow" },
	{ BIT(BROWSER), "unsupported_grant_type", NULL,
	  "the org does not let this app sign in by a browser: let its administrator enable the authorization code flow" },
	{ BIT(BROWSER), "immediate_unsuccessful", NULL,
	  "the user has to be asked, and was not: begin anew, and choose Allow in the browser" },
	{ ANY, "invalid_request", "https",
	  "the org takes sign-ins over https alone: set login_url to its https address" },
	{ BIT(BROWSER), "invalid_request", NULL,
	  "the org does not take what the browser brought: begin anew, and open the new address" },
	{ BIT(PASSWORD), "invalid_grant", NULL,
	  "username, password or security_token is wrong, or the user is locked out: the user's login history in "
	  "Setup says which" },
	{ ANY, "invalid_grant", NULL,
	  "the refresh token is not accepted: sign in again, and look whether it was issued to this client_id "
	  "and on this domain (login or test)" },
	{ ANY, "inactive_user", NULL, "the user of this sign-in is deactivated: ask the org's administrator" },
	{ ANY, "inactive_org", NULL,
	  "the org is locked, closed or suspended: ask Salesforce or the org's administrator" },
	{ ANY, "invalid_client_id", NULL,
	  "there is no app with this client_id: copy its consumer key again (a new app takes some minutes to work)" },
	{ ANY, "invalid_client", NULL, "the client_secret is wrong: copy the app's consumer secret again" },
	{ ANY, "invalid_app_access", NULL,
	  "the user may not use this app: the org's administrator must assign it to a profile or permission set" },
	{ BIT(PASSWORD), "unsupported_grant_type", NULL,
	  "the org does not let apps sign in with a password (off by default since Summer '23): use a "
	  "refresh_token, private_key_file or client credentials" },
	{ BIT(CLIENT), "unsupported_grant_type", NULL,
	  "the org does not let this app sign in as itself: let its administrator enable the client credentials flow" },
	{ BIT(JWT), "unsupported_grant_type", NULL,
	  "the org takes no JWT from this app: let its administrator add the certificate to the app" },
	{ ANY, "unsupported_grant_type", NULL,
	  "the org does not allow refresh tokens for this app: ask its administrator" },
	{ BIT(REFRESH), "invalid_request", NULL,
	  "the sign-in was not understood: look whether client_id and refresh_token are whole" },
	{ ANY, "invalid_request", NULL,
	  "the sign-in was not understood: look whether client_id and the other settings are whole" },

	{ USER, "INVALID_LOGIN", NULL,
	  "username, password or security_token is wrong, or the user is locked out: the user's login history in "
	  "Setup says which (a sandbox wants domain \"test\")" },
	{ USER, "LOGIN_MUST_USE_SECURITY_TOKEN", NULL,
	  "the org does not trust this network, so security_token is needed too: Personal Settings, Reset My "
	  "Security Token sends one (or the password is wrong)" },
	{ USER, "LOGIN_CHALLENGE_ISSUED", NULL,
	  "the org wants to verify this machine: follow its e-mail, then try again; or give security_token" },
	{ USER, "LOGIN_CHALLENGE_PENDING", NULL,
	  "the org waits for this machine to be verified: follow its e-mail, then try again; or give "
	  "security_token" },
	{ USER, "LOGIN_DURING_RESTRICTED_DOMAIN", NULL,
	  "the org refuses sign-ins from this network: ask its administrator about login IP ranges" },
	{ USER, "LOGIN_DURING_RESTRICTED_TIME", NULL,
	  "the org refuses sign-ins at this hour: ask its administrator about login hours" },
	{ USER, "PASSWORD_LOCKOUT", NULL,
	  "the user is locked out after too many wrong passwords: wait, or let the administrator unlock it" },
	{ USER, "INVALID_OPERATION_WITH_EXPIRED_PASSWORD", NULL,
	  "the password has expired: set a new one in the browser, then give it here" },
	{ USER, "API_DISABLED_FOR_ORG", NULL,
	  "the org or the user has no API: ask its administrator for the permission API Enabled" },
	{ USER, "ORG_LOCKED", NULL,
	  "the org is locked: ask Salesforce or the org's administrator" },
	{ USER, "ORG_NOT_OWNED_BY_INSTANCE", NULL,
	  "the org is not at this address: set domain to its My Domain (or \"login\", \"test\")" },
	{ USER, "UNSUPPORTED_API_VERSION", NULL,
	  "the org does not offer SOAP login any more: use a refresh_token, private_key_file or client "
	  "credentials" },
	{ USER, "INVALID_OPERATION", NULL,
	  "SOAP login is switched off in the org (by default since Winter '26): use a refresh_token, "
	  "private_key_file or client credentials" },
	/* clang-format on */
};

const char *sign_in_words(enum sign_in_method method, const char *code, const char *description)
{
	for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++)
		if (refusals[i].methods & (1u << method) && strcmp(refusals[i].code, code) == 0 &&
		    (!refusals[i].about || strcasestr(description, refusals[i].about)))
			return refusals[i].sentence;
	return NULL;
}

const char *sign_in_notice(enum sign_in_method method)
{
	if (method == SIGN_IN_SOAP)
		return "SOAP login, used here, ends with Summer '27: change to a browser sign-in "
		       "(refresh_token), private_key_file or client credentials before";
	if (method == SIGN_IN_PASSWORD)
		return "signing in to an app with a password, used here, is supported until Winter '27 only: "
		       "change to a browser sign-in (refresh_token), private_key_file or client credentials";
	return NULL;
}
