/* asked_said.c - what load and check say of what would be loaded: for people, and as members of a JSON object. */
#include "ui/command/asked.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/paths.h"
#include "base/text.h"
#include "core/plan/fix.h"
#include "core/source/dialect.h"
#include "ui/command/asked_org.h"
#include "ui/command/report.h"

enum { FINDINGS_SHOWN = 20, COUNT_TEXT = 27, MOST_PAGE = 1024 * 1024, MOST_FIX = 4096 };

void asked_keeping(struct buf *b, const struct load *load)
{
	struct load_keeping k;
	char calls[COUNT_TEXT], left[COUNT_TEXT];

	load_keeps(load, &k);
	text_count(k.calls, calls, sizeof calls);
	text_count(k.left, left, sizeof left);
	if (k.calls == 0)
		return;
	if (k.keep)
		buf_addf(b, "old values are kept: %s call%s to read them; what is updated can be undone\n",
		         calls, k.calls == 1 ? "" : "s");
	else if (k.asked)
		buf_add_text(b, "old values are not kept, as was asked: what is updated cannot be undone\n");
	else if (k.left < 0)
		buf_addf(b,
		         "old values are not kept: reading them takes %s calls, and the org did not say how "
		         "many "
		         "are left today; --keep-old yes keeps them\n",
		         calls);
	else
		buf_addf(b,
		         "old values are not kept: reading them takes %s of the %s calls left today, more than "
		         "5 "
		         "%%; --keep-old yes keeps them\n",
		         calls, left);
}

static void add_cost(struct buf *b, int64_t needed, int64_t left, const char *what)
{
	char n[COUNT_TEXT], m[COUNT_TEXT];

	buf_add_text(b, text_count(needed, n, sizeof n));
	if (left >= 0)
		buf_addf(b, " of %s", text_count(left, m, sizeof m));
	buf_addf(b, " %s", what);
}

static bool is_short(int64_t needed, int64_t left)
{
	return left >= 0 && needed > left;
}

void asked_costs(struct buf *b, struct load *load)
{
	struct load_cost c;

	load_costs(load, &c);
	buf_add_text(b, "costs about ");
	add_cost(b, c.calls, c.calls_left, "API calls");
	if (c.batches) {
		buf_add_text(b, ", ");
		add_cost(b, c.batches, c.batches_left, "batches");
	}
	buf_addf(b, "%s\n", c.calls_left >= 0 ? " left today" : "");
	if (is_short(c.calls, c.calls_left - load->options.keep_calls) || is_short(c.batches, c.batches_left))
		buf_add_text(b, "that is more than there is: the run will wait for more\n");
}

static void put_keeping(struct json *json, const struct load *load)
{
	struct load_keeping k;

	load_keeps(load, &k);
	json_put_bool(json, "keep_old", k.keep);
	json_put_number(json, "keep_old_calls", k.calls);
}

/* The way to mend the findings that is proposed first, added to b; nothing where there is none. */
static const char *fix_of(const struct load *load, const struct finding *finding, struct buf *b)
{
	struct fix fixes[FIX_MOST];

	buf_clear(b);
	if (asked_org_fix(load, finding, b))
		return buf_text(b);
	if (fix_list(load->plan, finding, fixes) == 0)
		return NULL;
	fix_say(&fixes[0], b);
	return buf_text(b);
}

/* Where the example stands: a byte of a text, a row of a sheet. */
static void put_place(struct json *json, const struct finding *f, const struct load *load)
{
	bool sheet = source_shape(load->source)->format == FORMAT_XLSX;

	json_put_number(json, sheet ? "example_row" : "example_byte", f->example_offset);
}

static void put_findings(struct json *json, const char *name, const struct load *load,
                         const struct finding *findings, size_t count)
{
	struct buf fix;

	buf_init(&fix, MOST_FIX);
	json_begin(json, name, '[');
	for (size_t i = 0; i < count; i++) {
		const struct finding *f = &findings[i];

		json_begin(json, NULL, '{');
		json_put_text(json, "rule", rule_name(f->rule));
		json_put_text(json, "field", f->field);
		json_put_text(json, "message", f->message);
		json_put_number(json, "count", f->count);
		json_put_number(json, "example_record", f->example_record);
		put_place(json, f, load);
		json_put_text(json, "fix", fix_of(load, f, &fix));
		json_end(json);
	}
	json_end(json);
	buf_release(&fix);
}

static void put_columns(struct json *json, const struct load *load)
{
	const struct mapping *mapping = load->mapping;

	json_begin(json, "columns", '[');
	for (size_t i = 0; i < mapping->column_count; i++) {
		const struct mapped *to = mapping->by_column[i];

		json_begin(json, NULL, '{');
		json_put_slice(json, "column", load->request.columns[i]);
		json_put_text(json, "field", to ? to->name : NULL);
		json_put_text(json, "why", to ? to->why : mapping->not_loaded_why[i]);
		json_put_text(json, "sure", sure_name(to ? to->sure : SURE_NOT));
		json_put_text(json, "guess", to ? NULL : mapping->guesses[i]);
		json_end(json);
	}
	json_end(json);
}

static void put_constants(struct json *json, const struct mapping *mapping)
{
	json_begin(json, "constants", '[');
	for (size_t i = 0; i < mapping->count; i++) {
		if (mapping->entries[i].column >= 0)
			continue;
		json_begin(json, NULL, '{');
		json_put_text(json, "field", mapping->entries[i].name);
		json_put_text(json, "value", mapping->entries[i].constant);
		json_end(json);
	}
	json_end(json);
}

/* What is said of all columns. */
static void put_rules(struct json *json, const struct cell_rules *rules)
{
	json_begin(json, "rules", '{');
	if (rules->null_mark.at)
		json_put_slice(json, "null_mark", rules->null_mark);
	else
		json_put_text(json, "null_mark", NULL);
	json_put_text(json, "blank", rules->blank == BLANK_NULL ? "null" : "leave");
	json_put_text(json, "date_order", rules_order_name(rules->order));
	json_put_text(json, "time_zone", rules->zone);
	json_end(json);
}

/* What a result file says of its records, and so stays out. */
static void put_before(struct json *json, const struct check *check)
{
	json_begin(json, "result_file", '{');
	json_put_number(json, "written", check->before[BEFORE_WRITTEN]);
	json_put_number(json, "in_doubt", check->before[BEFORE_IN_DOUBT]);
	json_put_number(json, "pending", check->before[BEFORE_PENDING]);
	json_end(json);
}

static void put_reading(struct json *json, const struct source_shape *shape)
{
	bool csv = shape->format == FORMAT_CSV, singer = shape->format == FORMAT_SINGER;
	bool workbook = shape->format == FORMAT_XLSX;

	json_put_text(json, "format", dialect_format_name(shape->format));
	json_put_text(json, "format_why", shape->format_why);
	json_put_text(json, "packing", dialect_packing_name(shape->packing));
	json_put_text(json, "encoding", dialect_encoding_name(shape->encoding));
	json_put_text(json, "encoding_why", shape->encoding_why);
	json_put_text(json, "delimiter", csv ? shape->delimiter_name : NULL);
	json_put_text(json, "delimiter_why", csv ? shape->delimiter_why : NULL);
	json_put_text(json, "line_end", csv ? shape->line_end : NULL);
	json_put_text(json, "sheet", workbook ? shape->sheet : NULL);
	json_put_text(json, "sheet_why", workbook ? shape->sheet_why : NULL);
	json_put_text(json, "stream", singer ? shape->sheet : NULL);
	json_put_text(json, "stream_why", singer ? shape->sheet_why : NULL);
}

void asked_members(struct json *json, struct load *load)
{
	const struct source_shape *shape = source_shape(load->source);
	const struct org_identity *who = org_identity(load->org);
	struct load_cost costs;
	char hash[HASH_TEXT];
	int64_t size;

	json_put_text(json, "file", shape->path);
	if (source_digest(shape->path, hash, &size, call_ignore()) == ERR_OK)
		json_put_text(json, "file_hash", hash);
	json_put_text(json, "org", who->org_name);
	json_put_text(json, "org_id", who->org_id);
	json_put_text(json, "user", who->username);
	json_put_bool(json, "production", who->kind == ORG_PRODUCTION);
	json_put_text(json, "object", load->object->name);
	json_put_text(json, "action", action_name(load->action));
	put_reading(json, shape);
	put_columns(json, load);
	put_constants(json, load->mapping);
	put_rules(json, &load->mapping->rules);
	json_put_number(json, "records", load->check.records);
	json_put_number(json, "passed", load->check.passed);
	json_put_number(json, "failing", load->check.failing);
	json_put_number(json, "blank", load->check.blank);
	put_before(json, &load->check);
	json_put_number(json, "local_times_twice", load->check.twice);
	put_keeping(json, load);
	load_costs(load, &costs);
	report_costs(json, &costs);
	json_put_number(json, "left_out", load->check.left_out);
	asked_org_member(json, load);
	put_findings(json, "findings", load, load->check.findings, load->check.count);
	put_findings(json, "looks", load, load->check.looks, load->check.look_count);
}

/* What is said of all columns, and the constants. */
static void asked_rules(struct buf *b, const struct load *load)
{
	const struct mapping *mapping = load->mapping;
	struct buf rules;

	buf_init(&rules, MOST_PAGE);
	rules_describe(&mapping->rules, &rules);
	if (rules.len > 0) {
		buf_add_text(b, "  ");
		call_show(b, buf_text(&rules));
		buf_add_char(b, '\n');
	}
	buf_release(&rules);
	for (size_t i = 0; i < mapping->count; i++) {
		if (mapping->entries[i].column >= 0)
			continue;
		buf_addf(b, "  %s is \"", mapping->entries[i].name);
		call_show(b, mapping->entries[i].constant);
		buf_add_text(b, "\" in every record\n");
	}
}

void asked_say_not_loaded(const struct call *call, const struct load *load)
{
	struct buf page;

	buf_init(&page, MOST_PAGE);
	asked_source(&page, load);
	asked_rules(&page, load);
	asked_not_loaded(&page, load);
	if (!call->quiet)
		fputs(buf_text(&page), stderr);
	buf_release(&page);
}

void asked_source(struct buf *b, const struct load *load)
{
	struct buf found;

	buf_init(&found, 1024);
	source_describe(load->source, &found);
	call_show(b, paths_name(source_shape(load->source)->path));
	buf_add_text(b, ": ");
	call_show(b, buf_text(&found));
	buf_add_char(b, '\n');
	buf_release(&found);
}

void asked_not_loaded(struct buf *b, const struct load *load)
{
	const struct mapping *mapping = load->mapping;

	for (size_t i = 0; i < mapping->column_count; i++) {
		if (mapping->by_column[i])
			continue;
		buf_add_text(b, "  column ");
		text_show(b, load->request.columns[i], false);
		buf_addf(b, " is not loaded: %s\n", mapping->not_loaded_why[i]);
	}
}

enum err_code asked_error(const struct load *load, struct err *e)
{
	const struct check *check = &load->check;
	const struct finding *first = check->findings;
	char failing[COUNT_TEXT], records[COUNT_TEXT], place[64] = "";

	for (size_t i = 1; i < check->count; i++)
		if (check->findings[i].example_record < first->example_record)
			first = &check->findings[i];
	if (check->count > 0 && first->example_offset > 0)
		snprintf(place, sizeof place, "record %" PRId64 " (%s %" PRId64 "), ", first->example_record,
		         source_place_name(load->source), first->example_offset);
	err_set(e, ERR_FINDINGS, "nothing was sent: %s of %s record%s would fail",
	        text_count(check->failing, failing, sizeof failing),
	        text_count(check->records, records, sizeof records), check->records == 1 ? "" : "s");
	if (check->count > 0)
		snprintf(e->text + strlen(e->text), sizeof e->text - strlen(e->text), "; first %s%s%s%s", place,
		         first->field, first->field[0] ? ": " : "", first->message);
	return e->code;
}

/* `place` is what its offset counts: source_place_name(). */
static void add_finding(struct buf *b, const struct finding *f, const char *place, const char *fix)
{
	char records[COUNT_TEXT];

	buf_addf(b, "  %9s  ", text_count(f->count, records, sizeof records));
	call_show(b, f->field);
	if (f->field[0])
		buf_add_text(b, "  ");
	call_show(b, f->message);
	if (f->example_offset)
		buf_addf(b, "  (first: record %" PRId64 ", %s %" PRId64 ")", f->example_record, place,
		         f->example_offset);
	else if (f->rule == RULE_SAME_RECORD)
		buf_addf(b, "  (first: record %" PRId64 ")", f->example_record);
	if (fix) {
		buf_add_text(b, "  (");
		call_show(b, fix);
		buf_add_char(b, ')');
	}
	buf_add_char(b, '\n');
}

static void add_before(struct buf *b, const struct check *check)
{
	static const char *const words[BEFORE_COUNT] = { NULL, "written", "in doubt", "pending" };
	char count[COUNT_TEXT];

	for (int i = BEFORE_NOTHING + 1; i < BEFORE_COUNT; i++)
		if (check->before[i])
			buf_addf(b, "  %9s  are left out: the result file says that they are %s\n",
			         text_count(check->before[i], count, sizeof count), words[i]);
}

void asked_findings(struct buf *b, const struct load *load)
{
	const struct check *check = &load->check;
	const char *place = source_place_name(load->source);
	char records[COUNT_TEXT], passed[COUNT_TEXT], failing[COUNT_TEXT], blank[COUNT_TEXT], out[COUNT_TEXT];
	struct buf fix;

	buf_init(&fix, MOST_FIX);
	asked_source(b, load);
	asked_rules(b, load);
	asked_not_loaded(b, load);
	buf_addf(b, "%s record%s: %s can be written, %s cannot",
	         text_count(check->records, records, sizeof records), check->records == 1 ? "" : "s",
	         text_count(check->passed, passed, sizeof passed),
	         text_count(check->failing, failing, sizeof failing));
	if (check->blank)
		buf_addf(b, ", %s are blank", text_count(check->blank, blank, sizeof blank));
	if (check->left_out)
		buf_addf(b, ", %s are left out for their key", text_count(check->left_out, out, sizeof out));
	buf_add_char(b, '\n');
	add_before(b, check);
	if (check->twice)
		buf_addf(b,
		         "  %9s  have a time that the clocks show twice, as they are put back: the first is "
		         "taken\n",
		         text_count(check->twice, records, sizeof records));
	for (size_t i = 0; i < check->count && i < FINDINGS_SHOWN; i++)
		add_finding(b, &check->findings[i], place, fix_of(load, &check->findings[i], &fix));
	if (check->count > FINDINGS_SHOWN)
		buf_addf(b, "  and %zu groups more: --json lists them\n", check->count - FINDINGS_SHOWN);
	asked_org_say(b, load);
	if (check->look_count)
		buf_add_text(b, "will be written, but look\n");
	for (size_t i = 0; i < check->look_count; i++)
		add_finding(b, &check->looks[i], place, fix_of(load, &check->looks[i], &fix));
	buf_release(&fix);
}
