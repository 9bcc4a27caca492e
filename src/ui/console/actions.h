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
	X(GROUP, "Records", false)              \
	X(VALUES, "Values", false)              \
	X(PICK, "Value", true)                  \
	X(START, "Start", true)                 \
	X(RUN, "Run", false)                    \
	X(LOG, "Log", false)                    \
	X(REVIEW, "Review", false)              \
	X(RECORDS, "Records", false)            \
	X(RECORD, "Record", false)              \
	X(DETAILS, "Details", false)            \
	X(JOBS, "Jobs", false)                  \
	X(GO_ON, "Go on", false)                \
	X(ORGS, "Orgs", false)                  \
	X(ORG_WAY, "Add an org", false)         \
	X(ORG_FORM, "Sign in", true)

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
	IN_TYPING = IN_FILE | IN_OBJECT | IN_FIELD | IN_PICK | IN_START | IN_ORG_FORM,
	IN_LISTS = IN_ALL & ~IN_TYPING,
	IN_NARROW = IN_RUNS | IN_MAPPING | IN_RECORDS | IN_REVIEW | IN_LOG,
	IN_PAUSE = IN_RUNS | IN_RUN | IN_GO_ON,
	IN_REPAIR = IN_REVIEW | IN_RECORDS | IN_RECORD,
	IN_SELECTING = IN_REVIEW | IN_RECORDS,
	IN_MARKING = IN_SELECTING | IN_VALUES,
	IN_MENDING = IN_CHECK | IN_VALUES | IN_REVIEW | IN_RECORDS,
	IN_PANES = IN_START | IN_RUN | IN_LOG | IN_ORG_FORM,
	IN_CHOOSING = IN_FILE | IN_OBJECT | IN_ACTION | IN_FIELD | IN_VALUES | IN_PICK | IN_ORG_WAY,
	IN_WRITEABLE = IN_RUNS | IN_RUN | IN_LOG | IN_REVIEW | IN_GO_ON,
	IN_COPYABLE = IN_RUNS | IN_RUN | IN_LOG | IN_REVIEW | IN_RECORDS | IN_RECORD | IN_DETAILS | IN_JOBS | IN_GO_ON | IN_MAPPING | IN_CHECK | IN_GROUP | IN_ORGS,
};

/* X(name, key, letter, label, screens, consent, screens that name it on the bottom line, what it does). Their order is that of
 * the bottom line; where there is no room the last ones go first. */
#define VERBS(X)                                                                                                          \
	X(OPEN, ENTER, 0, "open", IN_RUNS, SAFE, IN_RUNS, "Open the run under the cursor")                                \
	X(CHOOSE, ENTER, 0, "choose", IN_CHOOSING, SAFE, IN_CHOOSING, "Take what is under the cursor")                    \
	X(SET_FIELD, ENTER, 0, "field", IN_MAPPING, SAFE, IN_MAPPING, "Choose the field that this column goes to")        \
	X(NEW, CHAR, 'n', "new", IN_RUNS, SAFE, IN_RUNS, "Begin a new load")                                              \
	X(NEW_LIKE, CHAR, 'N', "new like this", IN_RUNS | IN_RUN, SAFE, IN_RUNS, "Begin a load of another file, with object, action, mapping and options of this run") \
	X(USE_ORG, ENTER, 0, "use", IN_ORGS, SAFE, IN_ORGS, "New loads go to the org under the cursor")                  \
	X(SIGN_IN, ENTER, 0, "sign in", IN_ORG_FORM, SAFE, IN_ORG_FORM, "Go to the next line; on the last one, sign in and keep how") \
	X(ADD_ORG, CHAR, 'n', "new", IN_ORGS, SAFE, IN_ORGS, "Sign in to one more org, and keep how")                     \
	X(EDIT_ORG, CHAR, 'e', "edit", IN_ORGS, SAFE, IN_ORGS, "Sign in again; lock or unlock it; its name, its colour")  \
	X(TEST_ORG, CHAR, 't', "test", IN_ORGS, SAFE, IN_ORGS, "Sign in to it now, and see what is left of its limits")   \
	X(DELETE_ORG, CHAR, 'D', "delete", IN_ORGS, CONFIRM, IN_ORGS, "Forget how one signs in; nothing in the org changes") \
	X(PAUSE, CHAR, 'p', "pause", IN_PAUSE, CONFIRM, IN_PAUSE, "Pause the load, or go on with it")     \
	X(REVIEW, ENTER, 0, "review", IN_RUN | IN_LOG, SAFE, IN_RUN | IN_LOG, "See the failed records and their reasons") \
	X(RECORDS, ENTER, 0, "records", IN_REVIEW | IN_CHECK, SAFE, IN_REVIEW | IN_CHECK, "See the records of this group")                      \
	X(RECORD, ENTER, 0, "record", IN_RECORDS, SAFE, IN_RECORDS, "See one record: what was in the file, what was said") \
	X(RETRY, CHAR, 'r', "retry", IN_REPAIR, CONFIRM, IN_REPAIR, "Send again what is selected, or what is under the cursor") \
	X(ASK, CHAR, 'a', "ask the org", IN_REPAIR | IN_CHECK, CONFIRM, IN_REPAIR | IN_CHECK, "Ask the org: what became of records in doubt; what it holds of the file's keys and parents")    \
	X(JOB, ENTER, 0, "details", IN_JOBS, SAFE, IN_JOBS, "All that is known of this job")                              \
	X(EDIT, CHAR, 'e', "edit", IN_RECORD | IN_GROUP, SAFE, IN_RECORD | IN_GROUP, "Change what is sent in this column the next time")         \
	X(FIX, CHAR, 'f', "fix", IN_MENDING, SAFE, IN_MENDING, "Mend all records of the group at once; what it would change is shown first") \
	X(EDITOR, CHAR, 'E', "editor", IN_SELECTING, SAFE, IN_SELECTING, "Edit what is selected, or under the cursor, as a table in your editor") \
	X(LEAVE_OUT, CHAR, 'x', "leave out", IN_MAPPING | IN_REPAIR | IN_VALUES, SAFE, IN_MAPPING | IN_REPAIR | IN_VALUES, "Do not load this column; leave out these records, for a reason") \
	X(UNDO_EDIT, CHAR, 'z', "undo", IN_REPAIR | IN_CHECK, SAFE, 0, "Take the last edit back; never data in the org")    \
	X(REDO_EDIT, CHAR, 'Z', "redo", IN_REPAIR | IN_CHECK, SAFE, 0, "Do again the edit that was taken back")                \
	X(CHECK, CHAR, 'c', "check", IN_MAPPING, SAFE, IN_MAPPING, "Check every record; nothing is sent")                 \
	X(START, CHAR, 'S', "start", IN_CHECK, TYPED, IN_CHECK, "Start the load")                                         \
	X(ORDER, CHAR, 'd', "day/month", IN_MAPPING, SAFE, IN_MAPPING, "In which order this column's dates are written")  \
	X(BLANK, CHAR, 'b', "blank", IN_MAPPING, SAFE, IN_MAPPING, "Whether blank cells of this column clear their field")  \
	X(CONSTANT, CHAR, '=', "constant", IN_MAPPING, SAFE, IN_MAPPING, "The same value for a field in every record")      \
	X(SAVED, CHAR, 'm', "saved", IN_MAPPING, SAFE, IN_MAPPING, "Mappings saved under a name: take one, or save this one") \
	X(ORGS, CHAR, 'o', "orgs", IN_RUNS, SAFE, IN_RUNS, "The saved orgs: sign in, test, choose where new loads go")    \
	X(LOG, CHAR, 'l', "log", IN_RUNS | IN_RUN | IN_REVIEW | IN_GO_ON, SAFE, IN_RUN | IN_REVIEW | IN_GO_ON, "See what happened, and when")   \
	X(COPY, CHAR, 'y', "copy", IN_COPYABLE, SAFE, IN_COPYABLE & ~(IN_RUNS | IN_MAPPING | IN_CHECK),                   \
	  "Copy what is under the cursor: Id, link, message, record, the run as a command line")                          \
	X(CANCEL, CHAR, 'X', "cancel", IN_RUN, CONFIRM, IN_RUN, "Stop now, and do not go on later")                       \
	X(UNDO, CHAR, 'U', "undo", IN_RUNS | IN_RUN, TYPED, IN_RUN,                                              \
	  "Delete what the run created, and give what it updated its old values back")                                    \
	X(WRITE, CHAR, 'w', "write", IN_WRITEABLE, SAFE, IN_WRITEABLE,                                                    \
	  "Write to a file: a summary in ten lines, the log, or the records with what became of them")                    \
	X(DETAILS, CHAR, 'i', "details", IN_RUNS | IN_RUN | IN_REVIEW | IN_JOBS, SAFE, 0, "All that is known of what is under the cursor") \
	X(SELECT, CHAR, ' ', "select", IN_MARKING, SAFE, 0, "Select what is under the cursor, or take it out again")     \
	X(RANGE, CHAR, 'v', "range", IN_SELECTING, SAFE, 0, "Begin a range here; pressed again, select it up to there")   \
	X(SELECT_ALL, CHAR, '*', "all", IN_MARKING, SAFE, 0, "Select all that are shown")                               \
	X(CLEAR, CHAR, 'u', "clear", IN_MARKING, SAFE, 0, "Select nothing")                                             \
	X(PREVIOUS, LEFT, 0, "record", IN_MAPPING | IN_RECORD, SAFE, IN_MAPPING | IN_RECORD, "The record before this one") \
	X(NEXT, RIGHT, 0, "record", IN_MAPPING | IN_RECORD, SAFE, 0, "The record behind this one")                        \
	X(DELIMITER, TAB, 0, "delimiter", IN_FILE, SAFE, IN_FILE, "Read the file with another delimiter, a workbook by another sheet") \
	X(NEXT_FIELD, TAB, 0, "next", IN_PANES, SAFE, IN_START | IN_LOG, "Go to the next pane or field")                                   \
	X(PREVIOUS_FIELD, BACKTAB, 0, "previous", IN_PANES, SAFE, 0, "Go to the previous pane or field")                          \
	X(NARROW, CHAR, '/', "narrow", IN_NARROW, SAFE, 0, "Narrow the list, or look for a record: type what it must hold")                     \
	X(DOWN, CHAR, 'j', "down", IN_LISTS, SAFE, 0, "Move down, as the arrow does")                                     \
	X(UP, CHAR, 'k', "up", IN_LISTS, SAFE, 0, "Move up, as the arrow does")                                           \
	X(FIRST, CHAR, 'g', "first", IN_LISTS, SAFE, 0, "Go to the first one, as Home does")                              \
	X(LAST, CHAR, 'G', "last", IN_LISTS, SAFE, 0, "Go to the last one, as End does")                                  \
	X(PAGE_DOWN, CTRL, 'd', "page down", IN_LISTS, SAFE, 0, "A page down, as PgDn does")                              \
	X(PAGE_UP, CTRL, 'u', "page up", IN_LISTS, SAFE, 0, "A page up, as PgUp does")                                    \
	X(HELP, CHAR, '?', "keys", IN_LISTS, SAFE, 0, "All keys of this screen: type to find one, Enter runs it")         \
	X(HELP_TOO, CHAR, ':', "keys", IN_LISTS, SAFE, 0, "All keys of this screen, as ? does")                           \
	X(HELP_F1, F1, 0, "keys", IN_ALL, SAFE, 0, "All keys of this screen, where letters type, too")                    \
	X(BACK, ESC, 0, "back", IN_ALL, SAFE, 0, "One level up; never quits")                                             \
	X(LEAVE, CHAR, 'q', "leave", IN_LISTS, SAFE, 0, "Leave this screen; on Runs: quit. A running load goes on")       \
	X(LEAVE_TOO, CTRL, 'c', "leave", IN_ALL, SAFE, 0, "Leave this screen, as q does; it never ends a load")           \
	X(REPAINT, CTRL, 'l', "paint anew", IN_ALL, SAFE, 0, "Paint the screen anew")                                     \
	X(SUSPEND, CTRL, 'z', "suspend", IN_ALL, SAFE, 0, "Suspend the console; a running load goes on")
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
	unsigned bottom; /* of those, the ones that name it on the bottom line */
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
