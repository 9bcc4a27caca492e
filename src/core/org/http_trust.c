#include "core/org/http_trust.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void http_trust_release(struct http_trust *trust)
{
	free(trust->ca_file);
	free(trust->certificate_file);
	free(trust->key_file);
	text_wipe(trust->key_passphrase);
	*trust = (struct http_trust){ 0 };
}

static bool copy_text(char **to, const char *from)
{
	*to = from && *from ? strdup(from) : NULL;
	return *to || !from || !*from;
}

static const char *ca_of(const struct settings *settings)
{
	const char *file = settings->ca_file;

	if (!file)
		file = getenv("CURL_CA_BUNDLE");
	if (!file || !*file)
		file = getenv("SSL_CERT_FILE");
	return file;
}

static int give_passphrase(char *to, int size, int writing, void *ctx)
{
	const char *text = ctx;
	size_t len = text ? strlen(text) : 0;

	(void)writing;
	if (len == 0 || len > (size_t)size)
		return -1; /* else OpenSSL would ask the terminal */
	memcpy(to, text, len);
	return (int)len;
}

static enum err_code read_certificate(const char *setting, const char *file, X509 **certificate, struct err *e)
{
	FILE *f = fopen(file, "rbe");

	if (!f)
		return err_set(e, ERR_FILE, "%s cannot be read: %s: %s", setting, file, strerror(errno));
	*certificate = PEM_read_X509_AUX(f, NULL, give_passphrase, NULL);
	fclose(f);
	ERR_clear_error();
	if (*certificate)
		return ERR_OK;
	return err_set(e, ERR_USAGE, "%s holds no certificate in PEM: %s", setting, file);
}

static enum err_code read_key(const struct http_trust *trust, EVP_PKEY **key, struct err *e)
{
	FILE *f = fopen(trust->key_file, "rbe");

	if (!f)
		return err_set(e, ERR_FILE, "client_key_file cannot be read: %s: %s", trust->key_file,
		               strerror(errno));
	*key = PEM_read_PrivateKey(f, NULL, give_passphrase, trust->key_passphrase);
	fclose(f);
	ERR_clear_error();
	if (*key)
		return ERR_OK;
	return err_set(e, ERR_USAGE, "client_key_file holds no private key in PEM%s: %s",
	               trust->key_passphrase ? ", or client_key_passphrase is wrong"
	                                     : ", or it needs client_key_passphrase",
	               trust->key_file);
}

static enum err_code check_client(const struct http_trust *trust, struct err *e)
{
	X509 *certificate = NULL;
	EVP_PKEY *key = NULL;
	enum err_code rc = read_certificate("client_certificate_file", trust->certificate_file, &certificate,
	                                    e);

	if (!rc)
		rc = read_key(trust, &key, e);
	if (!rc && X509_check_private_key(certificate, key) != 1)
		rc = err_set(e, ERR_USAGE, "client_key_file is not the key of client_certificate_file: %s",
		             trust->key_file);
	X509_free(certificate);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return rc;
}

enum err_code http_trust_init(struct http_trust *trust, const struct settings *settings, struct err *e)
{
	const char *ca = ca_of(settings);
	X509 *certificate = NULL;
	enum err_code rc = ERR_OK;

	*trust = (struct http_trust){ 0 };
	if (!copy_text(&trust->ca_file, ca) ||
	    !copy_text(&trust->certificate_file, settings->client_certificate_file) ||
	    !copy_text(&trust->key_file, settings->client_key_file) ||
	    !copy_text(&trust->key_passphrase, settings->client_key_passphrase))
		rc = err_memory(e, "certificates");
	if (!rc && trust->ca_file)
		rc = read_certificate(settings->ca_file ? "ca_file" : "CURL_CA_BUNDLE (or SSL_CERT_FILE)",
		                      trust->ca_file, &certificate, e);
	X509_free(certificate);
	if (!rc && trust->certificate_file)
		rc = check_client(trust, e);
	if (rc)
		http_trust_release(trust);
	return rc;
}

/* "tlsv1 alert protocol version" if the server ended it, "unsupported protocol" if this side did. */
const char *http_trust_words(const char *why)
{
	if (strstr(why, "alert protocol version") || strstr(why, "unsupported protocol"))
		return "it takes no TLS 1.2 or newer, and nothing older is used: let the administrator of "
		       "that server, or of the proxy before it, switch TLS 1.2 on";
	return why;
}
