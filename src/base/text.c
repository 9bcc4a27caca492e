#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

size_t text_encode(int32_t c, char to[4])
{
	if (c < 0x80) {
		to[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		to[0] = (char)(0xc0 | c >> 6);
		to[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		to[0] = (char)(0xe0 | c >> 12);
		to[1] = (char)(0x80 | (c >> 6 & 0x3f));
		to[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | c >> 18);
	to[1] = (char)(0x80 | (c >> 12 & 0x3f));
	to[2] = (char)(0x80 | (c >> 6 & 0x3f));
	to[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

void text_add_code_point(struct buf *b, int32_t code_point)
{
	char bytes[4];
	size_t len = text_encode(code_point, bytes);

	buf_add(b, bytes, len);
}

static bool continues(unsigned char byte)
{
	return (byte & 0xc0) == 0x80;
}

/* The well-formed sequences of the Unicode standard, table 3-7: no overlong forms, no surrogates, none beyond U+10FFFF. */
int32_t text_decode(struct slice s, size_t *len)
{
	const unsigned char *b = (const unsigned char *)s.at;
	int32_t code_point;

	*len = 1;
	if (b[0] < 0x80)
		return b[0];
	if (b[0] >= 0xc2 && b[0] < 0xe0 && s.len >= 2 && continues(b[1])) {
		*len = 2;
		return (b[0] & 0x1f) << 6 | (b[1] & 0x3f);
	}
	if (b[0] >= 0xe0 && b[0] < 0xf0 && s.len >= 3 && continues(b[1]) && continues(b[2])) {
		code_point = (b[0] & 0x0f) << 12 | (b[1] & 0x3f) << 6 | (b[2] & 0x3f);
		if (code_point < 0x800 || (code_point >= 0xd800 && code_point < 0xe000))
			return -1;
		*len = 3;
		return code_point;
	}
	if (b[0] >= 0xf0 && b[0] < 0xf5 && s.len >= 4 && continues(b[1]) && continues(b[2]) &&
	    continues(b[3])) {
		code_point = (b[0] & 0x07) << 18 | (b[1] & 0x3f) << 12 | (b[2] & 0x3f) << 6 | (b[3] & 0x3f);
		if (code_point < 0x10000 || code_point > 0x10ffff)
			return -1;
		*len = 4;
		return code_point;
	}
	return -1;
}

static uint64_t high_bits(const char *at)
{
	uint64_t word;

	memcpy(&word, at, sizeof word);
	return word & 0x8080808080808080u;
}

/* The first byte beyond ASCII at or behind `from`; s.len when there is none. */
static size_t beyond_ascii(struct slice s, size_t from)
{
	while (s.len - from >= 32 && !(high_bits(s.at + from) | high_bits(s.at + from + 8) |
	                               high_bits(s.at + from + 16) | high_bits(s.at + from + 24)))
		from += 32;
	while (s.len - from >= 8 && !high_bits(s.at + from))
		from += 8;
	while (from < s.len && (unsigned char)s.at[from] < 0x80)
		from++;
	return from;
}

bool text_is_utf8(struct slice s, size_t *at)
{
	size_t from = 0, len;

	while ((from = beyond_ascii(s, from)) < s.len) {
		do {
			if (text_decode((struct slice){ s.at + from, s.len - from }, &len) < 0) {
				*at = from;
				return false;
			}
			from += len;
		} while (from < s.len && (unsigned char)s.at[from] >= 0x80);
	}
	return true;
}

size_t text_length(struct slice s)
{
	size_t count = 0, from = 0, next, len;

	while ((next = beyond_ascii(s, from)) < s.len) {
		text_decode((struct slice){ s.at + next, s.len - next }, &len);
		count += next - from + 1;
		from = next + len;
	}
	return count + s.len - from;
}

/* Capitals and small letters take turns, the capitals at even places (odd ones with `odd`). */
struct letters {
	int32_t first, last;
	bool odd;
};

static int32_t fold_pair(int32_t c)
{
	static const struct letters pairs[] = { { 0x100, 0x137, false },   { 0x139, 0x148, true },
		                                { 0x14a, 0x177, false },   { 0x179, 0x17e, true },
		                                { 0x1e00, 0x1e95, false }, { 0x1ea0, 0x1eff, false } };

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
		if (c >= pairs[i].first && c <= pairs[i].last)
			return ((c & 1) != 0) == pairs[i].odd ? c + 1 : c;
	return c;
}

int32_t text_fold(int32_t c)
{
	if (c < 0x80)
		return c >= 'A' && c <= 'Z' ? c + 32 : c;
	if ((c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x391 && c <= 0x3a9) || (c >= 0x410 && c <= 0x42f))
		return c + 32;
	if (c >= 0x400 && c <= 0x40f)
		return c + 80;
	return c == 0x178 ? 0xff : fold_pair(c);
}

/* Characters that are not seen, or that change the order of others: Unicode's Default_Ignorable_Code_Point and
 * Bidi_Control, and the interlinear annotation marks. */
static bool is_hidden(int32_t c)
{
	static const int32_t spans[][2] = {
		{ 0x00ad, 0x00ad },   { 0x034f, 0x034f }, { 0x061c, 0x061c },   { 0x115f, 0x1160 },
		{ 0x17b4, 0x17b5 },   { 0x180b, 0x180f }, { 0x200b, 0x200f },   { 0x202a, 0x202e },
		{ 0x2060, 0x206f },   { 0x3164, 0x3164 }, { 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },
		{ 0xffa0, 0xffa0 },   { 0xfff0, 0xfffb }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
		{ 0xe0000, 0xe0fff },
	};

	for (size_t i = 0; i < sizeof spans / sizeof spans[0]; i++)
		if (c >= spans[i][0] && c <= spans[i][1])
			return true;
	return false;
}

static bool is_line_break(int32_t c)
{
	return c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029;
}

static void show_control(struct buf *b, int32_t c, bool ascii)
{
	if (c == '\t')
		buf_add_char(b, ' ');
	else if (ascii)
		buf_add_char(b, '.');
	else if (is_line_break(c))
		buf_add_text(b, "↵");
	else if (c == 0x7f)
		buf_add_text(b, "␡");
	else if (c < 0x20)
		buf_add(b, (const char[]){ '\xe2', '\x90', (char)(0x80 + c) }, 3); /* U+2400 and on */
	else
		buf_add_text(b, "\ufffd");
}

/* Shows the character in front of s; returns its length. CRLF is one line break. */
static size_t show_one(struct buf *b, struct slice s, bool ascii)
{
	size_t len;
	int32_t c = text_decode(s, &len);

	if ((c >= 0 && c < 0x20) || c == 0x7f || (!ascii && ((c >= 0x80 && c < 0xa0) || is_line_break(c))))
		show_control(b, c, ascii);
	else if (c >= 0x20 && c < 0x7f)
		buf_add_char(b, (char)c);
	else if (ascii)
		buf_add_char(b, '?');
	else if (c < 0 || is_hidden(c))
		buf_add_text(b, "\ufffd");
	else
		buf_add(b, s.at, len);
	return c == '\r' && s.len > 1 && s.at[1] == '\n' ? 2 : len;
}

void text_show(struct buf *b, struct slice s, bool ascii)
{
	for (size_t from = 0; from < s.len;) {
		size_t plain = from;

		while (plain < s.len && s.at[plain] >= 0x20 && s.at[plain] < 0x7f)
			plain++;
		buf_add(b, s.at + from, plain - from);
		from = plain;
		if (from < s.len)
			from += show_one(b, (struct slice){ s.at + from, s.len - from }, ascii);
	}
}

char *text_count(int64_t number, char *to, size_t size)
{
	char digits[24], grouped[32];
	size_t n = (size_t)snprintf(digits, sizeof digits, "%lld", (long long)number);
	size_t sign = number < 0, len = 0;

	for (size_t i = 0; i < n; i++) {
		if (i > sign && (n - i) % 3 == 0)
			grouped[len++] = ',';
		grouped[len++] = digits[i];
	}
	grouped[len] = '\0';
	snprintf(to, size, "%s", grouped);
	return to;
}

void text_wipe(char *text)
{
	if (!text)
		return;
	explicit_bzero(text, strlen(text));
	free(text);
}

void text_hex(const void *bytes, size_t len, char *to)
{
	const unsigned char *from = bytes;

	for (size_t i = 0; i < len; i++) {
		*to++ = "0123456789abcdef"[from[i] >> 4];
		*to++ = "0123456789abcdef"[from[i] & 15];
	}
	*to = '\0';
}

void text_shell_word(struct buf *b, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=@%+,-";

	if (*word && strspn(word, plain) == strlen(word)) {
		buf_add_text(b, word);
		return;
	}
	buf_add_char(b, '\'');
	for (; *word; word++)
		if (*word == '\'')
			buf_add_text(b, "'\\''");
		else
			buf_add_char(b, *word);
	buf_add_char(b, '\'');
}
