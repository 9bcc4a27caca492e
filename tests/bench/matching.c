/*
 * matching.c - the results of a job of 330,000 records, 20 columns, shuffled, each tenth record byte-identical to the one
 * before it: do all find their records, and how much longer does that take than scanning the results alone?
 *
 * matching [RECORDS]. Processor time, the best of five turns, both in the same turn; matching holds the scanning, the
 * normalised fingerprints and the building of the table. Exit 1 if a result is unmatched or the ratio is above 12.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/csv.h"
#include "core/engine/collect.h"

enum { COLUMNS = 20, TURNS = 5, MOST_TIMES = 12, DUPLICATE_EACH = 10, LINE = 1024 };

static const struct {
	const char *name;
	enum field_type type;
} columns[COLUMNS] = {
	{ "FirstName", FIELD_STRING },
	{ "LastName", FIELD_STRING },
	{ "Email", FIELD_EMAIL },
	{ "Phone", FIELD_PHONE },
	{ "MobilePhone", FIELD_PHONE },
	{ "Title", FIELD_STRING },
	{ "Department", FIELD_STRING },
	{ "MailingStreet", FIELD_TEXTAREA },
	{ "MailingCity", FIELD_STRING },
	{ "MailingState", FIELD_STRING },
	{ "MailingPostalCode", FIELD_STRING },
	{ "MailingCountry", FIELD_STRING },
	{ "Birthdate", FIELD_DATE },
	{ "Score__c", FIELD_DOUBLE },
	{ "Active__c", FIELD_BOOLEAN },
	{ "Visits__c", FIELD_DOUBLE },
	{ "Status__c", FIELD_PICKLIST },
	{ "Source__c", FIELD_STRING },
	{ "Note__c", FIELD_TEXTAREA },
	{ "Batch__c", FIELD_STRING },
};

struct job {
	size_t records;
	struct layout layout;
	struct layout_column layout_columns[COLUMNS];
	struct chunk_print *prints;
	struct buf results;
};

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void die(const char *why)
{
	fprintf(stderr, "matching: %s\n", why);
	exit(1);
}

/* Record i as the engine sends it; each tenth is its predecessor once more. */
static void make_record(size_t i, char line[LINE], struct slice cells[COLUMNS])
{
	size_t k = i % DUPLICATE_EACH == DUPLICATE_EACH - 1 ? i - 1 : i, at = 0, from = 0;
	int n = 0;

	at = (size_t)snprintf(
		line, LINE,
		"Ann%zu|M\xc3\xbcller|ann.%zu@example.com|+49 40 %07zu|+49 170 %07zu|Buyer, senior|Dept "
		"%zu|%zu Long "
		"Street, flat 4|Hamburg|HH|%05zu|Germany|19%02zu-0%zu-1%zu|%zu.25|%s|%zu|Active|Fair %zu|says "
		"\"yes\", \"no\" and %zu|K%zu",
		k, k, k % 10000000, k % 7777777, k % 40, k % 300, k % 100000, 40 + k % 60, 1 + k % 9, k % 10,
		k % 5000, k % 2 ? "true" : "false", k % 90, k % 31, k, k % 50);
	for (size_t end = 0; end <= at; end++)
		if (end == at || line[end] == '|') {
			cells[n++] = (struct slice){ line + from, end - from };
			from = end + 1;
		}
}

static void make_prints(struct job *job)
{
	struct slice cells[COLUMNS];
	char line[LINE];

	job->layout = (struct layout){ .columns = job->layout_columns, .count = COLUMNS, .key = -1 };
	for (int i = 0; i < COLUMNS; i++)
		job->layout_columns[i] = (struct layout_column){ .name = columns[i].name,
			                                         .type = columns[i].type };
	job->prints = calloc(job->records, sizeof *job->prints);
	if (!job->prints)
		die("no memory");
	for (size_t i = 0; i < job->records; i++) {
		struct fingerprint f;

		make_record(i, line, cells);
		f = layout_fingerprint(&job->layout, cells);
		job->prints[i] = (struct chunk_print){ (int64_t)i + 1, (int64_t)i * 300, f.key, f.row };
	}
}

static size_t *shuffled(size_t count)
{
	size_t *order = malloc(count * sizeof *order);
	uint64_t random = 1;

	if (!order)
		die("no memory");
	for (size_t i = 0; i < count; i++)
		order[i] = i;
	for (size_t i = count; i > 1; i--) {
		size_t k, t = order[i - 1];

		random = random * 6364136223846793005u + 1442695040888963407u;
		k = (size_t)(random >> 33) % i;
		order[i - 1] = order[k];
		order[k] = t;
	}
	return order;
}

/* As Salesforce gives them: every cell quoted. */
static void make_results(struct job *job)
{
	size_t *order = shuffled(job->records);
	struct slice cells[COLUMNS];
	char line[LINE], id[32];

	buf_init(&job->results, (size_t)1 << 32);
	buf_add_text(&job->results, "\"sf__Id\",\"sf__Created\"");
	for (int i = 0; i < COLUMNS; i++)
		buf_addf(&job->results, ",\"%s\"", columns[i].name);
	buf_add_char(&job->results, '\n');
	for (size_t i = 0; i < job->records; i++) {
		make_record(order[i], line, cells);
		snprintf(id, sizeof id, "0035e%010zuAAA", order[i]);
		buf_addf(&job->results, "\"%s\",\"true\"", id);
		for (int c = 0; c < COLUMNS; c++) {
			buf_add_char(&job->results, ',');
			csv_add_quoted(&job->results, cells[c]);
		}
		buf_add_char(&job->results, '\n');
	}
	free(order);
	if (job->results.short_of)
		die("no memory");
}

/* Rows of the results, each handed to `collect` if there is one. */
static size_t read_results(const struct job *job, struct collect *collect)
{
	struct csv csv;
	size_t rows = 0;

	csv_init(&csv, ',');
	csv_window(&csv, job->results.at, job->results.len, true);
	for (; csv_next(&csv) == CSV_RECORD; rows++)
		if (collect && !collect_row(collect, rows == 0, csv.cells, csv.count))
			die("no memory");
	csv_release(&csv);
	return rows - 1;
}

static double scan(const struct job *job)
{
	double begin = cpu_seconds();

	if (read_results(job, NULL) != job->records)
		die("the results cannot be scanned");
	return cpu_seconds() - begin;
}

/* Seconds; *unmatched: results that found no record, and records that no result was given to. */
static double match(const struct job *job, size_t *unmatched)
{
	double begin = cpu_seconds(), took;
	struct collect *collect = collect_new(job->prints, job->records, &job->layout, ACTION_INSERT);
	struct collect_sum sum;

	if (!collect)
		die("no memory");
	collect_begin(collect, BULK_SUCCESSFUL);
	read_results(job, collect);
	took = cpu_seconds() - begin;
	sum = collect_sum(collect);
	*unmatched = sum.strange + sum.missing;
	collect_free(collect);
	return took;
}

int main(int argc, char **argv)
{
	struct job job = { .records = argc > 1 ? strtoul(argv[1], NULL, 10) : 330000 };
	double scanning = 1e9, matching = 1e9, times;
	size_t unmatched = 0;

	make_prints(&job);
	make_results(&job);
	for (int turn = 0; turn < TURNS; turn++) {
		size_t left;
		double one = scan(&job), other = match(&job, &left);

		scanning = one < scanning ? one : scanning;
		matching = other < matching ? other : matching;
		unmatched += left;
	}
	times = matching / scanning;
	printf("%zu results of %d columns, %.0f MB, shuffled, 10 %% duplicates\n", job.records, COLUMNS,
	       (double)job.results.len / 1e6);
	printf("scanned in %.0f ms, matched in %.0f ms\n", scanning * 1000, matching * 1000);
	printf("unmatched: %zu (target 0): %s\n", unmatched, unmatched == 0 ? "met" : "MISSED");
	printf("matching takes %.1f times the scanning (target at most %d): %s\n", times, MOST_TIMES,
	       times <= MOST_TIMES ? "met" : "MISSED");
	free(job.prints);
	buf_release(&job.results);
	return unmatched != 0 || times > MOST_TIMES;
}
