#include "ui/command/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/text.h"
#include "base/when.h"
#include "ui/command/signals.h"

enum {
	ANEW_MS = 200,       /* a line on a terminal is written at most so often */
	LINE_MS = 60 * 1000, /* without one */
	MOST_LINE = 1024,
	EVENTS_A_PAGE = 16,
	COUNT_TEXT = 27,
};

void progress_init(struct progress *progress, const struct call *call)
{
	*progress = (struct progress){ .call = call, .terminal = isatty(STDERR_FILENO) };
	progress->begun_ms = progress->told_ms = clock_mono(&clock_real);
	progress->begun_done = -1;
}

void progress_skip_log(struct progress *progress, int64_t run)
{
	struct run_event events[EVENTS_A_PAGE];
	int n;

	do {
		n = run_log_page(progress->call->journal, run, progress->last_event, events, EVENTS_A_PAGE,
		                 NULL);
		if (n > 0)
			progress->last_event = events[n - 1].id;
	} while (n == EVENTS_A_PAGE);
}

static bool silent(const struct progress *progress)
{
	return progress->call->quiet || signals_hung_up();
}

static void write_line(struct progress *progress, const struct buf *line)
{
	if (progress->terminal) {
		fprintf(stderr, "\r%s\033[K", buf_text(line));
		progress->standing = true;
	} else {
		fprintf(stderr, "%s\n", buf_text(line));
	}
	fflush(stderr);
}

void progress_end(struct progress *progress)
{
	if (progress->standing && !silent(progress)) {
		fputs("\r\033[K", stderr);
		fflush(stderr);
	}
	progress->standing = false;
}

static void tell_events(struct progress *progress, int64_t run)
{
	struct run_event events[EVENTS_A_PAGE];
	struct buf line;
	int n;

	buf_init(&line, MOST_LINE);
	do {
		n = run_log_page(progress->call->journal, run, progress->last_event, events, EVENTS_A_PAGE,
		                 NULL);
		for (int i = 0; i < n; i++) {
			char when[WHEN_TEXT];

			when_local_clock(events[i].utc_ms, when);
			buf_clear(&line);
			buf_addf(&line, "%s  ", when);
			call_show(&line, events[i].text);
			fprintf(stderr, "%s\n", buf_text(&line));
			progress->last_event = events[i].id;
		}
	} while (n == EVENTS_A_PAGE);
	buf_release(&line);
}

static void add_rate(struct buf *line, struct progress *progress, const struct run_counts *counts, int64_t now)
{
	int64_t done = counts->written + counts->failed;
	int64_t ms = now - progress->begun_ms;
	char count[COUNT_TEXT];

	if (progress->begun_done < 0)
		progress->begun_done = done;
	if (ms > 1000 && done > progress->begun_done)
		buf_addf(line, ", %s/s",
		         text_count((done - progress->begun_done) * 1000 / ms, count, sizeof count));
}

void progress_tell(void *ctx, const struct run *run)
{
	struct progress *progress = ctx;
	const struct run_counts *counts = &run->counts;
	char written[COUNT_TEXT], records[COUNT_TEXT], count[COUNT_TEXT];
	int64_t now = clock_mono(&clock_real);
	struct buf line;

	if (silent(progress))
		return;
	if (!progress->terminal)
		tell_events(progress, run->id);
	if (now - progress->told_ms < (progress->terminal ? ANEW_MS : LINE_MS))
		return;
	progress->told_ms = now;
	buf_init(&line, MOST_LINE);
	buf_addf(&line, "run %" PRId64 " %s: %s of %s written", run->id, run_state_name(run->state),
	         text_count(counts->written, written, sizeof written),
	         text_count(counts->records, records, sizeof records));
	if (counts->failed)
		buf_addf(&line, ", %s failed", text_count(counts->failed, count, sizeof count));
	if (counts->in_doubt)
		buf_addf(&line, ", %s in doubt", text_count(counts->in_doubt, count, sizeof count));
	add_rate(&line, progress, counts, now);
	write_line(progress, &line);
	buf_release(&line);
}

static bool tell_part(struct progress *progress, const char *what, int64_t done, int64_t all)
{
	int64_t now = clock_mono(&clock_real);
	struct buf line;

	if (*signals_stop())
		return false;
	if (silent(progress) || now - progress->told_ms < (progress->terminal ? ANEW_MS : LINE_MS))
		return true;
	progress->told_ms = now;
	buf_init(&line, MOST_LINE);
	buf_addf(&line, "%s: %d %%", what, all > 0 ? (int)(done * 100 / all) : 100);
	write_line(progress, &line);
	buf_release(&line);
	return true;
}

bool progress_check(void *ctx, int64_t offset, int64_t size)
{
	return tell_part(ctx, "checking", offset, size);
}

bool progress_records(void *ctx, int64_t done, int64_t records)
{
	return tell_part(ctx, "asking the org", done, records);
}
