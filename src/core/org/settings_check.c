/* What settings amount to: the way to sign in, the address, and what is missing. */
#include "core/org/settings.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "core/org/http.h"

const char *sign_in_method_name(enum sign_in_method method)
{
	static const char *const names[] = {
#define X(name, text) [SIGN_IN_##name] = text,
		SIGN_INS(X)
#undef X
	};

	return names[method];
}

enum sign_in_method settings_method(const struct settings *s)
{
	if (s->code)
		return SIGN_IN_BROWSER;
	if (s->sf_alias)
		return SIGN_IN_SF;
	if (s->private_key || s->private_key_file)
		return SIGN_IN_JWT;
	if (s->username && s->password)
		return s->client_id && !s->refresh_token ? SIGN_IN_PASSWORD : SIGN_IN_SOAP;
	if (s->refresh_token)
		return SIGN_IN_REFRESH;
	if (s->client_id && s->client_secret)
		return SIGN_IN_CLIENT;
	return SIGN_IN_NONE;
}

/* The address */

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len >= n && strcmp(text + len - n, end) == 0;
}

/* A domain as people give it, in `name`, made into a host. */
static void host_of(const char *name, char *host, size_t size)
{
	static const char page[] = ".lightning.force.com"; /* what the browser's address line shows */

	if (ends_with(name, page))
		snprintf(host, size, "%.*s.my.salesforce.com", (int)(strlen(name) - strlen(page)), name);
	else if (ends_with(name, ".com") || ends_with(name, ".mil"))
		snprintf(host, size, "%s", name);
	else if (strcmp(name, "login") == 0 || strcmp(name, "test") == 0 || ends_with(name, ".my"))
		snprintf(host, size, "%s.salesforce.com", name);
	else if (strstr(name, "--") && !strchr(name, '.')) /* a sandbox's short name */
		snprintf(host, size, "%s.sandbox.my.salesforce.com", name);
	else
		snprintf(host, size, "%s.my.salesforce.com", name);
}

enum err_code settings_login(const struct settings *settings, char origin[256], struct err *e)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789.-";
	struct slice domain = slice_trim(slice_of(settings->domain ? settings->domain : "login"));
	char name[128], host[256], url[272];
	size_t len = 0;

	if (settings->login_url)
		return http_origin(settings->login_url, "login_url", origin, host, e);
	if (domain.len > 8 && strncasecmp(domain.at, "https://", 8) == 0)
		domain = (struct slice){ domain.at + 8, domain.len - 8 };
	while (len < domain.len && domain.at[len] != '/')
		len++;
	snprintf(name, sizeof name, "%.*s", (int)len, domain.at);
	for (char *c = name; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	if (len == 0 || len >= sizeof name || strspn(name, letters) != len)
		return err_set(e, ERR_USAGE,
		               "domain must be \"login\", \"test\" or a My Domain such as \"acme\" or "
		               "\"acme--sbx.sandbox\"");
	host_of(name, host, sizeof host);
	snprintf(url, sizeof url, "https://%s", host);
	return http_origin(url, "domain", origin, host, e);
}

/* What is missing */

static const char *missing_for_password(const struct settings *s)
{
	if (s->password && !s->username)
		return "username is missing: a password alone does not say whose it is";
	if (s->username && !s->password && !s->refresh_token)
		return "password is missing: give it (with security_token outside trusted networks), or "
		       "private_key_file, or a refresh_token with its client_id";
	return NULL;
}

static const char *missing_for_app(const struct settings *s)
{
	bool at_home = s->login_url ||
	               (s->domain && strcasecmp(s->domain, "login") != 0 && strcasecmp(s->domain, "test") != 0);

	if (s->client_secret && !s->client_id)
		return "client_id is missing: client_secret is the secret of an app, say of which";
	if (!s->client_id)
		return "there is nothing to sign in with: give client_id and refresh_token, or username and "
		       "password, or access_token and instance_url";
	if (!s->client_secret)
		return "refresh_token is missing (or client_secret, to sign in as the app itself; or username "
		       "and private_key_file, for a JWT)";
	if (!at_home) /* salesforce-api.md A1 */
		return "refresh_token is missing; to sign in as the app itself (client credentials), domain "
		       "must be the org's My Domain";
	return NULL;
}

static const char *what_is_missing(const struct settings *s)
{
	enum sign_in_method method = settings_method(s);

	if (s->client_certificate_file && !s->client_key_file)
		return "client_key_file is missing: a client certificate is of no use without its private key";
	if (s->client_key_file && !s->client_certificate_file)
		return "client_certificate_file is missing: it belongs to client_key_file";
	if (method == SIGN_IN_SF)
		return NULL;
	if (s->access_token && !s->instance_url)
		return "instance_url is missing: an access_token is good for one org only, give its address";
	if (s->access_token)
		return NULL;
	if (method == SIGN_IN_BROWSER && !s->client_id)
		return "client_id is missing: a browser signs in to an app, give its consumer key";
	if (method == SIGN_IN_JWT && !s->client_id)
		return "client_id is missing: a JWT is issued by an app, give its consumer key";
	if (method == SIGN_IN_JWT && !s->username)
		return "username is missing: a JWT says who signs in";
	if (method == SIGN_IN_REFRESH && !s->client_id)
		return "client_id is missing: a refresh token works only with the app it was issued to";
	if (method == SIGN_IN_PASSWORD && !s->client_secret)
		return "client_secret is missing: a password of an app goes with its secret (without client_id "
		       "the password signs in by SOAP login)";
	if (method == SIGN_IN_NONE && missing_for_password(s))
		return missing_for_password(s);
	return method == SIGN_IN_NONE || method == SIGN_IN_CLIENT ? missing_for_app(s) : NULL;
}

bool settings_is_version(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return digits > 0 && digits <= 3 && strcmp(text + digits, ".0") == 0;
}

enum err_code settings_complete(const struct settings *settings, struct err *e)
{
	const char *missing = what_is_missing(settings);
	char origin[256], host[256];
	enum err_code rc = ERR_OK;

	if (missing)
		return err_set(e, ERR_USAGE, "%s", missing);
	if (settings->api_version && !settings_is_version(settings->api_version))
		return err_set(e, ERR_USAGE, "api_version must look like \"62.0\"");
	if (settings->instance_url)
		rc = http_origin(settings->instance_url, "instance_url", origin, host, e);
	if (!rc)
		rc = settings_login(settings, origin, e);
	return rc;
}
