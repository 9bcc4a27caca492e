/*
 * breaker.h - when the org may be asked at all: a circuit breaker over all requests of a run. Pure; times are passed in.
 *
 * Closed, every request goes its own way. Two requests in a row without a usable answer open it: then one request at a
 * time looks whether the org is back, with pauses that grow to five minutes, and the first usable answer closes it. A
 * limit of calls at one time opens it at once, until the org's Retry-After or a growing pause is over.
 */
#ifndef LONGSHORE_ENGINE_BREAKER_H
#define LONGSHORE_ENGINE_BREAKER_H

#include <stdbool.h>
#include <stdint.h>

struct breaker {
	int breaks;         /* requests without a usable answer, one after the other, while it is closed */
	int level;          /* pauses so far; 0: closed */
	int64_t down_since; /* monotonic: the first of them; 0 when the org answers. A limit is an answer */
	int64_t until;      /* monotonic: nothing is asked before */
	int64_t begun;      /* monotonic: the request that will tell */
	int64_t vain;       /* the last of those that did not: when it began */
	bool limited;       /* by a limit: an answer to an earlier request does not end that */
	bool probing;       /* a request is on its way that will tell */
};

/* May a request begin now? */
bool breaker_lets(const struct breaker *b, int64_t now);

/* One begins. */
void breaker_begin(struct breaker *b, int64_t now);

/* What began asked nothing after all, or has an answer that tells nothing. */
void breaker_asked_nothing(struct breaker *b);

/* When it will let one begin, as things stand: `now` or later; INT64_MAX while the one on its way will tell. */
int64_t breaker_next(const struct breaker *b, int64_t now);

/* A usable answer came. True if that closed it. */
bool breaker_answered(struct breaker *b, int64_t now);

/* None came (`limit` false), or a limit. `retry_after_ms`: the org's word, 0 for none. True if there is a new pause. */
bool breaker_failed(struct breaker *b, bool limit, int64_t retry_after_ms, int64_t now, uint64_t random);

/* Has the org been away for so long, and was it asked after that time without an answer? A machine that slept meanwhile asks first. */
bool breaker_gone(const struct breaker *b, int64_t most_ms);

#endif
