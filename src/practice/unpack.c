#include "practice/unpack.h"

#include <stdbool.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, ROOM = 64 * 1024 };

static enum unpacked inflate_all(z_stream *zip, struct buf *plain)
{
	for (;;) {
		size_t left = plain->ceiling - plain->len, size = left < ROOM ? left : ROOM;
		char *room = size ? buf_reserve(plain, size) : NULL;
		int status;

		if (!room)
			return UNPACK_LARGE;
		zip->next_out = (Bytef *)room;
		zip->avail_out = (uInt)size;
		status = inflate(zip, Z_NO_FLUSH);
		buf_grow(plain, size - zip->avail_out);
		if (status == Z_STREAM_END)
			return zip->avail_in == 0 ? UNPACKED : UNPACK_BROKEN;
		if (status != Z_OK || (zip->avail_in == 0 && zip->avail_out > 0))
			return UNPACK_BROKEN;
	}
}

enum unpacked unpack_gzip(struct buf *body)
{
	struct buf plain;
	z_stream zip = { 0 };
	enum unpacked result;

	if (inflateInit2(&zip, GZIP_WINDOW) != Z_OK)
		return UNPACK_BROKEN;
	buf_init(&plain, body->ceiling);
	/* zlib's interface is not const; it does not write to its input */
	zip.next_in = (Bytef *)body->at;
	zip.avail_in = (uInt)body->len;
	result = inflate_all(&zip, &plain);
	inflateEnd(&zip);
	buf_release(body);
	if (result == UNPACKED)
		*body = plain;
	else
		buf_release(&plain);
	return result;
}
