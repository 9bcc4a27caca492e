#include "ui/command/commands.h"

#include <stdio.h>
#include <string.h>

static const struct command commands[] = {
#define X(name, words, least, most, options, does) { #name, words, least, most, options, does, command_##name },
	COMMANDS(X)
#undef X
};

enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

const struct command *command_find(const char *name)
{
	for (int i = 0; i < COMMAND_COUNT; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

int command_count(void)
{
	return COMMAND_COUNT;
}

const struct command *command_at(int i)
{
	return &commands[i];
}

void command_list(struct buf *b)
{
	for (int i = 0; i < COMMAND_COUNT; i++) {
		char head[32];

		snprintf(head, sizeof head, "%s %s", commands[i].name, commands[i].words);
		buf_addf(b, "  longshore %-16s  %s\n", head, commands[i].does);
	}
}

const char *command_nearest(const char *name)
{
	const char *best = commands[0].name;

	for (int i = 1; i < COMMAND_COUNT; i++)
		if (options_distance(name, commands[i].name) < options_distance(name, best))
			best = commands[i].name;
	return best;
}
