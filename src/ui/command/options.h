/*
 * options.h - the words of a call: which command, its options and arguments; and the help that says the same.
 *
 * One list of options and one row a command (commands.h) give parser and help. Options are `--name VALUE` or
 * `--name=VALUE`; `--` ends them; `-` is a word (standard input or output). What is given twice counts as given last; --set and
 * --ignore add up.
 */
#ifndef LONGSHORE_COMMAND_OPTIONS_H
#define LONGSHORE_COMMAND_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* clang-format off */
/* X(name in code, on the command line, what its value is or NULL, what it does) */
#define OPTIONS(X)                                                                                                \
	X(CONFIG, "--config", "FILE", "settings of the org, a JSON file (else the environment: LONGSHORE_...)")  \
	X(ORG, "--org", "NAME", "a saved org (longshore org list)")                                            \
	X(FROM_SF, "--from-sf", "ALIAS", "take over the sign-in of the Salesforce CLI")                          \
	X(BROWSER, "--browser", NULL, "sign in with a browser, on this machine or any other")                    \
	X(CLIENT_ID, "--client-id", "ID", "consumer key of the app that a browser signs in to")                  \
	X(REDIRECT_URI, "--redirect-uri", "ADDRESS", "the app's callback URL (else http://localhost:1717/OauthRedirect)") \
	X(TOKEN, "--token", NULL, "an access token, asked for at the terminal or read from standard input")     \
	X(URL, "--url", "ADDRESS", "where the org is: its My Domain, or a whole address")                        \
	X(COLOUR, "--colour", "NAME", "red, yellow, green, blue, magenta, cyan, white or none")                  \
	X(API_VERSION, "--api-version", "V", "62.0; none: the newest that both sides know")                      \
	X(OBJECT, "--object", "NAME", "object to write, by its API name")                                        \
	X(ACTION, "--action", "ACTION", "insert, update, upsert, delete or hard_delete")                         \
	X(EXTERNAL_ID, "--external-id", "FIELD", "key of an upsert")                                             \
	X(MAP, "--map", "FILE", "which column goes to which field: JSON (docs/mapping.md) or Data Loader's .sdl")                            \
	X(LIKE, "--like", "RUN|NAME", "object, action, key, mapping and options of that run or saved mapping; what else is said goes before it") \
	X(SAVE_MAP, "--save-map", "FILE", "write the mapping in use: as .sdl for Data Loader if it is named so, else JSON") \
	X(SET, "--set", "FIELD=VALUE", "the same value in every record; knows {run} {file} {record} {date} {user}; may be repeated") \
	X(IGNORE, "--ignore", "COLUMN", "a column that is not loaded; may be repeated")                          \
	X(NULL_MARK, "--null-mark", "TEXT", "cells with this text clear their field")                            \
	X(BLANK, "--blank", "leave|null", "blank cells leave their field alone (as without it), or clear it")    \
	X(DATE_ORDER, "--date-order", "ORDER", "ymd, mdy or dmy: how dates are written that do not begin with the year") \
	X(TIME_ZONE, "--time-zone", "NAME", "of date-times without one: Europe/Berlin, UTC")                     \
	X(DELIMITER, "--delimiter", "NAME", "comma, semicolon, tab, pipe, caret, backquote or one character; else guessed") \
	X(FORMAT, "--format", "FORMAT", "csv, json, jsonl, singer or xlsx; guessed from the file if not given")  \
	X(SHEET, "--sheet", "NAME", "sheet of a workbook (.xlsx); the first one if not given")                   \
	X(STREAM, "--stream", "NAME", "stream of a file of Singer messages; needed where several have records")   \
	X(ENCODING, "--encoding", "NAME", "UTF-8, UTF-16LE, Windows-1252, ISO-8859-15, Shift-JIS ...; else guessed")  \
	X(ALLOW_FAILURES, "--allow-failures", NULL, "go on when records fail")                                   \
	X(NO_ALLOW_FAILURES, "--no-allow-failures", NULL, "stop after the chunk in which a record failed")       \
	X(FIRST, "--first", "N", "write the first N records, then pause")                                        \
	X(STOP_AT, "--stop-at", "N|N%", "halt when so many records have failed; fewer are allowed")              \
	X(UNTIL, "--until", "HH:MM", "start nothing new after this time, then pause")                            \
	X(GIVE_UP_AFTER, "--give-up-after", "TIME", "pause after so long without the org: 30m, 24h (as without it), 2d")  \
	X(SKIP_INVALID, "--skip-invalid", NULL, "leave out records with findings instead of not starting")       \
	X(SAME_KEY, "--same-key", "WHICH", "of records with the same key write the first, the last or none")     \
	X(CONSOLE, "--console", NULL, "open the console on this load, filled in as far as the options say")          \
	X(REHEARSE, "--rehearse", NULL, "run the whole load on a practice org like this one; nothing is written")  \
	X(AGAIN, "--again", NULL, "load although this content has been loaded before")                           \
	X(CHUNK_RECORDS, "--chunk-records", "N", "records a job at most")                                        \
	X(PARALLEL, "--parallel", "N", "jobs at once")                                                           \
	X(API, "--api", "API", "auto, bulk or collections")                                                      \
	X(ASSIGNMENT_RULE, "--assignment-rule", "ID", "assignment rule of cases and leads")                      \
	X(ALLOW_DUPLICATES, "--allow-duplicates", NULL, "save what duplicate rules warn of (collections)")       \
	X(ALL_OR_NONE, "--all-or-none", NULL, "a request writes all its records or none (collections)")          \
	X(KEEP_CALLS, "--keep-calls", "N", "wait while the org allows fewer API calls than N today")          \
	X(ORDER_BY, "--order-by", "COLUMN|parent|file", "in which order records are sent; results stand in source order")  \
	X(KEEP_OLD, "--keep-old", "WHEN", "auto, yes or no: read what is updated before, so that it can be undone")  \
	X(ASK_ORG, "--ask-org", NULL, "ask the org before the start: what is there, what it would refuse, what changes nothing")  \
	X(SKIP_UNCHANGED, "--skip-unchanged", NULL, "leave out records of which the org has everything already")    \
	X(FILE, "--file", "PATH", "the source has moved there; its content must be the same")                    \
	X(WHICH, "--which", "STATE", "failed, written, in-doubt, skipped, pending or all")                       \
	X(OUTPUT, "-o", "FILE", "where to write; - is standard output")                                          \
	X(CODE, "--code", "CODE", "only records with this error code or reason")                                 \
	X(RECORDS, "--records", "LIST", "only these records of the source: 17,40-52,900-")                       \
	X(EDITS, "--edits", "FILE", "cells changed in a file that export wrote: only those count")               \
	X(IN_DOUBT, "--in-doubt", NULL, "records in doubt and no others: they may be in the org already")        \
	X(CHECK, "--check", NULL, "say in numbers what would be undone; nothing is written")                     \
	X(RETRY, "--retry", NULL, "carry out orders to retry, and nothing else")                                 \
	X(RECORD, "--record", "N", "what became of this record of the source")                                   \
	X(FIND, "--find", "TEXT", "records with this text in their cells, their id or their error")              \
	X(LOG, "--log", NULL, "the run's log")                                                                   \
	X(NEEDS_ME, "--needs-me", NULL, "only runs that wait for a person; exit 4 if there are any")             \
	X(OLDER_THAN, "--older-than", "DAYS", "finished runs that ended before so many days")                   \
	X(VALUES, "--values", NULL, "only source texts, edits and old values; what became of each record stays") \
	X(NOW, "--now", NULL, "abort the jobs in the org; what they wrote is counted")                           \
	X(SAVE, "--save", "FILE", "write the describe as the org gave it")                                       \
	X(KEY_FD, "--key-fd", "N", "descriptor to read the key of the saved orgs from")                         \
	X(SETTINGS_FD, "--settings-fd", "N", "descriptor to read secrets among the settings from")               \
	X(READY_FD, "--ready-fd", "N", "descriptor that gets one byte when the run is held")                     \
	X(MONO, "--mono", NULL, "no colours (NO_COLOR does the same)")                                           \
	X(ASCII, "--ascii", NULL, "nothing beyond ASCII on the screen")                                          \
	X(STATE, "--state", "DIR", "folder of the journal (else LONGSHORE_STATE)")                               \
	X(JOURNAL, "--journal", "FILE", "another journal file")                                                  \
	X(EXPECT_ORG, "--expect-org", "NAME|ID", "refuse any other org")                                         \
	X(JSON, "--json", NULL, "one JSON object on standard output")                                            \
	X(QUIET, "--quiet", NULL, "no progress and no messages")                                                 \
	X(YES, "--yes", NULL, "answers every question with yes")                                                 \
	X(HELP, "--help", NULL, "this help")
/* clang-format on */

enum option {
#define X(name, text, value, does) OPTION_##name,
	OPTIONS(X)
#undef X
		OPTION_COUNT
};

/* A command's options: the bits of one number, which needs a 64-bit machine. */
__extension__ typedef unsigned __int128 option_bits;
_Static_assert(OPTION_COUNT <= 128, "a command's options are the bits of one number");
#define OPTION_BIT(name) ((option_bits)1 << OPTION_##name)
/* Every command takes these. */
#define OPTION_BITS_COMMON                                                                     \
	(OPTION_BIT(STATE) | OPTION_BIT(JOURNAL) | OPTION_BIT(EXPECT_ORG) | OPTION_BIT(JSON) | \
	 OPTION_BIT(QUIET) | OPTION_BIT(YES) | OPTION_BIT(HELP))

enum { MOST_WORDS = 4, MOST_REPEATED = 500 };

struct call;

struct command {
	const char *name;
	const char *words; /* "FILE", "[RUN]", "" */
	int least_words, most_words;
	option_bits options;           /* besides the common ones */
	const char *does;              /* one line */
	int (*run)(struct call *call); /* returns the exit status */
};

struct words {
	const char *given[OPTION_COUNT]; /* its value, "" for one without, NULL: not given */
	const char *set[MOST_REPEATED],
		*ignore[MOST_REPEATED]; /* options that may be repeated, in the order given */
	int set_count, ignore_count;
	const char *word[MOST_WORDS];
	int count;
};

/* Reads argv[first ..) for `command`. ERR_USAGE with one sentence that names the nearest option. --help stops the reading. The
 * texts stay argv's. */
enum err_code options_read(struct words *words, const struct command *command, int argc,
                           const char *const *argv, int first, struct err *e);

/* The value of an option that is a whole number from `least`; `otherwise` when it is not given. */
enum err_code options_number(const struct words *words, enum option option, int64_t least, int64_t otherwise,
                             int64_t *value, struct err *e);

/* "--object" */
const char *option_name(enum option option);

/* Adds what `longshore help COMMAND` prints. */
void options_help(const struct command *command, struct buf *b);

/* Parts of it, a line an option: those of this command alone, and those of every command. */
void options_own(const struct command *command, struct buf *b);
void options_common(struct buf *b);

/* How many single-character changes (put in, taken out, replaced, two swapped) lead from a to b. Up to 63 characters each. */
int options_distance(const char *a, const char *b);

#endif
