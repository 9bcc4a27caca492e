#include "core/engine/undo_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "core/engine/guard.h"
#include "core/plan/layout.h"
#include "core/plan/sorter.h"
#include "core/source/source.h"
#include "store/old_values.h"
#include "store/outcomes.h"

enum { PAGE = 200, MOST_LINE = 32 * 1024 * 1024, MOST_LAYOUT = 4 * 1024 * 1024 };

/* What is written at the moment. */
struct writing {
	struct undo_file *file;
	struct journal *j;
	const struct run *run;
	const struct object *object;
	FILE *to;
	struct layout layout; /* of the run */
	bool *seen;           /* by column: some record has an old value of it */
	struct buf line;
	int64_t lines;
	/* an updated record, of which more may come */
	struct arena texts;
	char id[19];
	int64_t record;
	struct slice *old, *wrote; /* by column; at NULL: it was left alone */
	struct err *e;
};

static void add_escaped(struct buf *b, struct slice s)
{
	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.at[i];

		if (c < 0x20)
			buf_addf(b, "\\u%04x", c);
		else if (c == '"' || c == '\\')
			buf_addf(b, "\\%c", c);
		else
			buf_add_char(b, (char)c);
	}
}

static void add_text(struct buf *b, struct slice s)
{
	buf_add_char(b, '"');
	add_escaped(b, s);
	buf_add_char(b, '"');
}

static void add_value(struct buf *b, const char *before, const char *name, struct slice value)
{
	buf_add_text(b, ",\"");
	add_escaped(b, slice_of(before));
	add_escaped(b, slice_of(name));
	buf_add_text(b, "\":");
	if (value.len)
		add_text(b, value);
	else
		buf_add_text(b, "null");
}

/* The line so far becomes one of the file. */
static bool end_line(struct writing *w)
{
	buf_add_text(&w->line, "}\n");
	w->lines++;
	if (w->line.short_of) {
		err_memory(w->e, "an undo");
		return false;
	}
	if (fwrite(buf_text(&w->line), 1, w->line.len, w->to) == w->line.len)
		return true;
	err_set(w->e, ERR_FILE, "cannot write what is to be undone to %s: %s", journal_state(w->j),
	        strerror(errno));
	return false;
}

static void begin_line(struct writing *w, const char *id, int64_t record, enum guard_fate why_not)
{
	buf_clear(&w->line);
	buf_add_text(&w->line, "{\"Id\":");
	add_text(&w->line, slice_of(id));
	buf_addf(&w->line, ",\"longshore_record\":%lld", (long long)record);
	if (why_not != GUARD_GOES)
		add_value(&w->line, "", GUARD_NOTE, slice_of(guard_name(why_not)));
}

const char *undo_file_field(const struct object *object, const char *wrote)
{
	const char *dot = strchr(wrote, '.');

	for (size_t i = 0; dot && i < object->field_count; i++) {
		const struct field *f = &object->fields[i];

		if (slice_equal_fold(slice_of(f->relationship), (struct slice){ wrote, (size_t)(dot - wrote) }))
			return f->name;
	}
	return wrote;
}

/* ---- updated records ---- */

static bool end_updated(struct writing *w)
{
	if (!w->id[0])
		return true;
	begin_line(w, w->id, w->record, GUARD_GOES);
	for (size_t c = 0; c < w->layout.count; c++)
		if (w->wrote[c].at) {
			add_value(&w->line, "", undo_file_field(w->object, w->layout.columns[c].name),
			          w->old[c]);
			add_value(&w->line, GUARD_WROTE, w->layout.columns[c].name, w->wrote[c]);
			w->seen[c] = true;
		}
	w->file->updated++;
	w->id[0] = '\0';
	memset(w->wrote, 0, w->layout.count * sizeof *w->wrote);
	arena_clear(&w->texts);
	return end_line(w);
}

static bool copy(struct writing *w, struct slice from, struct slice *to)
{
	*to = (struct slice){ arena_slice(&w->texts, from), from.len };
	return to->at != NULL;
}

/* One more record of the same id: what it changed first counts, and what it wrote last. */
static void add_updated(struct writing *w, const struct old_record *r)
{
	if (strcmp(w->id, r->id) != 0) {
		if (!end_updated(w))
			return;
		snprintf(w->id, sizeof w->id, "%s", r->id);
		w->record = r->record;
	}
	for (size_t i = 0; i < r->count; i++) {
		const struct old_cell *cell = &r->cells[i];
		bool first = (size_t)cell->column < w->layout.count && !w->wrote[cell->column].at;

		if ((size_t)cell->column >= w->layout.count)
			continue;
		if ((first && !copy(w, cell->old, &w->old[cell->column])) ||
		    !copy(w, cell->wrote, &w->wrote[cell->column])) {
			err_memory(w->e, "an undo");
			return;
		}
	}
}

static void take_kept(void *ctx, const struct old_record *r)
{
	if (r->count > 0) /* else nothing was written to it that could be put back */
		add_updated(ctx, r);
}

/* By the first characters of their ids, which tell all of them apart, and then by their numbers. */
struct by_id {
	struct sorter *sorter;
	struct err *e;
};

static uint64_t word_of(const char *id)
{
	uint64_t word = 0;

	for (int i = 0; i < 8; i++)
		word = word << 8 | (unsigned char)(*id ? *id++ : 0);
	return word;
}

static bool sort_id(void *ctx, int64_t record, const char *id)
{
	struct by_id *by = ctx;
	struct sorter_item item = { { word_of(id), strlen(id) > 8 ? word_of(id + 8) : 0, (uint64_t)record } };

	return sorter_add(by->sorter, &item, by->e) == ERR_OK;
}

static enum err_code write_sorted(struct writing *w, struct sorter *sorter)
{
	struct sorter_item item;
	bool more = true;

	if (sorter_begin(sorter, w->e) != ERR_OK)
		return w->e->code;
	while (sorter_next(sorter, &item, &more, w->e) == ERR_OK && more)
		if (old_values_get(w->j, w->run->id, (int64_t)item.word[2], take_kept, w, w->e) != ERR_OK ||
		    w->e->code != ERR_OK)
			break;
	if (w->e->code == ERR_OK)
		end_updated(w);
	return w->e->code;
}

/* SQLite would sort them in memory. */
static enum err_code write_updated(struct writing *w)
{
	struct by_id by = { .e = w->e };

	if (sorter_new(&by.sorter, 3, journal_state(w->j), w->e) == ERR_OK &&
	    old_values_ids(w->j, w->run->id, sort_id, &by, w->e) == ERR_OK && w->e->code == ERR_OK)
		write_sorted(w, by.sorter);
	sorter_free(by.sorter);
	return w->e->code;
}

/* ---- the others, by their outcomes ---- */

/* GOES: it is of the kind that is asked for; else why it cannot be undone. *mine false: of another kind. */
static enum guard_fate sort_row(struct writing *w, const struct outcome_row *row, bool created, bool *mine)
{
	bool kept = false;

	*mine = row->how == OUTCOME_CREATED ? created && row->id[0] : !created && row->how != OUTCOME_DELETED;
	if (!*mine || created)
		return GUARD_GOES;
	if (old_values_has(w->j, w->run->id, row->record, &kept, w->e) != ERR_OK || kept)
		*mine = false; /* it is there already */
	return row->how == OUTCOME_UPDATED ? GUARD_NOT_KEPT : GUARD_UNKNOWN;
}

static bool write_row(struct writing *w, const struct outcome_row *row, bool created)
{
	bool mine;
	enum guard_fate fate = sort_row(w, row, created, &mine);

	if (!mine)
		return w->e->code == ERR_OK;
	w->file->created += fate == GUARD_GOES;
	w->file->not_kept += fate == GUARD_NOT_KEPT;
	w->file->unknown += fate == GUARD_UNKNOWN;
	if (!row->id[0])
		return true; /* whoever it is, it cannot even be named */
	begin_line(w, row->id, row->record, fate);
	return end_line(w);
}

/* With `created` those that are deleted, else those that cannot be undone. */
static enum err_code write_rows(struct writing *w, bool created)
{
	struct outcome_row *rows = malloc(PAGE * sizeof *rows);
	int64_t after = 0;
	int n = rows ? PAGE : 0;

	if (!rows)
		return err_memory(w->e, "an undo");
	while (n == PAGE && w->e->code == ERR_OK) {
		n = outcome_page(w->j, w->run->id, after, OUTCOME_WRITTEN, rows, PAGE, w->e);
		for (int i = 0; i < n && write_row(w, &rows[i], created); i++)
			after = rows[i].record;
	}
	free(rows);
	return w->e->code;
}

/* ---- the file ---- */

static enum err_code write_all(struct writing *w)
{
	struct undo_file *file = w->file;

	if (write_updated(w) != ERR_OK || write_rows(w, false) != ERR_OK)
		return w->e->code;
	file->delete_from = w->lines + 1;
	if (write_rows(w, true) != ERR_OK)
		return w->e->code;
	if (file->created == 0 || file->delete_from == 1)
		file->delete_from = 0;
	for (size_t c = 0; c < w->layout.count; c++)
		file->fields += w->seen[c];
	return ERR_OK;
}

static enum err_code open_writing(struct writing *w)
{
	struct buf text;

	arena_init(&w->texts);
	buf_init(&w->line, MOST_LINE);
	buf_init(&text, MOST_LAYOUT);
	if (run_plan(w->j, w->run->id, NULL, &text, w->e) == ERR_OK)
		layout_read(&w->layout, buf_slice(&text), w->e);
	buf_release(&text);
	if (w->e->code != ERR_OK)
		return w->e->code;
	w->seen = calloc(w->layout.count, sizeof *w->seen);
	w->old = calloc(w->layout.count, sizeof *w->old);
	w->wrote = calloc(w->layout.count, sizeof *w->wrote);
	return w->seen && w->old && w->wrote ? ERR_OK : err_memory(w->e, "an undo");
}

static void close_writing(struct writing *w)
{
	layout_release(&w->layout);
	arena_release(&w->texts);
	buf_release(&w->line);
	free(w->seen);
	free(w->old);
	free(w->wrote);
}

enum err_code undo_file_settle(struct undo_file *file, FILE *to, const char *part, const char *folder,
                               int64_t run, struct err *e)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char hash[HASH_TEXT];
	int64_t size;

	if (fd < 0 || fflush(to) || fsync(fileno(to)))
		err_set(e, ERR_FILE, "cannot keep what is to be undone in %s: %s", folder, strerror(errno));
	else if (source_digest(part, hash, &size, e) == ERR_OK) {
		snprintf(file->path, sizeof file->path, "%s/undo-%lld-%s.jsonl", folder, (long long)run, hash);
		file->was_there = access(file->path, F_OK) == 0;
		if (rename(part, file->path) || fsync(fd))
			err_set(e, ERR_FILE, "cannot keep what is to be undone in %s: %s", file->path,
			        strerror(errno));
	}
	if (fd >= 0)
		close(fd);
	return e->code;
}

enum err_code undo_file_write(struct undo_file *file, struct journal *j, const struct run *run,
                              const struct object *object, struct err *e)
{
	struct writing w = {
		.file = file, .j = j, .run = run, .object = object, .layout = { .key = -1 }, .e = e
	};
	char part[PATH_ROOM];
	int fd = -1;

	*file = (struct undo_file){ 0 };
	if (snprintf(part, sizeof part, "%s/undo-XXXXXX", journal_state(j)) >= PATH_ROOM - HASH_TEXT - 32)
		return err_set(e, ERR_FILE, "the path of the state folder is too long");
	fd = mkostemp(part, O_CLOEXEC); /* mode 0600 */
	w.to = fd >= 0 ? fdopen(fd, "wb") : NULL;
	if (!w.to)
		return err_set(e, ERR_FILE, "cannot make a file in %s: %s", journal_state(j), strerror(errno));
	if (open_writing(&w) == ERR_OK && write_all(&w) == ERR_OK)
		undo_file_settle(file, w.to, part, journal_state(j), run->id, e);
	if (e->code != ERR_OK)
		unlink(part);
	fclose(w.to);
	close_writing(&w);
	return e->code;
}
