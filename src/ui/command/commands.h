/*
 * commands.h - the commands, one row each: parser, help and main.c are made from it. Each lives in a file of its name.
 */
#ifndef LONGSHORE_COMMAND_COMMANDS_H
#define LONGSHORE_COMMAND_COMMANDS_H

#include "ui/command/call.h"

#define BIT OPTION_BIT
#define BITS_OF_FILE (BIT(DELIMITER) | BIT(ENCODING) | BIT(FORMAT) | BIT(SHEET) | BIT(STREAM))
#define BITS_OF_MAPPING                                                                                  \
	(BIT(MAP) | BIT(LIKE) | BIT(SET) | BIT(IGNORE) | BIT(NULL_MARK) | BIT(BLANK) | BIT(DATE_ORDER) | \
	 BIT(TIME_ZONE))
#define BITS_OF_LOAD                                                                                           \
	(BITS_OF_FILE | BITS_OF_MAPPING | BIT(CONFIG) | BIT(ORG) | BIT(OBJECT) | BIT(ACTION) |                 \
	 BIT(EXTERNAL_ID) | BIT(SKIP_INVALID) | BIT(SAME_KEY) | BIT(ALLOW_FAILURES) | BIT(NO_ALLOW_FAILURES) | \
	 BIT(AGAIN) | BIT(CHUNK_RECORDS) | BIT(PARALLEL) | BIT(API) | BIT(ASSIGNMENT_RULE) |                   \
	 BIT(ALLOW_DUPLICATES) | BIT(ALL_OR_NONE) | BIT(FIRST) | BIT(STOP_AT) | BIT(UNTIL) |                   \
	 BIT(GIVE_UP_AFTER) | BIT(KEEP_OLD) | BIT(SKIP_UNCHANGED) | BIT(ASK_ORG) | BIT(KEEP_CALLS) |           \
	 BIT(ORDER_BY))

#define BITS_OF_ORG                                                                                    \
	(BIT(CONFIG) | BIT(FROM_SF) | BIT(BROWSER) | BIT(CLIENT_ID) | BIT(REDIRECT_URI) | BIT(TOKEN) | \
	 BIT(URL) | BIT(COLOUR) | BIT(API_VERSION))

/* clang-format off */
/* X(name, words, least and most words, options, what it does) */
#define COMMANDS(X)                                                                                                        \
	X(console, "", 0, 0, BIT(CONFIG) | BIT(ORG) | BIT(MONO) | BIT(ASCII), "opens the console; so does longshore without a word") \
	X(demo, "", 0, 0, BIT(MONO) | BIT(ASCII), "a practice org with sample files, and the console on it")              \
	X(load, "FILE", 1, 1, BITS_OF_LOAD | BIT(REHEARSE) | BIT(CONSOLE) | BIT(MONO) | BIT(ASCII), "plans, checks and loads a file; - is standard input")                        \
	X(check, "FILE", 1, 1, BITS_OF_LOAD | BIT(SAVE_MAP), "the same plan and check; nothing is sent")                                  \
	X(resume, "[RUN]", 0, 1, BIT(CONFIG) | BIT(ORG) | BIT(FILE), "goes on with a run, settling what is in doubt first")          \
	X(retry, "[RUN]", 0, 1, BIT(CODE) | BIT(RECORDS) | BIT(EDITS) | BIT(IN_DOUBT) | BIT(CONFIG) | BIT(ORG) | BIT(FILE),                                       \
	  "a new attempt for failed and skipped records, in the same run")                                                \
	X(undo, "[RUN]", 0, 1, BIT(CHECK) | BIT(CONFIG) | BIT(ORG), "a run of its own: what a run created is deleted, what it updated is put back") \
	X(runs, "", 0, 0, BIT(NEEDS_ME), "the runs of the journal, newest first")                                         \
	X(show, "[RUN]", 0, 1, BIT(RECORD) | BIT(FIND) | BIT(LOG), "one run: counters, jobs, error groups, its log")                  \
	X(export, "[RUN]", 0, 1, BIT(WHICH) | BIT(OUTPUT) | BIT(FILE), "the source's records with what became of them")   \
	X(pause, "[RUN]", 0, 1, BIT(NOW), "tells the engine to pause; jobs in the org finish")                            \
	X(cancel, "[RUN]", 0, 1, BIT(CONFIG) | BIT(ORG), "tells the engine to stop; what was written is counted")                    \
	X(org, "[ACTION] [NAME]", 0, 3, BITS_OF_ORG, "saved orgs: list, add, test, limits, lock, unlock, change, rename, remove, export, passphrase") \
	X(objects, "", 0, 0, BIT(CONFIG) | BIT(ORG), "the org's objects")                                                            \
	X(describe, "OBJECT", 1, 1, BIT(CONFIG) | BIT(ORG) | BIT(SAVE), "what the org says about an object")                         \
	X(singer, "", 0, 0, BIT(CONFIG) | BIT(ORG), "a Singer target: messages on standard input, state on standard output") \
	X(journal, "check|prune", 1, 1, BIT(OLDER_THAN) | BIT(VALUES), "is the journal sound? / make it smaller")                                                             \
	X(engine, "RUN", 1, 1, BIT(CONFIG) | BIT(ORG) | BIT(RETRY) | BIT(READY_FD) | BIT(KEY_FD) | BIT(SETTINGS_FD), "runs a run's engine (used by the console)")                  \
	X(help, "[COMMAND]", 0, 1, 0, "what a command does and which options it takes; settings: those of an org; man: all of it as a manual page")                                   \
	X(version, "", 0, 0, 0, "the version of this program")
/* clang-format on */

#define X(name, words, least, most, options, does) int command_##name(struct call *call);
COMMANDS(X)
#undef X

/* Opens the console, with a new load that is filled in as far as `load` says (or NULL). The exit status. */
struct load_options;
int console_open(struct call *call, const struct load_options *load);

/* By its name; NULL if there is none. */
const struct command *command_find(const char *name);

/* All of them, in the order of the list. */
int command_count(void);
const struct command *command_at(int i);

/* Adds the list of commands as `longshore help` prints it. */
void command_list(struct buf *b);

/* The command whose name is nearest to a mistyped one. */
const char *command_nearest(const char *name);

#endif
