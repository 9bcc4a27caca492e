/* heard.c - what answers say about the org as a whole: is it there, does it allow more calls, does it write anything? */
#include "core/engine/engine_state.h"

#include <stdio.h>

#include "base/text.h"
#include "base/when.h"
#include "core/engine/retry.h"
#include "core/org/limits.h"

static const int64_t give_up_default = 24 * 3600 * 1000;

/* The flights that wait out a pause of their own need not any more. */
static void wake(struct engine *en)
{
	for (size_t i = 0; i < en->flight_count; i++)
		if (en->flights[i]->breaks > 0 && en->flights[i]->due > engine_now(en))
			en->flights[i]->due = engine_now(en);
}

static void wait_until(struct engine *en, const char *why, int64_t pause)
{
	engine_set_state(en, RUN_WAITING, why, clock_utc(en->clock) + pause,
	                 en->run.state == RUN_WAITING ? NULL : why);
}

/* Whatever the run waited for is over: does it wait for something else? */
static void go_on(struct engine *en, const char *log)
{
	wake(en);
	if (en->run.state == RUN_WAITING && en->breaker.level == 0 && en->allowance.out == ALLOWED &&
	    en->in_vain == 0)
		engine_set_state(en, RUN_RUNNING, "", 0, log);
}

/* ---- connection, server, calls at one time ---- */

static void troubled(struct engine *en, const struct answer *a)
{
	bool limit = a->trouble == TROUBLE_LIMIT;
	char why[480];

	if (!breaker_failed(&en->breaker, limit, a->retry_after_ms, engine_now(en), engine_random(en)))
		return;
	if (limit && en->breaker.level == 1)
		return; /* over in a moment: nobody has to hear of it */
	snprintf(why, sizeof why, "%.100s %s: %.300s", en->run.org_name,
	         limit ? "takes no more requests for now" : "does not answer as it should", a->message);
	wait_until(en, why, en->breaker.until - engine_now(en));
}

static void answers(struct engine *en)
{
	if (breaker_answered(&en->breaker, engine_now(en)))
		go_on(en, "connected again");
}

/* ---- what is allowed in 24 hours ---- */

static void look_later(struct engine *en, const char *said, int64_t retry_after_ms)
{
	struct allowance *w = &en->allowance;
	int64_t pause = retry_allowance_pause(++w->asked, en->end != END_NONE, engine_random(en));
	char why[480];

	if (retry_after_ms > 0 && retry_after_ms < pause)
		pause = retry_after_ms;
	w->next = engine_now(en) + pause;
	if (w->out == TO_BE_KEPT)
		snprintf(why, sizeof why, "%.100s has %.200s, and the last %lld are to be kept",
		         en->run.org_name, said, (long long)en->run.keep_calls);
	else
		snprintf(why, sizeof why, "%.100s allows no more %s for now%s%.250s", en->run.org_name,
		         w->out == OUT_OF_BATCHES ? "batches of Bulk API" : "API calls", said[0] ? ": " : "",
		         said);
	wait_until(en, why, pause);
}

static void out_of(struct engine *en, int what, const char *said, int64_t retry_after_ms)
{
	if (en->allowance.out != ALLOWED)
		return;
	en->allowance = (struct allowance){ .out = what };
	look_later(en, said, retry_after_ms);
}

static void tell_left(int64_t left, char *to, size_t size)
{
	char count[32];

	snprintf(to, size, "%s API call%s left today", text_count(left, count, sizeof count),
	         left == 1 ? "" : "s");
}

/* Others need calls as well: the last ones are left to them. */
static void look_at_floor(struct engine *en, int64_t left)
{
	char said[64];

	tell_left(left, said, sizeof said);
	if (left < en->run.keep_calls)
		out_of(en, TO_BE_KEPT, said, 0);
}

void heard_begin(struct engine *en)
{
	int64_t left, most;

	if (en->run.keep_calls > 0 && org_calls_left(en->load.org, &left, &most))
		look_at_floor(en, left);
}

void heard_out_of_batches(struct engine *en, const char *said)
{
	out_of(en, OUT_OF_BATCHES, said, 0);
}

static void allowed(struct engine *en)
{
	en->allowance = (struct allowance){ .out = ALLOWED };
	go_on(en, "the org allows more again");
}

static bool enough(const struct engine *en, const struct limits *l)
{
	if (l->calls_left >= 0 && l->calls_left < en->run.keep_calls)
		return false;
	return l->calls_left != 0 && (en->allowance.out != OUT_OF_BATCHES || l->batches_left != 0);
}

static void looked(void *ctx, const struct answer *a, const struct limits *limits)
{
	struct engine *en = ctx;
	char left[64];

	en->allowance.asking = false;
	if (limits && !enough(en, limits)) {
		answers(en);
		tell_left(limits->calls_left, left, sizeof left);
		look_later(en, en->allowance.out == TO_BE_KEPT ? left : "", 0);
	} else if (a->trouble == TROUBLE_DAILY) {
		look_later(en, a->message, a->retry_after_ms);
	} else {
		engine_heard(en, a);
		if (a->verdict == VERDICT_DONE ||
		    a->verdict == VERDICT_REJECTED) /* or it does not tell: then try */
			allowed(en);
	}
}

void heard_look_now(struct engine *en)
{
	en->allowance.next = engine_now(en);
}

void heard_probe(struct engine *en)
{
	struct allowance *w = &en->allowance;

	if (w->out == ALLOWED || w->asking || en->dead || engine_now(en) < w->next ||
	    !breaker_lets(&en->breaker, engine_now(en)))
		return;
	w->asking = true;
	breaker_begin(&en->breaker, engine_now(en));
	if (limits_ask(en->load.org, looked, en, &en->error) != ERR_OK)
		engine_fail(en);
}

/* ---- what comes back ---- */

void engine_heard(struct engine *en, const struct answer *a)
{
	switch (a->trouble) {
	case TROUBLE_SESSION:
		err_set(&en->error, ERR_REFUSED, "%s", a->message);
		engine_fail(en);
		break;
	case TROUBLE_DAILY:
		answers(en);
		out_of(en, OUT_OF_CALLS, a->message, a->retry_after_ms);
		break;
	case TROUBLE_CONNECTION:
	case TROUBLE_SERVER:
	case TROUBLE_LIMIT:
		troubled(en, a);
		break;
	default:
		answers(en);
		if (a->calls_most > 0)
			look_at_floor(en, a->calls_most - a->calls_used);
	}
}

void engine_in_vain(struct engine *en, const struct outcome_message *why, int64_t next_try_ms)
{
	char text[480];

	if (en->in_vain++ == 0)
		en->in_vain_since = engine_now(en);
	en->in_vain_last = engine_now(en);
	snprintf(text, sizeof text, "%.100s writes nothing for now: %.250s (%.60s)", en->run.org_name,
	         why->text, why->code);
	wait_until(en, text, next_try_ms - clock_utc(en->clock));
}

void engine_not_in_vain(struct engine *en)
{
	if (en->in_vain == 0)
		return;
	en->in_vain = 0;
	en->in_vain_since = 0;
	go_on(en, "the org writes again");
}

/* ---- may it be asked? ---- */

bool heard_may_ask(const struct engine *en)
{
	return en->allowance.out == ALLOWED && breaker_lets(&en->breaker, engine_now(en));
}

void heard_asks(struct engine *en)
{
	breaker_begin(&en->breaker, engine_now(en));
}

int64_t heard_next(const struct engine *en)
{
	return en->allowance.out == ALLOWED ? breaker_next(&en->breaker, engine_now(en)) : INT64_MAX;
}

bool heard_given_up(struct engine *en)
{
	int64_t give_up = en->run.give_up_ms ? en->run.give_up_ms : give_up_default;
	bool gone = breaker_gone(&en->breaker, give_up);
	char span[WHEN_TEXT];

	if (!gone && !(en->in_vain_since && en->in_vain_last - en->in_vain_since > give_up))
		return false;
	when_span_text(give_up, span);
	if (gone)
		err_set(&en->error, ERR_UNREACHABLE, "%.100s could not be reached for %s", en->run.org_name,
		        span);
	else
		err_set(&en->error, ERR_UNREACHABLE, "%.100s has written nothing for %s", en->run.org_name,
		        span);
	engine_fail(en);
	return true;
}
