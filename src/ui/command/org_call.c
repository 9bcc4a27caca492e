#include "ui/command/org_call.h"

#include "ui/command/saved_orgs.h"

static enum err_code expected(const struct call *call, struct org **org, struct err *e)
{
	const struct org_identity *who = org_identity(*org);
	enum err_code rc = call_expect_org(call, who->org_name, who->org_id, e);

	if (rc != ERR_OK) {
		org_close(*org);
		*org = NULL;
	} else if (org_notice(*org)) {
		call_say(call, "longshore: %s", org_notice(*org));
	}
	return rc;
}

enum err_code org_call_open(struct org_call *c, const struct call *call, struct err *e)
{
	struct access_choice choice;

	*c = (struct org_call){ 0 };
	if (saved_orgs_choice(call, &choice, e) != ERR_OK || access_read(&c->access, &choice, e) != ERR_OK ||
	    access_sign_in(&c->access, &c->org, e) != ERR_OK || expected(call, &c->org, e) != ERR_OK) {
		org_call_close(c);
		return e->code;
	}
	return ERR_OK;
}

void org_call_close(struct org_call *c)
{
	org_close(c->org);
	access_release(&c->access);
	c->org = NULL;
}

void org_call_members(struct json *json, const struct org *org)
{
	const struct org_identity *who = org_identity(org);

	json_put_text(json, "org", who->org_name);
	json_put_text(json, "org_id", who->org_id);
	json_put_text(json, "user", who->username);
	json_put_bool(json, "production", who->kind == ORG_PRODUCTION);
}
