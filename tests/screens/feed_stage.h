/* feed_stage.h - a console's model on a stage, filled from a journal that the test writes through a connection of its own. */
#ifndef LONGSHORE_TESTS_FEED_STAGE_H
#define LONGSHORE_TESTS_FEED_STAGE_H

#include "../unit/store_fixture.h"

#include "stage.h"
#include "ui/console/feed.h"

static struct journal *seen; /* the console's own connection: what others write is seen through it */

static inline void open_stage(struct stage *stage, struct feed *feed)
{
	assert_ok(journal_open(&seen, state, NULL, JOURNAL_WRITE, &test_clock, &failure));
	stage_open(stage, 24, 80, false);
	feed_init(feed, seen);
	stage->feed = feed;
	feed_fill(feed, &stage->model);
}

static inline void close_stage(struct stage *stage)
{
	stage_close(stage);
	journal_close(seen);
}

#endif
