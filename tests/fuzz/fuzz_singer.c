/*
 * fuzz_singer.c - any lines as Singer messages, one behind the other: each is what it is or has a clause that says why not; a row has as
 * many cells as the schema before it has columns, and a state is read again as itself.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "core/source/singer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct stream {
	struct arena names;
	struct slice *columns;
	int count;
};

static void must(bool so)
{
	if (!so)
		abort();
}

static void must_be_row(const struct buf *row, int count)
{
	struct csv csv;

	csv_init(&csv, ',');
	csv_window(&csv, row->at, row->len, true);
	must(csv_next(&csv) == CSV_RECORD && csv.count == (size_t)count);
	must(csv_next(&csv) == CSV_END);
	csv_release(&csv);
}

static void take_record(const struct singer_message *m, const struct stream *s)
{
	const char *why = NULL;
	struct buf row;

	if (s->count < 1)
		return;
	buf_init(&row, 1 << 24);
	if (singer_row(m, s->columns, NULL, (size_t)s->count, &row, &why))
		must_be_row(&row, s->count);
	else
		must(row.len == 0 && why && why[0]);
	buf_release(&row);
}

static void take_state(const struct singer_message *m)
{
	struct singer_message again;
	struct buf first, line, second;

	buf_init(&first, 1 << 24);
	buf_init(&line, 1 << 24);
	buf_init(&second, 1 << 24);
	singer_state(m, &first);
	must(first.len == 0 || !memchr(first.at, '\n', first.len));
	buf_addf(&line, "{\"type\":\"STATE\",\"value\":%s}", buf_text(&first));
	singer_read(&again, buf_slice(&line));
	must(again.type == SINGER_STATE);
	singer_state(&again, &second);
	must(slice_equal(buf_slice(&first), buf_slice(&second)));
	singer_release(&again);
	buf_release(&first);
	buf_release(&line);
	buf_release(&second);
}

static void take_line(struct slice line, struct stream *s)
{
	struct singer_message m;
	const char *why;

	singer_read(&m, line);
	if (m.type == SINGER_NOISE || m.type == SINGER_CUT)
		must(m.why && m.why[0]);
	if (m.type == SINGER_SCHEMA)
		s->count = singer_columns(&m, &s->names, &s->columns);
	if (m.type == SINGER_RECORD)
		take_record(&m, s);
	if (m.type == SINGER_STATE)
		take_state(&m);
	if (m.type == SINGER_BATCH)
		for (size_t i = 0; singer_batch_file(&m, i, &why); i++)
			must(!why);
	singer_release(&m);
	singer_read_plain(&m, line);
	if (m.tree)
		take_record(&m, s);
	singer_release(&m);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = { (const char *)data, size };
	struct stream s = { .count = 0 };

	arena_init(&s.names);
	while (rest.len > 0) {
		const char *end = memchr(rest.at, '\n', rest.len);
		size_t len = end ? (size_t)(end - rest.at) : rest.len;

		take_line((struct slice){ rest.at, len }, &s);
		rest = (struct slice){ rest.at + len + (end != NULL), rest.len - len - (end != NULL) };
	}
	arena_release(&s.names);
	return 0;
}
