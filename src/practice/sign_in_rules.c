#include "practice/sign_in_rules.h"

#include <stdlib.h>
#include <string.h>

#include "practice/certificate.h"

static const char *const grant_words[GRANT_COUNT] = {
#define X(name, word, type) [GRANT_##name] = word,
	GRANTS(X)
#undef X
};

static const char *const refusal_words[] = { [REFUSE_NOBODY] = "nobody",
#define X(name, word, error, description, code, message) [REFUSE_##name] = word,
	                                     SIGN_IN_REFUSALS(X)
#undef X
};

void sign_in_rules_init(struct sign_in_rules *r)
{
	*r = (struct sign_in_rules){ .logins_an_hour = 3600 }; /* Salesforce's, for each user */
}

static void release_texts(struct rule_texts *texts)
{
	for (size_t i = 0; i < texts->count; i++)
		free(texts->at[i]);
	free(texts->at);
}

void sign_in_rules_release(struct sign_in_rules *r)
{
	release_texts(&r->redirects);
	release_texts(&r->scopes);
	free(r->certificate);
	free(r->audience);
	sign_in_rules_init(r);
}

/* The place of a text in a list of words, -1: it is none, or not among them. */
static int find_word(const json_t *value, const char *const *words, size_t count)
{
	for (size_t i = 0; json_is_string(value) && i < count; i++)
		if (strcmp(json_string_value(value), words[i]) == 0)
			return (int)i;
	return -1;
}

static enum err_code read_blocked(struct sign_in_rules *r, json_t *list, struct err *e)
{
	json_t *item;
	size_t i;

	if (!json_is_array(list))
		return err_set(e, ERR_USAGE, "sign_in's blocked is a list of ways to sign in");
	json_array_foreach(list, i, item) {
		int grant = find_word(item, grant_words, GRANT_COUNT);

		if (grant < 0)
			return err_set(e, ERR_USAGE,
			               "sign_in's blocked has a way to sign in that there is not");
		r->blocked[grant] = true;
	}
	return ERR_OK;
}

static enum err_code read_texts(struct rule_texts *to, const char *key, json_t *list, struct err *e)
{
	json_t *item;
	size_t i;

	if (!json_is_array(list))
		return err_set(e, ERR_USAGE, "sign_in's %s is a list of texts", key);
	to->at = calloc(json_array_size(list) + 1, sizeof *to->at);
	json_array_foreach(list, i, item) {
		char *text = json_is_string(item) ? strdup(json_string_value(item)) : NULL;

		if (!to->at || !text) {
			free(text);
			return err_set(e, ERR_USAGE, "sign_in's %s is a list of texts", key);
		}
		to->at[to->count++] = text;
	}
	return ERR_OK;
}

static enum err_code read_refuse(struct sign_in_rules *r, const json_t *value, struct err *e)
{
	int refusal = find_word(value, refusal_words, sizeof refusal_words / sizeof refusal_words[0]);

	if (refusal < 0)
		return err_set(e, ERR_USAGE, "sign_in's refuse has no reason of docs/practice.md");
	r->refuse = (enum sign_in_refusal)refusal;
	return ERR_OK;
}

static enum err_code read_text(char **to, const json_t *value, struct err *e)
{
	free(*to);
	*to = strdup(json_string_value(value));
	return *to ? ERR_OK : err_memory(e, "the rules of signing in");
}

static enum err_code read_certificate(struct sign_in_rules *r, const json_t *value, struct err *e)
{
	if (read_text(&r->certificate, value, e) != ERR_OK)
		return e->code;
	if (!certificate_holds_key(r->certificate))
		return err_set(e, ERR_USAGE,
		               "sign_in's certificate is no PEM with a certificate or a public RSA key");
	return ERR_OK;
}

static enum err_code read_key(struct sign_in_rules *r, const char *key, json_t *value, struct err *e)
{
	const struct {
		const char *key;
		bool *flag;
	} flags[] = {
		{ "rotate_refresh_token", &r->rotate },
		{ "my_domain_only", &r->my_domain_only },
		{ "secret_required", &r->secret_required },
		{ "trusted_network", &r->trusted_network },
	};

	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
		if (strcmp(key, flags[i].key) == 0 && json_is_boolean(value)) {
			*flags[i].flag = json_is_true(value);
			return ERR_OK;
		}
	if (strcmp(key, "blocked") == 0)
		return read_blocked(r, value, e);
	if (strcmp(key, "redirect_uris") == 0 && !r->redirects.at)
		return read_texts(&r->redirects, key, value, e);
	if (strcmp(key, "scopes") == 0 && !r->scopes.at)
		return read_texts(&r->scopes, key, value, e);
	if (strcmp(key, "refuse") == 0)
		return read_refuse(r, value, e);
	if (strcmp(key, "certificate") == 0 && json_is_string(value))
		return read_certificate(r, value, e);
	if (strcmp(key, "audience") == 0 && json_is_string(value))
		return read_text(&r->audience, value, e);
	if (strcmp(key, "logins_an_hour") != 0 || !json_is_integer(value) || json_integer_value(value) < 0)
		return err_set(e, ERR_USAGE, "sign_in's key %s is not known, or of the wrong type", key);
	r->logins_an_hour = json_integer_value(value);
	return ERR_OK;
}

enum err_code sign_in_rules_read(struct sign_in_rules *r, json_t *json, struct err *e)
{
	const char *key;
	json_t *value;

	if (!json_is_object(json))
		return err_set(e, ERR_USAGE, "the scenario's sign_in is no JSON object");
	json_object_foreach(json, key, value) {
		if (read_key(r, key, value, e) != ERR_OK)
			break;
	}
	return e->code;
}
