#include "core/engine/detach.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* No terminal, no descriptor of the console's, default signals: as if started by nobody. */
static void become_engine(struct journal *j, int64_t run, bool retry, const char *config, int ready)
{
	char number[24], descriptor[12];
	const char *args[16] = { "longshore", "engine",         number,      "--ready-fd",   descriptor,
		                 "--state",   journal_state(j), "--journal", journal_file(j) };
	size_t n = 9;
	int nothing = open("/dev/null", O_RDWR);
	sigset_t none;

	snprintf(number, sizeof number, "%lld", (long long)run);
	snprintf(descriptor, sizeof descriptor, "%d", ready);
	if (config && config[0]) {
		args[n++] = "--config";
		args[n++] = config;
	}
	if (retry)
		args[n++] = "--retry";
	for (int fd = 0; fd <= 2; fd++)
		dup2(nothing, fd);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGHUP, SIG_IGN);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execv("/proc/self/exe", (char *const *)(const void *)args);
	_exit(127);
}

/* Two forks: the engine belongs to nobody who would have to wait for it. */
static enum err_code start(struct journal *j, int64_t run, bool retry, const char *config, int ready,
                           struct err *e)
{
	pid_t between = fork();

	if (between < 0)
		return err_set(e, ERR_INTERNAL, "cannot start an engine: %s", strerror(errno));
	if (between == 0) {
		setsid();
		if (fork() == 0)
			become_engine(j, run, retry, config, ready);
		_exit(0);
	}
	while (waitpid(between, NULL, 0) < 0 && errno == EINTR)
		;
	return ERR_OK;
}

/* One byte: ERR_OK, or a code with the sentence behind it. Nothing: it died before it could say. */
static enum err_code hear(int from, int64_t run, struct err *e)
{
	char text[sizeof e->text];
	size_t len = 0;
	ssize_t n;

	while (len < sizeof text - 1) {
		n = read(from, text + len, sizeof text - 1 - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	text[len] = '\0';
	if (len == 0)
		return err_set(e, ERR_INTERNAL,
		               "the engine ended before it began: `longshore resume %lld` shows why",
		               (long long)run);
	return text[0] == ERR_OK ? ERR_OK : err_set(e, (enum err_code)text[0], "%s", text + 1);
}

static enum err_code detach(struct journal *j, int64_t run, bool retry, const char *config, struct err *e)
{
	int ends[2];
	enum err_code rc;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_set(e, ERR_INTERNAL, "cannot start an engine: %s", strerror(errno));
	fcntl(ends[1], F_SETFD, 0);
	rc = start(j, run, retry, config, ends[1], e);
	close(ends[1]);
	if (rc == ERR_OK)
		rc = hear(ends[0], run, e);
	close(ends[0]);
	return rc;
}

enum err_code detach_engine(struct journal *j, int64_t run, const char *config, struct err *e)
{
	return detach(j, run, false, config, e);
}

enum err_code detach_retry(struct journal *j, int64_t run, const char *config, struct err *e)
{
	return detach(j, run, true, config, e);
}
