/*
 * fuzz_org.h - a practice org inside a fuzzer, without a socket: requests are made from bytes and answered as on the wire.
 * One inclusion a program: it stands in for serve.c.
 */
#ifndef LONGSHORE_TESTS_FUZZ_ORG_H
#define LONGSHORE_TESTS_FUZZ_ORG_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/paths.h"
#include "practice/job_run.h"
#include "practice/practice.h"
#include "practice/practice_ids.h"
#include "practice/route.h"

enum { FUZZ_PAIRS = 16, FUZZ_ANSWER = 64 * 1024 * 1024, FUZZ_RUNS = 500 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct fuzz_pair {
	char *name, *value;
};

/* Headers and arguments of the request at hand; http.h asks for them. */
static struct fuzz_pair fuzz_headers[FUZZ_PAIRS], fuzz_arguments[FUZZ_PAIRS];
static size_t fuzz_header_count, fuzz_argument_count;

static inline const char *fuzz_find(const struct fuzz_pair *pairs, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(pairs[i].name, name) == 0)
			return pairs[i].value;
	return NULL;
}

const char *request_header(const struct request *r, const char *name)
{
	(void)r;
	if (strcasecmp(name, "Authorization") == 0)
		return "Bearer " PRACTICE_TOKEN;
	return fuzz_find(fuzz_headers, fuzz_header_count, name);
}

const char *request_argument(const struct request *r, const char *name)
{
	(void)r;
	return fuzz_find(fuzz_arguments, fuzz_argument_count, name);
}

/* The org, emptied every so often: what an earlier input left behind is part of the game, but not without end. */
static inline struct practice *fuzz_org(void)
{
	static struct practice org;
	static int runs;
	char describes[PATH_ROOM];
	struct err e;

	if (runs++ == 0) {
		err_init(&e);
		if (paths_asset("describes", describes, &e) != ERR_OK ||
		    practice_open(&org, describes, 1, false, &clock_real, &e) != ERR_OK) {
			fprintf(stderr, "%s\n", e.text);
			abort();
		}
	} else if (runs % FUZZ_RUNS == 0) {
		scenario_read(&org.scenario, slice_of("{}"), &(struct err){ 0 });
		practice_reset(&org);
	}
	return &org;
}

/* All that an answer holds; the body is read to its end. */
static inline void fuzz_drain(struct answer *a)
{
	while (a->stream && a->stream->more(a->stream, &a->body))
		if (a->body.len > FUZZ_ANSWER / 2)
			buf_clear(&a->body);
	if (a->stream)
		a->stream->free(a->stream);
	buf_release(&a->body);
}

/* Asks for a path that may be changed. The body may be taken away. */
static inline int fuzz_ask(struct practice *p, const char *method, char *path, struct buf *body)
{
	struct answer a = { .status = 200 };
	struct request r = { .method = method, .path = path, .body = body, .whole = true };
	char *cut = strdup(path);
	const struct route *route;
	bool known;

	buf_init(&a.body, FUZZ_ANSWER);
	route = route_find(&r, cut, &known);
	practice_take_turn(p);
	route_answer(p, route, known, &r, &a);
	practice_end_turn(p);
	fuzz_drain(&a);
	free(cut);
	return a.status;
}

/* Works on all jobs, as the worker does. */
static inline void fuzz_work(struct practice *p)
{
	struct job *job;
	struct buf message;

	while ((job = jobs_next(&p->jobs))) {
		buf_init(&message, 64 * 1024);
		if (job->state != JOB_UPLOAD_COMPLETE || job_run_begin(job, &p->org, &p->audit, &message)) {
			while (job_run_chunk(job, &p->scenario, practice_now(p)))
				;
			job_end(job, JOB_COMPLETE, NULL, practice_now(p), 1);
		} else {
			job_end(job, JOB_FAILED, buf_text(&message), practice_now(p), 1);
		}
		buf_release(&message);
	}
}

#endif
