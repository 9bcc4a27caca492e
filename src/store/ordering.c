#include "store/ordering.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/number.h"
#include "base/paths.h"

enum { ENTRY = 16, PAGE = 4096 };

struct ordering {
	sqlite3 *db;
	sqlite3_stmt *insert;
};

struct ordering_reader {
	int fd;
	int64_t records;
	char path[PATH_ROOM];
};

static void path_of(const char *folder, const char *hash, char to[PATH_ROOM])
{
	snprintf(to, PATH_ROOM, "%.3900s/order-%s", folder, hash);
}

static enum err_code sort_failed(const struct ordering *o, struct err *e)
{
	return err_set(e, ERR_FILE, "the records cannot be sorted: %s",
	               o->db ? sqlite3_errmsg(o->db) : "no memory");
}

enum err_code ordering_new(struct ordering **ordering, struct err *e)
{
	struct ordering *o = calloc(1, sizeof *o);

	*ordering = o;
	if (!o)
		return err_memory(e, "an order");
	if (sqlite3_open("", &o->db) != SQLITE_OK ||
	    sqlite3_exec(o->db, "CREATE TABLE o (key, record, source_at); BEGIN", NULL, NULL, NULL) !=
	            SQLITE_OK ||
	    sqlite3_prepare_v2(o->db, "INSERT INTO o VALUES (?, ?, ?)", -1, &o->insert, NULL) != SQLITE_OK)
		return sort_failed(o, e);
	return ERR_OK;
}

void ordering_free(struct ordering *o)
{
	if (!o)
		return;
	sqlite3_finalize(o->insert);
	sqlite3_close(o->db);
	free(o);
}

static void bind_key(sqlite3_stmt *stmt, struct slice key)
{
	struct number_shape shape;
	char text[64];

	key = slice_trim(key);
	if (key.len == 0) {
		sqlite3_bind_null(stmt, 1);
	} else if (key.len < sizeof text && number_decimal(key, &shape)) {
		snprintf(text, sizeof text, "%.*s", SLICE_ARGS(key));
		sqlite3_bind_double(stmt, 1, strtod(text, NULL));
	} else {
		sqlite3_bind_blob64(stmt, 1, key.at, key.len, SQLITE_STATIC);
	}
}

enum err_code ordering_add(struct ordering *o, int64_t record, int64_t offset, struct slice key, struct err *e)
{
	int got;

	bind_key(o->insert, key);
	sqlite3_bind_int64(o->insert, 2, record);
	sqlite3_bind_int64(o->insert, 3, offset);
	got = sqlite3_step(o->insert);
	sqlite3_reset(o->insert);
	return got == SQLITE_DONE ? ERR_OK : sort_failed(o, e);
}

/* Every machine writes the same bytes. */
static void pack(const struct chunk_item *item, unsigned char to[ENTRY])
{
	uint64_t numbers[2] = { htole64((uint64_t)item->record), htole64((uint64_t)item->offset) };

	memcpy(to, numbers, ENTRY);
}

static void unpack(const unsigned char from[ENTRY], struct chunk_item *item)
{
	uint64_t numbers[2];

	memcpy(numbers, from, ENTRY);
	*item = (struct chunk_item){ (int64_t)le64toh(numbers[0]), (int64_t)le64toh(numbers[1]) };
}

static enum err_code write_sorted(struct ordering *o, FILE *to, struct hash_stream *hash, struct err *e)
{
	sqlite3_stmt *stmt = NULL;
	int got;

	if (sqlite3_prepare_v2(o->db, "SELECT record, source_at FROM o ORDER BY key, record", -1, &stmt,
	                       NULL) != SQLITE_OK)
		return sort_failed(o, e);
	while ((got = sqlite3_step(stmt)) == SQLITE_ROW) {
		struct chunk_item item = { sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1) };
		unsigned char entry[ENTRY];

		pack(&item, entry);
		hash_add(hash, entry, ENTRY);
		if (fwrite(entry, ENTRY, 1, to) != 1)
			break;
	}
	sqlite3_finalize(stmt);
	if (got == SQLITE_ROW)
		return err_set(e, ERR_FILE, "the order of the records cannot be written: %s", strerror(errno));
	return got == SQLITE_DONE ? ERR_OK : sort_failed(o, e);
}

/* Its content and its name outlast a power cut. */
static enum err_code settle(FILE *file, const char *part, const char *path, const char *folder, struct err *e)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fflush(file) || fsync(fileno(file)) || rename(part, path) || fsync(fd))
		err_set(e, ERR_FILE, "the order of the records cannot be kept in %s: %s", path,
		        strerror(errno));
	if (fd >= 0)
		close(fd);
	return e->code;
}

enum err_code ordering_write(struct ordering *o, const char *folder, char hash[HASH_TEXT], struct err *e)
{
	struct hash_stream *stream = hash_new();
	char part[PATH_ROOM], path[PATH_ROOM];
	int fd;
	FILE *file;

	snprintf(part, sizeof part, "%.3900s/order-XXXXXX", folder);
	fd = mkostemp(part, O_CLOEXEC); /* mode 0600 */
	file = fd >= 0 ? fdopen(fd, "wb") : NULL;
	if (!file || !stream)
		err_set(e, ERR_FILE, "cannot make a file in %s: %s", folder, strerror(errno));
	else if (write_sorted(o, file, stream, e) == ERR_OK) {
		hash_text(stream, hash);
		path_of(folder, hash, path);
		settle(file, part, path, folder, e);
	}
	if (e->code != ERR_OK && fd >= 0)
		unlink(part);
	if (file)
		fclose(file);
	hash_free(stream);
	return e->code;
}

void ordering_remove(const char *folder, const char *hash)
{
	char path[PATH_ROOM];

	path_of(folder, hash, path);
	unlink(path);
}

static enum err_code not_it(const struct ordering_reader *r, struct err *e)
{
	return err_set(e, ERR_FILE,
	               "%s is not the order that the run began with: load what is left as a new run", r->path);
}

/* Has it all records, and the bytes that were written? */
static enum err_code verify(struct ordering_reader *r, const char *hash, struct err *e)
{
	struct hash_stream *stream = hash_new();
	unsigned char page[PAGE];
	char found[HASH_TEXT];
	int64_t size = 0;
	ssize_t got;

	if (!stream)
		return err_memory(e, "an order");
	while ((got = pread(r->fd, page, sizeof page, size)) > 0) {
		hash_add(stream, page, (size_t)got);
		size += got;
	}
	hash_text(stream, found);
	hash_free(stream);
	return got == 0 && size == r->records * ENTRY && strcmp(found, hash) == 0 ? ERR_OK : not_it(r, e);
}

enum err_code ordering_open(struct ordering_reader **reader, const char *folder, const char *hash,
                            int64_t records, struct err *e)
{
	struct ordering_reader *r = calloc(1, sizeof *r);

	*reader = r;
	if (!r)
		return err_memory(e, "an order");
	r->records = records;
	path_of(folder, hash, r->path);
	r->fd = open(r->path, O_RDONLY | O_CLOEXEC);
	if (r->fd < 0)
		return err_set(e, ERR_FILE, "the order of the run's records, %s, cannot be read: %s", r->path,
		               strerror(errno));
	return verify(r, hash, e);
}

void ordering_close(struct ordering_reader *r)
{
	if (!r)
		return;
	if (r->fd >= 0)
		close(r->fd);
	free(r);
}

enum err_code ordering_read(struct ordering_reader *r, int64_t from, struct chunk_item *items, size_t count,
                            struct err *e)
{
	unsigned char page[PAGE];

	while (count > 0) {
		size_t n = count < PAGE / ENTRY ? count : PAGE / ENTRY;
		ssize_t got = pread(r->fd, page, n * ENTRY, from * ENTRY);

		if (got != (ssize_t)(n * ENTRY))
			return not_it(r, e);
		for (size_t i = 0; i < n; i++)
			unpack(page + i * ENTRY, &items[i]);
		from += (int64_t)n;
		items += n;
		count -= n;
	}
	return ERR_OK;
}

static int by_record(const void *a, const void *b)
{
	const struct chunk_item *x = a, *y = b;

	return (x->record > y->record) - (x->record < y->record);
}

enum err_code ordering_sort(struct ordering_reader *r, struct chunk_item *items, size_t count, struct err *e)
{
	struct chunk_item *wanted = malloc((count + 1) * sizeof *wanted), item;
	size_t found = 0;

	if (!wanted)
		return err_memory(e, "an order");
	memcpy(wanted, items, count * sizeof *wanted);
	for (int64_t at = 0; at < r->records && found < count; at++) {
		const struct chunk_item *one;

		if (ordering_read(r, at, &item, 1, e) != ERR_OK)
			break;
		one = bsearch(&item, wanted, count, sizeof *wanted, by_record);
		if (one)
			items[found++] = *one;
	}
	free(wanted);
	return e->code == ERR_OK && found < count ? not_it(r, e) : e->code;
}
