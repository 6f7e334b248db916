/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is missing from a listing, and the sentences that say why and what would help. */
#include <config.h>

#include "model/problem.h"

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "model/problem_sentences.h"

const char *problem_code_name(enum problem_code code)
{
	switch (code) {
	case PROBLEM_UNSUPPORTED:
		return "unsupported";
	case PROBLEM_CUT_SHORT:
		return "cut-short";
	case PROBLEM_FALLBACK:
		return "fallback";
	case PROBLEM_PROCESSES:
		return "processes";
	case PROBLEM_HOSTS:
		return "names";
	case PROBLEM_UNTESTED:
		return "untested";
	case PROBLEM_BOUND:
		return "unsupported";
	case PROBLEM_NETNS:
		return "netns";
	case PROBLEM_FIREWALL:
		return "firewall";
	case PROBLEM_REMOTE:
		return "remote";
	case PROBLEM_DOCUMENT:
	case PROBLEM_TOLD:
		break;
	}
	return "unsupported";
}

const char *problem_word(const struct problem *problem)
{
	if (problem->code == PROBLEM_TOLD && problem->told.code)
		return problem->told.code;
	return problem->code == PROBLEM_DOCUMENT ? problem_document_word(problem->document)
						 : problem_code_name(problem->code);
}

void problem_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	switch (problem->code) {
	case PROBLEM_UNSUPPORTED:
		problem_unsupported_text(problem, is_translated, out);
		return;
	case PROBLEM_CUT_SHORT:
		problem_cut_short_text(problem, is_translated, out);
		return;
	case PROBLEM_FALLBACK:
		problem_fallback_text(problem, is_translated, out);
		return;
	case PROBLEM_PROCESSES:
		problem_processes_text(problem, is_translated, out);
		return;
	case PROBLEM_NETNS:
		problem_netns_text(problem, is_translated, out);
		return;
	case PROBLEM_UNTESTED:
		problem_untested_text(problem, is_translated, out);
		return;
	case PROBLEM_HOSTS:
		buf_printf(out,
			   problem_plural(
				   NP_("the host name of %zu address was not resolved in time",
				       "the host names of %zu addresses were not resolved in time"),
				   problem->count, is_translated),
			   problem->count);
		return;
	case PROBLEM_BOUND:
		problem_bound_text(problem, is_translated, out);
		return;
	case PROBLEM_FIREWALL:
		problem_firewall_text(problem, is_translated, out);
		return;
	case PROBLEM_DOCUMENT:
		problem_document_text(problem, is_translated, out);
		return;
	case PROBLEM_TOLD:
		text_visible(out, problem->test, strlen(problem->test), false);
		return;
	case PROBLEM_REMOTE:
		problem_remote_text(problem, is_translated, out);
		return;
	}
}
