/*
 * map_json.h - the words of a mapping's JSON form, one row each: what map_file_read() and map_file_write() share.
 */
#ifndef LONGSHORE_PLAN_MAP_JSON_H
#define LONGSHORE_PLAN_MAP_JSON_H

#include <stddef.h>

#include "core/plan/rules.h"

enum map_word_kind {
	WORD_TEXT,
	WORD_ZONE,
	WORD_BLANK,
	WORD_ORDER,
	WORD_SAID,
	WORD_LIST,
	WORD_TABLE,
	WORD_DIGITS
};

struct map_word {
	const char *name;
	enum map_word_kind kind;
	size_t at;    /* in struct cell_rules */
	size_t count; /* of a list or a table: where its length is */
	bool of_all;  /* may be said of all columns at once, too */
};

enum { MAP_WORDS = 13 };
extern const struct map_word map_words[MAP_WORDS];

#endif
