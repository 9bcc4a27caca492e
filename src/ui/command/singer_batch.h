/*
 * singer_batch.h - when the records that wait are checked and sent: at 10,000, at 8 MB, or 60 seconds after the first of them came,
 * whatever else the tap does meanwhile. Pure but for the clock that is passed in.
 */
#ifndef LONGSHORE_COMMAND_SINGER_BATCH_H
#define LONGSHORE_COMMAND_SINGER_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/clock.h"

enum { SINGER_BATCH_RECORDS = 10000, SINGER_BATCH_BYTES = 8 * 1024 * 1024, SINGER_BATCH_MS = 60 * 1000 };

struct singer_batch {
	const struct clock *clock; /* its monotonic time counts */
	bool waits;                /* there is a record that waits */
	int64_t first_ms;          /* when the first of them came */
};

/* A record came; its stream has so many that wait, and so many bytes of rows. True: all that waits goes now. */
bool singer_batch_add(struct singer_batch *batch, int64_t records, size_t bytes);

/* How many milliseconds the next line may take before what waits goes without it: 0 is now, -1 for ever. */
int singer_batch_patience(const struct singer_batch *batch);

/* All that waited is gone. */
void singer_batch_sent(struct singer_batch *batch);

#endif
