#include "ui/command/call.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/number.h"
#include "base/text.h"
#include "core/engine/access.h"

enum { MOST_LINE = 64 * 1024, RUNS_A_PAGE = 32, CHOICES = 5 };

static bool asks_for_json(int argc, const char *const *argv, int first)
{
	for (int i = first; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--json") == 0)
			return true;
	return false;
}

enum err_code call_open(struct call *call, const struct command *command, int argc, const char *const *argv,
                        int first, struct err *e)
{
	memset(call, 0, sizeof *call);
	call->command = command;
	call->json = asks_for_json(argc, argv, first);
	if (options_read(&call->words, command, argc, argv, first, e) != ERR_OK)
		return e->code;
	call->json = call->words.given[OPTION_JSON];
	call->quiet = call->words.given[OPTION_QUIET];
	call->yes = call->words.given[OPTION_YES];
	return paths_state(call->words.given[OPTION_STATE], call->state, e);
}

void call_close(struct call *call)
{
	if (call->journal)
		journal_close(call->journal);
	call->journal = NULL;
}

const char *call_option(const struct call *call, enum option option)
{
	return call->words.given[option];
}

enum err_code call_journal(struct call *call, enum journal_mode mode, struct err *e)
{
	if (call->journal)
		return ERR_OK;
	return journal_open(&call->journal, call->state, call_option(call, OPTION_JOURNAL), mode, &clock_real,
	                    e);
}

/* Is it the name under which this org was saved? */
static bool is_saved_as(const char *name, const char *org_id)
{
	const struct saved_org *saved;
	struct orgs *orgs = NULL;
	bool is = access_orgs(&orgs, call_ignore()) == ERR_OK &&
	          orgs_find(orgs, name, &saved, call_ignore()) == ERR_OK && strcmp(saved->org_id, org_id) == 0;

	orgs_close(orgs);
	return is;
}

enum err_code call_expect_org(const struct call *call, const char *org_name, const char *org_id, struct err *e)
{
	const char *expected = call_option(call, OPTION_EXPECT_ORG);

	if (!expected || strcmp(expected, org_name) == 0 || strcmp(expected, org_id) == 0)
		return ERR_OK;
	if (strlen(expected) == 15 && strncmp(expected, org_id, 15) == 0)
		return ERR_OK;
	if (is_saved_as(expected, org_id))
		return ERR_OK;
	return err_set(e, ERR_USAGE, "this is the org %s (%s), not %s as --expect-org says: use other settings",
	               org_name, org_id, expected);
}

bool call_no_journal(const struct call *call)
{
	char file[PATH_ROOM + 32];
	const char *other = call_option(call, OPTION_JOURNAL);
	struct stat about;

	snprintf(file, sizeof file, "%s/journal.sqlite", call->state);
	return stat(other ? other : file, &about) != 0 ? errno == ENOENT : about.st_size == 0;
}

/* The numbers of the runs that fit, newest first; at most CHOICES of them are given. -1 with e set. */
static int fitting_runs(struct call *call, run_fits *fits, int64_t found[CHOICES], struct err *e)
{
	static struct run page[RUNS_A_PAGE];
	int64_t before = 0;
	int count = 0, n;

	do {
		n = run_page(call->journal, before, page, RUNS_A_PAGE, e);
		for (int i = 0; i < n; i++) {
			if (!fits(call->journal, &page[i]))
				continue;
			if (count == CHOICES)
				return count;
			found[count++] = page[i].id;
		}
		if (n > 0)
			before = page[n - 1].id;
	} while (n == RUNS_A_PAGE);
	return n < 0 ? -1 : count;
}

static enum err_code only_run_that_fits(struct call *call, run_fits *fits, struct run *run, struct err *e)
{
	int64_t found[CHOICES];
	int n = fitting_runs(call, fits, found, e);
	char choices[128] = "";
	int len = 0;

	if (n < 0)
		return e->code;
	if (n == 0)
		return err_set(e, ERR_USAGE, "there is no run for longshore %s here: longshore runs lists them",
		               call->command->name);
	if (n > 1) {
		for (int i = 0; i < n; i++)
			len += snprintf(choices + len, sizeof choices - (size_t)len, "%s%" PRId64,
			                i ? ", " : "", found[i]);
		return err_set(e, ERR_USAGE,
		               "more than one run fits (%s%s): name one, as in longshore %s %" PRId64, choices,
		               n == CHOICES ? " ..." : "", call->command->name, found[0]);
	}
	if (run_get(call->journal, found[0], run, e) != ERR_OK)
		return e->code;
	call_say(call, "longshore: run %" PRId64, found[0]);
	return ERR_OK;
}

enum err_code call_run(struct call *call, run_fits *fits, struct run *run, struct err *e)
{
	const char *word = call->words.count ? call->words.word[0] : NULL;
	enum err_code rc;
	int64_t id;

	if (!word)
		rc = only_run_that_fits(call, fits, run, e);
	else if (!number_whole(slice_of(word), &id) || id < 1)
		rc = err_set(e, ERR_USAGE, "\"%s\" is not the number of a run: longshore runs lists them",
		             word);
	else
		rc = run_get(call->journal, id, run, e);
	return rc == ERR_OK ? call_expect_org(call, run->org_name, run->org_id, e) : rc;
}

struct err *call_ignore(void)
{
	static struct err ignored;

	err_init(&ignored);
	return &ignored;
}

void call_show(struct buf *b, const char *text)
{
	text_show(b, slice_of(text), false);
}

static void say(const char *format, va_list args) __attribute__((format(printf, 1, 0)));
static void say(const char *format, va_list args)
{
	char raw[2048];
	struct buf line;

	vsnprintf(raw, sizeof raw, format, args);
	buf_init(&line, MOST_LINE);
	call_show(&line, raw);
	fprintf(stderr, "%s\n", buf_text(&line));
	buf_release(&line);
}

void call_say(const struct call *call, const char *format, ...)
{
	va_list args;

	if (call->quiet)
		return;
	va_start(args, format);
	say(format, args);
	va_end(args);
}

void call_tell(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
}

int call_fail(const struct call *call, const struct err *e, const char *next)
{
	int status = err_exit_status(e->code);
	struct json json;

	call_tell("longshore: %s", e->text);
	if (next)
		call_tell("Next: %s", next);
	if (!call->json)
		return status;
	json_init(&json);
	json_begin(&json, NULL, '{');
	json_put_number(&json, "exit", status);
	json_put_text(&json, "error", e->text);
	json_put_text(&json, "next", next);
	json_end(&json);
	status = call_print(&json.out, status);
	json_release(&json);
	return status;
}

int call_print(const struct buf *out, int status)
{
	if (fwrite(out->at, 1, out->len, stdout) == out->len && fflush(stdout) == 0 && !out->short_of)
		return status;
	call_tell("longshore: cannot write to standard output: %s",
	          out->short_of ? "it is more than fits into memory" : strerror(errno));
	return status ? status : err_exit_status(ERR_FILE);
}
