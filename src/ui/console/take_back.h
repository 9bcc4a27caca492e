/* take_back.h - "undo this run", asked: what will happen in numbers, and the number of records to type. */
#ifndef LONGSHORE_CONSOLE_TAKE_BACK_H
#define LONGSHORE_CONSOLE_TAKE_BACK_H

#include <stdbool.h>
#include <stdint.h>

struct model;
struct run_line;

/* Why this run cannot be undone, as far as the console knows without asking the org; or NULL. */
const char *take_back_refuse(const struct run_line *line);

/* The org was asked: `will` records would change, `words` tells it line by line. Where none would, it is only told. */
void take_back_ask(struct model *model, int64_t run, bool production, const char *words, int64_t will);
void take_back_answered(struct model *model, int answer);

#endif
