#include "core/org/gunzip.h"

#include <stdlib.h>
#include <string.h>

#define ZLIB_CONST
#include <zlib.h>

enum {
	PIECE = 64 * 1024,
	GZIP_WINDOW = 15 + 16, /* zlib's way to say: the largest window, and a gzip header */
};

struct gunzip {
	z_stream z;
	bool begun, ended;
	unsigned char piece[PIECE];
};

struct gunzip *gunzip_new(void)
{
	struct gunzip *g = calloc(1, sizeof *g);

	if (g && inflateInit2(&g->z, GZIP_WINDOW) != Z_OK) {
		free(g);
		return NULL;
	}
	return g;
}

void gunzip_free(struct gunzip *g)
{
	if (!g)
		return;
	inflateEnd(&g->z);
	explicit_bzero(g->piece, sizeof g->piece); /* a token may have passed through */
	free(g);
}

bool gunzip_feed(struct gunzip *g, struct slice packed, bool (*take)(void *ctx, struct slice bytes), void *ctx)
{
	g->z.next_in = (const unsigned char *)packed.at;
	g->z.avail_in = (unsigned)packed.len;
	g->begun = g->begun || packed.len;
	do {
		int rc;

		if (g->ended && g->z.avail_in && inflateReset(&g->z) != Z_OK)
			return false;
		if (g->z.avail_in == 0 && g->ended)
			return true;
		g->ended = false;
		g->z.next_out = g->piece;
		g->z.avail_out = PIECE;
		rc = inflate(&g->z, Z_NO_FLUSH);
		if (rc != Z_OK && rc != Z_STREAM_END && rc != Z_BUF_ERROR)
			return false;
		g->ended = rc == Z_STREAM_END;
		if (g->z.avail_out < PIECE &&
		    !take(ctx, (struct slice){ (const char *)g->piece, PIECE - g->z.avail_out }))
			return false;
	} while (g->z.avail_in || g->z.avail_out == 0);
	return true;
}

bool gunzip_cut(const struct gunzip *g)
{
	return g->begun && !g->ended;
}
