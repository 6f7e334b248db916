/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Restores the terminal if the program crashes or is killed by a signal. */
#include <config.h>

#include "live/screen_rescue.h"

#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/*
 * Signals that end a process (signal(7)), except those that the main loop reads and SIGXFSZ
 * (ignored).
 */
static const int deadly[] = {
	SIGSEGV, SIGBUS,  SIGFPE,  SIGILL,    SIGABRT, SIGTRAP, SIGSYS, SIGUSR1,
	SIGUSR2, SIGALRM, SIGXCPU, SIGVTALRM, SIGPROF, SIGIO,	SIGPWR, SIGSTKFLT,
};
#define DEADLY_N (sizeof(deadly) / sizeof(*deadly))

/* The exception to "no variables of a file": a signal handler has no argument. */
static struct {
	volatile sig_atomic_t is_armed;
	bool is_registered;
	struct termios modes;
	char bytes[256];
	size_t n;
} rescue;

/* Calls only async-signal-safe functions (signal-safety(7)). */
static void put_back(void)
{
	size_t done = 0;

	if (!rescue.is_armed)
		return;
	rescue.is_armed = 0;
	while (done < rescue.n) {
		ssize_t n = write(STDOUT_FILENO, rescue.bytes + done, rescue.n - done);

		if (n <= 0)
			break;
		done += (size_t)n;
	}
	tcsetattr(STDIN_FILENO, TCSANOW, &rescue.modes);
}

static void on_deadly_signal(int number)
{
	put_back();
	/* SA_RESETHAND has removed the handler: raise the signal for its default action. */
	raise(number);
}

static void arm(int number)
{
	struct sigaction action = { .sa_handler = on_deadly_signal,
				    .sa_flags = (int)(SA_RESETHAND | SA_NODEFER) };
	struct sigaction found;

	sigemptyset(&action.sa_mask);
	/* Keep a sanitizer's own handler, which prints a report. */
	if (!sigaction(number, NULL, &found) && !(found.sa_flags & SA_SIGINFO) &&
	    found.sa_handler == SIG_DFL)
		sigaction(number, &action, NULL);
}

void screen_rescue_arm(void)
{
	if (tcgetattr(STDIN_FILENO, &rescue.modes))
		return;
	if (!rescue.is_registered) {
		rescue.is_registered = true;
		atexit(put_back);
	}
	for (size_t i = 0; i < DEADLY_N; i++)
		arm(deadly[i]);
	for (int number = SIGRTMIN; number <= SIGRTMAX; number++)
		arm(number);
	rescue.is_armed = 1;
}

void screen_rescue_bytes(const char *bytes, size_t n)
{
	if (n > sizeof(rescue.bytes) - rescue.n)
		n = sizeof(rescue.bytes) - rescue.n;
	memcpy(rescue.bytes + rescue.n, bytes, n);
	rescue.n += n;
}

void screen_rescue_disarm(void)
{
	rescue.is_armed = 0;
	rescue.n = 0;
}
