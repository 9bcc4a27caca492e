/*
 * loop.h - one loop: keys, a tick of 250 ms that looks whether the journal moved, results from the background.
 * It performs what the model asks for, and draws the model after every round.
 */
#ifndef LONGSHORE_CONSOLE_LOOP_H
#define LONGSHORE_CONSOLE_LOOP_H

#include "core/engine/access.h"
#include "core/org/browser.h"
#include "store/journal.h"
#include "ui/console/feed.h"
#include "ui/console/model.h"
#include "ui/console/terminal.h"
#include "ui/console/wish.h"
#include "ui/console/work.h"

/* The operator's edits of this console, and what is in the editor. */
enum { LOOP_STEPS = 100 };
struct loop_edits {
	struct edit_step *done[LOOP_STEPS], *undone[LOOP_STEPS]; /* owned; the last one is the newest */
	int done_count, undone_count;
	char path[WIZARD_PATH]; /* of the file in the editor, "" if there is none */
	int64_t run;            /* it is of */
	struct edit_step *step; /* owned: what came back, until it is taken */
};

/* An effect that the journal did not take, as another program writes to it (loop_wait.c). */
struct loop_wait {
	struct effect effect;
	bool waits;
	int64_t since_ms; /* by the clock that never jumps; 0: it is none */
};

struct loop {
	struct journal *journal; /* the caller's, as are terminal and work */
	struct terminal *terminal;
	struct work *work;
	struct access_choice with;        /* what new loads sign in with: of the command line, or `org` */
	char org[48];                     /* the saved org that was chosen here, */
	char config[WIZARD_PATH];         /* or the settings of the run that a new load is to be like */
	const struct load_options *first; /* a new load that it begins with, or NULL; the caller's */
	struct wish wish;                 /* owned; what the new load is to be like */
	struct orgs *shown;      /* owned; the saved orgs as they were read last, without a key; or NULL */
	int64_t looked_ms;       /* when it was looked whether they changed since */
	struct browser *browser; /* owned; one that is waited for, or NULL */
	struct settings
		adding; /* owned; of the form that is signed in with; while the background has it: not to be touched */
	struct settings before; /* owned; how one signed in before to what is signed in to again */
	struct effect pending;  /* what waits for the passphrase */
	struct loop_wait wait;
	struct model model;
	struct feed feed;
	struct grid grid;
	struct draft *draft;    /* owned; while the background is busy with it: not to be touched */
	struct undo_look *undo; /* owned; what the question before an undo is about */
	bool ascii, quit;
	struct loop_edits edits;
	bool quiet; /* no bell and no note when a run ends or needs somebody */
};

/* Runs until the operator leaves or the terminal is gone. ERR_OK either way; ERR_INTERNAL without memory. The model is
 * made here and stays for the caller, who releases it. */
enum err_code loop_run(struct loop *loop, struct err *e);

/* Performs what the model asked for. */
void loop_perform(struct loop *loop);

/* Begins something in the background; says so where something else is under way already. */
void loop_begin_work(struct loop *loop, const struct work_call *call, const char *words);

/* The same for a step of New load. */
void loop_begin_step(struct loop *loop, enum work_kind kind, const char *words);

/* The effects of Check and what is mended there, and its results (loop_check.c). False: it is something else. */
bool loop_check(struct loop *loop, const struct effect *effect);
void loop_take_check(struct loop *loop, const struct work_result *result);

/* Saved mappings (loop_saved.c). False: it is something else. */
bool loop_saved(struct loop *loop, const struct effect *effect);
void loop_take_saved(struct loop *loop);

/* The effects and results of edits (loop_edits.c). */
void loop_edit(struct loop *loop, const struct effect *effect);
void loop_take_edit(struct loop *loop, struct work_result *result);
void loop_edits_release(struct loop *loop);

/* Writes what model.write says to its file. */
void loop_write(struct loop *loop);

/* Looks after a sign-in that is being made: the browser, and what has to be wiped. Once a round; and at the end. */
void loop_orgs_turn(struct loop *loop);
void loop_orgs_end(struct loop *loop);

/* A result of the background becomes rows, the next screen, or a notice. */
void loop_take_work(struct loop *loop);

#endif
