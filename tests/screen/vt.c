/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a program in a pseudo-terminal with a terminal emulator, and plays a script: sends keys and
 * waits for text on the screen.  Every wait is for a condition, with a deadline, never for a time.
 *
 * usage: vt SCRIPT COMMAND [ARGUMENT...]      ("-" reads the script from standard input)
 *
 * TERM selects the key sequences.  A script is lines of
 *	size WIDTH HEIGHT	the terminal's size before the first wait; later: resizes it
 *	expect TEXT		wait until a line of the screen holds TEXT
 *	gone TEXT		wait until none does
 *	colors yes|no		wait until some cell has a colour of its own, or check that none has
 *	color N TEXT		wait until a line holds TEXT in colour N of 256 (-1: the terminal's own)
 *	mouse yes|no		wait until the program wants to hear of the mouse, or check that not
 *	row TEXT		wait until the line of the table's cursor (> or * in column 0) holds TEXT
 *	key NAME...		press keys: Up, F5, Enter, Esc, Ctrl-C, or a single character
 *	type TEXT		type the text
 *	click Y X [Y X]...	press the mouse button there (SGR), all in one write
 *	click-x10 Y X [Y X]...	the same in X10 encoding, for terminals without SGR
 *	wheel N			turn the wheel down by N steps, or up by -N, in one write
 *	bytes TEXT		write TEXT, in which ^[ stands for an escape
 *	written TEXT		the terminal takes TEXT as if the program had written it
 *	signal NAME		send the program TERM, INT, HUP, TSTP, CONT, ABRT, SEGV ...
 *	fault NAME		send it to the program's newest thread, as for a fault in it
 *	stopped			wait until the program has stopped
 *	hangup			close the terminal
 *	exit STATUS		wait until the program has ended with that status (or -SIGNAL), and
 *				check that the terminal was restored
 *	run COMMAND		run a shell command to its end; it must succeed
 *	flood KEYS TEXT		type KEYS again and again, as fast as they are taken, until a line of the
 *				screen holds TEXT; more of them than can be taken at once stay on their way
 *	monkey SECONDS SEED	keys and sizes at random
 *	answer KIND KEY [TEXT]	press a key and note how long it takes until a line of the screen holds
 *				TEXT (!TEXT: until none does; without: until the screen changes)
 *	figures			print what answer noted, in ms, for each kind of key
 *	watch SECONDS		for benches: let time go by; print the program's memory before and
 *				after it and the CPU time in between
 *	soak COUNT		wait until the screen was refreshed so often; print memory and open files
 *				on the way, and fail where they grow
 *	dump			print the screen
 *	svg FILE		write the screen to FILE as a picture
 */
#include <config.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

/* Behind libvterm's header, whose words are macros here. */
#include <curses.h>
#include <term.h>

#include "../unit/random.h"
#include "base/text.h"
#include "svg.h"

#define DEADLINE_MS 20000
#define LINE_BYTES 4096

/* How long one key took to be answered. */
struct sample {
	char kind[12];
	uint64_t us;
};

struct vt {
	VTerm *vterm;
	VTermScreen *screen;
	int width;
	int height;
	int master;
	pid_t leader; /* of the session */
	pid_t pid;
	int reports; /* of what became of the program */
	int status; /* as waitpid(2) gave it last */
	bool has_ended;
	bool has_stopped;
	bool has_altscreen;
	bool has_title; /* somebody set the window's title: nobody should */
	bool is_cursor_hidden;
	bool wants_mouse;
	unsigned int mouse_at; /* how much of the mode's number the output ended with */
	unsigned long changes; /* counts damage */
	struct termios found;
	int number; /* of the line of the script */
	struct sample *samples;
	size_t n_samples;
	size_t samples_cap;
	uint64_t seed; /* of the pauses between keys */
};

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static uint64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* ---- the screen ---- */

static int on_damage(VTermRect rect, void *user)
{
	struct vt *vt = user;

	(void)rect;
	vt->changes++;
	return 1;
}

static int on_property(VTermProp prop, VTermValue *value, void *user)
{
	struct vt *vt = user;

	if (prop == VTERM_PROP_ALTSCREEN)
		vt->has_altscreen = value->boolean;
	else if (prop == VTERM_PROP_CURSORVISIBLE)
		vt->is_cursor_hidden = !value->boolean;
	else if (prop == VTERM_PROP_TITLE || prop == VTERM_PROP_ICONNAME)
		vt->has_title = true;
	return 1;
}

static const VTermScreenCallbacks callbacks = {
	.damage = on_damage,
	.settermprop = on_property,
};

static void read_line(const struct vt *vt, int y, char line[static LINE_BYTES])
{
	size_t n = 0;

	for (int x = 0; x < vt->width && n + 32 < LINE_BYTES;) {
		VTermScreenCell cell;
		VTermPos pos = { .row = y, .col = x };

		vterm_screen_get_cell(vt->screen, pos, &cell);
		if (!cell.chars[0])
			line[n++] = ' ';
		for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
			n += text_encode(cell.chars[i], line + n);
		x += cell.width > 0 ? cell.width : 1;
	}
	while (n && line[n - 1] == ' ')
		n--;
	line[n] = '\0';
}

static void dump(const struct vt *vt, FILE *out)
{
	char line[LINE_BYTES];

	for (int y = 0; y < vt->height; y++) {
		read_line(vt, y, line);
		fprintf(out, "%s\n", line);
	}
	fflush(out);
}

__attribute__((format(printf, 2, 3), noreturn)) static void fail(const struct vt *vt,
								 const char *format, ...)
{
	va_list ap;

	printf("line %d: ", vt->number);
	va_start(ap, format);
	vprintf(format, ap);
	va_end(ap);
	printf("\n---- %dx%d, TERM=%s ----\n", vt->width, vt->height, getenv("TERM"));
	dump(vt, stdout);
	printf("----\n");
	if (vt->pid > 0 && !vt->has_ended)
		kill(vt->pid, SIGKILL);
	exit(1);
}

static void write_picture(const struct vt *vt, const char *path)
{
	FILE *out = fopen(path, "we");

	if (!out)
		fail(vt, "%s cannot be written", path);
	svg_write(vt->screen, vt->width, vt->height, out);
	if (fclose(out))
		fail(vt, "%s is not whole", path);
}

/* ---- the program ---- */

/*
 * Leads the session as a shell would, since a program without one cannot be stopped: starts the
 * program in the foreground and reports its pid, then what waitpid(2) says of it.
 */
__attribute__((noreturn)) static void lead_session(int slave, int reports, char **argv)
{
	pid_t pid;
	int status;

	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	dup2(slave, STDIN_FILENO);
	dup2(slave, STDOUT_FILENO);
	dup2(slave, STDERR_FILENO);
	close(slave);
	signal(SIGHUP, SIG_IGN);
	signal(SIGTTOU, SIG_IGN);
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		tcsetpgrp(STDIN_FILENO, getpid());
		signal(SIGHUP, SIG_DFL);
		signal(SIGTTOU, SIG_DFL);
		execvp(argv[0], argv);
		_exit(127);
	}
	if (write(reports, &pid, sizeof(pid)) != (ssize_t)sizeof(pid))
		_exit(1);
	while (waitpid(pid, &status, WUNTRACED) == pid) {
		if (write(reports, &status, sizeof(status)) != (ssize_t)sizeof(status) ||
		    !WIFSTOPPED(status))
			break;
	}
	_exit(0);
}

static void start(struct vt *vt, char **argv)
{
	struct winsize size = { .ws_row = (unsigned short)vt->height,
				.ws_col = (unsigned short)vt->width };
	int slave, reports[2];

	if (openpty(&vt->master, &slave, NULL, NULL, &size) || pipe(reports))
		fail(vt, "no pseudo-terminal: %s", strerror(errno));
	tcgetattr(slave, &vt->found);
	vt->leader = fork();
	if (vt->leader < 0)
		fail(vt, "fork: %s", strerror(errno));
	if (!vt->leader) {
		close(vt->master);
		close(reports[0]);
		fcntl(reports[1], F_SETFD, FD_CLOEXEC);
		lead_session(slave, reports[1], argv);
	}
	close(slave);
	close(reports[1]);
	vt->reports = reports[0];
	if (read(vt->reports, &vt->pid, sizeof(vt->pid)) != (ssize_t)sizeof(vt->pid))
		fail(vt, "the program does not start");
	fcntl(vt->reports, F_SETFL, O_NONBLOCK);
	fcntl(vt->master, F_SETFL, O_NONBLOCK);
}

/* What the emulator answers (device attributes and the like) goes back to the program. */
static void answer(struct vt *vt)
{
	char buf[256];
	size_t n = vterm_output_read(vt->vterm, buf, sizeof(buf));

	if (n && write(vt->master, buf, n) < 0 && errno != EIO && errno != EAGAIN)
		fail(vt, "write: %s", strerror(errno));
}

/*
 * The mode for the mouse is 1000.  libvterm 0.1 reads only the first of several numbers in one
 * sequence, as in "\033[?1006;1000h".
 */
static void note_mouse(struct vt *vt, const char *bytes, size_t n)
{
	static const char mode[] = "1000";

	for (size_t i = 0; i < n; i++) {
		if (!mode[vt->mouse_at] && (bytes[i] == 'h' || bytes[i] == 'l'))
			vt->wants_mouse = bytes[i] == 'h';
		if (mode[vt->mouse_at] && bytes[i] == mode[vt->mouse_at])
			vt->mouse_at++;
		else
			vt->mouse_at = bytes[i] == mode[0];
	}
}

/* Takes what the program writes, for at most ms.  False: nobody has the other end any more. */
static bool pump(struct vt *vt, int ms)
{
	struct pollfd fd = { .fd = vt->master, .events = POLLIN };
	char buf[16384];
	ssize_t n;

	if (vt->master < 0)
		return false;
	if (poll(&fd, 1, ms) <= 0)
		return true;
	n = read(vt->master, buf, sizeof(buf));
	if (n <= 0) {
		/* poll() would not wait. */
		struct timespec moment = { .tv_nsec = 1000000 };

		nanosleep(&moment, NULL);
		return n < 0 && errno != EIO;
	}
	note_mouse(vt, buf, (size_t)n);
	vterm_input_write(vt->vterm, buf, (size_t)n);
	vterm_screen_flush_damage(vt->screen);
	answer(vt);
	return true;
}

static void check_alive(struct vt *vt)
{
	int status;

	while (read(vt->reports, &status, sizeof(status)) == (ssize_t)sizeof(status)) {
		vt->status = status;
		vt->has_stopped = WIFSTOPPED(status);
		vt->has_ended = !vt->has_stopped;
	}
}

typedef bool condition(const struct vt *vt, const char *text);

static bool is_shown(const struct vt *vt, const char *text)
{
	char line[LINE_BYTES];

	for (int y = 0; y < vt->height; y++) {
		read_line(vt, y, line);
		if (strstr(line, text))
			return true;
	}
	return false;
}

static bool is_gone(const struct vt *vt, const char *text)
{
	return !is_shown(vt, text);
}

static bool is_row(const struct vt *vt, const char *text)
{
	char line[LINE_BYTES];

	for (int y = 0; y < vt->height; y++) {
		read_line(vt, y, line);
		if (line[0] == '>' && strstr(line, text))
			return true;
	}
	return false;
}

static bool is_colored(const struct vt *vt, const char *text)
{
	(void)text;
	for (int y = 0; y < vt->height; y++) {
		for (int x = 0; x < vt->width; x++) {
			VTermPos pos = { .row = y, .col = x };
			VTermScreenCell cell;

			vterm_screen_get_cell(vt->screen, pos, &cell);
			if (!VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) ||
			    !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg))
				return true;
		}
	}
	return false;
}

/* The number of the foreground colour of a cell; -1: the terminal's own. */
static int color_at(const struct vt *vt, int y, int x)
{
	VTermScreenCell cell;

	vterm_screen_get_cell(vt->screen, (VTermPos){ .row = y, .col = x }, &cell);
	return VTERM_COLOR_IS_INDEXED(&cell.fg) && !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg)
		       ? cell.fg.indexed.idx
		       : -1;
}

/* The text has the colour in front of it. */
static bool is_in_color(const struct vt *vt, const char *text)
{
	char line[LINE_BYTES], *end;
	long color = strtol(text, &end, 10);

	for (int y = 0; y < vt->height; y++) {
		const char *at;

		read_line(vt, y, line);
		at = strstr(line, end + (*end == ' '));
		if (at && color_at(vt, y, (int)text_width(line, (size_t)(at - line))) == color)
			return true;
	}
	return false;
}

static bool wants_mouse(const struct vt *vt, const char *text)
{
	(void)text;
	return vt->wants_mouse;
}

static void wait_for(struct vt *vt, const char *what, condition *holds, const char *text)
{
	uint64_t deadline = now_ms() + DEADLINE_MS;

	while (!holds(vt, text)) {
		check_alive(vt);
		if (vt->has_ended) {
			for (int i = 0; i < 100 && !holds(vt, text); i++)
				pump(vt, 10);
			if (holds(vt, text))
				return;
			fail(vt, "%s %s: the program has ended (%x)", what, text, vt->status);
		}
		if (now_ms() > deadline)
			fail(vt, "%s %s: not in time", what, text);
		pump(vt, 50);
	}
}

/* ---- keys ---- */

static void send_bytes(struct vt *vt, const char *bytes, size_t n)
{
	uint64_t deadline = now_ms() + DEADLINE_MS;

	while (n) {
		ssize_t done = write(vt->master, bytes, n);

		if (done < 0 && errno == EAGAIN && now_ms() < deadline) {
			pump(vt, 10);
			continue;
		}
		if (done < 0 && errno == EIO)
			return;
		if (done < 0)
			fail(vt, "the program takes no input: %s", strerror(errno));
		bytes += done;
		n -= (size_t)done;
	}
}

/* What the terminal sends for a named key, as terminfo has it. */
static const char *bytes_of(const char *name, char single[static 8])
{
	/* clang-format off */
	static const struct {
		const char *name;
		const char *capability;
		const char *bytes; /* without a capability, or where the terminal has none */
	} keys[] = {
		{ "Up", "kcuu1", "\033[A" },	{ "Down", "kcud1", "\033[B" },
		{ "Left", "kcub1", "\033[D" },	{ "Right", "kcuf1", "\033[C" },
		{ "PgUp", "kpp", "\033[5~" },	{ "PgDn", "knp", "\033[6~" },
		{ "Home", "khome", "\033[H" },	{ "End", "kend", "\033[F" },
		{ "Del", "kdch1", "\033[3~" },	{ "Shift-Tab", "kcbt", "\033[Z" },
		{ "Backspace", NULL, "\177" },	{ "Enter", NULL, "\r" },
		{ "Esc", NULL, "\033" },	{ "Tab", NULL, "\t" },
		{ "Space", NULL, " " },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		const char *bytes = NULL;

		if (strcmp(keys[i].name, name) != 0)
			continue;
		if (keys[i].capability)
			bytes = tigetstr(keys[i].capability);
		return bytes && bytes != (const char *)-1 ? bytes : keys[i].bytes;
	}
	if (name[0] == 'F' && name[1]) {
		char capability[16];
		const char *bytes;

		snprintf(capability, sizeof(capability), "kf%.8s", name + 1);
		bytes = tigetstr(capability);
		return bytes && bytes != (const char *)-1 ? bytes : NULL;
	}
	if (!strncmp(name, "Ctrl-", 5))
		snprintf(single, 8, "%c", name[5] & 0x1f);
	else
		snprintf(single, 8, "%.7s", name);
	return single;
}

static void press(struct vt *vt, char *names)
{
	for (char *name; (name = strsep(&names, " "));) {
		char single[8];
		const char *bytes = bytes_of(name, single);

		if (!bytes)
			fail(vt, "this terminal has no key %s", name);
		send_bytes(vt, bytes, strlen(bytes));
		/* An escape is one when nothing follows at once: the program says so by what it shows. */
		pump(vt, 0);
	}
}

static void tell_size(const struct vt *vt, int width, int height)
{
	struct winsize size = { .ws_row = (unsigned short)height, .ws_col = (unsigned short)width };

	ioctl(vt->master, TIOCSWINSZ, &size);
}

static void resize(struct vt *vt, int width, int height)
{
	vt->width = width;
	vt->height = height;
	vterm_set_size(vt->vterm, height, width);
	tell_size(vt, width, height);
}

static void turn_wheel(struct vt *vt, int steps)
{
	static const char down[] = "\033[<65;5;5M", up[] = "\033[<64;5;5M";
	const char *step = steps < 0 ? up : down;
	char bytes[256];
	size_t len = 0;

	for (int n = abs(steps); n > 0 && len + sizeof(down) <= sizeof(bytes); n--) {
		memcpy(bytes + len, step, sizeof(down) - 1);
		len += sizeof(down) - 1;
	}
	send_bytes(vt, bytes, len);
}

/* Types ahead what it can: the program never finds that nothing is left to read. */
static void flood(struct vt *vt, char *rest)
{
	uint64_t deadline = now_ms() + DEADLINE_MS;
	const char *keys = strsep(&rest, " ");
	size_t n = strlen(keys), at = 0;
	char bytes[4096];

	if (!n || !rest)
		fail(vt, "flood: KEYS TEXT");
	while (!is_shown(vt, rest)) {
		ssize_t done;

		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = keys[(at + i) % n];
		done = write(vt->master, bytes, sizeof(bytes));
		if (done < 0 && errno != EAGAIN)
			fail(vt, "the program takes no input: %s", strerror(errno));
		at += done > 0 ? (size_t)done : 0;
		pump(vt, done < 0);
		check_alive(vt);
		if (vt->has_ended || now_ms() > deadline)
			fail(vt, "flood %s %s: not in time", keys, rest);
	}
}

/* Waits until the program has read all that was typed, for as long as it reads. */
static void wait_taken(struct vt *vt)
{
	int slave = ioctl(vt->master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	int left = 0, before = 0, looks = 0;
	uint64_t deadline = now_ms() + DEADLINE_MS;

	/* What is on its way is passed on in parts: the first 0 may be between two of them. */
	while (slave >= 0 && looks < 3) {
		if (ioctl(slave, FIONREAD, &left))
			fail(vt, "FIONREAD: %s", strerror(errno));
		if (left != before)
			deadline = now_ms() + DEADLINE_MS;
		before = left;
		looks = left ? 0 : looks + 1;
		pump(vt, 1);
		check_alive(vt);
		if (vt->has_ended)
			break;
		if (now_ms() > deadline)
			fail(vt, "the program does not read its input");
	}
	if (slave >= 0)
		close(slave);
}

#define MONKEY_WIDTH 200
#define MONKEY_HEIGHT 70
/* So many events are typed ahead at most: then the monkey looks what came of them. */
#define MONKEY_BURST 2000

/* Everything but what ends or stops the program or does something to the host. */
static void play_monkey(struct vt *vt, long seconds, uint64_t seed)
{
	uint64_t end = now_ms() + (uint64_t)seconds * 1000;
	unsigned long n = 0, burst = 0;
	static const char *const words[] = {
		"Up",	 "Down", "Left", "Right",     "PgUp",	"PgDn",	  "Home",   "End",
		"Enter", "Esc",	 "Tab",	 "Shift-Tab", "F1",	"F2",	  "F3",	    "F4",
		"F5",	 "F6",	 "F7",	 "Space",     "Ctrl-D", "Ctrl-U", "Ctrl-L", "Backspace",
	};
	static const char characters[] =
		"1234512345jkgGdDtulenIR<>/p?hUC[] abc=0189!(){},~*TbBNrWyY\\";

	/* The emulator stays as big as can be: libvterm 0.1.4 reads outside of itself where it is made smaller
	 * while something for the size before is on its way. */
	resize(vt, MONKEY_WIDTH, MONKEY_HEIGHT);
	for (; now_ms() < end; n++) {
		char name[16] = "";

		if (!random_below(&seed, 40)) {
			tell_size(vt, 1 + (int)random_below(&seed, MONKEY_WIDTH),
				  1 + (int)random_below(&seed, MONKEY_HEIGHT));
		} else if (!random_below(&seed, 40)) {
			turn_wheel(vt, (int)random_below(&seed, 9) - 4);
		} else if (random_below(&seed, 3)) {
			name[0] = characters[random_below(&seed, sizeof(characters) - 1)];
			press(vt, name);
		} else {
			strcpy(name, words[random_below(&seed, sizeof(words) / sizeof(*words))]);
			press(vt, name);
		}
		pump(vt, random_below(&seed, 8) ? 0 : 2);
		check_alive(vt);
		if (!burst--) {
			wait_taken(vt);
			burst = random_below(&seed, MONKEY_BURST);
		}
		if (vt->has_ended)
			fail(vt, "the program ended at event %lu (%x)", n, vt->status);
	}
	printf("monkey: %lu events\n", n);
	wait_taken(vt);
	tell_size(vt, 80, 24);
	for (int i = 0; i < 3; i++)
		press(vt, (char[]){ "Esc" });
}

/* How fast the fastest of typists is: presses come at any time between two looks. */
#define TYPING_MS_LEAST 40
#define TYPING_MS_SPAN 120
#define ANSWER_US 5000000

/* Lets time go by; until then the screen may change, and what is on its way arrives. */
static void let_pass(struct vt *vt, uint64_t ms)
{
	for (uint64_t end = now_ms() + ms; now_ms() < end;)
		pump(vt, (int)(end - now_ms()) + 1);
}

static bool is_answered(const struct vt *vt, const char *text, unsigned long changes)
{
	if (!*text)
		return vt->changes != changes;
	return *text == '!' ? is_gone(vt, text + 1) : is_shown(vt, text);
}

/* From the write to the terminal's input to the screen that answers it. */
static void measure_answer(struct vt *vt, char *rest)
{
	char *kind = strsep(&rest, " "), *key = strsep(&rest, " ");
	const char *text = rest ? rest : "";
	unsigned long changes;
	uint64_t start;

	if (!key || strlen(kind) >= sizeof(vt->samples->kind))
		fail(vt, "answer: KIND KEY [TEXT]");
	let_pass(vt, TYPING_MS_LEAST + random_below(&vt->seed, TYPING_MS_SPAN));
	/* Without a text any change is taken for the answer: none may be on its way. */
	for (changes = vt->changes + 1; !*text && changes != vt->changes;) {
		changes = vt->changes;
		pump(vt, 20);
	}
	changes = vt->changes;
	if (is_answered(vt, text, changes))
		fail(vt, "answer %s %s: there before the key", key, text);
	start = now_us();
	press(vt, key);
	while (!is_answered(vt, text, changes)) {
		check_alive(vt);
		if (vt->has_ended || now_us() - start > ANSWER_US)
			fail(vt, "answer %s %s: not in time", key, text);
		pump(vt, 1);
	}
	if (vt->n_samples == vt->samples_cap) {
		vt->samples_cap = 2 * vt->samples_cap + 64;
		vt->samples = realloc(vt->samples, vt->samples_cap * sizeof(*vt->samples));
		if (!vt->samples)
			fail(vt, "out of memory");
	}
	strcpy(vt->samples[vt->n_samples].kind, kind);
	vt->samples[vt->n_samples++].us = now_us() - start;
}

/* Kinds stand together, the fastest answer of each first. */
static int compare_samples(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;
	int order = strcmp(x->kind, y->kind);

	return order ? order : (x->us > y->us) - (x->us < y->us);
}

static int compare_times(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;

	return (x->us > y->us) - (x->us < y->us);
}

static void print_figure(const char *kind, const struct sample *s, size_t n)
{
	printf("%-10s %5zu %8.1f %8.1f %8.1f\n", kind, n, (double)s[n / 2].us / 1000,
	       (double)s[n * 95 / 100].us / 1000, (double)s[n - 1].us / 1000);
}

static void print_figures(struct vt *vt)
{
	printf("%-10s %5s %8s %8s %8s  (ms)\n", "key", "n", "median", "p95", "max");
	qsort(vt->samples, vt->n_samples, sizeof(*vt->samples), compare_samples);
	for (size_t from = 0, n; from < vt->n_samples; from += n) {
		const struct sample *s = &vt->samples[from];

		n = 1;
		while (from + n < vt->n_samples && !strcmp(s[n].kind, s->kind))
			n++;
		print_figure(s->kind, s, n);
	}
	qsort(vt->samples, vt->n_samples, sizeof(*vt->samples), compare_times);
	if (vt->n_samples)
		print_figure("all", vt->samples, vt->n_samples);
	fflush(stdout);
	vt->n_samples = 0;
}

/* A number from the program's /proc files: the one behind a name, or the nth word of stat. */
static unsigned long proc_number(const struct vt *vt, const char *file, const char *name, int word)
{
	char path[64], line[1024];
	unsigned long number = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)vt->pid, file);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		const char *at = name ? line + strlen(name) : strrchr(line, ')');

		if (name && strncmp(line, name, strlen(name)) != 0)
			continue;
		for (int i = 2; !name && at && i < word; i++)
			at = strchr(at + 1, ' ');
		number = at ? strtoul(at, NULL, 10) : 0;
	}
	if (f)
		fclose(f);
	return number;
}

static void watch(struct vt *vt, long seconds)
{
	uint64_t end = now_ms() + (uint64_t)seconds * 1000;
	unsigned long before = proc_number(vt, "status", "VmRSS:", 0);
	unsigned long ticks = proc_number(vt, "stat", NULL, 14) + proc_number(vt, "stat", NULL, 15);

	while (now_ms() < end) {
		pump(vt, 100);
		check_alive(vt);
		if (vt->has_ended)
			fail(vt, "watch: the program has ended (%x)", vt->status);
	}
	ticks = proc_number(vt, "stat", NULL, 14) + proc_number(vt, "stat", NULL, 15) - ticks;
	printf("memory-kib before %lu after %lu cpu-percent %.1f\n", before,
	       proc_number(vt, "status", "VmRSS:", 0),
	       100.0 * (double)ticks / (double)sysconf(_SC_CLK_TCK) / (double)seconds);
	fflush(stdout);
}

static unsigned long count_open_files(const struct vt *vt)
{
	char path[64];
	const struct dirent *entry;
	unsigned long n = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", (int)vt->pid);
	dir = opendir(path);
	while (dir && (entry = readdir(dir)))
		n += entry->d_name[0] != '.';
	if (dir)
		closedir(dir);
	return n;
}

/* A change of the screen behind a moment without one; so refreshes that change nothing do not count. */
#define MOMENT_MS 30
#define SOAK_PARTS 10
/* What an allocator may still gather late. */
#define SOAK_SLACK_KIB 512

static void wait_refresh(struct vt *vt)
{
	uint64_t deadline = now_ms() + DEADLINE_MS;
	unsigned long before;

	do {
		before = vt->changes;
		pump(vt, MOMENT_MS);
	} while (vt->changes != before && now_ms() < deadline);
	while (vt->changes == before) {
		check_alive(vt);
		if (vt->has_ended || now_ms() > deadline)
			fail(vt, "soak: the screen stands still (%x)", vt->status);
		pump(vt, 50);
	}
}

/* The first part warms up; what is there then must do for all others. */
static void soak(struct vt *vt, unsigned long count)
{
	unsigned long memory = 0, files = 0;

	for (unsigned long i = 1; i <= count; i++) {
		unsigned long now;

		wait_refresh(vt);
		if (i % (count / SOAK_PARTS ? count / SOAK_PARTS : 1))
			continue;
		now = proc_number(vt, "status", "VmRSS:", 0);
		printf("refreshes %lu memory-kib %lu files %lu\n", i, now, count_open_files(vt));
		fflush(stdout);
		if (!memory) {
			memory = now;
			files = count_open_files(vt);
		}
		if (now > memory + SOAK_SLACK_KIB || count_open_files(vt) > files)
			fail(vt, "soak: it grows");
	}
}

/* ---- the end ---- */

static int signal_number(const struct vt *vt, const char *name)
{
	/* clang-format off */
	static const struct {
		const char *name;
		int number;
	} signals[] = {
		{ "ABRT", SIGABRT },	 { "ALRM", SIGALRM }, { "BUS", SIGBUS },
		{ "CONT", SIGCONT },	 { "FPE", SIGFPE },   { "HUP", SIGHUP },
		{ "ILL", SIGILL },	 { "INT", SIGINT },   { "KILL", SIGKILL },
		{ "POLL", SIGPOLL },	 { "PROF", SIGPROF }, { "PWR", SIGPWR },
		{ "QUIT", SIGQUIT },	 { "SEGV", SIGSEGV }, { "STKFLT", SIGSTKFLT },
		{ "STOP", SIGSTOP },	 { "SYS", SIGSYS },   { "TERM", SIGTERM },
		{ "TRAP", SIGTRAP },	 { "TSTP", SIGTSTP }, { "USR1", SIGUSR1 },
		{ "USR2", SIGUSR2 },	 { "VTALRM", SIGVTALRM }, { "XCPU", SIGXCPU },
		{ "XFSZ", SIGXFSZ },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(signals) / sizeof(*signals); i++)
		if (!strcmp(signals[i].name, name))
			return signals[i].number;
	fail(vt, "no such signal: %s", name);
}

static void signal_youngest_thread(const struct vt *vt, int number)
{
	char path[64];
	const struct dirent *entry;
	pid_t youngest = 0;
	DIR *threads;

	snprintf(path, sizeof(path), "/proc/%d/task", (int)vt->pid);
	threads = opendir(path);
	if (!threads)
		fail(vt, "%s: %s", path, strerror(errno));
	while ((entry = readdir(threads)))
		if (atoi(entry->d_name) > youngest)
			youngest = atoi(entry->d_name);
	closedir(threads);
	if (syscall(SYS_tgkill, vt->pid, youngest, number))
		fail(vt, "tgkill: %s", strerror(errno));
}

static bool is_as_found(const struct vt *vt)
{
	return !vt->has_altscreen && !vt->is_cursor_hidden && !vt->has_title;
}

static void wait_stopped(struct vt *vt)
{
	uint64_t deadline = now_ms() + DEADLINE_MS;

	while (!vt->has_stopped) {
		pump(vt, 20);
		check_alive(vt);
		if (vt->has_ended || now_ms() > deadline)
			fail(vt, "stopped: it did not");
	}
	vt->has_stopped = false;
	/* What it wrote last may still be on its way. */
	while (!is_as_found(vt) && now_ms() < deadline)
		pump(vt, 5);
	for (int i = 0; i < 5; i++)
		pump(vt, 5);
}

static void check_as_found(const struct vt *vt)
{
	struct termios now;

	if (vt->master < 0)
		return;
	if (!is_as_found(vt))
		fail(vt,
		     "the terminal is not as it was: alternate screen %d, cursor hidden %d, title %d",
		     vt->has_altscreen, vt->is_cursor_hidden, vt->has_title);
	if (!tcgetattr(vt->master, &now) &&
	    (now.c_lflag != vt->found.c_lflag || now.c_iflag != vt->found.c_iflag ||
	     now.c_oflag != vt->found.c_oflag))
		fail(vt, "the modes of the terminal are not as they were");
}

static void wait_exit(struct vt *vt, int wanted)
{
	uint64_t deadline = now_ms() + DEADLINE_MS;
	int status;

	while (!vt->has_ended) {
		pump(vt, 20);
		check_alive(vt);
		if (now_ms() > deadline)
			fail(vt, "exit: not in time");
	}
	/* All that it wrote: the session's leader ends, too, and then nobody has the other end. */
	while (pump(vt, 20))
		if (now_ms() > deadline)
			fail(vt, "exit: somebody keeps the terminal open");
	status = WIFEXITED(vt->status) ? WEXITSTATUS(vt->status) : -WTERMSIG(vt->status);
	if (status != wanted)
		fail(vt, "exit %d: the program ended with %d", wanted, status);
	check_as_found(vt);
}

/* ---- the script ---- */

static void take_sizes(struct vt *vt, const char *rest)
{
	int width, height;

	if (sscanf(rest, "%d %d", &width, &height) != 2)
		fail(vt, "size: WIDTH HEIGHT");
	if (vt->pid) {
		resize(vt, width, height);
		return;
	}
	vt->width = width;
	vt->height = height;
	vterm_set_size(vt->vterm, height, width);
}

static void click(struct vt *vt, const char *places, bool is_sgr)
{
	char bytes[1024];
	size_t len = 0;
	int y, x, used;

	while (sscanf(places, "%d %d%n", &y, &x, &used) == 2 && len + 64 < sizeof(bytes)) {
		char *end = bytes + len;

		x++;
		y++;
		if (is_sgr)
			len += (size_t)sprintf(end, "\033[<0;%d;%dM\033[<0;%d;%dm", x, y, x, y);
		else
			len += (size_t)sprintf(end, "\033[M %c%c\033[M#%c%c", x + 32, y + 32,
					       x + 32, y + 32);
		places += used;
	}
	send_bytes(vt, bytes, len);
}

static size_t unescape(const char *text, char bytes[static 256])
{
	size_t len = 0;

	while (*text && len < 256) {
		bool is_escape = text[0] == '^' && text[1] == '[';

		bytes[len++] = is_escape ? '\033' : *text;
		text += is_escape ? 2 : 1;
	}
	return len;
}

static void send_escaped(struct vt *vt, const char *text)
{
	char bytes[256];

	send_bytes(vt, bytes, unescape(text, bytes));
}

static void take_escaped(struct vt *vt, const char *text)
{
	char bytes[256];

	vterm_input_write(vt->vterm, bytes, unescape(text, bytes));
}

static void play(struct vt *vt, char *line, char **argv)
{
	char *rest = line;
	const char *word = strsep(&rest, " ");

	rest = rest ? rest : line + strlen(line);
	if (!strcmp(word, "size")) {
		take_sizes(vt, rest);
		return;
	}
	if (!vt->pid)
		start(vt, argv);
	if (!strcmp(word, "expect")) {
		wait_for(vt, word, is_shown, rest);
	} else if (!strcmp(word, "gone")) {
		wait_for(vt, word, is_gone, rest);
	} else if (!strcmp(word, "colors")) {
		if (!strcmp(rest, "yes"))
			wait_for(vt, word, is_colored, rest);
		else if (is_colored(vt, rest))
			fail(vt, "there are colours");
	} else if (!strcmp(word, "color")) {
		wait_for(vt, word, is_in_color, rest);
	} else if (!strcmp(word, "mouse")) {
		if (!strcmp(rest, "yes"))
			wait_for(vt, word, wants_mouse, rest);
		else if (vt->wants_mouse)
			fail(vt, "the program wants the mouse");
	} else if (!strcmp(word, "row")) {
		wait_for(vt, word, is_row, rest);
	} else if (!strcmp(word, "key")) {
		press(vt, rest);
	} else if (!strcmp(word, "type")) {
		send_bytes(vt, rest, strlen(rest));
	} else if (!strcmp(word, "click") || !strcmp(word, "click-x10")) {
		click(vt, rest, !word[5]);
	} else if (!strcmp(word, "wheel")) {
		turn_wheel(vt, atoi(rest));
	} else if (!strcmp(word, "bytes")) {
		send_escaped(vt, rest);
	} else if (!strcmp(word, "written")) {
		take_escaped(vt, rest);
	} else if (!strcmp(word, "signal")) {
		kill(vt->pid, signal_number(vt, rest));
	} else if (!strcmp(word, "fault")) {
		signal_youngest_thread(vt, signal_number(vt, rest));
	} else if (!strcmp(word, "stopped")) {
		wait_stopped(vt);
		check_as_found(vt);
	} else if (!strcmp(word, "hangup")) {
		close(vt->master);
		vt->master = -1;
	} else if (!strcmp(word, "exit")) {
		wait_exit(vt, atoi(rest));
	} else if (!strcmp(word, "run")) {
		if (system(rest) != 0)
			fail(vt, "run %s: failed", rest);
	} else if (!strcmp(word, "flood")) {
		flood(vt, rest);
	} else if (!strcmp(word, "monkey")) {
		char *end;
		long seconds = strtol(rest, &end, 10);

		play_monkey(vt, seconds, strtoull(end, NULL, 10));
	} else if (!strcmp(word, "answer")) {
		measure_answer(vt, rest);
	} else if (!strcmp(word, "figures")) {
		print_figures(vt);
	} else if (!strcmp(word, "watch")) {
		watch(vt, atol(rest));
	} else if (!strcmp(word, "soak")) {
		soak(vt, strtoul(rest, NULL, 10));
	} else if (!strcmp(word, "dump")) {
		dump(vt, stdout);
	} else if (!strcmp(word, "svg")) {
		write_picture(vt, rest);
	} else {
		fail(vt, "no such command: %s", word);
	}
}

int main(int argc, char **argv)
{
	struct vt vt = { .width = 80, .height = 24, .master = -1 };
	FILE *script;
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int err;

	setlocale(LC_ALL, "");
	if (argc < 3) {
		fputs("usage: vt SCRIPT COMMAND [ARGUMENT...]\n", stderr);
		return 2;
	}
	script = strcmp(argv[1], "-") ? fopen(argv[1], "re") : stdin;
	if (!script || setupterm(NULL, STDOUT_FILENO, &err) == ERR) {
		fprintf(stderr, "vt: no script %s, or no TERM\n", argv[1]);
		return 2;
	}
	vt.vterm = vterm_new(vt.height, vt.width);
	vterm_set_utf8(vt.vterm, 1);
	vt.screen = vterm_obtain_screen(vt.vterm);
	vterm_screen_set_callbacks(vt.screen, &callbacks, &vt);
	vterm_screen_enable_altscreen(vt.screen, 1);
	vterm_screen_reset(vt.screen, 1);
	while ((n = getline(&line, &cap, script)) > 0) {
		vt.number++;
		line[n - (line[n - 1] == '\n')] = '\0';
		if (*line && *line != '#')
			play(&vt, line, argv + 2);
	}
	if (vt.pid && !vt.has_ended)
		fail(&vt, "the script ends before the program does");
	vterm_free(vt.vterm);
	free(vt.samples);
	free(line);
	fclose(script);
	return 0;
}
