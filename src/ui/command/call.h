/*
 * call.h - one call of the command line: its words, the journal it works on, and how it answers.
 *
 * A command returns the exit status. What it has to say goes to standard error through call_say() and call_fail(), its
 * result to standard output; with --json that is exactly one JSON value, on errors too. All text from files and from
 * Salesforce passes text_show() on its way out.
 */
#ifndef LONGSHORE_COMMAND_CALL_H
#define LONGSHORE_COMMAND_CALL_H

#include "base/paths.h"
#include "store/runs.h"
#include "ui/command/json.h"
#include "ui/command/options.h"

struct like;
struct load_cost;

struct call {
	const struct command *command;
	struct words words;
	bool json, quiet, yes;
	char state[PATH_ROOM];         /* the state folder */
	struct journal *journal;       /* NULL until call_journal() */
	const struct like *like;       /* of a load that is to be like one before (asked.h), else NULL */
	const struct load_cost *costs; /* of a load that was begun; NULL: of none */
};

/* Reads the words into a call. ERR_USAGE, or what paths_state() says. --json counts even if another word is wrong. */
enum err_code call_open(struct call *call, const struct command *command, int argc, const char *const *argv,
                        int first, struct err *e);
void call_close(struct call *call);

/* The value of an option, NULL if it is not given. */
const char *call_option(const struct call *call, enum option option);

/* Opens the journal of --state and --journal, once. */
enum err_code call_journal(struct call *call, enum journal_mode mode, struct err *e);

/* Nothing has ever been loaded here, or the first load is just making the journal: none is made just to look into it. */
bool call_no_journal(const struct call *call);

/* Which runs a command can be meant for when none is named. */
typedef bool run_fits(struct journal *j, const struct run *run);

/* The run of the first word, or, when there is no word, the only run that fits (which is told). ERR_USAGE with the
 * choices otherwise, and for a run of another org than --expect-org. The journal must be open. */
enum err_code call_run(struct call *call, run_fits *fits, struct run *run, struct err *e);

/* Is it the org that --expect-org asks for (name, or 15 or 18 characters of id)? ERR_USAGE otherwise. */
enum err_code call_expect_org(const struct call *call, const char *org_name, const char *org_id, struct err *e);

/* A line for people on standard error; nothing with --quiet. */
void call_say(const struct call *call, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same, with --quiet too: what the operator must see for the call to go on. */
void call_tell(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* An emptied err, for a call whose failure shows as nothing found. One for the whole program. */
struct err *call_ignore(void);

/* Text as it may be shown, added to b. */
void call_show(struct buf *b, const char *text);

/* Says the sentence and, unless NULL, the next command; with --json both as an object. Returns the exit status. */
int call_fail(const struct call *call, const struct err *e, const char *next);

/* Writes it to standard output: the exit status given, or 1 when it could not be
 * written. */
int call_print(const struct buf *out, int status);

#endif
