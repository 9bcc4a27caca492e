#include "core/source/plain.h"

#include <stdlib.h>

enum { PIECE = 64 * 1024 };

void plain_init(struct plain *p)
{
	*p = (struct plain){ 0 };
	buf_init(&p->text, 8 * PIECE);
}

void plain_release(struct plain *p)
{
	decode_free(p->decode);
	free(p->bytes);
	buf_release(&p->text);
}

enum err_code plain_begin(struct plain *p, struct stream *stream, enum encoding encoding, struct err *e)
{
	p->stream = stream;
	p->bytes = malloc(PIECE);
	if (!p->bytes)
		return err_memory(e, "reading a file");
	return encoding == ENCODING_UTF_8 ? ERR_OK : decode_new(&p->decode, encoding, e);
}

enum err_code plain_next(struct plain *p, struct slice *piece, struct err *e)
{
	size_t got;

	*piece = (struct slice){ p->bytes, 0 };
	while (piece->len == 0 && !p->ended) {
		if (stream_read(p->stream, p->bytes, PIECE, &got, e) != ERR_OK)
			return e->code;
		p->ended = got == 0;
		piece->len = got;
		if (!p->decode)
			continue;
		buf_clear(&p->text);
		decode_add(p->decode, (struct slice){ p->bytes, got }, p->ended, &p->text);
		if (p->text.short_of)
			return err_memory(e, "decoding a file");
		*piece = buf_slice(&p->text);
	}
	return ERR_OK;
}
