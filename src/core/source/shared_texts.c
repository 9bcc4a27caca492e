#include "core/source/shared_texts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/csv.h"

enum { FLUSH_AT = 64 * 1024, ENTRY = 8, ESCAPE = 7 };

/* ---- a file that is written and read ---- */

static void file_init(struct texts_file *f)
{
	memset(f, 0, sizeof *f);
	f->scratch.fd = -1;
	buf_init(&f->fresh, CSV_MOST_BYTES + 2 * FLUSH_AT);
}

static enum err_code file_open(struct texts_file *f, const char *folder, struct err *e)
{
	f->blocks = malloc((size_t)TEXTS_BLOCKS * TEXTS_BLOCK);
	return f->blocks ? scratch_open(&f->scratch, folder, e) : err_memory(e, "a workbook");
}

static void file_close(struct texts_file *f)
{
	scratch_close(&f->scratch);
	buf_release(&f->fresh);
	free(f->blocks);
	f->blocks = NULL;
}

static enum err_code file_add(struct texts_file *f, struct slice bytes, struct err *e)
{
	enum err_code rc = ERR_OK;

	buf_add_slice(&f->fresh, bytes);
	if (f->fresh.short_of)
		return err_memory(e, "a workbook");
	if (f->fresh.len < FLUSH_AT)
		return ERR_OK;
	/* The last block may have been read before it was full. */
	f->held[f->scratch.size / TEXTS_BLOCK % TEXTS_BLOCKS] = 0;
	rc = scratch_write(&f->scratch, buf_slice(&f->fresh), e);
	buf_clear(&f->fresh);
	return rc;
}

/* The block that holds the byte at `at`. */
static const char *block_of(struct texts_file *f, int64_t at, struct err *e)
{
	int64_t number = at / TEXTS_BLOCK;
	size_t slot = (size_t)(number % TEXTS_BLOCKS), len = 0;
	char *block = f->blocks + slot * TEXTS_BLOCK;
	ssize_t got = 1;

	if (f->held[slot] == number + 1)
		return block;
	while (len < TEXTS_BLOCK && got != 0) {
		got = pread(f->scratch.fd, block + len, TEXTS_BLOCK - len, number * TEXTS_BLOCK + (int64_t)len);
		if (got < 0 && errno != EINTR) {
			err_set(e, ERR_FILE, "cannot read what was unpacked in %s: %s", f->scratch.folder,
			        strerror(errno));
			return NULL;
		}
		len += got > 0 ? (size_t)got : 0;
	}
	f->held[slot] = number + 1;
	return block;
}

/* Adds the bytes [from, end), which were written before. */
static enum err_code file_get(struct texts_file *f, int64_t from, int64_t end, struct buf *to, struct err *e)
{
	while (from < end && from < f->scratch.size) {
		int64_t stop = (from / TEXTS_BLOCK + 1) * TEXTS_BLOCK;
		const char *block = block_of(f, from, e);

		if (!block)
			return ERR_FILE;
		stop = stop < end ? stop : end;
		stop = stop < f->scratch.size ? stop : f->scratch.size;
		buf_add(to, block + from % TEXTS_BLOCK, (size_t)(stop - from));
		from = stop;
	}
	if (from < end)
		buf_add(to, f->fresh.at + (from - f->scratch.size), (size_t)(end - from));
	return ERR_OK;
}

/* ---- the texts ---- */

static void on_begin(void *ctx, const char *name, const char *const *attributes)
{
	struct shared_texts *s = ctx;

	(void)attributes;
	if (strcmp(name, "si") == 0)
		buf_clear(&s->text);
	else if (strcmp(name, "rPh") == 0)
		s->in_reading = true;
	else if (strcmp(name, "t") == 0)
		s->wanted = !s->in_reading;
}

static void on_end(void *ctx, const char *name)
{
	struct shared_texts *s = ctx;

	if (strcmp(name, "t") == 0)
		s->wanted = false;
	else if (strcmp(name, "rPh") == 0)
		s->in_reading = false;
	if (strcmp(name, "si") != 0 || s->e->code != ERR_OK)
		return;
	if (s->text.short_of)
		err_set(s->e, ERR_FILE, "%s has a text of more than 16 MB: this is no workbook of Excel's",
		        s->path);
	s->ends += (int64_t)s->text.len;
	if (file_add(&s->bytes, buf_slice(&s->text), s->e) == ERR_OK)
		file_add(&s->index, (struct slice){ (const char *)&s->ends, ENTRY }, s->e);
	s->count++;
}

static void on_text(void *ctx, struct slice text)
{
	struct shared_texts *s = ctx;

	if (s->wanted)
		buf_add_slice(&s->text, text);
}

static const struct part_events events = { on_begin, on_end, on_text };

enum err_code shared_texts_open(struct shared_texts *s, int fd, const char *path, const char *name,
                                const char *folder, struct err *e)
{
	memset(s, 0, sizeof *s);
	file_init(&s->bytes);
	file_init(&s->index);
	buf_init(&s->text, CSV_MOST_BYTES);
	buf_init(&s->raw, CSV_MOST_BYTES);
	buf_init(&s->entry, ENTRY);
	s->path = path;
	if (!name)
		return ERR_OK;
	if (part_open(&s->part, fd, path, name, &events, s, e) != ERR_OK || !s->part)
		return e->code;
	if (file_open(&s->bytes, folder, e) != ERR_OK)
		return e->code;
	return file_open(&s->index, folder, e);
}

void shared_texts_close(struct shared_texts *s)
{
	part_close(s->part);
	file_close(&s->bytes);
	file_close(&s->index);
	buf_release(&s->text);
	buf_release(&s->raw);
	buf_release(&s->entry);
}

/* Where a text ends, and the next one begins. */
static enum err_code end_of(struct shared_texts *s, int64_t number, int64_t *end, struct err *e)
{
	*end = 0;
	if (number < 0)
		return ERR_OK;
	buf_clear(&s->entry);
	if (file_get(&s->index, number * ENTRY, (number + 1) * ENTRY, &s->entry, e) != ERR_OK)
		return e->code;
	memcpy(end, buf_text(&s->entry), ENTRY);
	return ERR_OK;
}

enum err_code shared_texts_get(struct shared_texts *s, int64_t number, struct buf *to, bool *found,
                               struct err *e)
{
	int64_t from, end;
	bool more = true;

	s->e = e;
	while (s->part && more && s->count <= number)
		if (part_more(s->part, &more, e) != ERR_OK)
			return e->code;
	if (!more) {
		part_close(s->part);
		s->part = NULL;
	}
	*found = number >= 0 && number < s->count;
	if (!*found)
		return ERR_OK;
	if (end_of(s, number - 1, &from, e) != ERR_OK || end_of(s, number, &end, e) != ERR_OK)
		return e->code;
	buf_clear(&s->raw);
	if (file_get(&s->bytes, from, end, &s->raw, e) != ERR_OK)
		return e->code;
	sheet_text_add(to, buf_slice(&s->raw));
	return ERR_OK;
}

/* The character that _xHHHH_ at the front stands for; 0 if it is none. */
static unsigned escaped(struct slice text)
{
	static const char digits[] = "0123456789ABCDEFabcdef";
	unsigned code = 0;

	if (text.len < ESCAPE || text.at[1] != 'x' || text.at[ESCAPE - 1] != '_')
		return 0;
	for (size_t i = 2; i < ESCAPE - 1; i++) {
		const char *digit = memchr(digits, text.at[i], sizeof digits - 1);

		if (!digit)
			return 0;
		code = code * 16 + (unsigned)(digit - digits < 16 ? digit - digits : digit - digits - 6);
	}
	return code >= 0xd800 && code <= 0xdfff ? 0 : code;
}

void sheet_text_add(struct buf *to, struct slice text)
{
	const char *mark;

	while (text.len > 0 && (mark = memchr(text.at, '_', text.len))) {
		size_t before = (size_t)(mark - text.at);
		unsigned code = escaped((struct slice){ mark, text.len - before });
		size_t used = before + (code ? ESCAPE : 1);

		buf_add(to, text.at, code ? before : used);
		if (code)
			text_add_code_point(to, (int32_t)code);
		text = (struct slice){ text.at + used, text.len - used };
	}
	buf_add_slice(to, text);
}
