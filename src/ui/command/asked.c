#include "ui/command/asked.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "core/plan/value.h"
#include "core/source/dialect.h"
#include "ui/command/saved_orgs.h"
#include "ui/command/signals.h"

enum { FINDINGS_SHOWN = 20, COUNT_TEXT = 27, MOST_PAGE = 1024 * 1024 };

static enum err_code read_same_key(const struct call *call, struct load_options *options, struct err *e)
{
	const char *which = call_option(call, OPTION_SAME_KEY);

	if (!which || (which[0] && same_key_of(which, &options->same_key)))
		return ERR_OK;
	return err_set(e, ERR_USAGE, "--same-key takes first, last or none, not \"%s\"", which);
}

static enum err_code check_api(const struct load_options *o, struct err *e)
{
	const char *fault = o->assignment_rule ? value_id_fault(slice_of(o->assignment_rule)) : NULL;

	if (o->api && strcmp(o->api, "auto") != 0 && strcmp(o->api, "bulk") != 0 &&
	    strcmp(o->api, "collections") != 0)
		return err_set(e, ERR_USAGE, "--api takes auto, bulk or collections, not \"%s\"", o->api);
	if (o->keep_old && strcmp(o->keep_old, "auto") != 0 && strcmp(o->keep_old, "yes") != 0 &&
	    strcmp(o->keep_old, "no") != 0)
		return err_set(e, ERR_USAGE, "--keep-old takes auto, yes or no, not \"%s\"", o->keep_old);
	if (fault)
		return err_set(e, ERR_USAGE, "--assignment-rule takes the id of a rule, not \"%s\": %s",
		               o->assignment_rule, fault);
	return ERR_OK;
}

static enum err_code read_bounds(const struct call *call, struct load_options *options, struct err *e)
{
	const char *stop_at = call_option(call, OPTION_STOP_AT), *until = call_option(call, OPTION_UNTIL);
	const char *give_up = call_option(call, OPTION_GIVE_UP_AFTER);

	if (stop_at && !bounds_failures_read(slice_of(stop_at), &options->stop_at))
		return err_set(e, ERR_USAGE,
		               "--stop-at takes a number of records (25) or a part of them (2%%, 0.5%%), not "
		               "\"%s\"",
		               stop_at);
	if (stop_at && options->allow_failures == 0)
		return err_set(e, ERR_USAGE,
		               "--stop-at allows failures up to there, --no-allow-failures allows none: give "
		               "one of them");
	if (until && !bounds_until_read(slice_of(until), clock_utc(&clock_real), &options->until_ms))
		return err_set(e, ERR_USAGE, "--until takes a time of day, 06:00 or 23:30, not \"%s\"", until);
	if (give_up && !when_span(slice_of(give_up), &options->give_up_ms))
		return err_set(e, ERR_USAGE,
		               "--give-up-after takes a time like 45s, 30m, 24h or 2d, not \"%s\"", give_up);
	if (options_number(&call->words, OPTION_KEEP_CALLS, 0, 0, &options->keep_calls, e) != ERR_OK)
		return e->code;
	return options_number(&call->words, OPTION_FIRST, 1, 0, &options->first, e);
}

/* What is said about the file itself. */
static enum err_code fill_reading(const struct call *call, struct source_options *reading, struct err *e)
{
	const char *delimiter = call_option(call, OPTION_DELIMITER);
	const char *encoding = call_option(call, OPTION_ENCODING);
	const char *format = call_option(call, OPTION_FORMAT);

	if (delimiter && !dialect_delimiter_of(delimiter, &reading->delimiter))
		return err_set(e, ERR_USAGE,
		               "--delimiter takes comma, semicolon, tab, pipe, caret, backquote or one "
		               "character of ASCII, not \"%s\"",
		               delimiter);
	if (encoding && !dialect_encoding_of(encoding, &reading->encoding))
		return err_set(e, ERR_USAGE,
		               "--encoding takes UTF-8, UTF-16LE, UTF-16BE, Windows-1252, ISO-8859-1, "
		               "ISO-8859-15 or Shift-JIS, not \"%s\"",
		               encoding);
	if (format && (!dialect_format_of(format, &reading->format) || reading->format == FORMAT_ROWS))
		return err_set(e, ERR_USAGE, "--format takes csv, json or jsonl, not \"%s\"", format);
	return ERR_OK;
}

/* What is said about the mapping besides its file. */
static enum err_code fill_words(const struct call *call, struct map_words *words, struct err *e)
{
	const char *mark = call_option(call, OPTION_NULL_MARK), *blank = call_option(call, OPTION_BLANK);
	const char *order = call_option(call, OPTION_DATE_ORDER);

	*words = (struct map_words){ .set = call->words.set,
		                     .set_count = (size_t)call->words.set_count,
		                     .ignore = call->words.ignore,
		                     .ignore_count = (size_t)call->words.ignore_count };
	words->rules.null_mark = slice_of(mark);
	words->rules.zone = call_option(call, OPTION_TIME_ZONE);
	if (blank && !rules_blank_of(blank, &words->rules.blank))
		return err_set(e, ERR_USAGE, "--blank takes leave or null, not \"%s\"", blank);
	if (order && !rules_order_of(order, &words->rules.order))
		return err_set(e, ERR_USAGE, "--date-order takes ymd, mdy or dmy, not \"%s\"", order);
	return ERR_OK;
}

enum err_code asked_options(const struct call *call, struct load_options *options, struct err *e)
{
	int64_t parallel;
	enum action action;

	*options = (struct load_options){
		.file = call->words.word[0],
		.config = call_option(call, OPTION_CONFIG),
		.org = call_option(call, OPTION_ORG),
		.object = call_option(call, OPTION_OBJECT),
		.action = call_option(call, OPTION_ACTION),
		.external_id = call_option(call, OPTION_EXTERNAL_ID),
		.map = call_option(call, OPTION_MAP),
		.allow_failures = -1,
		.skip_invalid = call_option(call, OPTION_SKIP_INVALID),
		.again = call_option(call, OPTION_AGAIN),
		.api = call_option(call, OPTION_API),
		.assignment_rule = call_option(call, OPTION_ASSIGNMENT_RULE),
		.allow_duplicates = call_option(call, OPTION_ALLOW_DUPLICATES),
		.all_or_none = call_option(call, OPTION_ALL_OR_NONE),
		.keep_old = call_option(call, OPTION_KEEP_OLD),
		.order_by = call_option(call, OPTION_ORDER_BY),
	};
	if (call_option(call, OPTION_ALLOW_FAILURES) && call_option(call, OPTION_NO_ALLOW_FAILURES))
		return err_set(e, ERR_USAGE, "--allow-failures and --no-allow-failures: give one of them");
	if (call_option(call, OPTION_ALLOW_FAILURES))
		options->allow_failures = 1;
	if (call_option(call, OPTION_NO_ALLOW_FAILURES))
		options->allow_failures = 0;
	if (options->action && !action_of(options->action, &action))
		return err_set(e, ERR_USAGE,
		               "--action takes insert, update, upsert, delete or hard_delete, not \"%s\"",
		               options->action);
	if (check_api(options, e) != ERR_OK || read_same_key(call, options, e) != ERR_OK ||
	    read_bounds(call, options, e) != ERR_OK)
		return e->code;
	if (fill_reading(call, &options->reading, e) != ERR_OK ||
	    fill_words(call, &options->words, e) != ERR_OK)
		return e->code;
	if (options_number(&call->words, OPTION_PARALLEL, 1, 0, &parallel, e) != ERR_OK)
		return e->code;
	if (parallel > 100)
		return err_set(e, ERR_USAGE, "--parallel takes a whole number from 1 to 100");
	options->parallel = (int)parallel;
	return options_number(&call->words, OPTION_CHUNK_RECORDS, 1, 0, &options->chunk_records, e);
}

static enum err_code stopped(struct err *e)
{
	return *signals_stop() ? err_set(e, ERR_STOPPED, "stopped before anything was sent") : ERR_OK;
}

enum err_code asked_check(const struct call *call, struct load *load, struct progress *progress, struct err *e)
{
	const struct org_identity *who;
	struct access_choice choice;
	enum err_code rc;

	rc = saved_orgs_choice(call, &choice, e);
	if (rc == ERR_OK)
		rc = load_open(load, call->state, e);
	if (rc == ERR_OK)
		rc = load_sign_in(load, e);
	if (rc != ERR_OK)
		return rc;
	who = org_identity(load->org);
	rc = call_expect_org(call, who->org_name, who->org_id, e);
	if (rc == ERR_OK && org_notice(load->org))
		call_say(call, "longshore: %s", org_notice(load->org));
	if (rc == ERR_OK)
		rc = stopped(e);
	if (rc == ERR_OK)
		rc = load_describe(load, e);
	if (rc == ERR_OK)
		rc = load_map(load, e);
	if (rc == ERR_OK)
		rc = load_check(load, progress_check, progress, e);
	progress_end(progress);
	return rc == ERR_OK ? stopped(e) : rc;
}

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

static void put_left(struct json *json, const char *key, int64_t left)
{
	if (left >= 0)
		json_put_number(json, key, left);
	else
		json_put_text(json, key, NULL);
}

static void put_costs(struct json *json, struct load *load)
{
	struct load_cost c;

	load_costs(load, &c);
	json_put_number(json, "calls_needed", c.calls);
	put_left(json, "calls_left", c.calls_left);
	json_put_number(json, "batches_needed", c.batches);
	put_left(json, "batches_left", c.batches_left);
}

static void put_keeping(struct json *json, const struct load *load)
{
	struct load_keeping k;

	load_keeps(load, &k);
	json_put_bool(json, "keep_old", k.keep);
	json_put_number(json, "keep_old_calls", k.calls);
}

static const char *fix_of(enum rule rule)
{
	return rule == RULE_SAME_KEY ? "--same-key first, last or none" : NULL;
}

static void put_findings(struct json *json, const char *name, const struct finding *findings, size_t count)
{
	json_begin(json, name, '[');
	for (size_t i = 0; i < count; i++) {
		const struct finding *f = &findings[i];

		json_begin(json, NULL, '{');
		json_put_text(json, "rule", rule_name(f->rule));
		json_put_text(json, "field", f->field);
		json_put_text(json, "message", f->message);
		json_put_number(json, "count", f->count);
		json_put_number(json, "example_record", f->example_record);
		json_put_number(json, "example_byte", f->example_offset);
		json_put_text(json, "fix", fix_of(f->rule));
		json_end(json);
	}
	json_end(json);
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
	bool csv = shape->format == FORMAT_CSV;

	json_put_text(json, "format", dialect_format_name(shape->format));
	json_put_text(json, "format_why", shape->format_why);
	json_put_text(json, "packing", dialect_packing_name(shape->packing));
	json_put_text(json, "encoding", dialect_encoding_name(shape->encoding));
	json_put_text(json, "encoding_why", shape->encoding_why);
	json_put_text(json, "delimiter", csv ? shape->delimiter_name : NULL);
	json_put_text(json, "delimiter_why", csv ? shape->delimiter_why : NULL);
	json_put_text(json, "line_end", csv ? shape->line_end : NULL);
}

void asked_members(struct json *json, struct load *load)
{
	const struct source_shape *shape = source_shape(load->source);
	const struct org_identity *who = org_identity(load->org);
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
	put_costs(json, load);
	json_put_number(json, "left_out", load->check.left_out);
	put_findings(json, "findings", load->check.findings, load->check.count);
	put_findings(json, "looks", load->check.looks, load->check.look_count);
}

static void add_word(struct buf *b, const char *word)
{
	buf_add_char(b, ' ');
	text_shell_word(b, word);
}

static void add_repeated(struct buf *b, enum option option, const char *const *values, int count)
{
	for (int i = 0; i < count; i++) {
		add_word(b, option_name(option));
		add_word(b, values[i]);
	}
}

/* The next step when records have findings: this call as a load that leaves them out, for a shell; where they only share
 * keys, one that keeps the first of each. */
static void add_without_invalid(struct buf *b, const struct call *call, const struct load *load)
{
	buf_add_text(b, "longshore load");
	add_word(b, call->words.word[0]);
	for (enum option o = 0; o < OPTION_COUNT; o++) {
		const char *value = call_option(call, o);

		if (!value || o == OPTION_SKIP_INVALID || o == OPTION_JSON || o == OPTION_SET ||
		    o == OPTION_IGNORE)
			continue;
		add_word(b, option_name(o));
		if (*value)
			add_word(b, value);
	}
	add_repeated(b, OPTION_SET, call->words.set, call->words.set_count);
	add_repeated(b, OPTION_IGNORE, call->words.ignore, call->words.ignore_count);
	if (load->check.count == 1 && load->check.findings[0].rule == RULE_SAME_KEY)
		buf_addf(b, " %s first", option_name(OPTION_SAME_KEY));
	else
		add_word(b, option_name(OPTION_SKIP_INVALID));
}

int asked_print(const struct call *call, struct load *load, const struct err *e, int status)
{
	struct json json;
	struct buf next;

	buf_init(&next, MOST_PAGE);
	add_without_invalid(&next, call, load);
	json_init(&json);
	json_begin(&json, NULL, '{');
	asked_members(&json, load);
	if (call_option(call, OPTION_REHEARSE))
		json_put_bool(&json, "rehearsal", true);
	json_put_number(&json, "exit", status);
	if (status) {
		json_put_text(&json, "error", e->text);
		json_put_text(&json, "next", buf_text(&next));
	}
	json_end(&json);
	status = call_print(&json.out, status);
	json_release(&json);
	buf_release(&next);
	return status;
}

int asked_fail_findings(const struct call *call, struct load *load)
{
	struct err e;
	struct buf page, next;
	int status;

	err_init(&e);
	status = err_exit_status(asked_error(load, &e));
	buf_init(&page, MOST_PAGE);
	buf_init(&next, MOST_PAGE);
	asked_findings(&page, load);
	add_without_invalid(&next, call, load);
	buf_add_text(&page, "longshore: ");
	call_show(&page, e.text);
	fprintf(stderr, "%s\nNext: %s\n", buf_text(&page), buf_text(&next));
	buf_release(&page);
	buf_release(&next);
	return call->json ? asked_print(call, load, &e, status) : status;
}

int asked_fail_batch(const struct call *call, const struct load *load)
{
	struct err e;
	struct buf page;

	err_init(&e);
	asked_error(load, &e);
	buf_init(&page, MOST_PAGE);
	asked_findings(&page, load);
	fputs(buf_text(&page), stderr);
	buf_release(&page);
	return call_fail(call, &e, NULL);
}

int asked_fail_draft(const struct call *call, const struct run *run, const struct err *e)
{
	char next[64];
	int64_t id = 0;

	if (e->code != ERR_LOADED || run_same(call->journal, run, &id, call_ignore()) != ERR_OK || id == 0)
		return call_fail(call, e, NULL);
	snprintf(next, sizeof next, "longshore show %" PRId64, id);
	return call_fail(call, e, next);
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
		snprintf(place, sizeof place, "record %" PRId64 " (byte %" PRId64 "), ", first->example_record,
		         first->example_offset);
	err_set(e, ERR_FINDINGS, "nothing was sent: %s of %s record%s would fail",
	        text_count(check->failing, failing, sizeof failing),
	        text_count(check->records, records, sizeof records), check->records == 1 ? "" : "s");
	if (check->count > 0)
		snprintf(e->text + strlen(e->text), sizeof e->text - strlen(e->text), "; first %s%s%s%s", place,
		         first->field, first->field[0] ? ": " : "", first->message);
	return e->code;
}

static void add_finding(struct buf *b, const struct finding *f, const char *fix)
{
	char records[COUNT_TEXT];

	buf_addf(b, "  %9s  ", text_count(f->count, records, sizeof records));
	call_show(b, f->field);
	if (f->field[0])
		buf_add_text(b, "  ");
	call_show(b, f->message);
	if (f->example_offset)
		buf_addf(b, "  (first: record %" PRId64 ", byte %" PRId64 ")", f->example_record,
		         f->example_offset);
	else if (f->rule == RULE_SAME_RECORD)
		buf_addf(b, "  (first: record %" PRId64 ")", f->example_record);
	if (fix)
		buf_addf(b, "  (%s)", fix);
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
	char records[COUNT_TEXT], passed[COUNT_TEXT], failing[COUNT_TEXT], blank[COUNT_TEXT], out[COUNT_TEXT];

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
		add_finding(b, &check->findings[i], fix_of(check->findings[i].rule));
	if (check->count > FINDINGS_SHOWN)
		buf_addf(b, "  and %zu groups more: --json lists them\n", check->count - FINDINGS_SHOWN);
	if (check->look_count)
		buf_add_text(b, "will be written, but look\n");
	for (size_t i = 0; i < check->look_count; i++)
		add_finding(b, &check->looks[i], NULL);
}
