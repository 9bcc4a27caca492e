#include "ui/command/singer_stream.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/csv.h"
#include "core/engine/engine.h"
#include "core/engine/barred.h"
#include "store/singer_runs.h"
#include "ui/command/asked.h"
#include "ui/command/foreground.h"
#include "ui/command/report.h"
#include "ui/command/saved_orgs.h"

enum { MOST_BATCH = 512 * 1024 * 1024 };

static enum err_code write_all(int fd, struct slice bytes, const char *path, struct err *e)
{
	while (bytes.len > 0) {
		ssize_t n = write(fd, bytes.at, bytes.len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(e, ERR_FILE, "cannot keep messages in %s: %s", path, strerror(errno));
		bytes.at += n;
		bytes.len -= (size_t)n;
	}
	return ERR_OK;
}

/* Adds bytes at the end as the journal knows it: what a death left behind that is cut off. */
static enum err_code append(struct singer_stream *s, struct slice bytes, struct err *e)
{
	int fd = open(s->path, O_WRONLY | O_CLOEXEC);
	enum err_code rc;

	if (fd < 0 || ftruncate(fd, s->size) || lseek(fd, s->size, SEEK_SET) < 0)
		rc = err_set(e, ERR_FILE, "cannot keep messages in %s: %s", s->path, strerror(errno));
	else
		rc = write_all(fd, bytes, s->path, e);
	if (rc == ERR_OK && fsync(fd) != 0)
		rc = err_set(e, ERR_FILE, "cannot keep messages in %s: %s", s->path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return rc;
}

/* A name that a file can have, so that lists of runs tell whose they are. */
static enum err_code make_file(struct singer_stream *s, struct err *e)
{
	char name[40];
	struct buf header;
	enum err_code rc;
	int fd;

	for (size_t i = 0; i < sizeof name; i++)
		name[i] = isalnum((unsigned char)s->name[i]) || !s->name[i] ? s->name[i] : '_';
	name[sizeof name - 1] = '\0';
	if (snprintf(s->path, sizeof s->path, "%s/singer-%s-XXXXXX", s->call->state, name) >= PATH_ROOM)
		return err_set(e, ERR_FILE, "the path of the state folder is too long");
	fd = mkostemp(s->path, O_CLOEXEC); /* mode 0600 */
	if (fd < 0)
		return err_set(e, ERR_FILE, "cannot make a file in %s: %s", s->call->state, strerror(errno));
	close(fd);
	buf_init(&header, CSV_MOST_BYTES);
	for (size_t i = 0; i < s->count; i++) {
		if (i > 0)
			buf_add_char(&header, ',');
		csv_add_cell(&header, s->columns[i], ',');
	}
	buf_add_char(&header, '\n');
	rc = header.short_of ? err_memory(e, "a schema") : append(s, buf_slice(&header), e);
	s->size = (int64_t)header.len;
	buf_release(&header);
	return rc;
}

static enum err_code read_schema(struct singer_stream *s, const struct singer_message *schema, struct err *e)
{
	int count = singer_columns(schema, &s->arena, &s->columns);

	if (count < 0)
		return err_set(e, ERR_FILE, "the SCHEMA of stream %s has more than 5,000 properties", s->name);
	if (count == 0)
		return err_set(e, ERR_FILE, "the SCHEMA of stream %s names no property", s->name);
	s->count = (size_t)count;
	return ERR_OK;
}

/* What the describe refuses is refused before a record is taken. */
static enum err_code hold_against_describe(struct singer_stream *s, struct err *e)
{
	const struct mapping *mapping = s->load.mapping;
	struct plan_finding all[16];
	size_t n;

	for (size_t i = 0; i < mapping->column_count; i++)
		if (!mapping->by_column[i])
			return err_set(e, ERR_USAGE, "stream %s cannot be sent to %s: %.*s, %s", s->name,
			               s->load.object->name, SLICE_ARGS(s->columns[i]),
			               mapping->not_loaded_why[i]);
	n = plan_findings(s->load.plan, all, sizeof all / sizeof all[0]);
	for (size_t i = 0; i < n && i < sizeof all / sizeof all[0]; i++)
		if (all[i].rule == RULE_NOT_WRITEABLE)
			return err_set(e, ERR_USAGE, "stream %s cannot be sent to %s: %s, %s", s->name,
			               s->load.object->name, all[i].field, all[i].message);
	return ERR_OK;
}

/* Taps write days as date-times, too. */
static enum err_code find_days(struct singer_stream *s, struct err *e)
{
	s->days = arena_alloc(&s->arena, s->count * sizeof *s->days);
	if (!s->days)
		return err_memory(e, "a schema");
	for (size_t i = 0; i < s->count; i++) {
		const struct mapped *entry = s->load.mapping->by_column[i];

		s->days[i] = entry && (entry->far ? entry->far : entry->field)->type == FIELD_DATE;
	}
	return ERR_OK;
}

static enum err_code sign_in(struct singer_stream *s, struct err *e)
{
	struct load *load = &s->load;
	const struct org_identity *who;

	if (load_sign_in(load, e) != ERR_OK)
		return e->code;
	who = org_identity(load->org);
	if (call_expect_org(s->call, who->org_name, who->org_id, e) != ERR_OK)
		return e->code;
	if (!load->access.settings.table_name || !load->access.settings.table_name[0])
		load->options.object = s->name;
	load->options.skip_invalid = load_allows_failures(load);
	return load_describe(load, e);
}

enum err_code singer_stream_open(struct singer_stream *s, const struct call *call, const char *settings,
                                 const struct singer_message *schema, struct err *e)
{
	struct load_options options = {
		.allow_failures = -1,
		.again = true, /* equal content is told apart record by record */
		.same_key = SAME_KEY_LAST,
		.matching = MATCH_NAMES,
		.words = { .rules = { .zone = "UTC" } }, /* of date-times that name none, and of days for them */
		.reading = { .delimiter = ',', .encoding = ENCODING_UTF_8, .format = FORMAT_ROWS },
	};
	struct access_choice choice;

	*s = (struct singer_stream){ .call = call, .settings = settings };
	snprintf(s->name, sizeof s->name, "%s", schema->stream);
	arena_init(&s->arena);
	buf_init(&s->rows, MOST_BATCH);
	if (saved_orgs_choice(call, &choice, e) != ERR_OK)
		return e->code;
	options.config = choice.config;
	options.org = choice.org;
	options.file = s->path;
	load_init(&s->load, &options);
	if (read_schema(s, schema, e) != ERR_OK || make_file(s, e) != ERR_OK ||
	    load_open(&s->load, call->state, e) != ERR_OK || sign_in(s, e) != ERR_OK ||
	    load_map(&s->load, e) != ERR_OK)
		return e->code;
	if (hold_against_describe(s, e) != ERR_OK)
		return e->code;
	return find_days(s, e);
}

void singer_stream_close(struct singer_stream *s)
{
	if (s->path[0] && !s->run)
		unlink(s->path);
	load_release(&s->load);
	buf_release(&s->rows);
	arena_release(&s->arena);
}

bool singer_stream_fits(const struct singer_stream *s, const struct singer_message *schema)
{
	struct slice *columns;
	struct arena arena;
	bool same;

	arena_init(&arena);
	same = singer_columns(schema, &arena, &columns) == (int)s->count;
	for (size_t i = 0; same && i < s->count; i++)
		same = slice_equal(columns[i], s->columns[i]);
	arena_release(&arena);
	return same;
}

/* The batch stands in the file, and is checked. */
static enum err_code check_batch(struct singer_stream *s, struct err *e)
{
	struct load *load = &s->load;

	if (s->rows.short_of)
		return err_memory(e, "a batch");
	if (append(s, buf_slice(&s->rows), e) != ERR_OK || load_open(load, s->call->state, e) != ERR_OK ||
	    load_map(load, e) != ERR_OK)
		return e->code;
	load->from_record = s->run ? s->records + 1 : 0;
	load->from_offset = s->size;
	return load_check(load, NULL, NULL, e);
}

static enum err_code begin_run(struct singer_stream *s, struct err *e)
{
	static struct run run;

	if (load_create(&s->load, s->call->journal, &run, e) != ERR_OK)
		return e->code;
	s->run = run.id;
	return singer_run_add(s->call->journal, run.id, s->settings, e);
}

static enum err_code grow_run(struct singer_stream *s, struct err *e)
{
	char hash[HASH_TEXT];
	int64_t size;

	if (source_digest(s->path, hash, &size, e) != ERR_OK)
		return e->code;
	if (keys_left_out(s->load.check.keys) > 0 &&
	    barred_keep(s->call->journal, s->run, s->load.check.keys, NULL, e) != ERR_OK)
		return e->code;
	return singer_run_grow(s->call->journal, s->run, s->waiting, size, hash, e);
}

/* Has the engine settled all of it? */
static int settled(struct singer_stream *s, struct err *e)
{
	static struct run run;

	if (e->code != ERR_OK || run_get(s->call->journal, s->run, &run, e) != ERR_OK)
		return call_fail(s->call, e, NULL);
	if (run.state == RUN_FINISHED && run.counts.in_doubt == 0 &&
	    (run.counts.failed == 0 || run.allow_failures))
		return 0;
	return engine_exit_status(s->call->journal, &run);
}

void singer_stream_say(const struct singer_stream *s)
{
	static struct run run;
	struct buf line;

	if (!s->run || run_get(s->call->journal, s->run, &run, call_ignore()) != ERR_OK)
		return;
	buf_init(&line, 4096);
	report_line(&line, s->call->journal, &run);
	call_say(s->call, "%s", buf_text(&line));
	buf_release(&line);
}

int singer_stream_flush(struct singer_stream *s)
{
	struct err e;
	int status;

	err_init(&e);
	if (s->waiting == 0)
		return 0;
	if (check_batch(s, &e) != ERR_OK)
		return call_fail(s->call, &e, NULL);
	if (s->load.check.failing && !s->load.options.skip_invalid)
		return asked_fail_batch(s->call, &s->load);
	if ((s->run ? grow_run(s, &e) : begin_run(s, &e)) != ERR_OK)
		return call_fail(s->call, &e, NULL);
	foreground_engine(s->call, s->run, NULL, false, &e);
	status = settled(s, &e);
	s->records += s->waiting;
	s->size += (int64_t)s->rows.len;
	s->waiting = 0;
	buf_clear(&s->rows);
	return status;
}
