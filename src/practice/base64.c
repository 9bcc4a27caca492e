#include "practice/base64.h"

#include <openssl/evp.h>
#include <string.h>

enum { OPENSSL_MOST = 1 << 20 }; /* its lengths are ints */

void base64_encode(const unsigned char *bytes, size_t len, char *to)
{
	EVP_EncodeBlock((unsigned char *)to, bytes, (int)len);
}

void base64_encode_url(const unsigned char *bytes, size_t len, char *to)
{
	base64_encode(bytes, len, to);
	for (char *at = to; *at; at++) {
		if (*at == '+')
			*at = '-';
		else if (*at == '/')
			*at = '_';
		else if (*at == '=')
			*at = '\0';
		if (!*at)
			break;
	}
}

/* The text is in the plain alphabet with its filling signs, and not empty. */
static bool decode_plain(struct slice text, struct buf *to)
{
	size_t filling = text.at[text.len - 1] != '=' ? 0 : text.at[text.len - 2] != '=' ? 1 : 2;
	char *room = buf_reserve(to, text.len);
	int len;

	if (!room)
		return false;
	len = EVP_DecodeBlock((unsigned char *)room, (const unsigned char *)text.at, (int)text.len);
	if (len < 0)
		return false;
	buf_grow(to, (size_t)len - filling);
	return true;
}

/* EVP_DecodeBlock() looks past blanks around and takes a filling sign anywhere; here neither is right. */
static bool is_plain(struct slice text)
{
	size_t len = text.len;

	if (len == 0 || len % 4 != 0 || len > OPENSSL_MOST)
		return false;
	for (int i = 0; i < 2 && text.at[len - 1] == '='; i++)
		len--;
	for (size_t i = 0; i < len; i++) {
		char c = text.at[i];

		if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '+' &&
		    c != '/')
			return false;
	}
	return true;
}

bool base64_decode(struct slice text, struct buf *to)
{
	return is_plain(text) && decode_plain(text, to);
}

bool base64_decode_url(struct slice text, struct buf *to)
{
	struct buf plain;
	bool good = true;

	buf_init(&plain, OPENSSL_MOST);
	for (size_t i = 0; i < text.len && good; i++) {
		char c = text.at[i];

		good = c != '+' && c != '/';
		buf_add_char(&plain, c == '-' ? '+' : c == '_' ? '/' : c);
	}
	while (plain.len % 4 != 0)
		buf_add_char(&plain, '=');
	good = good && !plain.short_of && base64_decode(buf_slice(&plain), to);
	buf_release(&plain);
	return good;
}
