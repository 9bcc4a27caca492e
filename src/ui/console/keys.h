/* keys.h - a key as the screens see it, and its name for people. The terminal makes them out of bytes. */
#ifndef LONGSHORE_CONSOLE_KEYS_H
#define LONGSHORE_CONSOLE_KEYS_H

#include <stdbool.h>
#include <stdint.h>

/* clang-format off */
#define KEY_CODES(X)                                                                                      \
	X(NONE, "") X(CHAR, "") X(CTRL, "Ctrl-") X(ENTER, "Enter") X(ESC, "Esc") X(TAB, "Tab")            \
	X(BACKTAB, "Shift-Tab") X(BACKSPACE, "Backspace") X(DELETE, "Delete") X(UP, "Up") X(DOWN, "Down") \
	X(LEFT, "←") X(RIGHT, "→") X(HOME, "Home") X(END, "End") X(PGUP, "PgUp") X(PGDN, "PgDn") X(F1, "F1")
/* clang-format on */

enum key_code {
#define X(name, text) K_##name,
	KEY_CODES(X)
#undef X
};

struct key {
	enum key_code code;
	int32_t c; /* of K_CHAR: the code point; of K_CTRL: the letter, 'a' to 'z' */
};

/* "Enter", "Space", "Ctrl-D", "p"; into `to`, which is returned. */
enum { KEY_NAME = 16 };
const char *key_text(struct key key, char to[KEY_NAME]);

bool key_is(struct key key, enum key_code code, int32_t c);

#endif
