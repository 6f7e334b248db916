/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints one listing, or with --watch one at each interval. */
#include <config.h>

#include "listing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/output_file.h"
#include "base/text.h"
#include "listing_notes.h"
#include "named_files.h"
#include "program.h"
#include "query/filter.h"
#include "query/plan.h"
#include "query/snapshot.h"
#include "query/take.h"
#include "query_options.h"
#include "recorded.h"
#include "watch_signals.h"
#include "format/format.h"

static size_t terminal_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0)
		return 0;
	return size.ws_col;
}

void listing_format(const struct program *p, struct format_options *view)
{
	const struct options *opt = &p->opt;

	*view = (struct format_options){
		.columns = p->columns.list,
		.n_columns = p->columns.n,
		.width = opt->is_wide || opt->output ? 0 : terminal_width(),
		.head = &p->head,
		.has_header = !opt->no_header,
		.is_ascii = wants_ascii(opt),
		.has_color = opt->output ? opt->color == COLOR_ALWAYS : wants_color(opt->color),
		.is_watch = opt->watch_ms || opt->query,
		.is_null = opt->is_null,
	};
}

static int print_rows(FILE *out, const struct program *p, const void *shown)
{
	const struct options *opt = &p->opt;
	const struct snapshot *snap = shown;
	struct format_options view;

	listing_format(p, &view);
	switch (opt->format) {
	case FORMAT_TABLE:
		break;
	case FORMAT_JSON:
		/* Whoever reads rows must know what stands where. */
		if (opt->query && opt->columns && !opt->is_summary)
			return json_rows_print(out, snap, &view);
		return (opt->is_summary ? summary_json_print : json_print)(out, snap, &view);
	case FORMAT_JSON_LINES:
		return (opt->is_summary ? summary_json_print : json_lines_print)(out, snap, &view);
	case FORMAT_CSV:
		return (opt->is_summary ? summary_csv_print : csv_print)(out, snap, &view);
	case FORMAT_METRICS:
		return metrics_print(out, snap, &view);
	case FORMAT_FILTERS:
		return filters_print(out, snap, &view);
	}
	return (opt->is_summary ? summary_print : list_print)(out, snap, &view);
}

/* Prints the lines of --missing that no socket matches. */
static int print_missing(FILE *out, const struct program *p, const void *shown)
{
	const struct snapshot *snap = shown;
	struct buf text = { 0 };
	int err = 0;

	for (size_t i = 0; i < p->expected.n; i++) {
		const struct expected_line *line = &p->expected.list[i];

		if (expected_match(line, snap, NULL) != FILTER_NO)
			continue;
		text_visible(&text, p->expected_text.data + line->start, line->len, false);
		buf_char(&text, '\n');
	}
	if (text.len && fwrite(text.data, 1, text.len, out) != text.len)
		err = -errno;
	buf_fini(&text);
	return err;
}

int listing_write(const struct program *p, print_shown *print, const void *shown)
{
	struct output_file file;
	int err;

	if (!p->opt.output)
		return print(stdout, p, shown);
	err = output_file_begin(&file, p->opt.output, 0666);
	return err ? err : output_file_end(&file, print(file.stream, p, shown));
}

int listing_written(const struct program *p, int err, int status)
{
	if (!err || !p->opt.output)
		return written(err, status);
	complain_of_writing(p->opt.output, -err);
	return EXIT_FAILED;
}

/* With several hosts a sentence begins with that of its problem, unless it names the host itself. */
static void add_host(const struct snapshot *snap, const struct problem *problem, struct buf *out)
{
	bool is_named = problem->code == PROBLEM_REMOTE ||
			(problem->code == PROBLEM_DOCUMENT &&
			 (problem->document == DOCUMENT_LACKS_MOMENT ||
			  problem->document == DOCUMENT_HAS_TWO_MACHINES));

	if (!problem->host || is_named || snap->n_hosts < 2)
		return;
	text_visible(out, problem->host, strlen(problem->host), false);
	buf_str(out, ": ");
}

/* Reports each problem on a line of standard error; with --watch only those not reported before. */
void listing_tell_problems(struct program *p, const struct snapshot *snap)
{
	struct buf text = { 0 };

	for (size_t i = 0; i < snap->problems.n; i++) {
		buf_str(&text, "portstat: ");
		add_host(snap, &snap->problems.list[i], &text);
		problem_text(&snap->problems.list[i], true, &text);
		buf_char(&text, '\n');
	}
	if (text.len && (text.len != p->told.len || memcmp(text.data, p->told.data, text.len)))
		fputs(buf_cstr(&text), stderr);
	buf_fini(&p->told);
	p->told = text;
}

int listing_take(struct program *p, struct snapshot *snap, int *read_error)
{
	struct plan plan;

	make_plan(p, PLAN_LISTING, &plan);
	*read_error = snapshot_take(snap, &plan, &p->sources, &p->names, time_of_sockets(p));
	plan_fini(&plan);
	if (*read_error)
		return EXIT_FAILED;
	if (p->opt.is_strict && snap->problems.n)
		return EXIT_INCOMPLETE;
	if (p->opt.missing)
		return expected_missing(&p->expected, snap) ? EXIT_ROWS : EXIT_NO_ROW;
	return snap->n_rows ? EXIT_ROWS : EXIT_NO_ROW;
}

int listing_show(struct program *p, const struct snapshot *snap, int read_error)
{
	if (p->opt.is_quiet)
		return 0;
	listing_tell_problems(p, snap);
	if (!read_error && !p->opt.watch_ms)
		listing_suggest_pid(p, snap);
	if (!read_error)
		return listing_write(p, p->opt.missing ? print_missing : print_rows, snap);
	/* A problem that was told says more. */
	if (!snap->problems.n)
		complain(_("cannot read sockets: %s"), strerror(-read_error));
	return 0;
}

/* Separates two listings: clears a terminal, otherwise prints an empty line or record. */
static void divide(const struct program *p, bool is_first)
{
	const struct options *opt = &p->opt;
	const char *term = getenv("TERM");
	bool is_screen = isatty(STDOUT_FILENO) && term && strcmp(term, "dumb");

	if (opt->is_quiet || opt->output || opt->format == FORMAT_JSON ||
	    opt->format == FORMAT_JSON_LINES)
		return;
	if (is_screen)
		fputs("\033[H\033[2J", stdout);
	else if (!is_first && opt->is_null)
		fputc('\0', stdout);
	else if (!is_first)
		fputs(opt->format == FORMAT_CSV ? "\r\n" : "\n", stdout);
}

static int watch(struct program *p, struct snapshot *snap)
{
	struct timespec pause = { .tv_sec = p->opt.watch_ms / 1000,
				  .tv_nsec = p->opt.watch_ms % 1000 * 1000000L };
	struct watch_signals ending;
	int status, write_error;

	watch_signals_init(&ending);
	for (bool is_first = true;; is_first = false) {
		int read_error;

		status = listing_take(p, snap, &read_error);
		watch_signals_guard(&ending, status);
		divide(p, is_first);
		write_error = listing_show(p, snap, read_error);
		if (is_first && !read_error)
			listing_tell_notes(p, snap);
		if (!write_error && fflush(stdout))
			write_error = -errno;
		watch_signals_release(&ending);
		if (write_error || read_error || p->record.error ||
		    watch_signals_has_come(&ending, &pause))
			break;
	}
	watch_signals_fini(&ending);
	return listing_written(p, write_error, status);
}

void listing_init(struct program *p, struct snapshot *snap)
{
	document_head_fini(&p->head);
	if (p->opt.format == FORMAT_JSON)
		make_head(p, &p->head);
	*snap = (struct snapshot){ .netns = inode_of_netns(p),
				   .host = host_of_sockets(p),
				   .names_every_owner = p->opt.is_wide };
}

int run_listing(struct program *p)
{
	struct snapshot snap;
	int status, read_error;

	listing_init(p, &snap);
	if (p->opt.watch_ms) {
		status = watch(p, &snap);
	} else {
		/* Of many documents at once none is read into what another one left. */
		if (!p->opt.n_from)
			mem_reuse();
		status = listing_take(p, &snap, &read_error);
		status = listing_written(p, listing_show(p, &snap, read_error), status);
		if (!read_error)
			listing_tell_notes(p, &snap);
	}
	snapshot_fini(&snap);
	return status;
}
