/* ask.h - a question at the terminal, never at piped input. */
#ifndef LONGSHORE_COMMAND_ASK_H
#define LONGSHORE_COMMAND_ASK_H

#include <stdbool.h>

#include "base/buf.h"

enum { MOST_ANSWER = 256, MOST_SECRET = 16 * 1024 };

/* Puts the question to the terminal and reads one line. False without a terminal (*terminal is false then) or an answer. */
bool ask_line(const char *question, char answer[MOST_ANSWER], bool *terminal);

/* The same for a secret: nothing is shown while it is typed. It is added to `answer`, which the caller wipes. */
bool ask_secret(const char *question, struct buf *answer, bool *terminal);

/* The first line of standard input, where that is no terminal: a secret from a pipe. */
bool ask_piped(struct buf *answer);

#endif
