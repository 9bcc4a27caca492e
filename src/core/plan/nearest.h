/*
 * nearest.h - which value of a picklist was probably meant by a text that is none of them.
 * Pure: the describe's active values only, nothing of it is ever sent unless somebody takes it.
 */
#ifndef LONGSHORE_PLAN_NEAREST_H
#define LONGSHORE_PLAN_NEAREST_H

#include "base/buf.h"
#include "core/org/describe.h"

/* clang-format off */
/* X(name, on the screen) */
#define NEARS(X)                                                                     \
	X(NONE, "")                                                                  \
	X(SAME, "differs in case")   /* or in blanks */                              \
	X(LABEL, "its label")        /* what the org's users see */                  \
	X(SPELLING, "nearest")       /* a typing error, a word of a near language */
/* clang-format on */
enum near {
#define X(name, text) NEAR_##name,
	NEARS(X)
#undef X
};
const char *near_text(enum near near);

/* The value that is the text but for case and blanks, or has it as its label; NULL if there is none. Quick enough for every
 * record. */
const struct picklist_value *nearest_same(const struct field *field, struct slice text);

/* The same, else the one whose value or label is nearest in spelling: at most a third of its characters differ. NULL if there is none,
 * or two are equally near; *how says which it is. */
const struct picklist_value *nearest_value(const struct field *field, struct slice text, enum near *how);

#endif
