/* go_on_rows.c - a run's parts in words: what is known, what happens now. Pure. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "ui/console/screens/go_on.h"
#include "ui/console/screens/run_jobs.h"

/* Jobs and their results are kept 7 days (salesforce-api.md G, H). */
#define KEPT_MS (INT64_C(7) * 24 * 3600 * 1000)

struct words {
	const char *state, *known, *happens; /* %s: the job's Id */
};

/* design.md, "Chunks through Bulk 2.0": what an engine does that finds a part in this state. */
static const struct words states[] = {
	{ "planned", "never sent", "send" },
	{ "building", "upload cut; the org never began", "abort the job, send again" },
	{ "discarding", "its job was given up; the org never began", "make sure that it is dead, send again" },
	{ "closing", "handed over; the answer is lost", "ask job %s, collect" },
	{ "processing", "the org has it, and may have done it", "ask job %s, collect" },
	{ "cancelling", "its job was told to stop", "ask job %s, count what it wrote" },
	{ "collecting", "done by the org; results not fetched", "fetch the results of job %s" },
	{ "settling", "its results are gone or short", "look the records up in the org" },
};

/* Through REST a lost answer is repeated where that cannot change the result, else looked up. */
static struct words rest_words(const struct go_on_screen *go_on, const struct chunk *chunk)
{
	bool insert = strcmp(go_on->was.action, "insert") == 0;
	struct words words = { "sending", "sent; the answer is lost",
		               insert ? "look the records up in the org" : "send the same call again" };

	if (strcmp(chunk->state, "settling") == 0)
		words.happens = "look the records up in the org";
	return words;
}

static struct words words_of(const struct go_on_screen *go_on, const struct chunk *chunk)
{
	if (strcmp(chunk->state, "sending") == 0)
		return rest_words(go_on, chunk);
	for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
		if (strcmp(states[i].state, chunk->state) == 0)
			return states[i];
	return (struct words){ chunk->state, chunk->state, "go on" };
}

/* Records of the run that are cut into no part yet. */
static int64_t uncut(const struct go_on_screen *go_on)
{
	return go_on->was.counts.records > go_on->was.cut_record
	               ? go_on->was.counts.records - go_on->was.cut_record
	               : 0;
}

static bool has_done(const struct go_on_screen *go_on)
{
	const struct run_counts *counts = &go_on->was.counts;

	return counts->written + counts->failed + counts->skipped > 0;
}

size_t go_on_rows(const struct go_on_screen *go_on)
{
	return (size_t)has_done(go_on) + (size_t)(go_on->was.counts.in_doubt > 0) + (size_t)go_on->chunk_count +
	       (size_t)go_on->more + (size_t)(uncut(go_on) > 0);
}

static void range_words(int64_t first, int64_t last, char *to, size_t size)
{
	char a[28], b[28];

	if (first == last)
		snprintf(to, size, "%s", text_count(first, a, sizeof a));
	else
		snprintf(to, size, "%s-%s", text_count(first, a, sizeof a), text_count(last, b, sizeof b));
}

static void count_words(int64_t count, const char *of, char *to, size_t size)
{
	char number[28];

	snprintf(to, size, "%s%s", text_count(count, number, sizeof number), of);
}

/* "3,981 written, 12 failed": all of them stay as they are. */
static void done_row(const struct go_on_screen *go_on, struct go_on_row *row)
{
	const struct run_counts *counts = &go_on->was.counts;
	const struct {
		int64_t count;
		const char *word;
	} parts[] = { { counts->written, "written" },
		      { counts->failed, "failed" },
		      { counts->skipped, "left out" } };
	size_t len = 0;

	count_words(counts->written + counts->failed + counts->skipped, " records", row->records,
	            sizeof row->records);
	row->known[0] = '\0';
	for (size_t i = 0; i < 3; i++) {
		char number[28];

		if (parts[i].count && len < sizeof row->known)
			len += (size_t)snprintf(
				row->known + len, sizeof row->known - len, "%s%s %s", len ? ", " : "",
				text_count(parts[i].count, number, sizeof number), parts[i].word);
	}
	snprintf(row->happens, sizeof row->happens, "nothing");
}

static void chunk_row(const struct go_on_screen *go_on, const struct chunk *chunk, struct go_on_row *row)
{
	struct words words = words_of(go_on, chunk);
	const char *mark = strstr(words.happens, "%s");

	if (chunk->listed)
		count_words(chunk->records, " records", row->records, sizeof row->records);
	else
		range_words(chunk->first, chunk->last, row->records, sizeof row->records);
	snprintf(row->known, sizeof row->known, "%s%s%s",
	         chunk->listed && strcmp(chunk->state, "planned") == 0 ? "to be sent again: " : words.known,
	         chunk->listed && strcmp(chunk->state, "planned") == 0 ? chunk->why : "", "");
	if (mark)
		snprintf(row->happens, sizeof row->happens, "%.*s%s%s", (int)(mark - words.happens),
		         words.happens, chunk->job, mark + 2);
	else
		snprintf(row->happens, sizeof row->happens, "%s", words.happens);
}

void go_on_row(const struct go_on_screen *go_on, size_t i, struct go_on_row *row)
{
	const struct run *run = &go_on->was;
	size_t at = 0;

	memset(row, 0, sizeof *row);
	if (has_done(go_on) && i == at++) {
		done_row(go_on, row);
		return;
	}
	if (run->counts.in_doubt && i == at++) {
		count_words(run->counts.in_doubt, " records", row->records, sizeof row->records);
		snprintf(row->known, sizeof row->known, "in doubt: sent, the answer was lost");
		snprintf(row->happens, sizeof row->happens, "ask the org again");
		return;
	}
	if (i - at < (size_t)go_on->chunk_count) {
		chunk_row(go_on, &go_on->chunks[i - at], row);
		return;
	}
	at += (size_t)go_on->chunk_count;
	if (go_on->more && i == at) {
		snprintf(row->records, sizeof row->records, "and more");
		snprintf(row->known, sizeof row->known, "parts like these");
		snprintf(row->happens, sizeof row->happens, "the same");
		return;
	}
	range_words(run->cut_record + 1, run->counts.records, row->records, sizeof row->records);
	snprintf(row->known, sizeof row->known, "never sent");
	snprintf(row->happens, sizeof row->happens, "send");
}

int64_t go_on_kept_until(const struct go_on_screen *go_on)
{
	int64_t until = 0;

	for (int i = 0; i < go_on->chunk_count; i++) {
		const struct chunk *chunk = &go_on->chunks[i];
		int64_t since = chunk->closed_ms ? chunk->closed_ms : chunk->created_ms;

		if (chunk_in_org(chunk) && chunk->job[0] && since && (!until || since + KEPT_MS < until))
			until = since + KEPT_MS;
	}
	return until;
}
