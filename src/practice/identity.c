#include "practice/identity.h"

#include <stdio.h>
#include <string.h>

#include "base/when.h"
#include "practice/json_out.h"
#include "practice/practice.h"
#include "practice/practice_ids.h"
#include "practice/route.h"
#include "practice/sign_in.h"

enum { LINK_ROOM = 160 };

/* Where the APIs are: the name of a link and its path; the SOAP ones end in the org's id of 15 characters. */
static const struct {
	const char *name, *path;
	bool soap;
} links[] = {
	{ "enterprise", "/services/Soap/c/{version}/", true },
	{ "metadata", "/services/Soap/m/{version}/", true },
	{ "partner", "/services/Soap/u/{version}/", true },
	{ "rest", "/services/data/v{version}/", false },
	{ "sobjects", "/services/data/v{version}/sobjects/", false },
	{ "search", "/services/data/v{version}/search/", false },
	{ "query", "/services/data/v{version}/query/", false },
	{ "recent", "/services/data/v{version}/recent/", false },
	{ "tooling_soap", "/services/Soap/T/{version}/", true },
	{ "tooling_rest", "/services/data/v{version}/tooling/", false },
	{ "profile", "/" PRACTICE_USER, false },
	{ "feeds", "/services/data/v{version}/chatter/feeds", false },
	{ "groups", "/services/data/v{version}/chatter/groups", false },
	{ "users", "/services/data/v{version}/chatter/users", false },
	{ "feed_items", "/services/data/v{version}/chatter/feed-items", false },
	{ "feed_elements", "/services/data/v{version}/chatter/feed-elements", false },
	{ "custom_domain", "", false },
};

/* "{version}" stays unless the caller asks for one: ?version=62.0 or latest. */
static void add_path(struct buf *to, const char *path, const char *version)
{
	const char *place = strstr(path, "{version}");

	if (!place || !version) {
		buf_add_text(to, path);
		return;
	}
	buf_add(to, path, (size_t)(place - path));
	if (strcmp(version, "latest") == 0)
		buf_addf(to, "%d.0", NEWEST_VERSION);
	else
		buf_add_text(to, version);
	buf_add_text(to, place + strlen("{version}"));
}

static void write_links(struct json_out *o, const char *url, const char *version)
{
	struct buf text;

	json_out_key(o, "urls");
	json_out_object(o);
	for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
		buf_init(&text, 4096);
		buf_add_text(&text, url);
		add_path(&text, links[i].path, version);
		if (links[i].soap)
			buf_add(&text, PRACTICE_ORG, 15);
		json_out_key(o, links[i].name);
		json_out_text(o, buf_slice(&text));
		buf_release(&text);
	}
	json_out_end(o);
}

static void write_link(struct json_out *o, const char *key, const char *url, const char *path)
{
	char link[LINK_ROOM];

	snprintf(link, sizeof link, "%s%s", url, path);
	json_out_pair(o, key, link);
}

static void write_photos(struct json_out *o, const char *url)
{
	json_out_key(o, "photos");
	json_out_object(o);
	write_link(o, "picture", url, "/profilephoto/005/F");
	write_link(o, "thumbnail", url, "/profilephoto/005/T");
	json_out_end(o);
}

/* What both end in. */
static void write_rest(struct practice *p, struct json_out *o, const char *url, const char *version,
                       const char *changed_key)
{
	char changed[WHEN_TEXT];

	when_utc_text(p->born, changed);
	write_links(o, url, version);
	json_out_pair_bool(o, "active", true);
	json_out_pair(o, "user_type", "STANDARD");
	json_out_pair(o, "language", "en_US");
	json_out_pair(o, "locale", "en_US");
	json_out_pair_number(o, "utcOffset", 0);
	json_out_pair(o, changed_key, changed);
	json_out_pair_bool(o, "is_app_installed", true);
}

/* These answer in plain text to a request without a live token (salesforce-api.md A8). */
static bool is_known(struct practice *p, const struct request *r, struct answer *a)
{
	const char *token = sign_in_token(r);

	if (!token)
		token = request_argument(r, "oauth_token");
	if (token && session_find(p, token))
		return true;
	a->status = 403;
	a->type = "text/plain;charset=UTF-8";
	buf_add_text(&a->body, token ? "Bad_OAuth_Token" : "Missing_OAuth_Token");
	return false;
}

void identity_user_info(struct practice *p, const struct request *r, struct answer *a)
{
	char url[PRACTICE_URL];
	struct json_out o;

	if (!is_known(p, r, a))
		return;
	practice_url(p, url);
	json_out_init(&o, &a->body, false);
	json_out_object(&o);
	write_link(&o, "sub", url, "/id/" PRACTICE_ORG "/" PRACTICE_USER);
	json_out_pair(&o, "user_id", PRACTICE_USER);
	json_out_pair(&o, "organization_id", PRACTICE_ORG);
	json_out_pair(&o, "preferred_username", PRACTICE_USERNAME);
	json_out_pair(&o, "nickname", "operator");
	json_out_pair(&o, "name", "Practice Operator");
	json_out_pair(&o, "email", PRACTICE_USERNAME);
	json_out_pair_bool(&o, "email_verified", true);
	json_out_pair(&o, "given_name", "Practice");
	json_out_pair(&o, "family_name", "Operator");
	json_out_pair(&o, "zoneinfo", "Etc/UTC");
	write_photos(&o, url);
	write_link(&o, "profile", url, "/" PRACTICE_USER);
	write_link(&o, "picture", url, "/profilephoto/005/F");
	json_out_key(&o, "address");
	json_out_object(&o);
	json_out_end(&o);
	json_out_pair_bool(&o, "is_salesforce_integration_user", false);
	write_rest(p, &o, url, NULL, "updated_at");
	json_out_end(&o);
}

/* Ids of 15 characters are taken too. */
static bool is_id(const char *text, const char *id)
{
	size_t len = strlen(text);

	return (len == 15 || len == 18) && strncmp(text, id, len) == 0;
}

static void write_identity(struct practice *p, struct json_out *o, const char *url, const char *version)
{
	write_link(o, "id", url, "/id/" PRACTICE_ORG "/" PRACTICE_USER);
	json_out_pair_bool(o, "asserted_user", true);
	json_out_pair(o, "user_id", PRACTICE_USER);
	json_out_pair(o, "organization_id", PRACTICE_ORG);
	json_out_pair(o, "username", PRACTICE_USERNAME);
	json_out_pair(o, "nick_name", "operator");
	json_out_pair(o, "display_name", "Practice Operator");
	json_out_pair(o, "email", PRACTICE_USERNAME);
	json_out_pair_bool(o, "email_verified", true);
	json_out_pair(o, "first_name", "Practice");
	json_out_pair(o, "last_name", "Operator");
	json_out_pair(o, "timezone", "Etc/UTC");
	write_photos(o, url);
	json_out_pair(o, "addr_street", NULL);
	json_out_pair(o, "addr_city", NULL);
	json_out_pair(o, "addr_state", NULL);
	json_out_pair(o, "addr_country", NULL);
	json_out_pair(o, "addr_zip", NULL);
	json_out_pair(o, "mobile_phone", NULL);
	json_out_pair_bool(o, "mobile_phone_verified", false);
	json_out_pair_bool(o, "is_lightning_login_user", false);
	json_out_key(o, "status");
	json_out_object(o);
	json_out_pair(o, "created_date", NULL);
	json_out_pair(o, "body", NULL);
	json_out_end(o);
	write_rest(p, o, url, version, "last_modified_date");
}

void identity_show(struct practice *p, const struct request *r, struct answer *a)
{
	char url[PRACTICE_URL];
	struct json_out o;
	bool org = is_id(r->part[0], PRACTICE_ORG), user = is_id(r->part[1], PRACTICE_USER);

	if (!is_known(p, r, a))
		return;
	if (!org || !user) {
		a->status = org ? 404 : 403;
		a->type = "text/plain;charset=UTF-8";
		buf_add_text(&a->body, org ? "Bad_Id" : "Wrong_Org");
		return;
	}
	practice_url(p, url);
	json_out_init(&o, &a->body, false);
	json_out_object(&o);
	write_identity(p, &o, url, request_argument(r, "version"));
	json_out_end(&o);
}
