#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct slice slice_of(const char *text)
{
	return (struct slice){ text, text ? strlen(text) : 0 };
}

bool slice_equal(struct slice a, struct slice b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.at, b.at, a.len) == 0);
}

bool slice_is(struct slice s, const char *text)
{
	return slice_equal(s, slice_of(text));
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool slice_equal_fold(struct slice a, struct slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.at[i]) != lower(b.at[i]))
			return false;
	return true;
}

/* Length of the white space at the front of s: an ASCII blank, U+00A0 or U+3000; 0 when there is none. */
static size_t blank_front(struct slice s)
{
	if (s.len >= 1 && (s.at[0] == ' ' || (s.at[0] >= '\t' && s.at[0] <= '\r')))
		return 1;
	if (s.len >= 2 && memcmp(s.at, "\xc2\xa0", 2) == 0)
		return 2;
	if (s.len >= 3 && memcmp(s.at, "\xe3\x80\x80", 3) == 0)
		return 3;
	return 0;
}

static size_t blank_back(struct slice s)
{
	for (size_t n = 1; n <= 3 && n <= s.len; n++)
		if (blank_front((struct slice){ s.at + s.len - n, n }) == n)
			return n;
	return 0;
}

struct slice slice_trim_any(struct slice s)
{
	size_t n;

	while ((n = blank_front(s)) > 0) {
		s.at += n;
		s.len -= n;
	}
	while ((n = blank_back(s)) > 0)
		s.len -= n;
	return s;
}

void buf_init(struct buf *b, size_t ceiling)
{
	*b = (struct buf){ .ceiling = ceiling };
}

void buf_release(struct buf *b)
{
	free(b->at);
	buf_init(b, b->ceiling);
}

void buf_wipe(struct buf *b)
{
	if (b->at)
		explicit_bzero(b->at, b->room);
	buf_release(b);
}

void buf_clear(struct buf *b)
{
	b->len = 0;
	b->short_of = false;
	if (b->at)
		b->at[0] = '\0';
}

char *buf_reserve(struct buf *b, size_t len)
{
	size_t room = b->room ? b->room : 64;
	char *at;

	if (len > b->ceiling || b->len > b->ceiling - len) {
		b->short_of = true;
		return NULL;
	}
	if (b->at && b->len + len < b->room)
		return b->at + b->len;
	while (room < b->len + len + 1)
		room *= 2;
	at = realloc(b->at, room);
	if (!at) {
		b->short_of = true;
		return NULL;
	}
	b->at = at;
	b->room = room;
	return at + b->len;
}

void buf_grow(struct buf *b, size_t len)
{
	b->len += len;
	b->at[b->len] = '\0';
}

void buf_drop_front(struct buf *b, size_t len)
{
	if (len == 0)
		return;
	memmove(b->at, b->at + len, b->len - len);
	b->len -= len;
	b->at[b->len] = '\0';
}

void buf_add(struct buf *b, const void *bytes, size_t len)
{
	char *to = len ? buf_reserve(b, len) : NULL;

	if (!to)
		return;
	memcpy(to, bytes, len);
	buf_grow(b, len);
}

void buf_add_char(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_add_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void buf_add_slice(struct buf *b, struct slice s)
{
	buf_add(b, s.at, s.len);
}

void buf_addf(struct buf *b, const char *format, ...)
{
	va_list args, again;
	char *to;
	int n;

	va_start(args, format);
	va_copy(again, args);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	to = n > 0 ? buf_reserve(b, (size_t)n) : NULL;
	if (to) {
		vsnprintf(to, (size_t)n + 1, format, again);
		buf_grow(b, (size_t)n);
	}
	va_end(again);
}

const char *buf_text(const struct buf *b)
{
	return b->at ? b->at : "";
}

struct slice buf_slice(const struct buf *b)
{
	return (struct slice){ b->at, b->len };
}
