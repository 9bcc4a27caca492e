/*
 * write_rules.h - write.h's other half: the administrator's rules, and what is deleted along.
 */
#ifndef LONGSHORE_PRACTICE_WRITE_RULES_H
#define LONGSHORE_PRACTICE_WRITE_RULES_H

#include "practice/write.h"

/* Would the record, with these changes, pass the validation and duplicate rules? `self` is its row, 0: a new one. */
bool write_obeys(struct writer *w, const struct change *changes, size_t count, uint32_t self);

#endif
