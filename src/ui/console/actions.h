/*
 * actions.h - everything a key does, one row each: the bottom line, the help and the keys come from this table.
 *
 * One letter has one meaning on a screen. Consent says what stands before it: nothing, a question, or a typed answer.
 */
#ifndef LONGSHORE_CONSOLE_ACTIONS_H
#define LONGSHORE_CONSOLE_ACTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/console/keys.h"

/* clang-format off */
/* X(name, shown first in the title line, letters type) */
#define SCREENS(X)                              \
	X(RUNS, "Runs", false)                  \
	X(FILE, "File", true)                   \
	X(OBJECT, "Object", true)               \
	X(ACTION, "Action", false)              \
	X(MAPPING, "Mapping", false)            \
	X(FIELD, "Field", true)                 \
	X(CHECK, "Check", false)                \
	X(START, "Start", true)                 \
	X(RUN, "Run", false)                    \
	X(LOG, "Log", false)                    \
	X(REVIEW, "Review", false)              \
	X(RECORDS, "Records", false)            \
	X(RECORD, "Record", false)

enum screen_id {
#define X(name, title, typing) SCREEN_##name,
	SCREENS(X)
#undef X
	SCREEN_COUNT
};

enum {
#define X(name, title, typing) IN_##name = 1 << SCREEN_##name,
	SCREENS(X)
#undef X
	IN_ALL = (1 << SCREEN_COUNT) - 1,
	IN_TYPING = IN_FILE | IN_OBJECT | IN_FIELD | IN_START,
	IN_LISTS = IN_ALL & ~IN_TYPING,
	IN_NARROW = IN_RUNS | IN_MAPPING,
};

/* X(name, key, letter, label, screens, consent, on the bottom line, what it does) */
#define VERBS(X)                                                                                                          \
	X(OPEN, ENTER, 0, "open", IN_RUNS, SAFE, true, "Open the run under the cursor")                                   \
	X(CHOOSE, ENTER, 0, "choose", IN_FILE | IN_OBJECT | IN_ACTION | IN_FIELD, SAFE, true, "Take what is under the cursor") \
	X(SET_FIELD, ENTER, 0, "field", IN_MAPPING, SAFE, true, "Choose the field that this column goes to")              \
	X(PAUSE, CHAR, 'p', "pause", IN_RUNS | IN_RUN, CONFIRM, true, "Pause the load, or go on with it")        \
	X(REVIEW, ENTER, 0, "review", IN_RUN | IN_LOG, SAFE, true, "See the failed records and their reasons")            \
	X(RECORDS, ENTER, 0, "records", IN_REVIEW, SAFE, true, "See the records of this group")                           \
	X(RECORD, ENTER, 0, "record", IN_RECORDS, SAFE, true, "See one record: what was in the file, what was said")      \
	X(NEW, CHAR, 'n', "new", IN_RUNS, SAFE, true, "Begin a new load")                                                 \
	X(LOG, CHAR, 'l', "log", IN_RUNS | IN_RUN | IN_REVIEW, SAFE, true, "See what happened, and when")                 \
	X(COPY, CHAR, 'y', "copy", IN_RUNS | IN_RUN | IN_REVIEW | IN_RECORDS | IN_RECORD, SAFE, true,                     \
	  "Copy the run as a command line, the message or the Id")                                                        \
	X(LEAVE_OUT, CHAR, 'x', "leave out", IN_MAPPING, SAFE, true, "Do not load this column")                           \
	X(CHECK, CHAR, 'c', "check", IN_MAPPING, SAFE, true, "Check every record; nothing is sent")                       \
	X(START, CHAR, 'S', "start", IN_CHECK, TYPED, true, "Start the load")                                             \
	X(CANCEL, CHAR, 'X', "cancel", IN_RUN, CONFIRM, true, "Stop now, and do not go on later")                         \
	X(PREVIOUS, LEFT, 0, "record", IN_MAPPING | IN_RECORD, SAFE, true, "The record before this one")                  \
	X(NEXT, RIGHT, 0, "record", IN_MAPPING | IN_RECORD, SAFE, true, "The record behind this one")                     \
	X(DELIMITER, TAB, 0, "delimiter", IN_FILE, SAFE, true, "Read the file with another delimiter")                    \
	X(NEXT_FIELD, TAB, 0, "next", IN_START, SAFE, true, "Go to the next field")                                       \
	X(PREVIOUS_FIELD, BACKTAB, 0, "previous", IN_START, SAFE, false, "Go to the previous field")                      \
	X(NARROW, CHAR, '/', "narrow", IN_NARROW, SAFE, false, "Narrow the list: type what it must hold")                 \
	X(DOWN, CHAR, 'j', "down", IN_LISTS, SAFE, false, "Move down, as the arrow does")                                 \
	X(UP, CHAR, 'k', "up", IN_LISTS, SAFE, false, "Move up, as the arrow does")                                       \
	X(FIRST, CHAR, 'g', "first", IN_LISTS, SAFE, false, "Go to the first one, as Home does")                          \
	X(LAST, CHAR, 'G', "last", IN_LISTS, SAFE, false, "Go to the last one, as End does")                              \
	X(PAGE_DOWN, CTRL, 'd', "page down", IN_LISTS, SAFE, false, "A page down, as PgDn does")                          \
	X(PAGE_UP, CTRL, 'u', "page up", IN_LISTS, SAFE, false, "A page up, as PgUp does")                                \
	X(HELP, CHAR, '?', "keys", IN_LISTS, SAFE, false, "All keys of this screen: type to find one, Enter runs it")     \
	X(HELP_TOO, CHAR, ':', "keys", IN_LISTS, SAFE, false, "All keys of this screen, as ? does")                       \
	X(HELP_F1, F1, 0, "keys", IN_ALL, SAFE, false, "All keys of this screen, where letters type, too")                               \
	X(BACK, ESC, 0, "back", IN_ALL, SAFE, false, "One level up; never quits")                                         \
	X(LEAVE, CHAR, 'q', "leave", IN_LISTS, SAFE, false, "Leave this screen; on Runs: quit. A running load goes on")   \
	X(LEAVE_TOO, CTRL, 'c', "leave", IN_ALL, SAFE, false, "Leave this screen, as q does; it never ends a load")                           \
	X(REPAINT, CTRL, 'l', "paint anew", IN_ALL, SAFE, false, "Paint the screen anew")                                 \
	X(SUSPEND, CTRL, 'z', "suspend", IN_ALL, SAFE, false, "Suspend the console; a running load goes on")
/* clang-format on */

enum consent { CONSENT_SAFE, CONSENT_CONFIRM, CONSENT_TYPED };

enum verb {
	VERB_NONE,
#define X(name, key, letter, label, screens, consent, bottom, help) VERB_##name,
	VERBS(X)
#undef X
		VERB_COUNT
};

struct action_row {
	enum verb verb;
	struct key key;
	const char *label;
	unsigned screens; /* of IN_ bits */
	enum consent consent;
	bool bottom; /* named on the bottom line */
	const char *help;
};

/* All rows; `count` of them. */
const struct action_row *actions(size_t *count);
const struct action_row *action_of_verb(enum verb verb);

/* What a key does on a screen; VERB_NONE if nothing. */
enum verb action_find(enum screen_id screen, struct key key);

const char *screen_title(enum screen_id screen);
bool screen_types(enum screen_id screen); /* letters type there */

#endif
