#include "store/record_id.h"

#include <string.h>

static bool letter_or_digit(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

void record_id_suffix(const char *core, char to[4])
{
	static const char codes[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

	for (int part = 0; part < 3; part++) {
		unsigned capitals = 0;

		for (int i = 0; i < 5; i++)
			if (core[part * 5 + i] >= 'A' && core[part * 5 + i] <= 'Z')
				capitals |= 1U << i;
		to[part] = codes[capitals];
	}
	to[3] = '\0';
}

bool record_id_sound(const char *text, size_t len)
{
	char suffix[4];

	if (len != RECORD_ID_CORE && len != RECORD_ID_FULL)
		return false;
	for (size_t i = 0; i < len; i++)
		if (!letter_or_digit(text[i]))
			return false;
	if (len == RECORD_ID_CORE)
		return true;
	record_id_suffix(text, suffix);
	return memcmp(text + RECORD_ID_CORE, suffix, 3) == 0;
}

void record_id_bind(sqlite3_stmt *stmt, int at, const char *id, const char *prefix)
{
	size_t len = strlen(id);

	if (len == 0)
		sqlite3_bind_null(stmt, at);
	else if (!record_id_sound(id, len))
		sqlite3_bind_blob(stmt, at, id, (int)len, SQLITE_STATIC);
	else if (strncmp(id, prefix, RECORD_ID_PREFIX) == 0)
		sqlite3_bind_text(stmt, at, id + RECORD_ID_PREFIX, RECORD_ID_CORE - RECORD_ID_PREFIX,
		                  SQLITE_STATIC);
	else
		sqlite3_bind_text(stmt, at, id, RECORD_ID_CORE, SQLITE_STATIC);
}

void record_id_read(sqlite3_stmt *stmt, int column, const char *prefix, char to[RECORD_ID_FULL + 1])
{
	const char *kept = sqlite3_column_blob(stmt, column);
	size_t len = (size_t)sqlite3_column_bytes(stmt, column);
	size_t front = 0;

	if (len > RECORD_ID_FULL)
		len = RECORD_ID_FULL;
	if (sqlite3_column_type(stmt, column) == SQLITE_TEXT && len == RECORD_ID_CORE - RECORD_ID_PREFIX)
		front = strnlen(prefix, RECORD_ID_PREFIX);
	memcpy(to, prefix, front);
	if (len)
		memcpy(to + front, kept, len);
	to[front + len] = '\0';
	if (sqlite3_column_type(stmt, column) == SQLITE_TEXT && front + len == RECORD_ID_CORE)
		record_id_suffix(to, to + RECORD_ID_CORE);
}
