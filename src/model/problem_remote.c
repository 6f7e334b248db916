/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why another host was not listed, or not as a whole: the sentences. */
#include <config.h>

#include "model/problem_sentences.h"

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"

static const char read_proc[] =
	N_("the host '%s' has no portstat; a shell script read its /proc, which lacks interfaces, "
	   "names of containers, forwards and TCP details");

/* By enum problem_remote; each about the host.  What its command complained of follows. */
static const char *const sentences[] = {
	[REMOTE_CANNOT_START] = N_("the command for the host '%s' cannot be started"),
	[REMOTE_FAILED] = N_("the host '%s' could not be asked"),
	[REMOTE_TIMED_OUT] = N_("the host '%s' did not answer in time (see --timeout)"),
	[REMOTE_IS_TOO_OLD] =
		N_("portstat on the host '%s' is too old for this question; update it there"),
	[REMOTE_HAS_NO_PORTSTAT] =
		N_("the host '%s' has no portstat, and a shell script could not read its /proc"),
	[REMOTE_READ_PROC] = read_proc,
	[REMOTE_CUT] = N_("what the host '%s' sent ends in the middle of a document"),
	[REMOTE_IS_ENDLESS] = N_("the host '%s' sent more than a document can have"),
	[REMOTE_SENDS_GARBAGE] =
		N_("the host '%s' sent something that is not a document of portstat"),
	[REMOTE_IS_SILENT] = N_("the host '%s' sent no document"),
	[REMOTE_WENT_AWAY] = N_("the host '%s' sends no more documents"),
};

void problem_remote_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	const char *sentence = sentences[problem->remote];
	struct buf shown = { 0 };

	text_visible(&shown, problem->host, strlen(problem->host), false);
	if (problem->remote == REMOTE_FAILED && !problem->test && problem->error > 0) {
		buf_printf(
			out,
			problem_sentence(N_("the command for the host '%s' ended with status %d"),
					 is_translated),
			buf_cstr(&shown), problem->error);
		buf_fini(&shown);
		return;
	}
	buf_sentence(out, is_translated ? _(sentence) : sentence, buf_cstr(&shown));
	buf_clear(&shown);
	if (problem->test)
		text_visible(&shown, problem->test, strlen(problem->test), false);
	if (problem->remote == REMOTE_CANNOT_START)
		buf_printf(out, ": %s", problem_error_text(problem->error, is_translated));
	else if (shown.len)
		buf_printf(out, ": %s", buf_cstr(&shown));
	buf_fini(&shown);
}
