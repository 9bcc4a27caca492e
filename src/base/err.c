#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void err_init(struct err *e)
{
	e->code = ERR_OK;
	e->text[0] = '\0';
}

/* Ends a cut text with an ellipsis, at a character's border. */
static void end_cut(char *text, size_t size)
{
	size_t at = size - sizeof "…";

	while (at > 0 && ((unsigned char)text[at] & 0xc0) == 0x80)
		at--;
	memcpy(text + at, "…", sizeof "…");
}

enum err_code err_set(struct err *e, enum err_code code, const char *format, ...)
{
	va_list args;
	int n;

	if (!e || e->code != ERR_OK)
		return e ? e->code : code;
	e->code = code;
	va_start(args, format);
	n = vsnprintf(e->text, sizeof e->text, format, args);
	va_end(args);
	if (n >= (int)sizeof e->text)
		end_cut(e->text, sizeof e->text);
	return code;
}

enum err_code err_add(struct err *e, const char *format, ...)
{
	char cause[sizeof e->text];
	va_list args;
	int n, more;

	memcpy(cause, e->text, sizeof cause);
	va_start(args, format);
	n = vsnprintf(e->text, sizeof e->text, format, args);
	va_end(args);
	if (n < 0 || n >= (int)sizeof e->text) {
		end_cut(e->text, sizeof e->text);
		return e->code;
	}
	more = snprintf(e->text + n, sizeof e->text - (size_t)n, ": %s", cause);
	if (more >= (int)sizeof e->text - n)
		end_cut(e->text, sizeof e->text);
	return e->code;
}

enum err_code err_memory(struct err *e, const char *what)
{
	return err_set(e, ERR_INTERNAL, "no memory for %s", what);
}

int err_exit_status(enum err_code code)
{
	static const int statuses[] = {
#define X(code, status, when) [ERR_##code] = status,
		ERR_CODES(X)
#undef X
	};

	return statuses[code];
}
