/*
 * listener.h - waits on 127.0.0.1 for the one request that a browser brings back, and answers it with a small page.
 * Knows no OAuth: whoever opened it says what each request's query means. Anything else that comes is answered 404 and
 * forgotten, so that neither a browser's own curiosity (/favicon.ico) nor a stranger ends the waiting.
 */
#ifndef LONGSHORE_ORG_LISTENER_H
#define LONGSHORE_ORG_LISTENER_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

enum { LISTENER_CALLERS = 8 };

struct listener;

/* `address`: "http://localhost:1717/path" or the same with 127.0.0.1. False for any other, which nobody can listen to here. */
bool listener_fits(const char *address);

/* ERR_FILE: the port is taken, or not for us. The caller closes it. */
enum err_code listener_open(struct listener **listener, const char *address, struct err *e);
void listener_close(struct listener *listener); /* who is still connected is dropped */

/* What a request for the address brings: its query, still encoded. The sentence for the page is added to `page`; true: the
 * page was sent as a success. */
typedef bool listener_hear(void *ctx, struct slice query, struct buf *page);

/* Waits at most `wait_ms` (-1: for ever) for something to happen here or for input on `also` (-1: none), and deals with it. True:
 * there is input on `also`. */
bool listener_turn(struct listener *listener, int also, int wait_ms, listener_hear *hear, void *ctx);

#endif
