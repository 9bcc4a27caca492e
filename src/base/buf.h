/*
 * buf.h - bytes that grow up to a ceiling, and slices of bytes that somebody else owns.
 *
 * A buffer that cannot take more (ceiling or memory) keeps what it has, drops the rest and says so in `short_of`:
 * add freely, look once at the end. Its bytes are always followed by a NUL that does not count.
 */
#ifndef LONGSHORE_BASE_BUF_H
#define LONGSHORE_BASE_BUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* `len` bytes at `at`, not NUL-terminated; at may be NULL when len is 0. */
struct slice {
	const char *at;
	size_t len;
};

/* printf("%.*s", SLICE_ARGS(s)) */
#define SLICE_ARGS(s) (int)(s).len, (s).len ? (s).at : ""

struct slice slice_of(const char *text); /* of a NUL-terminated text; NULL gives an empty slice */
bool slice_is(struct slice s, const char *text);
bool slice_equal(struct slice a, struct slice b);
bool slice_equal_fold(struct slice a, struct slice b); /* ASCII letters without case */

/* Without white space around: ASCII's, U+00A0, U+3000. slice_trim_any() is the same for texts that begin or end with something that may
 * be one. */
struct slice slice_trim_any(struct slice s);
static inline struct slice slice_trim(struct slice s)
{
	bool bare = s.len && s.at[0] > ' ' &&
	            s.at[s.len - 1] > ' '; /* bytes beyond ASCII are below 0, or may be one */

	return bare && s.at[0] < 0x7f && s.at[s.len - 1] < 0x7f ? s : slice_trim_any(s);
}

struct buf {
	char *at;
	size_t len;
	size_t room;
	size_t ceiling; /* most bytes it may hold, the NUL not counted */
	bool short_of;  /* something was dropped */
};

void buf_init(struct buf *b, size_t ceiling); /* no allocation */
void buf_release(struct buf *b);              /* frees the bytes; the buffer may be used again */
void buf_wipe(struct buf *b);                 /* the same, and overwrites them before: for secrets */
void buf_clear(struct buf *b);                /* len 0 and short_of false; keeps the memory */

void buf_add(struct buf *b, const void *bytes, size_t len);
void buf_add_char(struct buf *b, char c);
void buf_add_text(struct buf *b, const char *text);
void buf_add_slice(struct buf *b, struct slice s);
void buf_addf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Room for `len` more bytes at the end, or NULL (short_of is set then). Written bytes count after buf_grow(). */
char *buf_reserve(struct buf *b, size_t len);
void buf_grow(struct buf *b, size_t len);
void buf_drop_front(struct buf *b, size_t len); /* forgets the first bytes */

/* The bytes as a NUL-terminated text, "" when empty. */
const char *buf_text(const struct buf *b);
struct slice buf_slice(const struct buf *b);

#endif
