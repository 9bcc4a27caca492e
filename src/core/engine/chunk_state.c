#include "core/engine/chunk_state.h"

#include <stddef.h>

struct rule {
	enum chunk_state state;
	enum chunk_event event;
	struct chunk_step step;
};

/* clang-format off: a table is read in columns */
#define RULE(state, event, next, effect)                \
	{                                               \
		CHUNK_##state, CHUNK_EV_##event,        \
		{                                       \
			CHUNK_##next, CHUNK_DO_##effect \
		}                                       \
	}

static const struct rule rules[] = {
	RULE(PLANNED, START, BUILDING, CREATE),

	RULE(BUILDING, CREATED, BUILDING, UPLOAD),
	RULE(BUILDING, LOADED, CLOSING, CLOSE),
	RULE(BUILDING, NO_JOB, PLANNED, NOTHING),  /* at worst an empty job, which ends by itself */
	RULE(BUILDING, BROKEN, DISCARDING, ABORT), /* a second PUT would spoil the job */
	RULE(BUILDING, REFUSED, DISCARDING, ABORT),
	RULE(BUILDING, RESUMED, DISCARDING, ABORT),
	RULE(BUILDING, CANCEL, DISCARDING, ABORT),

	/* back to planned only on the org's word that nothing ran */
	RULE(DISCARDING, DONE, DISCARDING, ASK),
	RULE(DISCARDING, REFUSED, DISCARDING, ASK),
	RULE(DISCARDING, BROKEN, DISCARDING, ASK),
	RULE(DISCARDING, RESUMED, DISCARDING, ASK),
	RULE(DISCARDING, CANCEL, DISCARDING, ASK),
	RULE(DISCARDING, SEEN_OPEN, DISCARDING, ABORT),
	RULE(DISCARDING, SEEN_UNRUN, PLANNED, NOTHING),
	RULE(DISCARDING, SEEN_GONE, PLANNED, NOTHING),
	RULE(DISCARDING, SEEN_RUNNING, PROCESSING, POLL), /* somebody closed it: its results are ours */
	RULE(DISCARDING, SEEN_ENDED, COLLECTING, COLLECT),

	/* the close may have arrived, or be on its way: from here on there is no way back */
	RULE(CLOSING, DONE, PROCESSING, POLL),
	RULE(CLOSING, BROKEN, CLOSING, ASK),
	RULE(CLOSING, RESUMED, CLOSING, ASK),
	RULE(CLOSING, SEEN_OPEN, CLOSING, CLOSE),
	RULE(CLOSING, SEEN_RUNNING, PROCESSING, POLL),
	RULE(CLOSING, SEEN_UNRUN, COLLECTING, COLLECT),
	RULE(CLOSING, SEEN_ENDED, COLLECTING, COLLECT),
	RULE(CLOSING, SEEN_GONE, SETTLING, SETTLE),
	RULE(CLOSING, REFUSED, CANCELLING, ABORT),
	RULE(CLOSING, CANCEL, CANCELLING, ABORT),

	RULE(PROCESSING, SEEN_RUNNING, PROCESSING, POLL),
	RULE(PROCESSING, BROKEN, PROCESSING, POLL),
	RULE(PROCESSING, REFUSED, PROCESSING, POLL),
	RULE(PROCESSING, RESUMED, PROCESSING, ASK),
	RULE(PROCESSING, SEEN_UNRUN, COLLECTING, COLLECT),
	RULE(PROCESSING, SEEN_ENDED, COLLECTING, COLLECT),
	RULE(PROCESSING, SEEN_GONE, SETTLING, SETTLE),
	RULE(PROCESSING, CANCEL, CANCELLING, ABORT),

	RULE(CANCELLING, DONE, CANCELLING, ASK),
	RULE(CANCELLING, REFUSED, CANCELLING, ASK),
	RULE(CANCELLING, BROKEN, CANCELLING, ASK),
	RULE(CANCELLING, RESUMED, CANCELLING, ASK),
	RULE(CANCELLING, CANCEL, CANCELLING, ASK),
	RULE(CANCELLING, SEEN_OPEN, CANCELLING, ABORT),
	RULE(CANCELLING, SEEN_RUNNING, PROCESSING, POLL), /* it would not stop: wait for it */
	RULE(CANCELLING, SEEN_UNRUN, COLLECTING, COLLECT),
	RULE(CANCELLING, SEEN_ENDED, COLLECTING, COLLECT),
	RULE(CANCELLING, SEEN_GONE, SETTLING, SETTLE),

	RULE(COLLECTING, BROKEN, COLLECTING, COLLECT),
	RULE(COLLECTING, REFUSED, COLLECTING, COLLECT),
	RULE(COLLECTING, RESUMED, COLLECTING, COLLECT),
	RULE(COLLECTING, CANCEL, COLLECTING, NOTHING),
	RULE(COLLECTING, COMPLETE, SETTLED, NOTHING),
	RULE(COLLECTING, SHORT, SETTLING, SETTLE),
	RULE(COLLECTING, SEEN_GONE, SETTLING, SETTLE),

	RULE(SETTLING, BROKEN, SETTLING, SETTLE),
	RULE(SETTLING, REFUSED, SETTLING, SETTLE),
	RULE(SETTLING, RESUMED, SETTLING, SETTLE),
	RULE(SETTLING, CANCEL, SETTLING, NOTHING),
	RULE(SETTLING, ASKED, SETTLED, NOTHING), /* what is still unknown has an outcome: in doubt */

	/* collections: one request writes. A refusal of the whole is for its halves (send_collections.c) */
	RULE(PLANNED, SEND, SENDING, SEND),
	RULE(SENDING, COMPLETE, SETTLED, NOTHING),
	RULE(SENDING, UNSENT, PLANNED, NOTHING),
	RULE(SENDING, AGAIN, SENDING, SEND),
	RULE(SENDING, LOST, SETTLING, SETTLE),
};
/* clang-format on */

static const struct rule *find_rule(enum chunk_state state, enum chunk_event event)
{
	for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++)
		if (rules[i].state == state && rules[i].event == event)
			return &rules[i];
	return NULL;
}

struct chunk_step chunk_step(enum chunk_state state, enum chunk_event event)
{
	const struct rule *rule = find_rule(state, event);

	return rule ? rule->step : (struct chunk_step){ state, CHUNK_DO_NOTHING };
}

const char *chunk_state_name(enum chunk_state state)
{
	static const char *const names[] = {
#define X(name, text, means) [CHUNK_##name] = text,
		CHUNK_STATES(X)
#undef X
	};

	return names[state];
}

const char *chunk_state_meaning(enum chunk_state state)
{
	static const char *const meanings[] = {
#define X(name, text, means) [CHUNK_##name] = means,
		CHUNK_STATES(X)
#undef X
	};

	return meanings[state];
}
