/* libcsv.c - reads a file with libcsv and prints how many records and bytes of cells it has. A program of its own: its names are ours. */
#include <csv.h>
#include <stdio.h>

static void on_cell(void *text, size_t len, void *seen)
{
	(void)text;
	((size_t *)seen)[1] += len;
}

static void on_record(int end, void *seen)
{
	(void)end;
	((size_t *)seen)[0]++;
}

int main(int argc, char **argv)
{
	static char bytes[256 * 1024];
	FILE *f = argc > 1 ? fopen(argv[1], "rb") : NULL;
	size_t seen[2] = { 0 }, got;
	struct csv_parser p;

	if (!f || csv_init(&p, 0) != 0)
		return 1;
	setvbuf(f, NULL, _IONBF, 0);
	while ((got = fread(bytes, 1, sizeof bytes, f)) > 0)
		if (csv_parse(&p, bytes, got, on_cell, on_record, seen) != got)
			return 1;
	csv_fini(&p, on_cell, on_record, seen);
	csv_free(&p);
	fclose(f);
	printf("%zu records, %zu bytes\n", seen[0], seen[1]);
	return 0;
}
