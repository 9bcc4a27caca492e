#include "ui/console/theme.h"

#include <stddef.h>

struct row {
	char letter;
	enum tint tint;
	unsigned weight, mono;
};

static const struct row rows[] = {
#define X(name, letter, tint, weight, mono) { letter, TINT_##tint, weight, mono },
	STYLES(X)
#undef X
};

struct look theme_look(enum style style, bool mono)
{
	const struct row *row = &rows[style];

	if (mono)
		return (struct look){ TINT_DEFAULT, row->mono };
	return (struct look){ row->tint, row->weight };
}

char theme_letter(enum style style)
{
	return rows[style].letter;
}

struct twin {
	int32_t sign;
	char ascii;
};

/* clang-format off */
static const struct twin twins[] = {
	{ 0x2713, '+' }, /* tick */
	{ 0x2717, 'x' }, /* cross */
	{ 0x2016, '=' }, /* double bar: halted, paused */
	{ 0x25b6, '>' }, /* running */
	{ 0x25b8, '>' }, /* the row under the cursor */
	{ 0x2500, '-' }, { 0x2502, '|' },
	{ 0x250c, '+' }, { 0x2510, '+' }, { 0x2514, '+' }, { 0x2518, '+' },
	{ 0x2588, '#' }, { 0x2592, '=' }, { 0x2591, '.' },
	{ 0x2581, '_' }, { 0x2582, '.' }, { 0x2583, ',' }, { 0x2584, '-' },
	{ 0x2585, '=' }, { 0x2586, '+' }, { 0x2587, '*' },
	{ 0x203a, '>' }, { 0x00b7, '-' }, { 0x2026, '~' }, { 0x2013, '-' },
	{ 0x2190, '<' }, { 0x2192, '>' }, { 0x2191, '^' }, { 0x2193, 'v' },
	{ 0x21b5, '.' },
};
/* clang-format on */

int32_t theme_twin(int32_t code_point)
{
	if (code_point >= 0x20 && code_point < 0x7f)
		return code_point;
	for (size_t i = 0; i < sizeof twins / sizeof twins[0]; i++)
		if (twins[i].sign == code_point)
			return twins[i].ascii;
	return '?';
}
