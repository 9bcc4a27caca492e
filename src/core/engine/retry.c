#include "core/engine/retry.h"

#include <string.h>
#include <strings.h>

enum {
	MOST_WAIT_MS = 10 * 60 * 1000, /* of a record that failed in a way that passes */
	MOST_PIECES = 20,              /* a chunk costs calls */
	ALONE_AFTER = 3,
};

struct class_row {
	const char *code;
	enum failure_class class;
};

static const struct class_row classes[] = {
	{ "UNABLE_TO_LOCK_ROW", FAILURE_AGAIN },
	{ "TOO_MANY_APEX_REQUESTS", FAILURE_AGAIN },
	{ "QUERY_TIMEOUT", FAILURE_AGAIN },
	{ "OPERATION_TOO_LARGE", FAILURE_AGAIN },
	{ "EXCEEDED_ID_LIMIT", FAILURE_AGAIN },
	{ "SERVER_UNAVAILABLE", FAILURE_LATER },
	{ "TERRITORY_REALIGN_IN_PROGRESS", FAILURE_LATER },
	{ "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", FAILURE_LATER },
	{ "STORAGE_LIMIT_EXCEEDED", FAILURE_STOP },
	{ "API_DISABLED_FOR_ORG", FAILURE_STOP },
	{ "API_CURRENTLY_DISABLED", FAILURE_STOP },
	{ "FUNCTIONALITY_NOT_ENABLED", FAILURE_STOP },
};

/* The admin's own automation failed: with these the text decides. */
static const char *const automation[] = { "CANNOT_EXECUTE_FLOW_TRIGGER", "APEX_ERROR",
	                                  "CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY" };

/* A lock, or a limit of Apex that fewer records in one transaction keep below. */
static const char *const passing_words[] = { "UNABLE_TO_LOCK_ROW", "System.LimitException",
	                                     "Apex CPU time limit exceeded", "Too many SOQL queries",
	                                     "Too many DML" };

static bool speaks_of(struct slice text, const char *word)
{
	return text.len && memmem(text.at, text.len, word, strlen(word)) != NULL;
}

static bool is_passing(struct slice message)
{
	for (size_t i = 0; i < sizeof passing_words / sizeof passing_words[0]; i++)
		if (speaks_of(message, passing_words[i]))
			return true;
	return false;
}

enum failure_class retry_class(struct slice code, struct slice message)
{
	for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++)
		if (slice_is(code, classes[i].code))
			return classes[i].class;
	for (size_t i = 0; i < sizeof automation / sizeof automation[0]; i++)
		if (slice_is(code, automation[i]) && is_passing(message))
			return FAILURE_AGAIN;
	return FAILURE_DATA;
}

bool retry_misses(struct slice code, struct slice message, const char *object)
{
	static const char begin[] = "Foreign key external ID: ", entity[] = " in entity ";
	const size_t len = strlen(object);
	const char *at;

	if (!slice_is(code, "INVALID_FIELD") || message.len < sizeof begin ||
	    memcmp(message.at, begin, sizeof begin - 1) != 0)
		return false;
	while ((at = memmem(message.at, message.len, entity, sizeof entity - 1)) != NULL)
		message = (struct slice){ at + sizeof entity - 1,
			                  message.len - (size_t)(at - message.at) - (sizeof entity - 1) };
	at = message.at;
	return message.len >= len && strncasecmp(at, object, len) == 0 &&
	       (message.len == len ||
	        !strchr("_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", at[len]));
}

size_t retry_piece(int tries, size_t count, bool in_requests)
{
	static const size_t jobs[] = { 10000, 2000, 200 }, requests[] = { 50, 10, 1 };
	const size_t *pieces = in_requests ? requests : jobs;
	size_t piece = pieces[tries < 1 ? 0 : tries > 3 ? 2 : tries - 1];
	size_t least = (count + MOST_PIECES - 1) / MOST_PIECES;

	return piece > least ? piece : least;
}

bool retry_alone(int tries)
{
	return tries >= ALONE_AFTER;
}

int64_t retry_record_pause(enum failure_class class, int tries, uint64_t random)
{
	if (class == FAILURE_LATER)
		return retry_pause(tries, 30 * 1000, MOST_WAIT_MS, random);
	return retry_pause(tries, 1000, 60 * 1000, random);
}

int64_t retry_allowance_pause(int n, bool ending, uint64_t random)
{
	return ending ? 5 * 1000 : retry_pause(n, 60 * 1000, 60 * 60 * 1000, random);
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

bool retry_job_out_of_batches(const char *message)
{
	return strcasestr(message, "ExceededQuota") != NULL;
}

int64_t retry_wait(int64_t not_before_ms, int64_t now_ms)
{
	int64_t wait = not_before_ms - now_ms;

	return wait < 0 ? 0 : wait > MOST_WAIT_MS ? MOST_WAIT_MS : wait;
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
