/*
 * work.h - one thing at a time in the background, so that no key waits for it: sign-in, describes, the check, starting.
 *
 * A draft that is worked on belongs to the thread until the result is taken. Abandoned work ends when it can, frees the
 * draft itself, and is not heard of again.
 */
#ifndef LONGSHORE_CONSOLE_WORK_H
#define LONGSHORE_CONSOLE_WORK_H

#include "core/org/limits.h"
#include "ui/console/again.h"
#include "ui/console/draft.h"
#include "ui/console/edit_work.h"
#include "ui/console/screens/go_on.h"
#include "ui/console/undo_work.h"

enum work_kind {
	WORK_SIGN_IN,
	WORK_DESCRIBE,
	WORK_TAKE_SAVED, /* a mapping, with what it needs to know of parents */
	WORK_CHECK,
	WORK_GROUP,   /* records of a finding, */
	WORK_FIXES,   /* and some of them to show what would become of them */
	WORK_RUNS_ON, /* what runs in the org when the load writes */
	WORK_ASK_ORG,
	WORK_EXPORT,
	WORK_PICK,
	WORK_DIGEST,
	WORK_REACH,
	WORK_EDITOR_FILE, /* is written, */
	WORK_EDITED_FILE, /* and read again */
	WORK_UNDO_LOOK,
	WORK_ORG_TEST,
	WORK_ORG_ADD, /* it is not heard of again when left, but the org may be saved all the same */
	WORK_BEGIN,   /* from here on it cannot be left */
	WORK_GO_ON,
	WORK_UNDO,
	WORK_CANCEL,
	WORK_RETRY,
	WORK_EDIT, /* a wish */
	WORK_STEP, /* a step, once more or back */
	WORK_LEAVE_OUT,
};

struct work_call {
	enum work_kind kind;
	struct draft *draft;       /* of a step of New load, else NULL */
	int64_t run;               /* of what is done to a run */
	const char *which;         /* of an export: which records; of a digest: the hash; of an org: its name */
	const char *path;          /* and the file; the reason of leaving out */
	const struct again *again; /* which records go again */
	const struct edit_wish *edit;
	struct edit_step *step;    /* belongs to the work from here on, whatever comes of it */
	struct undo_look *undo;    /* likewise; of WORK_UNDO */
	bool again_step;           /* it was done before: by z or Z */
	bool back;                 /* it is taken back */
	struct settings *settings; /* what to sign in with; moved */
	struct access_choice with; /* what to sign in with; nothing: as the run was begun */
};

/* Is it of the review's edits? */
bool work_edits(enum work_kind kind);

struct work;

/* `state` and `journal` are where a thread opens a journal of its own. The caller closes it. */
enum err_code work_open(struct work **work, const char *state, const char *journal, struct err *e);
/* Waits up to 5 s for starting or cancelling a run, abandons everything else. True: the draft that was worked on is not the caller's any
 * more. */
bool work_close(struct work *work);

int work_fd(const struct work *work); /* readable when a result is there */
bool work_busy(const struct work *work);
bool work_has_draft(const struct work *work);      /* something is under way, and the draft is with it */
enum work_kind work_kind(const struct work *work); /* of what is under way */

/* Begins; nothing must be under way. */
enum err_code work_begin(struct work *work, const struct work_call *call, struct err *e);

void work_progress(const struct work *work, int64_t *offset, int64_t *size); /* of a check */

/* Abandons what is under way. What reads the file is stopped and its draft given back (true); all else takes the draft along. */
bool work_abandon(struct work *work);

struct work_result {
	enum work_kind kind;
	struct err e;
	int64_t run;
	char said[640]; /* of an export: what was written */
	int64_t count;  /* records picked, or tried again */
	enum go_on_file file;
	struct edit_found found;
	struct edit_step *step; /* the caller's to free; NULL: none */
	struct undo_look *undo; /* likewise; of WORK_UNDO_LOOK */
	bool again_step, back;  /* as it was called */
	enum loaded_way way;    /* of the run that has loaded the file already */
	char name[48];          /* of an org, */
	struct limits limits;   /* and its limits */
};

/* True once, when it is done; the draft is the caller's again, and what the result holds. */
bool work_take(struct work *work, struct work_result *result);

#endif
