/*
 * shared_texts.h - the texts that the cells of a workbook share, by their number.
 *
 * They are read only as far as they are asked for, into a file without a name beside an index of where each begins: memory stays the
 * same however many there are. Runs of rich text are one text, its readings in another script (rPh) are none of it.
 */
#ifndef LONGSHORE_SOURCE_SHARED_TEXTS_H
#define LONGSHORE_SOURCE_SHARED_TEXTS_H

#include "core/source/part.h"
#include "core/source/scratch.h"

enum { TEXTS_BLOCK = 16 * 1024, TEXTS_BLOCKS = 64 };

/* A scratch file that is read at any place while it is still written; the blocks that were read last are kept. */
struct texts_file {
	struct scratch scratch;
	struct buf fresh;           /* not written yet, behind the scratch file's end */
	char *blocks;               /* TEXTS_BLOCKS of TEXTS_BLOCK bytes */
	int64_t held[TEXTS_BLOCKS]; /* the block's number in the file plus 1 */
};

struct shared_texts {
	struct part *part;              /* NULL: the workbook has none, or all are read */
	struct texts_file bytes, index; /* of the index: where each text ends, 8 bytes each */
	int64_t count, ends;
	struct buf text;  /* of the one that is read */
	struct buf entry; /* of the index */
	struct buf raw;   /* of the one that is asked for */
	const char *path;
	bool in_reading, wanted;
	struct err *e;
};

/* Begins with part `name`, NULL for none, of the workbook on `fd`. ERR_FILE; shared_texts_close() in any case. */
enum err_code shared_texts_open(struct shared_texts *s, int fd, const char *path, const char *name,
                                const char *folder, struct err *e);
void shared_texts_close(struct shared_texts *s);

/* Adds text `number` (0 is the first) to `to`; *found = false if there is none. ERR_FILE. */
enum err_code shared_texts_get(struct shared_texts *s, int64_t number, struct buf *to, bool *found,
                               struct err *e);

/* Adds text as Excel writes it: _x000D_ is the character of that number, _x005F_ the underscore. */
void sheet_text_add(struct buf *to, struct slice text);

#endif
