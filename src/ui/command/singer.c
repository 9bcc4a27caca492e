/* singer.c - a Singer target: messages on standard input, state on standard output (docs/singer.md). */
#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/csv.h"
#include "ui/command/commands.h"
#include "ui/command/signals.h"
#include "ui/command/singer_batch.h"
#include "ui/command/singer_before.h"
#include "ui/command/singer_lines.h"
#include "ui/command/singer_stream.h"
#include "store/singer_runs.h"

struct target {
	struct call *call;
	char settings[HASH_TEXT];
	struct singer_before before;   /* settled by an earlier process, and not covered by a STATE yet */
	struct singer_stream *streams; /* in the order of their schemas */
	struct buf state;              /* the last STATE that was read and not given out */
	bool has_state;
	struct singer_batch batch;
	int64_t noise, left_out;
	int status; /* what stops it, everything said; -1: go on */
};

static void stop(struct target *t, int status)
{
	if (t->status < 0)
		t->status = status;
}

static void give_state(struct target *t)
{
	struct err e;

	err_init(&e);
	if (!t->has_state)
		return;
	buf_add_char(&t->state, '\n');
	stop(t, call_print(&t->state, 0) == 0 ? -1 : 1);
	buf_clear(&t->state);
	t->has_state = false;
	if (singer_given(t->call->journal, t->settings, &e) != ERR_OK)
		stop(t, call_fail(t->call, &e, NULL));
}

/* Sends what waits in every stream, and then all that was read is settled. */
static void flush(struct target *t)
{
	for (struct singer_stream *s = t->streams; s && t->status < 0; s = s->next) {
		int status = singer_stream_flush(s);

		if (status != 0)
			stop(t, status);
	}
	singer_batch_sent(&t->batch);
	if (t->status < 0)
		give_state(t);
}

static struct singer_stream *find_stream(const struct target *t, const char *name)
{
	struct singer_stream *s = t->streams;

	while (s && strcmp(s->name, name) != 0)
		s = s->next;
	return s;
}

/* The message cannot be taken: what came before it is sent, and nothing behind it is read. */
static void refuse(struct target *t, const struct singer_lines *lines, const char *what, const char *why)
{
	struct err e;

	flush(t);
	err_init(&e);
	if (lines->unended && lines->stream == NULL)
		err_set(&e, ERR_STOPPED,
		        "standard input ends in the middle of line %" PRId64 " (byte %" PRId64
		        "): what came before it is settled; start the tap again",
		        lines->number, lines->place);
	err_set(&e, ERR_FILE, "line %" PRId64 " (byte %" PRId64 ") of %s: %s%s%s", lines->number, lines->place,
	        lines->name, what, what[0] ? ": " : "", why);
	stop(t, call_fail(t->call, &e, NULL));
}

/* A stream's second SCHEMA with other columns begins a run of its own. */
static void drop_stream(struct target *t, struct singer_stream *s)
{
	struct singer_stream **at = &t->streams;

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	singer_stream_close(s);
	free(s);
}

static void take_schema(struct target *t, const struct singer_message *m)
{
	struct singer_stream *s = find_stream(t, m->stream), **end = &t->streams;
	struct err e;

	if (s && singer_stream_fits(s, m))
		return;
	flush(t);
	if (s)
		drop_stream(t, s);
	if (t->status >= 0)
		return;
	err_init(&e);
	s = calloc(1, sizeof *s);
	if (!s) {
		err_memory(&e, "a stream");
		stop(t, call_fail(t->call, &e, NULL));
		return;
	}
	while (*end)
		end = &(*end)->next;
	*end = s;
	if (singer_stream_open(s, t->call, t->settings, m, &e) != ERR_OK)
		stop(t, call_fail(t->call, &e, NULL));
}

static void take_record(struct target *t, const struct singer_lines *lines, struct singer_stream *s,
                        const struct singer_message *m)
{
	size_t before = s->rows.len;
	const char *why;
	bool settled;
	struct err e;

	if (!singer_row(m, s->columns, s->days, s->count, &s->rows, &why)) {
		refuse(t, lines, s->name, why);
		return;
	}
	err_init(&e);
	if (singer_before_has(&t->before, (struct slice){ s->rows.at + before, s->rows.len - before - 1 },
	                      &settled, &e) != ERR_OK) {
		stop(t, call_fail(t->call, &e, NULL));
		return;
	}
	if (settled) {
		s->rows.len = before;
		t->left_out++;
		return;
	}
	s->waiting++;
	if (singer_batch_add(&t->batch, s->waiting, s->rows.len))
		flush(t);
}

static void take_batch_file(struct target *t, struct singer_stream *s, const char *path)
{
	struct singer_lines lines;
	struct singer_message m;
	struct slice line;
	struct err e;
	bool more = true;

	err_init(&e);
	singer_lines_open(&lines, path, &e);
	while (t->status < 0 && e.code == ERR_OK && singer_lines_next(&lines, -1, &line, &more, &e) == ERR_OK &&
	       more) {
		singer_read_plain(&m, line);
		if (m.tree)
			take_record(t, &lines, s, &m);
		else if (slice_trim(line).len > 0)
			refuse(t, &lines, s->name, m.why);
		singer_release(&m);
	}
	singer_lines_close(&lines);
	if (e.code == ERR_OK)
		return;
	flush(t);
	stop(t, call_fail(t->call, &e, NULL));
}

static void take_batch(struct target *t, const struct singer_lines *lines, struct singer_stream *s,
                       const struct singer_message *m)
{
	const char *path, *why = NULL;

	for (size_t i = 0; t->status < 0 && (path = singer_batch_file(m, i, &why)); i++)
		take_batch_file(t, s, path);
	if (why)
		refuse(t, lines, "a BATCH", why);
}

static void say_noise(struct target *t, const struct singer_lines *lines, const char *why)
{
	t->noise++;
	call_say(t->call, "longshore: line %" PRId64 " (byte %" PRId64 ") is passed over: %s", lines->number,
	         lines->place, why);
}

static void take(struct target *t, const struct singer_lines *lines, const struct singer_message *m)
{
	struct singer_stream *s = find_stream(t, m->stream);

	switch (m->type) {
	case SINGER_NOISE:
		say_noise(t, lines, m->why);
		return;
	case SINGER_OTHER:
		say_noise(t, lines, "its type is none that is known");
		return;
	case SINGER_CUT:
		refuse(t, lines, "a broken message", m->why); /* or the last one, cut off */
		return;
	case SINGER_SCHEMA:
		if (!m->stream[0])
			refuse(t, lines, "a SCHEMA", "it names no stream");
		else
			take_schema(t, m);
		return;
	case SINGER_ACTIVATE_VERSION:
		call_say(t->call,
		         "longshore: ACTIVATE_VERSION of %s: an org has no versions of its records, "
		         "nothing is deleted",
		         m->stream);
		return;
	case SINGER_STATE:
		buf_clear(&t->state);
		singer_state(m, &t->state);
		t->has_state = true;
		if (!t->batch.waits)
			give_state(t);
		return;
	case SINGER_RECORD:
	case SINGER_BATCH:
		break;
	}
	if (!s)
		refuse(t, lines, m->stream, "a record before the SCHEMA of its stream");
	else if (m->type == SINGER_RECORD)
		take_record(t, lines, s, m);
	else
		take_batch(t, lines, s, m);
}

static void read_messages(struct target *t, struct singer_lines *lines)
{
	struct singer_message m;
	struct slice line;
	struct err e;
	bool more = true;

	err_init(&e);
	while (t->status < 0 && more) {
		if (singer_lines_next(lines, singer_batch_patience(&t->batch), &line, &more, &e) != ERR_OK)
			break;
		if (singer_batch_patience(&t->batch) == 0)
			flush(t);
		if (!more || t->status >= 0 || !line.at || slice_trim(line).len == 0)
			continue;
		singer_read(&m, line);
		take(t, lines, &m);
		singer_release(&m);
	}
	if (t->status < 0 && e.code != ERR_STOPPED)
		flush(t);
	if (e.code != ERR_OK)
		stop(t, call_fail(t->call, &e, NULL));
}

static void end(struct target *t)
{
	if (t->noise)
		call_say(t->call, "longshore: %" PRId64 " line%s passed over", t->noise,
		         t->noise == 1 ? " was" : "s were");
	if (t->left_out)
		call_say(t->call,
		         "longshore: %" PRId64
		         " record%s settled before, after the last state that was given: left out",
		         t->left_out, t->left_out == 1 ? " was" : "s were");
	while (t->streams) {
		struct singer_stream *s = t->streams;

		t->streams = s->next;
		singer_stream_say(s);
		singer_stream_close(s);
		free(s);
	}
	singer_before_release(&t->before);
	buf_release(&t->state);
}

int command_singer(struct call *call)
{
	struct target t = { .call = call, .status = -1, .batch = { .clock = &clock_real } };
	struct singer_lines lines;
	struct err e;
	int status;

	err_init(&e);
	signals_watch();
	buf_init(&t.state, CSV_MOST_BYTES);
	if (call->json)
		err_set(&e, ERR_USAGE, "singer writes state to standard output: leave out --json");
	else
		singer_lines_input(&lines, signals_stop());
	if (e.code != ERR_OK || call_journal(call, JOURNAL_WRITE, &e) != ERR_OK ||
	    singer_before_settings(call, t.settings, &e) != ERR_OK)
		return call_fail(call, &e, "longshore help singer");
	status = singer_before_read(&t.before, call, t.settings);
	if (status != 0)
		stop(&t, status);
	if (t.status < 0)
		read_messages(&t, &lines);
	singer_lines_close(&lines);
	end(&t);
	return t.status < 0 ? 0 : t.status;
}
