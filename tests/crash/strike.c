/*
 * strike.c - kills the process it is loaded into (LD_PRELOAD) at a chosen moment, and counts the moments there are.
 *
 * Moments lie around what matters to a server and to a journal; each kind is counted by itself, so that a moment has the
 * same name in every run (kinds below). STRIKE_AT=q7 kills with SIGKILL at the seventh q; with STRIKE_FROM=TEXT counting
 * begins at the first send that holds TEXT, that one included. STRIKE_LIST=FILE writes how many there were ("q 19", a line a
 * kind) when the process ends by itself. The program under test knows nothing of it.
 */
#include <dlfcn.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

/* clang-format off */
#define MOMENTS(X)                                                     \
	X(UNSENT, 'q')   /* before a send on a socket */               \
	X(HALF, 'h')     /* in the middle of it */                     \
	X(SENT, 'Q')     /* after it */                                \
	X(ANSWER, 'a')   /* bytes of an answer were received */        \
	X(BEGIN, 'b')    /* before the first write to a file since the last sync: nothing of a transaction is there */ \
	X(WRITE, 'w')    /* before each further one */                 \
	X(UNSYNCED, 's') /* written, not yet on the disk */            \
	X(SYNCED, 'S')   /* on the disk */                             \
	X(UNLINK, 'u')   /* before a file goes or is cut short */ \
	X(CONNECT, 'c')  /* before a connection over IP is made */
/* clang-format on */

enum moment {
#define X(name, letter) M_##name,
	MOMENTS(X)
#undef X
		MOMENT_COUNT
};

static const char letters[] = {
#define X(name, letter) letter,
	MOMENTS(X)
#undef X
};

#define REAL(name) (__extension__(__typeof__(&(name)))(dlsym(RTLD_NEXT, #name)))

static atomic_long counts[MOMENT_COUNT];
static atomic_bool counting = true, written;
static int fatal_kind = -1;
static long fatal = -1;
static const char *from;

static bool is_next(enum moment m)
{
	return atomic_load(&counting) && (int)m == fatal_kind && atomic_load(&counts[m]) + 1 == fatal;
}

static void moment(enum moment m)
{
	if (atomic_load(&counting) && atomic_fetch_add(&counts[m], 1) + 1 == fatal && (int)m == fatal_kind)
		kill(getpid(), SIGKILL);
}

__attribute__((constructor)) static void begin(void)
{
	const char *at = getenv("STRIKE_AT");
	const char *letter = at && *at ? memchr(letters, *at, sizeof letters) : NULL;

	from = getenv("STRIKE_FROM");
	if (from)
		atomic_store(&counting, false);
	if (letter) {
		fatal_kind = (int)(letter - letters);
		fatal = atol(at + 1);
	}
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("STRIKE_LIST");
	FILE *f = path ? fopen(path, "w") : NULL;

	for (int i = 0; f && i < MOMENT_COUNT; i++)
		fprintf(f, "%c %ld\n", letters[i], atomic_load(&counts[i]));
	if (f)
		fclose(f);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
	moment(atomic_exchange(&written, true) ? M_WRITE : M_BEGIN);
	return REAL(pwrite64)(fd, bytes, len, at);
}

static int sync_with(int (*real)(int), int fd)
{
	int rc;

	moment(M_UNSYNCED);
	rc = real(fd);
	atomic_store(&written, false);
	moment(M_SYNCED);
	return rc;
}

int fdatasync(int fd)
{
	return sync_with(REAL(fdatasync), fd);
}

int fsync(int fd)
{
	return sync_with(REAL(fsync), fd);
}

int unlink(const char *path)
{
	moment(M_UNLINK);
	return REAL(unlink)(path);
}

int ftruncate64(int fd, off64_t len)
{
	moment(M_UNLINK);
	return REAL(ftruncate64)(fd, len);
}

int connect(int fd, const struct sockaddr *to, socklen_t len)
{
	if (to->sa_family != AF_UNIX)
		moment(M_CONNECT);
	return REAL(connect)(fd, to, len);
}

ssize_t send(int fd, const void *bytes, size_t len, int flags)
{
	ssize_t n;

	if (from && !atomic_load(&counting) && memmem(bytes, len, from, strlen(from)))
		atomic_store(&counting, true);
	moment(M_UNSENT);
	if (is_next(M_HALF) && len > 1)
		REAL(send)(fd, bytes, len / 2, flags);
	moment(M_HALF);
	n = REAL(send)(fd, bytes, len, flags);
	moment(M_SENT);
	return n;
}

ssize_t recv(int fd, void *bytes, size_t len, int flags)
{
	ssize_t n = REAL(recv)(fd, bytes, len, flags);

	if (n > 0)
		moment(M_ANSWER);
	return n;
}
