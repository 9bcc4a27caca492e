/* asked_like.c - --like: a load like one before. */
#include "ui/command/asked.h"

enum err_code asked_like(struct call *call, struct load_options *options, struct like *like,
                         enum journal_mode mode, struct err *e)
{
	const char *word = call_option(call, OPTION_LIKE);

	*like = (struct like){ 0 };
	if (!word)
		return ERR_OK;
	if (call_journal(call, mode, e) != ERR_OK || like_find(like, call->journal, word, e) != ERR_OK)
		return e->code;
	call->like = like;
	like_fill(like, options);
	if (!options->config && !options->org && like->run.id) {
		options->config = like->run.config[0] ? like->run.config : NULL;
		options->org = !options->config && like->run.saved_org[0] ? like->run.saved_org : NULL;
		call->words.given[OPTION_CONFIG] = options->config;
		call->words.given[OPTION_ORG] = options->org;
	}
	return ERR_OK;
}

enum err_code asked_unlike(const struct call *call, const struct load *load, struct err *e)
{
	char why[128];

	if (!call->like || !like_differs(call->like, load, why, sizeof why))
		return ERR_OK;
	if (call->yes) {
		call_say(call, "longshore: this file is not like that of %s: %s",
		         call_option(call, OPTION_LIKE), why);
		return ERR_OK;
	}
	return err_set(
		e, ERR_FINDINGS,
		"this file is not like that of %s, and nothing was sent: %s; --yes loads it all the same",
		call_option(call, OPTION_LIKE), why);
}
