/* org.h - what the parts of `longshore org` share. */
#ifndef LONGSHORE_COMMAND_ORG_H
#define LONGSHORE_COMMAND_ORG_H

#include "core/engine/access.h"
#include "ui/command/call.h"

/* `org add NAME`: signs in and saves how. The exit status. */
int org_add(struct call *call);

/* `org limits NAME`: signs in and says what is left of what the org allows. The exit status. */
int org_limits(struct call *call);

/* What is shown of a saved org, as the members of the open object, or as lines for people. */
void org_put(struct json *json, const struct saved_org *org);
void org_show(struct buf *b, const struct saved_org *org);

/* Prints one of them, as the answer of a command that went well. The exit status. */
int org_print(const struct call *call, const struct orgs *orgs, const char *name);

/* The settings of a saved org, its passphrase asked for if it has one; access_release() after it. */
enum err_code org_settings(struct access *access, const char *name, struct err *e);

#endif
