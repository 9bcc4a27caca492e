#include "core/engine/detach.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* What the engine is told. */
struct orders {
	struct journal *j;
	int64_t run;
	bool retry;
	const struct access_choice *choice;
	int ready;    /* it writes there when it holds the run */
	int key;      /* it reads the key of the saved orgs there; -1: there is none */
	int settings; /* and there the secrets that were in the environment */
};

enum { MOST_ARGS = 20 };

static size_t add(const char **args, size_t n, const char *option, const char *value)
{
	if (!value || !value[0])
		return n;
	args[n] = option;
	args[n + 1] = value;
	return n + 2;
}

static const char *number_of(int fd, char to[12])
{
	if (fd < 0)
		return NULL;
	snprintf(to, 12, "%d", fd);
	return to;
}

/* No terminal, no descriptor of the console's, default signals: as if started by nobody. */
static void become_engine(const struct orders *o)
{
	char number[24], ready[12], key[12], settings[12];
	const char *args[MOST_ARGS] = { "longshore", "engine", number };
	size_t n = 3;
	int nothing = open("/dev/null", O_RDWR);
	sigset_t none;

	snprintf(number, sizeof number, "%lld", (long long)o->run);
	n = add(args, n, "--ready-fd", number_of(o->ready, ready));
	n = add(args, n, "--key-fd", number_of(o->key, key));
	n = add(args, n, "--settings-fd", number_of(o->settings, settings));
	n = add(args, n, "--state", journal_state(o->j));
	n = add(args, n, "--journal", journal_file(o->j));
	n = add(args, n, "--config", o->choice ? o->choice->config : NULL);
	n = add(args, n, "--org", o->choice ? o->choice->org : NULL);
	if (o->retry)
		args[n] = "--retry";
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
static enum err_code start(const struct orders *o, struct err *e)
{
	pid_t between = fork();

	if (between < 0)
		return err_set(e, ERR_INTERNAL, "cannot start an engine: %s", strerror(errno));
	if (between == 0) {
		setsid();
		if (fork() == 0)
			become_engine(o);
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

/* The end of a pipe that the child inherits, and ours. */
static enum err_code make_pipe(int *inherited, int *ours, bool child_reads, struct err *e)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_set(e, ERR_INTERNAL, "cannot start an engine: %s", strerror(errno));
	*inherited = ends[child_reads ? 0 : 1];
	*ours = ends[child_reads ? 1 : 0];
	fcntl(*inherited, F_SETFD, 0);
	return ERR_OK;
}

/* A pipe that holds already what the engine reads from it: neither its words nor its environment show it. */
static enum err_code fill_pipe(int *inherited, enum err_code (*fill)(int fd, struct err *e), struct err *e)
{
	int ours = -1;
	enum err_code rc = make_pipe(inherited, &ours, true, e);

	if (rc != ERR_OK)
		return rc;
	rc = fill(ours, e);
	close(ours);
	return rc;
}

static enum err_code put_secrets(struct orders *o, struct err *e)
{
	enum err_code rc = ERR_OK;

	if (access_has_key())
		rc = fill_pipe(&o->key, access_give_key, e);
	if (rc == ERR_OK && settings_seized())
		rc = fill_pipe(&o->settings, settings_hand_over, e);
	return rc;
}

static void close_ours(int fd)
{
	if (fd >= 0)
		close(fd);
}

static enum err_code detach(struct journal *j, int64_t run, bool retry, const struct access_choice *choice,
                            struct err *e)
{
	struct orders o = { j, run, retry, choice, -1, -1, -1 };
	int ours = -1;
	enum err_code rc = put_secrets(&o, e);

	if (rc == ERR_OK)
		rc = make_pipe(&o.ready, &ours, false, e);
	if (rc == ERR_OK)
		rc = start(&o, e);
	close_ours(o.ready);
	close_ours(o.key);
	close_ours(o.settings);
	if (rc == ERR_OK)
		rc = hear(ours, run, e);
	close_ours(ours);
	return rc;
}

enum err_code detach_engine(struct journal *j, int64_t run, const struct access_choice *choice, struct err *e)
{
	return detach(j, run, false, choice, e);
}

enum err_code detach_retry(struct journal *j, int64_t run, const struct access_choice *choice, struct err *e)
{
	return detach(j, run, true, choice, e);
}
