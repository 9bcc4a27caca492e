#include "core/plan/action.h"

#include <stddef.h>
#include <string.h>

struct action_words {
	const char *name;
	const char *operation;
};

static const struct action_words words[] = {
#define X(name, text, operation) [ACTION_##name] = { text, operation },
	ACTIONS(X)
#undef X
};

const char *action_name(enum action action)
{
	return words[action].name;
}

const char *action_operation(enum action action)
{
	return words[action].operation;
}

bool action_of(const char *name, enum action *action)
{
	for (size_t i = 0; i < ACTION_COUNT; i++)
		if (strcmp(words[i].name, name) == 0) {
			*action = (enum action)i;
			return true;
		}
	return false;
}

bool action_deletes(enum action action)
{
	return action == ACTION_DELETE || action == ACTION_HARD_DELETE;
}
