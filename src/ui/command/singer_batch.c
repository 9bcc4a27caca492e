#include "ui/command/singer_batch.h"

bool singer_batch_add(struct singer_batch *batch, int64_t records, size_t bytes)
{
	if (!batch->waits)
		batch->first_ms = clock_mono(batch->clock);
	batch->waits = true;
	return records >= SINGER_BATCH_RECORDS || bytes >= SINGER_BATCH_BYTES ||
	       singer_batch_patience(batch) == 0;
}

int singer_batch_patience(const struct singer_batch *batch)
{
	int64_t left;

	if (!batch->waits)
		return -1;
	left = batch->first_ms + SINGER_BATCH_MS - clock_mono(batch->clock);
	return left > 0 ? (int)left : 0;
}

void singer_batch_sent(struct singer_batch *batch)
{
	batch->waits = false;
}
