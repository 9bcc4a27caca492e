/*
 * strike.c - kills the process it is loaded into (LD_PRELOAD) at a chosen moment, and makes its pauses short.
 *
 * Moments lie around what matters to a server and to a journal (below). STRIKE_AT=n kills with SIGKILL at the n-th;
 * STRIKE_LOG=FILE gets a line for each as it comes: number, kind, first line of what is sent or received. With
 * STRIKE_FROM=TEXT counting begins with the first send that holds TEXT. STRIKE_HASTE=n: the clocks that pauses are measured
 * by run n times as fast. STRIKE_LEAP=n: at each send that holds STRIKE_FROM's text, or at the first STRIKE_LEAPS=m of them, the machine has
 * slept for n seconds: that is what CLOCK_BOOTTIME says, and CLOCK_MONOTONIC does not. STRIKE_JUMP=n: from the first of them on the date is
 * n seconds off. The program under test knows nothing of it.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

/* clang-format off */
#define MOMENTS(X)                                                                                \
	X(SEND, "send-before")                                                                    \
	X(HALF, "send-half")                                                                      \
	X(SENT, "send-after")                                                                     \
	X(RECEIVED, "received")   /* some of an answer, and nothing done with it */               \
	X(BEGIN, "first-write")   /* since the last sync: nothing of a transaction is there */    \
	X(WRITE, "write")         /* each further one */                                          \
	X(WRITTEN, "sync-before") /* all is written */                                            \
	X(SYNCED, "sync-after")                                                                   \
	X(CUT, "cut")             /* a file is made shorter */
/* clang-format on */

enum moment {
#define X(name, word) MOMENT_##name,
	MOMENTS(X)
#undef X
};

static const char *const words[] = {
#define X(name, word) word,
	MOMENTS(X)
#undef X
};

static atomic_long count;
static atomic_bool counting, written;
static atomic_long leaps; /* so far */
static long fatal, haste, leap, most_leaps, jump;
static int book = -1;
static const char *from;
static struct timespec
	begun[CLOCK_BOOTTIME + 1]; /* when the process began, by the clocks that pauses are measured by */

static long number(const char *name, long otherwise)
{
	const char *text = getenv(name);

	return text && atol(text) > 0 ? atol(text) : otherwise;
}

__attribute__((constructor)) static void begin(void)
{
	const char *path = getenv("STRIKE_LOG");

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &begun[CLOCK_MONOTONIC]);
	syscall(SYS_clock_gettime, CLOCK_BOOTTIME, &begun[CLOCK_BOOTTIME]);
	fatal = number("STRIKE_AT", -1);
	haste = number("STRIKE_HASTE", 1);
	leap = number("STRIKE_LEAP", 0);
	most_leaps = number("STRIKE_LEAPS", 1000000);
	jump = getenv("STRIKE_JUMP") ? atol(getenv("STRIKE_JUMP")) : 0;
	from = getenv("STRIKE_FROM");
	counting = from == NULL;
	if (path)
		book = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

/* The line is there before the moment is over: the last one of a killed process tells where it died. */
static void note(long n, const char *what, const char *bytes, size_t len)
{
	char line[160];
	size_t used = (size_t)snprintf(line, sizeof line, "%ld %s ", n, what);

	for (size_t i = 0; i < len && used < sizeof line - 1 && bytes[i] >= ' ' && bytes[i] <= '~'; i++)
		line[used++] = bytes[i];
	line[used++] = '\n';
	if (write(book, line, used) < 0)
		_exit(99);
}

static void moment(enum moment m, const void *bytes, size_t len)
{
	long n;

	if (!counting)
		return;
	n = atomic_fetch_add(&count, 1) + 1;
	if (book >= 0)
		note(n, words[m], bytes, len);
	if (n == fatal)
		kill(getpid(), SIGKILL);
}

static bool is_next(void)
{
	return counting && atomic_load(&count) + 1 == fatal;
}

/* ---- the journal ---- */

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
	moment(atomic_exchange(&written, true) ? MOMENT_WRITE : MOMENT_BEGIN, NULL, 0);
	return syscall(SYS_pwrite64, fd, bytes, len, at);
}

/* A kill is no power cut: what was written stays, so nothing has to wait for the disk. */
int fdatasync(int fd)
{
	(void)fd;
	moment(MOMENT_WRITTEN, NULL, 0);
	written = false;
	moment(MOMENT_SYNCED, NULL, 0);
	return 0;
}

int fsync(int fd)
{
	return fdatasync(fd);
}

int ftruncate64(int fd, off64_t len)
{
	moment(MOMENT_CUT, NULL, 0);
	return (int)syscall(SYS_ftruncate, fd, len);
}

/* ---- the org ---- */

ssize_t send(int fd, const void *bytes, size_t len, int flags)
{
	ssize_t n;

	if (from && memmem(bytes, len, from, strlen(from))) {
		counting = true;
		if (leaps < most_leaps)
			leaps++;
	}
	moment(MOMENT_SEND, bytes, len);
	if (is_next() && len > 1)
		syscall(SYS_sendto, fd, bytes, len / 2, flags, NULL, 0);
	moment(MOMENT_HALF, bytes, len);
	n = syscall(SYS_sendto, fd, bytes, len, flags, NULL, 0);
	moment(MOMENT_SENT, bytes, len);
	return n;
}

ssize_t recv(int fd, void *bytes, size_t len, int flags)
{
	ssize_t n = syscall(SYS_recvfrom, fd, bytes, len, flags, NULL, NULL);

	if (n > 0)
		moment(MOMENT_RECEIVED, bytes, (size_t)n);
	return n;
}

/* ---- time ---- */

int clock_gettime(clockid_t id, struct timespec *now)
{
	int rc = (int)syscall(SYS_clock_gettime, id, now);
	const struct timespec *start;
	long long ns;

	if (id == CLOCK_REALTIME && counting)
		now->tv_sec += jump;
	if (id == CLOCK_BOOTTIME)
		now->tv_sec += leaps * leap;
	if (rc != 0 || haste <= 1 || (id != CLOCK_MONOTONIC && id != CLOCK_BOOTTIME))
		return rc;
	start = &begun[id];
	ns = (now->tv_sec - start->tv_sec) * 1000000000LL + now->tv_nsec - start->tv_nsec;
	ns = ns * haste + start->tv_nsec;
	*now = (struct timespec){ start->tv_sec + ns / 1000000000, ns % 1000000000 };
	return rc;
}

/* libc declares poll() with attributes of its own, which no definition can repeat. */
int strike_poll(struct pollfd *fds, nfds_t n, int ms) __asm__("poll");

int strike_poll(struct pollfd *fds, nfds_t n, int ms)
{
	long long us = (long long)ms * 1000 / (haste > 1 ? haste : 1);
	struct timespec span = { us / 1000000, us % 1000000 * 1000 };

	return (int)syscall(SYS_ppoll, fds, n, ms < 0 ? NULL : &span, NULL, 0);
}
