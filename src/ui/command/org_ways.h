/* org_ways.h - by which way `org add` signs in: what was asked for, else how it was done before, else what the environment says. */
#ifndef LONGSHORE_COMMAND_ORG_WAYS_H
#define LONGSHORE_COMMAND_ORG_WAYS_H

#include "core/org/settings.h"
#include "ui/command/call.h"
#include "store/orgs.h"

/* Fills `settings`, which may mean asking at the terminal, or waiting for a browser. `orgs` is unlocked. The caller releases the settings. */
enum err_code org_ways(const struct call *call, const struct orgs *orgs, const char *name,
                       struct settings *settings, struct err *e);

#endif
