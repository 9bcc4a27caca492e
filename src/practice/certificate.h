/*
 * certificate.h - certificates and keys in PEM: whose signatures the org trusts (JWT bearer), and what it shows itself
 * (--tls).
 */
#ifndef LONGSHORE_PRACTICE_CERTIFICATE_H
#define LONGSHORE_PRACTICE_CERTIFICATE_H

#include <stdbool.h>
#include <openssl/types.h>

#include "base/err.h"

/* The public RSA key of a certificate, or one that stands alone; the caller frees it. NULL: there is none. */
EVP_PKEY *certificate_key(const char *pem);
bool certificate_holds_key(const char *pem);

/* Reads a file that holds one of these; *pem is the caller's to free. ERR_FILE. */
enum err_code certificate_load(const char *path, char **pem, struct err *e);

/* Reads a certificate and the private key that belongs to it; both are the caller's to free, also after an error.
 * ERR_FILE. */
enum err_code certificate_load_pair(const char *path, const char *key_path, char **pem, char **key_pem,
                                    struct err *e);

#endif
