#include "core/plan/dependent.h"

#include <string.h>

enum { BITS = 6 /* a character of base64 */ };

/* Which of the controller's values it is: its bit. -1: none of them. */
static int place_of(const struct field *controller, struct slice value)
{
	if (controller->type == FIELD_BOOLEAN)
		return slice_is(value, "true") ? 1 : slice_is(value, "false") ? 0 : -1;
	for (size_t i = 0; i < controller->value_count; i++)
		if (slice_is(value, controller->values[i].value))
			return (int)i;
	return -1;
}

/* The first bit is the highest of the first character. Bits behind the end are not set. */
static bool bit_at(const char *base64, int place)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t at = (size_t)(place / BITS);
	const char *digit = at < strlen(base64) ? strchr(digits, base64[at]) : NULL;

	return digit && ((digit - digits) >> (BITS - 1 - place % BITS) & 1);
}

static bool one_fits(const struct field *field, struct slice value, int place)
{
	for (size_t i = 0; i < field->value_count; i++)
		if (slice_is(value, field->values[i].value))
			return field->values[i].valid_for[0] == '\0' ||
			       bit_at(field->values[i].valid_for, place);
	return true;
}

bool dependent_fits(const struct field *field, struct slice value, const struct field *controller,
                    struct slice controlling)
{
	int place = place_of(controller, controlling);

	while (place >= 0 && value.len > 0) {
		const char *end = field->type == FIELD_MULTIPICKLIST ? memchr(value.at, ';', value.len) : NULL;
		size_t len = end ? (size_t)(end - value.at) : value.len;

		if (!one_fits(field, (struct slice){ value.at, len }, place))
			return false;
		len += end != NULL;
		value = (struct slice){ value.at + len, value.len - len };
	}
	return true;
}
