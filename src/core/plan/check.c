#include "core/plan/check.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

enum { MOST_GROUPS = 1000, SLOTS = 4096, PROGRESS_BYTES = 64 * 1024 };

/* The groups, found again by the hash of rule, field and wording. */
struct groups {
	struct check *check;
	uint16_t slots[SLOTS]; /* position in check->findings, plus 1; 0 is free */
};

static bool same_group(const struct finding *g, const struct plan_finding *f)
{
	return g->rule == f->rule && strncmp(g->field, f->field, sizeof g->field - 1) == 0 &&
	       strlen(g->message) == f->shared && memcmp(g->message, f->message, f->shared) == 0;
}

static void start_group(struct finding *g, const struct plan_finding *f)
{
	*g = (struct finding){ .rule = f->rule };
	snprintf(g->field, sizeof g->field, "%s", f->field);
	snprintf(g->message, sizeof g->message, "%.*s", (int)f->shared, f->message);
}

/* The finding's group, a new one if need be; NULL when there are too many. */
static struct finding *group_of(struct groups *groups, const struct plan_finding *f)
{
	struct check *check = groups->check;
	uint64_t h = hash_of((struct slice){ f->message, f->shared }, (uint64_t)f->rule);
	size_t at = hash_of(slice_of(f->field), h) % SLOTS;

	for (; groups->slots[at]; at = (at + 1) % SLOTS)
		if (same_group(&check->findings[groups->slots[at] - 1], f))
			return &check->findings[groups->slots[at] - 1];
	if (check->count == MOST_GROUPS) {
		check->more = true;
		return NULL;
	}
	start_group(&check->findings[check->count], f);
	groups->slots[at] = (uint16_t)++check->count;
	return &check->findings[check->count - 1];
}

static void count_finding(struct groups *groups, const struct plan_finding *f, const struct record *record)
{
	struct finding *g = group_of(groups, f);

	if (!g)
		return;
	if (g->count++ == 0 && g->example_record == 0) {
		g->example_record = record->number;
		g->example_offset = record->fault ? record->fault_place : record->place;
	}
}

static void count_record(struct groups *groups, const struct record *record, const struct plan_line *line,
                         size_t bytes)
{
	struct check *check = groups->check;

	check->records++;
	check->blank += line->blank;
	check->passed += line->sent;
	check->clear_lookups += line->sent && line->clears_lookup;
	check->failing += line->finding_count > 0;
	check->bytes += (int64_t)bytes;
	for (size_t i = 0; i < line->finding_count; i++)
		count_finding(groups, &line->findings[i], record);
}

/* Findings about the plan hold for every record that is one, whether its own list had room for them or not. */
static enum err_code count_plan(struct groups *groups, struct plan *plan, struct err *e)
{
	struct check *check = groups->check;
	size_t count = plan_findings(plan, NULL, 0);
	struct plan_finding *all = count ? calloc(count, sizeof *all) : NULL;

	if (count == 0)
		return ERR_OK;
	if (!all)
		return err_memory(e, "the findings");
	plan_findings(plan, all, count);
	for (size_t i = 0; i < count; i++) {
		struct finding *g = group_of(groups, &all[i]);

		if (!g)
			break;
		g->count = check->records - check->blank;
		g->example_record = 0;
		g->example_offset = 0;
	}
	free(all);
	return ERR_OK;
}

static enum err_code read_all(struct groups *groups, struct plan *plan, struct source *source,
                              check_progress *progress, void *ctx, struct err *e)
{
	int64_t size = source_shape(source)->size, told = 0;
	struct plan_line line;
	struct record record;
	struct buf payload;
	enum err_code rc;
	bool more = true;

	buf_init(&payload, INT_MAX);
	rc = source_seek(source, 1, source_shape(source)->first_offset, e);
	while (rc == ERR_OK && (rc = source_next(source, &record, &more, e)) == ERR_OK && more) {
		buf_clear(&payload);
		plan_record(plan, &record, &payload, &line);
		if (payload.short_of) {
			rc = err_memory(e, "a record");
			break;
		}
		count_record(groups, &record, &line, payload.len);
		if (!progress || record.offset - told < PROGRESS_BYTES)
			continue;
		told = record.offset;
		if (!progress(ctx, told, size))
			rc = err_set(e, ERR_STOPPED, "the check was stopped at record %lld",
			             (long long)record.number);
	}
	buf_release(&payload);
	return rc;
}

static int most_records_first(const void *a, const void *b)
{
	const struct finding *x = a, *y = b;

	if (x->count != y->count)
		return x->count < y->count ? 1 : -1;
	if (x->example_record != y->example_record)
		return x->example_record < y->example_record ? -1 : 1;
	return strcmp(x->field, y->field);
}

enum err_code check_run(struct check *check, struct plan *plan, struct source *source, check_progress *progress,
                        void *ctx, struct err *e)
{
	struct groups *groups = calloc(1, sizeof *groups);
	enum err_code rc;

	*check = (struct check){ .findings = calloc(MOST_GROUPS, sizeof *check->findings) };
	if (!groups || !check->findings) {
		free(groups);
		return err_memory(e, "the findings");
	}
	groups->check = check;
	rc = count_plan(groups, plan, e);
	if (rc == ERR_OK)
		rc = read_all(groups, plan, source, progress, ctx, e);
	if (rc == ERR_OK)
		rc = count_plan(groups, plan, e);
	qsort(check->findings, check->count, sizeof *check->findings, most_records_first);
	free(groups);
	return rc;
}

void check_release(struct check *check)
{
	free(check->findings);
	*check = (struct check){ 0 };
}
