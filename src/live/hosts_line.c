/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line below the title: the other hosts that do not answer. */
#include <config.h>

#include "live/hosts_line.h"

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "live/canvas.h"
#include "live/figures.h"
#include "live/frame.h"
#include "query/snapshot_host.h"

static const struct problem *silent_host(const struct snapshot *snap, size_t *i)
{
	while (*i < snap->problems.n) {
		const struct problem *problem = &snap->problems.list[(*i)++];

		if (problem->code == PROBLEM_REMOTE)
			return problem;
	}
	return NULL;
}

static size_t count_silent(const struct snapshot *snap)
{
	size_t at = 0, n = 0;

	while (silent_host(snap, &at))
		n++;
	return n;
}

/* How many hosts have neither sent a document yet nor failed to. */
static size_t count_waited_for(const struct snapshot *snap, size_t n_hosts)
{
	size_t n_known = count_silent(snap);

	for (size_t i = 0; i < snap->n_hosts; i++)
		n_known += !snap->hosts[i].away_ms;
	return n_known < n_hosts ? n_hosts - n_known : 0;
}

bool hosts_line_is_needed(const struct frame *frame, size_t n_hosts)
{
	return n_hosts && frame &&
	       (count_silent(&frame->snap) || count_waited_for(&frame->snap, n_hosts));
}

/* Since when it has not answered; 0: it never did. */
static uint64_t away_ms(const struct snapshot *snap, const char *host)
{
	for (size_t i = 0; i < snap->n_hosts; i++)
		if (snap->hosts[i].name && !strcmp(snap->hosts[i].name, host))
			return snap->hosts[i].away_ms;
	return 0;
}

/* The host, the age of what is shown of it, and, where there is room, why it does not answer. */
static void host_text(const struct snapshot *snap, const struct problem *problem, bool has_reason,
		      bool is_ascii, struct buf *out)
{
	uint64_t age_ms = away_ms(snap, problem->host);
	struct buf age = { 0 };

	text_visible(out, problem->host, strlen(problem->host), is_ascii);
	if (age_ms) {
		age_text(age_ms, &age);
		buf_char(out, ' ');
		buf_printf(out, _("(%s ago)"), buf_cstr(&age));
		buf_fini(&age);
	}
	if (!has_reason)
		return;
	buf_str(out, ": ");
	if (problem->test)
		text_visible(out, problem->test, strlen(problem->test), is_ascii);
	else
		problem_text(problem, true, out);
}

static void silent_text(const struct snapshot *snap, size_t n_hosts, bool has_reasons,
			bool is_ascii, struct buf *out)
{
	const struct problem *problem;
	size_t n = count_silent(snap), at = 0;
	const char *gap = " ";

	buf_printf(out,
		   P_(" %zu of %zu hosts does not answer:", " %zu of %zu hosts do not answer:", n),
		   n, n_hosts);
	while ((problem = silent_host(snap, &at))) {
		buf_str(out, gap);
		host_text(snap, problem, has_reasons, is_ascii, out);
		gap = has_reasons ? "; " : ", ";
	}
}

void hosts_line_draw(const struct frame *frame, size_t n_hosts, bool is_ascii, struct canvas *out,
		     int y)
{
	size_t n_waited_for = count_waited_for(&frame->snap, n_hosts);
	struct buf text = { 0 };

	if (n_waited_for) {
		buf_printf(&text,
			   P_(" waiting for %zu host", " waiting for %zu hosts", n_waited_for),
			   n_waited_for);
		canvas_put(out, y, STYLE_LABEL, text.data, text.len);
	}
	if (count_silent(&frame->snap)) {
		buf_clear(&text);
		silent_text(&frame->snap, n_hosts, true, is_ascii, &text);
		if (canvas_column(out, y) + (int)text_width(text.data, text.len) > out->width) {
			buf_clear(&text);
			silent_text(&frame->snap, n_hosts, false, is_ascii, &text);
		}
		canvas_put(out, y, STYLE_ERROR, text.data, text.len);
	}
	buf_fini(&text);
}
