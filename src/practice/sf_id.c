#include "practice/sf_id.h"

#include <string.h>

enum { SHORT = 15, POD = 3, NUMBER_AT = 6 };

static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
static const char guards[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";
static const char pod[] = "5e0", foreign_pod[] = "000";

static bool is_letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static void add_guard(char id[SF_ID_ROOM])
{
	for (int group = 0; group < 3; group++) {
		unsigned capitals = 0;

		for (int i = 0; i < 5; i++) {
			char c = id[group * 5 + i];

			if (c >= 'A' && c <= 'Z')
				capitals |= 1u << i;
		}
		id[SHORT + group] = guards[capitals];
	}
	id[SF_ID] = '\0';
}

static void write_id(const char prefix[4], const char of[4], uint32_t number, char to[SF_ID_ROOM])
{
	memcpy(to, prefix, 3);
	memcpy(to + POD, of, 3);
	for (int i = SHORT - 1; i >= NUMBER_AT; i--) {
		to[i] = digits[number % 62];
		number /= 62;
	}
	add_guard(to);
}

void sf_id_text(const char prefix[4], uint32_t number, char to[SF_ID_ROOM])
{
	write_id(prefix, pod, number, to);
}

void sf_id_foreign(const char prefix[4], uint32_t number, char to[SF_ID_ROOM])
{
	write_id(prefix, foreign_pod, number, to);
}

void sf_id_full(struct slice text, char to[SF_ID_ROOM])
{
	memcpy(to, text.at, SHORT);
	add_guard(to);
}

/* The value of a base 62 digit; the text is known to hold letters and digits only. */
static unsigned digit_value(char c)
{
	if (c <= '9')
		return (unsigned)(c - '0');
	if (c <= 'Z')
		return (unsigned)(c - 'A') + 10;
	return (unsigned)(c - 'a') + 36;
}

enum sf_id_kind sf_id_read(struct slice text, char prefix[4], uint32_t *number)
{
	char full[SF_ID_ROOM];
	uint64_t value = 0;

	if (text.len != SHORT && text.len != SF_ID)
		return SF_ID_MALFORMED;
	for (size_t i = 0; i < text.len; i++)
		if (!is_letter_or_digit(text.at[i]))
			return SF_ID_MALFORMED;
	sf_id_full(text, full);
	if (text.len == SF_ID && memcmp(full, text.at, SF_ID) != 0)
		return SF_ID_MALFORMED;
	memcpy(prefix, full, 3);
	prefix[3] = '\0';
	for (int i = NUMBER_AT; i < SHORT; i++)
		value = value * 62 + digit_value(full[i]);
	if (memcmp(full + POD, pod, 3) != 0 || value == 0 || value > UINT32_MAX)
		return SF_ID_FOREIGN;
	*number = (uint32_t)value;
	return SF_ID_OURS;
}
