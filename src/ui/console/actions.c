#include "ui/console/actions.h"

static const struct action_row rows[] = {
#define X(name, key, letter, label, screens, consent, bottom, help) \
	{ VERB_##name, { K_##key, letter }, label, screens, CONSENT_##consent, bottom, help },
	VERBS(X)
#undef X
};

enum { ROWS = sizeof rows / sizeof rows[0] };

const struct action_row *actions(size_t *count)
{
	*count = ROWS;
	return rows;
}

const struct action_row *action_of_verb(enum verb verb)
{
	return verb == VERB_NONE ? NULL : &rows[verb - 1];
}

enum verb action_find(enum screen_id screen, struct key key)
{
	for (size_t i = 0; i < ROWS; i++)
		if ((rows[i].screens & 1u << screen) && key_is(key, rows[i].key.code, rows[i].key.c))
			return rows[i].verb;
	return VERB_NONE;
}

const char *screen_title(enum screen_id screen)
{
	static const char *const titles[] = {
#define X(name, title, typing) title,
		SCREENS(X)
#undef X
	};

	return titles[screen];
}

bool screen_types(enum screen_id screen)
{
	static const bool typing[] = {
#define X(name, title, typing) typing,
		SCREENS(X)
#undef X
	};

	return typing[screen];
}
