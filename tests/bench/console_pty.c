/*
 * console_pty.c - the console in a terminal of its own, by the clock: its first frame, its answer to a key, and the processor time it takes.
 *
 *	console_pty first PROGRAM WORDS...          start to first frame, of 15 starts
 *	console_pty watch RUN PROGRAM WORDS...      on the screen of a run: keys, and the share of a core
 *	console_pty idle PROGRAM WORDS...           the share of a core while nothing happens
 * Prints a line with the target; exit 1 if it is missed.
 */
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	STARTS = 15,
	KEYS = 60,
	WATCH_MS = 8000,
	START_MS = 50,
	KEY_MS = 16,
	IDLE_PERCENT = 2,
	WATCH_PERCENT = 10
};

struct console {
	pid_t pid;
	int terminal;
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static struct console start(char **words)
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	struct console console;

	console.pid = forkpty(&console.terminal, NULL, NULL, &size);
	if (console.pid == 0) {
		setenv("TERM", "xterm-256color", 1);
		setenv("LC_ALL", "C.UTF-8", 1);
		execv(words[0], words);
		_exit(127);
	}
	return console;
}

/* Reads what is there within `ms`; false if nothing came. `seen` (or NULL) is looked for in all that came since it was begun. */
static bool hear(const struct console *console, int ms, char *all, size_t room)
{
	struct pollfd end = { .fd = console->terminal, .events = POLLIN };
	char bytes[65536];
	size_t used = all ? strlen(all) : 0;
	ssize_t n;

	if (poll(&end, 1, ms) <= 0)
		return false;
	n = read(console->terminal, bytes, sizeof bytes);
	for (ssize_t i = 0; i < n && all && used + 1 < room; i++)
		if (bytes[i])
			all[used++] = bytes[i];
	if (all)
		all[used] = '\0';
	return n > 0;
}

/* Until a text was drawn, whatever escape sequences stand between. */
static bool sees(const struct console *console, const char *text, int ms)
{
	static char all[1 << 20];
	double end = now_ms() + ms;

	all[0] = '\0';
	while (now_ms() < end)
		if (hear(console, 50, all, sizeof all) && strstr(all, text))
			return true;
	return false;
}

static void stop(const struct console *console)
{
	kill(console->pid, SIGTERM);
	while (waitpid(console->pid, NULL, WNOHANG) == 0)
		hear(console, 20, NULL, 0);
	close(console->terminal);
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static int verdict(const char *what, const char *unit, double is, double target)
{
	bool met = is <= target;

	printf("%-32s %.1f %s (target %.0f %s): %s\n", what, is, unit, target, unit, met ? "met" : "MISSED");
	return met ? 0 : 1;
}

static int first_frame(char **words)
{
	double times[STARTS];

	for (int i = 0; i < STARTS; i++) {
		double since = now_ms();
		struct console console = start(words);

		if (!sees(&console, "keys", 10000)) {
			fprintf(stderr, "console_pty: no frame\n");
			return 1;
		}
		times[i] = now_ms() - since;
		stop(&console);
	}
	qsort(times, STARTS, sizeof *times, by_size);
	return verdict("start to first frame", "ms", times[STARTS / 2], START_MS);
}

/* Processor time so far, in ms. */
static double spent(pid_t pid)
{
	char path[64], text[1024], *at;
	unsigned long user = 0, system = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
	f = fopen(path, "r");
	text[f ? fread(text, 1, sizeof text - 1, f) : 0] = '\0';
	if (f)
		fclose(f);
	at = strrchr(text, ')');
	if (at)
		sscanf(at + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
	return (double)(user + system) * 1000.0 / (double)sysconf(_SC_CLK_TCK);
}

/* Of one core, in percent. */
static double share(const struct console *console)
{
	double before = spent(console->pid), since = now_ms(), end = since + WATCH_MS;

	while (now_ms() < end)
		hear(console, 100, NULL, 0);
	return (spent(console->pid) - before) * 100 / (now_ms() - since);
}

static int idle(char **words)
{
	struct console console = start(words);
	int status = 1;

	if (sees(&console, "keys", 10000))
		status = verdict("idle", "% of a core", share(&console), IDLE_PERCENT);
	stop(&console);
	return status;
}

static void quiet(const struct console *console)
{
	while (hear(console, 20, NULL, 0))
		continue;
}

/* ? opens the help and Esc closes it: each changes the whole screen. */
static double key_time(const struct console *console)
{
	double times[KEYS];

	for (int i = 0; i < KEYS; i++) {
		double since;

		quiet(console);
		since = now_ms();
		if (write(console->terminal, i % 2 ? "q" : "?", 1) != 1 || !hear(console, 5000, NULL, 0))
			return 5000;
		times[i] = now_ms() - since;
	}
	qsort(times, KEYS, sizeof *times, by_size);
	printf("%-32s %.1f ms in the middle\n", "keys while a load runs", times[KEYS / 2]);
	return times[KEYS * 95 / 100];
}

static int watch(const char *run, char **words)
{
	struct console console = start(words);
	char title[64];
	int status = 1;

	snprintf(title, sizeof title, "Run %s", run);
	if (sees(&console, "keys", 10000) && write(console.terminal, "g\r", 2) == 2 &&
	    sees(&console, title, 10000)) {
		status = verdict("watching a load", "% of a core", share(&console), WATCH_PERCENT);
		status |= verdict("95 of 100 keys while a load runs", "ms", key_time(&console), KEY_MS);
	}
	stop(&console);
	return status;
}

int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "first") == 0)
		return first_frame(argv + 2);
	if (argc > 2 && strcmp(argv[1], "idle") == 0)
		return idle(argv + 2);
	if (argc > 3 && strcmp(argv[1], "watch") == 0)
		return watch(argv[2], argv + 3);
	fprintf(stderr, "usage: console_pty first|idle|watch RUN PROGRAM WORDS...\n");
	return 1;
}
