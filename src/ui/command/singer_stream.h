/*
 * singer_stream.h - one stream of a Singer target: its records wait here as rows, and become part of its run in batches.
 *
 * The run's source is a file of rows in the state folder that grows with each batch; its end as the journal knows it is what was
 * ever meant to be sent. A batch is checked alone, sent, and settled before the next one is taken.
 */
#ifndef LONGSHORE_COMMAND_SINGER_STREAM_H
#define LONGSHORE_COMMAND_SINGER_STREAM_H

#include "base/arena.h"
#include "core/engine/load.h"
#include "core/source/singer.h"
#include "ui/command/call.h"

struct singer_stream {
	const struct call *call;
	const char *settings; /* hash of the settings (singer_runs.h) */
	char name[128];
	struct arena arena;
	struct slice *columns;
	bool *days; /* per column: it goes to a field of dates */
	size_t count;
	char path[PATH_ROOM]; /* "" until the first batch */
	struct buf rows;      /* the batch */
	int64_t waiting;      /* records in it */
	int64_t records;      /* in the run */
	int64_t size;         /* of the file */
	int64_t run;          /* 0: none yet */
	struct load load;
	struct singer_stream *next;
};

/* From a SCHEMA: signs in and holds it against the object's describe. ERR_USAGE with one sentence for a field that the object
 * has not, that the action may not write, or that has no place in it. singer_stream_close() in any case. */
enum err_code singer_stream_open(struct singer_stream *stream, const struct call *call, const char *settings,
                                 const struct singer_message *schema, struct err *e);
void singer_stream_close(struct singer_stream *stream);

/* Does this SCHEMA name the same columns? */
bool singer_stream_fits(const struct singer_stream *stream, const struct singer_message *schema);

/* The last line of its run, as `show` has it, on standard error. */
void singer_stream_say(const struct singer_stream *stream);

/* Checks and sends what waits, and returns when all of it is settled: 0, or the exit status of what stopped it, with everything
 * said. */
int singer_stream_flush(struct singer_stream *stream);

#endif
