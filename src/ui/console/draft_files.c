/* draft_files.c - folders and the beginnings of files, for the browser of New load. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/source/source.h"
#include "ui/console/chrome.h"
#include "ui/console/draft.h"

enum { MOST_ENTRIES = 20000, PREVIEW_ROWS = 40, PREVIEW_CELL = 200 };

static int by_name(const void *a, const void *b)
{
	const struct file_entry *x = a;
	const struct file_entry *y = b;

	if (x->folder != y->folder)
		return x->folder ? -1 : 1;
	return strcasecmp(x->name, y->name);
}

static bool add_entry(struct browser *browser, size_t *room, int folder, const char *name)
{
	struct file_entry *entry;
	struct stat st;

	if (fstatat(folder, name, &st, 0) != 0 || (!S_ISDIR(st.st_mode) && !S_ISREG(st.st_mode)))
		return true;
	if (browser->count == *room) {
		struct file_entry *more = realloc(browser->entries, (*room * 2 + 64) * sizeof *more);

		if (!more)
			return false;
		browser->entries = more;
		*room = *room * 2 + 64;
	}
	entry = &browser->entries[browser->count++];
	memset(entry, 0, sizeof *entry);
	snprintf(entry->name, sizeof entry->name, "%s", name);
	entry->folder = S_ISDIR(st.st_mode);
	entry->size = st.st_size;
	entry->changed_ms = (int64_t)st.st_mtime * 1000;
	return browser->count < MOST_ENTRIES;
}

void draft_browse(struct browser *browser)
{
	DIR *dir;
	const struct dirent *found;
	size_t room = 0;

	if (!browser->folder[0] && !getcwd(browser->folder, sizeof browser->folder))
		strcpy(browser->folder, "/");
	free(browser->entries);
	browser->entries = NULL;
	browser->count = 0;
	browser->stale = false;
	browser->error[0] = '\0';
	dir = opendir(browser->folder);
	if (!dir)
		snprintf(browser->error, sizeof browser->error, "This folder cannot be read: %s",
		         strerror(errno));
	if (strcmp(browser->folder, "/") != 0)
		add_entry(browser, &room, AT_FDCWD, "..");
	while (dir && (found = readdir(dir)) != NULL)
		if (found->d_name[0] != '.' && !add_entry(browser, &room, dirfd(dir), found->d_name))
			break;
	if (dir)
		closedir(dir);
	if (browser->count)
		qsort(browser->entries, browser->count, sizeof *browser->entries, by_name);
	table_narrow(&browser->table, browser->count, wizard_file_text, browser);
	browser->table.cursor = browser->table.top = 0;
	while (browser->table.cursor + 1 < browser->count && browser->entries[browser->table.cursor].folder)
		browser->table.cursor++;
}

static const char *keep(struct preview *preview, struct slice cell)
{
	const char *text;

	if (cell.len > PREVIEW_CELL)
		cell.len = PREVIEW_CELL;
	text = arena_slice(&preview->arena, cell);
	return text ? text : "";
}

/* Which sheet comes next, in turn. */
static void keep_next_sheet(struct preview *preview, const struct source_shape *shape)
{
	for (size_t i = 0; i < shape->sheet_count && shape->sheet_count > 1; i++)
		if (strcmp(shape->sheets[i], shape->sheet) == 0)
			snprintf(preview->next_sheet, sizeof preview->next_sheet, "%s",
			         shape->sheets[(i + 1) % shape->sheet_count]);
}

/* Of several streams one must be chosen: that which is shown. */
static void choose_stream(struct browser *browser, const struct source_shape *shape)
{
	struct preview *preview = &browser->preview;

	if (shape->format != FORMAT_SINGER || shape->sheet_count < 2 || preview->sheet[0])
		return;
	memcpy(preview->sheet, shape->sheet, sizeof preview->sheet);
	memcpy(browser->sheet, shape->sheet, sizeof browser->sheet);
	memcpy(browser->sheet_of, preview->path, sizeof browser->sheet_of);
}

static void keep_columns(struct preview *preview, const struct source *source)
{
	const struct source_shape *shape = source_shape(source);
	struct buf found;

	preview->columns = arena_alloc(&preview->arena, shape->column_count * sizeof *preview->columns);
	preview->cells = arena_alloc(&preview->arena,
	                             shape->column_count * PREVIEW_ROWS * sizeof *preview->cells);
	preview->faults = arena_alloc(&preview->arena, PREVIEW_ROWS * sizeof *preview->faults);
	if (!preview->columns || !preview->cells || !preview->faults)
		return;
	preview->column_count = shape->column_count;
	for (size_t c = 0; c < shape->column_count; c++)
		preview->columns[c] = keep(preview, shape->columns[c]);
	buf_init(&found, sizeof preview->found - 1);
	source_describe(source, &found);
	keep_next_sheet(preview, shape);
	if (preview->next_sheet[0])
		buf_addf(&found, " · Tab: next %s", shape->format == FORMAT_SINGER ? "stream" : "sheet");
	snprintf(preview->found, sizeof preview->found, "%s", buf_text(&found));
	buf_release(&found);
}

/* "record 17: a NUL byte", or NULL. */
static const char *keep_fault(struct preview *preview, const struct record *record)
{
	char text[256];

	if (!record->fault)
		return NULL;
	snprintf(text, sizeof text, "record %lld: %s", (long long)record->number, record->fault);
	return keep(preview, slice_of(text));
}

static void keep_rows(struct preview *preview, struct source *source)
{
	struct record record;
	struct err e;
	bool more = true;

	err_init(&e);
	while (preview->column_count && preview->row_count < PREVIEW_ROWS &&
	       source_next(source, &record, &more, &e) == ERR_OK && more) {
		const char **row = preview->cells + preview->row_count * preview->column_count;

		preview->faults[preview->row_count++] = keep_fault(preview, &record);
		for (size_t c = 0; c < preview->column_count; c++)
			row[c] = c < record.count && !record.fault ? keep(preview, record.cells[c]) : "";
	}
}

void draft_preview(struct browser *browser)
{
	struct preview *preview = &browser->preview;
	struct source_options options = { .delimiter = browser->delimiter, .beginning = true };
	struct source *source = NULL;
	char path[WIZARD_PATH];
	struct stat st;
	struct err e;

	if (!browser_path(browser, path)) {
		preview_clear(preview);
		return;
	}
	snprintf(options.sheet, sizeof options.sheet, "%s", browser_sheet(browser, path));
	if (strcmp(path, preview->path) == 0 && preview->delimiter == browser->delimiter &&
	    strcmp(preview->sheet, options.sheet) == 0)
		return;
	preview_clear(preview);
	memcpy(preview->sheet, options.sheet, sizeof preview->sheet);
	memcpy(preview->path, path, sizeof preview->path);
	preview->delimiter = browser->delimiter;
	err_init(&e);
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) { /* opening a pipe would block */
		snprintf(preview->error, sizeof preview->error, "It is no regular file");
		return;
	}
	if (source_open(&source, path, &options, &e) != ERR_OK) {
		snprintf(preview->error, sizeof preview->error, "%s", e.text);
		chrome_sentence(preview->error);
		return;
	}
	keep_columns(preview, source);
	keep_rows(preview, source);
	choose_stream(browser, source_shape(source));
	source_close(source);
}
