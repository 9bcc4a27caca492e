/*
 * How fast is a file checked? Writes a file of ten columns, reads it once with the source alone and once through the
 * whole check, and prints records a second of CPU for both and for what the check adds: conversion, fingerprints, payload.
 *
 * check [RECORDS], in the source tree's root; one million records without.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "core/plan/check.h"

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

static void write_file(const char *path, long records)
{
	static const char *const stages[] = { "Prospect", "Customer" };
	FILE *f = fopen(path, "wb");

	if (!f) {
		perror(path);
		exit(1);
	}
	fputs("Name,Ext__c,Flag__c,Amount__c,Count__c,Day__c,Moment__c,Stage__c,Mail__c,Notes__c\n", f);
	for (long i = 0; i < records; i++)
		fprintf(f,
		        "Person M\xc3\xbcller "
		        "%ld,K-%07ld,%s,%ld.%02ld,%ld,%04ld-%02ld-%02ld,2021-0%ld-1%ldT08:%02ld:40+02:00,%s,"
		        "person%ld@example.com,%s\n",
		        i, i, i % 3 ? "yes" : "no", i % 100000, i % 100, i % 10000, 1950 + i % 70, 1 + i % 12,
		        1 + i % 28, 1 + i % 9, i % 10, i % 60, stages[i % 2], i,
		        i % 7 ? "plain text of a note" : "\"said \"\"yes\"\", twice\"");
	fclose(f);
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

static void measure(const char *path, const struct object *object)
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
	printf("%lld records of %zu columns, %lld bytes of payload, %ld KB of memory\n",
	       (long long)check.records, mapping->count, (long long)check.bytes, use.ru_maxrss);
	printf("source alone %.2f s, %.0f records/s\n", alone, (double)check.records / alone);
	printf("whole check  %.2f s, %.0f records/s\n", whole, (double)check.records / whole);
	printf("plan's share %.2f s, %.0f records/s\n", whole - alone, (double)check.records / (whole - alone));
	check_release(&check);
	plan_free(plan);
	mapping_free(mapping);
	source_close(source);
}

int main(int argc, char **argv)
{
	char folder[] = "/tmp/longshore-bench-XXXXXX", path[64];
	struct object *object = read_object("tests/data/describe/Sample__c_describe.json");

	if (!mkdtemp(folder)) {
		perror(folder);
		return 1;
	}
	snprintf(path, sizeof path, "%s/bench.csv", folder);
	write_file(path, argc > 1 ? strtol(argv[1], NULL, 10) : 1000000);
	measure(path, object);
	unlink(path);
	rmdir(folder);
	object_free(object);
	return 0;
}
