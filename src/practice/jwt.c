#include "practice/jwt.h"

#include <openssl/evp.h>
#include <string.h>

#include "practice/base64.h"
#include "practice/certificate.h"

enum { MOST_PART = 64 * 1024 };

#define MOST_SECONDS 1e12 /* what is beyond cannot be meant */

/* Its three parts as they stand; `signed_part` is the first two with their dot. */
struct parts {
	struct slice header, claims, signature, signed_part;
};

static bool split(const char *text, struct parts *p)
{
	const char *first = strchr(text, '.');
	const char *second = first ? strchr(first + 1, '.') : NULL;

	if (!second || strchr(second + 1, '.'))
		return false;
	p->header = (struct slice){ text, (size_t)(first - text) };
	p->claims = (struct slice){ first + 1, (size_t)(second - first - 1) };
	p->signature = slice_of(second + 1);
	p->signed_part = (struct slice){ text, (size_t)(second - text) };
	return true;
}

/* The object of a part, NULL if it is none. */
static json_t *read_part(struct slice part)
{
	struct buf text;
	json_t *json = NULL;

	buf_init(&text, MOST_PART);
	if (base64_decode_url(part, &text))
		json = json_loadb(buf_text(&text), text.len, JSON_REJECT_DUPLICATES, NULL);
	buf_release(&text);
	if (json_is_object(json))
		return json;
	json_decref(json);
	return NULL;
}

static bool is_rs256(struct slice part)
{
	json_t *header = read_part(part);
	const char *algorithm = json_string_value(json_object_get(header, "alg"));
	bool fits = algorithm && strcmp(algorithm, "RS256") == 0;

	json_decref(header);
	return fits;
}

static bool is_signed(const struct parts *p, const char *pem)
{
	EVP_PKEY *key = certificate_key(pem);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	struct buf signature;
	bool fits;

	buf_init(&signature, MOST_PART);
	fits = key && ctx && base64_decode_url(p->signature, &signature) &&
	       EVP_DigestVerifyInit(ctx, NULL, EVP_sha256(), NULL, key) == 1 &&
	       EVP_DigestVerify(ctx, (const unsigned char *)signature.at, signature.len,
	                        (const unsigned char *)p->signed_part.at, p->signed_part.len) == 1;
	buf_release(&signature);
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return fits;
}

bool jwt_open(struct jwt *j, const char *text, const char *pem)
{
	struct parts parts;

	j->claims = NULL;
	if (split(text, &parts) && is_rs256(parts.header) && is_signed(&parts, pem))
		j->claims = read_part(parts.claims);
	return j->claims != NULL;
}

void jwt_close(struct jwt *j)
{
	json_decref(j->claims);
	j->claims = NULL;
}

const char *jwt_text(const struct jwt *j, const char *claim)
{
	const char *text = json_string_value(json_object_get(j->claims, claim));

	return text ? text : "";
}

bool jwt_is_for(const struct jwt *j, const char *audience)
{
	const json_t *named = json_object_get(j->claims, "aud");
	json_t *item;
	size_t i;

	if (json_is_string(named))
		return strcmp(json_string_value(named), audience) == 0;
	json_array_foreach(named, i, item) {
		if (json_is_string(item) && strcmp(json_string_value(item), audience) == 0)
			return true;
	}
	return false;
}

bool jwt_ends(const struct jwt *j, int64_t *ms)
{
	const json_t *end = json_object_get(j->claims, "exp");
	double seconds = json_number_value(end);

	if (!json_is_number(end) || seconds < 0 || seconds > MOST_SECONDS)
		return false;
	*ms = (int64_t)(seconds * 1000);
	return true;
}
