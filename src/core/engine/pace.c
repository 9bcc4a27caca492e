#include "core/engine/pace.h"

int64_t pace_chunk_records(int n, bool allow_failures, int64_t asked)
{
	static const int64_t bold[] = { 2000, 50000 };
	static const int64_t careful[] = { 2000, 10000, 50000 };
	int64_t size;

	if (allow_failures)
		size = n <= 2 ? bold[n - 1] : PACE_FULL;
	else
		size = n <= 3 ? careful[n - 1] : 100000;
	return asked > 0 && asked < size ? asked : size;
}

int64_t pace_whole_batches(int64_t records)
{
	return records > PACE_BATCH ? records - records % PACE_BATCH : records;
}

int64_t pace_poll(int64_t left, double rate, int polls)
{
	const int64_t most = 30000;
	int64_t pause = PACE_FIRST_POLL_MS;

	if (rate > 0) {
		double end = (double)left / rate * 1000 * 1.02 + 50;

		pause = end < (double)most ? (int64_t)end : most;
		polls -= 2; /* a prediction that failed twice is none */
	}
	for (int64_t least = rate > 0 ? 250 : PACE_FIRST_POLL_MS; polls > 0 && least < most; polls--) {
		least += least / 2;
		pause = pause > least ? pause : least;
	}
	return pause < 250 ? 250 : pause < most ? pause : most;
}

double pace_rate(int64_t processed, int64_t records, int64_t took_ms, double before)
{
	bool tells = took_ms > 0 && processed > 0 && (before <= 0 || processed >= records / 5);

	return tells ? (double)processed * 1000 / (double)took_ms : before;
}
