#include "base/clock.h"

#include <time.h>

static int64_t read_ms(clockid_t id)
{
	struct timespec t;

	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int64_t real_utc(void *ctx)
{
	(void)ctx;
	return read_ms(CLOCK_REALTIME);
}

static int64_t real_mono(void *ctx)
{
	(void)ctx;
	return read_ms(CLOCK_BOOTTIME);
}

const struct clock clock_real = { real_utc, real_mono, 0 };

int64_t clock_utc(const struct clock *c)
{
	return c->utc_ms(c->ctx);
}

int64_t clock_mono(const struct clock *c)
{
	return c->mono_ms(c->ctx);
}
