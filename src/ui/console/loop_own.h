/* loop_own.h - what the files of the loop share about saved orgs. Private to src/ui/console. */
#ifndef LONGSHORE_CONSOLE_LOOP_OWN_H
#define LONGSHORE_CONSOLE_LOOP_OWN_H

#include "ui/console/loop.h"

/* Performs what the model asks about orgs; false: it is something else. */
bool loop_orgs_perform(struct loop *loop, const struct effect *effect);

/* Does this want the key of the saved orgs, and it is not at hand? Then the passphrase is asked for, and the effect waits for it. */
bool loop_must_unlock(struct loop *loop, const struct effect *effect);

void loop_perform_one(struct loop *loop, const struct effect *effect);

/* The journal did not take an effect. Where another program writes to it now, the effect waits for that, as long as any call
 * would (JOURNAL_WAIT_MS), and keys go on; else the reason is told. The turn tries again what waits, once a round. */
void loop_refused(struct loop *loop, const struct effect *effect, const struct err *e);
void loop_wait_turn(struct loop *loop);

/* New loads go to this saved org; "": to what the environment says. */
void loop_use_org(struct loop *loop, const char *name);

/* Performs what the model asks about a new load that is like something; false: it is something else. */
bool loop_new(struct loop *loop, const struct effect *effect);

/* A new load as the command line says it, from the file on. */
void loop_new_begin(struct loop *loop, const struct load_options *options);

/* Keeps the new load as it is now, so that it can be gone on with after it was left; or keeps it no more. */
void loop_new_keep(struct loop *loop);
void loop_new_drop(struct loop *loop);
void loop_new_look(struct loop *loop); /* is there one from before? */

/* A step of New load has come back, the mapping was made: is the next step answered already? */
void loop_new_took(struct loop *loop, enum work_kind kind);
void loop_new_mapped(struct loop *loop);

/* Reads the saved orgs into the model; what is known of their limits stays. Why not is the model's orgs.error. */
void loop_orgs_read(struct loop *loop);

/* The same where somebody else has changed them: looks once a second. */
void loop_orgs_follow(struct loop *loop);

/* What is left of the org of this name. */
void loop_orgs_limits(struct loop *loop, const char *name, const struct limits *limits);

/* A sign-in in the background has ended. */
void loop_orgs_take(struct loop *loop, const struct work_result *result);

#endif
