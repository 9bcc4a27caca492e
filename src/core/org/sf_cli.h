/*
 * sf_cli.h - a session taken over from the Salesforce CLI: `sf org display --json` renews and prints it (salesforce-api.md
 * A5). No app of one's own is needed, and nothing of it is kept: it is asked for each time.
 */
#ifndef LONGSHORE_ORG_SF_CLI_H
#define LONGSHORE_ORG_SF_CLI_H

#include "base/buf.h"
#include "base/err.h"

/* Runs the command for an alias or user name, and waits for it, a minute at most. Adds the access token to `token`, which the
 * caller wipes, and gives the instance's address. ERR_USAGE: there is no such command. ERR_REFUSED: it has no sign-in under
 * that name, in its own words. ERR_UNREACHABLE: it took too long. */
enum err_code sf_cli_session(const char *alias, struct buf *token, char instance_url[256], struct err *e);

#endif
