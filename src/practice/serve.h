/*
 * serve.h - the practice org on a port of 127.0.0.1: the only place that knows libmicrohttpd.
 * Each connection has a thread; faults of the scenario that cut or drop a connection happen here.
 */
#ifndef LONGSHORE_PRACTICE_SERVE_H
#define LONGSHORE_PRACTICE_SERVE_H

#include "base/err.h"
#include "practice/practice.h"

struct server;

/* Listens on `port`, 0 for any that is free; p->port is the one it got. NULL with the error. */
struct server *server_open(struct practice *p, int port, struct err *e);

/* Closes every connection. */
void server_close(struct server *s);

#endif
