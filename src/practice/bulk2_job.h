/*
 * bulk2_job.h - what the files of bulk2.h share about a job.
 */
#ifndef LONGSHORE_PRACTICE_BULK2_JOB_H
#define LONGSHORE_PRACTICE_BULK2_JOB_H

#include <jansson.h>

#include "practice/http.h"
#include "practice/practice.h"

/* "COMMA", as a job's description names its delimiter. */
const char *bulk2_delimiter_name(char delimiter);
char bulk2_delimiter(const char *name); /* 0: there is none of that name */

/* "2021-08-31T01:31:13.000+0000" */
void bulk2_write_time(struct json_out *o, const char *key, int64_t ms);

/* The answer to its creation. */
void bulk2_write_created(const struct job *job, struct answer *a);

/* 400 for a value that the key of a description does not take (NULL: it is missing). */
void bulk2_bad_value(struct answer *a, const char *key, const char *value);

/* The members that a description may have, each a text or null, and where they go; the texts belong to the JSON. */
struct bulk2_word {
	const char *key;
	const char **to;
};

/* False with 400 where it has another member, or one that is no text. */
bool bulk2_read_words(const json_t *json, const struct bulk2_word *words, size_t count, struct answer *a);

/* Its data is whole: from now on the worker has it. */
void bulk2_start(struct practice *p, struct job *job);

#endif
