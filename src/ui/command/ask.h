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

/* Lines that come while something else is waited for: from the terminal, or, without one, from standard input. */
struct ask_lines {
	int fd; /* to be polled; -1: nothing more comes */
	struct buf text;
	size_t used; /* bytes of it that were handed out */
};

void ask_lines_open(struct ask_lines *lines);
void ask_lines_close(struct ask_lines *lines); /* wipes */

/* Takes what there is to read, once there is something. Then, as long as it says true, the next whole line of it. */
void ask_lines_read(struct ask_lines *lines);
bool ask_lines_next(struct ask_lines *lines, struct slice *line);

/* The first line of standard input, where that is no terminal: a secret from a pipe. */
bool ask_piped(struct buf *answer);

#endif
