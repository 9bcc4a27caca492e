/*
 * write_rules.h - write.h's other half: the administrator's rules, what is deleted along, and how a write is undone.
 */
#ifndef LONGSHORE_PRACTICE_WRITE_RULES_H
#define LONGSHORE_PRACTICE_WRITE_RULES_H

#include "practice/write.h"

/* Would the record, with these changes, pass the validation and duplicate rules? `self` is its row, 0: a new one. */
bool write_obeys(struct writer *w, const struct change *changes, size_t count, uint32_t self);

/* Notes how to undo the write that comes next; `old` is the row as it is, NULL for a new one. false with a refusal. */
bool write_note(struct writer *w, struct table *t, uint32_t number, const struct row *old);

#endif
