/* Settings of the environment. Anybody who may look at the process can read its environment, so secrets do not stay there. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/text.h"
#include "core/org/settings_own.h"

enum { NAME_ROOM = 64, HANDED_MOST = 512 * 1024 };

/* The secrets that were there when the process began; nothing else is set in it. */
static struct settings seized;

static void name_of(const struct setting_key *key, char name[NAME_ROOM])
{
	size_t n = (size_t)snprintf(name, NAME_ROOM, "LONGSHORE_%s", key->name);

	for (size_t i = 0; i < n; i++)
		name[i] = (char)toupper((unsigned char)name[i]);
}

void settings_seize_environment(void)
{
	const struct setting_key *key;

	for (size_t i = 0; (key = setting_key(i)) != NULL; i++) {
		char name[NAME_ROOM], *value, **kept;

		name_of(key, name);
		value = key->use == SETTING_SECRET ? getenv(name) : NULL;
		if (!value)
			continue;
		kept = setting_text(&seized, key);
		text_wipe(*kept);
		*kept = *value ? strdup(value) : NULL;
		explicit_bzero(value, strlen(value));
		unsetenv(name);
	}
}

void settings_forget_environment(void)
{
	settings_release(&seized);
}

static bool truth_of(const char *text, bool *value)
{
	*value = strcasecmp(text, "true") == 0 || strcmp(text, "1") == 0;
	return *value || strcasecmp(text, "false") == 0 || strcmp(text, "0") == 0;
}

static enum err_code read_one(struct settings *settings, const struct setting_key *key, struct err *e)
{
	char name[NAME_ROOM];
	const char *value;
	bool truth;

	name_of(key, name);
	value = getenv(name);
	if (!value && key->use == SETTING_SECRET)
		value = *setting_text(&seized, key);
	if (!value || !*value)
		return ERR_OK;
	if (key->kind != SETTING_TRUTH)
		return setting_set_text(settings, key, value, e);
	if (!truth_of(value, &truth))
		return err_set(e, ERR_USAGE, "%s must be true or false", name);
	setting_set_truth(settings, truth);
	return ERR_OK;
}

enum err_code settings_from_environment(struct settings *settings, struct err *e)
{
	const struct setting_key *key;
	enum err_code rc = ERR_OK;

	*settings = (struct settings){ 0 };
	for (size_t i = 0; rc == ERR_OK && (key = setting_key(i)) != NULL; i++)
		rc = read_one(settings, key, e);
	if (rc != ERR_OK)
		settings_release(settings);
	return rc;
}

bool settings_seized(void)
{
	return !settings_empty(&seized);
}

enum err_code settings_hand_over(int fd, struct err *e)
{
	struct buf packed;
	enum err_code rc;

	buf_init(&packed, HANDED_MOST);
	buf_reserve(&packed, HANDED_MOST);
	rc = settings_pack(&seized, &packed, e);
	if (rc == ERR_OK && (fcntl(fd, F_SETPIPE_SZ, HANDED_MOST) < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0 ||
	                     write(fd, packed.at, packed.len) != (ssize_t)packed.len))
		rc = err_set(e, ERR_INTERNAL,
		             "the settings of the environment cannot be handed to an engine: %s",
		             strerror(errno));
	buf_wipe(&packed);
	return rc;
}

enum err_code settings_receive(int fd, struct err *e)
{
	struct buf packed;
	enum err_code rc;
	ssize_t n = 1;

	buf_init(&packed, HANDED_MOST);
	buf_reserve(&packed, HANDED_MOST);
	while (n != 0 && packed.len < HANDED_MOST) {
		n = read(fd, packed.at + packed.len, HANDED_MOST - packed.len);
		if (n < 0 && errno != EINTR)
			break;
		buf_grow(&packed, n > 0 ? (size_t)n : 0);
	}
	settings_release(&seized);
	rc = n == 0 ? settings_unpack(&seized, buf_slice(&packed), e)
	            : err_set(e, ERR_INTERNAL, "the settings of the environment did not arrive: %s",
	                      strerror(errno));
	buf_wipe(&packed);
	return rc;
}
