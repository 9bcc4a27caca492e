/* loop_wait.c - what the journal did not take because another program writes to it: tried again each round, so that no key waits. */
#include "ui/console/loop_own.h"

void loop_refused(struct loop *loop, const struct effect *effect, const struct err *e)
{
	struct loop_wait *wait = &loop->wait;
	int64_t now = loop->model.mono_ms;
	struct model *model = &loop->model;

	if (!journal_busy(loop->journal) || (wait->since_ms && now - wait->since_ms >= JOURNAL_WAIT_MS)) {
		model_tell(model, STYLE_ERROR, "%s", e->text);
	} else if (wait->waits) {
		model_tell(model, STYLE_WARN,
		           "Another program writes to the journal, and something waits for it "
		           "already: wait a moment");
	} else {
		if (!wait->since_ms)
			wait->since_ms = now;
		wait->effect = *effect;
		wait->waits = true;
		model_tell(model, STYLE_WARN,
		           "Another program writes to the journal: this is done when it ends");
	}
}

void loop_wait_turn(struct loop *loop)
{
	struct loop_wait *wait = &loop->wait;
	struct effect effect = wait->effect;

	if (!wait->waits)
		return;
	wait->waits = false;
	loop_perform_one(loop, &effect);
	if (!wait->waits)
		wait->since_ms = 0;
}
