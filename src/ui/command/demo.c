/* demo.c - Longshore to try: a practice org, sample files, the console on them; or the sample load without a terminal. */
#include "ui/command/commands.h"
#include "ui/command/practice_org.h"
#include "ui/command/report.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ui/console/console.h"

enum { MOST_PAGE = 1024 * 1024, LOADS = 2 };

static const struct sample {
	const char *file, *object;
} samples[LOADS] = { { "accounts.csv", "Account" }, { "contacts.csv", "Contact" } };

struct demo {
	struct call *call;
	char folder[PATH_ROOM]; /* its state folder */
	char files[PATH_ROOM + 16];
	char config[PATH_ROOM + 32];
	char scenario[PATH_ROOM];
	struct practice_org org;
};

static enum err_code copy_file(const char *from, const char *to, struct err *e)
{
	FILE *in = fopen(from, "rb"), *out = in ? fopen(to, "wb") : NULL;
	enum err_code rc = ERR_OK;
	char bytes[8192];
	size_t n;

	while (out && (n = fread(bytes, 1, sizeof bytes, in)) > 0)
		if (fwrite(bytes, 1, n, out) != n)
			break;
	if (!in || !out || ferror(in) || ferror(out))
		rc = err_set(e, ERR_FILE, "cannot copy %s to %s: %s", from, to, strerror(errno));
	if (in)
		fclose(in);
	if (out && fclose(out) != 0 && rc == ERR_OK)
		rc = err_set(e, ERR_FILE, "cannot write %s: %s", to, strerror(errno));
	return rc;
}

/* The samples, to be edited at will: what is there already stays as it is. */
static enum err_code lay_out_files(const struct demo *demo, struct err *e)
{
	char asset[PATH_ROOM], name[64], to[PATH_ROOM + 64];

	if (paths_private_folder(demo->files, e) != ERR_OK)
		return e->code;
	for (int i = 0; i < LOADS; i++) {
		snprintf(name, sizeof name, "samples/%s", samples[i].file);
		snprintf(to, sizeof to, "%s/%s", demo->files, samples[i].file);
		if (access(to, F_OK) == 0)
			continue;
		if (paths_asset(name, asset, e) != ERR_OK || copy_file(asset, to, e) != ERR_OK)
			return e->code;
	}
	return ERR_OK;
}

static enum err_code demo_open(struct demo *demo, struct call *call, struct err *e)
{
	demo->call = call;
	if (snprintf(demo->folder, sizeof demo->folder, "%s/demo", call->state) >= (int)sizeof demo->folder)
		return err_set(e, ERR_USAGE, "the path of the state folder is too long");
	snprintf(demo->files, sizeof demo->files, "%s/files", demo->folder);
	snprintf(demo->config, sizeof demo->config, "%s/practice.json", demo->folder);
	demo->org.scenario = demo->scenario;
	if (paths_asset("samples/scenario.json", demo->scenario, e) != ERR_OK ||
	    paths_private_folder(demo->folder, e) != ERR_OK || lay_out_files(demo, e) != ERR_OK ||
	    practice_org_hold(&demo->org, demo->folder, e) != ERR_OK ||
	    practice_org_open(&demo->org, NULL, e) != ERR_OK)
		return e->code;
	if (practice_org_settings(&demo->org, demo->config, NULL, e) != ERR_OK)
		practice_org_close(&demo->org);
	return e->code;
}

/* `longshore load`, as anybody would type it, on a sample as it was delivered. */
static int load_sample(struct demo *demo, const struct sample *sample, struct err *e)
{
	static struct call call;
	char name[64], path[PATH_ROOM];
	const char *const words[] = { path,           "--config",       demo->config,       "--object",
		                      sample->object, "--action",       "upsert",           "--external-id",
		                      "Ext__c",       "--skip-invalid", "--allow-failures", "--again",
		                      "--state",      demo->folder };
	enum { WORDS = sizeof words / sizeof words[0] };
	int status;

	snprintf(name, sizeof name, "samples/%s", sample->file);
	if (paths_asset(name, path, e) != ERR_OK)
		return err_exit_status(e->code);
	call_say(demo->call,
	         "$ longshore load %s --object %s --action upsert --external-id Ext__c --skip-invalid "
	         "--allow-failures",
	         sample->file, sample->object);
	status = call_open(&call, command_find("load"), WORDS, words, 0, e) == ERR_OK
	                 ? 0
	                 : err_exit_status(e->code);
	call.quiet = demo->call->quiet;
	if (status == 0)
		status = command_load(&call);
	call_close(&call);
	return status;
}

/* What became of the newest runs, oldest first: pages for people, or one object. */
static int print_loads(struct demo *demo, int status, struct err *e)
{
	static struct run runs[LOADS];
	struct json json;
	struct journal *j;
	int n;

	if (journal_open(&j, demo->folder, NULL, JOURNAL_READ, &clock_real, e) != ERR_OK)
		return call_fail(demo->call, e, NULL);
	n = run_page(j, 0, runs, LOADS, e);
	json_init(&json);
	if (demo->call->json) {
		json_begin(&json, NULL, '{');
		json_begin(&json, "loads", '[');
	}
	for (int i = n - 1; i >= 0; i--) {
		if (demo->call->json) {
			json_begin(&json, NULL, '{');
			report_members(&json, j, &runs[i], NULL);
			json_end(&json);
		} else {
			buf_add_char(&json.out, '\n');
			report_page(&json.out, j, &runs[i], NULL);
		}
	}
	if (demo->call->json) {
		json_end(&json);
		json_put_number(&json, "exit", status);
		json_end(&json);
	}
	journal_close(j);
	status = call_print(&json.out, status);
	json_release(&json);
	return status;
}

static int load_samples(struct demo *demo)
{
	struct err e;
	int status = 0;

	err_init(&e);
	for (int i = 0; i < LOADS && status == 0; i++)
		status = load_sample(demo, &samples[i], &e);
	if (e.code != ERR_OK)
		return call_fail(demo->call, &e, NULL);
	return print_loads(demo, status, &e);
}

static int open_console(const struct demo *demo)
{
	struct console_options options = {
		.state = demo->folder,
		.config = demo->config,
		.mono = call_option(demo->call, OPTION_MONO),
		.ascii = call_option(demo->call, OPTION_ASCII),
		.quiet = demo->call->quiet,
	};

	if (chdir(demo->files) != 0)
		call_say(demo->call, "longshore: cannot go to %s: %s", demo->files, strerror(errno));
	return console_run(&options);
}

int command_demo(struct call *call)
{
	static struct demo demo;
	bool terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && !call->json;
	struct err e;
	int status;

	err_init(&e);
	if (demo_open(&demo, call, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	status = terminal ? open_console(&demo) : load_samples(&demo);
	practice_org_close(&demo.org);
	if (!terminal) {
		call_say(call, "These runs lie in a state folder of their own: longshore show 1 --state %s",
		         demo.folder);
		call_say(call, "In a terminal, longshore demo opens the console on it.");
	}
	return status;
}
