#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/org/call.h"
#include "core/org/json.h"
#include "core/org/url.h"

/* The newest API version whose answers this program was written against (salesforce-api.md). */
enum { NEWEST_KNOWN = 66 };

enum { ANSWER_MOST = 1024 * 1024 };

/* Copies what fits, cut at a character's border. */
static void put_text(char *to, size_t size, struct slice text)
{
	size_t n = text.len < size ? text.len : size - 1;

	while (n < text.len && n > 0 && ((unsigned char)text.at[n] & 0xc0) == 0x80)
		n--;
	if (n)
		memcpy(to, text.at, n);
	to[n] = '\0';
}

/* The version to use out of the org's list: the wanted one, or the newest that both know. 0 if there is none. */
static int choose_version(const json_t *list, int wanted, int *newest)
{
	int chosen = 0;
	json_t *entry;
	size_t i;

	*newest = 0;
	json_array_foreach(list, i, entry) {
		int version = (int)strtol(json_text(entry, "version"), NULL, 10);

		if (version > *newest)
			*newest = version;
		if (wanted ? version == wanted : version <= NEWEST_KNOWN && version > chosen)
			chosen = version;
	}
	return chosen;
}

static enum err_code take_versions(struct org *org, const json_t *list, const char *wanted, struct err *e)
{
	const char *host = org->identity.host;
	int newest, version = choose_version(list, wanted ? (int)strtol(wanted, NULL, 10) : 0, &newest);

	if (newest == 0)
		return err_set(e, ERR_REFUSED, "%s lists no API versions: is it a Salesforce address?", host);
	if (version == 0 && wanted)
		return err_set(
			e, ERR_USAGE,
			"%s has no API version %s (its newest is %d.0): change api_version or leave it out",
			host, wanted, newest);
	if (version == 0)
		return err_set(e, ERR_REFUSED, "%s has no API version up to %d.0, the newest known here", host,
		               NEWEST_KNOWN);
	snprintf(org->identity.api_version, sizeof org->identity.api_version, "%d.0", version);
	return ERR_OK;
}

/* GET /services/data/ needs no session and counts as no API call (salesforce-api.md B2). */
static enum err_code find_version(struct org *org, const char *wanted, struct err *e)
{
	struct http_request request = { .method = "GET" };
	struct answer answer;
	enum err_code rc;
	char url[320];
	json_t *list;
	struct buf body;

	snprintf(url, sizeof url, "%s/services/data/", org->identity.instance_url);
	request.url = url;
	buf_init(&body, ANSWER_MOST);
	rc = http_wait(org->http, &request, &answer, &body, e);
	if (!rc)
		rc = call_err(org, "the list of API versions", &answer, e);
	if (!rc) {
		list = json_read(buf_slice(&body));
		rc = take_versions(org, list, wanted, e);
		json_decref(list);
	}
	buf_release(&body);
	return rc;
}

static enum err_code find_user(struct org *org, struct err *e)
{
	struct http_request request = { .method = "GET" };
	struct org_identity *id = &org->identity;
	struct answer answer;
	enum err_code rc;
	json_t *user;
	struct buf body;

	buf_init(&body, ANSWER_MOST);
	rc = call_wait(org, "/services/oauth2/userinfo", &request, (struct call_options){ .from_root = true },
	               &answer, &body, e);
	if (!rc)
		rc = call_err(org, "the question who is signed in", &answer, e);
	if (!rc) {
		user = json_read(buf_slice(&body));
		put_text(id->username, sizeof id->username, slice_of(json_text(user, "preferred_username")));
		if (!url_id18(slice_of(json_text(user, "user_id")), id->user_id) ||
		    !url_id18(slice_of(json_text(user, "organization_id")), id->org_id))
			rc = err_set(e, ERR_REFUSED,
			             "%s does not say who is signed in: is it a Salesforce address?", id->host);
		json_decref(user);
	}
	buf_release(&body);
	return rc;
}

enum organization_field { NAME, IS_SANDBOX, TYPE, TRIAL_ENDS, ORGANIZATION_FIELDS };

enum org_kind identity_kind(const char *host, struct slice is_sandbox, struct slice type,
                            struct slice trial_ends)
{
	if (strcmp(host, "127.0.0.1") == 0)
		return ORG_PRACTICE;
	if (slice_is(is_sandbox, "true"))
		return strstr(host, ".scratch.") ? ORG_SCRATCH : ORG_SANDBOX;
	if (slice_is(type, "Developer Edition"))
		return ORG_DEVELOPER;
	return trial_ends.len ? ORG_TRIAL : ORG_PRODUCTION;
}

static bool take_organization(void *ctx, const struct slice *values)
{
	struct org_identity *id = ctx;

	put_text(id->org_name, sizeof id->org_name, values[NAME]);
	id->kind = identity_kind(id->host, values[IS_SANDBOX], values[TYPE], values[TRIAL_ENDS]);
	return false;
}

static enum err_code find_organization(struct org *org, struct err *e)
{
	static const char *const fields[ORGANIZATION_FIELDS] = {
		[NAME] = "Name",
		[IS_SANDBOX] = "IsSandbox",
		[TYPE] = "OrganizationType",
		[TRIAL_ENDS] = "TrialExpirationDate",
	};

	org->identity.kind = ORG_PRODUCTION; /* until the org says otherwise */
	return org_query(org, "SELECT Name, IsSandbox, OrganizationType, TrialExpirationDate FROM Organization",
	                 fields, ORGANIZATION_FIELDS, take_organization, &org->identity, e);
}

enum err_code identity_find(struct org *org, const char *version, struct err *e)
{
	struct org_identity *id = &org->identity;
	char origin[256];
	enum err_code rc;

	snprintf(id->instance_url, sizeof id->instance_url, "%s", session_instance(org->session));
	rc = http_origin(id->instance_url, "instance_url", origin, id->host, e);
	if (!rc)
		rc = find_version(org, version, e);
	if (!rc)
		rc = find_user(org, e);
	if (!rc)
		rc = find_organization(org, e);
	return rc;
}
