/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is missing from a listing, and the sentences that say why and what would help. */
#include <config.h>

#include "model/problem.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/text.h"
#include "model/vocab.h"

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

/* format_arg: the compiler checks the arguments against the English sentence. */
__attribute__((format_arg(1))) static const char *sentence(const char *english, bool is_translated)
{
	return is_translated ? _(english) : english;
}

__attribute__((format_arg(1), format_arg(2))) static const char *
plural(const char *one, const char *many, size_t n, bool is_translated)
{
	if (is_translated)
		return P_(one, many, n);
	return n == 1 ? one : many;
}

static const char *proto_text(const struct problem *problem)
{
	return problem->proto < 0 ? "" : proto_name((enum sock_proto)problem->proto);
}

/* By which sources the protocol could not be listed, and what would make it available. */
static void unsupported_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	const char *proto = proto_text(problem), *module = proto_rows[problem->proto].module;
	bool asked_kernel = problem->way == PROBLEM_EACH_WAY || problem->way == PROBLEM_BY_NETLINK;

	if (asked_kernel && problem->remedy == PROBLEM_MODULE_MISSING) {
		buf_printf(out,
			   sentence(N_("%s sockets cannot be listed: this kernel has no support "
				       "for listing them"),
				    is_translated),
			   proto);
		return;
	}
	if (asked_kernel && problem->remedy == PROBLEM_MODULE_INSTALLED) {
		buf_printf(
			out,
			sentence(N_("%1$s sockets cannot be listed: the kernel module %2$s is not "
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
			   sentence(N_("%1$s sockets cannot be listed: this kernel has neither a "
				       "diag module nor a /proc/net file for them; if it is "
				       "available, load the module with: modprobe %2$s"),
				    is_translated),
			   proto, module);
		return;
	case PROBLEM_BY_NETLINK:
		buf_printf(out,
			   sentence(N_("%1$s sockets cannot be listed: this kernel has no diag "
				       "module for them; if it is available, load it with: "
				       "modprobe %2$s; or use --source=auto, which reads "
				       "/proc/net as well"),
				    is_translated),
			   proto, module);
		return;
	case PROBLEM_BY_PROCFS:
		buf_printf(
			out,
			sentence(N_("%s sockets cannot be listed: there is no /proc/net file "
				    "for them; use --source=auto, which queries the kernel first"),
				 is_translated),
			proto);
		return;
	case PROBLEM_BY_RECORDING:
		buf_printf(out,
			   sentence(N_("%1$s sockets cannot be listed: the recording does not "
				       "contain them; record again while the kernel module %2$s "
				       "is loaded"),
				    is_translated),
			   proto, module);
		return;
	}
}

/* Why rows came from /proc/net, and what would provide the fields that they lack. */
static void fallback_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	const char *proto = proto_text(problem), *module = proto_rows[problem->proto].module;

	if (problem->way == PROBLEM_BY_PROCFS)
		buf_printf(out,
			   sentence(N_("%s sockets were read from /proc/net, which lacks cookie, "
				       "interface, mark, cgroup and idle bound sockets; use "
				       "--source=auto, which queries the kernel first"),
				    is_translated),
			   proto);
	else if (problem->error)
		buf_printf(
			out,
			sentence(
				N_("%s sockets were read from /proc/net, which lacks cookie, "
				   "interface, mark, cgroup and idle bound sockets: the kernel could "
				   "not be queried (%s)"),
				is_translated),
			proto, problem_error_text(problem->error, is_translated));
	else if (problem->remedy == PROBLEM_MODULE_MISSING)
		buf_printf(
			out,
			sentence(
				N_("%1$s sockets were read from /proc/net, which lacks cookie, "
				   "interface, mark, cgroup and idle bound sockets: this kernel does "
				   "not have the module %2$s"),
				is_translated),
			proto, module);
	else if (problem->remedy == PROBLEM_MODULE_UNKNOWN)
		buf_printf(
			out,
			sentence(
				N_("%1$s sockets were read from /proc/net, which lacks cookie, "
				   "interface, mark, cgroup and idle bound sockets; the kernel module "
				   "%2$s lists them, if this kernel has it"),
				is_translated),
			proto, module);
	else
		buf_printf(out,
			   sentence(N_("%1$s sockets were read from /proc/net, which lacks "
				       "cookie, interface, mark, cgroup and idle bound sockets; "
				       "to get these, load the kernel module with: modprobe %2$s"),
				    is_translated),
			   proto, module);
}

static void bound_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	const char *proto = proto_text(problem);

	if (problem->way == PROBLEM_BY_PROCFS)
		buf_printf(
			out,
			sentence(
				N_("%s sockets that are only bound are missing: /proc/net does not "
				   "list them; use --source=auto, which queries the kernel first"),
				is_translated),
			proto);
	else
		buf_printf(
			out,
			sentence(
				N_("%s sockets that are only bound are missing: this kernel does not "
				   "list them; Linux 6.8 and later do"),
				is_translated),
			proto);
}

/* BPF was requested by an option, so we do not fall back to /proc. */
static void bpf_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	switch (problem->bpf) {
	case PROBLEM_BPF_OTHER:
		buf_printf(out,
			   sentence(N_("BPF cannot be used (%s), so no owner is known; use "
				       "--owners=proc"),
				    is_translated),
			   problem_error_text(problem->error, is_translated));
		return;
	case PROBLEM_BPF_NOT_BUILT_IN:
		buf_str(out, sentence(N_("BPF cannot be used (portstat was built without it), "
					 "so no owner is known; use --owners=proc"),
				      is_translated));
		return;
	case PROBLEM_BPF_OTHER_PROC:
		buf_str(out,
			sentence(
				N_("BPF cannot be used (/proc shows processes of another pid namespace), "
				   "so no owner is known; use --owners=proc"),
				is_translated));
		return;
	case PROBLEM_BPF_OLD_KERNEL:
		buf_str(out,
			sentence(
				N_("BPF cannot be used (this kernel is too old: Linux 5.17 or later is needed), "
				   "so no owner is known; use --owners=proc"),
				is_translated));
		return;
	case PROBLEM_BPF_LOCKED_DOWN:
		buf_str(out,
			sentence(
				N_("BPF cannot be used (the kernel is locked down: confidentiality), "
				   "so no owner is known; use --owners=proc"),
				is_translated));
		return;
	case PROBLEM_BPF_NO_BTF:
		buf_str(out,
			sentence(
				N_("BPF cannot be used (this kernel was built without CONFIG_DEBUG_INFO_BTF), "
				   "so no owner is known; use --owners=proc"),
				is_translated));
		return;
	case PROBLEM_BPF_DENIED:
		if (problem->viewer != VIEWER_USER) {
			buf_printf(out,
				   sentence(N_("BPF is not permitted (%s), so no owner is known; "
					       "run with CAP_BPF and CAP_PERFMON on the host "
					       "itself, or use --owners=proc"),
					    is_translated),
				   problem_error_text(problem->error, is_translated));
			return;
		}
		buf_printf(out,
			   sentence(N_("BPF is not permitted (%s), so no owner is known; run as "
				       "root, or with CAP_BPF and CAP_PERFMON, or use "
				       "--owners=proc"),
				    is_translated),
			   problem_error_text(problem->error, is_translated));
		return;
	}
}

/* Processes that could not be read, and which privilege is missing. */
static void denied_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	switch (problem->viewer) {
	case VIEWER_USER:
		buf_printf(
			out,
			plural(NP_("%zu process could not be read, so owners are missing; run as root, or "
				   "with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, to see them",
				   "%zu processes could not be read, so owners are missing; run as root, or "
				   "with CAP_SYS_PTRACE and CAP_DAC_READ_SEARCH, to see them"),
			       problem->count, is_translated),
			problem->count);
		return;
	case VIEWER_OF_CONTAINER:
		buf_printf(
			out,
			plural(NP_("%zu process could not be read, so owners are missing; root of a user "
				   "namespace cannot see them: run as root on the host",
				   "%zu processes could not be read, so owners are missing; root of a user "
				   "namespace cannot see them: run as root on the host"),
			       problem->count, is_translated),
			problem->count);
		return;
	case VIEWER_WITHOUT_CAPS:
		buf_printf(out,
			   plural(NP_("%zu process could not be read, so owners are missing; "
				      "root lacks CAP_SYS_PTRACE or CAP_DAC_READ_SEARCH here; "
				      "both are needed to see them",
				      "%zu processes could not be read, so owners are missing; "
				      "root lacks CAP_SYS_PTRACE or CAP_DAC_READ_SEARCH here; "
				      "both are needed to see them"),
				  problem->count, is_translated),
			   problem->count);
		return;
	case VIEWER_BARRED:
		buf_printf(
			out,
			plural(NP_("%zu process could not be read, so owners are missing; a security module "
				   "such as AppArmor or SELinux denies access despite the capabilities",
				   "%zu processes could not be read, so owners are missing; a security module "
				   "such as AppArmor or SELinux denies access despite the capabilities"),
			       problem->count, is_translated),
			problem->count);
		return;
	}
}

static void processes_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	if (problem->way == PROBLEM_BY_BPF) {
		bpf_text(problem, is_translated, out);
		return;
	}
	if (!problem->count && !problem->error && problem->viewer != VIEWER_USER) {
		buf_str(out,
			sentence(
				N_("/proc does not show every process, so owners are missing; run on the "
				   "host itself, or mount /proc without hidepid, to see them"),
				is_translated));
		return;
	}
	if (!problem->count && !problem->error) {
		buf_str(out,
			sentence(
				N_("/proc does not show every process, so owners are missing; run as root "
				   "on the host itself, or mount /proc without hidepid, to see them"),
				is_translated));
		return;
	}
	if (!problem->count) {
		buf_printf(out,
			   sentence(N_("the processes could not be read (%s), so no owner is "
				       "known; a readable /proc is needed"),
				    is_translated),
			   problem_error_text(problem->error, is_translated));
		return;
	}
	if (problem->error) {
		buf_printf(
			out,
			plural(NP_("%zu process could not be read (%s), so owners may be missing; "
				   "try again",
				   "%zu processes could not be read (%s), so owners may be missing; "
				   "try again"),
			       problem->count, is_translated),
			problem->count, problem_error_text(problem->error, is_translated));
		return;
	}
	denied_text(problem, is_translated, out);
}

/* A field that the source does not provide, by its key. */
static void untested_key_text(const struct problem *problem, const char *test, bool is_translated,
			      struct buf *out)
{
	size_t n = problem->count;

	switch (problem->lack) {
	case LACK_NOTHING:
	case LACK_OWNERS:
	case LACK_LISTENER:
	case LACK_SEARCH:
	case LACK_NAMES:
		return;
	case LACK_PRIVILEGE:
		buf_printf(
			out,
			plural(NP_("%zu socket could not be tested for \"%s\": the kernel shows "
				   "\"%s\" only with CAP_NET_ADMIN",
				   "%zu sockets could not be tested for \"%s\": the kernel shows "
				   "\"%s\" only with CAP_NET_ADMIN"),
			       n, is_translated),
			n, test, problem->key);
		return;
	case LACK_PROCFS:
		buf_printf(
			out,
			plural(NP_("%zu socket could not be tested for \"%s\": /proc/net has no "
				   "\"%s\"",
				   "%zu sockets could not be tested for \"%s\": /proc/net has no "
				   "\"%s\""),
			       n, is_translated),
			n, test, problem->key);
		return;
	case LACK_KERNEL:
		buf_printf(
			out,
			plural(NP_("%zu socket could not be tested for \"%s\": this host does not "
				   "report \"%s\"",
				   "%zu sockets could not be tested for \"%s\": this host does not "
				   "report \"%s\""),
			       n, is_translated),
			n, test, problem->key);
		return;
	case LACK_DOCUMENT:
		buf_printf(
			out,
			plural(NP_("%zu socket could not be tested for \"%s\": the document has "
				   "no \"%s\"",
				   "%zu sockets could not be tested for \"%s\": the document has "
				   "no \"%s\""),
			       n, is_translated),
			n, test, problem->key);
		return;
	case LACK_RECORDING:
		buf_printf(
			out,
			plural(NP_("%zu socket could not be tested for \"%s\": the recording has "
				   "no \"%s\"",
				   "%zu sockets could not be tested for \"%s\": the recording has "
				   "no \"%s\""),
			       n, is_translated),
			n, test, problem->key);
		return;
	}
}

/* Rows that may match: the filter tests a value that is hidden, or that the source lacks. */
static void untested_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	struct buf shown = { 0 };
	size_t n = problem->count;
	const char *test;

	text_visible(&shown, problem->test, strlen(problem->test), false);
	test = buf_cstr(&shown);
	switch (problem->lack) {
	case LACK_NOTHING:
	case LACK_PRIVILEGE:
	case LACK_PROCFS:
	case LACK_KERNEL:
	case LACK_RECORDING:
	case LACK_DOCUMENT:
		untested_key_text(problem, test, is_translated, out);
		break;
	case LACK_OWNERS:
		buf_printf(
			out,
			plural(NP_("%zu socket could not be tested for \"%s\": its owners are "
				   "hidden from this user",
				   "%zu sockets could not be tested for \"%s\": their owners are "
				   "hidden from this user"),
			       n, is_translated),
			n, test);
		break;
	case LACK_LISTENER:
		buf_printf(out,
			   plural(NP_("%zu socket could not be tested for \"%s\": it has not "
				      "been accepted yet, and its listener is unknown",
				      "%zu sockets could not be tested for \"%s\": they have not "
				      "been accepted yet, and their listeners are unknown"),
				  n, is_translated),
			   n, test);
		break;
	case LACK_SEARCH:
		buf_printf(out,
			   plural(NP_("%zu socket could not be tested for \"%s\": owners were not "
				      "looked up",
				      "%zu sockets could not be tested for \"%s\": owners were not "
				      "looked up"),
				  n, is_translated),
			   n, test);
		break;
	case LACK_NAMES:
		buf_printf(out,
			   plural(NP_("%zu socket could not be tested for \"%s\": its host name "
				      "was not resolved in time",
				      "%zu sockets could not be tested for \"%s\": their host "
				      "names were not resolved in time"),
				  n, is_translated),
			   n, test);
		break;
	}
	buf_fini(&shown);
}

static void netns_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	struct buf shown = { 0 };

	if (!problem->test && problem->error) {
		buf_printf(out,
			   plural(NP_("%zu network namespace could not be read: %s",
				      "%zu network namespaces could not be read: %s"),
				  problem->count, is_translated),
			   problem->count, problem_error_text(problem->error, is_translated));
		return;
	}
	if (!problem->test) {
		buf_printf(
			out,
			plural(NP_("%zu process could not be assigned to a network namespace, so "
				   "some namespaces may be missing",
				   "%zu processes could not be assigned to a network namespace, "
				   "so some namespaces may be missing"),
			       problem->count, is_translated),
			problem->count);
		return;
	}
	text_visible(&shown, problem->test, strlen(problem->test), false);
	if (problem->error == ENOENT)
		buf_printf(out,
			   sentence(N_("there is no network namespace '%s' (try --netns=all)"),
				    is_translated),
			   buf_cstr(&shown));
	else
		buf_printf(out,
			   sentence(N_("the network namespace '%s' could not be read: %s"),
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
			   sentence(N_("the column firewall is never certain, because "
				       "these may also drop packets and are not read: %s"),
				    is_translated),
			   problem->test);
	else if (is_denied && problem->viewer == VIEWER_USER)
		buf_str(out, sentence(N_("the column firewall is unknown, because firewall rules "
					 "could not be read; run as root, or with CAP_NET_ADMIN, "
					 "to see it"),
				      is_translated));
	else if (is_denied)
		buf_str(out, sentence(N_("the column firewall is unknown, because firewall rules "
					 "could not be read; root lacks CAP_NET_ADMIN over this "
					 "network namespace"),
				      is_translated));
	else
		buf_printf(out,
			   sentence(N_("the column firewall is unknown, because firewall rules "
				       "could not be read (%s); list again"),
				    is_translated),
			   problem_error_text(problem->error, is_translated));
}

static void firewall_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	bool is_denied = problem->error == EPERM || problem->error == EACCES;

	if (problem->key)
		verdicts_text(problem, is_translated, out);
	else if (problem->test)
		buf_printf(out,
			   sentence(N_("tables of iptables-legacy (%s) are not read, so ports that "
				       "they forward are missing; iptables-legacy-save shows them"),
				    is_translated),
			   problem->test);
	else if (problem->way == PROBLEM_BY_SK_LOOKUP && problem->count)
		buf_str(out,
			sentence(
				N_("a BPF program (sk_lookup) chooses the sockets of new "
				   "connections; the ports that it sends on were asked of the "
				   "kernel for one address of each kind, so others may be missing"),
				is_translated));
	else if (problem->way == PROBLEM_BY_SK_LOOKUP)
		buf_str(out, sentence(N_("a BPF program (sk_lookup) chooses the sockets of new "
					 "connections, so ports that it sends on are missing"),
				      is_translated));
	else if (problem->way == PROBLEM_BY_IPTABLES_LEGACY)
		buf_printf(
			out,
			sentence(N_("whether iptables-legacy has tables could not be read (%s), so "
				    "ports that they forward may be missing"),
				 is_translated),
			problem_error_text(problem->error, is_translated));
	else if (is_denied && problem->viewer == VIEWER_USER)
		buf_str(out,
			sentence(N_("NAT rules could not be read, so ports that they forward are "
				    "missing; run as root, or with CAP_NET_ADMIN, to see them"),
				 is_translated));
	else if (is_denied)
		buf_str(out, sentence(N_("NAT rules could not be read, so ports that they forward "
					 "are missing; root lacks CAP_NET_ADMIN over this network "
					 "namespace, which is needed to see them"),
				      is_translated));
	else if (problem->error)
		buf_printf(out,
			   sentence(N_("NAT rules could not be read (%s), so ports that they "
				       "forward are missing; list again"),
				    is_translated),
			   problem_error_text(problem->error, is_translated));
	else
		buf_str(out,
			sentence(N_("not every NAT rule was read, because there are too many or "
				    "they changed meanwhile, so forwarded ports may be missing"),
				 is_translated));
}

void problem_text(const struct problem *problem, bool is_translated, struct buf *out)
{
	switch (problem->code) {
	case PROBLEM_UNSUPPORTED:
		unsupported_text(problem, is_translated, out);
		return;
	case PROBLEM_CUT_SHORT:
		if (problem->way == PROBLEM_BY_RECORDING) {
			buf_printf(
				out,
				sentence(
					N_("the list of %s sockets is incomplete in the recording, so "
					   "some are missing"),
					is_translated),
				proto_text(problem));
			return;
		}
		buf_printf(
			out,
			sentence(
				N_("the list of %s sockets was cut short (%s), so some are missing; "
				   "try again"),
				is_translated),
			proto_text(problem), problem_error_text(problem->error, is_translated));
		return;
	case PROBLEM_FALLBACK:
		fallback_text(problem, is_translated, out);
		return;
	case PROBLEM_PROCESSES:
		processes_text(problem, is_translated, out);
		return;
	case PROBLEM_NETNS:
		netns_text(problem, is_translated, out);
		return;
	case PROBLEM_UNTESTED:
		untested_text(problem, is_translated, out);
		return;
	case PROBLEM_HOSTS:
		buf_printf(out,
			   plural(NP_("the host name of %zu address was not resolved in time",
				      "the host names of %zu addresses were not resolved in time"),
				  problem->count, is_translated),
			   problem->count);
		return;
	case PROBLEM_BOUND:
		bound_text(problem, is_translated, out);
		return;
	case PROBLEM_FIREWALL:
		firewall_text(problem, is_translated, out);
		return;
	case PROBLEM_DOCUMENT:
		problem_document_text(problem, is_translated, out);
		return;
	case PROBLEM_TOLD:
		buf_str(out, problem->test);
		return;
	}
}
