#include "ui/command/rehearse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/files.h"
#include "core/engine/engine.h"
#include "ui/command/foreground.h"
#include "ui/command/practice_org.h"
#include "ui/command/report.h"
#include "ui/command/signals.h"
#include "ui/command/unknown.h"

#define SCRATCH "rehearsal"

enum { MOST_PAGE = 1024 * 1024, LEAST_VERSION = 50 /* the practice org's */ };

struct rehearsal {
	struct call *call;   /* as it was typed */
	struct call scratch; /* the same, in a folder that is thrown away */
	char folder[PATH_ROOM], describes[PATH_ROOM + 16], config[PATH_ROOM + 16];
	struct practice_org org;
	struct load load;   /* on the real org, up to the check; then on the practice org */
	struct run real;    /* as the load would have begun */
	struct buf unknown; /* lines */
	bool unknown_created;
};

/* A call that sees nothing of the user's state folder. */
static enum err_code begin(struct rehearsal *r, struct err *e)
{
	if (paths_private_folder(r->call->state, e) != ERR_OK)
		return e->code;
	practice_org_sweep(r->call->state, SCRATCH);
	if (files_make_scratch(r->call->state, SCRATCH, r->folder, e) != ERR_OK ||
	    practice_org_hold(&r->org, r->folder, e) != ERR_OK)
		return e->code;
	snprintf(r->describes, sizeof r->describes, "%s/describes", r->folder);
	snprintf(r->config, sizeof r->config, "%s/practice.json", r->folder);
	if (mkdir(r->describes, 0700) != 0)
		return err_set(e, ERR_FILE, "cannot make a folder in %s", r->folder);
	r->scratch = *r->call;
	r->scratch.journal = NULL;
	memcpy(r->scratch.state, r->folder, sizeof r->scratch.state);
	r->scratch.words.given[OPTION_JOURNAL] = NULL;
	return ERR_OK;
}

/* What the load would do before it begins, on the real org: 0, or the exit status with everything said. */
static int look(struct rehearsal *r, const struct load_options *options)
{
	struct load_options here = *options;
	struct progress progress;
	struct err e;

	err_init(&e);
	here.describes = r->describes;
	progress_init(&progress, r->call);
	load_init(&r->load, &here);
	if (!call_no_journal(r->call) && call_journal(r->call, JOURNAL_READ, &e) != ERR_OK)
		return call_fail(r->call, &e, NULL);
	if (asked_check(&r->scratch, &r->load, &progress, &e) != ERR_OK)
		return call_fail(r->call, &e, NULL);
	if (r->load.check.failing && !options->skip_invalid)
		return asked_fail_findings(r->call, &r->load);
	asked_say_not_loaded(r->call, &r->load);
	if (load_draft(&r->load, r->call->journal, &r->real, &e) != ERR_OK)
		return asked_fail_draft(r->call, &r->real, &e);
	unknown_list(&r->unknown, &r->load);
	r->unknown_created = unknown_created(&r->load);
	return 0;
}

/* The same load, to be read anew with the settings of the practice org, which have nothing but the sign-in. */
static void turn_to_practice(struct rehearsal *r, const struct load_options *options)
{
	static char external_id[sizeof r->load.external_id];
	struct load_options there = *options;

	snprintf(external_id, sizeof external_id, "%s", r->load.external_id);
	there.file = r->real.file;
	there.config = r->config;
	there.org = NULL;
	there.object = r->real.object;
	there.action = r->real.action;
	there.external_id = external_id;
	there.allow_failures = r->real.allow_failures;
	load_release(&r->load);
	load_init(&r->load, &there);
	r->scratch.words.given[OPTION_CONFIG] = r->config;
	r->scratch.words.given[OPTION_ORG] = NULL;
	r->scratch.words.given[OPTION_EXPECT_ORG] = NULL;
}

/* A run of the throw-away journal, ready to begin. */
static enum err_code make_run(struct rehearsal *r, const struct load_options *options, struct run *run,
                              struct err *e)
{
	bool known = strtol(r->real.api_version, NULL, 10) >= LEAST_VERSION;
	struct call silent = r->scratch;
	struct progress progress;

	silent.quiet = true;
	progress_init(&progress, &silent);
	if (practice_org_settings(&r->org, r->config, known ? r->real.api_version : NULL, e) != ERR_OK)
		return e->code;
	turn_to_practice(r, options);
	if (call_journal(&r->scratch, JOURNAL_WRITE, e) != ERR_OK ||
	    asked_check(&r->scratch, &r->load, &progress, e) != ERR_OK)
		return e->code;
	return load_create(&r->load, r->scratch.journal, run, e);
}

static int print(const struct rehearsal *r, const struct run *run, const struct err *e, int status)
{
	const struct rehearsed rehearsed = { r->unknown_created, buf_text(&r->unknown) };
	struct journal *j = r->scratch.journal;
	struct json json;
	struct buf line;

	buf_init(&line, MOST_PAGE);
	json_init(&json);
	report_rehearsal_line(&line, j, run);
	if (!r->call->json)
		report_page(&json.out, j, run, &rehearsed);
	if (r->call->json) {
		json_begin(&json, NULL, '{');
		report_members(&json, j, run, &rehearsed);
		json_put_number(&json, "exit", status);
		if (status) {
			json_put_text(&json, "error", e->code != ERR_OK ? e->text : buf_text(&line));
			json_put_text(&json, "next", NULL);
		}
		json_end(&json);
	}
	status = call_print(&json.out, status);
	if ((!r->call->quiet || status) && !signals_hung_up())
		fprintf(stderr, "%s\n", buf_text(&line));
	json_release(&json);
	buf_release(&line);
	return status;
}

/* How it went, under the name of the org that it was about. */
static int report(struct rehearsal *r, int64_t id, const struct err *e)
{
	static struct run run;
	struct err trouble;
	int status;

	err_init(&trouble);
	if (run_get(r->scratch.journal, id, &run, &trouble) != ERR_OK)
		return call_fail(r->call, e->code != ERR_OK ? e : &trouble, NULL);
	status = e->code == ERR_OK ? engine_exit_status(r->scratch.journal, &run) : err_exit_status(e->code);
	if (e->code != ERR_OK && !signals_hung_up())
		fprintf(stderr, "longshore: %s\n", e->text);
	memcpy(run.org_name, r->real.org_name, sizeof run.org_name);
	memcpy(run.org_id, r->real.org_id, sizeof run.org_id);
	memcpy(run.username, r->real.username, sizeof run.username);
	run.production = r->real.production;
	run.practice = r->real.practice;
	if (strcmp(r->call->words.word[0], "-") == 0)
		snprintf(run.file, sizeof run.file, "-"); /* the spooled one goes */
	return print(r, &run, e, status);
}

/* On the practice org, from the first look at it to the report. */
static int play(struct rehearsal *r, const struct load_options *options)
{
	static struct run run;
	struct err e;
	int status;

	err_init(&e);
	if (practice_org_open(&r->org, r->describes, &e) != ERR_OK)
		return call_fail(r->call, &e, NULL);
	if (make_run(r, options, &run, &e) == ERR_OK) {
		foreground_engine(&r->scratch, run.id, NULL, false, &e);
		status = report(r, run.id, &e);
	} else {
		status = call_fail(r->call, &e, NULL);
	}
	call_close(&r->scratch);
	return status;
}

int rehearse(struct call *call, const struct load_options *options)
{
	static struct rehearsal r;
	struct err e;
	int status;

	err_init(&e);
	r.call = call;
	buf_init(&r.unknown, MOST_PAGE);
	if (begin(&r, &e) != ERR_OK) {
		status = call_fail(call, &e, NULL);
	} else {
		status = look(&r, options);
		if (status == 0)
			status = play(&r, options);
	}
	load_release(&r.load);
	buf_release(&r.unknown);
	practice_org_close(&r.org);
	if (r.folder[0])
		files_remove_scratch(r.folder);
	return status;
}
