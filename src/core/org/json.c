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

enum { WIPE_DEPTH = 8 }; /* no answer with a token nests deeper */

static void wipe_inside(json_t *value, int depth)
{
	const char *text = json_string_value(value), *key;
	json_t *inner;
	size_t i;

	/* jansson gives no other way to its bytes, and frees them as they are */
	if (text)
		explicit_bzero((char *)(uintptr_t)text, strlen(text));
	if (depth == 0)
		return;
	json_object_foreach(value, key, inner) {
		wipe_inside(inner, depth - 1);
	}
	json_array_foreach(value, i, inner) {
		wipe_inside(inner, depth - 1);
	}
}

void json_wipe(json_t *value)
{
	wipe_inside(value, WIPE_DEPTH);
	json_decref(value);
}
