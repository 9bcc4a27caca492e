#include "store/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/paths.h"
#include "store/db.h"

/* The entry of a file that was just made is durable only when its folder is. */
static void sync_folder_of(const char *file)
{
	const char *slash = strrchr(file, '/');
	char folder[PATH_ROOM];
	int fd;

	snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - file) : 1, slash ? file : ".");
	fd = open(*folder ? folder : "/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
}

/* Makes an empty file that only we can read. Only when there is none: to open and close an existing one would drop the
 * locks that SQLite holds on it in this process. */
static enum err_code make_file(struct journal *j, struct err *e)
{
	int fd = open(j->file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd < 0 && errno != EEXIST)
		return err_set(e, ERR_JOURNAL, "the journal %s cannot be made: %s", j->file, strerror(errno));
	if (fd >= 0) {
		close(fd);
		sync_folder_of(j->file);
	}
	return ERR_OK;
}

static enum err_code look_at_file(struct journal *j, struct err *e)
{
	struct stat st;

	if (stat(j->file, &st) != 0) {
		if (errno != ENOENT)
			return err_set(e, ERR_JOURNAL, "the journal %s cannot be read: %s", j->file,
			               strerror(errno));
		if (j->mode == JOURNAL_READ)
			return err_set(e, ERR_JOURNAL,
			               "there is no journal %s: nothing was loaded here yet, or another state "
			               "folder (--state) is meant",
			               j->file);
		return make_file(j, e);
	}
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_JOURNAL, "the journal %s is not a file", j->file);
	if (st.st_mode & 077)
		return err_set(
			e, ERR_JOURNAL,
			"the journal %s can be read by others (mode %03o); it holds what was loaded: run "
			"chmod 600 on it",
			j->file, (unsigned)st.st_mode & 0777);
	return ERR_OK;
}

static enum err_code look_at_folder(struct journal *j, struct err *e)
{
	if (j->mode == JOURNAL_READ && access(j->state, F_OK) != 0)
		return ERR_OK; /* the missing journal says it better */
	return paths_private_folder(j->state, e);
}

static enum err_code connect_to(struct journal *j, struct err *e)
{
	int flags = j->mode == JOURNAL_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;

	if (sqlite3_open_v2(j->file, &j->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
		return j->db ? db_failed(j, e) : err_memory(e, "the journal");
	sqlite3_extended_result_codes(j->db, 1);
	if (j->mode == JOURNAL_WRITE && sqlite3_db_readonly(j->db, "main") == 1) /* opened so without a word */
		return db_read_only(j, e);
	sqlite3_busy_timeout(j->db, JOURNAL_WAIT_MS);
	return ERR_OK;
}

struct marks {
	int64_t application, version, tables;
};

/* In one read transaction: another process may be making this journal at this moment, and its marks come together. */
static enum err_code read_marks(struct journal *j, struct marks *marks, struct err *e)
{
	enum err_code rc = sqlite3_exec(j->db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK ? ERR_OK
	                                                                               : db_failed(j, e);

	if (rc == ERR_OK)
		rc = db_number(j, "PRAGMA application_id", NULL, 0, &marks->application, e);
	if (rc == ERR_OK)
		rc = db_number(j, "PRAGMA user_version", NULL, 0, &marks->version, e);
	if (rc == ERR_OK)
		rc = db_number(j, "SELECT count(*) FROM sqlite_master", NULL, 0, &marks->tables, e);
	if (!sqlite3_get_autocommit(j->db))
		sqlite3_exec(j->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

static enum err_code too_new(const struct journal *j, int64_t version, struct err *e)
{
	return err_set(e, ERR_JOURNAL,
	               "%s was written by a newer Longshore (journal %d, this one knows %d); use that "
	               "version or a newer one",
	               j->file, (int)version, JOURNAL_VERSION);
}

/* Whose file it is and of which version; a file without any table is a new one. */
static enum err_code identify(struct journal *j, int *version, struct err *e)
{
	struct marks marks;
	enum err_code rc = read_marks(j, &marks, e);

	if (rc != ERR_OK)
		return rc;
	if (marks.application != DB_APPLICATION &&
	    (marks.application != 0 || marks.version != 0 || marks.tables != 0))
		return err_set(e, ERR_JOURNAL,
		               "%s is not a journal but the database of another program; name another with "
		               "--journal",
		               j->file);
	if (marks.version > JOURNAL_VERSION)
		return too_new(j, marks.version, e);
	if (marks.version == 0 && j->mode == JOURNAL_READ)
		return err_set(e, ERR_JOURNAL, "the journal %s is empty: nothing was loaded here yet", j->file);
	*version = (int)marks.version;
	return ERR_OK;
}

/* The change to WAL is the one step that SQLite does not wait for when others make the same journal at the same time. */
static enum err_code use_wal(struct journal *j, struct err *e)
{
	int got = SQLITE_BUSY;

	for (int waited = 0; got == SQLITE_BUSY && waited < JOURNAL_WAIT_MS; waited += 20) {
		got = sqlite3_exec(j->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL) & 0xff;
		if (got == SQLITE_BUSY)
			sqlite3_sleep(20);
	}
	return got == SQLITE_OK ? ERR_OK : db_failed(j, e);
}

/* Makes the tables, or brings an older file up to date. Another process may do the same: the version counts that the
 * transaction sees. */
static enum err_code bring_up(struct journal *j, bool standard, struct err *e)
{
	int64_t held, version;
	enum err_code rc = db_begin(j, e);

	if (rc != ERR_OK)
		return rc;
	rc = db_number(j, "PRAGMA user_version", NULL, 0, &version, e);
	if (rc == ERR_OK && version < JOURNAL_VERSION) {
		if ((standard || version > 0) && run_any_held(j->state, &held))
			rc = err_set(
				e, ERR_JOURNAL,
				"the journal %s cannot be made or brought up to date while an engine works "
				"on run %lld of this state folder; wait for its end",
				j->file, (long long)held);
		else
			rc = db_migrate(j, (int)version, e);
	}
	return db_end(j, rc, e);
}

/* A reader cannot change an older file: a writer of its own does it first. */
static enum err_code bring_up_for_reader(struct journal *j, bool standard, struct err *e)
{
	struct journal *writer;
	enum err_code rc;

	rc = journal_open(&writer, j->state, standard ? NULL : j->file, JOURNAL_WRITE, j->clock, e);
	journal_close(writer);
	return rc;
}

static enum err_code prepare(struct journal *j, bool standard, struct err *e)
{
	static const char settings[] =
		"PRAGMA synchronous = FULL; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY;"
		"PRAGMA journal_size_limit = 33554432; PRAGMA trusted_schema = OFF";
	int version = 0;
	enum err_code rc = identify(j, &version, e);

	if (rc == ERR_OK && sqlite3_exec(j->db, settings, NULL, NULL, NULL) != SQLITE_OK)
		rc = db_failed(j, e);
	if (rc == ERR_OK && j->mode == JOURNAL_WRITE)
		rc = use_wal(j, e);
	if (rc == ERR_OK && version < JOURNAL_VERSION)
		rc = j->mode == JOURNAL_WRITE ? bring_up(j, standard, e) : bring_up_for_reader(j, standard, e);
	return rc;
}

static char *default_file(const char *state)
{
	size_t size = strlen(state) + sizeof "/journal.sqlite";
	char *file = malloc(size);

	if (file)
		snprintf(file, size, "%s/journal.sqlite", state);
	return file;
}

enum err_code journal_open(struct journal **journal, const char *state, const char *file,
                           enum journal_mode mode, const struct clock *clock, struct err *e)
{
	struct journal *j = calloc(1, sizeof *j);
	enum err_code rc;

	*journal = NULL;
	if (!j)
		return err_memory(e, "the journal");
	j->clock = clock;
	j->mode = mode;
	j->state = strdup(state);
	j->file = file ? strdup(file) : default_file(state);
	if (!j->state || !j->file) {
		journal_close(j);
		return err_memory(e, "the journal");
	}
	rc = look_at_folder(j, e);
	if (rc == ERR_OK)
		rc = look_at_file(j, e);
	if (rc == ERR_OK)
		rc = connect_to(j, e);
	if (rc == ERR_OK)
		rc = prepare(j, !file, e);
	if (rc == ERR_OK)
		*journal = j;
	else
		journal_close(j);
	return rc;
}

void journal_close(struct journal *journal)
{
	if (!journal)
		return;
	db_release(journal);
	free(journal->state);
	free(journal->file);
	free(journal);
}

const char *journal_state(const struct journal *journal)
{
	return journal->state;
}

const char *journal_file(const struct journal *journal)
{
	return journal->file;
}

int64_t journal_changes(struct journal *journal)
{
	struct err e;
	int64_t version;

	err_init(&e);
	db_number(journal, "PRAGMA data_version", NULL, -1, &version, &e);
	return version;
}

void journal_patience(struct journal *journal, int ms)
{
	sqlite3_busy_timeout(journal->db, ms);
}

bool journal_busy(const struct journal *journal)
{
	return (sqlite3_errcode(journal->db) & 0xff) == SQLITE_BUSY;
}

enum err_code journal_still_known(struct journal *journal, struct err *e)
{
	int64_t version;
	enum err_code rc = db_number(journal, "PRAGMA user_version", NULL, 0, &version, e);

	return rc == ERR_OK && version > JOURNAL_VERSION ? too_new(journal, version, e) : rc;
}
