/*
 * dialog.h - a question over the screen: yes or no (no is the default), a choice by number, a line of text, or something
 * told. A state of the model, not a loop of its own. What it was about comes back with the answer.
 */
#ifndef LONGSHORE_CONSOLE_DIALOG_H
#define LONGSHORE_CONSOLE_DIALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "ui/console/actions.h"
#include "ui/console/chrome.h"
#include "ui/console/grid.h"
#include "ui/console/keys.h"
#include "ui/console/line.h"

enum dialog_kind { DIALOG_NONE, DIALOG_ASK, DIALOG_CHOOSE, DIALOG_LINE, DIALOG_TELL };

enum { DIALOG_LINES = 8, DIALOG_OPTIONS = 8, DIALOG_TEXT = 320 };

struct dialog {
	enum dialog_kind kind;
	enum verb verb; /* what is asked about */
	int64_t run;
	int chosen; /* what an earlier question of the same matter was answered with */
	bool production;
	bool live; /* an engine was at work when it was asked */
	char title[96];
	char lines[DIALOG_LINES][DIALOG_TEXT];
	int line_count;
	char options[DIALOG_OPTIONS][DIALOG_TEXT];
	int option_count;
	bool one_row;    /* each option is cut to one row */
	char prompt[96]; /* of a line of text: what stands before it */
	struct line line;
	bool secret;        /* of a line: it is not shown, and is a passphrase */
	char expected[160]; /* what has to be typed, "" if anything may */
	bool wrong;         /* something else was */
};

/* Opens it without lines and options; the title is formatted. */
void dialog_open(struct dialog *dialog, enum dialog_kind kind, enum verb verb, int64_t run, const char *format,
                 ...) __attribute__((format(printf, 5, 6)));
void dialog_line(struct dialog *dialog, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A line that somebody else wrote, begun with a capital. */
void dialog_sentence(struct dialog *dialog, const char *text);
void dialog_option(struct dialog *dialog, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Makes it one for a line of text, with what stands in it at first. Letters type; Enter takes it, also empty. */
void dialog_type(struct dialog *dialog, const char *prompt, const char *text);

/* The same for a passphrase: it is not shown. Whoever takes it wipes the line. */
void dialog_type_secret(struct dialog *dialog, const char *prompt);

/* Enter takes only this text: a typed consent. */
void dialog_expect(struct dialog *dialog, const char *text);

/* -1: still open; 0: no, closed; 1: yes, the line is taken, or the number of the option. The dialog is closed unless -1. */
int dialog_key(struct dialog *dialog, struct key key);

/* `org`: whose records it is about; in the frame, where its name never gives way to the title. */
void dialog_view(const struct dialog *dialog, struct org_badge org, struct grid *grid);

/* An empty box of `rows` x `columns` in the middle with a title and an org; the upper left cell inside it in *row, *column. */
void dialog_box(struct grid *grid, int rows, int columns, const char *title, struct org_badge org,
                enum style style, int *row, int *column);

#endif
