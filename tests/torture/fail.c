/*
 * fail.c - makes one call of the process it is loaded into (LD_PRELOAD) fail: FAIL_WHAT=KIND, FAIL_AT=n for the n-th.
 *
 * memory: an allocation, whoever asks for it. write: a write to a file, for want of room; full: that one and all after it.
 * sync: a sync to the disk. sqlite: a call of SQLite's to its files, through a VFS of our own in front of the real one.
 * Counting begins when the program does. FAIL_COUNT=FILE holds how many there were so far, and FAIL_TRACE=FILE gets the
 * stack of the one that failed. The program under test knows nothing of it.
 */
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <sqlite3.h>

/* clang-format off */
#define KINDS(X) X(NOTHING, "") X(MEMORY, "memory") X(WRITE, "write") X(FULL, "full") X(SYNC, "sync") X(SQLITE, "sqlite")
/* clang-format on */

enum kind {
#define X(name, word) KIND_##name,
	KINDS(X)
#undef X
};

static const char *const words[] = {
#define X(name, word) word,
	KINDS(X)
#undef X
};

enum { DEEPEST = 40 };

static enum kind kind;
static atomic_long own_count, *count = &own_count;
static long fatal;
static int trace = -1;

static void note_stack(void)
{
	void *stack[DEEPEST];
	enum kind of = kind;
	int n;

	if (trace < 0)
		return;
	kind = KIND_NOTHING; /* what the telling needs does not count */
	n = backtrace(stack, DEEPEST);
	backtrace_symbols_fd(stack, n, trace);
	kind = of;
}

/* One more call of this kind: is it the one? */
static bool fails(enum kind k)
{
	long n;

	if (k != kind && !(k == KIND_WRITE && kind == KIND_FULL))
		return false;
	n = atomic_fetch_add(count, 1) + 1;
	if (n == fatal)
		note_stack();
	return n == fatal || (kind == KIND_FULL && fatal > 0 && n > fatal);
}

/* ---- allocations ---- */

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *at, size_t size);

/* A program built with the address sanitizer has allocations of its own. */
extern void *__interceptor_malloc(size_t size) __attribute__((weak));
extern void *__interceptor_calloc(size_t n, size_t size) __attribute__((weak));
extern void *__interceptor_realloc(void *at, size_t size) __attribute__((weak));

static void *no_memory(void)
{
	errno = ENOMEM;
	return NULL;
}

void *malloc(size_t size)
{
	if (fails(KIND_MEMORY))
		return no_memory();
	return __interceptor_malloc ? __interceptor_malloc(size) : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	if (fails(KIND_MEMORY))
		return no_memory();
	return __interceptor_calloc ? __interceptor_calloc(n, size) : __libc_calloc(n, size);
}

void *realloc(void *at, size_t size)
{
	if (fails(KIND_MEMORY))
		return no_memory();
	return __interceptor_realloc ? __interceptor_realloc(at, size) : __libc_realloc(at, size);
}

/* ---- files ---- */

static int fails_with(int error)
{
	errno = error;
	return -1;
}

ssize_t write(int fd, const void *bytes, size_t len)
{
	return fails(KIND_WRITE) ? fails_with(ENOSPC) : syscall(SYS_write, fd, bytes, len);
}

ssize_t pwrite64(int fd, const void *bytes, size_t len, off64_t at)
{
	return fails(KIND_WRITE) ? fails_with(ENOSPC) : syscall(SYS_pwrite64, fd, bytes, len, at);
}

int ftruncate64(int fd, off64_t len)
{
	return fails(KIND_WRITE) ? fails_with(ENOSPC) : (int)syscall(SYS_ftruncate, fd, len);
}

/* Nothing has to wait for the disk: no power is cut. */
int fdatasync(int fd)
{
	(void)fd;
	return fails(KIND_SYNC) ? fails_with(EIO) : 0;
}

int fsync(int fd)
{
	return fdatasync(fd);
}

/* ---- SQLite ---- */

struct file {
	sqlite3_file base;
	sqlite3_file *real; /* lies behind this struct */
};

static sqlite3_vfs *real_vfs;

static sqlite3_file *real(sqlite3_file *f)
{
	return ((struct file *)(void *)f)->real;
}

#define PASS(name, code, parameters, arguments)                                         \
	static int name parameters                                                      \
	{                                                                               \
		return fails(KIND_SQLITE) ? (code) : real(f)->pMethods->name arguments; \
	}

/* clang-format off */
PASS(xRead, SQLITE_IOERR_READ, (sqlite3_file *f, void *to, int n, sqlite3_int64 at), (real(f), to, n, at))
PASS(xWrite, SQLITE_IOERR_WRITE, (sqlite3_file *f, const void *from, int n, sqlite3_int64 at), (real(f), from, n, at))
PASS(xTruncate, SQLITE_IOERR_TRUNCATE, (sqlite3_file *f, sqlite3_int64 size), (real(f), size))
PASS(xSync, SQLITE_IOERR_FSYNC, (sqlite3_file *f, int how), (real(f), how))
PASS(xFileSize, SQLITE_IOERR_FSTAT, (sqlite3_file *f, sqlite3_int64 *size), (real(f), size))
PASS(xLock, SQLITE_IOERR_LOCK, (sqlite3_file *f, int how), (real(f), how))
PASS(xCheckReservedLock, SQLITE_IOERR_CHECKRESERVEDLOCK, (sqlite3_file *f, int *held), (real(f), held))
PASS(xShmMap, SQLITE_IOERR_SHMMAP, (sqlite3_file *f, int page, int size, int grow, void volatile **at), (real(f), page, size, grow, at))
PASS(xFetch, SQLITE_IOERR_MMAP, (sqlite3_file *f, sqlite3_int64 at, int n, void **to), (real(f), at, n, to))
/* clang-format on */

/* An unlock never fails: nothing could be done about it. */
static int xUnlock(sqlite3_file *f, int how)
{
	return real(f)->pMethods->xUnlock(real(f), how);
}

static int xShmLock(sqlite3_file *f, int offset, int n, int flags)
{
	if ((flags & SQLITE_SHM_LOCK) && fails(KIND_SQLITE))
		return SQLITE_IOERR_SHMLOCK;
	return real(f)->pMethods->xShmLock(real(f), offset, n, flags);
}

static int xClose(sqlite3_file *f)
{
	return real(f)->pMethods->xClose(real(f));
}

static int xFileControl(sqlite3_file *f, int what, void *with)
{
	return real(f)->pMethods->xFileControl(real(f), what, with);
}

static int xSectorSize(sqlite3_file *f)
{
	return real(f)->pMethods->xSectorSize(real(f));
}

static int xDeviceCharacteristics(sqlite3_file *f)
{
	return real(f)->pMethods->xDeviceCharacteristics(real(f));
}

static void xShmBarrier(sqlite3_file *f)
{
	real(f)->pMethods->xShmBarrier(real(f));
}

static int xShmUnmap(sqlite3_file *f, int delete)
{
	return real(f)->pMethods->xShmUnmap(real(f), delete);
}

static int xUnfetch(sqlite3_file *f, sqlite3_int64 at, void *page)
{
	return real(f)->pMethods->xUnfetch(real(f), at, page);
}

static const sqlite3_io_methods methods = {
	3,
	xClose,
	xRead,
	xWrite,
	xTruncate,
	xSync,
	xFileSize,
	xLock,
	xUnlock,
	xCheckReservedLock,
	xFileControl,
	xSectorSize,
	xDeviceCharacteristics,
	xShmMap,
	xShmLock,
	xShmBarrier,
	xShmUnmap,
	xFetch,
	xUnfetch,
};

static int open_file(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out)
{
	struct file *file = (struct file *)(void *)f;
	int rc;

	(void)vfs;
	file->base.pMethods = NULL;
	file->real = (sqlite3_file *)(void *)(file + 1);
	if (fails(KIND_SQLITE))
		return SQLITE_CANTOPEN;
	rc = real_vfs->xOpen(real_vfs, name, file->real, flags, out);
	if (rc == SQLITE_OK)
		file->base.pMethods = &methods;
	return rc;
}

static int delete_file(sqlite3_vfs *vfs, const char *name, int sync)
{
	(void)vfs;
	return fails(KIND_SQLITE) ? SQLITE_IOERR_DELETE : real_vfs->xDelete(real_vfs, name, sync);
}

static int access_file(sqlite3_vfs *vfs, const char *name, int how, int *out)
{
	(void)vfs;
	return fails(KIND_SQLITE) ? SQLITE_IOERR_ACCESS : real_vfs->xAccess(real_vfs, name, how, out);
}

static void stand_before_sqlite(void)
{
	static sqlite3_vfs vfs;

	real_vfs = sqlite3_vfs_find(NULL);
	vfs = *real_vfs;
	vfs.zName = "failing";
	vfs.pNext = NULL;
	vfs.szOsFile = (int)sizeof(struct file) + real_vfs->szOsFile;
	vfs.xOpen = open_file;
	vfs.xDelete = delete_file;
	vfs.xAccess = access_file;
	sqlite3_vfs_register(&vfs, 1);
}

/* ---- */

static void share_count(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	void *at = MAP_FAILED;

	if (fd >= 0 && syscall(SYS_ftruncate, fd, sizeof *count) == 0)
		at = mmap(NULL, sizeof *count, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		_exit(99);
	close(fd);
	count = at;
	*count = 0;
}

__attribute__((constructor)) static void begin(void)
{
	const char *what = getenv("FAIL_WHAT"), *at = getenv("FAIL_AT");
	const char *file = getenv("FAIL_COUNT"), *path = getenv("FAIL_TRACE");
	enum kind wanted = KIND_NOTHING;
	void *stack[1];

	for (size_t i = 0; what && i < sizeof words / sizeof words[0]; i++)
		if (strcmp(words[i], what) == 0)
			wanted = (enum kind)i;
	fatal = at ? atol(at) : 0;
	if (file)
		share_count(file);
	if (path)
		trace = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (path)
		backtrace(stack, 1); /* loads what it needs */
	if (wanted == KIND_SQLITE)
		stand_before_sqlite();
	kind = wanted;
}
