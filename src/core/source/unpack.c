#include "core/source/unpack.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define ZLIB_CONST
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

enum { GZIP_WINDOW = 15 + 16 }; /* zlib's way to say: the largest window, and a gzip header */

struct unpack {
	enum packing packing;
	z_stream z;
	ZSTD_DStream *zstd;
	bool whole; /* between members or frames */
};

struct unpack *unpack_new(enum packing packing)
{
	struct unpack *u = calloc(1, sizeof *u);
	bool made;

	if (!u)
		return NULL;
	u->packing = packing;
	if (packing == PACKING_GZIP) {
		made = inflateInit2(&u->z, GZIP_WINDOW) == Z_OK;
	} else {
		u->zstd = ZSTD_createDStream();
		made = u->zstd &&
		       !ZSTD_isError(ZSTD_DCtx_setParameter(u->zstd, ZSTD_d_windowLogMax, UNPACK_WINDOW_BITS));
	}
	if (made)
		return u;
	unpack_free(u);
	return NULL;
}

void unpack_free(struct unpack *unpack)
{
	if (!unpack)
		return;
	if (unpack->packing == PACKING_GZIP)
		inflateEnd(&unpack->z);
	ZSTD_freeDStream(unpack->zstd);
	free(unpack);
}

/* Behind a member: another one, or the zeros of a tape block up to the end. */
static enum unpack_result next_member(struct unpack *u, struct slice *in)
{
	while (in->len > 0 && *in->at == '\0') {
		in->at++;
		in->len--;
	}
	if (in->len == 0)
		return UNPACK_ON;
	u->whole = false;
	return inflateReset(&u->z) == Z_OK ? UNPACK_ON : UNPACK_DAMAGED;
}

static enum unpack_result step_gzip(struct unpack *u, struct slice *in, char *to, size_t room, size_t *got)
{
	unsigned len = in->len < UINT_MAX ? (unsigned)in->len : UINT_MAX;
	int rc;

	if (u->whole && (next_member(u, in) != UNPACK_ON || in->len == 0))
		return in->len == 0 ? UNPACK_ON : UNPACK_DAMAGED;
	len = in->len < len ? (unsigned)in->len : len;
	u->z.next_in = (const unsigned char *)in->at;
	u->z.avail_in = len;
	u->z.next_out = (unsigned char *)to;
	u->z.avail_out = room < UINT_MAX ? (unsigned)room : UINT_MAX;
	rc = inflate(&u->z, Z_NO_FLUSH);
	*got = (size_t)((char *)u->z.next_out - to);
	in->at += len - u->z.avail_in;
	in->len -= len - u->z.avail_in;
	u->whole = rc == Z_STREAM_END;
	if (rc == Z_MEM_ERROR)
		return UNPACK_MEMORY;
	return rc == Z_OK || rc == Z_STREAM_END || rc == Z_BUF_ERROR ? UNPACK_ON : UNPACK_DAMAGED;
}

static enum unpack_result step_zstd(struct unpack *u, struct slice *in, char *to, size_t room, size_t *got)
{
	ZSTD_inBuffer from = { in->at, in->len, 0 };
	ZSTD_outBuffer out = { to, room, 0 };
	size_t rc = ZSTD_decompressStream(u->zstd, &out, &from);

	*got = out.pos;
	in->at += from.pos;
	in->len -= from.pos;
	if (!ZSTD_isError(rc)) {
		if (from.pos > 0 || out.pos > 0) /* asked for nothing, it says what the next frame would need */
			u->whole = rc == 0;
		return UNPACK_ON;
	}
	switch (ZSTD_getErrorCode(rc)) {
	case ZSTD_error_frameParameter_windowTooLarge:
		return UNPACK_HUGE;
	case ZSTD_error_memory_allocation:
		return UNPACK_MEMORY;
	default:
		return UNPACK_DAMAGED;
	}
}

enum unpack_result unpack_step(struct unpack *unpack, struct slice *in, char *to, size_t room, size_t *got)
{
	*got = 0;
	if (unpack->packing == PACKING_GZIP)
		return step_gzip(unpack, in, to, room, got);
	return step_zstd(unpack, in, to, room, got);
}

bool unpack_whole(const struct unpack *unpack)
{
	return unpack->whole;
}
