/* saved_orgs.h - the operator's saved orgs, with their passphrase asked for where they have one. */
#ifndef LONGSHORE_COMMAND_SAVED_ORGS_H
#define LONGSHORE_COMMAND_SAVED_ORGS_H

#include "core/engine/access.h"
#include "ui/command/call.h"

/* Opens them. The caller closes. */
enum err_code saved_orgs_open(struct orgs **orgs, struct err *e);

/* Moves LONGSHORE_PASSPHRASE and LONGSHORE_NEW_PASSPHRASE out of the environment, where others could see them: once, at the start. */
void saved_orgs_seize_environment(void);

/* Gets the key, where it is made of a passphrase: from LONGSHORE_PASSPHRASE (which is wiped then), or asked for at the
 * terminal, three times at most. It is remembered for this process. ERR_USAGE. */
enum err_code saved_orgs_unlock(struct orgs *orgs, struct err *e);

/* Before a sign-in with this choice: is a passphrase wanted? Then it is asked for. `choice->org` may be NULL. */
enum err_code saved_orgs_ready(const struct access_choice *choice, struct err *e);

/* The choice of a call: --org or --config, not both (ERR_USAGE). */
enum err_code saved_orgs_choice(const struct call *call, struct access_choice *choice, struct err *e);

/* A new passphrase, twice the same, or "" (from LONGSHORE_NEW_PASSPHRASE without a terminal); added to `to`. */
enum err_code saved_orgs_new_passphrase(struct buf *to, struct err *e);

#endif
