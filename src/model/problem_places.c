/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences on network namespaces and firewall rules that could not be read. */
#include <config.h>

#include "model/problem_sentences.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"

void problem_netns_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	struct buf shown = { 0 };

	if (!problem->test && problem->error) {
		buf_printf(out,
			   problem_plural(NP_("%zu network namespace could not be read: %s",
					      "%zu network namespaces could not be read: %s"),
					  problem->count, is_translated),
			   problem->count, problem_error_text(problem->error, is_translated));
		return;
	}
	if (!problem->test) {
		buf_printf(
			out,
			problem_plural(
				NP_("%zu process could not be assigned to a network namespace, so "
				    "some namespaces may be missing",
				    "%zu processes could not be assigned to a network namespace, "
				    "so some namespaces may be missing"),
				problem->count, is_translated),
			problem->count);
		return;
	}
	text_visible(&shown, problem->test, strlen(problem->test), false);
	if (problem->error == ENOENT)
		buf_printf(
			out,
			problem_sentence(N_("there is no network namespace '%s' (try --netns=all)"),
					 is_translated),
			buf_cstr(&shown));
	else
		buf_printf(out,
			   problem_sentence(N_("the network namespace '%s' could not be read: %s"),
					    is_translated),
			   buf_cstr(&shown), problem_error_text(problem->error, is_translated));
	buf_fini(&shown);
}

/* Of the column firewall. */
static void verdicts_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	bool is_denied = problem->error == EPERM || problem->error == EACCES;

	if (problem->test)
		buf_printf(out,
			   problem_sentence(N_("the column firewall is never certain, because "
					       "these may also drop packets and are not read: %s"),
					    is_translated),
			   problem->test);
	else if (is_denied && problem->viewer == VIEWER_USER)
		buf_str(out, problem_sentence(
				     N_("the column firewall is unknown, because firewall rules "
					"could not be read; run as root, or with CAP_NET_ADMIN, "
					"to see it"),
				     is_translated));
	else if (is_denied)
		buf_str(out, problem_sentence(
				     N_("the column firewall is unknown, because firewall rules "
					"could not be read; root lacks CAP_NET_ADMIN over this "
					"network namespace"),
				     is_translated));
	else
		buf_printf(out,
			   problem_sentence(
				   N_("the column firewall is unknown, because firewall rules "
				      "could not be read (%s); list again"),
				   is_translated),
			   problem_error_text(problem->error, is_translated));
}

void problem_firewall_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	bool is_denied = problem->error == EPERM || problem->error == EACCES;

	if (problem->key)
		verdicts_text(problem, is_translated, out);
	else if (problem->test)
		buf_printf(out,
			   problem_sentence(
				   N_("tables of iptables-legacy (%s) are not read, so ports that "
				      "they forward are missing; iptables-legacy-save shows them"),
				   is_translated),
			   problem->test);
	else if (problem->way == PROBLEM_BY_SK_LOOKUP && problem->count)
		buf_str(out,
			problem_sentence(
				N_("a BPF program (sk_lookup) chooses the sockets of new "
				   "connections; the ports that it sends on were asked of the "
				   "kernel for one address of each kind, so others may be missing"),
				is_translated));
	else if (problem->way == PROBLEM_BY_SK_LOOKUP)
		buf_str(out,
			problem_sentence(N_("a BPF program (sk_lookup) chooses the sockets of new "
					    "connections, so ports that it sends on are missing"),
					 is_translated));
	else if (problem->way == PROBLEM_BY_IPTABLES_LEGACY)
		buf_printf(
			out,
			problem_sentence(
				N_("whether iptables-legacy has tables could not be read (%s), so "
				   "ports that they forward may be missing"),
				is_translated),
			problem_error_text(problem->error, is_translated));
	else if (is_denied && problem->viewer == VIEWER_USER)
		buf_str(out,
			problem_sentence(
				N_("NAT rules could not be read, so ports that they forward are "
				   "missing; run as root, or with CAP_NET_ADMIN, to see them"),
				is_translated));
	else if (is_denied)
		buf_str(out, problem_sentence(
				     N_("NAT rules could not be read, so ports that they forward "
					"are missing; root lacks CAP_NET_ADMIN over this network "
					"namespace, which is needed to see them"),
				     is_translated));
	else if (problem->error)
		buf_printf(
			out,
			problem_sentence(N_("NAT rules could not be read (%s), so ports that they "
					    "forward are missing; list again"),
					 is_translated),
			problem_error_text(problem->error, is_translated));
	else
		buf_str(out,
			problem_sentence(
				N_("not every NAT rule was read, because there are too many or "
				   "they changed meanwhile, so forwarded ports may be missing"),
				is_translated));
}
