/*
 * scan.c - how fast records are cut from a file, beside counting its lines as `wc -l` does (read and memchr).
 * Both run over the same cached file in turn; the best of seven counts. Only the ratio is worth comparing.
 *
 *	scan            a made-up file of 10 columns, 150 MB
 *	scan FILE       that file
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/source/source.h"

enum { TURNS = 7, MADE_UP_BYTES = 150 * 1000 * 1000 };

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long count_lines(const char *path)
{
	static char bytes[256 * 1024];
	int fd = open(path, O_RDONLY);
	long lines = 0;
	ssize_t got;

	while ((got = read(fd, bytes, sizeof bytes)) > 0) {
		const char *end = bytes + got, *at = bytes;

		while ((at = memchr(at, '\n', (size_t)(end - at)))) {
			lines++;
			at++;
		}
	}
	close(fd);
	return lines;
}

static long count_records(const char *path, size_t *cells)
{
	struct source *source;
	struct record r;
	struct err e;
	bool more = true;

	err_init(&e);
	*cells = 0;
	if (source_open(&source, path, NULL, &e) != ERR_OK)
		goto out;
	for (r.number = 0; source_next(source, &r, &more, &e) == ERR_OK && more;)
		*cells += r.count;
	source_close(source);
out:
	if (e.code == ERR_OK)
		return (long)r.number;
	fprintf(stderr, "%s\n", e.text);
	exit(1);
}

static void make_up(char *path)
{
	FILE *f = fdopen(mkstemp(path), "w");

	if (!f) {
		perror(path);
		exit(1);
	}
	fprintf(f, "Id,First,Last,Email,Street,City,Phone,Amount,Date,Note\n");
	for (long i = 0; ftell(f) < MADE_UP_BYTES; i++)
		fprintf(f,
		        "%ld,Ann%ld,M\u00fcller,ann.%ld@example.com,\"%ld Long Street, flat "
		        "4\",Z\u00fcrich,+41 44 %07ld,"
		        "%ld.50,2026-11-24,\"says \"\"%ld\"\" and nothing else\"\n",
		        i, i % 977, i, i % 300, i % 10000000, i % 5000, i % 31);
	fclose(f);
}

int main(int argc, char **argv)
{
	char made_up[] = "/tmp/longshore-scan-XXXXXX";
	const char *path = argc > 1 ? argv[1] : made_up;
	double lines_best = 1e9, records_best = 1e9, begin, bytes;
	long records = 0;
	size_t cells = 0;

	if (argc < 2)
		make_up(made_up);
	count_lines(path);
	for (int turn = 0; turn < TURNS; turn++) {
		begin = now();
		count_lines(path);
		lines_best = now() - begin < lines_best ? now() - begin : lines_best;
		begin = now();
		records = count_records(path, &cells);
		records_best = now() - begin < records_best ? now() - begin : records_best;
	}
	bytes = (double)lseek(open(path, O_RDONLY), 0, SEEK_END);
	printf("%ld records, %zu cells, %.0f MB\n", records, cells, bytes / 1e6);
	printf("lines counted  %.3f s  %.2f GB/s\n", lines_best, bytes / 1e9 / lines_best);
	printf("records cut    %.3f s  %.2f GB/s  %.0f %% of counting lines\n", records_best,
	       bytes / 1e9 / records_best, 100 * lines_best / records_best);
	if (argc < 2)
		unlink(made_up);
	return 0;
}
