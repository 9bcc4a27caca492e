#include "core/engine/breaker.h"

#include "core/engine/retry.h"

enum {
	OPENS_AFTER = 2, /* one alone may be an accident of its own connection */
	FIRST_PAUSE_MS = 1000,
	MOST_PAUSE_MS = 5 * 60 * 1000,
	FIRST_LIMIT_MS = 2000,
	MOST_RETRY_AFTER_MS = 60 * 60 * 1000,
};

bool breaker_lets(const struct breaker *b, int64_t now)
{
	return b->level == 0 || (now >= b->until && !b->probing);
}

void breaker_begin(struct breaker *b, int64_t now)
{
	if (b->level == 0)
		return;
	b->probing = true;
	b->begun = now;
}

void breaker_asked_nothing(struct breaker *b)
{
	b->probing = false;
}

int64_t breaker_next(const struct breaker *b, int64_t now)
{
	if (b->level == 0)
		return now;
	if (b->probing)
		return INT64_MAX;
	return b->until > now ? b->until : now;
}

bool breaker_answered(struct breaker *b, int64_t now)
{
	bool was_open = b->level > 0;

	b->down_since = 0;
	b->breaks = 0;
	if (was_open && b->limited && now < b->until)
		return false;
	*b = (struct breaker){ 0 };
	return was_open;
}

static void open_for(struct breaker *b, bool limit, int64_t retry_after_ms, int64_t now, uint64_t random)
{
	int64_t pause = retry_pause(++b->level, limit ? FIRST_LIMIT_MS : FIRST_PAUSE_MS, MOST_PAUSE_MS, random);

	if (retry_after_ms > 0)
		pause = retry_after_ms < MOST_RETRY_AFTER_MS ? retry_after_ms : MOST_RETRY_AFTER_MS;
	b->until = now + pause;
	b->limited = limit;
	b->probing = false;
}

bool breaker_failed(struct breaker *b, bool limit, int64_t retry_after_ms, int64_t now, uint64_t random)
{
	if (limit)
		b->down_since = 0;
	else if (b->down_since == 0)
		b->down_since = now;
	if (b->level > 0 && !b->probing)
		return false; /* of a request that began before */
	if (b->probing)
		b->vain = b->begun;
	b->breaks++;
	if (b->level == 0 && !limit && retry_after_ms <= 0 && b->breaks < OPENS_AFTER)
		return false;
	open_for(b, limit, retry_after_ms, now, random);
	return true;
}

bool breaker_gone(const struct breaker *b, int64_t most_ms)
{
	return b->down_since && b->vain - b->down_since > most_ms;
}
