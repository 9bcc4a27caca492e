/*
 * clock.h - the time, passed in: what reads a clock takes one of these, so that a test can move it.
 */
#ifndef LONGSHORE_BASE_CLOCK_H
#define LONGSHORE_BASE_CLOCK_H

#include <stdint.h>

struct clock {
	int64_t (*utc_ms)(void *ctx); /* milliseconds since 1970, UTC: for people and the journal; may jump */
	int64_t (*mono_ms)(
		void *ctx); /* milliseconds that never run backwards: for waiting; counts while suspended */
	void *ctx;
};

extern const struct clock clock_real;

int64_t clock_utc(const struct clock *c);
int64_t clock_mono(const struct clock *c);

#endif
