#include "ui/command/commands.h"
#include "ui/command/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/csv.h"
#include "base/text.h"
#include "core/engine/edited.h"
#include "core/engine/run_source.h"
#include "store/prune.h"
#include "store/result_file.h"

struct target {
	char part[PATH_ROOM]; /* what is written to until it is whole, "" when written in place */
	const char *name;
	FILE *out;
};

static bool fits(struct journal *j, const struct run *run)
{
	(void)j;
	(void)run;
	return true;
}

static bool same_file(const char *a, const char *b)
{
	struct stat one, two;

	return stat(a, &one) == 0 && stat(b, &two) == 0 && one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

/* A regular file appears under its name only when it is whole; standard output, pipes and devices are written in place. */
static enum err_code target_open(struct target *target, const char *name, const char *source, struct err *e)
{
	struct stat there;
	int fd;

	*target = (struct target){ .name = name };
	if (strcmp(name, "-") == 0) {
		target->out = stdout;
		return ERR_OK;
	}
	if (same_file(name, source))
		return err_set(e, ERR_USAGE, "%s is the source itself: choose another name for -o", name);
	if (stat(name, &there) == 0 && !S_ISREG(there.st_mode)) {
		target->out = fopen(name, "w");
	} else {
		if (snprintf(target->part, sizeof target->part, "%s.part", name) >= (int)sizeof target->part)
			return err_set(e, ERR_FILE, "the name for -o is too long");
		/* records may hold anything: nobody else's to read */
		fd = open(target->part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		target->out = fd < 0 ? NULL : fdopen(fd, "w");
	}
	return target->out ? ERR_OK : err_set(e, ERR_FILE, "cannot write %s: %s", name, strerror(errno));
}

/* Puts it in place, or with `failed` takes it away. */
static enum err_code target_close(struct target *target, bool failed, struct err *e)
{
	enum err_code rc = ERR_OK;

	if (!target->out || target->out == stdout)
		return ERR_OK;
	if (fclose(target->out) != 0 && !failed)
		rc = err_set(e, ERR_FILE, "cannot write %s: %s", target->name, strerror(errno));
	if (target->part[0] && (failed || rc != ERR_OK))
		unlink(target->part);
	else if (target->part[0] && rename(target->part, target->name) != 0)
		rc = err_set(e, ERR_FILE, "cannot write %s: %s", target->name, strerror(errno));
	return rc;
}

/* Rows are told by their number, so it must be the file that was loaded. */
static enum err_code same_content(const struct run *run, const char *path, struct err *e)
{
	char hash[HASH_TEXT];
	int64_t size;

	if (source_digest(path, hash, &size, e) != ERR_OK)
		return err_add(
			e, "the source of run %" PRId64 " cannot be read; --file names it where it lies now",
			run->id);
	if (strcmp(hash, run->file_hash) != 0)
		return err_set(e, ERR_FILE,
		               "%s is not the file that run %" PRId64 " loaded: its content differs", path,
		               run->id);
	return ERR_OK;
}

/* The records as they are sent: with the cells that were edited. */
struct rows {
	struct source *source;
	struct run_kept kept;
	struct edited edited;
	struct buf line;
};

/* A record of which no text is left: its cells are empty. */
static void add_no_cells(struct rows *rows)
{
	const struct source_shape *shape = source_shape(rows->source);

	for (size_t i = 1; i < shape->column_count; i++)
		buf_add_char(&rows->line, shape->delimiter);
}

static enum err_code copy_records(struct rows *rows, struct result_file *file, struct err *e)
{
	struct record record;
	bool more;

	for (;;) {
		if (source_next(rows->source, &record, &more, e) != ERR_OK)
			return e->code;
		if (!more)
			return ERR_OK;
		if (*signals_stop())
			return err_set(e, ERR_STOPPED, "stopped; no file was written");
		buf_clear(&rows->line);
		if (record.fault && record.raw.len == 0)
			add_no_cells(rows);
		else
			edited_line(&rows->edited, &record, &rows->line);
		if (rows->line.short_of)
			return err_memory(e, "a row of the result file");
		if (result_file_record(file, record.number, buf_slice(&rows->line), e) != ERR_OK)
			return e->code;
	}
}

/* The file, or, where it is gone, what was kept of the records that were not written. */
static enum err_code rows_open(struct rows *rows, const struct call *call, const struct run *run, bool kept,
                               const char *path, struct err *e)
{
	struct source_options options = { .delimiter = run->delimiter, .folder = call->state };
	enum err_code rc;

	*rows = (struct rows){ 0 };
	buf_init(&rows->line, 2 * CSV_MOST_BYTES);
	if (kept)
		rc = run_source_kept(&rows->source, &rows->kept, call->journal, run, e);
	else if ((rc = source_reading_of(run->reading, &options, e)) == ERR_OK)
		rc = source_open(&rows->source, path, &options, e);
	if (rc == ERR_OK && run->edits)
		rc = edited_use(&rows->edited, rows->source, call->journal, run->id, e);
	return rc;
}

static void rows_close(struct rows *rows)
{
	source_close(rows->source);
	edited_release(&rows->edited);
	buf_release(&rows->line);
}

static enum err_code write_rows(struct call *call, const struct run *run, enum result_which which, bool kept,
                                const char *path, FILE *out, int64_t *count, struct err *e)
{
	struct result_file *file = NULL;
	struct rows rows;
	struct buf header;
	enum err_code rc;

	buf_init(&header, 16 * 1024 * 1024);
	rc = rows_open(&rows, call, run, kept, path, e);
	if (rc == ERR_OK)
		rc = source_header(rows.source, &header, e);
	if (rc == ERR_OK)
		rc = result_file_open(&file, call->journal, run->id, which, out, run->delimiter,
		                      buf_slice(&header), e);
	if (rc == ERR_OK)
		rc = copy_records(&rows, file, e);
	if (file && result_file_close(file, count, rc == ERR_OK ? e : NULL) != ERR_OK && rc == ERR_OK)
		rc = e->code;
	rows_close(&rows);
	buf_release(&header);
	return rc;
}

static enum err_code write_export(struct call *call, const struct run *run, int64_t *rows, struct err *e)
{
	const char *state = call_option(call, OPTION_WHICH), *to = call_option(call, OPTION_OUTPUT);
	const char *path = call_option(call, OPTION_FILE);
	enum result_which which;
	struct target target;
	enum err_code rc;
	bool kept;

	if (!result_which_of(state, &which))
		return err_set(e, ERR_USAGE,
		               "--which takes failed, written, in-doubt, skipped, pending or all, not \"%s\"",
		               state);
	if (strcmp(to, "-") == 0 && call->json)
		return err_set(e, ERR_USAGE, "-o - and --json both want standard output: give one of them");
	kept = !path && access(run->file, F_OK) != 0 && which != RESULT_ALL && which != RESULT_WRITTEN;
	if (!path)
		path = run->file;
	if ((!kept && same_content(run, path, e) != ERR_OK) || target_open(&target, to, path, e) != ERR_OK)
		return e->code;
	rc = write_rows(call, run, which, kept, path, target.out, rows, e);
	if (target_close(&target, rc != ERR_OK, e) != ERR_OK && rc == ERR_OK)
		rc = e->code;
	return rc;
}

static int say_rows(const struct call *call, const struct run *run, int64_t rows)
{
	const char *to = call_option(call, OPTION_OUTPUT);
	char count[27];
	struct json json;
	int status;

	call_say(call, "run %" PRId64 ": %s records written to %s", run->id,
	         text_count(rows, count, sizeof count), strcmp(to, "-") == 0 ? "standard output" : to);
	if (!call->json)
		return 0;
	json_init(&json);
	json_begin(&json, NULL, '{');
	json_put_number(&json, "run", run->id);
	json_put_text(&json, "which", call_option(call, OPTION_WHICH));
	json_put_text(&json, "file", to);
	json_put_number(&json, "rows", rows);
	json_put_number(&json, "exit", 0);
	json_end(&json);
	status = call_print(&json.out, 0);
	json_release(&json);
	return status;
}

int command_export(struct call *call)
{
	static struct run run;
	int64_t rows = 0;
	struct err e;

	err_init(&e);
	signals_watch();
	if (!call_option(call, OPTION_WHICH) || !call_option(call, OPTION_OUTPUT)) {
		err_set(&e, ERR_USAGE, "longshore export needs --which STATE and -o FILE");
		return call_fail(call, &e, "longshore help export");
	}
	if (call_journal(call, JOURNAL_READ, &e) != ERR_OK || call_run(call, fits, &run, &e) != ERR_OK ||
	    run_is_whole(&run, &e) != ERR_OK)
		return call_fail(call, &e, "longshore runs");
	if (write_export(call, &run, &rows, &e) != ERR_OK)
		return call_fail(call, &e, NULL);
	return say_rows(call, &run, rows);
}
