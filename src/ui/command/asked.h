/*
 * asked.h - what load and check have in common: their options, the steps up to the check, and what the check found.
 */
#ifndef LONGSHORE_COMMAND_ASKED_H
#define LONGSHORE_COMMAND_ASKED_H

#include "core/engine/like.h"
#include "ui/command/call.h"
#include "ui/command/progress.h"

/* The options of a call as a load's. ERR_USAGE. The texts stay the call's. */
enum err_code asked_options(const struct call *call, struct load_options *options, struct err *e);

/* Fills in what --like says and the call does not: options, and the org. `like` outlives both; `mode` is how the journal is wanted.
 * Nothing without --like. */
enum err_code asked_like(struct call *call, struct load_options *options, struct like *like,
                         enum journal_mode mode, struct err *e);

/* Is the file that was checked another kind of file than the one that --like names? ERR_FINDINGS then, unless --yes. */
enum err_code asked_unlike(const struct call *call, const struct load *load, struct err *e);

/* Says what was found, for a batch of a Singer stream: nothing more of it is sent. Returns the exit status. */
int asked_fail_batch(const struct call *call, const struct load *load);

/* Opens the source, signs in, maps, and reads the whole file; looks at --expect-org. */
enum err_code asked_check(const struct call *call, struct load *load, struct progress *progress, struct err *e);

/* What would be loaded and what the check found, into the open object: file, org, object, records, findings. */
void asked_members(struct json *json, struct load *load);

/* What was found out about the file, one line for people; added to b. */
void asked_source(struct buf *b, const struct load *load);

/* The columns that are not loaded and why, for people; added to b. */
void asked_not_loaded(struct buf *b, const struct load *load);

/* Whether old values are kept, what that costs, and if not, why; a line for people, added to b. Nothing for an insert or a
 * delete. */
void asked_keeping(struct buf *b, const struct load *load);

/* What it costs of what the org allows today, and whether that is more than is left; added to b. */
void asked_costs(struct buf *b, struct load *load);

/* ERR_FINDINGS with the sentence: how many records would fail, and the place of the first one. */
enum err_code asked_error(const struct load *load, struct err *e);

/* The findings, below the columns that are not loaded; added to b. */
void asked_findings(struct buf *b, const struct load *load);

/* The same as the JSON object of a check, or of a load that it stops: with `exit` and what goes with it. Returns the exit
 * status. */
int asked_print(const struct call *call, struct load *load, const struct err *e, int status);

/* Ends a load whose records have findings: the list, the next step, with --json the object. Returns the exit status. */
int asked_fail_findings(const struct call *call, struct load *load);

/* Ends a load for which load_draft() made no run; where the journal has loaded this before, that run is the next step. */
int asked_fail_draft(const struct call *call, const struct run *run, const struct err *e);

/* The columns that are not loaded, on standard error. */
void asked_say_not_loaded(const struct call *call, const struct load *load);

#endif
