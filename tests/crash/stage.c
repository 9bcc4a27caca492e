#include "stage.h"

#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	PATIENCE_MS = 20000, /* 400 s for a program whose clock is hasty */
	MOST_WORDS = 32,
	MOST_ANSWER = 16 * 1024 * 1024,
	HASTE = 20, /* pauses of a second are 50 ms */
};

#define TOKEN "Authorization: Bearer 00D5e0000000001!AQEAQ.practice"

const char *stage_path(const struct stage *s, const char *name)
{
	static _Thread_local char paths[32][PATH_ROOM + 32];
	static _Thread_local unsigned next;
	char *to = paths[next++ % 32];

	snprintf(to, sizeof paths[0], "%s/%s", s->folder, name);
	return to;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *place)
{
	(void)st;
	(void)kind;
	(void)place;
	return remove(path);
}

void stage_remove(const char *path)
{
	nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void fail(struct stage *s, const char *what, const char *why)
{
	if (!s->said[0])
		snprintf(s->said, sizeof s->said, "%s: %.400s", what, why);
}

static bool write_settings(struct stage *s)
{
	FILE *f = fopen(stage_path(s, "org.json"), "w");

	if (!f)
		return false;
	fprintf(f, "{\"login_url\":\"%s\",\"client_id\":\"practice\",\"refresh_token\":\"practice-refresh\"}\n",
	        s->url);
	return fclose(f) == 0;
}

/* The org writes its port, whole, once it listens. */
static bool wait_for_port(struct stage *s)
{
	struct timespec moment = { .tv_nsec = 5000000 };
	int port = 0;

	for (int waited = 0; waited < PATIENCE_MS && port == 0; waited += 5) {
		FILE *f = fopen(stage_path(s, "port"), "r");

		if (f && fscanf(f, "%d", &port) != 1)
			port = 0;
		if (f)
			fclose(f);
		else
			nanosleep(&moment, NULL);
	}
	snprintf(s->url, sizeof s->url, "http://127.0.0.1:%d", port);
	return port != 0;
}

static pid_t spawn(struct stage *s, const char *const *words, char *const *environment, const char *out,
                   const char *err)
{
	posix_spawn_file_actions_t files;
	char *list[MOST_WORDS + 1];
	pid_t pid = -1;
	size_t n = 0;

	for (; words[n] && n < MOST_WORDS; n++)
		memcpy(&list[n], &words[n], sizeof list[n]);
	list[n] = NULL;
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, 1, stage_path(s, out), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	posix_spawn_file_actions_addopen(&files, 2, stage_path(s, err), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	if (posix_spawn(&pid, words[0], &files, NULL, list, environment) != 0) {
		fail(s, "cannot start", words[0]);
		pid = -1;
	}
	posix_spawn_file_actions_destroy(&files);
	return pid;
}

static bool start_org(struct stage *s, const char *describes)
{
	char program[PATH_ROOM + 32];
	const char *words[] = {
		program, "--port-file", stage_path(s, "port"), describes ? "--describes" : NULL, describes, NULL
	};

	snprintf(program, sizeof program, "%s/longshore-practice", s->bin);
	s->org = spawn(s, words, environ, "org.out", "org.err");
	return s->org > 0 && wait_for_port(s);
}

bool stage_open(struct stage *s, const char *root, const char *bin, int number, const char *describes)
{
	*s = (struct stage){ .org = -1 };
	buf_init(&s->answer, MOST_ANSWER);
	snprintf(s->folder, sizeof s->folder, "%s/%d", root, number);
	snprintf(s->bin, sizeof s->bin, "%s", bin);
	s->curl = curl_easy_init();
	if (!s->curl || mkdir(s->folder, 0700) != 0 || !start_org(s, describes) || !write_settings(s))
		fail(s, "a practice org cannot be started in", s->folder);
	return !s->said[0];
}

void stage_close(struct stage *s)
{
	if (s->org > 0) {
		kill(s->org, SIGTERM);
		stage_wait(s, s->org);
	}
	curl_easy_cleanup(s->curl);
	buf_release(&s->answer);
}

static size_t take(char *at, size_t size, size_t count, void *ctx)
{
	struct stage *s = ctx;

	buf_add(&s->answer, at, size * count);
	return s->answer.short_of ? 0 : size * count;
}

bool stage_call(struct stage *s, const char *method, const char *path, const char *type, const char *body)
{
	char url[1024], header[128];
	struct curl_slist *headers = curl_slist_append(NULL, TOKEN);
	long status = 0;

	snprintf(url, sizeof url, "%s%s", s->url, path);
	snprintf(header, sizeof header, "Content-Type: %s", type ? type : "application/json");
	headers = curl_slist_append(headers, header);
	buf_clear(&s->answer);
	curl_easy_reset(s->curl);
	curl_easy_setopt(s->curl, CURLOPT_URL, url);
	curl_easy_setopt(s->curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(s->curl, CURLOPT_HTTPHEADER, headers);
	if (body)
		curl_easy_setopt(s->curl, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(s->curl, CURLOPT_CUSTOMREQUEST, method);
	curl_easy_setopt(s->curl, CURLOPT_TIMEOUT_MS, (long)PATIENCE_MS);
	curl_easy_setopt(s->curl, CURLOPT_WRITEFUNCTION, take);
	curl_easy_setopt(s->curl, CURLOPT_WRITEDATA, s);
	if (curl_easy_perform(s->curl) == CURLE_OK)
		curl_easy_getinfo(s->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	if (status < 200 || status > 299)
		fail(s, path, status ? buf_text(&s->answer) : "the practice org does not answer");
	return status >= 200 && status <= 299;
}

json_t *stage_get(struct stage *s, const char *path)
{
	json_t *json = stage_call(s, "GET", path, NULL, NULL)
	                       ? json_loadb(buf_text(&s->answer), s->answer.len, 0, NULL)
	                       : NULL;

	if (!json)
		fail(s, path, "no JSON");
	return json;
}

static char *setting(const char *name, const char *value)
{
	char *text = NULL;

	return asprintf(&text, "%s=%s", name, value) < 0 ? NULL : text;
}

/* What kills it, or makes its calls fail. Gives how many settings there are now. */
static size_t fill_strike(const struct stage *s, const struct strike *strike, char *to[16], size_t n)
{
	char number[32];

	snprintf(number, sizeof number, "%ld", strike->at);
	if (strike->fails) {
		to[n++] = setting("FAIL_WHAT", strike->fails);
		to[n++] = setting("FAIL_AT", number);
		to[n++] = setting("FAIL_COUNT", stage_path(s, "calls"));
		if (getenv("CRASH_ONLY")) /* where it failed, for whoever looks at this one */
			to[n++] = setting("FAIL_TRACE", stage_path(s, "trace"));
		return n;
	}
	if (strike->at > 0)
		to[n++] = setting("STRIKE_AT", number);
	if (strike->from)
		to[n++] = setting("STRIKE_FROM", strike->from);
	if (strike->log)
		to[n++] = setting("STRIKE_LOG", stage_path(s, strike->log));
	return n;
}

/* What the program under test finds in its environment; the last one is NULL. To be freed. */
static void fill_environment(const struct stage *s, const struct strike *strike, char *to[16])
{
	const char *asan = getenv("ASAN_OPTIONS");
	char number[32], text[2 * PATH_ROOM + 64];
	bool fails = strike && strike->fails;
	size_t n = 0;

	snprintf(text, sizeof text, "%s%s%s/strike.so", fails ? s->bin : "", fails ? "/fail.so:" : "", s->bin);
	to[n++] = setting("LD_PRELOAD", text);
	to[n++] = setting("HOME", s->folder);
	to[n++] = setting("LC_ALL", "C.UTF-8");
	to[n++] = setting("PATH", "/usr/bin:/bin");
	snprintf(text, sizeof text, "%s%sverify_asan_link_order=0", asan ? asan : "", asan ? ":" : "");
	to[n++] = setting("ASAN_OPTIONS", text);
	snprintf(number, sizeof number, "%d", HASTE);
	to[n++] = setting("STRIKE_HASTE", number);
	if (strike)
		n = fill_strike(s, strike, to, n);
	to[n] = NULL;
}

pid_t stage_start(struct stage *s, const struct strike *strike, const char *const *words)
{
	char program[PATH_ROOM + 32];
	const char *list[MOST_WORDS + 1] = { program };
	char *environment[16];
	size_t n = 1;
	pid_t pid;

	snprintf(program, sizeof program, "%s/longshore", s->bin);
	for (size_t i = 0; words[i] && n < MOST_WORDS - 2; i++)
		list[n++] = words[i];
	list[n++] = "--state";
	list[n++] = stage_path(s, "state");
	list[n] = NULL;
	fill_environment(s, strike, environment);
	if (strike && strike->log)
		unlink(stage_path(s, strike->log));
	pid = spawn(s, list, environment, "out", "err");
	for (size_t i = 0; environment[i]; i++)
		free(environment[i]);
	return pid;
}

int stage_wait(struct stage *s, pid_t pid)
{
	struct pollfd end = { .fd = pidfd_open(pid, 0), .events = POLLIN };
	bool late = end.fd >= 0 && poll(&end, 1, PATIENCE_MS) == 0;
	int status = 0;

	if (late) {
		fail(s, "a program did not end in time", "it was killed");
		kill(pid, SIGKILL);
	}
	waitpid(pid, &status, 0);
	if (end.fd >= 0)
		close(end.fd);
	if (late)
		return STAGE_LATE;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int stage_run(struct stage *s, const struct strike *strike, const char *const *words)
{
	pid_t pid = stage_start(s, strike, words);

	return pid > 0 ? stage_wait(s, pid) : STAGE_LATE;
}

long stage_calls(const struct stage *s)
{
	FILE *f = fopen(stage_path(s, "calls"), "rb");
	long calls = 0;

	if (f && fread(&calls, sizeof calls, 1, f) != 1)
		calls = 0;
	if (f)
		fclose(f);
	return calls;
}
