/*
 * strike.c - kills the process it is loaded into (LD_PRELOAD) at a chosen moment, and counts the moments there are.
 *
 * Moments lie around what matters to a journal and to a server: before each write to a file, before and after each sync of
 * one; before, in the middle of and after each send on a socket; after each answer's bytes have been received. STRIKE_AT=n kills with SIGKILL
 * at the n-th moment; STRIKE_COUNT=FILE writes how many there were, when the process ends by itself. The program under
 * test knows nothing of it.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long moments;
static long fatal = -1;

static void moment(void)
{
	if (atomic_fetch_add(&moments, 1) + 1 == fatal)
		kill(getpid(), SIGKILL);
}

/* Is the next moment the fatal one? */
static int is_next(void)
{
	return atomic_load(&moments) + 1 == fatal;
}

__attribute__((constructor)) static void begin(void)
{
	const char *at = getenv("STRIKE_AT");

	if (at)
		fatal = atol(at);
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("STRIKE_COUNT");
	FILE *f = path ? fopen(path, "w") : NULL;

	if (!f)
		return;
	fprintf(f, "%ld\n", atomic_load(&moments));
	fclose(f);
}

#define REAL(name) ((__typeof__(&(name)))(dlsym(RTLD_NEXT, #name)))

int fdatasync(int fd)
{
	int rc;

	moment();
	rc = REAL(fdatasync)(fd);
	moment();
	return rc;
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
	moment();
	return REAL(pwrite64)(fd, bytes, len, at);
}

int fsync(int fd)
{
	int rc;

	moment();
	rc = REAL(fsync)(fd);
	moment();
	return rc;
}

ssize_t send(int fd, const void *bytes, size_t len, int flags)
{
	ssize_t n;

	moment();
	if (is_next() && len > 1)
		REAL(send)(fd, bytes, len / 2, flags);
	moment();
	n = REAL(send)(fd, bytes, len, flags);
	moment();
	return n;
}

ssize_t recv(int fd, void *bytes, size_t len, int flags)
{
	ssize_t n = REAL(recv)(fd, bytes, len, flags);

	if (n > 0)
		moment();
	return n;
}
