#include "core/plan/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "base/when.h"
#include "core/plan/looks.h"

enum { MOST_GROUPS = 1000, SLOTS = 4096, PROGRESS_BYTES = 64 * 1024 };

/* The groups, found again by the hash of rule, field and wording. */
struct groups {
	struct check *check;
	const struct check_options *options;
	struct looks *looks;
	int64_t last, last_offset; /* of the last record that can be written; 0: none */
	uint16_t slots[SLOTS];     /* position in check->findings, plus 1; 0 is free */
};

static bool same_group(const struct finding *g, const struct plan_finding *f)
{
	return g->rule == f->rule && strncmp(g->field, f->field, sizeof g->field - 1) == 0 &&
	       strlen(g->message) == f->shared && memcmp(g->message, f->message, f->shared) == 0;
}

static void start_group(struct finding *g, const struct plan_finding *f)
{
	*g = (struct finding){ .rule = f->rule, .hint = f->hint };
	if (f->value.len < sizeof g->value)
		snprintf(g->value, sizeof g->value, "%.*s", SLICE_ARGS(f->value));
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

void check_count_order(struct finding *group, const struct plan_finding *finding)
{
	const struct slice value = slice_trim(finding->value);
	struct when_text t;
	bool day, month;

	if (finding->hint != HINT_SLASHES && finding->hint != HINT_DASHES)
		return;
	day = when_read(value, WHEN_DAY_FIRST, &t);
	month = when_read(value, WHEN_MONTH_FIRST, &t);
	group->day_only += day && !month;
	group->month_only += month && !day;
}

static void count_finding(struct groups *groups, const struct plan_finding *f, const struct record *record)
{
	struct finding *g = group_of(groups, f);

	if (!g)
		return;
	check_count_order(g, f);
	if (g->count++ == 0 && g->example_record == 0) {
		g->example_record = record->number;
		g->example_offset = record->fault ? record->fault_place : record->place;
	}
}

static void count_record(struct groups *groups, const struct record *record, const struct plan_line *line)
{
	struct check *check = groups->check;

	check->records++;
	check->blank += line->blank;
	check->before[line->before]++;
	check->passed += line->sent;
	check->clear_lookups += line->sent && line->clears_lookup;
	check->twice += line->sent && line->twice;
	check->failing += line->finding_count > 0;
	for (size_t i = 0; i < line->finding_count; i++)
		count_finding(groups, &line->findings[i], record);
}

/* Records that are settled, or may be, in the run that a result file is of. */
static int64_t seen_to(const struct check *check)
{
	int64_t count = 0;

	for (int i = BEFORE_NOTHING + 1; i < BEFORE_COUNT; i++)
		count += check->before[i];
	return count;
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
		g->count = check->records - check->blank - seen_to(check);
		g->example_record = 0;
		g->example_offset = 0;
	}
	free(all);
	return ERR_OK;
}

static enum err_code read_record(struct groups *groups, struct plan *plan, const struct record *record,
                                 struct err *e)
{
	struct plan_line line;

	plan_judge(plan, record, &line);
	if (line.unusable)
		return plan_trouble(plan, e);
	count_record(groups, record, &line);
	if (!line.sent || keys_add(groups->check->keys, record, e) != ERR_OK)
		return e->code;
	groups->last = record->number;
	groups->last_offset = record->offset;
	return looks_add(groups->looks, record, &line, e);
}

static enum err_code read_all(struct groups *groups, struct plan *plan, struct source *source, struct err *e)
{
	const struct check_options *o = groups->options;
	int64_t size = source_shape(source)->size, told = 0;
	struct record record;
	enum err_code rc;
	bool more = true;

	rc = o->from_record ? source_seek(source, o->from_record, o->from_offset, e)
	                    : source_seek(source, 1, source_shape(source)->first_offset, e);
	while (rc == ERR_OK && (rc = source_next(source, &record, &more, e)) == ERR_OK && more) {
		rc = read_record(groups, plan, &record, e);
		if (rc != ERR_OK || !o->progress || record.offset - told < PROGRESS_BYTES)
			continue;
		told = record.offset;
		if (!o->progress(o->progress_ctx, told, size))
			rc = err_set(e, ERR_STOPPED, "the check was stopped at record %lld",
			             (long long)record.number);
	}
	return rc;
}

/* Only the last record may be a total: all others need not be asked. */
static enum err_code read_last(struct groups *groups, struct plan *plan, struct source *source, struct err *e)
{
	struct plan_line line;
	struct record record;
	bool more = false;

	if (groups->last == 0 || source_seek(source, groups->last, groups->last_offset, e) != ERR_OK ||
	    source_next(source, &record, &more, e) != ERR_OK || !more)
		return e->code;
	plan_judge(plan, &record, &line);
	if (line.unusable)
		return plan_trouble(plan, e);
	looks_add_last(groups->looks, &record);
	return ERR_OK;
}

/* "the same key twice in this file: records 17 and 4,031" */
static void say_same_key(const struct keys_found *found, char *to, size_t size)
{
	char n[KEYS_EXAMPLES][27], keys[27];

	for (size_t i = 0; i < found->example_count; i++)
		text_count(found->examples[i], n[i], sizeof n[i]);
	if (found->records == 2)
		snprintf(to, size, "the same key twice in this file: records %s and %s", n[0], n[1]);
	else if (found->keys == 1)
		snprintf(to, size, "the same key more than once in this file: records %s, %s, %s%s", n[0], n[1],
		         n[2], found->records > KEYS_EXAMPLES ? " ..." : "");
	else
		snprintf(to, size, "%s keys more than once in this file: one of them in records %s, %s%s%s",
		         text_count(found->keys, keys, sizeof keys), n[0], n[1],
		         found->example_count > 2 ? ", " : "", found->example_count > 2 ? n[2] : "");
}

/* A finding while nobody has chosen, a look when somebody has. */
static bool add_same_key(struct groups *groups, const struct keys_found *found)
{
	struct check *check = groups->check;
	struct finding f = { .rule = RULE_SAME_KEY,
		             .count = found->records,
		             .example_record = found->examples[0] };

	snprintf(f.field, sizeof f.field, "%s", found->field);
	say_same_key(found, f.message, sizeof f.message);
	return groups->options->same_key == SAME_KEY_ASK ? check_add_finding(check, &f)
	                                                 : check_add_look(check, &f);
}

static bool add_same_record(struct check *check)
{
	struct finding f = { .rule = RULE_SAME_RECORD };

	f.count = keys_same(check->keys, &f.example_record);
	snprintf(f.message, sizeof f.message, "the same in all that is sent as a record before");
	return f.count == 0 || check_add_look(check, &f);
}

/* Which records share a key: those are not written, or not all of them. */
static enum err_code compare_keys(struct groups *groups, struct err *e)
{
	struct check *check = groups->check;
	const struct keys_found *found;
	bool memory = true;
	size_t count;

	if (keys_end(check->keys, e) != ERR_OK)
		return e->code;
	found = keys_found(check->keys, &count);
	for (size_t i = 0; i < count && memory; i++)
		memory = found[i].records == 0 || add_same_key(groups, &found[i]);
	if (!memory || (count == 0 && !add_same_record(check)))
		return err_memory(e, "the findings");
	check->passed -= keys_left_out(check->keys);
	if (groups->options->same_key == SAME_KEY_ASK)
		check->failing += keys_left_out(check->keys);
	else
		check->left_out = keys_left_out(check->keys);
	return ERR_OK;
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

static enum err_code check_all(struct groups *groups, struct plan *plan, struct source *source, struct err *e)
{
	const struct check_options *o = groups->options;
	struct check *check = groups->check;

	if (keys_new(&check->keys, plan, o->same_key, o->folder, e) != ERR_OK ||
	    looks_new(&groups->looks, plan, o->folder, e) != ERR_OK || count_plan(groups, plan, e) != ERR_OK ||
	    read_all(groups, plan, source, e) != ERR_OK || read_last(groups, plan, source, e) != ERR_OK ||
	    count_plan(groups, plan, e) != ERR_OK || compare_keys(groups, e) != ERR_OK)
		return e->code;
	return looks_end(groups->looks, check, e);
}

enum err_code check_run(struct check *check, struct plan *plan, struct source *source,
                        const struct check_options *options, struct err *e)
{
	struct groups *groups = calloc(1, sizeof *groups);
	enum err_code rc;

	*check = (struct check){ .findings = calloc(MOST_GROUPS, sizeof *check->findings) };
	if (!groups || !check->findings) {
		free(groups);
		return err_memory(e, "the findings");
	}
	groups->check = check;
	groups->options = options;
	rc = check_all(groups, plan, source, e);
	looks_free(groups->looks);
	qsort(check->findings, check->count, sizeof *check->findings, most_records_first);
	free(groups);
	return rc;
}

bool check_add_finding(struct check *check, const struct finding *finding)
{
	struct finding *bigger = realloc(check->findings, (check->count + 1) * sizeof *bigger);

	if (!bigger)
		return false;
	check->findings = bigger;
	bigger[check->count++] = *finding;
	qsort(bigger, check->count, sizeof *bigger, most_records_first);
	return true;
}

bool check_add_look(struct check *check, const struct finding *look)
{
	struct finding *bigger = realloc(check->looks, (check->look_count + 1) * sizeof *bigger);

	if (!bigger)
		return false;
	check->looks = bigger;
	bigger[check->look_count++] = *look;
	return true;
}

void check_release(struct check *check)
{
	keys_free(check->keys);
	free(check->findings);
	free(check->looks);
	*check = (struct check){ 0 };
}
