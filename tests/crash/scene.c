#include "scene.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "store/chunks.h"
#include "store/orders.h"

enum {
	KILLED = 128 + SIGKILL,
	DOUBT = 6,     /* exit status: some records are in doubt, which no further command changes */
	MOST_GOES = 6, /* commands until a run must have come to its end */
	PAGE = 32,
	WATCH_MS = 2,
	WATCHED_MS = 20000,
	SHOWN_ONE_IN = 8,
	AGAIN_ONE_IN = 16,
};

static bool copy(const char *from, const char *to)
{
	FILE *in = fopen(from, "rb"), *out = in ? fopen(to, "wb") : NULL;
	char piece[65536];
	size_t n;

	while (out && (n = fread(piece, 1, sizeof piece, in)) > 0)
		fwrite(piece, 1, n, out);
	if (in)
		fclose(in);
	return out && fclose(out) == 0 && chmod(to, 0600) == 0;
}

/* What a dead process left, looked at in a copy: to open the journal itself would already mend it. */
static struct journal *open_wreck(struct stage *s)
{
	struct journal *j = NULL;
	struct err e;

	err_init(&e);
	stage_remove(stage_path(s, "wreck"));
	mkdir(stage_path(s, "wreck"), 0700);
	if (!copy(stage_path(s, "state/journal.sqlite"), stage_path(s, "wreck/journal.sqlite")))
		return NULL;
	copy(stage_path(s, "state/journal.sqlite-wal"), stage_path(s, "wreck/journal.sqlite-wal"));
	if (journal_open(&j, stage_path(s, "wreck"), NULL, JOURNAL_READ, &clock_real, &e) != ERR_OK)
		return NULL;
	return j;
}

static enum chunk_state state_of(const char *name)
{
	enum chunk_state state = 0;

	while (state < CHUNK_STATE_COUNT && strcmp(chunk_state_name(state), name) != 0)
		state++;
	return state;
}

/* The newest run (its number is 0 if there is none), and the states its unsettled chunks are in. */
static const struct run *look(struct stage *s, unsigned hits[CHUNK_STATE_COUNT])
{
	static _Thread_local struct run run;
	struct journal *j = open_wreck(s);
	struct chunk chunks[PAGE];
	struct err e;
	int n = 0;

	err_init(&e);
	run.id = 0;
	if (!j || run_get(j, 0, &run, &e) != ERR_OK) {
		journal_close(j);
		run = (struct run){ 0 };
		return &run;
	}
	if (hits)
		n = chunk_page(j, run.id, 0, true, chunks, PAGE, &e);
	for (int i = 0; i < n; i++)
		if (state_of(chunks[i].state) < CHUNK_STATE_COUNT)
			hits[state_of(chunks[i].state)]++;
	journal_close(j);
	return &run;
}

static bool has_ended(pid_t pid)
{
	siginfo_t info = { .si_pid = 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid;
}

static bool is_processing(struct journal *j, long long run)
{
	struct chunk chunks[PAGE];
	struct err e;
	int n, working = 0;

	err_init(&e);
	n = chunk_page(j, run, 0, true, chunks, PAGE, &e);
	for (int i = 0; i < n; i++)
		working += state_of(chunks[i].state) == CHUNK_PROCESSING;
	return working > 0 && working == n;
}

/* Orders the run to be cancelled as soon as the org works on what there is of it. */
static void order_cancel(struct stage *s, pid_t pid)
{
	struct timespec pause = { .tv_nsec = WATCH_MS * 1000000L };
	static _Thread_local struct run run;
	struct journal *j = NULL;
	bool ordered = false;
	int64_t id;
	struct err e;

	err_init(&e);
	for (int waited = 0; waited < WATCHED_MS && !ordered && !has_ended(pid); waited += WATCH_MS) {
		err_init(&e);
		if (!j && access(stage_path(s, "state/journal.sqlite"), R_OK) == 0)
			journal_open(&j, stage_path(s, "state"), NULL, JOURNAL_READ, &clock_real, &e);
		if (j && run_get(j, 0, &run, &e) == ERR_OK && run.cut_record == PLAY_RECORDS &&
		    is_processing(j, run.id)) {
			journal_close(j);
			j = NULL;
			ordered = journal_open(&j, stage_path(s, "state"), NULL, JOURNAL_WRITE, &clock_real,
			                       &e) == ERR_OK &&
			          order_add(j, run.id, ORDER_CANCEL, &id, &e) == ERR_OK;
		}
		nanosleep(&pause, NULL);
	}
	journal_close(j);
}

static int load(const struct scene *scene, struct stage *s, struct play *p, const struct strike *strike)
{
	const char *words[PLAY_WORDS];
	pid_t pid;

	play_begin_counting(p, s);
	play_words(p, s, words);
	pid = stage_start(s, strike, words);
	if (pid <= 0)
		return STAGE_LATE;
	if (scene->cancel && strike)
		order_cancel(s, pid);
	return stage_wait(s, pid);
}

static bool to_be_retried(const struct scene *scene, const struct run *run)
{
	return scene->retry && run->state == RUN_FINISHED && run->counts.failed > 0;
}

static bool to_be_undone(const struct scene *scene, const struct run *run)
{
	return scene->undo && run->state == RUN_FINISHED && run->undo_of == 0;
}

/* One more command: `resume`, `retry` or `undo` where that has not begun, or `load` where no run has come to be or one that is
 * not yet complete. */
static int go_on(const struct scene *scene, struct stage *s, struct play *p, const struct strike *strike,
                 unsigned hits[CHUNK_STATE_COUNT])
{
	const struct run *run = look(s, hits);
	char id[32];

	snprintf(id, sizeof id, "%lld", (long long)run->id);
	if (run->id == 0 || run->state == RUN_DRAFT)
		return load(scene, s, p, strike && strike->at ? strike : NULL);
	if (to_be_undone(scene, run))
		play_begin_counting(p, s);
	return stage_run(s, strike,
	                 (const char *[]){ to_be_retried(scene, run)  ? "retry"
	                                   : to_be_undone(scene, run) ? "undo"
	                                                              : "resume",
	                                   id, "--yes", "--quiet", "--json", NULL });
}

/* Is there nothing left to do? */
static bool is_over(const struct scene *scene, struct stage *s, int status)
{
	const struct run *run;

	if (status != 0)
		return status == DOUBT;
	run = look(s, NULL);
	return !to_be_retried(scene, run) && !to_be_undone(scene, run);
}

/* What the moments of the scene are those of: the load, or the retry or the undo after it. */
static int begin(const struct scene *scene, struct stage *s, struct play *p, const struct strike *strike,
                 struct verdict *v)
{
	char scenario[320] = "{}";
	int status;

	if (!scene->retry && !scene->undo)
		return load(scene, s, p, strike);
	if (scene->retry)
		play_refusal(p, scenario);
	stage_call(s, "POST", "/practice/scenario", NULL, scenario);
	status = load(scene, s, p, NULL);
	if (status != 0)
		judge_blame(v, "the load before it ended with exit status %d", status);
	stage_call(s, "POST", "/practice/scenario", NULL, scene->scenario);
	p->begun = scene->retry; /* a retry is of the same run */
	return go_on(scene, s, p, strike, NULL);
}

static void read_moments(struct stage *s, struct scene_result *result)
{
	FILE *f = fopen(stage_path(s, "moments"), "r");
	char line[256];
	size_t room = 0;

	while (f && fgets(line, sizeof line, f)) {
		struct moment m = { .text = "" };

		sscanf(line, "%*d %15s %79[^\n]", m.what, m.text);
		if (result->moment_count == room) {
			struct moment *more;

			room = room ? room * 2 : 256;
			more = realloc(result->moments, room * sizeof *more);
			if (!more)
				break;
			result->moments = more;
		}
		result->moments[result->moment_count++] = m;
	}
	if (f)
		fclose(f);
}

static void keep_last_moment(struct scene_result *result)
{
	const struct moment *last = result->moment_count ? &result->moments[result->moment_count - 1] : NULL;

	if (last)
		snprintf(result->died, sizeof result->died, "%s %s", last->what, last->text);
}

static bool is_write_request(const struct moment *m)
{
	return strcmp(m->what, "send-before") == 0 && strncmp(m->text, "GET ", 4) != 0 &&
	       (strstr(m->text, "/jobs/ingest") || strstr(m->text, "/composite/sobjects"));
}

/* What a power cut must not take: all that was written to the journal is synced before a request that may change anything leaves. */
static void judge_intents(struct scene_result *result)
{
	const char *last = "sync-after";

	for (size_t i = 0; i < result->moment_count; i++) {
		const struct moment *m = &result->moments[i];

		if (strstr(m->what, "write") || strncmp(m->what, "sync", 4) == 0)
			last = m->what;
		else if (is_write_request(m) && strcmp(last, "sync-after") != 0)
			judge_blame(&result->verdict, "%s leaves before the journal is synced", m->text);
	}
}

/* A load whose call failed tells why it ends, in whole sentences, with one of the command line's exit codes. */
static void judge_tortured(struct verdict *v, struct stage *s, int status)
{
	FILE *f = fopen(stage_path(s, "err"), "r");
	char line[2048], last[2048] = "";
	size_t len;

	if (status < 0 || (status > DOUBT && status != 70))
		judge_blame(v, "the load ended with %s %d", status > 128 ? "signal" : "exit status",
		            status > 128 ? status - 128 : status);
	while (f && fgets(line, sizeof line, f)) {
		len = strcspn(line, "\n");
		if (len == 0 || line[len] != '\n' || line[len - 1] == ' ' || line[len - 1] == ':')
			judge_blame(v, "the load says what is no sentence: \"%.*s\"", (int)len, line);
		snprintf(last, sizeof last, "%s", line);
	}
	if (f)
		fclose(f);
	if (status != 0 && !last[0])
		judge_blame(v, "the load ended with exit status %d and does not say why", status);
}

/* The load, and the command after it, up to where both are struck or have ended. Gives the last exit status. */
static int play_first(const struct scene *scene, struct stage *s, struct play *p, struct scene_result *result)
{
	struct strike strike = { .at = scene->at,
		                 .from = scene->from[0] ? scene->from : NULL,
		                 .log = "moments",
		                 .fails = strcmp(scene->fails, "making") == 0 ? "memory"
		                          : scene->fails[0]                   ? scene->fails
		                                                              : NULL };
	struct strike again = { .at = scene->then };
	int status = begin(scene, s, p, &strike, &result->verdict);

	result->status = status;
	if (scene->fails[0]) {
		result->calls = stage_calls(s);
		result->struck = scene->at && result->calls >= scene->at;
		judge_tortured(&result->verdict, s, status);
		return status;
	}
	result->struck = status == KILLED;
	read_moments(s, result);
	keep_last_moment(result);
	judge_intents(result);
	if (scene->at && !result->struck && status != 0 && status != 5 && status != DOUBT)
		judge_blame(&result->verdict, "it ended with exit status %d", status);
	/* the org goes on with what it was held up in */
	if (scene->cancel)
		stage_call(s, "POST", "/practice/scenario", NULL, "{}");
	if (scene->then && status != 0 && status != DOUBT)
		status = go_on(scene, s, p, &again, result->struck ? result->hits : NULL);
	return status;
}

/* What may have left records in doubt, or written them again. */
static enum cause cause_of(const struct scene *scene, const struct scene_result *result)
{
	if (strstr(scene->scenario, "\"short_results\""))
		return CAUSE_RESULTS;
	if (strstr(scene->scenario, "\"lose_job\"") && !strstr(scene->scenario, "\"Open\""))
		return CAUSE_JOB;
	if (!scene->collections && !scene->undo) /* an undo of so few goes through collections */
		return CAUSE_NONE;
	/* for all that the load could know; without memory an answer cannot be read, and the same engine sends again */
	return strcmp(scene->scenario, "{}") != 0 || result->hits[CHUNK_SENDING] > 0 ||
	                       strcmp(scene->fails, "memory") == 0
	               ? CAUSE_ANSWER
	               : CAUSE_NONE;
}

/* How many requests may have left without arriving, so that the run counts them and the org does not: one where a program was killed
 * while it sent, or where one of its calls failed, and those that the org broke off itself. */
static int may_be_lost(const struct scene *scene, const struct scene_result *result)
{
	bool sending = strncmp(result->died, "send", 4) == 0;

	return (result->struck && (sending || scene->fails[0])) + (scene->then > 0) +
	       (strcmp(scene->scenario, "{}") != 0 ? 2 : 0);
}

/* A finished insert is not loaded twice. */
static void load_again(const struct scene *scene, struct stage *s, struct play *p, struct verdict *v)
{
	int status;

	stage_call(s, "POST", "/practice/scenario", NULL, "{}");
	status = load(scene, s, p, NULL);
	if (status != 1)
		judge_blame(v, "a second load of the same file ended with exit status %d, 1 is right", status);
	if (!play_wrote(p, s, PLAY_RECORDS - p->failures))
		judge_blame(v, "a second load of the same file has written");
}

/* An empty journal, so that a load does not spend its first allocations on making one. */
static bool make_journal(struct stage *s)
{
	struct journal *j;
	struct err e;

	err_init(&e);
	if (journal_open(&j, stage_path(s, "state"), NULL, JOURNAL_WRITE, &clock_real, &e) != ERR_OK)
		snprintf(s->said, sizeof s->said, "%.500s", e.text);
	else
		journal_close(j);
	return e.code == ERR_OK;
}

void scene_play(const struct scene *scene, struct stage *s, bool moments, struct scene_result *result)
{
	static _Thread_local struct play p;
	int status, goes = 0;

	*result = (struct scene_result){ 0 };
	p = (struct play){ .action = scene->action,
		           .collections = scene->collections,
		           .failures = scene->failures,
		           .undo = scene->undo,
		           .retry = scene->retry,
		           .asks = scene->asks };
	s->said[0] = '\0';
	stage_remove(stage_path(s, "state"));
	if ((strcmp(scene->fails, "memory") != 0 || make_journal(s)) && play_prepare(&p, s) &&
	    stage_call(s, "POST", "/practice/scenario", NULL, scene->scenario)) {
		status = play_first(scene, s, &p, result);
		while (!is_over(scene, s, status) && goes++ < MOST_GOES)
			status = go_on(scene, s, &p, NULL,
			               status == KILLED || scene->fails[0] ? result->hits : NULL);
		result->verdict.cause = cause_of(scene, result);
		result->verdict.may_be_lost = may_be_lost(scene, result);
		if (scene->undo)
			judge_undo(&result->verdict, s, &p, status);
		else
			judge(&result->verdict, s, &p, status, (scene->at + scene->then) % SHOWN_ONE_IN == 0);
		if (!scene->undo && scene->action == ACTION_INSERT && !scene->collections &&
		    (scene->at + scene->then) % AGAIN_ONE_IN == 0)
			load_again(scene, s, &p, &result->verdict);
	} else {
		judge_blame(&result->verdict, "%s", s->said);
	}
	if (!moments) {
		free(result->moments);
		result->moments = NULL;
		result->moment_count = 0;
	}
}

static const char *const asks_words[] = {
#define X(name, word) [PLAY_ASKS_##name] = word,
	PLAY_ASKS(X)
#undef X
};

static bool asks_of(const char *word, enum play_asks *asks)
{
	for (*asks = 0; *asks < PLAY_ASKS_COUNT; ++*asks)
		if (strcmp(asks_words[*asks], word) == 0)
			return true;
	return false;
}

void scene_text(const struct scene *c, char to[512])
{
	snprintf(to, 512,
	         "%s api=%s failures=%d cancel=%d undo=%d retry=%d asks=%s fails=%s from=%s at=%ld then=%ld %s",
	         action_name(c->action), play_api(c->collections), c->failures, c->cancel, c->undo, c->retry,
	         asks_words[c->asks], c->fails[0] ? c->fails : "-", c->from[0] ? c->from : "-", c->at, c->then,
	         c->scenario);
}

bool scene_read(struct scene *c, const char *text)
{
	char action[16], api[16], asks[16];
	int failures, cancel, undo, retry, read = 0;

	*c = (struct scene){ 0 };
	if (sscanf(text,
	           "%15s api=%15s failures=%d cancel=%d undo=%d retry=%d asks=%15s fails=%15s from=%23s at=%ld "
	           "then=%ld "
	           "%n",
	           action, api, &failures, &cancel, &undo, &retry, asks, c->fails, c->from, &c->at, &c->then,
	           &read) != 11 ||
	    !action_of(action, &c->action) || !asks_of(asks, &c->asks))
		return false;
	c->collections = strcmp(api, play_api(true)) == 0;
	c->failures = failures;
	c->cancel = cancel;
	c->retry = retry;
	c->undo = undo;
	if (strcmp(c->from, "-") == 0)
		c->from[0] = '\0';
	if (strcmp(c->fails, "-") == 0)
		c->fails[0] = '\0';
	snprintf(c->scenario, sizeof c->scenario, "%s", text + read);
	return true;
}
