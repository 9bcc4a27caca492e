/*
 * jwt.h - the assertion of OAuth's JWT bearer flow (salesforce-api.md A2): RS256, signed by OpenSSL.
 * The key and its passphrase are the caller's and are not kept.
 */
#ifndef LONGSHORE_ORG_JWT_H
#define LONGSHORE_ORG_JWT_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct jwt_claims {
	const char *issuer;   /* the app's consumer key */
	const char *subject;  /* the user's name */
	const char *audience; /* "https://login.salesforce.com" */
	int64_t expires_s;    /* UTC; the org takes at most three minutes ahead */
};

/* Adds the assertion. `pem` is an RSA private key (PKCS#1 or PKCS#8), `passphrase` what protects it, or NULL. ERR_USAGE
 * with a sentence for no key, a key of another kind, and a missing or wrong passphrase. It is good for signing in: the
 * caller wipes it. */
enum err_code jwt_write(struct buf *to, const struct jwt_claims *claims, const char *pem,
                        const char *passphrase, struct err *e);

/* base64url without padding (RFC 7515), added to `to`. */
void jwt_base64(struct buf *to, const void *bytes, size_t len);

#endif
