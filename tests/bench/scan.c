/*
 * scan.c - how fast records are cut from a cached file, beside counting its lines with the system's `wc -l`, and beside libcsv.
 *
 *	scan            made-up files of 500,000 contacts with 20 columns, some, all and none of the cells quoted
 *	scan FILE       that file
 *
 * All run over the same file in turn; the least CPU time of several turns counts, the system's share included, so that a busy
 * machine does not decide. Only the ratios are worth comparing. Targets: the scanner takes at most twice the time of wc -l, and libcsv
 * at least five times that of the scanner.
 */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/csv.h"
#include "core/source/source.h"

enum { TURNS = 7, RECORDS = 500000, ROOM = 256 * 1024 };

extern char **environ;

struct figure {
	double best;
	long records;
};

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void give_up(const char *what)
{
	perror(what);
	exit(1);
}

/* CPU seconds of a program and its words, as a process; what it prints is nobody's. */
static double run_program(char *const words[])
{
	posix_spawn_file_actions_t quiet;
	struct rusage use;
	pid_t child;
	int status;

	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
	if (posix_spawnp(&child, words[0], &quiet, NULL, words, environ) != 0 ||
	    wait4(child, &status, 0, &use) < 0 || status != 0)
		give_up(words[0]);
	posix_spawn_file_actions_destroy(&quiet);
	return (double)(use.ru_utime.tv_sec + use.ru_stime.tv_sec) +
	       (double)(use.ru_utime.tv_usec + use.ru_stime.tv_usec) / 1e6;
}

/* The scanner alone: read and cut. */
static long cut_records(const char *path)
{
	static char bytes[ROOM];
	int fd = open(path, O_RDONLY);
	enum csv_result result;
	size_t kept = 0;
	long records = 0;
	ssize_t got;
	struct csv c;

	csv_init(&c, ',');
	do {
		got = read(fd, bytes + kept, sizeof bytes - kept);
		if (got < 0)
			give_up(path);
		csv_window(&c, bytes, kept + (size_t)got, got == 0);
		while ((result = csv_next(&c)) == CSV_RECORD)
			records++;
		kept = (size_t)(c.end - c.at);
		memmove(bytes, c.at, kept);
	} while (result == CSV_MORE);
	csv_release(&c);
	close(fd);
	return records;
}

/* The scanner as a load uses it: bytes that are no UTF-8 or NUL are found, every record has its number and its place. */
static long read_source(const char *path)
{
	struct source *source;
	struct record r;
	long records = 1; /* the header */
	bool more = true;
	struct err e;

	err_init(&e);
	if (source_open(&source, path, NULL, &e) == ERR_OK)
		while (source_next(source, &r, &more, &e) == ERR_OK && more)
			records++;
	source_close(source);
	if (e.code == ERR_OK)
		return records;
	fprintf(stderr, "%s\n", e.text);
	exit(1);
}

static double less(double best, double turn)
{
	return best == 0 || turn < best ? turn : best;
}

static void take(struct figure *f, long (*run)(const char *), const char *path)
{
	double begin = cpu_seconds();

	f->records = run(path);
	begin = cpu_seconds() - begin;
	f->best = less(f->best, begin);
}

/* `libcsv` is the program beside this one. */
static void measure(const char *shape, char *path, char *libcsv)
{
	char *const wc_words[] = { (char[]){ "wc" }, (char[]){ "-l" }, path, NULL };
	char *const libcsv_words[] = { libcsv, path, NULL };
	struct figure scanner = { 0 }, source = { 0 };
	double lines = 0, other = 0;

	for (int i = 0; i < TURNS; i++) {
		lines = less(lines, run_program(wc_words));
		take(&scanner, cut_records, path);
		take(&source, read_source, path);
		other = less(other, i < 2 ? run_program(libcsv_words) : other);
	}
	printf("%-12s %ld records, wc -l %.3f s\n", shape, source.records, lines);
	printf("  scanner    %.3f s: %3.0f %% of wc -l (target 50 %%), %4.1f times libcsv (target 5)\n",
	       scanner.best, 100 * lines / scanner.best, other / scanner.best);
	printf("  as source  %.3f s: %3.0f %% of wc -l, %4.1f times libcsv\n", source.best,
	       100 * lines / source.best, other / source.best);
	if (scanner.records != source.records)
		printf("  but the scanner found %ld records\n", scanner.records);
}

/* A contact's cell `column`; those with a comma, a quote or a line break are quoted, or all, or there is no such cell. */
static void cell_of(long i, int column, char shape, char to[96])
{
	bool plain = shape == 'u';

	switch (column) {
	case 1:
		snprintf(to, 96, "Ann%ld", i % 977);
		break;
	case 2:
		snprintf(to, 96, "M\u00fcller-%ld", i % 5000);
		break;
	case 3:
		snprintf(to, 96, "ann.%ld@example.com", i);
		break;
	case 4:
		snprintf(to, 96, plain ? "%ld Long Street" : "%ld Long Street, flat 4", i % 300);
		break;
	case 5:
		snprintf(to, 96, "Z\u00fcrich");
		break;
	case 6:
		snprintf(to, 96, "%05ld", i % 99999);
		break;
	case 8:
	case 9:
		snprintf(to, 96, "+41 44 %07ld", i % 9999991);
		break;
	case 10:
		snprintf(to, 96, "%ld.%02ld", i % 50000, i % 100);
		break;
	case 11:
		snprintf(to, 96, "2026-%02ld-%02ld", 1 + i % 12, 1 + i % 28);
		break;
	case 12:
		snprintf(to, 96, "2026-%02ld-%02ldT08:%02ld:00.000Z", 1 + i % 12, 1 + i % 28, i % 60);
		break;
	case 15:
		snprintf(to, 96, "K-%07ld", i);
		break;
	case 16:
		snprintf(to, 96, "005500000%06ldAAA", i % 1000000);
		break;
	case 17:
		snprintf(to, 96, "Head of buying %ld", i % 100);
		break;
	case 19:
		snprintf(to, 96, "%s",
		         !plain && i % 10 == 0   ? "said \"\"yes\"\", twice"
		         : !plain && i % 25 == 7 ? "two\nlines, of them"
		                                 : "plain text of a note that goes on");
		break;
	default:
		snprintf(to, 96, "%ld", i * (column + 1) % 1000003);
	}
}

static void make_up(const char *path, char shape)
{
	FILE *f = fopen(path, "w");
	char cell[96];

	if (!f)
		give_up(path);
	for (int column = 0; column < 20; column++)
		fprintf(f, "Column%d%c", column, column < 19 ? ',' : '\n');
	for (long i = 0; i < RECORDS; i++)
		for (int column = 0; column < 20; column++) {
			const char *quote;

			cell_of(i, column, shape, cell);
			quote = shape == 'q' || strpbrk(cell, ",\"\n") ? "\"" : "";
			fprintf(f, "%s%s%s%c", quote, cell, quote, column < 19 ? ',' : '\n');
		}
	if (fclose(f) != 0)
		give_up(path);
}

int main(int argc, char **argv)
{
	static const struct {
		char shape;
		const char *name;
	} shapes[] = { { 'm', "some quoted" }, { 'q', "all quoted" }, { 'u', "none quoted" } };
	char path[] = "/tmp/longshore-scan-XXXXXX", libcsv[4096];
	const char *slash = strrchr(argv[0], '/');

	snprintf(libcsv, sizeof libcsv, "%.*slibcsv", slash ? (int)(slash - argv[0]) + 1 : 0, argv[0]);
	if (argc > 1) {
		measure(argv[1], argv[1], libcsv);
		return 0;
	}
	close(mkstemp(path));
	for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
		make_up(path, shapes[i].shape);
		measure(shapes[i].name, path, libcsv);
	}
	unlink(path);
	return 0;
}
