#include "ui/command/asked.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "core/engine/loaded.h"
#include "core/plan/value.h"
#include "core/source/dialect.h"
#include "ui/command/asked_org.h"
#include "ui/command/saved_orgs.h"
#include "ui/command/signals.h"

enum { MOST_PAGE = 1024 * 1024 };

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

/* Which part of a file: a sheet of a workbook, or a stream of Singer messages. */
static enum err_code fill_part(const struct call *call, struct source_options *reading, struct err *e)
{
	const char *sheet = call_option(call, OPTION_SHEET), *stream = call_option(call, OPTION_STREAM);

	if (sheet && stream)
		return err_set(e, ERR_USAGE,
		               "--sheet is for workbooks and --stream for Singer messages: give one of them");
	if (sheet && (!sheet[0] || strlen(sheet) >= sizeof reading->sheet))
		return err_set(e, ERR_USAGE, "--sheet takes the name of a sheet, of at most 31 characters");
	if (stream && (!stream[0] || strlen(stream) >= sizeof reading->sheet))
		return err_set(e, ERR_USAGE, "--stream takes the name of a stream, of at most 255 bytes");
	snprintf(reading->sheet, sizeof reading->sheet, "%s", sheet ? sheet : stream ? stream : "");
	return ERR_OK;
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
		return err_set(e, ERR_USAGE, "--format takes csv, json, jsonl, singer or xlsx, not \"%s\"",
		               format);
	return fill_part(call, reading, e);
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
		.skip_unchanged = call_option(call, OPTION_SKIP_UNCHANGED),
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
	if (rc == ERR_OK)
		rc = asked_unlike(call, load, e);
	if (rc == ERR_OK)
		rc = asked_org_ask(call, load, progress, e);
	progress_end(progress);
	return rc == ERR_OK ? stopped(e) : rc;
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

		if (!value || o == OPTION_SKIP_INVALID || o == OPTION_JSON || o == OPTION_SAVE_MAP ||
		    o == OPTION_SET || o == OPTION_IGNORE)
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
	struct run before;
	char next[64];
	int64_t id = 0;

	if (e->code != ERR_LOADED || run_same(call->journal, run, &id, call_ignore()) != ERR_OK || id == 0 ||
	    run_get(call->journal, id, &before, call_ignore()) != ERR_OK)
		return call_fail(call, e, NULL);
	snprintf(next, sizeof next, "longshore %s %" PRId64, loaded_command(loaded_way(call->journal, &before)),
	         id);
	return call_fail(call, e, next);
}
