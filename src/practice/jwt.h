/*
 * jwt.h - a signed JWT (RFC 7519) as the JWT bearer flow sends it: header {"alg":"RS256"}, claims, signature.
 */
#ifndef LONGSHORE_PRACTICE_JWT_H
#define LONGSHORE_PRACTICE_JWT_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct jwt {
	json_t *claims;
};

/* false: no JWT, not of RS256, or not signed by the owner of the key in `pem` (certificate.h). */
bool jwt_open(struct jwt *j, const char *text, const char *pem);
void jwt_close(struct jwt *j); /* also where it could not be opened */

const char *jwt_text(const struct jwt *j, const char *claim); /* "" where there is none, or no text */
bool jwt_is_for(const struct jwt *j, const char *audience);   /* aud is that text, or a list with it */
bool jwt_ends(const struct jwt *j, int64_t *ms);              /* exp, since 1970; false: there is none */

#endif
