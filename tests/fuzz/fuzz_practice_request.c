/*
 * fuzz_practice_request.c - a request as on the wire: "METHOD PATH?ARGUMENTS", headers, an empty line, a body. Whatever it
 * says, the practice org answers with a status of HTTP. Jobs it starts are worked on.
 */
#include "fuzz_org.h"

/* The text up to `end`, which is passed over; what is left begins behind it. */
static char *cut(char **rest, const char *end)
{
	char *from = *rest, *at = strstr(from, end);

	if (at) {
		*at = '\0';
		*rest = at + strlen(end);
	} else {
		*rest = from + strlen(from);
	}
	return from;
}

static void read_arguments(char *text)
{
	fuzz_argument_count = 0;
	while (*text && fuzz_argument_count < FUZZ_PAIRS) {
		char *pair = cut(&text, "&");
		char *name = cut(&pair, "=");

		fuzz_arguments[fuzz_argument_count++] = (struct fuzz_pair){ name, pair };
	}
}

static void read_headers(char **rest)
{
	fuzz_header_count = 0;
	while (**rest && fuzz_header_count < FUZZ_PAIRS) {
		char *line = cut(rest, "\n");
		char *name = cut(&line, ": ");

		if (!*name)
			return;
		fuzz_headers[fuzz_header_count++] = (struct fuzz_pair){ name, line };
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct practice *p = fuzz_org();
	char *text = malloc(size + 1), *rest = text, *line, *method, *path;
	struct buf body;
	int status;

	memcpy(text, data, size);
	text[size] = '\0';
	line = cut(&rest, "\n");
	method = cut(&line, " ");
	path = cut(&line, "?");
	read_arguments(line);
	read_headers(&rest);
	buf_init(&body, 1 << 20);
	buf_add(&body, rest, (size_t)(text + size - rest));
	if (path[0] == '/') {
		status = fuzz_ask(p, method, path, &body);
		if (status < 200 || status > 599)
			abort();
		fuzz_work(p);
	}
	buf_release(&body);
	free(text);
	return 0;
}
