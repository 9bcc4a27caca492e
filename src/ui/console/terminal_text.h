/* terminal_text.h - bytes for the terminal that need no curses: base64, added to a buffer. */
#ifndef LONGSHORE_CONSOLE_TERMINAL_TEXT_H
#define LONGSHORE_CONSOLE_TERMINAL_TEXT_H

#include "base/buf.h"

void terminal_add_base64(struct buf *b, struct slice bytes); /* RFC 4648, padded: what OSC 52 carries */

#endif
