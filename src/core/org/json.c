#include "core/org/json.h"

#include <stdint.h>
#include <string.h>

json_t *json_read(struct slice text)
{
	return text.len ? json_loadb(text.at, text.len, JSON_DECODE_ANY, NULL) : NULL;
}

const char *json_text(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

void json_wipe(json_t *value)
{
	const char *key;
	json_t *inner;

	json_object_foreach(value, key, inner) {
		const char *text = json_string_value(inner);

		/* jansson gives no other way to its bytes, and frees them as they are */
		if (text)
			explicit_bzero((char *)(uintptr_t)text, strlen(text));
	}
	json_decref(value);
}
