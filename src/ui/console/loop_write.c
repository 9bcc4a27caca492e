/* loop_write.c - what w writes: the summary and the log here, records by `longshore export` in the background. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "base/when.h"
#include "ui/console/loop.h"
#include "ui/console/screens/run_summary.h"

enum { SUMMARY_ROOM = 64 * 1024, LOG_ROOM = 256 * 1024 * 1024, LOG_PAGE = 64 };

static enum err_code add_summary(struct journal *j, int64_t run, struct buf *b, struct err *e)
{
	struct run_screen *screen = calloc(1, sizeof *screen);

	if (!screen)
		return err_memory(e, "the summary");
	run_screen_reset(screen, run);
	if (feed_read_run(j, screen, e) == ERR_OK)
		run_summary(screen, b);
	run_screen_release(screen);
	free(screen);
	return e->code;
}

static enum err_code add_log(struct journal *j, int64_t run, struct buf *b, struct err *e)
{
	struct run_event page[LOG_PAGE];
	int64_t after = 0;
	int n;

	do {
		n = run_log_page(j, run, after, page, LOG_PAGE, e);
		for (int i = 0; i < n; i++) {
			char when[WHEN_TEXT];

			when_utc_text(page[i].utc_ms, when);
			buf_addf(b, "%s  ", when);
			text_show(b, slice_of(page[i].text), false);
			buf_add_char(b, '\n');
			after = page[i].id;
		}
	} while (n == LOG_PAGE);
	return n < 0 ? e->code : ERR_OK;
}

/* Nobody else's to read: it may tell of records. */
static enum err_code put_file(const char *path, const struct buf *b, bool replace, struct err *e)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | (replace ? O_TRUNC : O_EXCL), 0600);
	bool whole = fd >= 0 && !b->short_of && write(fd, buf_text(b), b->len) == (ssize_t)b->len;

	if (fd >= 0 && close(fd) != 0)
		whole = false;
	return whole ? ERR_OK : err_set(e, ERR_FILE, "cannot write %s: %s", path, strerror(errno));
}

static void write_text(struct loop *loop)
{
	struct write_order *order = &loop->model.write;
	bool summary = order->what == WRITE_SUMMARY;
	struct buf b;
	struct err e;

	err_init(&e);
	buf_init(&b, summary ? SUMMARY_ROOM : LOG_ROOM);
	if ((summary ? add_summary : add_log)(loop->journal, order->run, &b, &e) != ERR_OK ||
	    put_file(order->path, &b, order->replace, &e) != ERR_OK)
		model_tell(&loop->model, STYLE_ERROR, "%s", e.text);
	else
		model_tell(&loop->model, STYLE_PLAIN, "Written to %s", order->path);
	buf_release(&b);
}

void loop_write(struct loop *loop)
{
	struct write_order *order = &loop->model.write;
	struct work_call call = { .kind = WORK_EXPORT, .run = order->run, .which = write_which(order->what) };
	struct stat there;
	char words[200];

	if (!order->replace && stat(order->path, &there) == 0) {
		write_ask_replace(&loop->model);
		return;
	}
	if (!call.which) {
		write_text(loop);
		return;
	}
	call.path = order->path;
	snprintf(words, sizeof words, "writing records of run %" PRId64, order->run);
	loop_begin_work(loop, &call, words);
}
