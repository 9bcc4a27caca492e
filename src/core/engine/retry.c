#include "core/engine/retry.h"

#include <string.h>
#include <strings.h>

struct class_row {
	const char *code;
	enum failure_class class;
};

static const struct class_row classes[] = {
	{ "UNABLE_TO_LOCK_ROW", FAILURE_AGAIN },
	{ "TOO_MANY_APEX_REQUESTS", FAILURE_AGAIN },
	{ "SERVER_UNAVAILABLE", FAILURE_AGAIN },
	{ "QUERY_TIMEOUT", FAILURE_AGAIN },
	{ "TERRITORY_REALIGN_IN_PROGRESS", FAILURE_AGAIN },
	{ "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", FAILURE_AGAIN },
	{ "STORAGE_LIMIT_EXCEEDED", FAILURE_STOP },
	{ "API_DISABLED_FOR_ORG", FAILURE_STOP },
	{ "API_CURRENTLY_DISABLED", FAILURE_STOP },
	{ "FUNCTIONALITY_NOT_ENABLED", FAILURE_STOP },
};

/* The admin's own automation failed: with these the text decides. */
static const char *const automation[] = { "CANNOT_EXECUTE_FLOW_TRIGGER", "APEX_ERROR",
	                                  "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY" };

static bool speaks_of(struct slice text, const char *word)
{
	return text.len && memmem(text.at, text.len, word, strlen(word)) != NULL;
}

enum failure_class retry_class(struct slice code, struct slice message)
{
	for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
		if (slice_is(code, classes[i].code))
			return classes[i].class;
	for (size_t i = 0; i < sizeof automation / sizeof automation[0]; i++)
		if (slice_is(code, automation[i]) && speaks_of(message, "UNABLE_TO_LOCK_ROW"))
			return FAILURE_AGAIN;
	return FAILURE_DATA;
}

bool retry_job_again(const char *message)
{
	static const char *const passing[] = { "TooManyLockFailure", "lock failure",  "Timeout",
		                               "timed out",          "ExceededQuota", "InternalServerError" };

	for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++)
		if (strcasestr(message, passing[i]))
			return true;
	return false;
}

int64_t retry_pause(int n, int64_t first_ms, int64_t most_ms, uint64_t random)
{
	int64_t pause = first_ms;

	while (n-- > 1 && pause < most_ms)
		pause *= 2;
	if (pause > most_ms)
		pause = most_ms;
	return pause - (int64_t)(random % (uint64_t)(pause / 4 + 1));
}
