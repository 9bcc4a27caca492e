#include "ui/console/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LOOK_MS = 100 };

/* No terminal, its messages into `out`, no signal blocked. */
static int start(pid_t *child, const char *const *args, int out)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none;
	int failed;

	sigemptyset(&none);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attributes);
	posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
	posix_spawn_file_actions_adddup2(&files, out, STDERR_FILENO);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
	failed = posix_spawn(child, "/proc/self/exe", &files, &attributes, (char *const *)(const void *)args,
	                     environ);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&files);
	return failed;
}

/* Keeps the last line that is not empty. */
static void keep_line(char *line, size_t *len, size_t size, const char *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (*len && line[*len - 1] == '\n')
			*len = 0;
		if (*len + 1 < size && (bytes[i] != '\n' || *len))
			line[(*len)++] = bytes[i];
	}
}

static void hear(int from, pid_t child, atomic_bool *stop, char *said, size_t size)
{
	struct pollfd end = { .fd = from, .events = POLLIN };
	bool told = false;
	char bytes[512];
	size_t len = 0;
	ssize_t n = 1;

	while (n > 0) {
		if (atomic_load(stop) && !told) {
			kill(child, SIGTERM);
			told = true;
		}
		if (poll(&end, 1, LOOK_MS) <= 0)
			continue;
		n = read(from, bytes, sizeof bytes);
		if (n > 0)
			keep_line(said, &len, size, bytes, (size_t)n);
	}
	while (len && said[len - 1] == '\n')
		len--;
	said[len] = '\0';
}

enum err_code child_run(const char *const *args, atomic_bool *stop, char *said, size_t size, struct err *e)
{
	static const char ours[] = "longshore: ";
	int ends[2], status = 0, failed;
	pid_t child = 0;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return err_set(e, ERR_INTERNAL, "cannot run longshore %s: %s", args[1], strerror(errno));
	failed = start(&child, args, ends[1]);
	close(ends[1]);
	if (!failed)
		hear(ends[0], child, stop, said, size);
	close(ends[0]);
	if (failed)
		return err_set(e, ERR_INTERNAL, "cannot run longshore %s: %s", args[1], strerror(failed));
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	if (strncmp(said, ours, strlen(ours)) == 0)
		memmove(said, said + strlen(ours), strlen(said + strlen(ours)) + 1);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return ERR_OK;
	if (atomic_load(stop))
		return err_set(e, ERR_STOPPED, "stopped");
	return err_set(e, ERR_FILE, "%s", said[0] ? said : "it ended without a word");
}
