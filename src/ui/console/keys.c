#include "ui/console/keys.h"

#include <stdio.h>

static const char *const names[] = {
#define X(name, text) text,
	KEY_CODES(X)
#undef X
};

const char *key_text(struct key key, char to[KEY_NAME])
{
	if (key.code == K_CHAR && key.c == ' ')
		snprintf(to, KEY_NAME, "Space");
	else if (key.code == K_CHAR)
		snprintf(to, KEY_NAME, "%c", (char)key.c);
	else if (key.code == K_CTRL)
		snprintf(to, KEY_NAME, "Ctrl-%c", (char)(key.c - 'a' + 'A'));
	else
		snprintf(to, KEY_NAME, "%s", names[key.code]);
	return to;
}

bool key_is(struct key key, enum key_code code, int32_t c)
{
	return key.code == code && ((code != K_CHAR && code != K_CTRL) || key.c == c);
}
