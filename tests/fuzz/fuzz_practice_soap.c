/* fuzz_practice_soap.c - what the practice org makes of a SOAP request: XML with namespaces, login() and logout(). */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "practice/soap_read.h"

enum { MOST_WHY = 1 << 20, MOST_VALUE = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool so)
{
	if (!so)
		abort();
}

static void must_be_small(const struct buf *b)
{
	must(b->len <= MOST_VALUE && strlen(buf_text(b)) == b->len); /* XML has no NUL */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *own = malloc(size + 1); /* so that a look beyond the end is seen */
	struct soap_request request;
	struct buf why;

	memcpy(own, data, size);
	buf_init(&why, MOST_WHY);
	must(soap_read(&request, (struct slice){ own, size }, &why) == (why.len == 0));
	must_be_small(&request.operation);
	must_be_small(&request.username);
	must_be_small(&request.password);
	must_be_small(&request.session);
	soap_request_release(&request);
	buf_release(&why);
	free(own);
	return 0;
}
