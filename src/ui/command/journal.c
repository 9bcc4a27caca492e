/* journal.c - the journal itself. `check`: is it sound? Nothing is written. `prune`: it becomes smaller. */
#include "ui/command/commands.h"

#include <inttypes.h>
#include <string.h>

#include "base/text.h"
#include "store/prune.h"

#define DAY_MS (INT64_C(24) * 60 * 60 * 1000)

static int print_sound(const struct call *call)
{
	struct json json;
	int status = 0;

	call_say(call, "the journal %s is sound", journal_file(call->journal));
	if (!call->json)
		return status;
	json_init(&json);
	json_begin(&json, NULL, '{');
	json_put_text(&json, "journal", journal_file(call->journal));
	json_put_bool(&json, "sound", true);
	json_put_number(&json, "exit", status);
	json_end(&json);
	status = call_print(&json.out, status);
	json_release(&json);
	return status;
}

static int print_pruned(const struct call *call, const struct pruned *done)
{
	char before[27], after[27];
	struct json json;
	int status;

	call_say(call, "%" PRId64 " run%s pruned; the journal has %s bytes, before %s", done->runs,
	         done->runs == 1 ? "" : "s", text_count(done->after, after, sizeof after),
	         text_count(done->before, before, sizeof before));
	if (!call->json)
		return 0;
	json_init(&json);
	json_begin(&json, NULL, '{');
	json_put_text(&json, "journal", journal_file(call->journal));
	json_put_number(&json, "pruned", done->runs);
	json_put_number(&json, "bytes_before", done->before);
	json_put_number(&json, "bytes", done->after);
	json_put_number(&json, "exit", 0);
	json_end(&json);
	status = call_print(&json.out, 0);
	json_release(&json);
	return status;
}

static int check(struct call *call, struct err *e)
{
	if (call_journal(call, JOURNAL_READ, e) != ERR_OK || journal_check(call->journal, e) != ERR_OK)
		return call_fail(call, e, NULL);
	return print_sound(call);
}

static int prune(struct call *call, struct err *e)
{
	bool values = call_option(call, OPTION_VALUES) != NULL;
	struct pruned done;
	int64_t days;

	if (options_number(&call->words, OPTION_OLDER_THAN, 0, -1, &days, e) == ERR_OK && days < 0)
		err_set(e, ERR_USAGE, "prune takes --older-than DAYS: runs that ended before that lose %s",
		        values ? "the text of their records" : "their records");
	if (e->code || call_journal(call, JOURNAL_WRITE, e) != ERR_OK ||
	    journal_prune(call->journal, clock_utc(&clock_real) - days * DAY_MS, values, &done, e) != ERR_OK)
		return call_fail(call, e, NULL);
	return print_pruned(call, &done);
}

int command_journal(struct call *call)
{
	const char *word = call->words.word[0];
	struct err e;

	err_init(&e);
	if (strcmp(word, "check") == 0)
		return check(call, &e);
	if (strcmp(word, "prune") == 0)
		return prune(call, &e);
	err_set(&e, ERR_USAGE, "longshore journal takes check or prune, not \"%s\"", word);
	return call_fail(call, &e, "longshore help journal");
}
