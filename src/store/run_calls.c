#include "store/run_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/paths.h"
#include "store/db.h"

/* The file. A run of another journal in the same folder may have the same number, and was not made at the same moment. */
struct tally {
	int64_t made_ms; /* when the run was made */
	int64_t count;
};

struct run_calls {
	struct tally *tally;
	char path[PATH_ROOM];
};

static bool path_of(const struct journal *j, int64_t run, char to[PATH_ROOM])
{
	return snprintf(to, PATH_ROOM, "%s/runs/%lld.calls", j->state, (long long)run) < PATH_ROOM;
}

/* What the row says, or what was counted since it was written. */
static int64_t more_of(const struct run *run, const struct tally *found)
{
	return found->made_ms == run->created_ms && found->count > run->api_calls ? found->count
	                                                                          : run->api_calls;
}

static struct tally found_at(const char *path)
{
	struct tally found = { 0 };
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return found;
	if (read(fd, &found, sizeof found) != (ssize_t)sizeof found)
		found = (struct tally){ 0 };
	close(fd);
	return found;
}

/* It is written whole before it is mapped: a full disk says so here, not when a call is counted. */
static enum err_code map(struct run_calls *calls, const struct tally *begin, struct err *e)
{
	int fd = open(calls->path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	void *at = MAP_FAILED;

	if (fd >= 0 && pwrite(fd, begin, sizeof *begin, 0) == (ssize_t)sizeof *begin)
		at = mmap(NULL, sizeof *begin, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (at == MAP_FAILED)
		err_set(e, ERR_JOURNAL, "calls cannot be counted in %s: %s", calls->path, strerror(errno));
	else
		calls->tally = at;
	if (fd >= 0)
		close(fd);
	return e->code;
}

enum err_code run_calls_open(struct run_calls **calls, struct journal *j, const struct run *run, struct err *e)
{
	struct run_calls *c = calloc(1, sizeof *c);
	struct tally begin = { .made_ms = run->created_ms, .count = run->api_calls };

	*calls = NULL;
	if (!c)
		return err_memory(e, "a count of calls");
	if (!path_of(j, run->id, c->path))
		err_set(e, ERR_JOURNAL, "the state folder's path is too long: %s", j->state);
	else
		map(c, &begin, e);
	if (e->code == ERR_OK)
		*calls = c;
	else
		free(c);
	return e->code;
}

int64_t *run_calls_count(struct run_calls *calls)
{
	return &calls->tally->count;
}

void run_calls_close(struct run_calls *calls, bool told)
{
	if (!calls)
		return;
	munmap(calls->tally, sizeof *calls->tally);
	if (told)
		unlink(calls->path);
	free(calls);
}

int64_t run_calls_now(const struct journal *j, const struct run *run)
{
	char path[PATH_ROOM];
	struct tally found = { 0 };

	if (path_of(j, run->id, path))
		found = found_at(path);
	return more_of(run, &found);
}

void run_calls_forget(const struct journal *j, int64_t run)
{
	char path[PATH_ROOM];

	if (path_of(j, run, path))
		unlink(path);
}
