#include "store/orgs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store/orgs_state.h"

/* The file as it is on the disk */

static enum err_code failed(const char *what, const char *path, struct err *e)
{
	return err_set(e, ERR_FILE, "the saved orgs cannot be %s: %s: %s", what, path, strerror(errno));
}

static enum err_code read_text(struct orgs *orgs, int fd, struct buf *text, struct err *e)
{
	struct stat st;
	ssize_t n = 1;

	if (fstat(fd, &st) != 0)
		return failed("read", orgs->path, e);
	if (st.st_uid != geteuid() || st.st_mode & 077)
		return err_set(
			e, ERR_FILE,
			"others can read the saved orgs in %s (mode %04o): make it private: chmod 600 %s",
			orgs->path, (unsigned)st.st_mode & 07777, orgs->path);
	orgs->changed = st.st_mtim;
	orgs->size = st.st_size;
	orgs->inode = st.st_ino;
	while (n > 0 && !text->short_of) {
		char *room = buf_reserve(text, 64 * 1024);

		n = room ? read(fd, room, 64 * 1024) : 0;
		if (n > 0)
			buf_grow(text, (size_t)n);
	}
	if (n < 0)
		return failed("read", orgs->path, e);
	return text->short_of ? err_memory(e, "the saved orgs") : ERR_OK;
}

/* A key that is at hand stays so as long as the file is sealed with it. */
static void keep_key(struct orgs *orgs, const unsigned char *check)
{
	if (orgs->key && memcmp(check, orgs->file.check, ORGS_CHECK) != 0) {
		vault_key_free(orgs->key);
		orgs->key = NULL;
	}
}

static enum err_code load(struct orgs *orgs, struct err *e)
{
	int fd = open(orgs->path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	unsigned char check[ORGS_CHECK];
	enum err_code rc;
	struct buf text;

	memcpy(check, orgs->file.check, ORGS_CHECK);
	if (fd < 0 && errno == ENOENT) {
		orgs_file_release(&orgs->file);
		keep_key(orgs, check);
		orgs->inode = 0;
		return ERR_OK;
	}
	if (fd < 0)
		return failed("read", orgs->path, e);
	buf_init(&text, ORGS_FILE_MOST);
	rc = read_text(orgs, fd, &text, e);
	close(fd);
	if (rc == ERR_OK) {
		orgs_file_release(&orgs->file);
		rc = orgs_file_read(&orgs->file, buf_slice(&text), orgs->path, e);
		keep_key(orgs, check);
	}
	buf_release(&text);
	return rc;
}

static enum err_code sync_folder(const struct orgs *orgs)
{
	int fd = open(orgs->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc = fd < 0 ? -1 : fsync(fd);

	if (fd >= 0)
		close(fd);
	return rc == 0 ? ERR_OK : ERR_FILE;
}

/* All of it or nothing: the next version takes the place of the file. */
static enum err_code store(struct orgs *orgs, struct err *e)
{
	enum err_code rc = ERR_OK;
	struct buf text;
	int fd;

	buf_init(&text, ORGS_FILE_MOST);
	orgs_file_write(&orgs->file, &text);
	if (text.short_of) {
		buf_release(&text);
		return err_memory(e, "the saved orgs");
	}
	unlink(orgs->next);
	fd = open(orgs->next, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || write(fd, text.at, text.len) != (ssize_t)text.len || fsync(fd) != 0)
		rc = failed("written", orgs->next, e);
	if (fd >= 0)
		close(fd);
	if (rc == ERR_OK && (rename(orgs->next, orgs->path) != 0 || sync_folder(orgs) != ERR_OK))
		rc = failed("written", orgs->path, e);
	if (rc != ERR_OK)
		unlink(orgs->next);
	buf_release(&text);
	return rc;
}

/* Opening */

enum err_code orgs_open(struct orgs **orgs, const char *folder, struct err *e)
{
	struct orgs *o = calloc(1, sizeof *o);
	enum err_code rc = ERR_OK;

	if (!o)
		return err_memory(e, "the saved orgs");
	snprintf(o->folder, sizeof o->folder, "%s", folder);
	if (snprintf(o->path, PATH_ROOM, "%s/orgs", folder) >= PATH_ROOM - 8)
		rc = err_set(e, ERR_FILE, "the path %.60s… is too long", folder);
	snprintf(o->next, PATH_ROOM, "%.4080s.new", o->path);
	snprintf(o->lock, PATH_ROOM, "%.4080s.lock", o->path);
	snprintf(o->key_path, PATH_ROOM, "%.4080s.key", o->path);
	snprintf(o->key_next, PATH_ROOM, "%.4080s.key.new", o->path);
	if (rc == ERR_OK && access(folder, F_OK) == 0)
		rc = paths_config_folder(folder, e);
	if (rc == ERR_OK)
		rc = load(o, e);
	if (rc != ERR_OK) {
		orgs_close(o);
		return rc;
	}
	*orgs = o;
	return ERR_OK;
}

void orgs_close(struct orgs *orgs)
{
	if (!orgs)
		return;
	vault_key_free(orgs->key);
	orgs_file_release(&orgs->file);
	free(orgs);
}

bool orgs_changed(const struct orgs *orgs)
{
	struct stat st;

	if (stat(orgs->path, &st) != 0)
		return orgs->inode != 0;
	return st.st_ino != orgs->inode || st.st_size != orgs->size ||
	       st.st_mtim.tv_sec != orgs->changed.tv_sec || st.st_mtim.tv_nsec != orgs->changed.tv_nsec;
}

enum err_code orgs_refresh(struct orgs *orgs, struct err *e)
{
	return orgs_changed(orgs) ? load(orgs, e) : ERR_OK;
}

size_t orgs_count(const struct orgs *orgs)
{
	return orgs->file.count;
}

const struct saved_org *orgs_at(const struct orgs *orgs, size_t i)
{
	return &orgs->file.entries[i]->org;
}

bool orgs_is_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	size_t len = strspn(name, letters);

	return len > 0 && len < sizeof((struct saved_org *)0)->name && name[len] == '\0' && name[0] != '-';
}

bool orgs_is_colour(const char *name)
{
	static const char *const colours[] = {
#define X(colour, text) text,
		ORG_COLOURS(X)
#undef X
	};

	for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++)
		if (strcmp(name, colours[i]) == 0)
			return true;
	return false;
}

static enum err_code no_such(const struct orgs *orgs, const char *name, struct err *e)
{
	char names[256] = "";
	int len = 0;

	if (orgs->file.count == 0)
		return err_set(e, ERR_USAGE,
		               "there is no saved org %.60s, nor any other: `longshore org add %.60s` adds it",
		               name, name);
	for (size_t i = 0; i < orgs->file.count && len < (int)sizeof names - 60; i++)
		len += snprintf(names + len, sizeof names - (size_t)len, "%s%s", i ? ", " : "",
		                orgs->file.entries[i]->org.name);
	return err_set(e, ERR_USAGE, "there is no saved org %.60s: there are %s", name, names);
}

static enum err_code find(const struct orgs *orgs, const char *name, size_t *at, struct err *e)
{
	return orgs_file_find(&orgs->file, name, at) ? ERR_OK : no_such(orgs, name, e);
}

enum err_code orgs_find(const struct orgs *orgs, const char *name, const struct saved_org **org, struct err *e)
{
	size_t at;
	enum err_code rc = find(orgs, name, &at, e);

	if (rc == ERR_OK)
		*org = &orgs->file.entries[at]->org;
	return rc;
}

/* Changes */

int orgs_begin(struct orgs *orgs, struct err *e)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int fd;

	if (paths_config_folder(orgs->folder, e) != ERR_OK)
		return -1;
	fd = open(orgs->lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || fcntl(fd, F_OFD_SETLKW, &whole) != 0) {
		failed("locked", orgs->lock, e);
		if (fd >= 0)
			close(fd);
		return -1;
	}
	if (load(orgs, e) == ERR_OK)
		return fd;
	close(fd);
	return -1;
}

enum err_code orgs_end(struct orgs *orgs, int fd, enum err_code rc, struct err *e)
{
	struct stat st;

	if (rc == ERR_OK)
		rc = store(orgs, e);
	if (rc != ERR_OK) {
		struct err ignored;

		err_init(&ignored);
		load(orgs, &ignored);
	} else if (stat(orgs->path, &st) == 0) {
		orgs->changed = st.st_mtim;
		orgs->size = st.st_size;
		orgs->inode = st.st_ino;
	}
	close(fd);
	return rc;
}

/* One line each, whatever is in them. */
static struct saved_org cleaned(const struct saved_org *org)
{
	struct saved_org c = *org;
	char *texts[] = { c.name,
#define X(member, size) c.member,
		          SAVED_ORG_TEXTS(X)
#undef X
		                  c.trouble };

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
		for (char *at = texts[i]; *at; at++)
			if ((unsigned char)*at < ' ' || *at == 0x7f)
				*at = ' ';
	return c;
}

enum err_code orgs_put(struct orgs *orgs, const struct saved_org *org, struct slice secret, struct err *e)
{
	struct saved_org clean = cleaned(org);
	struct orgs_entry *entry = NULL;
	enum err_code rc = ERR_OK;
	int fd = orgs_begin(orgs, e);
	size_t at;

	if (fd < 0)
		return e ? e->code : ERR_FILE;
	if (orgs->file.key == ORGS_NO_KEY)
		rc = orgs_first_key(orgs, e);
	else
		rc = orgs_need_key(orgs, e);
	if (rc == ERR_OK && orgs_file_find(&orgs->file, clean.name, &at))
		orgs_file_drop(&orgs->file, at);
	if (rc == ERR_OK)
		entry = orgs_file_add(&orgs->file, &clean);
	if (rc == ERR_OK && !entry)
		rc = err_set(e, ERR_USAGE, "there are %d saved orgs already: remove one first", ORGS_MOST);
	if (rc == ERR_OK)
		rc = orgs_seal(orgs, entry, secret, e);
	return orgs_end(orgs, fd, rc, e);
}

static enum err_code change(struct orgs *orgs, size_t at, const struct saved_org *to, struct err *e)
{
	struct orgs_entry *entry;
	struct buf secret;
	enum err_code rc;

	buf_init(&secret, ORG_SECRET_MOST);
	buf_reserve(&secret, ORG_SECRET_MOST);
	rc = orgs_unseal(orgs, orgs->file.entries[at], &secret, e);
	if (rc == ERR_OK) {
		orgs_file_drop(&orgs->file, at);
		entry = orgs_file_add(&orgs->file, to);
		rc = entry ? orgs_seal(orgs, entry, buf_slice(&secret), e) : err_memory(e, "a saved org");
	}
	buf_wipe(&secret);
	return rc;
}

enum err_code orgs_change(struct orgs *orgs, const char *name, const struct saved_org *to, struct err *e)
{
	struct saved_org clean = cleaned(to);
	enum err_code rc;
	int fd = orgs_begin(orgs, e);
	size_t at, other;

	if (fd < 0)
		return e ? e->code : ERR_FILE;
	rc = find(orgs, name, &at, e);
	if (rc == ERR_OK && strcmp(name, clean.name) != 0 && orgs_file_find(&orgs->file, clean.name, &other))
		rc = err_set(e, ERR_USAGE, "there is a saved org %s already", clean.name);
	if (rc == ERR_OK)
		rc = orgs_need_key(orgs, e);
	if (rc == ERR_OK)
		rc = change(orgs, at, &clean, e);
	return orgs_end(orgs, fd, rc, e);
}

enum err_code orgs_remove(struct orgs *orgs, const char *name, struct err *e)
{
	enum err_code rc;
	int fd = orgs_begin(orgs, e);
	size_t at;

	if (fd < 0)
		return e ? e->code : ERR_FILE;
	rc = find(orgs, name, &at, e);
	if (rc == ERR_OK)
		orgs_file_drop(&orgs->file, at);
	return orgs_end(orgs, fd, rc, e);
}

enum err_code orgs_tried(struct orgs *orgs, const char *name, int64_t utc_ms, const char *trouble,
                         struct err *e)
{
	enum err_code rc;
	int fd = orgs_begin(orgs, e);
	size_t at;

	if (fd < 0)
		return e ? e->code : ERR_FILE;
	rc = find(orgs, name, &at, e);
	if (rc == ERR_OK) {
		struct saved_org *org = &orgs->file.entries[at]->org;

		org->tried_ms = utc_ms;
		snprintf(org->trouble, sizeof org->trouble, "%s", trouble);
		*org = cleaned(org);
	}
	return orgs_end(orgs, fd, rc, e);
}

enum err_code orgs_secret(struct orgs *orgs, const char *name, struct buf *to, struct err *e)
{
	size_t at;

	if (find(orgs, name, &at, e) != ERR_OK || orgs_need_key(orgs, e) != ERR_OK)
		return e ? e->code : ERR_FILE;
	return orgs_unseal(orgs, orgs->file.entries[at], to, e);
}
