#include "core/engine/sorting.h"

#include <stdlib.h>
#include <string.h>

#include "core/engine/collect.h"
#include "core/engine/retry.h"

enum { NO_ACCIDENT = 200 }; /* records that fail alike: a whole transaction of the org's */

static enum failure_class class_of(const struct outcome *o)
{
	return retry_class(slice_of(o->message->code), slice_of(o->message->text));
}

static bool rolled_back(const struct outcome *o)
{
	return strcmp(o->message->code, "ALL_OR_NONE_OPERATION_ROLLED_BACK") == 0;
}

static bool passes(const struct outcome *o, int tries)
{
	enum failure_class class = class_of(o);

	return class == FAILURE_LATER || (class == FAILURE_AGAIN && tries + 1 < RETRY_MOST_TRIES);
}

/* Of a request that wrote none of its records: did only passing failures see to that? */
static bool request_passes(const struct outcome *all, size_t count, int tries)
{
	size_t passing = 0;

	for (size_t i = 0; i < count; i++) {
		if (all[i].state != OUTCOME_FAILED || rolled_back(&all[i]))
			continue;
		if (!passes(&all[i], tries))
			return false;
		passing++;
	}
	return passing > 0;
}

static void count_outcome(struct sorting *s, const struct outcome *o)
{
	s->written += o->state == OUTCOME_WRITTEN;
	s->failed += o->state == OUTCOME_FAILED;
	s->in_doubt += o->state == OUTCOME_IN_DOUBT;
	s->outcomes[s->count++] = *o;
}

static bool is_orphan(const struct outcome *o, const struct sorting_terms *t)
{
	return t->within && t->tries + 1 < RETRY_MOST_TRIES &&
	       retry_misses(slice_of(o->message->code), slice_of(o->message->text), t->within);
}

/* Is there a record that may yet be written, or was one of those that went again? Its children may follow it. */
static bool any_waits(const struct outcome *all, size_t count, const struct sorting_terms *t)
{
	for (size_t i = 0; i < count; i++)
		if (all[i].state == COLLECT_UNPROCESSED || all[i].state == 0 ||
		    (all[i].state == OUTCOME_WRITTEN && t->tries > 0) ||
		    (all[i].state == OUTCOME_FAILED && passes(&all[i], t->tries)))
			return true;
	return t->others_wait;
}

bool sorting_do(struct sorting *s, struct outcome *all, size_t count, const struct sorting_terms *t)
{
	bool together = t->all_or_none && request_passes(all, count, t->tries);
	bool waits = t->within && !t->all_or_none && any_waits(all, count, t);

	*s = (struct sorting){ .outcomes = all };
	s->unprocessed = malloc((count + 1) * sizeof *s->unprocessed);
	s->again = malloc((count + 1) * sizeof *s->again);
	if (!s->unprocessed || !s->again)
		return false;
	for (size_t i = 0; i < count; i++) {
		const struct outcome o = all[i];
		struct chunk_item item = { o.record, o.offset };
		bool failed = o.state == OUTCOME_FAILED, orphan = failed && waits && is_orphan(&o, t);

		if (o.state == COLLECT_UNPROCESSED || o.state == 0) {
			s->unprocessed[s->unprocessed_count++] = item;
		} else if (failed && (orphan || (t->all_or_none ? together : passes(&o, t->tries)))) {
			s->again[s->again_count++] = item;
			s->orphans += orphan;
			s->later += class_of(&o) == FAILURE_LATER;
			if (!s->passing || !rolled_back(&o))
				s->passing = o.message;
		} else {
			s->stop = s->stop || (failed && class_of(&o) == FAILURE_STOP);
			count_outcome(s, &o);
		}
	}
	return true;
}

void sorting_release(struct sorting *s)
{
	free(s->unprocessed);
	free(s->again);
	*s = (struct sorting){ 0 };
}

bool sorting_in_vain(const struct sorting *s)
{
	return s->count == 0 && s->again_count > 0 &&
	       (s->later == s->again_count || s->again_count >= NO_ACCIDENT);
}
