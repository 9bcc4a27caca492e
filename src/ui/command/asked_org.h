/* asked_org.h - what load and check ask the org about the checked records, with --ask-org, and what they say of it. */
#ifndef LONGSHORE_COMMAND_ASKED_ORG_H
#define LONGSHORE_COMMAND_ASKED_ORG_H

#include "core/engine/org_check.h"
#include "ui/command/call.h"
#include "ui/command/progress.h"

/* Where --ask-org is given: says what it costs, and asks. */
enum err_code asked_org_ask(const struct call *call, struct load *load, struct progress *progress,
                            struct err *e);

/* What the org said, a line for people, added to b; or how it can be asked. Nothing where there is nothing to ask. */
void asked_org_say(struct buf *b, const struct load *load);

/* What can be done about a finding or a look that the org's answer gave, added to b; false: it is none of those. */
bool asked_org_fix(const struct load *load, const struct finding *finding, struct buf *b);

/* Member "org_has" of the open object: null where it was not asked. */
void asked_org_member(struct json *json, const struct load *load);

#endif
