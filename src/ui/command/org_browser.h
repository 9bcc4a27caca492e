/* org_browser.h - `org add NAME --browser`: the conversation with the operator while a browser signs in. */
#ifndef LONGSHORE_COMMAND_ORG_BROWSER_H
#define LONGSHORE_COMMAND_ORG_BROWSER_H

#include "core/org/settings.h"
#include "ui/command/call.h"

/* Prints the address to open and waits for the browser, or for the address where it ended: pasted at the terminal, or, without
 * one, a line of standard input. `settings` say where and as which app, and take what came. ERR_USAGE, ERR_REFUSED, and
 * ERR_STOPPED when nobody came in time. */
enum err_code org_browser(struct settings *settings, struct err *e);

#endif
