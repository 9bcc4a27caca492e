/* copy.h - y: what of the shown screen can be copied. One thing is copied at once, of several one is chosen. */
#ifndef LONGSHORE_CONSOLE_COPY_H
#define LONGSHORE_CONSOLE_COPY_H

#include <stdint.h>

#include "base/buf.h"
#include "store/runs.h"

enum { COPIES = 6, COPY_TEXT = 4096 };

struct copies {
	int count;
	struct copy {
		char label[24];
		char text[COPY_TEXT];
	} rows[COPIES];
};

/* An empty text adds nothing; one that is too long is cut. */
void copies_add(struct copies *copies, const char *label, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The command lines that show a run, and that load its file again. */
void copies_add_run(struct copies *copies, const struct run *run);

struct model;
void copy_ask(struct model *model);
void copy_answered(struct model *model, int answer);

#endif
