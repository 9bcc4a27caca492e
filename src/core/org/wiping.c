#include "core/org/wiping.h"

#include <jansson.h>
#include <malloc.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

void wiping_free(void *bytes)
{
	if (bytes)
		explicit_bzero(bytes, malloc_usable_size(bytes));
	free(bytes);
}

void *wiping_realloc(void *bytes, size_t len)
{
	size_t before = bytes ? malloc_usable_size(bytes) : 0;
	void *to;

	if (bytes && len && len <= before && len > before / 2)
		return bytes;
	to = malloc(len ? len : 1);
	if (!to)
		return NULL;
	if (before)
		memcpy(to, bytes, before < len ? before : len);
	wiping_free(bytes);
	return to;
}

static void *openssl_malloc(size_t len, const char *file, int line)
{
	(void)file;
	(void)line;
	return len ? malloc(len) : NULL;
}

static void *openssl_realloc(void *bytes, size_t len, const char *file, int line)
{
	(void)file;
	(void)line;
	if (len)
		return wiping_realloc(bytes, len);
	wiping_free(bytes);
	return NULL;
}

static void openssl_free(void *bytes, const char *file, int line)
{
	(void)file;
	(void)line;
	wiping_free(bytes);
}

void wiping_begin(void)
{
	CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free);
	/* a thread of the console may be in it when the process ends: nothing is taken away underneath */
	OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, NULL);
	json_set_alloc_funcs(malloc, wiping_free);
}
