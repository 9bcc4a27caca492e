/* markup.h - text within XML and HTML: what would be markup is escaped, control characters become question marks. */
#ifndef LONGSHORE_PRACTICE_MARKUP_H
#define LONGSHORE_PRACTICE_MARKUP_H

#include "base/buf.h"

void markup_add(struct buf *to, const char *text);

#endif
