#include "store/chunk_list.h"

static void add_number(struct buf *b, uint64_t n)
{
	char bytes[10];
	size_t len = 0;

	while (n >= 0x80) {
		bytes[len++] = (char)(n | 0x80);
		n >>= 7;
	}
	bytes[len++] = (char)n;
	buf_add(b, bytes, len);
}

static bool read_number(struct slice *s, uint64_t *n)
{
	*n = 0;
	for (size_t i = 0; i < s->len && i < 10; i++) {
		unsigned char byte = (unsigned char)s->at[i];

		*n |= (uint64_t)(byte & 0x7f) << (7 * i);
		if (byte < 0x80) {
			s->at += i + 1;
			s->len -= i + 1;
			return true;
		}
	}
	return false;
}

void chunk_list_add(struct buf *b, const int64_t *numbers, size_t stride, size_t count)
{
	const char *at = (const char *)numbers;
	uint64_t before = 0, step;

	for (size_t i = 0; i < count; i++, at += stride) {
		uint64_t now = (uint64_t) * (const int64_t *)(const void *)at;

		step = now - before;
		add_number(b, step << 1 ^ (step >> 63 ? UINT64_MAX : 0));
		before = now;
	}
}

bool chunk_list_read(struct slice *s, int64_t *to, size_t stride, size_t count)
{
	char *at = (char *)to;
	uint64_t now = 0, step;

	for (size_t i = 0; i < count; i++, at += stride) {
		if (!read_number(s, &step))
			return false;
		now += step >> 1 ^ (step & 1 ? UINT64_MAX : 0);
		*(int64_t *)(void *)at = (int64_t)now;
	}
	return true;
}

void chunk_list_add_items(struct buf *b, const struct chunk_item *items, size_t count)
{
	if (count == 0)
		return;
	chunk_list_add(b, &items->record, sizeof *items, count);
	chunk_list_add(b, &items->offset, sizeof *items, count);
}

bool chunk_list_read_items(struct slice s, struct chunk_item *items, size_t count)
{
	if (count == 0)
		return s.len == 0;
	return chunk_list_read(&s, &items->record, sizeof *items, count) &&
	       chunk_list_read(&s, &items->offset, sizeof *items, count) && s.len == 0;
}
