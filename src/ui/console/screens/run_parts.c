/* run_parts.c - where a run's records are, and how fast they go. Pure arithmetic over what was read. */
#include <stdio.h>
#include <string.h>

#include "core/plan/plan.h"
#include "ui/console/screens/run.h"

const char *run_left_out_word(const char *code)
{
	static const struct {
		enum rule rule;
		const char *words;
	} rules[] = {
		{ RULE_BROKEN, "broken" },
		{ RULE_REQUIRED, "without a required value" },
		{ RULE_NOT_WRITEABLE, "with a field that may not be written" },
		{ RULE_TYPE, "with a value of the wrong type" },
		{ RULE_TOO_LONG, "too long" },
		{ RULE_OUT_OF_RANGE, "with too many digits" },
		{ RULE_PICKLIST, "not in the picklist" },
		{ RULE_KEY_MISSING, "without a key" },
		{ RULE_ID, "with a wrong Id" },
		{ RULE_RECORD_TYPE, "of a record type that cannot be used" },
		{ RULE_SAME_KEY, "with the key of another record" },
		{ RULE_SAME_RECORD, "the same as one before" },
		{ RULE_NOT_IN_ORG, "not in the org" },
		{ RULE_IN_ORG, "in the org already" },
		{ RULE_NOT_OFFERED, "with a value that their record type does not offer" },
		{ RULE_SEVERAL, "with a key that several have" },
		{ RULE_UNCHANGED, "with nothing to change" },
		{ RULE_NULL_MARK, "with #N/A" },
	};

	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		if (strcmp(rule_name(rules[i].rule), code) == 0)
			return rules[i].words;
	for (int rule = 0; rule < RULE_COUNT; rule++)
		if (strcmp(rule_name((enum rule)rule), code) == 0)
			return rule_text((enum rule)rule);
	return strcmp(code, "blank") == 0 ? "empty" : code;
}

static int64_t within(int64_t n, int64_t most)
{
	return n < 0 ? 0 : n > most ? most : n;
}

struct run_parts run_parts_of(const struct run_screen *screen)
{
	const struct run_counts *counts = &screen->run.counts;
	int64_t pending = run_pending(counts);
	struct run_parts parts = {
		.records = counts->records,
		.written = counts->written,
		.failed = counts->failed,
		.left_out = counts->skipped,
		.in_doubt = counts->in_doubt,
	};

	parts.to_try_again = within(counts->to_try_again, pending);
	parts.in_org = within(screen->in_org, pending - parts.to_try_again);
	parts.to_go = pending - parts.to_try_again - parts.in_org;
	parts.org_done = within(screen->org_done, parts.in_org);
	parts.org_failed = within(screen->org_failed, parts.org_done);
	return parts;
}

int64_t run_part_count(const struct run_screen *screen, enum run_part part)
{
	struct run_parts parts = run_parts_of(screen);
	const int64_t counts[RUN_PARTS] = { parts.written, parts.failed,   parts.to_try_again, parts.in_org,
		                            parts.to_go,   parts.left_out, parts.in_doubt };

	return counts[part];
}

bool run_part_shown(const struct run_screen *screen, enum run_part part, int rows)
{
	if (part == PART_WRITTEN || part == PART_FAILED || run_part_count(screen, part))
		return true;
	return rows - 12 >= RUN_PARTS && part != PART_TO_TRY_AGAIN && part != PART_IN_ORG;
}

enum run_pane run_pane(const struct run_screen *screen)
{
	enum run_pane pane = screen->pane_chosen ? screen->pane : PANE_REASONS;

	return pane == PANE_REASONS && screen->group_count < 1 ? PANE_PARTS : pane;
}

static int64_t done_of(const struct run_screen *screen)
{
	struct run_parts parts = run_parts_of(screen);

	return parts.written + parts.failed + parts.in_doubt + parts.org_done;
}

void run_sample(struct run_screen *screen, int64_t mono_ms)
{
	struct run_sample *last = &screen->samples[screen->sample_count ? screen->sample_count - 1 : 0];
	int64_t done = done_of(screen);

	if (!screen->read || screen->now != RUN_RUNNING)
		return;
	if (screen->sample_count && mono_ms - last->at_ms < 1000)
		return;
	if (screen->sample_count && done < last->done)
		screen->sample_count = 0; /* a job was given up */
	if (screen->sample_count == RUN_SAMPLES)
		memmove(screen->samples, screen->samples + 1, --screen->sample_count * sizeof *screen->samples);
	screen->samples[screen->sample_count++] = (struct run_sample){ mono_ms, done };
}

int64_t run_rate(const struct run_screen *screen)
{
	const struct run_sample *first = &screen->samples[0];
	const struct run_sample *last = &screen->samples[screen->sample_count ? screen->sample_count - 1 : 0];
	int64_t ms = last->at_ms - first->at_ms;

	return ms > 0 ? (last->done - first->done) * 1000 / ms : 0;
}

void run_spark(const struct run_screen *screen, char to[RUN_SPARK])
{
	static const char *const signs[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇" };
	int64_t most = 0;
	size_t len = 0;

	to[0] = '\0';
	for (int i = 1; i < screen->sample_count; i++)
		if (screen->samples[i].done - screen->samples[i - 1].done > most)
			most = screen->samples[i].done - screen->samples[i - 1].done;
	for (int i = 1; most && i < screen->sample_count && len + sizeof "▁" <= RUN_SPARK; i++) {
		int64_t done = screen->samples[i].done - screen->samples[i - 1].done;

		len += (size_t)snprintf(to + len, RUN_SPARK - len, "%s", signs[done * 6 / most]);
	}
}
