/*
 * http_trust.h - whose certificates are believed, and the certificate that one shows oneself: PEM files of the operator's
 * choice. They are looked at once, so that a wrong one is a sentence and not a connection that fails for ever.
 */
#ifndef LONGSHORE_ORG_HTTP_TRUST_H
#define LONGSHORE_ORG_HTTP_TRUST_H

#include "base/err.h"
#include "core/org/settings.h"

struct http_trust {
	char *ca_file; /* NULL: the system's store alone */
	char *certificate_file, *key_file, *key_passphrase;
};

/* From the settings, else CURL_CA_BUNDLE and SSL_CERT_FILE as the curl program takes them. ERR_USAGE or ERR_FILE, naming
 * the setting and the file: unreadable, no certificate, a key that does not belong to it, a wrong passphrase. */
enum err_code http_trust_init(struct http_trust *trust, const struct settings *settings, struct err *e);

void http_trust_release(struct http_trust *trust); /* wipes the passphrase */

/* What a failed connection means, where the TLS library's words (`why`) tell no next step: TLS older than 1.2. Else `why`. */
const char *http_trust_words(const char *why);

#endif
