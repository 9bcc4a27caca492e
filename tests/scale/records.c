/*
 * records.c - what the scale test loads, and whether every outcome stands at the right record number.
 *
 *	scale_records make N          a file of N accounts: each twentieth is byte-identical to another one, near or far; of each
 *	                              hundred the org refuses one, in one of five ways; of each thousand one is locked for a while
 *	scale_records taken N         accounts that must be in the org before: they hold the keys that are "taken" for some of those
 *	scale_records check N EXPORT ROWS AUDIT
 *	                              the export (--which all), the org's rows (Id,Name,Phone,Description) and its audit since the
 *	                              load began (id,verb) as CSV against what `make` wrote. Prints the counts; 1 if anything is wrong
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"

enum { CELLS = 7, CELL = 96, ID = 19, MOST_TOLD = 10 };

/* X(kind, what the org says) */
#define REFUSALS(X)                                  \
	X(OWNER, "INVALID_CROSS_REFERENCE_KEY")      \
	X(RULE, "FIELD_CUSTOM_VALIDATION_EXCEPTION") \
	X(TAKEN, "DUPLICATE_VALUE")                  \
	X(PARENT, "INVALID_FIELD")                   \
	X(LOCKED, "UNABLE_TO_LOCK_ROW")

enum refusal {
#define X(kind, code) REFUSED_##kind,
	REFUSALS(X)
#undef X
		REFUSED_NOT
};

static const char *const codes[] = {
#define X(kind, code) code,
	REFUSALS(X)
#undef X
};

struct record {
	char cells[CELLS][CELL]; /* as the header below */
};

static const char header[] = "Name,Ext__c,Phone,OwnerId,Parent.Ext__c,Website,Description";
enum { NAME, KEY, PHONE, OWNER, PARENT, WEBSITE, DESCRIPTION };

static enum refusal refusal_of(int64_t i)
{
	return i % 100 == 7 ? (enum refusal)(i / 100 % REFUSED_NOT) : REFUSED_NOT;
}

/* The record that i is a copy of, itself if of none: the one before it, or one half-way to the beginning. */
static int64_t original(int64_t i)
{
	int64_t of = i % 40 == 0 ? i / 2 | 1 : i - 1;

	if (i % 20 != 0)
		return i;
	return of % 100 == 7 ? of + 2 : of;
}

static void make(int64_t i, struct record *r)
{
	long long n = original(i);

	memset(r, 0, sizeof *r);
	snprintf(r->cells[NAME], CELL, "Company %lld of the North", n);
	if (n % 2 == 0) /* no copy is of an even one */
		snprintf(r->cells[KEY], CELL, "K-%lld", n);
	snprintf(r->cells[PHONE], CELL, "%s %lld", n % 1000 == 501 ? "BUSY" : "+49 40", n);
	snprintf(r->cells[DESCRIPTION], CELL, "Buys \"rope\", tar and sails: %lld", n % 1000);
	switch (refusal_of(n)) {
	case REFUSED_OWNER:
		strcpy(r->cells[OWNER], "0055e000000009zAAA");
		break;
	case REFUSED_RULE:
		strcpy(r->cells[WEBSITE], "http://refused.example.com");
		break;
	case REFUSED_TAKEN:
		snprintf(r->cells[KEY], CELL, "TAKEN-%lld", n);
		break;
	case REFUSED_PARENT:
		snprintf(r->cells[PARENT], CELL, "NOBODY-%lld", n);
		break;
	case REFUSED_LOCKED:
		snprintf(r->cells[PHONE], CELL, "LOCKED %lld", n);
		break;
	case REFUSED_NOT:
		break;
	}
}

static void write_file(int64_t count)
{
	struct record r;
	struct buf line;

	buf_init(&line, (size_t)CELLS * CELL * 3);
	puts(header);
	for (int64_t i = 1; i <= count; i++) {
		make(i, &r);
		buf_clear(&line);
		for (int c = 0; c < CELLS; c++) {
			buf_add_text(&line, c ? "," : "");
			csv_add_cell(&line, slice_of(r.cells[c]), ',');
		}
		puts(buf_text(&line));
	}
	buf_release(&line);
}

static void write_taken(int64_t count)
{
	struct record r;

	puts("Name,Ext__c");
	for (int64_t i = 1; i <= count; i++)
		if (refusal_of(i) == REFUSED_TAKEN) {
			make(i, &r);
			printf("Held %" PRId64 ",%s\n", i, r.cells[KEY]);
		}
}

/* ---- checking ---- */

static int64_t wrong;

static void blame(const char *what, int64_t record, struct slice is, const char *should)
{
	if (wrong++ < MOST_TOLD)
		printf("# record %" PRId64 ": %s is \"%.*s\", not \"%s\"\n", record, what, SLICE_ARGS(is),
		       should);
}

/* A file in memory, cut by its header. */
struct table {
	struct buf text;
	struct csv csv;
};

static void table_open(struct table *t, const char *path)
{
	FILE *f = fopen(path, "rb");
	char piece[65536];
	size_t n;

	buf_init(&t->text, (size_t)1 << 36);
	while (f && (n = fread(piece, 1, sizeof piece, f)) > 0)
		buf_add(&t->text, piece, n);
	if (!f || t->text.short_of || t->text.len == 0) {
		fprintf(stderr, "scale_records: cannot read %s\n", path);
		exit(2);
	}
	fclose(f);
	csv_init(&t->csv, ',');
	csv_window(&t->csv, t->text.at, t->text.len, true);
}

static void table_close(struct table *t)
{
	csv_release(&t->csv);
	buf_release(&t->text);
}

/* A row of the org, and how often it was met. */
struct row {
	char id[ID];
	char cells[3][CELL]; /* name, phone, description */
	int created, told;
};

static struct row *rows;
static size_t row_count;

static int by_id(const void *a, const void *b)
{
	return strcmp(((const struct row *)a)->id, ((const struct row *)b)->id);
}

static void keep(char *to, size_t size, struct slice s)
{
	snprintf(to, size, "%.*s", SLICE_ARGS(s));
}

static void read_rows(const char *path)
{
	struct table t;
	size_t room = 1024;

	table_open(&t, path);
	rows = calloc(room, sizeof *rows);
	for (; rows && csv_next(&t.csv) == CSV_RECORD && t.csv.count == 4; row_count++) {
		if (row_count == room) {
			room *= 2;
			rows = realloc(rows, room * sizeof *rows);
		}
		if (!rows)
			break;
		memset(&rows[row_count], 0, sizeof *rows);
		keep(rows[row_count].id, ID, t.csv.cells[0]);
		for (int c = 0; c < 3; c++)
			keep(rows[row_count].cells[c], CELL, t.csv.cells[c + 1]);
	}
	if (!rows)
		exit(2);
	qsort(rows, row_count, sizeof *rows, by_id);
	table_close(&t);
}

static struct row *row_of(struct slice id)
{
	struct row key;

	keep(key.id, ID, id);
	return bsearch(&key, rows, row_count, sizeof *rows, by_id);
}

/* Every write of the audit made a row, and none was made twice. */
static int64_t read_audit(const char *path)
{
	struct table t;
	int64_t writes = 0;

	table_open(&t, path);
	for (; csv_next(&t.csv) == CSV_RECORD && t.csv.count == 2; writes++) {
		struct row *row = row_of(t.csv.cells[0]);

		if (!row || !slice_is(t.csv.cells[1], "created") || row->created++)
			blame("a write of the audit", writes + 1, t.csv.cells[0], "one that made a row, once");
	}
	table_close(&t);
	return writes;
}

static void check_written(int64_t i, const struct record *r, struct slice id)
{
	static const int of[] = { NAME, PHONE, DESCRIPTION };
	struct row *row = row_of(id);

	if (!row || !row->created || row->told++) {
		blame("the id", i, id, "one that this load made, and no other record has");
		return;
	}
	for (int c = 0; c < 3; c++)
		if (strcmp(row->cells[c], r->cells[of[c]]) != 0)
			blame("the row of its id", i, slice_of(row->cells[c]), r->cells[of[c]]);
}

/* A row of the export: the source's cells, then number, state, id, code. */
static void check_record(int64_t i, const struct csv *csv, int64_t counts[2])
{
	const struct slice *told = csv->cells + CELLS;
	char number[32];
	struct record r;
	enum refusal refusal = refusal_of(original(i));

	make(i, &r);
	snprintf(number, sizeof number, "%" PRId64, i);
	if (!slice_is(told[0], number))
		blame("its number", i, told[0], number);
	for (int c = 0; c < CELLS; c++)
		if (!slice_is(csv->cells[c], r.cells[c]))
			blame("a cell", i, csv->cells[c], r.cells[c]);
	counts[refusal != REFUSED_NOT]++;
	if (!slice_is(told[1], refusal == REFUSED_NOT ? "written" : "failed"))
		blame("its state", i, told[1], refusal == REFUSED_NOT ? "written" : "failed");
	else if (refusal == REFUSED_NOT)
		check_written(i, &r, told[2]);
	else if (!slice_is(told[3], codes[refusal]))
		blame("its error", i, told[3], codes[refusal]);
}

static int check(int64_t count, const char *export, const char *org, const char *audit)
{
	int64_t counts[2] = { 0 }, i = 0, writes;
	struct table t;

	read_rows(org);
	writes = read_audit(audit);
	table_open(&t, export);
	csv_next(&t.csv);
	while (csv_next(&t.csv) == CSV_RECORD)
		if (t.csv.count >= CELLS + 4)
			check_record(++i, &t.csv, counts);
	table_close(&t);
	printf("# %" PRId64 " records: %" PRId64 " written, %" PRId64 " failed; %" PRId64
	       " writes in the org's audit, %zu rows; %" PRId64 " wrong\n",
	       i, counts[0], counts[1], writes, row_count, wrong);
	free(rows);
	return wrong || i != count || writes != counts[0];
}

int main(int argc, char **argv)
{
	int64_t count = argc > 2 ? strtoll(argv[2], NULL, 10) : 0;

	if (argc == 3 && strcmp(argv[1], "make") == 0)
		write_file(count);
	else if (argc == 3 && strcmp(argv[1], "taken") == 0)
		write_taken(count);
	else if (argc == 6 && strcmp(argv[1], "check") == 0)
		return check(count, argv[3], argv[4], argv[5]);
	else
		return 2;
	return 0;
}
