/*
 * fuzz_practice_jwt.c - what the practice org makes of an assertion. The first byte says how the rest is one: as it stands,
 * or as the bytes of its header and claims, which are encoded and signed here, so that what lies behind the signature is
 * reached too.
 */
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "practice/base64.h"
#include "practice/jwt.h"

enum { KEY_BITS = 512 /* signs fast, and guards nothing */, MOST_TEXT = 1 << 20, MOST_PEM = 4096 };

#define MOST_MS 1e15

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static EVP_PKEY *key;
static char pem[MOST_PEM];

static void must(bool so)
{
	if (!so)
		abort();
}

static void make_key(void)
{
	BIO *out = BIO_new(BIO_s_mem());
	char *text;
	long len;

	key = EVP_RSA_gen(KEY_BITS);
	must(key && PEM_write_bio_PUBKEY(out, key));
	len = BIO_get_mem_data(out, &text);
	must(len > 0 && len < MOST_PEM);
	memcpy(pem, text, (size_t)len);
	BIO_free(out);
}

static void add_part(struct buf *to, const unsigned char *bytes, size_t len)
{
	char *text = buf_reserve(to, BASE64_ROOM(len));

	must(text != NULL);
	base64_encode_url(bytes, len, text);
	buf_grow(to, strlen(text));
}

static void sign(struct buf *jwt)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	unsigned char signature[KEY_BITS / 8];
	size_t len = sizeof signature;

	must(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
	     EVP_DigestSign(ctx, signature, &len, (const unsigned char *)jwt->at, jwt->len) == 1);
	EVP_MD_CTX_free(ctx);
	buf_add_char(jwt, '.');
	add_part(jwt, signature, len);
}

/* What a sign-in asks of the claims; the answers are within their bounds. */
static void ask(const struct jwt *j)
{
	static const char *const claims[] = { "iss", "sub", "aud" };
	int64_t ms = 0;

	for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++)
		must(jwt_text(j, claims[i]) != NULL);
	jwt_is_for(j, "https://login.salesforce.com");
	must(!jwt_ends(j, &ms) || (ms >= 0 && (double)ms <= MOST_MS));
}

static bool read_jwt(const char *text)
{
	struct jwt j;
	bool read = jwt_open(&j, text, pem);

	must(read == (j.claims != NULL));
	if (read)
		ask(&j);
	jwt_close(&j);
	return read;
}

/* The claims end the input, the header stands before them and ends in a line break; without one it is a right one. */
static void read_signed(const uint8_t *data, size_t size)
{
	static const char right[] = "{\"alg\":\"RS256\"}";
	const uint8_t *end = memchr(data, '\n', size);
	size_t header = end ? (size_t)(end - data) : 0;
	struct buf jwt;

	buf_init(&jwt, MOST_TEXT);
	if (end)
		add_part(&jwt, data, header);
	else
		add_part(&jwt, (const unsigned char *)right, sizeof right - 1);
	buf_add_char(&jwt, '.');
	add_part(&jwt, end ? end + 1 : data, end ? size - header - 1 : size);
	sign(&jwt);
	if (read_jwt(buf_text(&jwt))) {
		jwt.at[0] = jwt.at[0] == 'e' ? 'f' : 'e'; /* a byte that was not signed */
		must(!read_jwt(buf_text(&jwt)));
	}
	buf_release(&jwt);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text;

	if (!key)
		make_key();
	if (size == 0)
		return 0;
	if (data[0] % 2) {
		read_signed(data + 1, size - 1);
		return 0;
	}
	text = strndup((const char *)data + 1, size - 1);
	must(!read_jwt(text)); /* nobody has its key */
	free(text);
	return 0;
}
