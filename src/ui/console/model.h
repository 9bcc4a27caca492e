/*
 * model.h - everything the console shows and remembers, changed only by model_update(), drawn only by model_view().
 *
 * Both are pure: what must be read or done outside is asked for by effects and by what the screens say they miss; the
 * loop performs it (feed.h, draft.h, work.h) and hands rows back into the screens' structs. So a screen can be tested
 * without a terminal, a journal or an org.
 */
#ifndef LONGSHORE_CONSOLE_MODEL_H
#define LONGSHORE_CONSOLE_MODEL_H

#include <stdint.h>

#include "store/orders.h"
#include "ui/console/again.h"
#include "ui/console/copy.h"
#include "ui/console/dialog.h"
#include "ui/console/edit.h"
#include "ui/console/help.h"
#include "ui/console/screens/details.h"
#include "ui/console/screens/go_on.h"
#include "ui/console/screens/jobs.h"
#include "ui/console/screens/log.h"
#include "ui/console/screens/new_load.h"
#include "ui/console/screens/orgs.h"
#include "ui/console/screens/record.h"
#include "ui/console/screens/review.h"
#include "ui/console/screens/run.h"
#include "ui/console/screens/runs.h"
#include "ui/console/take_back.h"
#include "ui/console/write.h"

/* clang-format off */
#define EFFECTS(X)                                                           \
	X(QUIT)      /* leave the console */                                 \
	X(SUSPEND)                                                           \
	X(REPAINT)                                                           \
	X(DRAIN)     /* keys typed before a dialog was drawn do not reach it */ \
	X(COPY)      /* `text` to the operator's clipboard */                \
	X(WRITE)     /* what model.write says, to a file */                  \
	X(ORDER)     /* `order` to the engine of `run` */                    \
	X(GIVE_UP)   /* cancel `run`, which no engine holds */               \
	X(DIGEST)    /* is the file of go_on what it was? */                 \
	X(PICK)      /* count which records `again` means now */             \
	X(RETRY)     /* order that they go again */                          \
	X(REACH)     /* count how far `edit` could go */                     \
	X(EDIT)      /* do what `edit` says */                               \
	X(UNDO_EDIT) X(REDO_EDIT)                                            \
	X(EDITOR)       /* what `again` means, as a table in $EDITOR */      \
	X(EDITOR_AGAIN) /* the file that is there already */                 \
	X(EDITOR_TAKE) /* the changes that came back */                      \
	X(EDITOR_DROP) /* or not */                                          \
	X(LEAVE_OUT) /* what `again` means, for the reason `text` */         \
	X(UNDO_LOOK) /* ask the org what of `run` can be undone */           \
	X(UNDO)      /* do what was looked at */                             \
	X(UNDO_DROP) /* or not */                                            \
	X(GO_ON)     /* start an engine for `run` */                         \
	X(BROWSE)    /* read wizard.browser.folder */                        \
	X(ANEW)      /* the new load is like nothing */                      \
	X(LIKE)      /* it is like `run` */                                  \
	X(TAKE_UP)   /* the one that was left goes on */                     \
	X(SIGN_IN)   /* open the file, sign in, list the objects */          \
	X(DESCRIBE)  /* wizard.object */                                     \
	X(MAP)       /* by wizard.action and wizard.key */                   \
	X(SAMPLE)    /* show record wizard.record in the mapping */          \
	X(SET_FIELD) /* wizard.column goes to `text`; "": is not loaded */   \
	X(NEXT_ORDER) X(NEXT_BLANK) /* of wizard.column's cells */            \
	X(CONSTANT)  /* FIELD=VALUE: `text` */                               \
	X(SAVED)     /* read which mappings were saved, and ask which one */ \
	X(TAKE_SAVED) X(SAVE_MAPPING) /* of the name `text` */               \
	X(RUN_CHECK) /* of the whole file */                                 \
	X(FIXES)     /* what could be done about wizard.group.finding */     \
	X(FIX)       /* wizard.fix */                                        \
	X(RECORDS)   /* of wizard.group.finding */                           \
	X(CELL)      /* `text` is sent in wizard.group.column of record `run` */ \
	X(VALUES)    /* of the picklist that wizard.group.finding is about */ \
	X(TAKE_VALUES) /* those that are taken */                            \
	X(STEP_BACK) X(STEP_AGAIN) /* of what was mended here */             \
	X(RUNS_ON)   /* what runs in the org when wizard.action is done to wizard.object */ \
	X(ASK_ORG)   /* what it holds */                                     \
	X(BEGIN)     /* the run that wizard.start describes */               \
	X(ORGS)        /* read the saved orgs */                               \
	X(ORG_USE)     /* new loads go to the one named `text` */              \
	X(ORG_TEST)    /* sign in to `text` */                                 \
	X(ORG_AGAIN)   /* fill the form with how one signs in to `text` */     \
	X(ORG_RENAME)  /* orgs.asked is called `text` from now on */           \
	X(ORG_COLOUR)  /* and has this colour */                               \
	X(ORG_LOCK)    /* lock or unlock it */                                 \
	X(ORG_DELETE)  /* forget it */                                         \
	X(ORG_SIGN_IN) /* as the form says; a browser is waited for */         \
	X(ORG_PASTE)   /* the form's address is where that one ended */        \
	X(UNLOCK)      /* the dialog's line is the passphrase of the orgs */   \
	X(ABANDON)     /* what is under way in the background */
/* clang-format on */

enum effect_kind {
#define X(name) EFFECT_##name,
	EFFECTS(X)
#undef X
};

struct effect {
	enum effect_kind kind;
	int64_t run;
	enum order_kind order;
	char text[COPY_TEXT];
};

enum { MODEL_EFFECTS = 8, MODEL_DEPTH = 16 };

struct model {
	int rows, columns;
	bool ascii;
	int64_t now_ms;  /* UTC, of the last message: for people, and may jump */
	int64_t mono_ms; /* of the clock that never jumps: for what lasts and waits */

	enum screen_id stack[MODEL_DEPTH];
	int depth; /* >= 1; the top one is shown */
	struct dialog dialog;
	struct help help;
	char notice[700]; /* a sentence until the next key, "" if none */
	enum style notice_style;
	char lost[4400];       /* why nothing can be started or stopped any more, "" if it can */
	char busy[160];        /* what the background is at, "" if nothing */
	int64_t busy_since_ms; /* of mono_ms */
	bool busy_firm;        /* it cannot be left: a run is being started */

	struct runs_screen runs;
	struct run_screen run;
	struct log_screen log;
	struct review_screen review;
	struct records_screen records;
	struct record_screen record;
	struct details_screen details;
	struct jobs_screen jobs;
	struct go_on_screen go_on;
	struct wizard wizard;
	char kept[320]; /* the new load that was begun and left, "" if there is none */
	struct orgs_screen orgs;
	struct org_form form;                      /* of an org that is being added */
	struct copies copies;                      /* what y offers */
	struct write_order write;                  /* what w asks about */
	struct again again;                        /* what r, E and x ask about */
	struct edit_wish edit;                     /* what e asks about */
	enum edit_reach edit_offers[EDIT_REACHES]; /* in the order of the question */
	struct edit_found fix_found;               /* what f asks about */
	char user[64];                             /* of this machine, who looks at this */

	struct effect effects[MODEL_EFFECTS];
	int effect_count;
};

enum message_kind { MESSAGE_KEY, MESSAGE_PASTE, MESSAGE_RESIZE, MESSAGE_TICK };

struct message {
	enum message_kind kind;
	int64_t now_ms, mono_ms;
	struct key key;
	struct slice text; /* of a paste */
	int rows, columns;
};

void model_init(struct model *model, int rows, int columns, bool ascii);
void model_release(struct model *model);

void model_update(struct model *model, const struct message *message);
void model_view(struct model *model, struct grid *grid);

/* For the screens */
enum screen_id model_top(const struct model *model);
void model_push(struct model *model, enum screen_id screen);
void model_pop(struct model *model);                              /* the last screen stays */
void model_home(struct model *model);                             /* back to Runs */
bool model_has(const struct model *model, enum screen_id screen); /* somewhere on the stack */
struct effect *model_effect(struct model *model, enum effect_kind kind);
void model_tell(struct model *model, enum style style, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Shows one run's screen, log or review. The feed reads what belongs to it. */
void model_show_run(struct model *model, int64_t run, enum screen_id screen);

/* A run in one line, as far as the model knows it. */
bool model_run_line(const struct model *model, int64_t run, struct run_line *line);

/* The org of a run, as far as the model knows it. */
struct org_badge model_badge(const struct model *model, int64_t run);

/* What of the shown screen can be copied. */
void model_copies(const struct model *model, struct copies *copies);

/* What a verb is called now ("go on" for p), and why it is not possible now (NULL if it is). */
const char *model_label(const struct model *model, enum verb verb);
const char *model_refuses(const struct model *model, enum verb verb);

/* What a screen is made of. All but the first two may be NULL. */
struct screen {
	void (*update)(struct model *model, enum verb verb, struct key key);
	void (*view)(struct model *model, struct grid *grid);
	void (*paste)(struct model *model, struct slice text);
	void (*answered)(struct model *model, enum verb verb, int64_t run, int answer); /* of a dialog */
	const char *(*label)(const struct model *model, enum verb verb);
	const char *(*refuses)(const struct model *model, enum verb verb);
	void (*copies)(const struct model *model, struct copies *copies);
};

extern const struct screen screen_runs, screen_run, screen_log, screen_review, screen_records, screen_record,
	screen_details, screen_jobs, screen_go_on, screen_file, screen_object, screen_action, screen_mapping,
	screen_field, screen_check, screen_group, screen_values, screen_pick, screen_start, screen_orgs,
	screen_org_way, screen_org_form;

#endif
