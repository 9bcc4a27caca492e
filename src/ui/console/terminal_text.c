#include "ui/console/terminal_text.h"

#include <stdint.h>

void terminal_add_base64(struct buf *b, struct slice bytes)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < bytes.len; i += 3) {
		size_t left = bytes.len - i;
		uint32_t three = (uint32_t)(unsigned char)bytes.at[i] << 16;

		if (left > 1)
			three |= (uint32_t)(unsigned char)bytes.at[i + 1] << 8;
		if (left > 2)
			three |= (unsigned char)bytes.at[i + 2];
		buf_add_char(b, letters[three >> 18]);
		buf_add_char(b, letters[three >> 12 & 63]);
		buf_add_char(b, left > 1 ? letters[three >> 6 & 63] : '=');
		buf_add_char(b, left > 2 ? letters[three & 63] : '=');
	}
}
