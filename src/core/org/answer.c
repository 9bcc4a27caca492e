#include "core/org/answer.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/org/json.h"
#include "core/org/xml.h"

static bool is_blank(char c)
{
	return (unsigned char)c <= ' ' || c == 0x7f;
}

/* Copies text as one line: runs of white space and control characters become one blank. Cut at a character's border. */
static void put_line(char *to, size_t size, struct slice text)
{
	size_t n = 0;

	text = slice_trim(text);
	for (size_t i = 0; i < text.len && n + 1 < size; i++) {
		bool blank = is_blank(text.at[i]);

		if (!blank || (n && to[n - 1] != ' '))
			to[n++] = blank ? ' ' : text.at[i];
	}
	to[n] = '\0';
	if (n + 1 < size)
		return;
	n = size - sizeof "…";
	while (n > 0 && ((unsigned char)to[n] & 0xc0) == 0x80)
		n--;
	memcpy(to + n, "…", sizeof "…");
}

static void put_code(struct answer *answer, struct slice code)
{
	code = slice_trim(code);
	if (code.len == 0 || code.len >= sizeof answer->code)
		return;
	for (size_t i = 0; i < code.len; i++)
		if (!isalnum((unsigned char)code.at[i]) && code.at[i] != '_')
			return;
	memcpy(answer->code, code.at, code.len);
	answer->code[code.len] = '\0';
}

/* The pairs of names under which an API gives code and words (salesforce-api.md A4, G3). */
static const struct {
	const char *code, *words;
} spellings[] = {
	{ "errorCode", "message" },
	{ "exceptionCode", "exceptionMessage" },
	{ "error", "error_description" },
	{ "statusCode", "message" },
};

static bool take_object(struct answer *answer, const json_t *object)
{
	for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++) {
		const char *code = json_text(object, spellings[i].code);
		const char *words = json_text(object, spellings[i].words);

		if (!*code)
			continue;
		put_code(answer, slice_of(code));
		put_line(answer->message, sizeof answer->message, slice_of(words));
		return true;
	}
	put_line(answer->message, sizeof answer->message, slice_of(json_text(object, "message")));
	return answer->message[0] != '\0';
}

/* The first error counts; how many more there are is told. */
static bool take_array(struct answer *answer, const json_t *array)
{
	size_t count = json_array_size(array), used;

	if (count && json_is_string(json_array_get(array, 0))) {
		snprintf(answer->message, sizeof answer->message, "%zu records have this key", count);
		return true; /* HTTP 300: the array lists their addresses (salesforce-api.md E3) */
	}
	if (!take_object(answer, json_array_get(array, 0)))
		return false;
	used = strlen(answer->message);
	if (count > 1)
		snprintf(answer->message + used, sizeof answer->message - used, " (and %zu more)", count - 1);
	return true;
}

static bool take_json(struct answer *answer, struct slice body)
{
	json_t *value = json_read(body);
	bool taken = json_is_array(value)    ? take_array(answer, value)
	             : json_is_object(value) ? take_object(answer, value)
	                                     : false;

	json_wipe(value);
	return taken;
}

/* Fault bodies in XML, and the title of an HTML page. */
static bool take_markup(struct answer *answer, struct slice body)
{
	static const struct {
		const char *code, *words;
	} elements[] = {
		{ "errorCode", "message" },
		{ "exceptionCode", "exceptionMessage" },
		{ "faultcode", "faultstring" },
		{ "", "title" },
	};

	for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
		struct slice words = xml_element(body, elements[i].words);
		struct slice code = *elements[i].code ? xml_element(body, elements[i].code)
		                                      : (struct slice){ 0 };
		const char *colon = code.len ? memrchr(code.at, ':', code.len) : NULL;

		if (words.len == 0 && code.len == 0)
			continue;
		if (colon) /* "sf:INVALID_SESSION_ID" */
			code = (struct slice){ colon + 1, (size_t)(code.at + code.len - colon - 1) };
		put_code(answer, code);
		put_line(answer->message, sizeof answer->message, words);
		xml_decode(answer->message);
		return true;
	}
	return false;
}

void answer_error_body(struct answer *answer, struct slice body)
{
	answer->code[0] = answer->message[0] = '\0';
	body = slice_trim(body);
	if (body.len == 0 || take_json(answer, body))
		return;
	if (body.at[0] == '<') {
		take_markup(answer, body);
		return;
	}
	if (body.at[0] == '[' || body.at[0] == '{')
		return; /* JSON without words, or cut short: nothing that a person can read */
	if (memchr(body.at, '_', body.len)) /* "Bad_OAuth_Token" (salesforce-api.md A8) */
		put_code(answer, body);
	put_line(answer->message, sizeof answer->message, body);
}

struct judgement {
	const char *code;
	enum verdict verdict;
	enum trouble trouble;
};

/* Codes that say more than the status they come with, which is 4xx or 503 (salesforce-api.md A4, G2). */
static const struct judgement by_code[] = {
	{ "REQUEST_LIMIT_EXCEEDED", VERDICT_TRY_AGAIN, TROUBLE_LIMIT },
	{ "TOO_MANY_APEX_REQUESTS", VERDICT_TRY_AGAIN, TROUBLE_LIMIT },
	{ "EXCEEDED_QUOTA", VERDICT_TRY_AGAIN, TROUBLE_DAILY },
	{ "EXCEEDEDQUOTA", VERDICT_TRY_AGAIN, TROUBLE_DAILY },
	{ "ExceededQuota", VERDICT_TRY_AGAIN, TROUBLE_DAILY },
	{ "LIMIT_EXCEEDED", VERDICT_TRY_AGAIN, TROUBLE_DAILY },
	{ "rate_limit_exceeded", VERDICT_TRY_AGAIN, TROUBLE_LIMIT },
	{ "SERVER_UNAVAILABLE", VERDICT_TRY_AGAIN, TROUBLE_SERVER },
	{ "UNABLE_TO_LOCK_ROW", VERDICT_TRY_AGAIN, TROUBLE_SERVER },
	{ "TERRITORY_REALIGN_IN_PROGRESS", VERDICT_TRY_AGAIN, TROUBLE_SERVER },
	{ "INSERT_UPDATE_DELETE_NOT_ALLOWED_DURING_MAINTENANCE", VERDICT_TRY_AGAIN, TROUBLE_SERVER },
	{ "REQUEST_RUNNING_TOO_LONG", VERDICT_UNKNOWN, TROUBLE_SERVER },
	{ "UNKNOWN_EXCEPTION", VERDICT_UNKNOWN, TROUBLE_SERVER },
	{ "INVALID_SESSION_ID", VERDICT_REJECTED, TROUBLE_SESSION },
	{ "InvalidSessionId", VERDICT_REJECTED, TROUBLE_SESSION },
	{ "Bad_OAuth_Token", VERDICT_REJECTED, TROUBLE_SESSION },
};

static struct judgement judge_status(int status)
{
	if (status >= 200 && status < 300)
		return (struct judgement){ "", VERDICT_DONE, TROUBLE_NONE };
	if (status == 0)
		return (struct judgement){ "", VERDICT_UNKNOWN, TROUBLE_CONNECTION };
	if (status < 200 || status >= 500 || status == 408) /* 408: given up on the request, perhaps too late */
		return (struct judgement){ "", VERDICT_UNKNOWN, TROUBLE_SERVER };
	if (status == 401)
		return (struct judgement){ "", VERDICT_REJECTED, TROUBLE_SESSION };
	if (status == 404)
		return (struct judgement){ "", VERDICT_REJECTED, TROUBLE_GONE };
	if (status == 429)
		return (struct judgement){ "", VERDICT_TRY_AGAIN, TROUBLE_LIMIT };
	if (status == 420) /* the edge found no instance to hand it to (salesforce-api.md G1) */
		return (struct judgement){ "", VERDICT_TRY_AGAIN, TROUBLE_SERVER };
	return (struct judgement){ "", VERDICT_REJECTED, TROUBLE_REQUEST };
}

void answer_judge(struct answer *answer, int status, bool read_only)
{
	struct judgement j = judge_status(status);
	bool words_count = (status >= 400 && status < 500) || status == 503;

	for (size_t i = 0; i < sizeof by_code / sizeof by_code[0] && words_count; i++)
		if (strcmp(answer->code, by_code[i].code) == 0)
			j = by_code[i];
	/* one code for both of its kinds; the words tell them apart (salesforce-api.md G2) */
	if (j.trouble == TROUBLE_LIMIT && strstr(answer->message, "TotalRequests"))
		j.trouble = TROUBLE_DAILY;
	if (j.verdict == VERDICT_UNKNOWN && read_only)
		j.verdict = VERDICT_TRY_AGAIN;
	answer->status = status;
	answer->verdict = j.verdict;
	answer->trouble = j.trouble;
	if (j.verdict == VERDICT_DONE || answer->message[0])
		return;
	if (status >= 300 && status < 400)
		snprintf(answer->message, sizeof answer->message,
		         "the org answered HTTP %d, which points elsewhere: is the address right?", status);
	else if (status)
		snprintf(answer->message, sizeof answer->message, "the org answered HTTP %d%s%s", status,
		         answer->code[0] ? ", " : " without a reason", answer->code);
	else
		snprintf(answer->message, sizeof answer->message, "the org did not answer");
}

void answer_none(struct answer *answer, bool read_only, const char *format, ...)
{
	va_list args;

	answer->status = 0;
	answer->verdict = answer->left && !read_only ? VERDICT_UNKNOWN : VERDICT_TRY_AGAIN;
	answer->trouble = TROUBLE_CONNECTION;
	answer->code[0] = '\0';
	va_start(args, format);
	vsnprintf(answer->message, sizeof answer->message, format, args);
	va_end(args);
}

bool answer_signed_out(const struct answer *answer)
{
	return answer->status >= 400 && answer->status < 500 && answer->trouble == TROUBLE_SESSION;
}

/* A token's first part is the org's id, which may be shown: what counts as the secret's beginning is longer than that. */
enum { HIDDEN_FROM = 24 };

void answer_hide(struct answer *answer, const char *secret)
{
	size_t len = secret ? strlen(secret) : 0;
	char *at = answer->message, *end;
	char needle[HIDDEN_FROM + 1];

	if (len < 4)
		return;
	snprintf(needle, sizeof needle, "%s", secret);
	while ((at = strstr(at, needle)) != NULL) {
		end = at + strcspn(at, " \"'<>,;"); /* the message may have been cut inside the secret */
		memmove(at + 3, end, strlen(end) + 1);
		memcpy(at, "...", 3);
		at += 3;
	}
	explicit_bzero(needle, sizeof needle);
}
