/*
 * replay.h - recorded conversations (tests/recorded/cumulusci/http), held again with the practice org: the same requests,
 * answers of the same status with the same keys and types. Ids of the real org become those that were answered here.
 */
#ifndef LONGSHORE_TESTS_REPLAY_H
#define LONGSHORE_TESTS_REPLAY_H

#include <ctype.h>

#include "recorded.h"

enum { MOST_IDS = 400 };

static struct {
	char theirs[32], ours[32];
} known_ids[MOST_IDS];
static size_t known_id_count;

static inline void know_id(const char *theirs, const char *ours)
{
	for (size_t i = 0; i < known_id_count; i++)
		if (strcmp(known_ids[i].theirs, theirs) == 0)
			return;
	if (known_id_count == MOST_IDS)
		return;
	snprintf(known_ids[known_id_count].theirs, sizeof known_ids->theirs, "%s", theirs);
	snprintf(known_ids[known_id_count++].ours, sizeof known_ids->ours, "%s", ours);
}

/* Ids that stand at the same place of both answers name the same record. */
static inline void learn_ids(const json_t *recorded, const json_t *ours)
{
	const char *key;
	json_t *value, *item;
	size_t i;

	json_object_foreach((json_t *)(uintptr_t)recorded, key, value) {
		const json_t *mine = json_object_get(ours, key);

		if (strcasecmp(key, "id") == 0 && json_is_string(value) && json_is_string(mine))
			know_id(json_string_value(value), json_string_value(mine));
		else
			learn_ids(value, mine);
	}
	json_array_foreach(recorded, i, item)
		learn_ids(item, json_array_get(ours, i));
}

static inline void replace_all(char *text, size_t room, const char *old, const char *new)
{
	size_t from = strlen(old), to = strlen(new);

	for (char *at = text; (at = strstr(at, old)); at += to) {
		if (strlen(text) + to - from >= room)
			fail_msg("a recorded request is too long");
		memmove(at + to, at + from, strlen(at + from) + 1);
		memcpy(at, new, to);
	}
}

/* The request with this org's version and ids; a blank in a URL is no URL's. */
static inline void translate(char *text, size_t room, bool url)
{
	replace_all(text, room, "/vxx.0/", "/v62.0/");
	replace_all(text, room, "/v49.0/", "/v62.0/");
	for (size_t i = 0; i < known_id_count; i++)
		replace_all(text, room, known_ids[i].theirs, known_ids[i].ours);
	if (url)
		replace_all(text, room, " ", "%20");
}

/* One line of at most `size` bytes into `to`; what lies behind it. NULL at the end. */
static inline const char *take_line(const char *from, char *to, size_t size)
{
	const char *end = strchr(from, '\n');
	size_t len = end ? (size_t)(end - from) : strlen(from);

	if (!*from)
		return NULL;
	if (len >= size)
		fail_msg("a recorded line is too long");
	memcpy(to, from, len);
	to[len] = '\0';
	return end ? end + 1 : from + len;
}

struct exchange {
	char method[8];
	char path[4096];
	char body[64 * 1024];
	int status;
	char answer[64 * 1024];
};

/* The next exchange behind `from`; NULL at the end. */
static inline const char *next_exchange(const char *from, struct exchange *x)
{
	static char line[64 * 1024];
	enum { NOWHERE, BODY, ANSWER } part = NOWHERE;

	memset(x, 0, sizeof *x);
	while ((from = take_line(from, line, sizeof line))) {
		const char *host = strstr(line, "://");

		if (strncmp(line, "### ", 4) == 0 && host) {
			sscanf(line + 4, "%7s", x->method);
			snprintf(x->path, sizeof x->path, "%s", strchr(host + 3, '/'));
		} else if (strcmp(line, ">") == 0) {
			part = BODY;
		} else if (strncmp(line, "< HTTP ", 7) == 0) {
			x->status = atoi(line + 7);
			part = NOWHERE;
		} else if (strcmp(line, "<") == 0) {
			part = ANSWER;
		} else if (part == BODY) {
			strcat(x->body, line);
		} else if (part == ANSWER && line[0]) {
			strcat(strcat(x->answer, line), "\n");
		}
		if (x->status && (strncmp(from, "### ", 4) == 0 || !*from))
			return from;
	}
	return x->status ? "" : NULL;
}

static inline void hold(struct exchange *x, const char *file)
{
	json_t *recorded, *ours;
	struct reply r;
	char why[512];

	translate(x->path, sizeof x->path, true);
	translate(x->body, sizeof x->body, false);
	r = ask(x->method, x->path, x->body[0] ? x->body : NULL);
	if (r.status != x->status)
		fail_msg("%s: %s %s\n%.300s\nanswered %d, recorded %d: %.500s", file, x->method, x->path,
		         x->body, r.status, x->status, r.body);
	if (!x->answer[0])
		return;
	recorded = parse(x->answer, x->path);
	ours = parse(r.body, x->path);
	if (!same_shape(recorded, ours, "", why))
		fail_msg("%s: %s %s: %s\n%.1000s", file, x->method, x->path, why, r.body);
	learn_ids(recorded, ours);
	json_decref(recorded);
	json_decref(ours);
}

/* Holds the conversation of a file; how many exchanges it had. Requests whose path holds `but` are left out. */
static inline int replay(const char *file, const char *but)
{
	static char text[512 * 1024];
	static struct exchange x;
	char path[256];
	const char *at = text;
	FILE *f;
	int n = 0;

	snprintf(path, sizeof path, "tests/recorded/cumulusci/http/%s.http.txt", file);
	f = fopen(path, "rb");
	assert_non_null(f);
	text[fread(text, 1, sizeof text - 1, f)] = '\0';
	fclose(f);
	known_id_count = 0;
	know_id("Thu, 03 Sep 2020 21:35:07 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"); /* objects are new here */
	know_id("00D0xORGID00000000", PRACTICE_ORG);
	while ((at = next_exchange(at, &x))) {
		if (but && strstr(x.path, but))
			continue;
		hold(&x, file);
		n++;
	}
	return n;
}

#endif
