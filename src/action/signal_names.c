/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of signals. */
#include <config.h>

#include "action/signal_names.h"

#include <signal.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/number.h"
#include "base/text.h"

/* clang-format off */
const struct signal_name signal_names[] = {
	{ SIGTERM, "TERM", N_("terminate; it can clean up") },
	{ SIGKILL, "KILL", N_("terminate at once; it cannot clean up") },
	{ SIGHUP, "HUP", N_("often: reload the configuration") },
	{ SIGINT, "INT", N_("interrupt, like Ctrl-C") },
	{ SIGQUIT, "QUIT", N_("terminate with a core dump") },
	{ SIGUSR1, "USR1", N_("defined by the program") },
	{ SIGUSR2, "USR2", N_("defined by the program") },
	{ SIGSTOP, "STOP", N_("stop (suspend)") },
	{ SIGCONT, "CONT", N_("continue after STOP") },
	{ SIGABRT, "ABRT", NULL },	{ SIGALRM, "ALRM", NULL },
	{ SIGBUS, "BUS", NULL },	{ SIGCHLD, "CHLD", NULL },
	{ SIGFPE, "FPE", NULL },	{ SIGILL, "ILL", NULL },
	{ SIGIO, "IO", NULL },		{ SIGPIPE, "PIPE", NULL },
	{ SIGPROF, "PROF", NULL },	{ SIGPWR, "PWR", NULL },
	{ SIGSEGV, "SEGV", NULL },	{ SIGSYS, "SYS", NULL },
	{ SIGTRAP, "TRAP", NULL },	{ SIGTSTP, "TSTP", NULL },
	{ SIGTTIN, "TTIN", NULL },	{ SIGTTOU, "TTOU", NULL },
	{ SIGURG, "URG", NULL },	{ SIGVTALRM, "VTALRM", NULL },
	{ SIGWINCH, "WINCH", NULL },	{ SIGXCPU, "XCPU", NULL },
	{ SIGXFSZ, "XFSZ", NULL },
};
/* clang-format on */
const size_t signal_names_n = sizeof(signal_names) / sizeof(*signal_names);

bool signal_parse(const char *text, int *number)
{
	size_t len = strlen(text);
	uint64_t value;

	if (len && !number_parse(text, len, (uint64_t)SIGRTMAX, &value) && value) {
		*number = (int)value;
		return true;
	}
	if (len > 3 && text_is(text, 3, "SIG"))
		text += 3;
	for (size_t i = 0; i < signal_names_n; i++) {
		if (!text_is(text, strlen(text), signal_names[i].name))
			continue;
		*number = signal_names[i].number;
		return true;
	}
	return false;
}

void signal_text(int number, struct buf *out)
{
	for (size_t i = 0; i < signal_names_n; i++) {
		if (signal_names[i].number == number) {
			buf_str(out, signal_names[i].name);
			return;
		}
	}
	buf_u64(out, (uint64_t)number);
}
