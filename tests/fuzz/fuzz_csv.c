/*
 * fuzz_csv.c - any bytes, in windows of any size, are cut as they are in one piece, and written cells are read again.
 * The first byte is the size of the steps in which the window grows.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/hash.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static uint64_t add(uint64_t told, const struct csv *c, enum csv_result result, size_t offset)
{
	size_t facts[] = { offset, result, c->count, c->raw.len, result == CSV_BROKEN ? c->why_at : 0 };

	told = hash_of((struct slice){ (const char *)facts, sizeof facts }, told);
	for (size_t i = 0; i < c->count; i++)
		told = hash_of(c->cells[i], told);
	return told;
}

static void must(bool so)
{
	if (!so)
		abort();
}

/* What is written from a record's cells is one record of the same cells; but one empty cell is a blank line. */
static void write_and_read(const struct csv *c)
{
	struct csv again;
	struct buf b;

	buf_init(&b, (size_t)1 << 26);
	for (size_t i = 0; i < c->count; i++) {
		if (i > 0)
			buf_add_char(&b, c->delimiter);
		csv_add_cell(&b, c->cells[i], c->delimiter);
	}
	csv_init(&again, c->delimiter);
	csv_window(&again, b.at, b.len, true);
	if (b.len > 0) {
		must(csv_next(&again) == CSV_RECORD && again.count == c->count);
		for (size_t i = 0; i < c->count; i++)
			must(slice_equal(c->cells[i], again.cells[i]));
	}
	must(csv_next(&again) == CSV_END);
	csv_release(&again);
	buf_release(&b);
}

static uint64_t read_all(const char *bytes, size_t len, size_t first, size_t step)
{
	size_t begin = 0, end = first < len ? first : len;
	enum csv_result result = CSV_MORE;
	uint64_t told = 0;
	struct csv c;

	csv_init(&c, ',');
	while (result != CSV_END) {
		char *window = malloc(end - begin + 1); /* its own, so that a look beyond it is seen */

		memcpy(window, bytes + begin, end - begin);
		csv_window(&c, window, end - begin, end == len);
		while ((result = csv_next(&c)) == CSV_RECORD || result == CSV_BROKEN) {
			told = add(told, &c, result, begin + (size_t)(c.raw.at - window));
			if (result == CSV_RECORD && step > len)
				write_and_read(&c);
		}
		must(result == CSV_END || end < len);
		begin += (size_t)(c.at - window);
		end = step < len - end ? end + step : len;
		free(window);
	}
	csv_release(&c);
	return told;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *bytes = (const char *)data + 1;

	if (size < 2)
		return 0;
	must(read_all(bytes, size - 1, size, size) == read_all(bytes, size - 1, data[0] / 4, 1 + data[0] % 7));
	return 0;
}
