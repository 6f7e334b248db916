/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences on protocols that could not be listed, or only from /proc/net. */
#include <config.h>

#include "model/problem_sentences.h"

#include <errno.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "model/protos.h"

/* By which sources the protocol could not be listed, and what would make it available. */
void problem_unsupported_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	const char *proto = problem_proto_text(problem),
		   *module = proto_rows[problem->proto].module;
	bool asked_kernel = problem->way == PROBLEM_EACH_WAY || problem->way == PROBLEM_BY_NETLINK;

	if (asked_kernel && problem->remedy == PROBLEM_MODULE_MISSING) {
		buf_printf(out,
			   problem_sentence(
				   N_("%s sockets cannot be listed: this kernel has no support "
				      "for listing them"),
				   is_translated),
			   proto);
		return;
	}
	if (asked_kernel && problem->remedy == PROBLEM_MODULE_INSTALLED) {
		buf_printf(
			out,
			problem_sentence(
				N_("%1$s sockets cannot be listed: the kernel module %2$s is not "
				   "loaded; load it with: modprobe %2$s"),
				is_translated),
			proto, module);
		return;
	}
	switch (problem->way) {
	case PROBLEM_EACH_WAY:
	case PROBLEM_BY_BPF:
	case PROBLEM_BY_IPTABLES_LEGACY:
	case PROBLEM_BY_SK_LOOKUP:
		buf_printf(out,
			   problem_sentence(
				   N_("%1$s sockets cannot be listed: this kernel has neither a "
				      "diag module nor a /proc/net file for them; if it is "
				      "available, load the module with: modprobe %2$s"),
				   is_translated),
			   proto, module);
		return;
	case PROBLEM_BY_NETLINK:
		buf_printf(out,
			   problem_sentence(
				   N_("%1$s sockets cannot be listed: this kernel has no diag "
				      "module for them; if it is available, load it with: "
				      "modprobe %2$s; or use --source=auto, which reads "
				      "/proc/net as well"),
				   is_translated),
			   proto, module);
		return;
	case PROBLEM_BY_PROCFS:
		buf_printf(
			out,
			problem_sentence(
				N_("%s sockets cannot be listed: there is no /proc/net file "
				   "for them; use --source=auto, which queries the kernel first"),
				is_translated),
			proto);
		return;
	case PROBLEM_BY_RECORDING:
		buf_printf(out,
			   problem_sentence(
				   N_("%1$s sockets cannot be listed: the recording does not "
				      "contain them; record again while the kernel module %2$s "
				      "is loaded"),
				   is_translated),
			   proto, module);
		return;
	}
}

/* Why rows came from /proc/net, and what would provide the fields that they lack. */
void problem_fallback_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	const char *proto = problem_proto_text(problem),
		   *module = proto_rows[problem->proto].module;

	if (problem->way == PROBLEM_BY_PROCFS)
		buf_printf(
			out,
			problem_sentence(
				N_("%s sockets were read from /proc/net, which lacks cookie, "
				   "interface, mark, cgroup, dual stack and idle bound sockets; use "
				   "--source=auto, which queries the kernel first"),
				is_translated),
			proto);
	else if (problem->error)
		buf_printf(
			out,
			problem_sentence(
				N_("%s sockets were read from /proc/net, which lacks cookie, "
				   "interface, mark, cgroup, dual stack and idle bound sockets: the kernel could "
				   "not be queried (%s)"),
				is_translated),
			proto, problem_error_text(problem->error, is_translated));
	else if (problem->remedy == PROBLEM_MODULE_MISSING)
		buf_printf(
			out,
			problem_sentence(
				N_("%1$s sockets were read from /proc/net, which lacks cookie, "
				   "interface, mark, cgroup, dual stack and idle bound sockets: this kernel does "
				   "not have the module %2$s"),
				is_translated),
			proto, module);
	else if (problem->remedy == PROBLEM_MODULE_UNKNOWN)
		buf_printf(
			out,
			problem_sentence(
				N_("%1$s sockets were read from /proc/net, which lacks cookie, "
				   "interface, mark, cgroup, dual stack and idle bound sockets; the kernel module "
				   "%2$s lists them, if this kernel has it"),
				is_translated),
			proto, module);
	else
		buf_printf(
			out,
			problem_sentence(
				N_("%1$s sockets were read from /proc/net, which lacks "
				   "cookie, interface, mark, cgroup, dual stack and idle bound sockets; "
				   "to get these, load the kernel module with: modprobe %2$s"),
				is_translated),
			proto, module);
}

void problem_bound_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	const char *proto = problem_proto_text(problem);

	if (problem->way == PROBLEM_BY_PROCFS)
		buf_printf(
			out,
			problem_sentence(
				N_("%s sockets that are only bound are missing: /proc/net does not "
				   "list them; use --source=auto, which queries the kernel first"),
				is_translated),
			proto);
	else
		buf_printf(
			out,
			problem_sentence(
				N_("%s sockets that are only bound are missing: this kernel does not "
				   "list them; Linux 6.8 and later do"),
				is_translated),
			proto);
}

void problem_cut_short_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	if (problem->way == PROBLEM_BY_RECORDING) {
		buf_printf(out,
			   problem_sentence(
				   N_("the list of %s sockets is incomplete in the recording, so "
				      "some are missing"),
				   is_translated),
			   problem_proto_text(problem));
		return;
	}
	if (problem->error == EPERM || problem->error == EACCES) {
		buf_printf(
			out,
			problem_sentence(N_("%s sockets could not be read everywhere (%s), so some "
					    "are missing; this user may not list them there"),
					 is_translated),
			problem_proto_text(problem),
			problem_error_text(problem->error, is_translated));
		return;
	}
	buf_printf(out,
		   problem_sentence(
			   N_("the list of %s sockets was cut short (%s), so some are missing; "
			      "try again"),
			   is_translated),
		   problem_proto_text(problem), problem_error_text(problem->error, is_translated));
}
