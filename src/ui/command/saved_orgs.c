#include "ui/command/saved_orgs.h"

#include <stdlib.h>
#include <string.h>

#include "ui/command/ask.h"

enum { TRIES = 3 };

enum err_code saved_orgs_open(struct orgs **orgs, struct err *e)
{
	return access_orgs(orgs, e);
}

/* What the environment said when the process began, until it is used. */
static struct given {
	const char *name;
	bool there;
	struct buf text;
} given[] = { { .name = "LONGSHORE_PASSPHRASE" }, { .name = "LONGSHORE_NEW_PASSPHRASE" } };
enum { PASSPHRASE, NEW_PASSPHRASE, GIVEN };

void saved_orgs_seize_environment(void)
{
	for (size_t i = 0; i < GIVEN; i++) {
		char *value = getenv(given[i].name);

		if (!value)
			continue;
		buf_init(&given[i].text, MOST_SECRET);
		buf_reserve(&given[i].text, strlen(value));
		buf_add_text(&given[i].text, value);
		given[i].there = true;
		explicit_bzero(value, strlen(value));
		unsetenv(given[i].name);
	}
}

/* Once: whoever wants it again is asked. */
static bool from_environment(size_t i, struct buf *to)
{
	if (!given[i].there)
		return false;
	buf_reserve(to, given[i].text.len);
	buf_add_slice(to, buf_slice(&given[i].text));
	buf_wipe(&given[i].text);
	given[i].there = false;
	return true;
}

static enum err_code unlock_once(struct orgs *orgs, bool *asked, struct err *e)
{
	struct buf passphrase;
	bool terminal, there;
	enum err_code rc;

	buf_init(&passphrase, MOST_SECRET);
	there = from_environment(PASSPHRASE, &passphrase);
	*asked = !there && ask_secret("Passphrase of the saved orgs:", &passphrase, &terminal);
	if (there || *asked)
		rc = orgs_unlock(orgs, buf_text(&passphrase), e);
	else
		rc = err_set(
			e, ERR_USAGE,
			"the saved orgs want a passphrase, and there is no terminal to ask at: put it into "
			"LONGSHORE_PASSPHRASE");
	buf_wipe(&passphrase);
	return rc;
}

enum err_code saved_orgs_unlock(struct orgs *orgs, struct err *e)
{
	struct vault_key *copy;
	enum err_code rc = ERR_OK;
	bool asked = true;

	for (int i = 0; i < TRIES && asked && orgs_locked(orgs); i++) {
		err_init(e);
		rc = unlock_once(orgs, &asked, e);
	}
	if (rc == ERR_OK && orgs_key(orgs) == ORGS_PASSPHRASE) {
		rc = vault_key_copy(orgs_own_key(orgs), &copy, e);
		if (rc == ERR_OK)
			access_remember(copy);
	}
	return rc;
}

enum err_code saved_orgs_ready(const struct access_choice *choice, struct err *e)
{
	struct orgs *orgs = NULL;
	enum err_code rc;

	if (!choice->org || !choice->org[0])
		return ERR_OK;
	rc = saved_orgs_open(&orgs, e);
	if (rc == ERR_OK)
		rc = saved_orgs_unlock(orgs, e);
	orgs_close(orgs);
	return rc;
}

enum err_code saved_orgs_choice(const struct call *call, struct access_choice *choice, struct err *e)
{
	choice->config = call_option(call, OPTION_CONFIG);
	choice->org = call_option(call, OPTION_ORG);
	if (choice->config && choice->org)
		return err_set(e, ERR_USAGE, "--org and --config: give one of them");
	return saved_orgs_ready(choice, e);
}

enum err_code saved_orgs_new_passphrase(struct buf *to, struct err *e)
{
	struct buf again;
	bool terminal, same;

	if (from_environment(NEW_PASSPHRASE, to))
		return ERR_OK;
	buf_init(&again, MOST_SECRET);
	ask_secret("New passphrase (none: a key file instead):", to, &terminal);
	if (terminal && to->len)
		ask_secret("The same again:", &again, &terminal);
	same = slice_equal(buf_slice(to), buf_slice(&again));
	buf_wipe(&again);
	if (!terminal)
		return err_set(e, ERR_USAGE,
		               "there is no terminal to ask for the new passphrase at: put it into "
		               "LONGSHORE_NEW_PASSPHRASE");
	return same ? ERR_OK : err_set(e, ERR_USAGE, "these two are not the same: nothing was changed");
}
