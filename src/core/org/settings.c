#include "core/org/settings.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/org/http.h"
#include "core/org/json.h"

enum { FILE_MOST = 64 * 1024 };

enum kind { TEXT, TRUTH, OTHER_SIGN_IN };

/* The names of Mage's Salesforce destination, and those beyond them (cli.md). */
static const struct key {
	const char *name;
	enum kind kind;
	size_t at;
} keys[] = {
#define KEY(field)                                             \
	{                                                      \
#field, TEXT, offsetof(struct settings, field) \
	}
	KEY(client_id),
	KEY(client_secret),
	KEY(refresh_token),
	KEY(access_token),
	KEY(instance_url),
	KEY(login_url),
	KEY(domain),
	KEY(api_version),
	KEY(action),
	KEY(external_id_name),
	KEY(table_name),
#undef KEY
	{ "allow_failures", TRUTH, offsetof(struct settings, allow_failures) },
	{ "username", OTHER_SIGN_IN, 0 },
	{ "password", OTHER_SIGN_IN, 0 },
	{ "security_token", OTHER_SIGN_IN, 0 },
	{ "private_key_file", OTHER_SIGN_IN, 0 },
};
enum { KEY_COUNT = sizeof keys / sizeof keys[0] };

static char **text_field(struct settings *settings, const struct key *key)
{
	return (char **)(void *)((char *)settings + key->at);
}

void settings_release(struct settings *settings)
{
	for (size_t i = 0; i < KEY_COUNT; i++) {
		char **text = text_field(settings, &keys[i]);

		if (keys[i].kind != TEXT || !*text)
			continue;
		explicit_bzero(*text, strlen(*text));
		free(*text);
	}
	*settings = (struct settings){ 0 };
}

/* An empty text is as good as none: templates of settings are full of them. */
static enum err_code set_text(struct settings *settings, const struct key *key, const char *value,
                              struct err *e)
{
	char **text = text_field(settings, key);

	if (!*value)
		return ERR_OK;
	if (key->kind == OTHER_SIGN_IN) {
		settings->other_sign_in = true;
		return ERR_OK;
	}
	*text = strdup(value);
	return *text ? ERR_OK : err_memory(e, "settings");
}

static void set_truth(struct settings *settings, bool value)
{
	settings->allow_failures = value;
	settings->allow_failures_given = true;
}

/* The file */

/* The line on which a key stands (jansson keeps no places); 1 if it is written in an odd way. */
static int line_of(struct slice text, const char *key)
{
	size_t len = strlen(key);
	int line = 1;

	for (size_t i = 0; i + len + 1 < text.len; i++) {
		line += text.at[i] == '\n';
		if (text.at[i] == '"' && memcmp(text.at + i + 1, key, len) == 0 && text.at[i + 1 + len] == '"')
			return line;
	}
	return 1;
}

static const struct key *find_key(const char *name)
{
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

static enum err_code set_json(struct settings *settings, const char *name, const json_t *value, struct err *e)
{
	const struct key *key = find_key(name);

	if (!key)
		return err_set(e, ERR_USAGE,
		               "there is no setting \"%.60s\": see `longshore help settings` for their names",
		               name);
	if (json_is_null(value))
		return ERR_OK;
	if (key->kind == TRUTH && json_is_boolean(value)) {
		set_truth(settings, json_is_true(value));
		return ERR_OK;
	}
	if (key->kind == TRUTH || !json_is_string(value))
		return err_set(e, ERR_USAGE, "\"%s\" must be %s", name,
		               key->kind == TRUTH ? "true or false" : "a text in quotes");
	return set_text(settings, key, json_string_value(value), e);
}

static enum err_code set_all(struct settings *settings, json_t *object, struct slice text, const char *path,
                             struct err *e)
{
	const char *name;
	json_t *value;

	if (!json_is_object(object))
		return err_set(e, ERR_USAGE,
		               "%s line 1: settings are one JSON object, { \"client_id\": \"...\", ... }",
		               path);
	json_object_foreach(object, name, value) {
		if (set_json(settings, name, value, e)) {
			enum err_code rc = e ? e->code : ERR_USAGE;

			if (e)
				err_add(e, "%s line %d", path, line_of(text, name));
			return rc;
		}
	}
	return ERR_OK;
}

/* The file's bytes and a NUL into `to`, FILE_MOST + 1 bytes; their number, or -1 with errno (EFBIG: too large). */
static ssize_t read_file(const char *path, char *to)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got, all = 0;

	if (fd < 0)
		return -1;
	while ((got = read(fd, to + all, (size_t)(FILE_MOST + 1 - all))) > 0)
		all += got;
	if (all > FILE_MOST)
		errno = EFBIG;
	if (got < 0 || all > FILE_MOST)
		all = -1;
	close(fd);
	return all;
}

enum err_code settings_read(struct settings *settings, const char *path, struct err *e)
{
	enum err_code rc = ERR_OK;
	char *text = malloc(FILE_MOST + 1);
	json_t *object = NULL;
	json_error_t where;
	ssize_t len;

	*settings = (struct settings){ 0 };
	if (!text)
		return err_memory(e, "settings");
	len = read_file(path, text);
	if (len < 0) {
		rc = err_set(e, ERR_FILE, "the settings cannot be read: %s: %s", path, strerror(errno));
		goto out;
	}
	object = json_loadb(text, (size_t)len, JSON_REJECT_DUPLICATES, &where);
	if (object)
		rc = set_all(settings, object, (struct slice){ text, (size_t)len }, path, e);
	else /* jansson's words quote what stands there, which may be a secret */
		rc = err_set(e, ERR_USAGE, "%s line %d: this is no JSON (or a name stands there twice)", path,
		             where.line > 0 ? where.line : 1);
out:
	json_wipe(object);
	explicit_bzero(text, FILE_MOST + 1);
	free(text);
	if (rc)
		settings_release(settings);
	return rc;
}

/* The environment */

static bool truth_of(const char *text, bool *value)
{
	*value = strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0;
	return *value || strcasecmp(text, "false") == 0 || strcmp(text, "0") == 0;
}

enum err_code settings_from_environment(struct settings *settings, struct err *e)
{
	enum err_code rc = ERR_OK;

	*settings = (struct settings){ 0 };
	for (size_t i = 0; i < KEY_COUNT && !rc; i++) {
		char name[64] = "LONGSHORE_";
		size_t n = strlen(name);
		const char *value;
		bool truth;

		for (const char *c = keys[i].name; *c; c++)
			name[n++] = (char)toupper((unsigned char)*c);
		value = getenv(name);
		if (!value || !*value)
			continue;
		if (keys[i].kind != TRUTH)
			rc = set_text(settings, &keys[i], value, e);
		else if (truth_of(value, &truth))
			set_truth(settings, truth);
		else
			rc = err_set(e, ERR_USAGE, "%s must be true or false", name);
	}
	if (rc)
		settings_release(settings);
	return rc;
}

/* What they amount to */

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
	else
		snprintf(host, size, "%s.my.salesforce.com", name);
}

enum err_code settings_login(const struct settings *settings, char origin[256], struct err *e)
{
	const char *domain = settings->domain ? settings->domain : "login";
	char name[128], host[256], url[272];

	if (settings->login_url)
		return http_origin(settings->login_url, "login_url", origin, host, e);
	if (strncmp(domain, "https://", 8) == 0)
		domain += 8;
	snprintf(name, sizeof name, "%.*s", (int)strcspn(domain, "/"), domain);
	if (!*name ||
	    strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") != strlen(name) ||
	    strcspn(domain, "/") >= sizeof name)
		return err_set(e, ERR_USAGE,
		               "domain must be \"login\", \"test\" or a My Domain such as \"acme\" or "
		               "\"acme--sbx.sandbox\"");
	host_of(name, host, sizeof host);
	snprintf(url, sizeof url, "https://%s", host);
	return http_origin(url, "domain", origin, host, e);
}

static const char *what_is_missing(const struct settings *s)
{
	if (s->access_token && !s->instance_url)
		return "instance_url is missing: an access_token is good for one org only, give its address";
	if (!s->access_token && s->refresh_token && !s->client_id)
		return "client_id is missing: a refresh_token works only with the app it was issued to";
	if (!s->access_token && !s->refresh_token && s->other_sign_in)
		return "refresh_token and client_id are missing: signing in with a password or a private key "
		       "is not "
		       "offered (Salesforce is switching passwords off), give these two, or access_token and "
		       "instance_url";
	if (!s->access_token && !s->refresh_token)
		return "there is nothing to sign in with: give client_id and refresh_token, or access_token "
		       "and "
		       "instance_url";
	return NULL;
}

static bool is_version(const char *text)
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
	if (settings->api_version && !is_version(settings->api_version))
		return err_set(e, ERR_USAGE, "api_version must look like \"62.0\"");
	if (settings->instance_url)
		rc = http_origin(settings->instance_url, "instance_url", origin, host, e);
	if (!rc)
		rc = settings_login(settings, origin, e);
	return rc;
}
