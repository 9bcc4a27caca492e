#include "ui/command/consent.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/user.h"
#include "ui/command/ask.h"

/* `without` says what the answer is about, when there is nobody to ask. */
static enum err_code ask_for(const char *question, const char *wanted, const char *without, struct err *e)
{
	char answer[MOST_ANSWER];
	bool terminal;

	if (ask_line(question, answer, &terminal) && strcmp(answer, wanted) == 0)
		return ERR_OK;
	if (!terminal)
		return err_set(e, ERR_USAGE,
		               "%s, and there is no terminal to ask at: say --yes if that is meant", without);
	return err_set(e, ERR_USAGE, "nothing was sent: the answer was not \"%s\"", wanted);
}

static enum err_code ask_production(const struct consent *c, struct err *e)
{
	char question[512], without[256], records[27];

	text_count(c->records, records, sizeof records);
	snprintf(question, sizeof question,
	         "%s %s of %s records on PRODUCTION. Type the org's name to start (%s):", c->object, c->action,
	         records, c->org_name);
	snprintf(without, sizeof without, "%s is a production org", c->org_name);
	return ask_for(question, c->org_name, without, e);
}

static enum err_code ask_delete(const struct consent *c, struct err *e)
{
	char question[512], without[256], number[24];

	snprintf(number, sizeof number, "%" PRId64, c->records);
	snprintf(question, sizeof question,
	         "%s %s records are deleted from %s. Type the number of records, %s:", number, c->object,
	         c->org_name, number);
	snprintf(without, sizeof without, "this deletes %s records", number);
	return ask_for(question, number, without, e);
}

enum err_code consent_start(const struct call *call, const struct consent *c, struct err *e)
{
	if (call->yes)
		return ERR_OK;
	if (c->production && ask_production(c, e) != ERR_OK)
		return e->code;
	if (c->deletes && ask_delete(c, e) != ERR_OK)
		return e->code;
	return ERR_OK;
}

enum err_code consent_in_doubt(const struct call *call, const char *org_name, int64_t records, struct err *e)
{
	char question[512], without[256], number[24];

	if (call->yes)
		return ERR_OK;
	snprintf(number, sizeof number, "%" PRId64, records);
	snprintf(question, sizeof question,
	         "%s record%s in doubt may be in %s already: sent again, the org may have %s twice. "
	         "Type their number, %s:",
	         number, records == 1 ? "" : "s", org_name, records == 1 ? "it" : "them", number);
	snprintf(without, sizeof without, "%s record%s may be in %s already", number, records == 1 ? "" : "s",
	         org_name);
	return ask_for(question, number, without, e);
}

enum err_code consent_undo(const struct call *call, const struct run *run, int64_t records, struct err *e)
{
	char question[512], without[256], number[24];

	if (call->yes)
		return ERR_OK;
	snprintf(number, sizeof number, "%" PRId64, records);
	snprintf(question, sizeof question,
	         "Undo run %" PRId64 " in %s%s. Type the number of records, %s:", run->id, run->org_name,
	         run->production ? ", PRODUCTION" : "", number);
	snprintf(without, sizeof without, "this changes %s record%s", number, records == 1 ? "" : "s");
	return ask_for(question, number, without, e);
}

enum err_code consent_yes(const struct call *call, const char *question, struct err *e)
{
	char answer[MOST_ANSWER], asked[512];
	bool terminal;

	if (call->yes)
		return ERR_OK;
	snprintf(asked, sizeof asked, "%s? y/N", question);
	if (ask_line(asked, answer, &terminal) && (strcmp(answer, "y") == 0 || strcmp(answer, "yes") == 0))
		return ERR_OK;
	if (!terminal)
		return err_set(e, ERR_USAGE, "%s? There is no terminal to ask at: say --yes if that is meant",
		               question);
	return err_set(e, ERR_USAGE, "nothing was done: the answer was no");
}

enum err_code consent_take_over(const struct call *call, const struct run *run, struct err *e)
{
	char question[256], user[sizeof run->started_by];

	user_name(getuid(), user, sizeof user);
	if (strcmp(user, run->started_by) == 0)
		return ERR_OK;
	snprintf(question, sizeof question, "run %" PRId64 " was started by %s: go on with it as %s", run->id,
	         run->started_by, user);
	return consent_yes(call, question, e);
}
