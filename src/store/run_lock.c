/*
 * One engine per run. The locks are those of the open file (F_OFD_SETLK): POSIX locks of a process would be lost when
 * anything else in it opens and closes the same file, and to ask whether a run is held does just that.
 */
#include "store/runs.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"
#include "store/db.h"

struct run_lock {
	int fd;
	int64_t run;
	struct journal *journal;
	struct run_lock *next;
};

static bool lock_path(const char *state, int64_t id, char to[PATH_ROOM])
{
	return snprintf(to, PATH_ROOM, "%s/runs/%lld.lock", state, (long long)id) < PATH_ROOM;
}

static enum err_code open_lock(struct journal *j, int64_t id, int *fd, struct err *e)
{
	char path[PATH_ROOM];

	if (!lock_path(j->state, id, path))
		return err_set(e, ERR_JOURNAL, "the state folder's path is too long: %s", j->state);
	*strrchr(path, '/') = '\0';
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return err_set(e, ERR_JOURNAL, "cannot make the folder %s: %s", path, strerror(errno));
	lock_path(j->state, id, path);
	*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*fd < 0)
		return err_set(e, ERR_JOURNAL, "cannot open the lock %s: %s", path, strerror(errno));
	return ERR_OK;
}

enum err_code run_hold(struct journal *j, int64_t id, struct run_lock **lock, struct err *e)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	struct run_lock *l = calloc(1, sizeof *l);
	enum err_code rc;
	int fd = -1;

	*lock = NULL;
	if (!l)
		return err_memory(e, "a lock");
	rc = open_lock(j, id, &fd, e);
	if (rc == ERR_OK && fcntl(fd, F_OFD_SETLK, &whole) != 0) {
		if (errno == EAGAIN || errno == EACCES)
			rc = err_set(
				e, ERR_HELD,
				"another engine works on run %lld; longshore show %lld tells how far it is",
				(long long)id, (long long)id);
		else
			rc = err_set(e, ERR_JOURNAL, "run %lld cannot be locked: %s", (long long)id,
			             strerror(errno));
	}
	if (rc != ERR_OK) {
		if (fd >= 0)
			close(fd);
		free(l);
		return rc;
	}
	*l = (struct run_lock){ fd, id, j, j->locks };
	j->locks = l;
	*lock = l;
	return ERR_OK;
}

void run_unlock(struct run_lock *lock)
{
	struct run_lock **at;

	if (!lock)
		return;
	for (at = &lock->journal->locks; *at != lock; at = &(*at)->next)
		;
	*at = lock->next;
	close(lock->fd);
	free(lock);
}

static bool held_by_anyone(const char *state, int64_t id)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	char path[PATH_ROOM];
	bool held;
	int fd;

	if (!lock_path(state, id, path))
		return false;
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return false;
	held = fcntl(fd, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
	close(fd);
	return held;
}

static bool held_here(const struct journal *j, int64_t id)
{
	for (const struct run_lock *l = j->locks; l; l = l->next)
		if (l->run == id)
			return true;
	return false;
}

bool run_held(struct journal *j, int64_t id)
{
	return !held_here(j, id) && held_by_anyone(j->state, id);
}

bool run_any_held(const char *state, int64_t *run)
{
	char path[PATH_ROOM], *end;
	struct dirent *entry;
	bool held = false;
	DIR *folder;

	if (snprintf(path, sizeof path, "%s/runs", state) >= (int)sizeof path)
		return false;
	folder = opendir(path);
	while (folder && !held && (entry = readdir(folder)) != NULL) {
		*run = strtoll(entry->d_name, &end, 10);
		held = *run > 0 && strcmp(end, ".lock") == 0 && held_by_anyone(state, *run);
	}
	if (folder)
		closedir(folder);
	return held;
}

enum run_state run_state_now(struct journal *j, const struct run *run)
{
	bool going = run->state == RUN_RUNNING || run->state == RUN_WAITING;

	if (going && !held_here(j, run->id) && !held_by_anyone(j->state, run->id))
		return RUN_INTERRUPTED;
	return run->state;
}
