/* settings_own.h - the list of settings, for the files that read and keep them. Private to src/core/org. */
#ifndef LONGSHORE_ORG_SETTINGS_OWN_H
#define LONGSHORE_ORG_SETTINGS_OWN_H

#include "core/org/settings.h"

enum setting_kind { SETTING_TEXT, SETTING_PATH, SETTING_TRUTH };
enum setting_use {
	SETTING_SHOWN,
	SETTING_SECRET,
	SETTING_OF_LOAD
}; /* may be told; a secret; no part of signing in */

struct setting_key {
	const char *name;
	enum setting_kind kind;
	enum setting_use use;
	size_t at; /* in struct settings */
};

/* The i-th of them; NULL behind the last. */
const struct setting_key *setting_key(size_t i);
const struct setting_key *setting_find(const char *name); /* NULL: there is none */

/* Where its text stands; not of a truth. */
char **setting_text(struct settings *settings, const struct setting_key *key);

/* An empty text is as good as none. */
enum err_code setting_set_text(struct settings *settings, const struct setting_key *key, const char *value,
                               struct err *e);
void setting_set_truth(struct settings *settings, bool value);

#endif
