#include "ui/console/org_work.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

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

/* The first refresh token for a browser's code, or a newer one for that which was typed. */
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

enum err_code org_work_add(const char *name, struct settings *settings, struct limits *limits, char *said,
                           size_t size, struct err *e)
{
	struct orgs *orgs = NULL;
	struct org *org = NULL;
	enum err_code rc;

	settings->keeper = (struct settings_keeper){ keep_newest, settings };
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
