/*
 * theme.h - what a cell means, how that looks, and the ASCII twins of the signs.
 *
 * Screens name meanings, never colours. Two themes: the terminal's own colours, and mono. Colour never carries a meaning
 * alone: every state has a sign too. ORG and PRACTICE are what an org's name looks like by its kind, ORG_RED and so on what
 * it looks like in the colour that the operator gave it (store/orgs.h); production without one is PRODUCTION.
 */
#ifndef LONGSHORE_CONSOLE_THEME_H
#define LONGSHORE_CONSOLE_THEME_H

#include <stdbool.h>
#include <stdint.h>

/* clang-format off */
/* X(meaning, letter in a dump of styles, tint, weight with colours, weight in mono) */
#define STYLES(X)                                                          \
	X(PLAIN,      ' ', DEFAULT, 0,           0)                        \
	X(TITLE,      't', DEFAULT, WEIGHT_BOLD, WEIGHT_BOLD)              \
	X(DIM,        'd', DEFAULT, WEIGHT_DIM,  0)                        \
	X(HEADING,    'h', BLUE,    WEIGHT_BOLD, WEIGHT_BOLD)              \
	X(GOOD,       'g', GREEN,   0,           0)                        \
	X(BAD,        'b', RED,     WEIGHT_BOLD, WEIGHT_BOLD)              \
	X(WARN,       'w', YELLOW,  0,           WEIGHT_BOLD)              \
	X(DOUBT,      'q', MAGENTA, WEIGHT_BOLD, WEIGHT_BOLD)              \
	X(LIVE,       'l', CYAN,    0,           WEIGHT_BOLD)              \
	X(PRODUCTION, 'P', RED,     WEIGHT_BOLD, WEIGHT_BOLD)              \
	X(ORG,        'o', GREEN,   0,           0)                        \
	X(PRACTICE,   'a', CYAN,    0,           0)                        \
	X(ORG_RED,    '1', RED,     0,           0)                        \
	X(ORG_YELLOW, '2', YELLOW,  0,           0)                        \
	X(ORG_GREEN,  '3', GREEN,   0,           0)                        \
	X(ORG_BLUE,   '4', BLUE,    0,           0)                        \
	X(ORG_MAGENTA,'5', MAGENTA, 0,           0)                        \
	X(ORG_CYAN,   '6', CYAN,    0,           0)                        \
	X(ORG_WHITE,  '7', WHITE,   0,           0)                        \
	X(KEY,        'k', CYAN,    WEIGHT_BOLD, WEIGHT_BOLD)              \
	X(ERROR,      'e', RED,     WEIGHT_BOLD, WEIGHT_BOLD)              \
	X(INPUT,      'i', DEFAULT, WEIGHT_UNDERLINE, WEIGHT_UNDERLINE)

#define TINTS(X) X(DEFAULT) X(RED) X(GREEN) X(YELLOW) X(BLUE) X(MAGENTA) X(CYAN) X(WHITE)
/* clang-format on */

enum style {
#define X(name, letter, tint, weight, mono) STYLE_##name,
	STYLES(X)
#undef X
		STYLE_COUNT
};

enum tint {
#define X(name) TINT_##name,
	TINTS(X)
#undef X
		TINT_COUNT
};

enum { WEIGHT_BOLD = 1, WEIGHT_DIM = 2, WEIGHT_UNDERLINE = 4 };

struct look {
	enum tint tint;
	unsigned weight; /* of WEIGHT_ bits */
};

struct look theme_look(enum style style, bool mono);
char theme_letter(enum style style);

/* What stands for a sign on a terminal without UTF-8: '+' for a tick, '#' for a full block. ASCII stays as it is, and
 * what has no twin becomes '?'. */
int32_t theme_twin(int32_t code_point);

#endif
