/*
 * journal.c - how fast outcomes get into the journal: 1,000,000 records in chunks of 200,000, 5 of 100 failed, each chunk
 * one durable transaction. Prints records a second (by the clock, and by processor time, which a busy machine leaves
 * alone), bytes a record in the file, and the largest WAL seen. The second run keeps the failed records' source text, too.
 *
 *	journal              both, in a folder of its own under TMPDIR or /tmp
 *	journal RECORDS      that many records
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "store/chunks.h"
#include "store/runs.h"

enum { CHUNK = 200000, FAILED_OF_100 = 5, DISTINCT = 4000, SOURCE_BYTES = 300 };

static struct outcome outcomes[CHUNK];
static struct outcome_message messages[DISTINCT];
static char texts[DISTINCT][160];

struct spent {
	double wall, cpu;
};

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int64_t size_of(const char *file, const char *more)
{
	char path[4200];
	struct stat st;

	snprintf(path, sizeof path, "%s%s", file, more);
	return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

static void die(const struct err *e)
{
	fprintf(stderr, "journal: %s\n", e->text);
	exit(1);
}

/* Messages as an org gives them: most name a record or a value, so that they differ. */
static void make_messages(void)
{
	for (int i = 0; i < DISTINCT; i++) {
		if (i % 2)
			snprintf(texts[i], sizeof texts[i],
			         "duplicate value found: Ext__c duplicates value on record with id: 0015g%010d",
			         i * 7919);
		else
			snprintf(texts[i], sizeof texts[i],
			         "Email: invalid email address: nobody%d.example.org", i);
		messages[i] = (struct outcome_message){ i % 2 ? "DUPLICATE_VALUE" : "INVALID_EMAIL_ADDRESS",
			                                texts[i], i % 2 ? "" : "Email" };
	}
}

static void make_outcomes(int64_t first, int count, bool keep, unsigned *seed)
{
	static char source[SOURCE_BYTES];

	memset(source, 'x', sizeof source);
	for (int i = 0; i < count; i++) {
		struct outcome *o = &outcomes[i];
		bool failed = rand_r(seed) % 100 < FAILED_OF_100;

		*o = (struct outcome){ .record = first + i, .offset = (first + i) * SOURCE_BYTES };
		o->state = failed ? OUTCOME_FAILED : OUTCOME_WRITTEN;
		o->how = failed ? OUTCOME_NOTHING : OUTCOME_CREATED;
		o->message = failed ? &messages[rand_r(seed) % DISTINCT] : NULL;
		if (!failed)
			snprintf(o->id, sizeof o->id, "0035g%010u", (unsigned)(first + i));
		else if (keep)
			o->source = (struct slice){ source, sizeof source };
	}
}

static void settle(struct journal *j, int64_t run, int64_t first, int count, struct spent *spent)
{
	struct chunk chunk = { .first = first, .last = first + count - 1, .records = count };
	struct chunk_cut cut = { .chunk = &chunk, .cut_record = first + count - 1 };
	struct chunk_end end = { .state = "settled", .outcomes = outcomes, .count = (size_t)count };
	struct err e;
	int no;

	err_init(&e);
	if (chunk_add(j, run, &cut, &no, &e) != ERR_OK)
		die(&e);
	spent->wall -= now(CLOCK_MONOTONIC);
	spent->cpu -= now(CLOCK_PROCESS_CPUTIME_ID);
	if (chunk_settle(j, run, no, &end, &e) != ERR_OK)
		die(&e);
	spent->wall += now(CLOCK_MONOTONIC);
	spent->cpu += now(CLOCK_PROCESS_CPUTIME_ID);
}

static void measure(const char *state, int64_t records, bool keep)
{
	static struct run run;
	struct journal *j;
	int64_t wal = 0, bytes, before;
	unsigned seed = 1;
	struct spent spent = { 0 };
	struct err e;

	err_init(&e);
	run = (struct run){ .state = RUN_RUNNING, .counts.records = records };
	if (journal_open(&j, state, NULL, JOURNAL_WRITE, &clock_real, &e) != ERR_OK ||
	    run_add(j, &run, &(struct run_texts){ .plan = { 0 } }, &e) != ERR_OK)
		die(&e);
	before = size_of(journal_file(j), "");
	for (int64_t first = 1; first <= records; first += CHUNK) {
		int count = (int)(records - first + 1 < CHUNK ? records - first + 1 : CHUNK);

		make_outcomes(first, count, keep, &seed);
		settle(j, run.id, first, count, &spent);
		if (size_of(journal_file(j), "-wal") > wal)
			wal = size_of(journal_file(j), "-wal");
	}
	if (journal_check(j, &e) != ERR_OK)
		die(&e);
	journal_close(j);
	bytes = size_of(state, "/journal.sqlite") - before;
	printf("%-28s %.2f M records/s (%.2f M a second of processor time), %.1f bytes a record, WAL %.1f MB\n",
	       keep ? "with failed records' source" : "outcomes", (double)records / spent.wall / 1e6,
	       (double)records / spent.cpu / 1e6, (double)bytes / (double)records, (double)wal / 1e6);
}

int main(int argc, char **argv)
{
	int64_t records = argc > 1 ? strtoll(argv[1], NULL, 10) : 1000000;
	const char *tmp = getenv("TMPDIR");
	char folder[256], file[300];

	snprintf(folder, sizeof folder, "%.200s/longshore-bench-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(folder)) {
		perror(folder);
		return 1;
	}
	make_messages();
	measure(folder, records, false);
	measure(folder, records, true);
	snprintf(file, sizeof file, "%s/journal.sqlite", folder);
	return unlink(file) == 0 && rmdir(folder) == 0 ? 0 : 1; /* closed, it has no other files */
}
