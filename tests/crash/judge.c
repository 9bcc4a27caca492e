#include "judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "store/journal.h"

enum { IN_DOUBT = 6 }; /* exit status */

/* What the export says of a record. */
struct told {
	bool written, in_doubt, skipped;
	char id[19];
	int attempt;
};

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
	if (p->action == ACTION_UPDATE || action_deletes(p->action))
		return id;
	return member(find_row(rows, id), p->action == ACTION_UPSERT ? "Ext__c" : "Name");
}

static const char *wanted_verb(const struct play *p, const struct play_record *r)
{
	switch (p->action) {
	case ACTION_UPDATE:
		return "updated";
	case ACTION_DELETE:
	case ACTION_HARD_DELETE:
		return "deleted";
	case ACTION_UPSERT:
		return r->id[0] ? "updated" : "created";
	default:
		return "created";
	}
}

static bool is_written(const struct play_record *r)
{
	return !r->fails && !r->left_out;
}

static int expected(const struct play *p, const struct play_record *r)
{
	int n = 0;

	for (int i = 0; i < PLAY_RECORDS; i++)
		n += is_written(&p->records[i]) && same(play_identity(p, &p->records[i]), play_identity(p, r));
	return n;
}

/* With this verb; NULL: with any. */
static int count_writes(const struct play *p, const struct play_record *r, const json_t *rows,
                        const json_t *writes, const char *verb)
{
	const json_t *w;
	size_t i;
	int n = 0;

	json_array_foreach(writes, i, w) {
		if (same(identity_of(p, rows, member(w, "id")), play_identity(p, r)) &&
		    (!verb || strcmp(member(w, "verb"), verb) == 0))
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
			return !action_deletes(p->action) && same(member(row, "Name"), r->name) &&
			       same(member(row, "Phone"), r->phone);
	}
	return action_deletes(p->action);
}

static void judge_org(struct verdict *v, const struct play *p, const json_t *rows, const json_t *writes)
{
	int good = 0;

	for (int i = 0; i < PLAY_RECORDS; i++) {
		const struct play_record *r = &p->records[i];
		int want = expected(p, r), got = count_writes(p, r, rows, writes, wanted_verb(p, r));

		good += is_written(r);
		v->twice += got > want;
		v->lost += got < want;
		if (got != want)
			judge_blame(v, "record %d: the org has %d writes of it, %d are right", i + 1, got,
			            want);
		else if (is_written(r) && !has_values(p, r, rows))
			judge_blame(v, "record %d: the org's row has other values", i + 1);
	}
	if ((int)json_array_size(writes) != good)
		judge_blame(v, "the org's audit has %zu writes, %d are right", json_array_size(writes), good);
}

/* Writes of the audit that belong to no record of ours. */
static int count_foreign(const struct play *p, const json_t *rows, const json_t *writes)
{
	const json_t *w;
	size_t i;
	int n = 0;

	json_array_foreach(writes, i, w) {
		bool ours = false;

		for (int k = 0; k < PLAY_RECORDS && !ours; k++)
			ours = same(identity_of(p, rows, member(w, "id")), play_identity(p, &p->records[k]));
		n += !ours;
	}
	return n;
}

static int count_doubts(const struct play *p, const struct play_record *r, const struct told told[PLAY_RECORDS])
{
	int n = 0;

	for (int i = 0; i < PLAY_RECORDS; i++)
		n += told[i].in_doubt && !p->records[i].fails &&
		     same(play_identity(p, &p->records[i]), play_identity(p, r));
	return n;
}

/* May this load leave records in doubt? */
static bool may_doubt(const struct verdict *v, const struct play *p)
{
	return v->cause == CAUSE_JOB || v->cause == CAUSE_RESULTS ||
	       (v->cause == CAUSE_ANSWER && p->action == ACTION_INSERT);
}

/* One record's writes where some may be in doubt or repeated: `got` of them with the verb that is right, `all` with any. */
static void judge_repeats(struct verdict *v, const struct play *p, int i, int got, int all,
                          const struct told told[PLAY_RECORDS])
{
	const struct play_record *r = &p->records[i];
	int want = expected(p, r), doubts = count_doubts(p, r, told), most = want;

	if (p->action != ACTION_INSERT && want > 0 && v->cause == CAUSE_ANSWER)
		most = told[i].attempt;
	v->again += want > 0 && all > want;
	v->twice += all > most;
	v->lost += got < want - doubts;
	if (all > most)
		judge_blame(v, "record %d: the org has %d writes of it, %d are right at most", i + 1, all,
		            most);
	else if (got < want - doubts)
		judge_blame(v, "record %d: the org has %d writes of it, %d are right at least", i + 1, got,
		            want - doubts);
}

static void judge_requests(struct verdict *v, const struct play *p, const json_t *rows, const json_t *writes,
                           const struct told told[PLAY_RECORDS])
{
	for (int i = 0; i < PLAY_RECORDS; i++) {
		const struct play_record *r = &p->records[i];
		int got = count_writes(p, r, rows, writes, wanted_verb(p, r));

		judge_repeats(v, p, i, got, count_writes(p, r, rows, writes, NULL), told);
		if (is_written(r) && got > 0 && !has_values(p, r, rows))
			judge_blame(v, "record %d: the org's row has other values", i + 1);
	}
	if (count_foreign(p, rows, writes) > 0)
		judge_blame(v, "the org's audit has %d writes that are not of this load",
		            count_foreign(p, rows, writes));
}

/* Is what is not as it should be, in these counts, due to a lost answer? */
static bool explained(const struct verdict *v, const struct play *p, const json_t *said, int fails,
                      int left_out)
{
	json_int_t written = number(said, "written"), failed = number(said, "failed"),
		   in_doubt = number(said, "in_doubt");

	if (v->cause == CAUSE_NONE || (in_doubt > 0 && !may_doubt(v, p)))
		return false;
	/* the row that was gone before is taken for one that the lost request has deleted */
	if (written > PLAY_RECORDS - fails - left_out && !action_deletes(p->action))
		return false;
	return number(said, "records") == PLAY_RECORDS &&
	       written + failed + in_doubt + left_out == PLAY_RECORDS && failed <= fails &&
	       number(said, "skipped") == left_out && number(said, "pending") == 0;
}

/* What the run says of itself; gives its number. */
static long long judge_counts(struct verdict *v, const struct play *p, const json_t *said)
{
	int fails = 0, left_out = 0;

	for (int i = 0; i < PLAY_RECORDS; i++) {
		fails += p->records[i].fails;
		left_out += p->records[i].left_out;
	}
	v->in_doubt = (int)number(said, "in_doubt");
	if (!explained(v, p, said, fails, left_out) &&
	    (number(said, "records") != PLAY_RECORDS ||
	     number(said, "written") != PLAY_RECORDS - fails - left_out || number(said, "failed") != fails ||
	     number(said, "skipped") != left_out || number(said, "in_doubt") != 0 ||
	     number(said, "pending") != 0))
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

void judge_calls(struct verdict *v, struct stage *s, const struct play *p, const json_t *said)
{
	json_int_t told = number(said, "api_calls"), counted = play_calls(p, s);

	if (told > counted + v->may_be_lost || (told < counted && p->begun == 1))
		judge_blame(v, "the run tells of %lld API calls, the org has counted %lld", (long long)told,
		            (long long)counted);
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

	judge_calls(v, s, p, said);
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

/* May a record be told of so? One that was retried is in its second attempt at least. */
static bool right_state(const struct verdict *v, const struct play *p, const struct play_record *r,
                        const struct told *told)
{
	bool repeated = v->cause == CAUSE_ANSWER, retried = p->retry && r == &p->records[PLAY_REFUSED];

	if ((told->attempt > 1 && !repeated && !retried) || (retried && told->attempt < 2))
		return false;
	if (told->in_doubt)
		return may_doubt(v, p);
	if (r->left_out || told->skipped)
		return r->left_out && told->skipped;
	return told->written != r->fails ||
	       (r->fails && repeated && action_deletes(p->action) && told->attempt > 1);
}

/* A row of the export against its record: the right number, state and id. */
static void judge_row(struct verdict *v, const struct play *p, const json_t *rows, const struct slice *cells,
                      int i, struct told told[PLAY_RECORDS])
{
	const struct play_record *r = &p->records[i];
	char record[16];

	snprintf(record, sizeof record, "%d", i + 1);
	if (!slice_is(cells[0], record))
		judge_blame(v, "export: row %d is record %.*s", i + 1, SLICE_ARGS(cells[0]));
	told[i].written = slice_is(cells[1], "written");
	told[i].in_doubt = slice_is(cells[1], "in_doubt");
	told[i].skipped = slice_is(cells[1], "skipped");
	snprintf(record, sizeof record, "%.*s", SLICE_ARGS(cells[3]));
	told[i].attempt = atoi(record);
	if (!right_state(v, p, r, &told[i]) ||
	    (!told[i].written && !told[i].in_doubt && !told[i].skipped && !slice_is(cells[1], "failed")))
		judge_blame(v, "export: record %d is %.*s, attempt %d", i + 1, SLICE_ARGS(cells[1]),
		            told[i].attempt);
	if (r->fails || !told[i].written)
		return;
	snprintf(told[i].id, sizeof told[i].id, "%.*s", SLICE_ARGS(cells[2]));
	for (int k = 0; k < i; k++)
		if (strcmp(told[k].id, told[i].id) == 0)
			judge_blame(v, "export: records %d and %d have the same id %s", k + 1, i + 1,
			            told[i].id);
	if (!same(identity_of(p, rows, told[i].id), play_identity(p, r)))
		judge_blame(v, "export: record %d has the id %s, which is another row of the org", i + 1,
		            told[i].id);
}

/* An export, row by row: record, state, id, attempt. */
struct exported {
	struct table table;
	size_t at[4], most;
	struct slice cells[4];
};

static void export_open(struct exported *x, struct stage *s, long long run)
{
	static const char *const names[4] = { "longshore_record", "longshore_state", "longshore_id",
		                              "longshore_attempt" };
	char id[32];

	*x = (struct exported){ 0 };
	snprintf(id, sizeof id, "%lld", run);
	stage_run(s, NULL,
	          (const char *[]){ "export", id, "--which", "all", "-o", stage_path(s, "export.csv"), NULL });
	if (!table_open(&x->table, stage_path(s, "export.csv")) || csv_next(&x->table.csv) != CSV_RECORD)
		return;
	for (size_t i = 0; i < 4; i++) {
		x->at[i] = column(&x->table.csv, names[i]);
		x->most = x->at[i] > x->most ? x->at[i] : x->most;
	}
}

static bool export_next(struct exported *x)
{
	if (!x->most || csv_next(&x->table.csv) != CSV_RECORD || x->table.csv.count <= x->most)
		return false;
	for (size_t i = 0; i < 4; i++)
		x->cells[i] = x->table.csv.cells[x->at[i]];
	return true;
}

static void judge_export(struct verdict *v, struct stage *s, const struct play *p, const json_t *rows,
                         long long run, struct told told[PLAY_RECORDS])
{
	struct exported x;
	int n = 0;

	export_open(&x, s, run);
	while (export_next(&x)) {
		if (n < PLAY_RECORDS)
			judge_row(v, p, rows, x.cells, n, told);
		n++;
	}
	if (n != PLAY_RECORDS)
		judge_blame(v, "export: %d rows", n);
	table_close(&x.table);
}

int judge_attempts(struct stage *s, long long run, struct judge_attempt to[PLAY_RECORDS])
{
	struct exported x;
	int n = 0;

	export_open(&x, s, run);
	while (export_next(&x) && n < PLAY_RECORDS) {
		char attempt[16];

		snprintf(attempt, sizeof attempt, "%.*s", SLICE_ARGS(x.cells[3]));
		to[n].attempt = atoi(attempt);
		snprintf(to[n++].id, sizeof to[0].id, "%.*s", SLICE_ARGS(x.cells[2]));
	}
	table_close(&x.table);
	return n;
}

void judge_journal(struct verdict *v, struct stage *s)
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
	struct told told[PLAY_RECORDS] = { 0 };
	char path[64];
	json_t *rows, *audit;

	if (status != 0 && !(status == IN_DOUBT && may_doubt(v, p)))
		judge_blame(v, "the last command ended with exit status %d", status);
	snprintf(path, sizeof path, "/practice/audit?object=Account&since=%lld", (long long)p->seq);
	audit = stage_get(s, path);
	rows = stage_get(s, "/practice/rows?object=Account");
	if (audit && rows) {
		judge_export(v, s, p, json_object_get(rows, "rows"), judge_run(v, s, p, shown), told);
		if (v->cause != CAUSE_NONE)
			judge_requests(v, p, json_object_get(rows, "rows"), json_object_get(audit, "writes"),
			               told);
		else
			judge_org(v, p, json_object_get(rows, "rows"), json_object_get(audit, "writes"));
		judge_journal(v, s);
	}
	if (s->said[0])
		judge_blame(v, "%s", s->said);
	json_decref(rows);
	json_decref(audit);
}
