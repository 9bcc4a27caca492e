#include "ui/command/ask.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ui/command/call.h"

enum { MOST_QUESTION = 4096 };

static void put_question(FILE *tty, const char *question)
{
	struct buf shown;

	buf_init(&shown, MOST_QUESTION);
	call_show(&shown, question);
	fprintf(tty, "%s ", buf_text(&shown));
	fflush(tty);
	buf_release(&shown);
}

bool ask_line(const char *question, char answer[MOST_ANSWER], bool *terminal)
{
	FILE *tty = fopen("/dev/tty", "r+");
	bool answered;

	*terminal = tty != NULL;
	if (!tty)
		return false;
	put_question(tty, question);
	answered = fgets(answer, MOST_ANSWER, tty) != NULL;
	fclose(tty);
	if (answered)
		answer[strcspn(answer, "\r\n")] = '\0';
	return answered;
}

/* One line without a buffer of the library's that would keep it. */
static bool read_line(int fd, struct buf *answer)
{
	bool any = false;
	char c;

	buf_reserve(answer, MOST_SECRET);
	for (;;) {
		ssize_t n = read(fd, &c, 1);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0 || c == '\n')
			break;
		if (c != '\r')
			buf_add_char(answer, c);
		any = true;
	}
	explicit_bzero(&c, 1);
	return any && answer->len > 0 && !answer->short_of;
}

bool ask_secret(const char *question, struct buf *answer, bool *terminal)
{
	FILE *tty = fopen("/dev/tty", "r+");
	struct termios before, silent;
	bool answered, is_one;

	*terminal = tty != NULL;
	if (!tty)
		return false;
	is_one = tcgetattr(fileno(tty), &before) == 0;
	if (is_one) {
		silent = before;
		silent.c_lflag &= ~(tcflag_t)(ECHO | ECHOE | ECHOK | ECHONL);
		tcsetattr(fileno(tty), TCSAFLUSH, &silent);
	}
	put_question(tty, question);
	answered = read_line(fileno(tty), answer);
	if (is_one)
		tcsetattr(fileno(tty), TCSAFLUSH, &before);
	fputc('\n', tty);
	fclose(tty);
	return answered;
}

bool ask_piped(struct buf *answer)
{
	return !isatty(STDIN_FILENO) && read_line(STDIN_FILENO, answer);
}

void ask_lines_open(struct ask_lines *lines)
{
	buf_init(&lines->text, MOST_SECRET);
	lines->used = 0;
	lines->fd = open("/dev/tty", O_RDONLY | O_CLOEXEC);
	if (lines->fd < 0)
		lines->fd = dup(STDIN_FILENO);
}

void ask_lines_close(struct ask_lines *lines)
{
	if (lines->fd >= 0)
		close(lines->fd);
	lines->fd = -1;
	buf_wipe(&lines->text);
}

void ask_lines_read(struct ask_lines *lines)
{
	char piece[4096];
	ssize_t n = read(lines->fd, piece, sizeof piece);

	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	buf_drop_front(&lines->text, lines->used);
	lines->used = 0;
	if (n > 0) {
		buf_add(&lines->text, piece, (size_t)n);
		explicit_bzero(piece, sizeof piece);
		return;
	}
	buf_add_char(&lines->text, '\n'); /* a last line need not end */
	close(lines->fd);
	lines->fd = -1;
}

bool ask_lines_next(struct ask_lines *lines, struct slice *line)
{
	const char *at = buf_text(&lines->text) + lines->used;
	const char *end = memchr(at, '\n', lines->text.len - lines->used);

	if (!end)
		return false;
	*line = (struct slice){ at, (size_t)(end - at) };
	lines->used += line->len + 1;
	return true;
}
