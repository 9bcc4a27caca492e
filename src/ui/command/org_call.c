#include "ui/command/org_call.h"

enum err_code org_call_open(const struct call *call, struct org **org, struct err *e)
{
	const char *config = call_option(call, OPTION_CONFIG);
	const struct org_identity *who;
	struct settings settings;
	enum err_code rc;

	*org = NULL;
	rc = config ? settings_read(&settings, config, e) : settings_from_environment(&settings, e);
	if (rc != ERR_OK)
		return rc;
	rc = settings_complete(&settings, e);
	if (rc == ERR_OK)
		rc = org_open(org, &settings, e);
	settings_release(&settings);
	if (rc != ERR_OK)
		return rc;
	who = org_identity(*org);
	rc = call_expect_org(call, who->org_name, who->org_id, e);
	if (rc != ERR_OK) {
		org_close(*org);
		*org = NULL;
	} else if (org_notice(*org)) {
		call_say(call, "longshore: %s", org_notice(*org));
	}
	return rc;
}

void org_call_members(struct json *json, const struct org *org)
{
	const struct org_identity *who = org_identity(org);

	json_put_text(json, "org", who->org_name);
	json_put_text(json, "org_id", who->org_id);
	json_put_text(json, "user", who->username);
	json_put_bool(json, "production", who->kind == ORG_PRODUCTION);
}
