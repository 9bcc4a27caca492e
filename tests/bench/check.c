/*
 * How fast is a file checked? Two files of ten columns: one in which each column is of another type and has to be converted, and one of
 * contacts, in which most columns are text, as in most files. Each is read once with the source alone and once through the whole check;
 * records a second of CPU are printed for both and for what the check adds: conversion, keys, looks. Beside it stand the system's `wc -l`
 * and Python's csv module, which reads the same file and, in a second turn, makes of each cell what the describe says it is. Targets: 15 %
 * of wc -l, and 20 times Python.
 *
 * check [RECORDS], in the source tree's root; one million records without.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/plan/check.h"

enum { MOST_COMPARED = 1000000 }; /* more would keep Python busy for many minutes */

extern char **environ;

static const char python_reads[] = "import csv, sys\n"
				   "n = 0\n"
				   "for row in csv.reader(open(sys.argv[1], newline='', encoding='utf-8')):\n"
				   "    n += len(row)\n";

/* A file, the describe that it is checked against, and a Python script that does with each record what a loader has to do: types, lengths,
 * picklist and key checked, a record made of it. */
struct subject {
	const char *name, *describe, *header, *python;
	void (*record)(FILE *f, long i);
};

static void any_type(FILE *f, long i)
{
	static const char *const stages[] = { "Prospect", "Customer" };

	fprintf(f,
	        "Person M\xc3\xbcller "
	        "%ld,K-%07ld,%s,%ld.%02ld,%ld,%04ld-%02ld-%02ld,2021-0%ld-1%ldT08:%02ld:40+02:00,%s,"
	        "person%ld@example.com,%s\n",
	        i, i, i % 3 ? "yes" : "no", i % 100000, i % 100, i % 10000, 1950 + i % 70, 1 + i % 12,
	        1 + i % 28, 1 + i % 9, i % 10, i % 60, stages[i % 2], i,
	        i % 7 ? "plain text of a note" : "\"said \"\"yes\"\", twice\"");
}

static void contact(FILE *f, long i)
{
	static const char *const names[] = { "Anna", "Bj\xc3\xb6rn", "Chen", "Dimitri", "Elizabeth" };

	fprintf(f,
	        "%s,Person-%ld,person.%ld@example.com,+49 30 %07ld,%s,Springfield %ld,%05ld,Germany,"
	        "%04ld-%02ld-%02ld,%s\n",
	        names[i % 5], i, i, i % 10000000, i % 9 ? "12 Main Street" : "\"House 4, Main Street\"",
	        i % 900, i % 100000, 1950 + i % 70, 1 + i % 12, 1 + i % 28,
	        i % 7 ? "met at the fair" : "\"said \"\"yes\"\", twice\"");
}

static const struct subject subjects[] = {
	{ "each column of another type", "tests/data/describe/Sample__c_describe.json",
	  "Name,Ext__c,Flag__c,Amount__c,Count__c,Day__c,Moment__c,Stage__c,Mail__c,Notes__c\n",
	  "import csv, sys, json, datetime, decimal, re\n"
	  "stages = {'Prospect', 'Customer'}\n"
	  "mail = re.compile(r'[^@\\s]+@[^@\\s]+\\.[^@\\s]+$')\n"
	  "keys = set()\n"
	  "for row in csv.DictReader(open(sys.argv[1], newline='', encoding='utf-8')):\n"
	  "    assert 0 < len(row['Name']) <= 80 and len(row['Notes__c']) <= 32000\n"
	  "    assert row['Ext__c'] not in keys and row['Stage__c'] in stages and mail.match(row['Mail__c'])\n"
	  "    keys.add(row['Ext__c'])\n"
	  "    row['Flag__c'] = {'yes': True, 'no': False}[row['Flag__c']]\n"
	  "    row['Amount__c'] = str(decimal.Decimal(row['Amount__c']))\n"
	  "    row['Count__c'] = int(row['Count__c'])\n"
	  "    row['Day__c'] = datetime.date.fromisoformat(row['Day__c']).isoformat()\n"
	  "    row['Moment__c'] = "
	  "datetime.datetime.fromisoformat(row['Moment__c']).astimezone(datetime.timezone.utc).isoformat()\n"
	  "    json.dumps(row)\n",
	  any_type },
	{ "contacts", "tests/data/describe/Contact_describe.json",
	  "FirstName,LastName,Email,Phone,MailingStreet,MailingCity,MailingPostalCode,MailingCountry,Birthdate,"
	  "Description\n",
	  "import csv, sys, json, datetime, re\n"
	  "mail = re.compile(r'[^@\\s]+@[^@\\s]+\\.[^@\\s]+$')\n"
	  "most = {'FirstName': 40, 'LastName': 80, 'Email': 80, 'Phone': 40, 'MailingStreet': 255, "
	  "'MailingCity': 40,\n"
	  "        'MailingPostalCode': 20, 'MailingCountry': 80, 'Description': 32000}\n"
	  "seen = set()\n"
	  "for row in csv.DictReader(open(sys.argv[1], newline='', encoding='utf-8')):\n"
	  "    for name, length in most.items():\n"
	  "        assert len(row[name]) <= length\n"
	  "    assert row['LastName'] and mail.match(row['Email'])\n"
	  "    row['Birthdate'] = datetime.date.fromisoformat(row['Birthdate']).isoformat()\n"
	  "    text = json.dumps(row)\n"
	  "    assert text not in seen\n"
	  "    seen.add(text)\n",
	  contact },
};

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void need(enum err_code rc, const struct err *e)
{
	if (rc == ERR_OK)
		return;
	fprintf(stderr, "check: %s\n", e->text);
	exit(1);
}

static void write_file(const char *path, const struct subject *subject, long records)
{
	FILE *f = fopen(path, "wb");

	if (!f) {
		perror(path);
		exit(1);
	}
	fputs(subject->header, f);
	for (long i = 0; i < records; i++)
		subject->record(f, i);
	fclose(f);
}

/* CPU seconds of a program, as a process; what it prints is nobody's. 0 if it failed. */
static double run_program(char *const words[])
{
	posix_spawn_file_actions_t quiet;
	struct rusage use;
	pid_t child;
	int status = 1;

	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&child, words[0], &quiet, NULL, words, environ) != 0 ||
	    wait4(child, &status, 0, &use) < 0 || status != 0)
		return 0;
	posix_spawn_file_actions_destroy(&quiet);
	return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
	       (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

static void compare(char *path, const struct subject *subject, double whole)
{
	char reads[sizeof python_reads], checks[2048], python[] = "python3", option[] = "-c";
	char wc[] = "wc", lines[] = "-l";
	double counted, read, checked;

	memcpy(reads, python_reads, sizeof reads);
	snprintf(checks, sizeof checks, "%s", subject->python);
	run_program((char *[]){ wc, lines, path, NULL });
	counted = run_program((char *[]){ wc, lines, path, NULL });
	read = run_program((char *[]){ python, option, reads, path, NULL });
	checked = run_program((char *[]){ python, option, checks, path, NULL });
	printf("wc -l        %.3f s: the whole check has %.1f %% of its speed (target 15 %%)\n", counted,
	       100 * counted / whole);
	printf("Python's csv %.2f s to read, %.2f s to read and check: the whole check has %.1f and %.1f times "
	       "that "
	       "speed (target 20)\n",
	       read, checked, read / whole, checked / whole);
}

static struct object *read_object(const char *path)
{
	struct object *object;
	char bytes[4096];
	struct err e;
	struct buf b;
	size_t n;
	FILE *f = fopen(path, "rb");

	if (!f) {
		perror(path);
		exit(1);
	}
	err_init(&e);
	buf_init(&b, 1 << 24);
	while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
		buf_add(&b, bytes, n);
	fclose(f);
	need(describe_parse(&object, buf_slice(&b), &e), &e);
	buf_release(&b);
	return object;
}

static double read_alone(struct source *source)
{
	double start = cpu_seconds();
	struct record record;
	bool more = true;
	struct err e;

	err_init(&e);
	while (more)
		need(source_next(source, &record, &more, &e), &e);
	return cpu_seconds() - start;
}

static void measure(char *path, const struct subject *subject, const struct object *object)
{
	const struct source_options options = { 0 };
	const struct check_options options_of_check = { 0 };
	struct mapping_request r = { .object = object, .action = ACTION_INSERT };
	struct plan_request p = { .object = object, .action = ACTION_INSERT };
	struct mapping *mapping;
	struct source *source;
	struct check check;
	struct plan *plan;
	struct rusage use;
	struct err e;
	double alone, whole;

	err_init(&e);
	need(source_open(&source, path, &options, &e), &e);
	r.columns = source_shape(source)->columns;
	r.column_count = source_shape(source)->column_count;
	need(mapping_new(&mapping, &r, &e), &e);
	p.mapping = mapping;
	need(plan_new(&plan, &p, &e), &e);
	alone = read_alone(source);
	whole = cpu_seconds();
	need(check_run(&check, plan, source, &options_of_check, &e), &e);
	whole = cpu_seconds() - whole;
	getrusage(RUSAGE_SELF, &use);
	for (size_t i = 0; i < check.count; i++)
		printf("finding: %s %s (%lld)\n", check.findings[i].field, check.findings[i].message,
		       (long long)check.findings[i].count);
	printf("%s: %lld records of %zu columns, %ld KB of memory\n", subject->name, (long long)check.records,
	       mapping->count, use.ru_maxrss);
	printf("source alone %.2f s, %.0f records/s\n", alone, (double)check.records / alone);
	printf("whole check  %.2f s, %.0f records/s\n", whole, (double)check.records / whole);
	printf("plan's share %.2f s, %.0f records/s\n", whole - alone, (double)check.records / (whole - alone));
	if (check.records <= MOST_COMPARED)
		compare(path, subject, whole);
	check_release(&check);
	plan_free(plan);
	mapping_free(mapping);
	source_close(source);
}

static void measure_subject(const char *folder, const struct subject *subject, long records)
{
	struct object *object = read_object(subject->describe);
	char path[64];

	snprintf(path, sizeof path, "%s/bench.csv", folder);
	if (fork() == 0) { /* so that a profile of this process is one of the check alone */
		write_file(path, subject, records);
		_exit(0);
	}
	wait(NULL);
	measure(path, subject, object);
	unlink(path);
	object_free(object);
}

int main(int argc, char **argv)
{
	char folder[] = "/tmp/longshore-bench-XXXXXX";

	if (!mkdtemp(folder)) {
		perror(folder);
		return 1;
	}
	for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++)
		measure_subject(folder, &subjects[i], argc > 1 ? strtol(argv[1], NULL, 10) : 1000000);
	rmdir(folder);
	return 0;
}
