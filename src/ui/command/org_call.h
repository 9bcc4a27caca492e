/* org_call.h - a command that only asks an org: --config or the environment, signed in, and the right one. */
#ifndef LONGSHORE_COMMAND_ORG_CALL_H
#define LONGSHORE_COMMAND_ORG_CALL_H

#include "core/org/org.h"
#include "ui/command/call.h"

/* Signs in and looks at --expect-org. The caller closes the org. */
enum err_code org_call_open(const struct call *call, struct org **org, struct err *e);

/* org, org_id, user and production into the open object. */
void org_call_members(struct json *json, const struct org *org);

#endif
