#include "ui/command/options.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

struct option_row {
	const char *name;
	const char *value; /* what it takes, or NULL */
	const char *does;
};

static const struct option_row rows[OPTION_COUNT] = {
#define X(name, text, value, does) [OPTION_##name] = { text, value, does },
	OPTIONS(X)
#undef X
};

static bool takes(const struct command *command, enum option option)
{
	return ((command->options | OPTION_BITS_COMMON) >> option) & 1;
}

const char *option_name(enum option option)
{
	return rows[option].name;
}

static int least_of(int a, int b)
{
	return a < b ? a : b;
}

int options_distance(const char *a, const char *b)
{
	enum { MOST = 63 };
	int before_last[MOST + 1], last[MOST + 1], now[MOST + 1];
	int a_len = (int)strnlen(a, MOST), b_len = (int)strnlen(b, MOST);

	for (int j = 0; j <= b_len; j++)
		last[j] = before_last[j] = j;
	for (int i = 1; i <= a_len; i++) {
		now[0] = i;
		for (int j = 1; j <= b_len; j++) {
			now[j] = least_of(last[j] + 1, now[j - 1] + 1);
			now[j] = least_of(now[j], last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least_of(now[j], before_last[j - 2] + 1);
		}
		memcpy(before_last, last, sizeof last);
		memcpy(last, now, sizeof now);
	}
	return last[b_len];
}

static const char *nearest(const struct command *command, const char *name)
{
	const char *best = rows[OPTION_HELP].name;
	int best_distance = options_distance(name, best);

	for (enum option o = 0; o < OPTION_COUNT; o++) {
		int distance = options_distance(name, rows[o].name);

		if (takes(command, o) && distance < best_distance) {
			best = rows[o].name;
			best_distance = distance;
		}
	}
	return best;
}

/* The option that `word` is, with the text behind its "=" in *value (NULL if there is none); OPTION_COUNT if it is none of
 * the command's. */
static enum option find(const struct command *command, const char *word, char name[64], const char **value)
{
	const char *equals = strchr(word, '=');
	size_t len = equals ? (size_t)(equals - word) : strlen(word);

	if (len > 63)
		len = 63;
	memcpy(name, word, len);
	name[len] = '\0';
	*value = equals ? equals + 1 : NULL;
	for (enum option o = 0; o < OPTION_COUNT; o++)
		if (takes(command, o) && strcmp(rows[o].name, name) == 0)
			return o;
	return OPTION_COUNT;
}

/* Keeps every value of an option that may be repeated. */
static enum err_code repeat(struct words *words, enum option o, const char *value, struct err *e)
{
	const char **list = o == OPTION_SET ? words->set : words->ignore;
	int *count = o == OPTION_SET ? &words->set_count : &words->ignore_count;

	if (o != OPTION_SET && o != OPTION_IGNORE)
		return ERR_OK;
	if (*count == MOST_REPEATED)
		return err_set(e, ERR_USAGE, "%s is given more than %d times: put it into a mapping file",
		               rows[o].name, MOST_REPEATED);
	list[(*count)++] = value;
	return ERR_OK;
}

/* One option at argv[*i]; moves *i over a value that stands in the next word. */
static enum err_code read_option(struct words *words, const struct command *command, int argc,
                                 const char *const *argv, int *i, struct err *e)
{
	char name[64];
	const char *value;
	enum option o = find(command, argv[*i], name, &value);

	if (o == OPTION_COUNT)
		return err_set(e, ERR_USAGE, "longshore %s knows no option %s; the nearest is %s",
		               command->name, name, nearest(command, name));
	if (!rows[o].value && value)
		return err_set(e, ERR_USAGE, "%s takes no value: write %s alone", name, name);
	if (rows[o].value && !value) {
		if (*i + 1 >= argc || strncmp(argv[*i + 1], "--", 2) == 0)
			return err_set(e, ERR_USAGE, "%s needs a value: write %s %s", name, name,
			               rows[o].value);
		value = argv[++*i];
	}
	if (rows[o].value && !*value)
		return err_set(e, ERR_USAGE, "%s needs a value: write %s %s", name, name, rows[o].value);
	words->given[o] = value ? value : "";
	return repeat(words, o, value, e);
}

static enum err_code check_words(const struct words *words, const struct command *command, struct err *e)
{
	if (words->count < command->least_words)
		return err_set(e, ERR_USAGE, "longshore %s needs %s: write longshore %s %s", command->name,
		               command->words, command->name, command->words);
	return ERR_OK;
}

enum err_code options_read(struct words *words, const struct command *command, int argc,
                           const char *const *argv, int first, struct err *e)
{
	bool options_end = false;

	memset(words, 0, sizeof *words);
	for (int i = first; i < argc; i++) {
		const char *word = argv[i];

		if (!options_end && strcmp(word, "--") == 0) {
			options_end = true;
		} else if (!options_end && word[0] == '-' && word[1]) {
			if (read_option(words, command, argc, argv, &i, e) != ERR_OK)
				return e->code;
			if (words->given[OPTION_HELP])
				return ERR_OK;
		} else if (words->count == command->most_words) {
			return err_set(e, ERR_USAGE, "longshore %s takes no word \"%s\": see longshore help %s",
			               command->name, word, command->name);
		} else {
			words->word[words->count++] = word;
		}
	}
	return check_words(words, command, e);
}

enum err_code options_number(const struct words *words, enum option option, int64_t least, int64_t otherwise,
                             int64_t *value, struct err *e)
{
	const char *text = words->given[option];

	*value = otherwise;
	if (!text)
		return ERR_OK;
	if (!number_whole(slice_of(text), value) || *value < least)
		return err_set(e, ERR_USAGE, "%s takes a whole number from %" PRId64 ", not \"%s\"",
		               rows[option].name, least, text);
	return ERR_OK;
}

static void add_rows(option_bits which, struct buf *b)
{
	for (enum option o = 0; o < OPTION_COUNT; o++) {
		char head[48];

		if (!((which >> o) & 1))
			continue;
		snprintf(head, sizeof head, "%s%s%s", rows[o].name, rows[o].value ? " " : "",
		         rows[o].value ? rows[o].value : "");
		buf_addf(b, "  %-22s  %s\n", head, rows[o].does);
	}
}

void options_own(const struct command *command, struct buf *b)
{
	add_rows(command->options & ~OPTION_BITS_COMMON, b);
}

void options_common(struct buf *b)
{
	add_rows(OPTION_BITS_COMMON, b);
}

void options_help(const struct command *command, struct buf *b)
{
	buf_addf(b, "longshore %s%s%s%s\n", command->name, *command->words ? " " : "", command->words,
	         " [options]");
	buf_addf(b, "  %s\n", command->does);
	if (command->options) {
		buf_add_text(b, "\nOptions\n");
		options_own(command, b);
	}
	buf_add_text(b, "\nOptions of every command\n");
	options_common(b);
}
