/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the Kill and Close dialogs: the list of targets. */
#include <config.h>

#include "live/panel_ask.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "action/jobs.h"
#include "live/wrap.h"

static void target_text(const struct job *job, size_t i, size_t chosen, struct buf *out)
{
	const struct job_target *t = &job->targets[i];
	bool is_chosen = job->kind == JOB_SIGNAL && (chosen == i || chosen == job->n);

	buf_clear(out);
	buf_printf(out, " %c ", is_chosen ? '*' : ' ');
	if (t->user)
		buf_printf(out, P_("%s of %s, %u socket", "%s of %s, %u sockets", t->n_socks),
			   t->label, t->user, t->n_socks);
	else
		buf_str(out, t->label);
}

int ask_draw_targets(const struct job *job, size_t chosen, int width, struct canvas *out, int y,
		     int n)
{
	size_t left = job->n + (job->kind == JOB_CLOSE ? job->n_left_out : 0);
	struct buf text = { 0 };
	int lines = 0;

	for (size_t i = 0; left && lines < n; i++, left--) {
		int wanted;

		target_text(job, i, chosen, &text);
		wanted = wrap_text(width, NULL, 0, ASK_ALL_LINES, STYLE_PLAIN, buf_cstr(&text)) +
			 (left > 1);
		if (i && lines + wanted > n) {
			buf_clear(&text);
			buf_printf(&text, P_("   and %zu more", "   and %zu more", left), left);
			left = 1;
		}
		lines += wrap_text(width, out, y + lines, n - lines, STYLE_PLAIN, buf_cstr(&text));
	}
	buf_fini(&text);
	return lines;
}
