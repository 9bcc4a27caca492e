/* org_work.h - what takes long about orgs, for a thread of its own: signing in, and asking what is left of the limits. */
#ifndef LONGSHORE_CONSOLE_ORG_WORK_H
#define LONGSHORE_CONSOLE_ORG_WORK_H

#include "core/engine/access.h"
#include "core/org/limits.h"

/* Signs in to a saved org; how that went is noted there. The limits are unknown where the org does not tell them. */
enum err_code org_work_test(const char *name, struct limits *limits, struct err *e);

/* Signs in as the settings say and keeps them under the name; a notice (of a way that ends soon) goes to `said`. The settings take a
 * new refresh token, and are the caller's to release. */
enum err_code org_work_add(const char *name, struct settings *settings, struct limits *limits, char *said,
                           size_t size, struct err *e);

#endif
