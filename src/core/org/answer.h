/*
 * answer.h - an HTTP answer, or the lack of one, becomes a verdict.
 *
 * The verdict says what is known of the request's effect, never what to do about it: that is the engine's to decide
 * (craft.md). Codes and bodies: salesforce-api.md G.
 */
#ifndef LONGSHORE_ORG_ANSWER_H
#define LONGSHORE_ORG_ANSWER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

enum verdict {
	VERDICT_DONE,     /* answered with success */
	VERDICT_REJECTED, /* answered with an error: not done, and the same again would not be */
	VERDICT_TRY_AGAIN, /* not done, may be done later: limits, SERVER_UNAVAILABLE, no connection before a byte was
	                      sent; also a read without a usable answer, which changes nothing */
	VERDICT_UNKNOWN, /* no usable answer, 500, 502 and a 503 without a code included: it may have been done */
};

/* Why, in the engine's terms. */
enum trouble {
	TROUBLE_NONE,
	TROUBLE_CONNECTION, /* no connection, or it broke */
	TROUBLE_SESSION,    /* signed out and could not sign in again */
	TROUBLE_LIMIT,      /* too many calls at once, or within a short time: it ends in seconds or minutes */
	TROUBLE_DAILY,      /* what the org allows in 24 hours is used up */
	TROUBLE_SERVER,     /* 5xx */
	TROUBLE_GONE,       /* 404: no such thing (any more) */
	TROUBLE_REQUEST,    /* any other 4xx */
};

struct answer {
	enum verdict verdict;
	enum trouble trouble;
	int status;             /* HTTP, 0 without an answer */
	char code[64];          /* Salesforce's errorCode, "" if none */
	char message[480];      /* one sentence: Salesforce's words, or what happened to the connection */
	int64_t server_utc_ms;  /* of the Date header, 0 if none */
	int64_t retry_after_ms; /* of the Retry-After header, 0 if none */
	int64_t calls_used;     /* of the Sforce-Limit-Info header: API calls of the last 24 hours */
	int64_t calls_most;     /* and how many are allowed, 0 if none */
	char locator[128];      /* of the Sforce-Locator header: where the results go on, "" at the end */
	bool left;              /* bytes of the request may have left this machine */
};

/* Fills code and message from an error body: JSON array or object, OAuth's form, XML, HTML, or nothing. */
void answer_error_body(struct answer *answer, struct slice body);

/* From an HTTP status, after answer_error_body(): verdict and trouble. `read_only`: the request changes nothing. */
void answer_judge(struct answer *answer, int status, bool read_only);

/* Without a usable answer: verdict and trouble (of the connection) from `left`, and the sentence. */
void answer_none(struct answer *answer, bool read_only, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Was the session refused: 401, or the 403 that the identity addresses give? */
bool answer_signed_out(const struct answer *answer);

/* Puts "..." where `secret` stands in the message (a server that echoes what it got). NULL does nothing. */
void answer_hide(struct answer *answer, const char *secret);

#endif
