#include "ui/console/terminal.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "base/text.h"
#include "ui/console/terminal_text.h"

enum {
	PASTE_BEGINS = KEY_MAX + 1, /* key codes of our own */
	PASTE_ENDS,
	PASTE_CEILING = 64 * 1024,
	TITLE_ROOM = 256,
};

struct terminal {
	SCREEN *screen;
	struct buf paste;
	bool mono, ascii;
	bool windowed; /* knows titles, notes and the clipboard */
	bool repaint;
	char title[TITLE_ROOM];
	sigset_t waiting; /* the mask while waiting */
	sigset_t before;
};

/* What a signal handler may use: the terminal's settings as they were, and the bytes that leave the screen. */
static struct termios settings_before;
static volatile sig_atomic_t taken;
static volatile sig_atomic_t told_to_end;
static char leaving[128];
static size_t leaving_len;

static const int ending_signals[] = { SIGINT, SIGTERM, SIGHUP };
static const int crash_signals[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL };

static void on_ending(int signal_number)
{
	(void)signal_number;
	told_to_end = 1;
}

static void on_crash(int signal_number)
{
	if (taken) {
		ssize_t ignored = write(STDOUT_FILENO, leaving, leaving_len);

		(void)ignored;
		tcsetattr(STDIN_FILENO, TCSANOW, &settings_before);
	}
	signal(signal_number, SIG_DFL);
	raise(signal_number);
}

/* Ours first: newterm() installs exiting handlers where it finds the default. */
static void take_signals(struct terminal *terminal)
{
	struct sigaction ending = { .sa_handler = on_ending };
	struct sigaction crash = { .sa_handler = on_crash, .sa_flags = (int)SA_RESETHAND };
	sigset_t held;

	sigemptyset(&held);
	sigaddset(&held, SIGWINCH);
	for (size_t i = 0; i < sizeof ending_signals / sizeof ending_signals[0]; i++) {
		sigaction(ending_signals[i], &ending, NULL);
		sigaddset(&held, ending_signals[i]);
	}
	for (size_t i = 0; i < sizeof crash_signals / sizeof crash_signals[0]; i++)
		sigaction(crash_signals[i], &crash, NULL);
	signal(SIGPIPE, SIG_IGN);
	pthread_sigmask(SIG_BLOCK, &held, &terminal->before);
	terminal->waiting = terminal->before;
	sigdelset(&terminal->waiting, SIGWINCH);
	for (size_t i = 0; i < sizeof ending_signals / sizeof ending_signals[0]; i++)
		sigdelset(&terminal->waiting, ending_signals[i]);
}

static void give_signals_back(struct terminal *terminal)
{
	for (size_t i = 0; i < sizeof crash_signals / sizeof crash_signals[0]; i++)
		signal(crash_signals[i], SIG_DFL);
	/* the mask first: a signal that came twice still meets our handler, and the program ends as it should */
	pthread_sigmask(SIG_SETMASK, &terminal->before, NULL);
	for (size_t i = 0; i < sizeof ending_signals / sizeof ending_signals[0]; i++)
		signal(ending_signals[i], SIG_DFL);
}

static bool is_windowed(const char *term)
{
	static const char *const known[] = { "xterm", "screen", "tmux", "rxvt",    "alacritty", "foot",
		                             "kitty", "st-",    "vte",  "konsole", "gnome",     "wezterm" };

	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (strncmp(term, known[i], strlen(known[i])) == 0)
			return true;
	return false;
}

static void send(const char *text)
{
	fputs(text, stdout);
	fflush(stdout);
}

/* The bytes that undo what we did, kept for a crash. */
static void keep_leaving(const struct terminal *terminal)
{
	const char *mode = tigetstr("rmcup");
	int len = snprintf(leaving, sizeof leaving, "%s%s\033[0m\033[?25h",
	                   terminal->windowed ? "\033[?2004l\033[23;2t" : "",
	                   mode && mode != (char *)-1 ? mode : "");

	leaving_len = len > 0 && (size_t)len < sizeof leaving ? (size_t)len : 0;
}

static void start_colours(struct terminal *terminal)
{
	static const short colours[] = { -1,         COLOR_RED,     COLOR_GREEN, COLOR_YELLOW,
		                         COLOR_BLUE, COLOR_MAGENTA, COLOR_CYAN,  COLOR_WHITE };

	if (terminal->mono || !has_colors() || start_color() == ERR) {
		terminal->mono = true;
		return;
	}
	if (use_default_colors() == ERR)
		terminal->mono = true;
	for (short i = 1; i < (short)(sizeof colours / sizeof colours[0]); i++)
		init_pair(i, colours[i], -1);
}

/* Raw: Ctrl-C, Ctrl-Z, Ctrl-S and Ctrl-Q are keys. */
static void set_modes(struct terminal *terminal)
{
	set_escdelay(25);
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	meta(stdscr, TRUE);
	define_key("\033[200~", PASTE_BEGINS);
	define_key("\033[201~", PASTE_ENDS);
	start_colours(terminal);
	if (terminal->windowed)
		send("\033[?2004h\033[22;2t");
}

static enum err_code refuse(struct err *e, const char *term)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return err_set(e, ERR_REFUSED, "the console needs a terminal");
	if (!term || !*term)
		return err_set(e, ERR_REFUSED, "the console needs a terminal, and TERM is not set");
	return ERR_OK;
}

enum err_code terminal_open(struct terminal **opened, bool mono, struct err *e)
{
	const char *term = getenv("TERM");
	struct terminal *terminal;
	const char *where;

	if (refuse(e, term) != ERR_OK)
		return e->code;
	terminal = calloc(1, sizeof *terminal);
	if (!terminal)
		return err_memory(e, "the terminal");
	setlocale(LC_CTYPE, "");
	tcgetattr(STDIN_FILENO, &settings_before);
	terminal->mono = mono;
	terminal->ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0;
	terminal->windowed = is_windowed(term);
	buf_init(&terminal->paste, PASTE_CEILING);
	take_signals(terminal);
	terminal->screen = newterm(NULL, stdout, stdin);
	where = terminal->screen ? tigetstr("cup") : NULL;
	if (!where || where == (char *)-1) {
		if (terminal->screen) {
			endwin();
			delscreen(terminal->screen);
		}
		give_signals_back(terminal);
		free(terminal);
		return err_set(e, ERR_REFUSED, "the terminal \"%s\" cannot show the console", term);
	}
	keep_leaving(terminal);
	taken = 1;
	set_modes(terminal);
	*opened = terminal;
	return ERR_OK;
}

void terminal_close(struct terminal *terminal)
{
	if (!terminal)
		return;
	if (terminal->windowed)
		send("\033[?2004l\033[23;2t");
	endwin();
	taken = 0;
	delscreen(terminal->screen);
	tcsetattr(STDIN_FILENO, TCSANOW, &settings_before);
	give_signals_back(terminal);
	buf_release(&terminal->paste);
	free(terminal);
}

void terminal_size(const struct terminal *terminal, int *rows, int *columns)
{
	(void)terminal;
	getmaxyx(stdscr, *rows, *columns);
}

bool terminal_is_ascii(const struct terminal *terminal)
{
	return terminal->ascii;
}

static attr_t weight_of(unsigned weight)
{
	return (weight & WEIGHT_BOLD ? A_BOLD : 0) | (weight & WEIGHT_DIM ? A_DIM : 0) |
	       (weight & WEIGHT_UNDERLINE ? A_UNDERLINE : 0);
}

static void paint_cell(const struct terminal *terminal, int row, int column, const struct cell *cell)
{
	struct look look = theme_look((enum style)cell->style, terminal->mono);
	attr_t attributes = weight_of(look.weight) | (cell->focus ? A_REVERSE : 0);
	wchar_t text[4] = { 0 };
	cchar_t character;

	for (int i = 0; i < 3; i++)
		text[i] = (wchar_t)cell->text[i];
	if (wcwidth(text[0]) != cell->width) { /* the locale sees it otherwise: keep the columns straight */
		text[0] = '?';
		text[1] = 0;
	}
	setcchar(&character, text, attributes, (short)look.tint, NULL);
	mvadd_wch(row, column, &character);
	if (text[0] == '?' && cell->width == 2)
		mvaddch(row, column + 1, ' ' | attributes);
}

void terminal_paint(struct terminal *terminal, const struct grid *grid)
{
	if (terminal->repaint)
		clearok(stdscr, TRUE);
	terminal->repaint = false;
	curs_set(grid->cursor_typing ? 1 : 0);
	for (int row = 0; row < grid->rows; row++)
		for (int column = 0; column < grid->columns; column++) {
			const struct cell *cell = &grid->cells[row * grid->columns + column];

			if (cell->width)
				paint_cell(terminal, row, column, cell);
		}
	move(grid->cursor_row, grid->cursor_column);
	refresh();
}

void terminal_repaint(struct terminal *terminal)
{
	terminal->repaint = true;
}

static enum key_code named_key(wint_t code)
{
	static const struct {
		wint_t code;
		enum key_code key;
	} keys[] = {
		{ KEY_UP, K_UP },       { KEY_DOWN, K_DOWN },    { KEY_LEFT, K_LEFT },
		{ KEY_RIGHT, K_RIGHT }, { KEY_HOME, K_HOME },    { KEY_END, K_END },
		{ KEY_PPAGE, K_PGUP },  { KEY_NPAGE, K_PGDN },   { KEY_BACKSPACE, K_BACKSPACE },
		{ KEY_DC, K_DELETE },   { KEY_BTAB, K_BACKTAB }, { KEY_F(1), K_F1 },
		{ KEY_ENTER, K_ENTER }, { KEY_FIND, K_HOME },    { KEY_SELECT, K_END },
	};

	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
		if (keys[i].code == code)
			return keys[i].key;
	return K_NONE;
}

static struct key plain_key(wint_t c)
{
	switch (c) {
	case '\r':
	case '\n':
		return (struct key){ K_ENTER, 0 };
	case '\t':
		return (struct key){ K_TAB, 0 };
	case 8:
	case 127:
		return (struct key){ K_BACKSPACE, 0 };
	default:
		if (c >= 1 && c <= 26)
			return (struct key){ K_CTRL, (int32_t)c - 1 + 'a' };
		return c < 32 ? (struct key){ K_NONE, 0 } : (struct key){ K_CHAR, (int32_t)c };
	}
}

/* Esc, or the beginning of a sequence nobody knows: up to its last byte that means nothing. A letter typed right behind
 * Esc is a key of its own. */
static struct key escape_key(void)
{
	wint_t c;
	int got = get_wch(&c);

	if (got == OK && (c == '[' || c == 'O')) {
		while (get_wch(&c) == OK && (c < 0x40 || c > 0x7e))
			continue;
		return (struct key){ K_NONE, 0 };
	}
	if (got == OK)
		unget_wch((wchar_t)c);
	else if (got == KEY_CODE_YES)
		ungetch((int)c);
	return (struct key){ K_ESC, 0 };
}

static void read_paste(struct terminal *terminal)
{
	int quiet = 0;

	buf_clear(&terminal->paste);
	while (quiet < 20) { /* 20 x 50 ms without the end of it: it was cut off */
		wint_t c;
		int got;

		timeout(50);
		got = get_wch(&c);
		quiet = got == ERR ? quiet + 1 : 0;
		if (got == KEY_CODE_YES && c == PASTE_ENDS)
			break;
		if (got == OK)
			text_add_code_point(&terminal->paste, (int32_t)c);
	}
	nodelay(stdscr, TRUE);
}

enum terminal_event terminal_read(struct terminal *terminal, struct key *key, struct slice *paste)
{
	for (;;) {
		wint_t c;
		int got = get_wch(&c);

		if (got == ERR)
			return TERMINAL_NOTHING;
		if (got == KEY_CODE_YES && c == KEY_RESIZE)
			return TERMINAL_RESIZE;
		if (got == KEY_CODE_YES && c == PASTE_BEGINS) {
			read_paste(terminal);
			*paste = buf_slice(&terminal->paste);
			return TERMINAL_PASTE;
		}
		if (got == KEY_CODE_YES)
			*key = (struct key){ named_key(c), 0 };
		else
			*key = c == 27 ? escape_key() : plain_key(c);
		if (key->code != K_NONE)
			return TERMINAL_KEY;
	}
}

void terminal_drain(struct terminal *terminal)
{
	struct key key;
	struct slice paste;
	enum terminal_event event;
	bool resized = false;

	do {
		event = terminal_read(terminal, &key, &paste);
		resized = resized || event == TERMINAL_RESIZE;
	} while (event != TERMINAL_NOTHING);
	if (resized)
		ungetch(KEY_RESIZE);
}

int terminal_fd(const struct terminal *terminal)
{
	(void)terminal;
	return STDIN_FILENO;
}

const sigset_t *terminal_mask(const struct terminal *terminal)
{
	return &terminal->waiting;
}

bool terminal_told_to_end(void)
{
	return told_to_end;
}

/* SIGTSTP, not SIGSTOP: where no shell is there to wake it up again, the system ignores it. */
void terminal_suspend(struct terminal *terminal)
{
	const struct sigaction stop = { .sa_handler = SIG_DFL };
	struct sigaction before;

	if (terminal->windowed)
		send("\033[?2004l");
	endwin();
	sigaction(SIGTSTP, &stop, &before);
	kill(0, SIGTSTP);
	sigaction(SIGTSTP, &before, NULL);
	if (terminal->windowed)
		send("\033[?2004h");
	terminal->repaint = true;
}

/* Through a shell, as editors are named with their options; no signal blocked, none ignored. */
static pid_t start_editor(const char *path)
{
	static const char command[] = "exec ${VISUAL:-${EDITOR:-vi}} \"$1\"";
	pid_t child = fork();
	sigset_t none;

	if (child != 0)
		return child;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGINT, SIG_DFL);
	signal(SIGQUIT, SIG_DFL);
	signal(SIGTSTP, SIG_DFL);
	execl("/bin/sh", "sh", "-c", command, "sh", path, (char *)NULL);
	_exit(127);
}

/* Keys that end or stop the editor are not meant for the console. */
enum err_code terminal_edit(struct terminal *terminal, const char *path, struct err *e)
{
	const struct sigaction ignore = { .sa_handler = SIG_IGN };
	struct sigaction interrupt, quit;
	int status = -1;
	pid_t child;

	if (terminal->windowed)
		send("\033[?2004l");
	endwin();
	sigaction(SIGINT, &ignore, &interrupt);
	sigaction(SIGQUIT, &ignore, &quit);
	child = start_editor(path);
	while (child > 0 && waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	sigaction(SIGINT, &interrupt, NULL);
	sigaction(SIGQUIT, &quit, NULL);
	if (terminal->windowed)
		send("\033[?2004h");
	terminal->repaint = true;
	if (child > 0 && WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return ERR_OK;
	return err_set(e, ERR_FILE,
	               "the editor could not be run, or ended badly: set VISUAL or EDITOR to yours");
}

/* Harmless text of ours only: control characters cannot end the sequence early. */
static void send_text(struct terminal *terminal, const char *before, const char *text, const char *behind)
{
	struct buf b;

	if (!terminal->windowed)
		return;
	buf_init(&b, 4096);
	buf_add_text(&b, before);
	text_show(&b, slice_of(text), terminal->ascii);
	buf_add_text(&b, behind);
	fputs(buf_text(&b), stdout);
	fflush(stdout);
	buf_release(&b);
}

void terminal_title(struct terminal *terminal, const char *title)
{
	if (strcmp(terminal->title, title) == 0)
		return;
	snprintf(terminal->title, sizeof terminal->title, "%s", title);
	send_text(terminal, "\033]2;", title, "\007");
}

void terminal_bell(struct terminal *terminal, const char *note)
{
	beep();
	send_text(terminal, "\033]9;", note, "\007");
}

void terminal_copy(struct terminal *terminal, const char *text)
{
	struct buf b;

	if (!terminal->windowed)
		return;
	buf_init(&b, 4096);
	buf_add_text(&b, "\033]52;c;");
	terminal_add_base64(&b, slice_of(text));
	buf_add_text(&b, "\007");
	fputs(buf_text(&b), stdout);
	fflush(stdout);
	buf_release(&b);
}
