/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One listing, or one after another. */
#include <config.h>

#include "listing.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "program.h"
#include "query/plan.h"
#include "query/snapshot.h"
#include "selection.h"
#include "view/view.h"

static uint64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static size_t terminal_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
		return 0;
	return size.ws_col;
}

static int print_snapshot(const struct program *p, const struct snapshot *snap)
{
	const struct options *opt = &p->opt;
	struct view_options view = {
		.columns = p->columns.list,
		.n_columns = p->columns.n,
		.width = opt->is_wide ? 0 : terminal_width(),
		.host = p->host,
		.has_header = !opt->no_header,
		.is_ascii = wants_ascii(opt),
		.has_color = wants_color(opt->color),
		.is_watch = opt->watch_ms,
		.is_null = opt->is_null,
	};

	switch (opt->format) {
	case FORMAT_TABLE:
		break;
	case FORMAT_JSON:
		return (opt->is_summary ? summary_json_print : json_print)(stdout, snap, &view);
	case FORMAT_JSON_LINES:
		return (opt->is_summary ? summary_json_print : json_lines_print)(stdout, snap, &view);
	case FORMAT_CSV:
		return (opt->is_summary ? summary_csv_print : csv_print)(stdout, snap, &view);
	}
	return (opt->is_summary ? summary_print : list_print)(stdout, snap, &view);
}

/* Each problem on a line of standard error; in --watch only what is new since the last time. */
static void tell_problems(struct program *p, const struct snapshot *snap)
{
	struct buf text = { 0 };

	for (size_t i = 0; i < snap->problems.n; i++) {
		buf_str(&text, "portstat: ");
		problem_text(&snap->problems.list[i], true, &text);
		buf_char(&text, '\n');
	}
	if (text.len && (text.len != p->told.len || memcmp(text.data, p->told.data, text.len)))
		fputs(buf_cstr(&text), stderr);
	buf_fini(&p->told);
	p->told = text;
}

static int list_once(struct program *p, struct snapshot *snap, int *write_error)
{
	const struct options *opt = &p->opt;
	struct plan plan;
	int status, err;

	make_plan(p, &plan);
	err = snapshot_take(snap, &plan, &p->sources, &p->names, now_ms());
	plan_fini(&plan);
	*write_error = 0;
	if (!opt->is_quiet)
		tell_problems(p, snap);
	if (err) {
		if (!opt->is_quiet)
			complain(_("cannot read sockets: %s"), strerror(-err));
		return EXIT_FAILED;
	}
	if (!opt->is_quiet)
		*write_error = print_snapshot(p, snap);
	status = snap->n_rows ? EXIT_ROWS : EXIT_NO_ROW;
	if (opt->is_strict && snap->problems.n)
		status = EXIT_INCOMPLETE;
	return status;
}

/* Between two listings: a fresh screen on a terminal, a blank line in a table that is piped. */
static void divide(const struct program *p, bool is_first)
{
	const char *term = getenv("TERM");
	bool is_screen = isatty(STDOUT_FILENO) && term && strcmp(term, "dumb");

	if (p->opt.is_quiet || p->opt.format == FORMAT_JSON || p->opt.format == FORMAT_JSON_LINES)
		return;
	if (is_screen)
		fputs("\033[H\033[2J", stdout);
	else if (!is_first)
		fputc('\n', stdout);
}

/* Signals that end --watch are waited for between two listings, so none is cut in the middle. */
static int watch(struct program *p, struct snapshot *snap)
{
	struct timespec pause = { .tv_sec = p->opt.watch_ms / 1000,
				  .tv_nsec = p->opt.watch_ms % 1000 * 1000000L };
	sigset_t ends;
	bool is_first = true;

	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	for (;;) {
		int write_error, status;

		divide(p, is_first);
		status = list_once(p, snap, &write_error);
		if (!write_error && fflush(stdout))
			write_error = -errno;
		if (write_error || status == EXIT_FAILED || p->record.error)
			return written(write_error, status);
		if (sigtimedwait(&ends, NULL, &pause) >= 0)
			return status;
		is_first = false;
	}
}

int run_listing(struct program *p)
{
	struct snapshot snap = { .netns = inode_of_netns(p) };
	int status, write_error;

	if (p->opt.watch_ms) {
		status = watch(p, &snap);
	} else {
		status = list_once(p, &snap, &write_error);
		status = written(write_error, status);
	}
	snapshot_fini(&snap);
	return status;
}
