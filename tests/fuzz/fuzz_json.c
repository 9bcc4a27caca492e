/* fuzz_json.c - any bytes as JSON or JSON Lines: refused with a sentence, or records. The first byte says which of the two. */
#include <stdint.h>

#include "fuzz_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source_options options = { .encoding = ENCODING_UTF_8 };

	if (size < 1)
		return 0;
	options.format = data[0] % 2 ? FORMAT_JSONL : FORMAT_JSON;
	fuzz_write((struct slice){ (const char *)data + 1, size - 1 });
	fuzz_open(&options);
	return 0;
}
