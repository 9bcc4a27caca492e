#include "ui/console/org_work.h"

#include <stdio.h>
#include <string.h>

static void ask_limits(struct org *org, struct limits *limits)
{
	struct err ignored;

	err_init(&ignored);
	if (limits_get(org, limits, &ignored) != ERR_OK)
		*limits = LIMITS_UNKNOWN;
}

enum err_code org_work_test(const char *name, struct limits *limits, struct err *e)
{
	struct access_choice choice = { NULL, name };
	struct access access = { 0 };
	struct org *org = NULL;
	enum err_code rc = access_read(&access, &choice, e);

	if (rc == ERR_OK)
		rc = access_sign_in(&access, &org, e);
	if (rc == ERR_OK)
		ask_limits(org, limits);
	org_close(org);
	access_release(&access);
	return rc;
}

enum err_code org_work_add(const char *name, struct settings *settings, struct limits *limits, char *said,
                           size_t size, struct err *e)
{
	struct orgs *orgs = NULL;
	struct org *org = NULL;
	enum err_code rc;

	settings_keep_newest(settings);
	rc = access_orgs(&orgs, e);
	if (rc == ERR_OK)
		rc = org_open(&org, settings, e);
	if (rc == ERR_OK)
		rc = access_save(orgs, name, settings, org, e);
	if (rc == ERR_OK)
		ask_limits(org, limits);
	if (rc == ERR_OK && org_notice(org))
		snprintf(said, size, "%s", org_notice(org));
	org_close(org);
	orgs_close(orgs);
	return rc;
}
