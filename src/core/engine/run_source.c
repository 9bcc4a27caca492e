#include "core/engine/run_source.h"

#include <string.h>
#include <unistd.h>

#include "base/csv.h"
#include "store/outcomes.h"

enum err_code run_source_same(const struct run *run, const char *path, bool *gone, struct err *e)
{
	char hash[HASH_TEXT];
	int64_t size;

	if (gone)
		*gone = access(path, F_OK) != 0;
	if (source_digest(path, hash, &size, e) != ERR_OK)
		return err_add(e, "the source of run %lld is not there (say where with --file)",
		               (long long)run->id);
	if (size == run->file_size && strcmp(hash, run->file_hash) == 0)
		return ERR_OK;
	return err_set(
		e, ERR_FILE,
		"%s is not what run %lld began with: its content has changed. Give the same content with "
		"--file, or load what is left as a new run",
		path, (long long)run->id);
}

static bool kept_text(void *ctx, int64_t record, struct buf *b)
{
	const struct run_kept *kept = ctx;
	struct err ignored;

	err_init(&ignored);
	return outcome_source(kept->j, kept->run, record, b, &ignored) == ERR_OK && b->len > 0;
}

static bool is_csv(const struct run *run)
{
	return !run->reading[0] || strncmp(run->reading, "csv", 3) == 0;
}

enum err_code run_source_kept(struct source **source, struct run_kept *kept, struct journal *j,
                              const struct run *run, struct err *e)
{
	struct source_kept request = {
		.path = run->file,
		.delimiter = run->delimiter,
		.nulls = !is_csv(run),
		.records = run->counts.records,
		.text = kept_text,
		.ctx = kept,
	};
	struct buf header;
	enum err_code rc;

	*source = NULL;
	*kept = (struct run_kept){ j, run->id };
	buf_init(&header, 2 * CSV_MOST_BYTES);
	rc = run_header(j, run->id, &header, e);
	request.header = buf_slice(&header);
	if (rc == ERR_OK && header.len == 0)
		rc = err_set(e, ERR_FILE, "no text of the records of run %lld was kept that could be read",
		             (long long)run->id);
	if (rc == ERR_OK)
		rc = source_open_kept(source, &request, e);
	buf_release(&header);
	return rc;
}

enum err_code run_source_open(struct source **source, struct run_kept *kept, struct journal *j,
                              const struct run *run, const char *file, struct err *e)
{
	struct source_options options = { .delimiter = run->delimiter, .folder = journal_state(j) };
	const char *path = file ? file : run->file;
	bool gone;
	struct err none;

	*source = NULL;
	if (run_source_same(run, path, &gone, e) == ERR_OK) {
		if (source_reading_of(run->reading, &options, e) != ERR_OK)
			return e->code;
		return source_open(source, path, &options, e);
	}
	err_init(&none);
	if (!file && gone && run_source_kept(source, kept, j, run, &none) == ERR_OK)
		err_init(e);
	return e->code;
}
