/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The terminal: draws pictures, reads keys and clicks as events, and restores it at the end. */
#include <config.h>

#include "live/screen.h"

#include <curses.h>
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "live/canvas.h"
#include "live/screen_input.h"
#include "live/screen_rescue.h"
#include "live/screen_terms.h"
#include "live/theme.h"

struct screen {
	SCREEN *curses;
	bool has_color;
	bool has_mouse;
	bool is_open; /* false between endwin() and the next refresh() */
	struct screen_input input;
	attr_t attributes[STYLE_COUNT];
};

static void add_restore_capability(const char *name)
{
	const char *bytes = tigetstr(name);

	/* Sends the string without padding ($<5>), which only obsolete terminals need. */
	if (!bytes || (intptr_t)bytes == -1)
		return;
	screen_rescue_bytes(bytes, strcspn(bytes, "$"));
}

static void save_restore_bytes(bool has_mouse)
{
	static const char mouse_off[] = "\033[?1000l\033[?1002l\033[?1006l";

	add_restore_capability("sgr0");
	add_restore_capability("rmkx");
	/* In this order: see leave(). */
	add_restore_capability("rmcup");
	add_restore_capability("cnorm");
	if (has_mouse)
		screen_rescue_bytes(mouse_off, sizeof(mouse_off) - 1);
	screen_rescue_bytes("\r\n", 2);
}

/* Sends bytes directly; curses has no function for them. */
static void send(const char *bytes)
{
	fputs(bytes, stdout);
	fflush(stdout);
}

void screen_use_mouse(struct screen *s, bool is_used)
{
	mmask_t mask = is_used ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0;

	if (!s->has_mouse)
		return;
	if (!mousemask(mask, NULL) && is_used)
		return;
	mouseinterval(0);
	/*
	 * SGR mouse mode, for columns above 95; not all terminal descriptions request it
	 * (screen, tmux).
	 */
	send(is_used ? "\033[?1006h" : "\033[?1006l");
}

static void set_modes(struct screen *s)
{
	raw();
	noecho();
	nonl();
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	intrflush(stdscr, FALSE);
	curs_set(0);
	screen_use_mouse(s, true);
}

static attr_t attributes_of(const struct look *look)
{
	static const attr_t attributes[] = { A_BOLD, A_DIM, A_UNDERLINE, A_REVERSE };
	attr_t all = A_NORMAL;

	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++)
		if (look->attributes & 1U << i)
			all |= attributes[i];
	return all;
}

static void set_looks(struct screen *s, enum theme theme)
{
	int n_colors = 0;

	if (s->has_color && has_colors() && start_color() != ERR && COLOR_PAIRS > STYLE_COUNT) {
		use_default_colors();
		n_colors = COLORS;
	}
	s->has_color = n_colors;
	for (short style = 0; style < STYLE_COUNT; style++) {
		const struct look look = theme_look(theme, (enum style)style, n_colors);

		s->attributes[style] = attributes_of(&look);
		if (n_colors)
			init_pair((short)(style + 1), look.foreground, look.background);
	}
}

/* Opens a terminal of this type, by the built-in description if terminfo has none.  NULL if neither. */
static SCREEN *open_terminal(const char *type)
{
	SCREEN *opened = newterm(type, stdout, stdin);
	const char *terminfo = screen_terms_find(type);

	if (opened || !terminfo)
		return opened;
	setenv("TERMINFO", terminfo, true);
	opened = newterm(type, stdout, stdin);
	unsetenv("TERMINFO");
	return opened;
}

/*
 * The description of a terminal for one that has none here: new terminals come with a description of
 * their own, which a remote host lacks.
 */
static const char *relative_of(const char *term)
{
	static const struct {
		const char *start; /* of the name */
		const char *like;
	} relatives[] = {
		{ "xterm", "xterm-256color" },	   { "kitty", "xterm-256color" },
		{ "ghostty", "xterm-256color" },   { "foot", "xterm-256color" },
		{ "alacritty", "xterm-256color" }, { "wezterm", "xterm-256color" },
		{ "konsole", "xterm-256color" },   { "gnome", "xterm-256color" },
		{ "vte", "xterm-256color" },	   { "rxvt", "xterm-256color" },
		{ "st-", "xterm-256color" },	   { "contour", "xterm-256color" },
		{ "tmux", "screen-256color" },	   { "screen", "screen-256color" },
	};

	for (size_t i = 0; i < sizeof(relatives) / sizeof(*relatives); i++)
		if (!strncmp(term, relatives[i].start, strlen(relatives[i].start)))
			return relatives[i].like;
	return NULL;
}

int screen_open(struct screen **out, bool has_color, bool has_mouse, enum theme theme,
		const char **relative)
{
	struct screen *s = mem_calloc(1, sizeof(*s));
	const char *term = getenv("TERM");

	*relative = NULL;
	s->has_color = has_color;
	s->has_mouse = has_mouse;
	screen_rescue_arm();
	/* Without TERM ncurses would fail, too, but also leak memory. */
	if (term && *term) {
		if (!getenv("ESCDELAY"))
			set_escdelay(25);
		s->curses = open_terminal(term);
		*relative = s->curses ? NULL : relative_of(term);
		if (*relative)
			s->curses = open_terminal(*relative);
	}
	if (!s->curses || !tigetstr("cup") || !tigetstr("clear")) {
		if (s->curses) {
			endwin();
			delscreen(s->curses);
		}
		screen_rescue_disarm();
		free(s);
		return -ENOTTY;
	}
	save_restore_bytes(has_mouse);
	s->is_open = true;
	set_modes(s);
	screen_input_define_keys();
	set_looks(s, theme_of(theme, getenv("COLORFGBG")));
	*out = s;
	return 0;
}

/*
 * ncurses saves the cursor where it scrolls lines, and some terminals save with its place that it is hidden
 * (Neovim's is one); these hide it again as they leave the alternate screen.
 */
static void show_cursor(void)
{
	const char *bytes = tigetstr("cnorm");

	if (!bytes || (intptr_t)bytes == -1)
		return;
	putp(bytes);
	fflush(stdout);
}

/* Without an alternate screen, leaves the cursor on the bottom line for the shell's prompt. */
static void leave(const struct screen *s)
{
	move(LINES - 1, 0);
	clrtoeol();
	refresh();
	if (s->has_mouse)
		send("\033[?1006l");
	endwin();
	show_cursor();
}

void screen_close(struct screen *s)
{
	if (!s)
		return;
	if (s->is_open)
		leave(s);
	screen_rescue_disarm();
	delscreen(s->curses);
	free(s);
}

void screen_size(const struct screen *s, int *width, int *height)
{
	(void)s;
	getmaxyx(stdscr, *height, *width);
}

void screen_resize(struct screen *s)
{
	struct winsize size;

	(void)s;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row || !size.ws_col ||
	    !is_term_resized(size.ws_row, size.ws_col))
		return;
	resize_term(size.ws_row, size.ws_col);
	/* Output for the previous size may be anywhere on the screen. */
	clearok(curscr, TRUE);
}

static void set_style(const struct screen *s, enum style style)
{
	attr_set(s->attributes[style], s->has_color ? (short)(style + 1) : 0, NULL);
}

static void draw_line(const struct screen *s, const struct canvas_line *line, int y)
{
	move(y, 0);
	for (size_t i = 0; i < line->n_spans; i++) {
		size_t start = line->spans[i].start;
		size_t end = i + 1 < line->n_spans ? line->spans[i + 1].start : line->text.len;

		set_style(s, line->spans[i].style);
		addnstr(line->text.data + start, (int)(end - start));
	}
	set_style(s, STYLE_PLAIN);
	if (line->width < (size_t)COLS)
		clrtoeol();
}

void screen_draw(struct screen *s, const struct canvas *picture)
{
	for (int y = 0; y < picture->height && y < LINES; y++)
		draw_line(s, &picture->lines[y], y);
	if (picture->cursor_y >= 0) {
		curs_set(1);
		move(picture->cursor_y, picture->cursor_x < COLS ? picture->cursor_x : COLS - 1);
	} else {
		curs_set(0);
	}
	refresh();
}

void screen_ring(struct screen *s)
{
	(void)s;
	beep();
}

void screen_forget(struct screen *s)
{
	(void)s;
	/* Another program may have changed the terminal's modes meanwhile. */
	reset_prog_mode();
	clearok(curscr, TRUE);
}

struct screen_event screen_read(struct screen *s)
{
	return screen_input_read(&s->input);
}

void screen_suspend(struct screen *s)
{
	struct sigaction stop = { .sa_handler = SIG_DFL }, before;
	sigset_t set, blocked;

	leave(s);
	s->is_open = false;
	sigemptyset(&stop.sa_mask);
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	sigaction(SIGTSTP, &stop, &before);
	/* Stop the whole process group, as the terminal driver does on Ctrl-Z. */
	kill(0, SIGTSTP);
	pthread_sigmask(SIG_UNBLOCK, &set, &blocked);
	/* The process stops at the unblocking above and continues here. */
	pthread_sigmask(SIG_SETMASK, &blocked, NULL);
	sigaction(SIGTSTP, &before, NULL);
	screen_resize(s);
	s->is_open = true;
	set_modes(s);
	screen_forget(s);
}

static void encode_base64(const char *text, size_t len, struct buf *out)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < len; i += 3) {
		uint32_t bits = 0;
		size_t n = len - i < 3 ? len - i : 3;

		for (size_t j = 0; j < 3; j++)
			bits = bits << 8 | (j < n ? (unsigned char)text[i + j] : 0);
		for (size_t j = 0; j < 4; j++)
			buf_char(out, j <= n ? digits[bits >> (18 - 6 * j) & 63] : '=');
	}
}

/* The console and old terminals would show the text instead. */
static bool has_clipboard(void)
{
	static const char *const without[] = { "linux", "vt", "dumb", "ansi", "cons" };
	const char *term = getenv("TERM");

	for (size_t i = 0; term && i < sizeof(without) / sizeof(*without); i++)
		if (!strncmp(term, without[i], strlen(without[i])))
			return false;
	return term;
}

bool screen_copy(struct screen *s, const char *text, size_t len)
{
	struct buf out = { 0 };

	(void)s;
	if (!has_clipboard())
		return false;
	buf_str(&out, "\033]52;c;");
	encode_base64(text, len, &out);
	buf_char(&out, '\a');
	fwrite(out.data, 1, out.len, stdout);
	fflush(stdout);
	buf_fini(&out);
	return true;
}
