#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/org/bulk_text.h"
#include "core/org/call.h"
#include "core/org/url.h"

enum { PATH_ROOM = 512 };

struct results_call {
	struct org *org;
	struct results results;
	char path[96]; /* of the first page */
	bool may_be_empty;
	bulk_done *done;
	void *ctx;
};

static void free_results(void *ctx)
{
	struct results_call *call = ctx;

	results_release(&call->results);
	free(call);
}

static bool take_bytes(void *ctx, struct slice bytes)
{
	struct results_call *call = ctx;

	return results_feed(&call->results, bytes);
}

static void page_answered(void *ctx, const struct answer *answer, struct slice body);

static enum err_code get_page(struct results_call *call, const char *locator, struct err *e)
{
	struct http_request request = {
		.method = "GET",
		.accept = "text/csv",
		.sink = take_bytes,
		.sink_ctx = call,
		.done = page_answered,
		.done_ctx = call,
	};
	enum err_code rc;
	struct buf path;

	buf_init(&path, PATH_ROOM);
	buf_add_text(&path, call->path);
	if (*locator) {
		buf_add_text(&path, "?locator=");
		url_encode(&path, slice_of(locator));
	}
	rc = path.short_of ? err_memory(e, "an address")
	                   : call_start(call->org, buf_text(&path), &request,
	                                (struct call_options){ .drop = free_results }, e);
	buf_release(&path);
	return rc;
}

static void finish(struct results_call *call, const struct answer *answer)
{
	bulk_done *done = call->done;
	void *ctx = call->ctx;

	free_results(call);
	done(ctx, answer, NULL);
}

/* Not the whole results, or none at all: reading them again changes nothing. */
static void unusable(struct answer *answer, const char *why)
{
	answer->verdict = VERDICT_TRY_AGAIN;
	answer->trouble = TROUBLE_SERVER;
	snprintf(answer->message, sizeof answer->message, "the results of a job cannot be used: %.300s", why);
}

/* A job that never began has no unprocessed records, not even a header (salesforce-api.md C6). */
static bool is_empty(const struct results_call *call)
{
	return call->may_be_empty && call->results.columns == 0 && call->results.carry.len == 0;
}

/* The whole page is there: is it results to its end, and is there another? */
static void page_answered(void *ctx, const struct answer *answer, struct slice body)
{
	struct results_call *call = ctx;
	struct answer said = *answer;
	struct err e;

	(void)body;
	err_init(&e);
	if (call->results.trouble)
		unusable(&said, call->results.trouble);
	else if (said.verdict == VERDICT_DONE && said.status != 204 && !is_empty(call) &&
	         !results_end(&call->results))
		unusable(&said, call->results.trouble);
	if (said.verdict != VERDICT_DONE || said.status == 204 || !said.locator[0]) {
		finish(call, &said);
		return;
	}
	if (get_page(call, said.locator, &e)) {
		unusable(&said, e.text);
		finish(call, &said);
	}
}

enum err_code bulk_results(struct org *org, const char *job, enum bulk_result which, bulk_row *row,
                           void *row_ctx, bulk_done *done, void *ctx, struct err *e)
{
	/* a slash at the end is the form of the documentation (salesforce-api.md C6) */
	static const char *const names[] = {
		[BULK_SUCCESSFUL] = "successfulResults/",
		[BULK_FAILED_RESULTS] = "failedResults/",
		[BULK_UNPROCESSED] = "unprocessedrecords/",
	};
	struct results_call *call;
	char id[BULK_JOB_ID];
	enum err_code rc;

	if (!url_id18(slice_of(job), id))
		return err_set(e, ERR_INTERNAL, "\"%.40s\" is no job id", job);
	call = calloc(1, sizeof *call);
	if (!call)
		return err_memory(e, "a request");
	call->org = org;
	call->done = done;
	call->ctx = ctx;
	call->may_be_empty = which == BULK_UNPROCESSED;
	results_init(&call->results, row, row_ctx);
	snprintf(call->path, sizeof call->path, "/jobs/ingest/%s/%s", id, names[which]);
	rc = get_page(call, "", e);
	if (rc)
		free_results(call);
	return rc;
}
