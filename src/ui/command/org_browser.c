#include "ui/command/org_browser.h"

#include <stdio.h>

#include "base/clock.h"
#include "core/org/browser.h"
#include "ui/command/ask.h"

static void tell(const struct browser *b, bool can_paste)
{
	call_tell("longshore: open this address in a browser, on this machine or any other, and choose Allow:");
	fprintf(stderr, "\n%s\n\n", browser_url(b));
	if (!browser_deaf(b))
		call_tell("longshore: waiting at %s for the browser to come back.", browser_redirect(b));
	else
		call_tell("longshore: nobody waits for the browser here: %s.", browser_deaf(b));
	if (can_paste)
		call_tell("longshore: %shere the whole address where it ends, even if it shows no page there:",
		          browser_deaf(b) ? "Paste " : "If it is on another machine, paste ");
}

/* The lines that were pasted: empty ones say nothing. */
static enum browser_step take_lines(struct browser *b, struct ask_lines *lines, struct err *e)
{
	enum browser_step step = BROWSER_WAITS;
	struct slice line;

	ask_lines_read(lines);
	while (step != BROWSER_CAME && step != BROWSER_FAILED && ask_lines_next(lines, &line)) {
		if (!slice_trim(line).len)
			continue;
		err_init(e);
		step = browser_paste(b, line, e);
	}
	return step;
}

static enum err_code nobody_came(const struct browser *b, const struct err *last, struct err *e)
{
	err_init(e);
	if (last->code != ERR_OK)
		return err_set(e, last->code, "%s", last->text);
	return err_set(e, ERR_USAGE,
	               "nobody can wait for the browser here (%s), and no address was pasted: give another "
	               "redirect_uri of the app, or run this at a terminal",
	               browser_deaf(b));
}

static enum err_code wait_for(struct browser *b, struct ask_lines *lines, struct err *e)
{
	int64_t until = clock_mono(&clock_real) + BROWSER_WAIT_MS, left;
	enum browser_step step = BROWSER_WAITS;
	struct err last;

	err_init(&last);
	while ((left = until - clock_mono(&clock_real)) > 0) {
		if (lines->fd < 0 && browser_deaf(b))
			return nobody_came(b, &last, e);
		err_init(e);
		step = browser_wait(b, lines->fd, (int)left, e);
		if (step == BROWSER_INPUT)
			step = take_lines(b, lines, e);
		if (step == BROWSER_CAME || step == BROWSER_FAILED)
			return e->code;
		if (step == BROWSER_WRONG) {
			call_tell("longshore: %s", e->text);
			last = *e;
		}
	}
	err_init(e);
	return err_set(e, ERR_STOPPED, "nobody came back from the browser within 15 minutes: begin anew");
}

enum err_code org_browser(struct settings *settings, struct err *e)
{
	struct browser *b = NULL;
	struct ask_lines lines;
	enum err_code rc = browser_open(&b, settings, e);

	if (rc != ERR_OK)
		return rc;
	ask_lines_open(&lines);
	tell(b, lines.fd >= 0);
	rc = wait_for(b, &lines, e);
	if (rc == ERR_OK)
		rc = browser_take(b, settings, e);
	ask_lines_close(&lines);
	browser_close(b);
	return rc;
}
