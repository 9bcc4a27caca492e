/* org_limits.c - `org limits NAME`: what is left of what an org allows, for people and as JSON. */
#include "base/text.h"
#include "core/org/limits.h"
#include "ui/command/org.h"
#include "ui/command/org_call.h"

struct line {
	const char *key, *words;
	int64_t left, most;
};

static void show_line(struct buf *b, const struct line *line)
{
	char left[28], most[28], used[28];

	if (line->left < 0 || line->most < 0) {
		buf_addf(b, "%-28s the org does not say\n", line->words);
		return;
	}
	buf_addf(b, "%-28s %s left of %s, %s used\n", line->words, text_count(line->left, left, sizeof left),
	         text_count(line->most, most, sizeof most),
	         text_count(line->most - line->left, used, sizeof used));
}

static void put_line(struct json *json, const struct line *line)
{
	if (line->left < 0 || line->most < 0) {
		json_put_text(json, line->key, NULL);
		return;
	}
	json_begin(json, line->key, '{');
	json_put_number(json, "left", line->left);
	json_put_number(json, "used", line->most - line->left);
	json_put_number(json, "most", line->most);
	json_end(json);
}

static int print_limits(const struct call *call, const struct org *org, const struct limits *l)
{
	const struct line lines[] = {
		{ "calls", "API calls of 24 hours", l->calls_left, l->calls_most },
		{ "batches", "batches of 24 hours", l->batches_left, l->batches_most },
		{ "data_mb", "MB of storage for records", l->data_mb_left, l->data_mb_most },
		{ "file_mb", "MB of storage for files", l->file_mb_left, l->file_mb_most },
	};
	struct json json;
	int status;

	json_init(&json);
	if (call->json) {
		json_begin(&json, NULL, '{');
		org_call_members(&json, org);
	}
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		if (call->json)
			put_line(&json, &lines[i]);
		else
			show_line(&json.out, &lines[i]);
	if (call->json) {
		json_put_number(&json, "exit", 0);
		json_end(&json);
	}
	status = call_print(&json.out, 0);
	json_release(&json);
	return status;
}

int org_limits(struct call *call)
{
	static struct access access;
	struct org *org = NULL;
	struct limits limits;
	struct err e;
	int status;

	err_init(&e);
	if (org_settings(&access, call->words.word[1], &e) == ERR_OK &&
	    access_sign_in(&access, &org, &e) == ERR_OK && limits_get(org, &limits, &e) == ERR_OK)
		status = print_limits(call, org, &limits);
	else
		status = call_fail(call, &e, NULL);
	org_close(org);
	access_release(&access);
	return status;
}
