/* fuzz_json.c - any bytes as JSON, JSON Lines or Singer messages: refused with a sentence, or records. The first byte says as which. */
#include <stdint.h>

#include "fuzz_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum format formats[] = { FORMAT_JSON, FORMAT_JSONL, FORMAT_SINGER };
	struct source_options options = { .encoding = ENCODING_UTF_8 };

	if (size < 1)
		return 0;
	options.format = formats[data[0] % 3];
	fuzz_write((struct slice){ (const char *)data + 1, size - 1 });
	fuzz_open(&options);
	return 0;
}
