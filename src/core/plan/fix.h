/*
 * fix.h - what can be done about a group of findings, once for all its records.
 *
 * fix_list() says which ways there are, the one to be proposed first; fix_apply() takes one by changing the mapping, which holds
 * for the run and can be kept with it. After it the plan is made anew (load_plan()) and the file checked again. What the file
 * says is never changed.
 */
#ifndef LONGSHORE_PLAN_FIX_H
#define LONGSHORE_PLAN_FIX_H

#include "core/plan/check.h"
#include "core/plan/nearest.h"

/* clang-format off */
/* X(name, what the operator has to say: `to`) */
#define FIXES(X)                                                                           \
	X(CUT, "")                 /* texts are cut to the field's length */               \
	X(VALUE, "a value")        /* a value of the picklist in this one's place */       \
	X(PAD, "")                 /* digits get their zeros back */                       \
	X(DAY_FIRST, "")                                                                   \
	X(MONTH_FIRST, "")                                                                 \
	X(YEAR_FIRST, "")                                                                  \
	X(EXCEL_DATES, "")         /* numbers are Excel's days */                          \
	X(TIME_ZONE, "a time zone") /* of date-times without one */                        \
	X(DECIMAL_COMMA, "")                                                               \
	X(MARK_CLEARS, "")         /* #N/A clears the field */                             \
	X(MARK_LEAVES, "")         /* #N/A leaves it alone, as a blank does */             \
	X(DEFAULT, "a value")      /* for blank cells */                                   \
	X(CONSTANT, "a value")     /* for a field that no column goes to */                \
	X(LEAVE_COLUMN, "")        /* the column is not loaded */                          \
	X(KEEP_FIRST, "")          /* of the records with one key; not the mapping's */    \
	X(KEEP_LAST, "")                                                                   \
	X(KEEP_NONE, "")
/* clang-format on */
enum fix_kind {
#define X(name, wants) FIX_##name,
	FIXES(X)
#undef X
};

struct fix {
	enum fix_kind kind;
	char field[96]; /* as in the payload's header */
	char from[256]; /* the text that VALUE replaces */
	char to[256]; /* VALUE: the nearest one, or "": the operator chooses; the operator's word where fix_wants() one */
	enum near near; /* how `to` was found */
	int digits;     /* PAD */
	bool only;      /* DAY_FIRST: some values can be read in no other order */
	char text[256]; /* for the screen: "cut to 80 characters" */
};

enum { FIX_MOST = 4 };

/* The ways to mend what was found, best first. Returns how many were written, FIX_MOST at most; 0: only the records can be
 * edited or left out. */
size_t fix_list(const struct plan *plan, const struct finding *finding, struct fix fixes[FIX_MOST]);

/* "a value" or "a time zone" where fix_apply() needs a word of the operator in `to`, else "". A VALUE may have one proposed. */
const char *fix_wants(const struct fix *fix);

/* Takes it. ERR_USAGE where `to` is missing or is none: no value of the picklist, no time zone; and for the KEEP ones, which are a choice of
 * the load: fix_same_key(). */
enum err_code fix_apply(const struct fix *fix, struct mapping *mapping, const struct mapping_request *request,
                        struct err *e);

/* SAME_KEY_ASK for what is no KEEP. */
enum same_key fix_same_key(const struct fix *fix);

/* How the same is said headless: "\"cut\": true in the mapping", "--date-order dmy or mdy"; added to b. */
void fix_say(const struct fix *fix, struct buf *b);

#endif
