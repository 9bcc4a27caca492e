/* org_call.h - a command that only asks an org: --org, --config or the environment, signed in, and the right one. */
#ifndef LONGSHORE_COMMAND_ORG_CALL_H
#define LONGSHORE_COMMAND_ORG_CALL_H

#include "core/engine/access.h"
#include "ui/command/call.h"

struct org_call {
	struct access access;
	struct org *org;
};

/* Signs in and looks at --expect-org. It may not move until it is closed; after an error there is nothing to close. */
enum err_code org_call_open(struct org_call *c, const struct call *call, struct err *e);
void org_call_close(struct org_call *c);

/* org, org_id, user and production into the open object. */
void org_call_members(struct json *json, const struct org *org);

#endif
