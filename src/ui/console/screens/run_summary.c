#include "ui/console/screens/run_summary.h"

#include <stdio.h>
#include <string.h>

#include "base/paths.h"
#include "base/text.h"
#include "ui/console/chrome.h"
#include "ui/console/screens/review.h"
#include "ui/console/screens/runs.h"

/* Text of a file or of the org goes into a line of its own as what may be shown. */
static void add_shown(struct buf *b, const char *text)
{
	text_show(b, slice_of(text), false);
}

static void add_head(const struct run *run, struct buf *b)
{
	char what[RUN_WHAT];

	buf_addf(b, "Run %lld: ", (long long)run->id);
	add_shown(b, paths_name(run->file));
	buf_addf(b, " → %s%s%s\n", run_what(run->object, run->action, what), run->external_id[0] ? " by " : "",
	         run->external_id);
	buf_add_text(b, "Org: ");
	add_shown(b, run->org_name);
	buf_addf(b, "%s, %s, as %s\n", run->production ? " PRODUCTION" : "", run->org_id, run->username);
}

static void add_count(struct buf *b, const char *name, int64_t count, const char *more)
{
	char number[28];

	buf_addf(b, "%-9s %12s%s%s\n", name, text_count(count, number, sizeof number), *more ? "  " : "", more);
}

static void add_written(const struct run_counts *counts, struct buf *b)
{
	char created[28], updated[28], deleted[28], more[128];

	snprintf(more, sizeof more, "%s created, %s updated, %s deleted",
	         text_count(counts->created, created, sizeof created),
	         text_count(counts->updated, updated, sizeof updated),
	         text_count(counts->deleted, deleted, sizeof deleted));
	add_count(b, "written", counts->written, counts->written ? more : "");
}

/* The reasons that concern most records, in one line. */
static void add_reasons(const struct run_screen *screen, struct buf *b)
{
	buf_addf(b, "Reasons:%s", screen->group_count < 1 ? " none" : "");
	for (int i = 0; i < screen->group_count && i < 3; i++) {
		char words[REVIEW_WORDS], number[28];

		buf_addf(b, "%s %s x ", i ? ";" : "",
		         text_count(screen->groups[i].count, number, sizeof number));
		add_shown(b, review_words(&screen->groups[i], words));
	}
	buf_addf(b, "%s\n", screen->group_count > 3 ? "; and others" : "");
}

void run_summary(const struct run_screen *screen, struct buf *b)
{
	const struct run *run = &screen->run;
	struct run_line line;
	char sentence[RUN_SENTENCE];

	run_line_of(&line, run, screen->now);
	run_sentence(&line, sentence);
	add_head(run, b);
	buf_addf(b, "%s Look: longshore show %lld\n", chrome_sentence(strchr(sentence, ' ') + 1),
	         (long long)run->id);
	add_count(b, "records", run->counts.records, "");
	add_written(&run->counts, b);
	add_count(b, "failed", run->counts.failed, "");
	add_count(b, "left out", run->counts.skipped, "");
	add_count(b, "in doubt", run->counts.in_doubt, run->counts.in_doubt ? "sent, the answer was lost" : "");
	add_count(b, "to go", run_pending(&run->counts), "");
	add_reasons(screen, b);
}
