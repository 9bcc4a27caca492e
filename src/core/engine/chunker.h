/*
 * chunker.h - which records go together: reads a stretch or a list of the source and says what would be sent.
 *
 * The same stretch gives the same answer every time: a chunk that was planned before a crash is scanned again and must
 * come out as it was. Look-alikes (records that results could not tell apart, but that are not byte-identical) are never
 * left in one chunk: the second of two is deferred to a chunk of its own, and a stretch ends where a third would come.
 */
#ifndef LONGSHORE_ENGINE_CHUNKER_H
#define LONGSHORE_ENGINE_CHUNKER_H

#include "base/arena.h"
#include "core/plan/plan.h"
#include "core/source/source.h"
#include "store/chunks.h"

struct chunker_limits {
	int64_t records; /* sent, at most */
	int64_t bytes;   /* of payload, header line included, at most */
	int64_t last;    /* record number to stop at; 0: none */
	bool in_order;   /* results come in the order sent: look-alikes may go together */
	int64_t stop;    /* record number behind which nothing is cut for now; 0: none */
	const int64_t *
		done; /* of a stretch that is scanned again: records that had an outcome all the same, ascending */
	size_t done_count;
};

struct cut {
	struct chunk_print *prints; /* what is sent */
	size_t count, room;
	int64_t bytes; /* of the payload, header line included */
	struct chunk_item *deferred;
	size_t deferred_count, deferred_room;
	int64_t deferred_bytes;
	struct outcome *skipped; /* left out: findings, blank records */
	size_t skipped_count, skipped_room;
	int64_t next_record, next_offset; /* where the next stretch begins */
	size_t taken;                     /* of a list: its first so many items are accounted for */
	bool end;                         /* the source ends here */
	struct arena texts;               /* of skipped */
};

void cut_init(struct cut *cut);
void cut_release(struct cut *cut);

/* Scans from record `from` at `offset`. ERR_FILE, ERR_INTERNAL. `cut` is cleared first. */
enum err_code chunker_stretch(struct cut *cut, struct plan *plan, struct source *source, int64_t from,
                              int64_t offset, const struct chunker_limits *limits, struct err *e);

/* Scans the records of a list, as far as the limits let it (their `last` bounds nothing here) and look-alikes do: `taken`
 * says how far. ERR_FILE also when one of them is not where the list says. */
enum err_code chunker_list(struct cut *cut, struct plan *plan, struct source *source,
                           const struct chunk_item *items, size_t count, const struct chunker_limits *limits,
                           struct err *e);

/* Reads the record of a print again and adds its payload line. ERR_FILE if it is not what was planned. `*here` as below. */
enum err_code chunker_line(struct plan *plan, struct source *source, const struct chunk_print *print,
                           int64_t *here, struct buf *line, struct err *e);

/* The same, and the record itself, as long as source_next() gives it. */
enum err_code chunker_record(struct plan *plan, struct source *source, const struct chunk_print *print,
                             int64_t *here, struct buf *line, struct record *record, struct err *e);

/* Moves the source so that source_next() gives this record; reads on where it is near, seeks where it is far. `*here` is
 * the number that source_next() would give now, 0 if unknown; it is kept up to date. */
enum err_code chunker_go_to(struct source *source, int64_t *here, int64_t record, int64_t offset,
                            struct err *e);

#endif
