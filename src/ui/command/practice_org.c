#include "ui/command/practice_org.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/files.h"
#include "store/runs.h"
#include "ui/command/call.h"

enum {
	LISTEN_MS = 15 * 1000, /* a slow machine under load */
	LOOK_MS = 20,
	WATCH_MS = 1000,
	NEWEST_RUNS = 32,
};

static void wait_ms(long ms)
{
	struct timespec moment = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };

	nanosleep(&moment, NULL);
}

static void path_in(const struct practice_org *org, const char *name, char to[PATH_ROOM + 32])
{
	snprintf(to, PATH_ROOM + 32, "%s/%s", org->folder, name);
}

static long read_number(const struct practice_org *org, const char *name)
{
	char path[PATH_ROOM + 32], text[32] = "";
	FILE *f;

	path_in(org, name, path);
	f = fopen(path, "r");
	if (!f)
		return 0;
	if (!fgets(text, sizeof text, f))
		text[0] = '\0';
	fclose(f);
	return strtol(text, NULL, 10);
}

static enum err_code write_number(const struct practice_org *org, const char *name, long number, struct err *e)
{
	char path[PATH_ROOM + 32];
	FILE *f;

	path_in(org, name, path);
	f = fopen(path, "w");
	if (!f || fprintf(f, "%ld\n", number) < 0 || fclose(f) != 0)
		return err_set(e, ERR_FILE, "cannot write %s: %s", path, strerror(errno));
	return ERR_OK;
}

static bool listens(int port)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool answered;

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	answered = fd >= 0 && connect(fd, (const struct sockaddr *)&to, sizeof to) == 0;
	if (fd >= 0)
		close(fd);
	return answered;
}

static bool runs_already(struct practice_org *org)
{
	org->pid = read_number(org, "practice.pid");
	org->port = (int)read_number(org, "port");
	return org->pid > 1 && org->port > 0 && kill((pid_t)org->pid, 0) == 0 && listens(org->port);
}

/* In the child: becomes the practice org, with its words in a log of the folder. */
static _Noreturn void become(const struct practice_org *org, const char *program, int port,
                             const char *port_file)
{
	char port_text[16], log_path[PATH_ROOM + 32];
	int null = open("/dev/null", O_RDONLY), log;

	path_in(org, "practice.log", log_path);
	log = open(log_path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	snprintf(port_text, sizeof port_text, "%d", port);
	setsid();
	if (null < 0 || log < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(log, STDOUT_FILENO) < 0 ||
	    dup2(log, STDERR_FILENO) < 0)
		_exit(127);
	if (org->describes)
		execl(program, program, "--port", port_text, "--port-file", port_file, "--rehearsal",
		      "--describes", org->describes, (char *)NULL);
	else
		execl(program, program, "--port", port_text, "--port-file", port_file,
		      org->scenario ? "--scenario" : (char *)NULL, org->scenario, (char *)NULL);
	_exit(127);
}

/* Starts one at `port` (0: any) and waits until it listens. */
static enum err_code start(struct practice_org *org, int port, struct err *e)
{
	char program[PATH_ROOM], port_file[PATH_ROOM + 32];
	int64_t until = clock_mono(&clock_real) + LISTEN_MS;
	pid_t pid;

	path_in(org, "practice.port", port_file);
	if (paths_program("longshore-practice", program, e) != ERR_OK)
		return e->code;
	unlink(port_file);
	pid = fork();
	if (pid < 0)
		return err_set(e, ERR_FILE, "cannot start a process: %s", strerror(errno));
	if (pid == 0)
		become(org, program, port, port_file);
	while (clock_mono(&clock_real) < until) {
		org->port = (int)read_number(org, "practice.port");
		if (org->port > 0 && listens(org->port)) {
			org->pid = pid;
			return write_number(org, "practice.pid", pid, e) == ERR_OK
			               ? write_number(org, "port", org->port, e)
			               : e->code;
		}
		if (waitpid(pid, NULL, WNOHANG) == pid)
			break;
		wait_ms(LOOK_MS);
	}
	kill(pid, SIGTERM);
	return err_set(e, ERR_FILE, "the practice org did not begin to listen: %s/practice.log says why",
	               org->folder);
}

static bool loads_run(const struct practice_org *org)
{
	static struct run runs[NEWEST_RUNS];
	struct journal *j;
	bool any = false;
	int n;

	if (journal_open(&j, org->folder, NULL, JOURNAL_READ, &clock_real, call_ignore()) != ERR_OK)
		return false;
	n = run_page(j, 0, runs, NEWEST_RUNS, call_ignore());
	for (int i = 0; i < n && !any; i++)
		any = run_held(j, runs[i].id);
	journal_close(j);
	return any;
}

/* Ends the org if nobody needs it; false if somebody does. */
static bool end_if_unused(const struct practice_org *org)
{
	char path[PATH_ROOM + 32];
	int lock;
	bool unused;

	if (loads_run(org))
		return false;
	path_in(org, "lock", path);
	lock = open(path, O_RDWR | O_CLOEXEC);
	unused = lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0;
	if (unused && read_number(org, "practice.pid") == org->pid) {
		kill((pid_t)org->pid, SIGTERM);
		waitpid((pid_t)org->pid, NULL, 0); /* where it is ours */
		path_in(org, "practice.pid", path);
		unlink(path);
	}
	if (lock >= 0)
		close(lock);
	return unused;
}

/* The folder of a rehearsal, once nobody is there who would do it. */
static void throw_away(const struct practice_org *org)
{
	char path[PATH_ROOM + 32];
	int lock;

	path_in(org, "lock", path);
	lock = open(path, O_RDWR | O_CLOEXEC);
	if (lock >= 0 && flock(lock, LOCK_EX) == 0)
		files_remove_scratch(org->folder);
}

/* In a child with no terminal: looks until the org may go, or has gone by itself, whatever became of the demo. */
static _Noreturn void watch(const struct practice_org *org)
{
	int null = open("/dev/null", O_RDWR);

	setsid();
	close(org->lock); /* the demo's */
	for (int fd = STDIN_FILENO; null >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	while (kill((pid_t)org->pid, 0) == 0 && !end_if_unused(org))
		wait_ms(WATCH_MS);
	if (org->describes)
		throw_away(org);
	_exit(0);
}

static enum err_code take_or_start(struct practice_org *org, struct err *e)
{
	struct err first;

	if (runs_already(org))
		return ERR_OK;
	err_init(&first);
	if (org->port > 0 && start(org, org->port, &first) == ERR_OK)
		return ERR_OK;
	return start(org, 0, e); /* no port yet, or somebody else has it now */
}

enum err_code practice_org_settings(const struct practice_org *org, const char *path, const char *api_version,
                                    struct err *e)
{
	struct json json;
	char url[64];

	snprintf(url, sizeof url, "http://127.0.0.1:%d", org->port);
	json_init(&json);
	json_begin(&json, NULL, '{');
	json_put_text(&json, "login_url", url);
	json_put_text(&json, "client_id", "practice"); /* what the practice org takes by default */
	json_put_text(&json, "client_secret", "practice-secret");
	json_put_text(&json, "refresh_token", "practice-refresh");
	if (api_version)
		json_put_text(&json, "api_version", api_version);
	json_end(&json);
	files_write(path, buf_slice(&json.out), FILE_OURS, e);
	json_release(&json);
	return e->code;
}

enum err_code practice_org_hold(struct practice_org *org, const char *folder, struct err *e)
{
	char path[PATH_ROOM + 32];

	snprintf(org->folder, sizeof org->folder, "%s", folder);
	path_in(org, "lock", path);
	org->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	org->held = org->lock >= 0;
	if (!org->held || flock(org->lock, LOCK_SH) != 0)
		return err_set(e, ERR_FILE, "cannot lock %s: %s", path, strerror(errno));
	return ERR_OK;
}

enum err_code practice_org_open(struct practice_org *org, const char *describes, struct err *e)
{
	org->describes = describes;
	if (take_or_start(org, e) != ERR_OK)
		return e->code;
	org->keeper = fork();
	if (org->keeper == 0)
		watch(org);
	return ERR_OK;
}

void practice_org_close(struct practice_org *org)
{
	if (org->held)
		close(org->lock);
	if (org->pid > 1 && end_if_unused(org) && org->keeper > 1) {
		kill((pid_t)org->keeper, SIGTERM);
		waitpid((pid_t)org->keeper, NULL, 0);
	}
	org->held = false;
	org->pid = 0;
}

static void sweep_one(const char *folder)
{
	char path[PATH_ROOM + 288];
	int lock;

	snprintf(path, sizeof path, "%s/lock", folder);
	lock = open(path, O_RDWR | O_CLOEXEC);
	if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) == 0)
		files_remove_scratch(folder);
	if (lock >= 0)
		close(lock);
}

void practice_org_sweep(const char *within, const char *name)
{
	char folder[PATH_ROOM + 257];
	size_t len = strlen(name);
	struct dirent *entry;
	DIR *all = opendir(within);

	while (all && (entry = readdir(all))) {
		if (strncmp(entry->d_name, name, len) != 0 || entry->d_name[len] != '-')
			continue;
		snprintf(folder, sizeof folder, "%s/%s", within, entry->d_name);
		sweep_one(folder);
	}
	if (all)
		closedir(all);
}
