#include "judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "store/journal.h"

/* The columns of an export. */
struct table {
	char *text;
	struct csv csv;
};

void judge_blame(struct verdict *v, const char *format, ...)
{
	va_list args;

	if (v->why[0])
		return;
	va_start(args, format);
	vsnprintf(v->why, sizeof v->why, format, args);
	va_end(args);
}

static const char *member(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

static json_int_t number(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

/* Two names that differ by a blank at the end are one name to the org. */
static bool same(const char *a, const char *b)
{
	return slice_equal(slice_trim(slice_of(a)), slice_trim(slice_of(b)));
}

static const json_t *find_row(const json_t *rows, const char *id)
{
	const json_t *row;
	size_t n;

	json_array_foreach(rows, n, row) {
		if (strcmp(member(row, "Id"), id) == 0)
			return row;
	}
	return NULL;
}

/* What the row with this id is told by, as the play tells its records; "" if it is not there. */
static const char *identity_of(const struct play *p, const json_t *rows, const char *id)
{
	if (p->action == ACTION_UPDATE || p->action == ACTION_DELETE)
		return id;
	return member(find_row(rows, id), p->action == ACTION_UPSERT ? "Ext__c" : "Name");
}

static const char *wanted_verb(const struct play *p, const struct play_record *r)
{
	switch (p->action) {
	case ACTION_UPDATE:
		return "updated";
	case ACTION_DELETE:
		return "deleted";
	case ACTION_UPSERT:
		return r->id[0] ? "updated" : "created";
	default:
		return "created";
	}
}

static int expected(const struct play *p, const struct play_record *r)
{
	int n = 0;

	for (int i = 0; i < PLAY_RECORDS; i++)
		n += !p->records[i].fails && same(play_identity(p, &p->records[i]), play_identity(p, r));
	return n;
}

static int count_writes(const struct play *p, const struct play_record *r, const json_t *rows,
                        const json_t *writes)
{
	const json_t *w;
	size_t i;
	int n = 0;

	json_array_foreach(writes, i, w) {
		if (same(identity_of(p, rows, member(w, "id")), play_identity(p, r)) &&
		    strcmp(member(w, "verb"), wanted_verb(p, r)) == 0)
			n++;
	}
	return n;
}

static bool has_values(const struct play *p, const struct play_record *r, const json_t *rows)
{
	const json_t *row;
	size_t i;

	json_array_foreach(rows, i, row) {
		if (same(identity_of(p, rows, member(row, "Id")), play_identity(p, r)))
			return p->action != ACTION_DELETE && same(member(row, "Name"), r->name) &&
			       same(member(row, "Phone"), r->phone);
	}
	return p->action == ACTION_DELETE;
}

static void judge_org(struct verdict *v, const struct play *p, const json_t *rows, const json_t *writes)
{
	int good = 0;

	for (int i = 0; i < PLAY_RECORDS; i++) {
		const struct play_record *r = &p->records[i];
		int want = expected(p, r), got = count_writes(p, r, rows, writes);

		good += !r->fails;
		v->twice += got > want;
		v->lost += got < want;
		if (got != want)
			judge_blame(v, "record %d: the org has %d writes of it, %d are right", i + 1, got,
			            want);
		else if (!r->fails && !has_values(p, r, rows))
			judge_blame(v, "record %d: the org's row has other values", i + 1);
	}
	if ((int)json_array_size(writes) != good)
		judge_blame(v, "the org's audit has %zu writes, %d are right", json_array_size(writes), good);
}

/* What the run says of itself; gives its number. */
static long long judge_counts(struct verdict *v, const struct play *p, const json_t *said)
{
	int fails = 0;

	for (int i = 0; i < PLAY_RECORDS; i++)
		fails += p->records[i].fails;
	v->in_doubt += (int)number(said, "in_doubt");
	if (number(said, "records") != PLAY_RECORDS || number(said, "written") != PLAY_RECORDS - fails ||
	    number(said, "failed") != fails || number(said, "skipped") != 0 || number(said, "in_doubt") != 0 ||
	    number(said, "pending") != 0)
		judge_blame(v,
		            "the run says: %lld records = %lld written + %lld failed + %lld skipped + %lld in "
		            "doubt + %lld pending",
		            (long long)number(said, "records"), (long long)number(said, "written"),
		            (long long)number(said, "failed"), (long long)number(said, "skipped"),
		            (long long)number(said, "in_doubt"), (long long)number(said, "pending"));
	if (strcmp(member(said, "state"), "finished") != 0)
		judge_blame(v, "the run is %s: %s", member(said, "state"), member(said, "why"));
	return number(said, "run");
}

static json_t *read_out(struct stage *s)
{
	return json_load_file(stage_path(s, "out"), 0, NULL);
}

static long long judge_run(struct verdict *v, struct stage *s, const struct play *p, bool shown)
{
	json_t *said = read_out(s);
	long long run = judge_counts(v, p, said);
	char id[32];

	json_decref(said);
	if (!shown)
		return run;
	snprintf(id, sizeof id, "%lld", run);
	stage_run(s, NULL, (const char *[]){ "show", id, "--json", NULL });
	said = read_out(s);
	judge_counts(v, p, said);
	json_decref(said);
	return run;
}

static bool table_open(struct table *t, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct buf text;
	char piece[4096];
	size_t n;

	buf_init(&text, 1024 * 1024);
	while (f && (n = fread(piece, 1, sizeof piece, f)) > 0)
		buf_add(&text, piece, n);
	if (f)
		fclose(f);
	t->text = text.at;
	csv_init(&t->csv, ',');
	csv_window(&t->csv, t->text ? t->text : "", text.len, true);
	return text.len > 0;
}

static void table_close(struct table *t)
{
	csv_release(&t->csv);
	free(t->text);
}

static size_t column(const struct csv *header, const char *name)
{
	size_t i = 0;

	while (i < header->count && !slice_is(header->cells[i], name))
		i++;
	return i;
}

/* A row of the export against its record: the right number, state and id. */
static void judge_row(struct verdict *v, const struct play *p, const json_t *rows, const struct slice *cells,
                      int i, char ids[PLAY_RECORDS][19])
{
	const struct play_record *r = &p->records[i];
	char record[16];

	snprintf(record, sizeof record, "%d", i + 1);
	if (!slice_is(cells[0], record))
		judge_blame(v, "export: row %d is record %.*s", i + 1, SLICE_ARGS(cells[0]));
	if (!slice_is(cells[1], r->fails ? "failed" : "written"))
		judge_blame(v, "export: record %d is %.*s", i + 1, SLICE_ARGS(cells[1]));
	if (r->fails)
		return;
	snprintf(ids[i], sizeof ids[i], "%.*s", SLICE_ARGS(cells[2]));
	for (int k = 0; k < i; k++)
		if (strcmp(ids[k], ids[i]) == 0)
			judge_blame(v, "export: records %d and %d have the same id %s", k + 1, i + 1, ids[i]);
	if (!same(identity_of(p, rows, ids[i]), play_identity(p, r)))
		judge_blame(v, "export: record %d has the id %s, which is another row of the org", i + 1,
		            ids[i]);
}

static void judge_export(struct verdict *v, struct stage *s, const struct play *p, const json_t *rows,
                         long long run)
{
	char id[32], ids[PLAY_RECORDS][19] = { "" };
	size_t at[3] = { 0 }, most = 0;
	struct table t;
	int n = 0;

	snprintf(id, sizeof id, "%lld", run);
	stage_run(s, NULL,
	          (const char *[]){ "export", id, "--which", "all", "-o", stage_path(s, "export.csv"), NULL });
	if (table_open(&t, stage_path(s, "export.csv")) && csv_next(&t.csv) == CSV_RECORD) {
		at[0] = column(&t.csv, "longshore_record");
		at[1] = column(&t.csv, "longshore_state");
		at[2] = column(&t.csv, "longshore_id");
		most = at[2];
	}
	while (most && csv_next(&t.csv) == CSV_RECORD) {
		if (t.csv.count > most && n < PLAY_RECORDS)
			judge_row(v, p, rows,
			          (const struct slice[]){ t.csv.cells[at[0]], t.csv.cells[at[1]],
			                                  t.csv.cells[at[2]] },
			          n, ids);
		n++;
	}
	if (n != PLAY_RECORDS)
		judge_blame(v, "export: %d rows", n);
	table_close(&t);
}

static void judge_journal(struct verdict *v, struct stage *s)
{
	struct journal *j = NULL;
	struct err e;

	err_init(&e);
	if (journal_open(&j, stage_path(s, "state"), NULL, JOURNAL_READ, &clock_real, &e) != ERR_OK ||
	    journal_check(j, &e) != ERR_OK)
		judge_blame(v, "the journal is not sound: %s", e.text);
	journal_close(j);
}

void judge(struct verdict *v, struct stage *s, const struct play *p, int status, bool shown)
{
	char path[64];
	json_t *rows, *audit;

	if (status != 0)
		judge_blame(v, "the last command ended with exit status %d", status);
	snprintf(path, sizeof path, "/practice/audit?object=Account&since=%lld", (long long)p->seq);
	audit = stage_get(s, path);
	rows = stage_get(s, "/practice/rows?object=Account");
	if (audit && rows) {
		judge_org(v, p, json_object_get(rows, "rows"), json_object_get(audit, "writes"));
		judge_export(v, s, p, json_object_get(rows, "rows"), judge_run(v, s, p, shown));
		judge_journal(v, s);
	}
	if (s->said[0])
		judge_blame(v, "%s", s->said);
	json_decref(rows);
	json_decref(audit);
}
