/* headers.h - the few headers of an answer that mean something here: Date, Retry-After, Sforce-Limit-Info, Sforce-Locator. */
#ifndef LONGSHORE_ORG_HEADERS_H
#define LONGSHORE_ORG_HEADERS_H

#include "core/org/answer.h"

/* One header line, with or without its line end. `now_utc_ms` is ours: it counts where the server gave no Date. */
void headers_take(struct answer *answer, struct slice line, int64_t now_utc_ms);

/* Says this line that the body is gzip? */
bool headers_gzip(struct slice line);

#endif
