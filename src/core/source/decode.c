#include "core/source/decode.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

enum {
	MOST_CHARACTER = 8, /* bytes that iconv may want to see of one character */
	PIECE = 16 * 1024,
};

struct decode {
	iconv_t iconv;
	size_t unit;               /* bytes of the smallest character */
	char kept[MOST_CHARACTER]; /* the beginning of a character */
	size_t kept_len;
};

enum err_code decode_new(struct decode **decode, enum encoding encoding, struct err *e)
{
	struct decode *d = calloc(1, sizeof *d);

	*decode = NULL;
	if (!d)
		return err_memory(e, "decoding a file");
	d->unit = encoding == ENCODING_UTF_16LE || encoding == ENCODING_UTF_16BE ? 2 : 1;
	d->iconv = iconv_open("UTF-8", dialect_encoding_iconv(encoding));
	if (d->iconv == (iconv_t)-1) { /* NOLINT(performance-no-int-to-ptr): as POSIX wants it asked */
		free(d);
		return err_set(e, ERR_FILE, "this system's iconv does not know %s: save the file as UTF-8",
		               dialect_encoding_name(encoding));
	}
	*decode = d;
	return ERR_OK;
}

void decode_free(struct decode *decode)
{
	if (!decode)
		return;
	iconv_close(decode->iconv);
	free(decode);
}

/* Decodes what can be decoded of in[0 .. len); returns how much was used. */
static size_t run(struct decode *d, const char *in, size_t len, struct buf *out)
{
	char copy[PIECE + MOST_CHARACTER]; /* iconv takes no const */
	char *from = copy;
	size_t left = len;

	memcpy(copy, in, len);
	while (left >= d->unit) {
		char *to = buf_reserve(out, 4 * left); /* no character gets longer than that */
		size_t room = 4 * left, before = room, rc;

		if (!to)
			return len;
		rc = iconv(d->iconv, &from, &left, &to, &room);
		buf_grow(out, before - room);
		if (rc != (size_t)-1 || errno != EILSEQ)
			break;
		buf_add_char(out, '\xff');
		from += d->unit;
		left -= d->unit;
	}
	return len - left;
}

/* Completes what was kept, byte by byte. */
static void finish_kept(struct decode *d, struct slice *bytes, struct buf *out)
{
	while (d->kept_len > 0 && bytes->len > 0) {
		size_t used;

		d->kept[d->kept_len++] = *bytes->at++;
		bytes->len--;
		used = run(d, d->kept, d->kept_len, out);
		if (used == 0 && d->kept_len == MOST_CHARACTER) {
			buf_add_char(out, '\xff');
			used = d->unit;
		}
		d->kept_len -= used;
		memmove(d->kept, d->kept + used, d->kept_len);
	}
}

void decode_add(struct decode *decode, struct slice bytes, bool last, struct buf *out)
{
	finish_kept(decode, &bytes, out);
	while (bytes.len > 0) {
		size_t len = bytes.len < PIECE ? bytes.len : PIECE;
		size_t used = run(decode, bytes.at, len, out);

		if (used == 0 && len >= MOST_CHARACTER) {
			buf_add_char(out, '\xff');
			used = decode->unit;
		} else if (used == 0) {
			memcpy(decode->kept, bytes.at, len);
			decode->kept_len = len;
			used = len;
		}
		bytes.at += used;
		bytes.len -= used;
	}
	if (last && decode->kept_len > 0) {
		buf_add_char(out, '\xff');
		decode->kept_len = 0;
	}
}
