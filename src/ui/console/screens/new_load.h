/*
 * new_load.h - a new load on its way: File, Object, Action, Mapping, Check, Start. Going back keeps what was chosen.
 * The screens know rows only; draft.h makes them from the file, the org and the plan.
 */
#ifndef LONGSHORE_CONSOLE_NEW_LOAD_H
#define LONGSHORE_CONSOLE_NEW_LOAD_H

#include "base/arena.h"
#include "core/engine/load.h"
#include "core/engine/loaded.h"
#include "core/plan/fix.h"
#include "store/mappings.h"
#include "ui/console/screens/runs_on.h"
#include "ui/console/chrome.h"
#include "ui/console/table.h"

enum { WIZARD_PATH = 4096, WIZARD_TEXT = 256 };

struct file_entry {
	char name[256];
	bool folder;
	int64_t size, changed_ms;
};

/* The parsed beginning of the file under the cursor. */
struct preview {
	char path[WIZARD_PATH];        /* of what it is; "" none */
	char delimiter;                /* it was read with; 0: guessed */
	char sheet[SOURCE_SHEET];      /* of a workbook, which was asked for; "": the first */
	char next_sheet[SOURCE_SHEET]; /* behind the one it was read from, in turn; "" if there is no other */
	char error[700];               /* why it is no file to load, "" if it is one */
	char found[400];               /* "comma (found in 20 of the first 20 records) · LF · 13 columns" */
	struct arena arena;
	const char **columns;
	size_t column_count;
	const char **cells;  /* row by row */
	const char **faults; /* why a row is no record, NULL if it is one */
	size_t row_count;
};

struct browser {
	char folder[WIZARD_PATH];
	char error[700];
	struct file_entry *entries; /* owned; folders first, then names */
	size_t count;
	bool stale;
	struct table table;
	struct preview preview;
	char delimiter;                                  /* the operator's choice, 0: guessed */
	char sheet[SOURCE_SHEET], sheet_of[WIZARD_PATH]; /* the operator's choice, and of which workbook */
};

struct object_row {
	char name[128], label[128];
	bool createable, updateable, deletable;
};

/* Insert, update, upsert by a key, delete. */
struct action_choice {
	char action[16];
	char key[128]; /* field, "" for insert */
	char text[WIZARD_TEXT];
};

/* One column of the file: where it goes, and what that sends for the record shown. */
enum { WIZARD_SAVED = 6 };

struct mapping_row {
	char mark; /* '+' sure, '~' guessed, '-' not loaded, '=' constant, '!' a finding */
	char column[128], sample[WIZARD_TEXT], sent[WIZARD_TEXT], field[160], note[WIZARD_TEXT];
	int at; /* position of the column, -1 for a constant */
	bool required;
	char constant[WIZARD_TEXT]; /* as it was given, of a constant */
	bool dated;                 /* its cells are dates or times of one */
};

struct field_row {
	char name[160], label[128], type[32], taken_by[128];
	int length;
	bool required, writeable;
};

/* A way to mend a group, with what it makes of some of its records. */
enum { FIX_EXAMPLES = 3 };
struct fix_example {
	int64_t record;
	char was[80], becomes[80];
};
struct fix_choice {
	struct fix fix;
	struct fix_example examples[FIX_EXAMPLES];
	size_t example_count;
};

/* Some records of a group of findings. */
enum { GROUP_MOST = 500 };
struct group_row {
	int64_t record, offset;
	char key[64], value[WIZARD_TEXT]; /* in the column that the finding is about */
	bool edited;
};
struct check_group {
	struct finding finding;
	struct group_row *rows; /* owned */
	size_t count;
	bool look;      /* it keeps no record from being written, and none of them is listed */
	bool more;      /* there are others behind them */
	int column;     /* of the source; -1: the finding is about none */
	char name[128]; /* of that column */
	struct table table;
};

/* A value of the file that the picklist does not have. */
struct value_row {
	char from[256], to[256]; /* `to`: the nearest one, or what was chosen; "" none */
	int64_t records;
	enum near near;
	bool taken, left_out, marked;
};
struct pick_row {
	char value[256], label[256];
};

/* The run before this one of the same org, object, action and key; 0: there is none. */
struct check_like {
	int64_t run, records, created_ms;
};

/* What can be chosen before the start, and typed. */
enum start_field { START_FIRST, START_FAILING, START_KEEP, START_TYPED, START_FIELDS };

/* When records fail: go on up to so many, go on to the end, or stop at the first chunk with one. */
enum start_failing { START_STOP_ABOVE, START_GO_ON, START_STOP, START_FAILINGS };

enum { START_FEW = 200, START_ABOVE = 5000 /* thousandths of a percent */ };

struct start_form {
	bool opened;             /* before: its choices stay */
	bool typed;              /* must be typed, else y/n */
	char expected[160];      /* what is to be typed */
	const char *expected_is; /* "the org's name", "the number of records" */
	bool few;                /* begin with the first START_FEW, then wait */
	enum start_failing failing;
	bool keep;              /* old values, for an undo */
	enum start_field field; /* under the cursor */
	struct line line;
};

struct wizard {
	struct browser browser;

	bool has_org;     /* there are settings to sign in with */
	char no_org[700]; /* or which ones are missing */

	char file[WIZARD_PATH]; /* chosen */
	char org_id[19], username[128], org_name[160], org_kind[16];
	bool production, signed_in;
	struct object_row *objects; /* owned */
	size_t object_count;
	struct table object_table;
	char object[128];              /* chosen */
	struct action_choice *choices; /* owned */
	size_t choice_count;
	struct table action_table;
	char action[16], key[128];

	struct mapping_row *mapping; /* owned */
	size_t mapping_count;
	struct table mapping_table;
	int64_t record;           /* shown */
	bool record_last;         /* there is none behind it */
	char record_error[256];   /* why this one is no record */
	char plan_error[700];     /* why it cannot be checked yet, "" if it can */
	char plan_note[512];      /* "11 of 13 columns mapped · no required field is missing" */
	struct field_row *fields; /* owned */
	size_t field_count;
	struct table field_table;
	int column; /* the column whose field is chosen */

	struct saved_mapping saved[WIZARD_SAVED]; /* that m offers */
	bool saved_fits[WIZARD_SAVED];            /* made for a file of these columns */
	int saved_count;

	bool checked;
	int64_t check_offset, check_size; /* progress */
	struct finding *findings; /* owned: what will fail, and behind fail_count what deserves a look */
	size_t finding_count, fail_count;
	int64_t records, passed, failing, blank;
	enum same_key same_key; /* which of several records with one key is written */
	struct check_like like; /* what this file is compared with */
	struct table check_table;
	struct check_group group;
	struct fix_choice fixes[FIX_MOST];
	size_t fix_count;
	struct fix fix;           /* chosen */
	struct value_row *values; /* owned */
	size_t value_count;
	struct table value_table;
	struct pick_row *picks; /* owned: the values of the picklist */
	size_t pick_count;
	struct table pick_table;
	int64_t ask_calls; /* that asking the org takes at most; 0: there is nothing to ask */
	bool asked;        /* it was, */
	int64_t there, missing, unchanged, ask_took; /* and said */
	bool skip_unchanged;                         /* these are left out */

	char api[16]; /* by which the records would go */
	struct load_cost cost,
		cost_stopping; /* where it stops at failures; old values (keeping) not included */
	struct load_keeping keeping;
	struct start_form start;
	struct runs_on runs_on;
	bool again; /* this content was loaded before, and that is known */
};

void wizard_init(struct wizard *wizard);
void wizard_release(struct wizard *wizard);
void preview_clear(struct preview *preview);

/* Path of the file under the browser's cursor into `to`; false on a folder or nothing. */
bool browser_path(const struct browser *browser, char to[WIZARD_PATH]);

/* The sheet that was chosen for this file, "" if none was. */
const char *browser_sheet(const struct browser *browser, const char *path);

/* Opens Start with what has to be typed or answered. */
struct model;
void start_open(struct model *model);

/* The journal knows this file: why ("run 7 has loaded this ...; ..."), and whether one goes on from there or loads it once more. */
void start_loaded(struct model *model, int64_t run, enum loaded_way way, const char *why);
/* Asks which of wizard.fixes is wanted. */
void check_ask_fix(struct model *model);

/* m on Mapping: which of wizard.saved, or save this one. */
void saved_ask(struct model *model);
void saved_answered(struct model *model, int answer);

/* Behind how many records it waits; 0: it goes to the end. */
int64_t start_first(const struct wizard *wizard);

struct org_badge wizard_badge(const struct model *model);

/* "contacts.csv → Contact upsert by Ext__c", into `to`. */
void wizard_what(const struct wizard *wizard, char *to, size_t size);

/* By name or label; for table_narrow(). */
const char *wizard_object_text(const void *wizard, size_t i, int which);
const char *wizard_field_text(const void *wizard, size_t i, int which);
const char *wizard_pick_text(const void *wizard, size_t i, int which);
const char *wizard_file_text(const void *browser, size_t i, int which);
const char *wizard_mapping_text(const void *wizard, size_t i, int which);

#endif
