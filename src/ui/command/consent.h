/*
 * consent.h - questions before something is written that cannot be taken back. They go to the terminal itself, never to piped
 * input; without a terminal only --yes is a yes.
 */
#ifndef LONGSHORE_COMMAND_CONSENT_H
#define LONGSHORE_COMMAND_CONSENT_H

#include "ui/command/call.h"

struct consent {
	bool production;
	const char *org_name;
	const char *object;
	const char *action;
	bool deletes;
	int64_t records; /* that will be sent */
};

/* Asks for what the start needs: the org's name on production, the number of records for a delete; nothing otherwise.
 * ERR_USAGE when it is not given. */
enum err_code consent_start(const struct call *call, const struct consent *consent, struct err *e);

/* Sending `records` in doubt again may write them twice: asks for their number. ERR_USAGE when it is not given. */
enum err_code consent_in_doubt(const struct call *call, const char *org_name, int64_t records, struct err *e);

/* An undo that will change `records` in the run's org: asks for their number, on any org. ERR_USAGE when it is not given. */
enum err_code consent_undo(const struct call *call, const struct run *run, int64_t records, struct err *e);

/* A yes or no, where no is the default; `question` without a question mark at the end. ERR_USAGE for a no. */
enum err_code consent_yes(const struct call *call, const char *question, struct err *e);

/* Going on with a colleague's run is done with one's own sign-in, and wants a yes; nothing is asked about one's own. */
enum err_code consent_take_over(const struct call *call, const struct run *run, struct err *e);

#endif
