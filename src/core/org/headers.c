#include "core/org/headers.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/when.h"

static bool header_is(struct slice line, const char *name, struct slice *value)
{
	size_t len = strlen(name);

	if (line.len <= len || line.at[len] != ':' ||
	    !slice_equal_fold((struct slice){ line.at, len }, slice_of(name)))
		return false;
	*value = slice_trim((struct slice){ line.at + len + 1, line.len - len - 1 });
	return true;
}

/* "api-usage=15907/5000000, per-app-api-usage=17/250(appName=x)" (salesforce-api.md B1) */
static void take_limit(struct answer *answer, struct slice value)
{
	const char *slash, *end = value.at + value.len, *at;
	static const char name[] = "api-usage=";
	int64_t used, most;

	if (value.len < sizeof name || memcmp(value.at, name, sizeof name - 1) != 0)
		return;
	value.at += sizeof name - 1;
	slash = memchr(value.at, '/', (size_t)(end - value.at));
	if (!slash)
		return;
	for (at = slash + 1; at < end && *at >= '0' && *at <= '9'; at++)
		;
	if (number_whole((struct slice){ value.at, (size_t)(slash - value.at) }, &used) &&
	    number_whole((struct slice){ slash + 1, (size_t)(at - slash - 1) }, &most)) {
		answer->calls_used = used;
		answer->calls_most = most;
	}
}

static void take_retry_after(struct answer *answer, struct slice value, int64_t now_utc_ms)
{
	int64_t number, now = answer->server_utc_ms ? answer->server_utc_ms : now_utc_ms;

	if (number_whole(value, &number) && number >= 0 && number < INT32_MAX)
		answer->retry_after_ms = number * 1000;
	else if (when_http(value, &number)) {
		number -= now;
		answer->retry_after_ms = number > 0 ? number : 0;
	}
}

void headers_take(struct answer *answer, struct slice line, int64_t now_utc_ms)
{
	struct slice value;

	if (header_is(line, "Date", &value))
		when_http(value, &answer->server_utc_ms);
	else if (header_is(line, "Retry-After", &value))
		take_retry_after(answer, value, now_utc_ms);
	else if (header_is(line, "Sforce-Limit-Info", &value))
		take_limit(answer, value);
	else if (header_is(line, "Sforce-Locator", &value) && !slice_is(value, "null"))
		snprintf(answer->locator, sizeof answer->locator, "%.*s", SLICE_ARGS(value));
}

bool headers_gzip(struct slice line)
{
	struct slice value;

	return header_is(line, "Content-Encoding", &value) && slice_equal_fold(value, slice_of("gzip"));
}
