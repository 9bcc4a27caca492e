/*
 * fuzz_xlsx.c - any bytes as a workbook: refused with a sentence, or records. What begins as a zip file is one; all else are the texts
 * of its parts, with 0xFF between them: the sheet's rows, the shared texts, the formats, the workbook.
 */
#include <stdint.h>

#include "../unit/workbook_fixture.h"
#include "fuzz_source.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct slice next_part(struct slice *rest)
{
	const char *end = rest->len ? memchr(rest->at, '\xff', rest->len) : NULL;
	struct slice part = { rest->at, end ? (size_t)(end - rest->at) : rest->len };
	size_t used = part.len + (end != NULL);

	*rest = (struct slice){ rest->at + used, rest->len - used };
	return part;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = { (const char *)data, size };
	const struct source_options options = { .format = FORMAT_XLSX };

	if (size > 4 && memcmp(data, "PK\x03\x04", 4) == 0) {
		fuzz_write(rest);
	} else {
		struct workbook_parts parts = { .bare = true };

		parts.sheet = next_part(&rest);
		parts.shared = next_part(&rest);
		parts.styles = next_part(&rest);
		parts.book = next_part(&rest);
		must(workbook_write(fuzz_file(), &parts));
	}
	fuzz_open(&options);
	return 0;
}
