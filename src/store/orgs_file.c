#include "store/orgs_file.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"

static const struct member {
	const char *name;
	size_t at, size;
} members[] = {
#define X(member, size) { #member, offsetof(struct saved_org, member), size },
	SAVED_ORG_TEXTS(X)
#undef X
};
enum { MEMBERS = sizeof members / sizeof members[0] };

static const char first_line[] = "longshore-orgs 1";

static const char *member_text(const struct saved_org *org, const struct member *m)
{
	return (const char *)org + m->at;
}

/* Entries */

static void free_entry(struct orgs_entry *entry)
{
	buf_release(&entry->sealed);
	free(entry);
}

void orgs_file_release(struct orgs_file *file)
{
	for (size_t i = 0; i < file->count; i++)
		free_entry(file->entries[i]);
	*file = (struct orgs_file){ 0 };
}

bool orgs_file_find(const struct orgs_file *file, const char *name, size_t *at)
{
	size_t i = 0;

	while (i < file->count && strcmp(file->entries[i]->org.name, name) < 0)
		i++;
	*at = i;
	return i < file->count && strcmp(file->entries[i]->org.name, name) == 0;
}

struct orgs_entry *orgs_file_add(struct orgs_file *file, const struct saved_org *org)
{
	struct orgs_entry *entry = file->count < ORGS_MOST ? calloc(1, sizeof *entry) : NULL;
	size_t at;

	if (!entry)
		return NULL;
	entry->org = *org;
	buf_init(&entry->sealed, ORG_SECRET_MOST + VAULT_MORE);
	orgs_file_find(file, org->name, &at);
	memmove(&file->entries[at + 1], &file->entries[at], (file->count - at) * sizeof *file->entries);
	file->entries[at] = entry;
	file->count++;
	return entry;
}

void orgs_file_drop(struct orgs_file *file, size_t at)
{
	free_entry(file->entries[at]);
	file->count--;
	memmove(&file->entries[at], &file->entries[at + 1], (file->count - at) * sizeof *file->entries);
}

/* Writing */

static void add_hex(struct buf *to, const void *bytes, size_t len)
{
	char *room = buf_reserve(to, 2 * len);

	if (!room)
		return;
	text_hex(bytes, len, room);
	buf_grow(to, 2 * len);
}

void orgs_file_bound(const struct saved_org *org, struct buf *to)
{
	buf_addf(to, "org %s\n", org->name);
	for (size_t i = 0; i < MEMBERS; i++)
		if (*member_text(org, &members[i]))
			buf_addf(to, "%s %s\n", members[i].name, member_text(org, &members[i]));
	if (org->locked)
		buf_add_text(to, "locked yes\n");
}

static void write_key(const struct orgs_file *file, struct buf *to)
{
	if (file->key == ORGS_NO_KEY)
		return;
	if (file->key == ORGS_KEY_FILE) {
		buf_add_text(to, "key file ");
	} else {
		buf_addf(to, "key passphrase %d ", file->cost);
		add_hex(to, file->salt, VAULT_SALT);
		buf_add_char(to, ' ');
	}
	add_hex(to, file->check, ORGS_CHECK);
	buf_add_char(to, '\n');
}

void orgs_file_write(const struct orgs_file *file, struct buf *to)
{
	buf_addf(to, "%s\n", first_line);
	write_key(file, to);
	for (size_t i = 0; i < file->count; i++) {
		const struct orgs_entry *entry = file->entries[i];

		orgs_file_bound(&entry->org, to);
		if (entry->org.tried_ms)
			buf_addf(to, "tried %lld %s\n", (long long)entry->org.tried_ms, entry->org.trouble);
		buf_add_text(to, "sealed ");
		add_hex(to, entry->sealed.at, entry->sealed.len);
		buf_add_char(to, '\n');
	}
}

/* Reading */

static int digit_of(char c)
{
	return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Adds the bytes that the digits mean. */
static bool read_hex(struct slice digits, struct buf *to)
{
	if (digits.len % 2)
		return false;
	for (size_t i = 0; i < digits.len; i += 2) {
		int high = digit_of(digits.at[i]), low = digit_of(digits.at[i + 1]);

		if (high < 0 || low < 0)
			return false;
		buf_add_char(to, (char)(high << 4 | low));
	}
	return !to->short_of;
}

static bool read_bytes(struct slice digits, void *to, size_t len)
{
	struct buf bytes;
	bool whole;

	buf_init(&bytes, len);
	whole = read_hex(digits, &bytes) && bytes.len == len;
	if (whole)
		memcpy(to, bytes.at, len);
	buf_release(&bytes);
	return whole;
}

/* Cuts at the first `c`: what stands before it; `rest` is what stands behind. */
static struct slice cut(struct slice *rest, char c)
{
	const char *at = rest->len ? memchr(rest->at, c, rest->len) : NULL;
	struct slice front = { rest->at, at ? (size_t)(at - rest->at) : rest->len };
	size_t used = at ? front.len + 1 : front.len;

	*rest = (struct slice){ rest->at + used, rest->len - used };
	return front;
}

static bool put(char *to, size_t size, struct slice value)
{
	if (value.len >= size)
		return false;
	if (value.len)
		memcpy(to, value.at, value.len);
	to[value.len] = '\0';
	return true;
}

static bool read_key(struct orgs_file *file, struct slice value)
{
	struct slice kind = cut(&value, ' ');
	int64_t cost;

	if (file->key != ORGS_NO_KEY || file->count)
		return false;
	if (slice_is(kind, "file")) {
		file->key = ORGS_KEY_FILE;
		return read_bytes(value, file->check, ORGS_CHECK);
	}
	if (!slice_is(kind, "passphrase") || !number_whole(cut(&value, ' '), &cost) || cost < 1 ||
	    cost > VAULT_COST_MOST || !read_bytes(cut(&value, ' '), file->salt, VAULT_SALT))
		return false;
	file->key = ORGS_PASSPHRASE;
	file->cost = (int)cost;
	return read_bytes(value, file->check, ORGS_CHECK);
}

static bool read_org(struct orgs_file *file, struct slice value)
{
	struct saved_org org = { 0 };
	size_t at;

	return file->key != ORGS_NO_KEY && put(org.name, sizeof org.name, value) && orgs_is_name(org.name) &&
	       !orgs_file_find(file, org.name, &at) && orgs_file_add(file, &org);
}

static bool read_member(struct orgs_entry *entry, struct slice name, struct slice value)
{
	struct saved_org *org = &entry->org;

	for (size_t i = 0; i < MEMBERS; i++)
		if (slice_is(name, members[i].name))
			return put((char *)org + members[i].at, members[i].size, value);
	if (slice_is(name, "locked"))
		return org->locked = slice_is(value, "yes");
	if (slice_is(name, "tried"))
		return number_whole(cut(&value, ' '), &org->tried_ms) &&
		       put(org->trouble, sizeof org->trouble, value);
	return slice_is(name, "sealed") && entry->sealed.len == 0 && read_hex(value, &entry->sealed);
}

/* `last` is the entry that the last "org" line began. */
static bool read_line(struct orgs_file *file, char last[48], struct slice line)
{
	struct slice name = cut(&line, ' ');
	size_t at;

	if (slice_is(name, "key"))
		return read_key(file, line);
	if (slice_is(name, "org"))
		return read_org(file, line) && put(last, 48, line);
	return orgs_file_find(file, last, &at) && read_member(file->entries[at], name, line);
}

enum err_code orgs_file_read(struct orgs_file *file, struct slice text, const char *path, struct err *e)
{
	char last[48] = "";
	int number = 1;

	*file = (struct orgs_file){ 0 };
	if (!slice_is(cut(&text, '\n'), first_line))
		return err_set(e, ERR_FILE,
		               "%s is not a file of saved orgs, or of a newer Longshore than this one", path);
	while (text.len) {
		struct slice line = cut(&text, '\n');

		number++;
		if (read_line(file, last, line))
			continue;
		orgs_file_release(file);
		return err_set(
			e, ERR_FILE,
			"the saved orgs are damaged: %s line %d; put a copy back, or remove the file and "
			"add the orgs again",
			path, number);
	}
	return ERR_OK;
}
