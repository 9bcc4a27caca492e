#include "store/result_file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"

enum { PAGE = 256, LINE_MOST = 2 * CSV_MOST_BYTES };

struct result_file {
	struct journal *j;
	int64_t run;
	enum outcome_state state; /* asked for; 0: all */
	bool pending;             /* asked for: those without an outcome */
	FILE *out;
	char delimiter;
	struct buf line;
	int64_t rows;
	int64_t last; /* record handed in last */

	/* outcomes from the journal, merged with the records handed in */
	struct outcome_row page[PAGE];
	int count, next;
	bool whole;     /* no page follows this one */
	int64_t missed; /* outcomes whose record the source did not hand in */
};

static const struct {
	const char *name;
	enum result_which which;
	enum outcome_state state;
} which_names[] = {
	{ "all", RESULT_ALL, 0 },
	{ "written", RESULT_WRITTEN, OUTCOME_WRITTEN },
	{ "failed", RESULT_FAILED, OUTCOME_FAILED },
	{ "in-doubt", RESULT_IN_DOUBT, OUTCOME_IN_DOUBT },
	{ "skipped", RESULT_SKIPPED, OUTCOME_SKIPPED },
	{ "pending", RESULT_PENDING, 0 },
};

bool result_which_of(const char *name, enum result_which *which)
{
	for (size_t i = 0; i < sizeof which_names / sizeof which_names[0]; i++)
		if (strcmp(which_names[i].name, name) == 0) {
			*which = which_names[i].which;
			return true;
		}
	return false;
}

static enum outcome_state state_of(enum result_which which)
{
	for (size_t i = 0; i < sizeof which_names / sizeof which_names[0]; i++)
		if (which_names[i].which == which)
			return which_names[i].state;
	return 0;
}

static enum err_code write_line(struct result_file *f, struct err *e)
{
	buf_add_char(&f->line, '\n');
	if (f->line.short_of)
		return err_memory(e, "a row of the result file");
	if (fwrite(f->line.at, 1, f->line.len, f->out) != f->line.len)
		return err_set(e, ERR_FILE, "the result file cannot be written: %s; make room and export again",
		               strerror(errno));
	return ERR_OK;
}

static enum err_code write_header(struct result_file *f, struct slice header, struct err *e)
{
	static const char *const names[] = {
		"longshore_record",     "longshore_state",         "longshore_id",
		"longshore_error_code", "longshore_error_message", "longshore_attempt"
	};

	buf_add_slice(&f->line, header);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		buf_add_char(&f->line, f->delimiter);
		buf_add_text(&f->line, names[i]);
	}
	return write_line(f, e);
}

enum err_code result_file_open(struct result_file **file, struct journal *j, int64_t run,
                               enum result_which which, FILE *out, char delimiter, struct slice header,
                               struct err *e)
{
	struct result_file *f = calloc(1, sizeof *f);
	enum err_code rc;

	*file = NULL;
	if (!f)
		return err_memory(e, "the result file");
	f->j = j;
	f->run = run;
	f->state = state_of(which);
	f->pending = which == RESULT_PENDING;
	f->out = out;
	f->delimiter = delimiter;
	buf_init(&f->line, LINE_MOST);
	rc = write_header(f, header, e);
	if (rc == ERR_OK) {
		*file = f;
	} else {
		buf_release(&f->line);
		free(f);
	}
	return rc;
}

/* The outcome that is next in the journal, or NULL: none is left, or e is set. */
static struct outcome_row *peek(struct result_file *f, int64_t after, struct err *e)
{
	if (f->next == f->count && !f->whole) {
		f->next = 0;
		f->count = outcome_page(f->j, f->run, after, f->state, f->page, PAGE, e);
		f->whole = f->count < PAGE;
		if (f->count < 0)
			f->count = 0;
	}
	return f->next < f->count ? &f->page[f->next] : NULL;
}

static void add_cell(struct result_file *f, const char *text)
{
	buf_add_char(&f->line, f->delimiter);
	csv_add_cell(&f->line, slice_of(text), f->delimiter);
}

/* `row` is NULL for a pending record. */
static enum err_code write_row(struct result_file *f, int64_t record, struct slice raw,
                               const struct outcome_row *row, struct err *e)
{
	char number[24], attempt[16] = "";

	snprintf(number, sizeof number, "%lld", (long long)record);
	if (row)
		snprintf(attempt, sizeof attempt, "%d", row->attempt);
	buf_clear(&f->line);
	buf_add_slice(&f->line, raw);
	add_cell(f, number);
	add_cell(f, row ? outcome_state_name(row->state) : "pending");
	add_cell(f, row ? row->id : "");
	add_cell(f, row ? row->code : "");
	add_cell(f, row ? row->text : "");
	add_cell(f, attempt);
	f->rows++;
	return write_line(f, e);
}

enum err_code result_file_record(struct result_file *file, int64_t record, struct slice raw, struct err *e)
{
	struct outcome_row *row;
	struct err look;
	bool here;

	err_init(&look);
	while ((row = peek(file, file->last, &look)) && row->record < record) {
		file->missed++;
		file->last = row->record;
		file->next++;
	}
	if (look.code != ERR_OK)
		return err_set(e, look.code, "%s", look.text);
	file->last = record;
	here = row && row->record == record;
	if (here)
		file->next++;
	if (here ? file->pending : file->state != 0)
		return ERR_OK;
	return write_row(file, record, raw, here ? row : NULL, e);
}

enum err_code result_file_close(struct result_file *file, int64_t *rows, struct err *e)
{
	enum err_code rc = ERR_OK;
	struct err look;

	err_init(&look);
	if (fflush(file->out) != 0 || ferror(file->out))
		rc = err_set(e, ERR_FILE, "the result file cannot be written: %s; make room and export again",
		             strerror(errno));
	else if (peek(file, file->last, &look) || file->missed > 0)
		rc = err_set(e, ERR_FILE,
		             "the source holds fewer records than run %lld loaded, so rows are missing in the "
		             "result file; export again with the file that was loaded",
		             (long long)file->run);
	else if (look.code != ERR_OK)
		rc = err_set(e, look.code, "%s", look.text);
	*rows = file->rows;
	buf_release(&file->line);
	free(file);
	return rc;
}
