#include "core/org/sf_cli.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "core/org/json.h"

enum { PRINTED_MOST = 256 * 1024, PATIENCE_MS = 60 * 1000, NOT_FOUND = 127 };

/* In the child. Its messages go nowhere: they may hold what it printed. */
static void become_sf(const char *alias, int out)
{
	int nothing = open("/dev/null", O_RDWR);
	sigset_t none;

	dup2(nothing, STDIN_FILENO);
	dup2(nothing, STDERR_FILENO);
	dup2(out, STDOUT_FILENO);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execlp("sf", "sf", "org", "display", "--target-org", alias, "--json", (char *)NULL);
	_exit(NOT_FOUND);
}

/* All that it prints, until it closes its output or time is up. */
static bool hear(int from, struct buf *printed)
{
	int64_t until = clock_mono(&clock_real) + PATIENCE_MS;
	ssize_t n = 1;

	while (n != 0 && !printed->short_of) {
		struct pollfd wait = { .fd = from, .events = POLLIN };
		int64_t left = until - clock_mono(&clock_real);
		char *room = buf_reserve(printed, 4096);

		if (left <= 0 || !room)
			return false;
		if (poll(&wait, 1, (int)left) <= 0)
			continue;
		n = read(from, room, 4096);
		if (n < 0 && errno != EINTR)
			return false;
		buf_grow(printed, n > 0 ? (size_t)n : 0);
	}
	return !printed->short_of;
}

/* Its exit status; -1 when it had to be ended. */
static int run_sf(const char *alias, struct buf *printed, struct err *e)
{
	int ends[2], status = 0;
	pid_t child;
	bool heard;

	if (pipe2(ends, O_CLOEXEC) != 0 || (child = fork()) < 0) {
		err_set(e, ERR_INTERNAL, "the sf command cannot be started: %s", strerror(errno));
		return -1;
	}
	if (child == 0)
		become_sf(alias, ends[1]);
	close(ends[1]);
	heard = hear(ends[0], printed);
	close(ends[0]);
	if (!heard)
		kill(child, SIGKILL);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (heard && WIFEXITED(status))
		return WEXITSTATUS(status);
	err_set(e, ERR_UNREACHABLE,
	        "the sf command gave no answer within a minute: try `sf org display --target-org "
	        "%.60s` by itself",
	        alias);
	return -1;
}

static enum err_code take(const json_t *answer, const char *alias, struct buf *token, char instance_url[256],
                          struct err *e)
{
	const json_t *result = json_object_get(answer, "result");
	const char *access = json_text(result, "accessToken"), *url = json_text(result, "instanceUrl");

	if (*access && *url && strlen(url) < 256) {
		buf_reserve(token, strlen(access));
		buf_add_text(token, access);
		memcpy(instance_url, url, strlen(url) + 1);
		return token->short_of ? err_memory(e, "a session") : ERR_OK;
	}
	return err_set(e, ERR_REFUSED,
	               "the Salesforce CLI has no session for %.60s: %.200s%s`sf org login web --alias %.60s`",
	               alias, json_text(answer, "message"),
	               *json_text(answer, "message") ? " - sign in with " : "sign in with ", alias);
}

enum err_code sf_cli_session(const char *alias, struct buf *token, char instance_url[256], struct err *e)
{
	struct buf printed;
	enum err_code rc;
	json_t *answer;
	int status;

	if (alias[0] == '-')
		return err_set(e, ERR_USAGE, "%.60s is no name of an org", alias);
	buf_init(&printed, PRINTED_MOST);
	buf_reserve(&printed, PRINTED_MOST / 2);
	status = run_sf(alias, &printed, e);
	answer = status >= 0 ? json_read(buf_slice(&printed)) : NULL;
	if (status == NOT_FOUND && !answer)
		rc = err_set(e, ERR_USAGE,
		             "there is no sf command here: install the Salesforce CLI, or sign in another way");
	else if (status < 0)
		rc = e ? e->code : ERR_UNREACHABLE;
	else
		rc = take(answer, alias, token, instance_url, e);
	json_wipe(answer);
	buf_wipe(&printed);
	return rc;
}
