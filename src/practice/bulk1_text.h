/*
 * bulk1_text.h - what Bulk API 1.0 reads and writes beside CSV: descriptions of jobs, infos and errors, in XML or JSON.
 */
#ifndef LONGSHORE_PRACTICE_BULK1_TEXT_H
#define LONGSHORE_PRACTICE_BULK1_TEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "practice/http.h"
#include "practice/json_out.h"

/* A jobInfo as a client sends it; NULL: it does not have that element. Texts lie in the arena. */
struct job_wish {
	const char *operation, *object, *key, *concurrency, *content, *rule, *state;
};

/* Does the request speak JSON, by its Content-Type or what it accepts? Otherwise XML. */
bool bulk1_is_json(const struct request *r);

/* false with a sentence: no jobInfo, or an element that none has. */
bool bulk1_read(struct job_wish *w, struct slice body, bool json, struct arena *a, struct buf *why);

/* 400 with an exceptionCode. */
void bulk1_error(const struct request *r, struct answer *a, const char *code, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* An answer that is written element by element, in one of the two. */
struct info {
	bool json;
	struct buf *to;
	struct json_out out;
	const char *root;
	int depth;
};

/* `list` without a member of that name: {"batchInfo":[...]} in JSON, <batchInfoList> in XML. */
void info_begin(struct info *i, const struct request *r, struct answer *a, const char *root, bool list);
void info_end(struct info *i, bool list);
void info_begin_item(struct info *i, const char *name); /* of a list */
void info_end_item(struct info *i, const char *name);

void info_text(struct info *i, const char *name, const char *text); /* NULL: left out in XML, null in JSON */
void info_number(struct info *i, const char *name, int64_t number);
void info_version(struct info *i, const char *name, int version);
void info_time(struct info *i, const char *name, int64_t ms);

#endif
