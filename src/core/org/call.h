/*
 * call.h - an org from inside this room: requests that outlive a session, and what the rest of the room may see of it.
 * A call belongs to its org and is gone when its `done` was called, or dropped by org_close().
 */
#ifndef LONGSHORE_ORG_CALL_H
#define LONGSHORE_ORG_CALL_H

#include "core/org/org.h"
#include "core/org/session.h"

struct org {
	struct http *http;
	struct session *session;
	struct org_identity identity;
	struct org_call *calls_open;    /* in flight, or waiting for a renewal */
	int64_t own_calls, *calls;      /* where they are counted */
	int64_t calls_used, calls_most; /* as the org last said; 0: never */
	int64_t server_ms, heard;       /* UTC: its clock when last heard; monotonic: when that was */
};

/* As org_start(), with what call_start() alone can do: a path from the root ("/services/..."), and `drop`, called with
 * done_ctx in place of `done` when the org is closed first (NULL: nothing to be freed). */
struct call_options {
	bool from_root;
	void (*drop)(void *done_ctx);
	struct http_call **call;
};
enum err_code call_start(struct org *org, const char *path, const struct http_request *request,
                         struct call_options options, struct err *e);

/* Starts it and turns until it is done. `body` may be NULL. */
enum err_code call_wait(struct org *org, const char *path, const struct http_request *request,
                        struct call_options options, struct answer *answer, struct buf *body, struct err *e);

/* Drops all calls of an org whose http was closed already. */
void call_drop_all(struct org *org);

/* ERR_OK for VERDICT_DONE, else ERR_REFUSED or ERR_UNREACHABLE with a sentence about `what` ("the query"). */
enum err_code call_err(const struct org *org, const char *what, const struct answer *answer, struct err *e);

/* Finds out who and where one is, and fills org->identity. `version` is the operator's choice or NULL. */
enum err_code identity_find(struct org *org, const char *version, struct err *e);

/* The kind of an org from its host and its Organization record, as a query gives the values. */
enum org_kind identity_kind(const char *host, struct slice is_sandbox, struct slice type,
                            struct slice trial_ends);

#endif
