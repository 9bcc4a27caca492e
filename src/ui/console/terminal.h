/*
 * terminal.h - the only owner of curses and of the operator's terminal.
 *
 * It paints a grid, makes keys out of bytes, and puts the terminal back as it was at every end: leaving, a signal, a crash.
 * Measured facts it rests on: craft.md, "Curses, measured".
 */
#ifndef LONGSHORE_CONSOLE_TERMINAL_H
#define LONGSHORE_CONSOLE_TERMINAL_H

#include <signal.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "ui/console/grid.h"
#include "ui/console/keys.h"

struct terminal;

/* Takes the terminal on standard input and output. ERR_REFUSED with a reason if there is none, or one without cursor
 * addressing. One at a time. */
enum err_code terminal_open(struct terminal **terminal, bool mono, struct err *e);
void terminal_close(struct terminal *terminal);

void terminal_size(const struct terminal *terminal, int *rows, int *columns);
bool terminal_is_ascii(const struct terminal *terminal); /* the locale knows no UTF-8 */

void terminal_paint(struct terminal *terminal, const struct grid *grid);
void terminal_repaint(struct terminal *terminal); /* all of it, at the next paint */

enum terminal_event { TERMINAL_NOTHING, TERMINAL_KEY, TERMINAL_PASTE, TERMINAL_RESIZE };

/* The next event that is there, without waiting. *paste is the terminal's until the next call. */
enum terminal_event terminal_read(struct terminal *terminal, struct key *key, struct slice *paste);

/* Throws away what was typed and not read yet. */
void terminal_drain(struct terminal *terminal);

int terminal_fd(const struct terminal *terminal); /* to wait on */
const sigset_t *terminal_mask(
	const struct terminal *terminal); /* while waiting: SIGWINCH and the ending signals are let in */
bool terminal_told_to_end(void);          /* by SIGTERM, SIGHUP or SIGINT from outside */

void terminal_suspend(struct terminal *terminal);

/* Lends the terminal to the operator's editor ($VISUAL, else $EDITOR, else vi) on a file, until it ends. ERR_FILE if it cannot be
 * run or ends badly. */
enum err_code terminal_edit(struct terminal *terminal, const char *path, struct err *e);

/* The window's title, a bell and a note, and the clipboard (OSC 52); nothing where the terminal does not know them. */
void terminal_title(struct terminal *terminal, const char *title);
void terminal_bell(struct terminal *terminal, const char *note);
void terminal_copy(struct terminal *terminal, const char *text);

#endif
