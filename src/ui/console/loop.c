#include "ui/console/loop.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/user.h"
#include "ui/console/loop_own.h"

enum { TICK_MS = 250, PATIENCE_MS = 15 }; /* of a call of the journal: less than a frame */

static void pass(struct loop *loop, struct message *message)
{
	message->now_ms = clock_utc(&clock_real);
	message->mono_ms = clock_mono(&clock_real);
	model_update(&loop->model, message);
	loop_perform(loop);
}

static enum err_code resize(struct loop *loop, struct err *e)
{
	struct message message = { .kind = MESSAGE_RESIZE };

	terminal_size(loop->terminal, &message.rows, &message.columns);
	grid_release(&loop->grid);
	if (grid_init(&loop->grid, message.rows, message.columns, loop->ascii, e) != ERR_OK)
		return e->code;
	pass(loop, &message);
	terminal_repaint(loop->terminal);
	return ERR_OK;
}

/* Every key that is there; what it makes a screen miss is read before the next key is understood. */
static enum err_code read_keys(struct loop *loop, struct err *e)
{
	struct message message = { .kind = MESSAGE_KEY };
	enum terminal_event event;

	while (!loop->quit &&
	       (event = terminal_read(loop->terminal, &message.key, &message.text)) != TERMINAL_NOTHING) {
		if (event == TERMINAL_RESIZE) {
			if (resize(loop, e) != ERR_OK)
				return e->code;
			continue;
		}
		message.kind = event == TERMINAL_PASTE ? MESSAGE_PASTE : MESSAGE_KEY;
		pass(loop, &message);
		feed_fill(&loop->feed, &loop->model);
	}
	return ERR_OK;
}

static void draw(struct loop *loop)
{
	char title[RUNS_TITLE];

	if (model_top(&loop->model) == SCREEN_FILE)
		draft_preview(&loop->model.wizard.browser);
	if (work_busy(loop->work) && work_kind(loop->work) == WORK_CHECK)
		work_progress(loop->work, &loop->model.wizard.check_offset, &loop->model.wizard.check_size);
	model_view(&loop->model, &loop->grid);
	terminal_paint(loop->terminal, &loop->grid);
	runs_title(&loop->model, title);
	terminal_title(loop->terminal, title);
	if (loop->feed.ended[0] && !loop->quiet)
		terminal_bell(loop->terminal, loop->feed.ended);
	loop->feed.ended[0] = '\0';
}

/* Waits for a key, the background or the tick. False when the terminal is gone or a signal ends the console. */
static bool wait_for_more(struct loop *loop)
{
	struct pollfd ends[] = {
		{ .fd = terminal_fd(loop->terminal), .events = POLLIN },
		{ .fd = work_fd(loop->work), .events = POLLIN },
	};
	struct timespec tick = { .tv_nsec = loop->feed.hungry ? 0 : TICK_MS * 1000000L };

	if (ppoll(ends, 2, &tick, terminal_mask(loop->terminal)) < 0 && errno != EINTR)
		return false;
	return !(ends[0].revents & (POLLHUP | POLLERR | POLLNVAL)) && !terminal_told_to_end();
}

enum err_code loop_run(struct loop *loop, struct err *e)
{
	int rows, columns;
	bool there = true;

	terminal_size(loop->terminal, &rows, &columns);
	model_init(&loop->model, rows, columns, loop->ascii);
	user_name(getuid(), loop->model.user, sizeof loop->model.user);
	draft_look_for_org(&loop->model.wizard, &loop->with);
	feed_init(&loop->feed, loop->journal);
	journal_patience(loop->journal, PATIENCE_MS);
	if (grid_init(&loop->grid, rows, columns, loop->ascii, e) != ERR_OK)
		return e->code;
	loop_new_look(loop);
	if (loop->first)
		loop_new_begin(loop, loop->first);
	while (there && !loop->quit) {
		struct message tick = { .kind = MESSAGE_TICK };

		pass(loop, &tick);
		loop_take_work(loop);
		loop_orgs_turn(loop);
		loop_wait_turn(loop);
		feed_fill(&loop->feed, &loop->model);
		draw(loop);
		there = wait_for_more(loop);
		if (there && read_keys(loop, e) != ERR_OK)
			break;
	}
	wish_forget(&loop->wish);
	grid_release(&loop->grid);
	return e->code;
}
