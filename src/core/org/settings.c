#include "core/org/settings_own.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/paths.h"
#include "base/text.h"
#include "core/org/json.h"

enum { FILE_MOST = 64 * 1024 };

/* The names of Mage's Salesforce destination, and those beyond them (cli.md). */
static const struct setting_key keys[] = {
/* clang-format off */
#define KEY(kind, use, field) { #field, SETTING_##kind, SETTING_##use, offsetof(struct settings, field) }
	KEY(TEXT, SHOWN, client_id), KEY(TEXT, SECRET, client_secret), KEY(TEXT, SECRET, refresh_token),
	KEY(TEXT, SHOWN, username), KEY(TEXT, SECRET, password), KEY(TEXT, SECRET, security_token),
	KEY(TEXT, SECRET, private_key), KEY(PATH, SHOWN, private_key_file), KEY(TEXT, SECRET, private_key_passphrase),
	KEY(TEXT, SHOWN, sf_alias), KEY(TEXT, SECRET, access_token), KEY(TEXT, SHOWN, instance_url), KEY(TEXT, SHOWN, login_url),
	KEY(TEXT, SHOWN, domain), KEY(TEXT, SHOWN, redirect_uri), KEY(TEXT, SHOWN, api_version),
	KEY(PATH, SHOWN, ca_file), KEY(PATH, SHOWN, client_certificate_file), KEY(PATH, SHOWN, client_key_file),
	KEY(TEXT, SECRET, client_key_passphrase),
	KEY(TEXT, OF_LOAD, action), KEY(TEXT, OF_LOAD, external_id_name), KEY(TEXT, OF_LOAD, table_name),
	KEY(TRUTH, OF_LOAD, allow_failures),
#undef KEY
	/* clang-format on */
};
enum { KEY_COUNT = sizeof keys / sizeof keys[0] };

const struct setting_key *setting_key(size_t i)
{
	return i < KEY_COUNT ? &keys[i] : NULL;
}

char **setting_text(struct settings *settings, const struct setting_key *key)
{
	return (char **)(void *)((char *)settings + key->at);
}

void settings_release(struct settings *settings)
{
	for (size_t i = 0; i < KEY_COUNT; i++) {
		char **text = setting_text(settings, &keys[i]);

		if (keys[i].kind == SETTING_TRUTH || !*text)
			continue;
		explicit_bzero(*text, strlen(*text));
		free(*text);
	}
	text_wipe(settings->code);
	text_wipe(settings->code_verifier);
	text_wipe(settings->saved_as);
	*settings = (struct settings){ 0 };
}

static void keep_newest(void *ctx, const char *refresh_token)
{
	struct settings *settings = ctx;
	char *copy = strdup(refresh_token);

	if (!copy)
		return;
	text_wipe(settings->refresh_token);
	settings->refresh_token = copy;
	text_wipe(settings->code);
	text_wipe(settings->code_verifier);
	settings->code = settings->code_verifier = NULL;
}

void settings_keep_newest(struct settings *settings)
{
	settings->keeper = (struct settings_keeper){ keep_newest, settings };
}

/* An empty text is as good as none: templates of settings are full of them. */
enum err_code setting_set_text(struct settings *settings, const struct setting_key *key, const char *value,
                               struct err *e)
{
	char **text = setting_text(settings, key);

	if (!*value)
		return ERR_OK;
	*text = strdup(value);
	return *text ? ERR_OK : err_memory(e, "settings");
}

void setting_set_truth(struct settings *settings, bool value)
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

const struct setting_key *setting_find(const char *name)
{
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (strcmp(keys[i].name, name) == 0)
			return &keys[i];
	return NULL;
}

static enum err_code set_json(struct settings *settings, const char *name, const json_t *value, struct err *e)
{
	const struct setting_key *key = setting_find(name);

	if (!key)
		return err_set(e, ERR_USAGE,
		               "there is no setting \"%.60s\": see `longshore help settings` for their names",
		               name);
	if (json_is_null(value))
		return ERR_OK;
	if (key->kind == SETTING_TRUTH && json_is_boolean(value)) {
		setting_set_truth(settings, json_is_true(value));
		return ERR_OK;
	}
	if (key->kind == SETTING_TRUTH || !json_is_string(value))
		return err_set(e, ERR_USAGE, "\"%s\" must be %s", name,
		               key->kind == SETTING_TRUTH ? "true or false" : "a text in quotes");
	return setting_set_text(settings, key, json_string_value(value), e);
}

/* Paths in a file are seen from where the file lies: it works from any folder. */
static enum err_code set_paths(struct settings *settings, const char *file, struct err *e)
{
	const char *slash = strrchr(file, '/');
	int len = slash ? (int)(slash - file) + 1 : 0;

	for (size_t i = 0; i < KEY_COUNT; i++) {
		char **text = setting_text(settings, &keys[i]), *whole;

		if (keys[i].kind != SETTING_PATH || !*text || **text == '/')
			continue;
		if (asprintf(&whole, "%.*s%s", len, file, *text) < 0)
			return err_memory(e, "settings");
		free(*text);
		*text = whole;
	}
	return ERR_OK;
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

/* The file's bytes into `to`, FILE_MOST + 1 bytes; their number, or -1 with errno (EFBIG: too large). */
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
	else if (!where.text[0]) /* jansson has no word for it */
		rc = err_memory(e, "settings");
	else /* jansson's words quote what stands there, which may be a secret */
		rc = err_set(e, ERR_USAGE, "%s line %d: this is no JSON (or a name stands there twice)", path,
		             where.line > 0 ? where.line : 1);
	if (!rc)
		rc = set_paths(settings, path, e);
out:
	json_wipe(object);
	explicit_bzero(text, FILE_MOST + 1);
	free(text);
	if (rc)
		settings_release(settings);
	return rc;
}

enum err_code settings_private_key(const struct settings *settings, char **pem, struct err *e)
{
	ssize_t len;

	if (settings->private_key) {
		*pem = strdup(settings->private_key);
		return *pem ? ERR_OK : err_memory(e, "a private key");
	}
	*pem = calloc(1, FILE_MOST + 2);
	if (!*pem)
		return err_memory(e, "a private key");
	len = read_file(settings->private_key_file, *pem);
	if (len >= 0)
		return ERR_OK;
	free(*pem);
	*pem = NULL;
	return err_set(e, ERR_FILE, "the private key cannot be read: %s: %s", settings->private_key_file,
	               strerror(errno));
}

/* Kept for later */

static const char *text_of(const struct settings *settings, const struct setting_key *key)
{
	const char *const *text = (const char *const *)(const void *)((const char *)settings + key->at);

	return *text;
}

static void add_pair(struct buf *to, const char *name, const char *value)
{
	buf_add(to, name, strlen(name) + 1);
	buf_add(to, value, strlen(value) + 1);
}

/* A file that is read at each connection: by its whole path. */
static enum err_code add_path(struct buf *to, const struct setting_key *key, const char *path, struct err *e)
{
	char whole[PATH_ROOM];

	if (paths_absolute(path, whole, e) != ERR_OK)
		return err_add(e, "%s", key->name);
	add_pair(to, key->name, whole);
	return ERR_OK;
}

static enum err_code add_private_key(const struct settings *settings, struct buf *to, struct err *e)
{
	char *pem = NULL;
	enum err_code rc;

	if (!settings->private_key && !settings->private_key_file)
		return ERR_OK;
	rc = settings_private_key(settings, &pem, e);
	if (!rc && pem)
		add_pair(to, "private_key", pem);
	text_wipe(pem);
	return rc;
}

enum err_code settings_pack(const struct settings *settings, struct buf *to, struct err *e)
{
	enum err_code rc = add_private_key(settings, to, e);

	for (size_t i = 0; i < KEY_COUNT && !rc; i++) {
		const struct setting_key *key = &keys[i];
		const char *text = key->use == SETTING_OF_LOAD ? NULL : text_of(settings, key);

		if (!text || strcmp(key->name, "private_key") == 0 ||
		    strcmp(key->name, "private_key_file") == 0)
			continue;
		if (key->kind == SETTING_PATH)
			rc = add_path(to, key, text, e);
		else
			add_pair(to, key->name, text);
	}
	if (!rc && to->short_of)
		rc = err_set(e, ERR_USAGE, "these settings are too large to be kept");
	return rc;
}

enum err_code settings_unpack(struct settings *settings, struct slice packed, struct err *e)
{
	const char *at = packed.at, *end = packed.at + packed.len;
	enum err_code rc = ERR_OK;

	*settings = (struct settings){ 0 };
	while (at < end && !rc) {
		const char *value = memchr(at, '\0', (size_t)(end - at));
		const char *last = value ? memchr(value + 1, '\0', (size_t)(end - value - 1)) : NULL;
		const struct setting_key *key = last ? setting_find(at) : NULL;

		if (!key || key->use == SETTING_OF_LOAD || *setting_text(settings, key))
			rc = err_set(e, ERR_FILE, "the kept settings are of a newer Longshore than this one");
		else
			rc = setting_set_text(settings, key, value + 1, e);
		at = last ? last + 1 : end;
	}
	if (rc)
		settings_release(settings);
	return rc;
}

void settings_shown(const struct settings *settings, settings_pair *pair, void *ctx)
{
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (keys[i].use == SETTING_SHOWN && text_of(settings, &keys[i]))
			pair(ctx, keys[i].name, text_of(settings, &keys[i]));
}

bool settings_empty(const struct settings *settings)
{
	for (size_t i = 0; i < KEY_COUNT; i++)
		if (keys[i].use != SETTING_OF_LOAD && text_of(settings, &keys[i]))
			return false;
	return true;
}
