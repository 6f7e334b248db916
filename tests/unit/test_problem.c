/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is missing, in words: each sentence names it, and what would help whom. */
#include <config.h>

#include "model/problem.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "model/protos.h"
#include "test.h"

/* Problems own their texts: these are no constants. */
static char proc_x[] = "proc x", hostile[] = "proc \033[2J", tabbed[] = "a\tb", web[] = "web",
	    db[] = "db", tables[] = "nat filter";

#define BY_BPF .code = PROBLEM_PROCESSES, .way = PROBLEM_BY_BPF
#define NO_OWNER ", so no owner is known; use --owners=proc"
#define SEEN .code = PROBLEM_PROCESSES, .viewer
#define UNTESTED .code = PROBLEM_UNTESTED, .test = proc_x, .key = "cgroup"
#define COULD_NOT "could not be tested for \"proc x\": "
#define NETNS .code = PROBLEM_NETNS
#define FIREWALL .code = PROBLEM_FIREWALL

/* clang-format off */
static const struct {
	struct problem problem;
	const char *want;
} cases[] = {
	{ { BY_BPF, .bpf = PROBLEM_BPF_OTHER, .error = ENOMEM }, "BPF cannot be used (Cannot allocate memory)" NO_OWNER },
	{ { BY_BPF, .bpf = PROBLEM_BPF_NOT_BUILT_IN }, "BPF cannot be used (portstat was built without it)" NO_OWNER },
	{ { BY_BPF, .bpf = PROBLEM_BPF_OTHER_PROC },
	  "BPF cannot be used (/proc shows processes of another pid namespace)" NO_OWNER },
	{ { BY_BPF, .bpf = PROBLEM_BPF_OLD_KERNEL },
	  "BPF cannot be used (this kernel is too old: Linux 5.17 or later is needed)" NO_OWNER },
	{ { BY_BPF, .bpf = PROBLEM_BPF_LOCKED_DOWN },
	  "BPF cannot be used (the kernel is locked down: confidentiality)" NO_OWNER },
	{ { BY_BPF, .bpf = PROBLEM_BPF_NO_BTF },
	  "BPF cannot be used (this kernel was built without CONFIG_DEBUG_INFO_BTF)" NO_OWNER },
	{ { BY_BPF, .bpf = PROBLEM_BPF_DENIED, .error = EPERM, .viewer = VIEWER_USER },
	  "BPF is not permitted (Operation not permitted), so no owner is known; run as root, or with "
	  "CAP_BPF and CAP_PERFMON, or use --owners=proc" },
	{ { BY_BPF, .bpf = PROBLEM_BPF_DENIED, .error = EPERM, .viewer = VIEWER_WITHOUT_CAPS },
	  "BPF is not permitted (Operation not permitted), so no owner is known; run with CAP_BPF and "
	  "CAP_PERFMON on the host itself, or use --owners=proc" },

	{ { SEEN = VIEWER_USER, .count = 1 },
	  "1 process could not be read, so owners are missing; run as root, or with CAP_SYS_PTRACE and "
	  "CAP_DAC_READ_SEARCH, to see them" },
	{ { SEEN = VIEWER_OF_CONTAINER, .count = 2 },
	  "2 processes could not be read, so owners are missing; root of a user namespace cannot see "
	  "them: run as root on the host" },
	{ { SEEN = VIEWER_WITHOUT_CAPS, .count = 2 },
	  "2 processes could not be read, so owners are missing; root lacks CAP_SYS_PTRACE or "
	  "CAP_DAC_READ_SEARCH here; both are needed to see them" },
	{ { SEEN = VIEWER_BARRED, .count = 2 },
	  "2 processes could not be read, so owners are missing; probably a security module such as "
	  "AppArmor or SELinux protects them" },
	{ { SEEN = VIEWER_BARRED },
	  "/proc does not show every process, so owners are missing; run on the host itself, or mount "
	  "/proc without hidepid, to see them" },
	{ { SEEN = VIEWER_USER },
	  "/proc does not show every process, so owners are missing; run as root on the host itself, or "
	  "mount /proc without hidepid, to see them" },
	{ { SEEN = VIEWER_USER, .error = EIO },
	  "the processes could not be read (Input/output error), so no owner is known; a readable /proc "
	  "is needed" },
	{ { SEEN = VIEWER_USER, .count = 3, .error = EMFILE },
	  "3 processes could not be read (Too many open files), so owners may be missing; try again" },

	{ { UNTESTED, .count = 1, .lack = LACK_OWNERS }, "1 socket " COULD_NOT "its owners are hidden from this user" },
	{ { UNTESTED, .count = 2, .lack = LACK_LISTENER },
	  "2 sockets " COULD_NOT "they have not been accepted yet, and their listeners are unknown" },
	{ { UNTESTED, .count = 2, .lack = LACK_SEARCH }, "2 sockets " COULD_NOT "owners were not looked up" },
	{ { UNTESTED, .count = 2, .lack = LACK_NAMES },
	  "2 sockets " COULD_NOT "their host names were not resolved in time" },
	{ { UNTESTED, .count = 2, .lack = LACK_PRIVILEGE },
	  "2 sockets " COULD_NOT "the kernel shows \"cgroup\" only with CAP_NET_ADMIN" },
	{ { UNTESTED, .count = 2, .lack = LACK_PROCFS }, "2 sockets " COULD_NOT "/proc/net has no \"cgroup\"" },
	{ { UNTESTED, .count = 1, .lack = LACK_KERNEL }, "1 socket " COULD_NOT "this host does not report \"cgroup\"" },
	{ { UNTESTED, .count = 2, .lack = LACK_RECORDING }, "2 sockets " COULD_NOT "the recording has no \"cgroup\"" },
	/* What the user typed is not written to the terminal as it is. */
	{ { .code = PROBLEM_UNTESTED, .test = hostile, .count = 1, .lack = LACK_OWNERS },
	  "1 socket could not be tested for \"proc \\x1b[2J\": its owners are hidden from this user" },

	{ { NETNS, .count = 2, .error = EPERM }, "2 network namespaces could not be read: Operation not permitted" },
	{ { NETNS, .count = 1 },
	  "1 process could not be assigned to a network namespace, so some namespaces may be missing" },
	{ { NETNS, .test = tabbed, .error = ENOENT },
	  "there is no network namespace 'a\\x09b' (try --netns=all)" },
	{ { NETNS, .test = web, .error = EACCES },
	  "the network namespace 'web' could not be read: Permission denied" },

	{ { FIREWALL, .test = tables },
	  "tables of iptables-legacy (nat filter) are not read, so ports that they forward are missing; "
	  "iptables-legacy-save shows them" },
	{ { FIREWALL, .way = PROBLEM_BY_IPTABLES_LEGACY, .error = EACCES },
	  "whether iptables-legacy has tables could not be read (Permission denied), so ports that they "
	  "forward may be missing" },
	{ { FIREWALL, .error = EPERM, .viewer = VIEWER_USER },
	  "NAT rules could not be read, so ports that they forward are missing; run as root, or with "
	  "CAP_NET_ADMIN, to see them" },
	{ { FIREWALL, .error = EACCES, .viewer = VIEWER_WITHOUT_CAPS },
	  "NAT rules could not be read, so ports that they forward are missing; root lacks CAP_NET_ADMIN "
	  "over this network namespace, which is needed to see them" },
	{ { FIREWALL, .error = EAGAIN },
	  "NAT rules could not be read (Resource temporarily unavailable), so ports that they forward are "
	  "missing; list again" },
	{ { FIREWALL },
	  "not every NAT rule was read, because there are too many or they changed meanwhile, so forwarded "
	  "ports may be missing" },

	{ { .code = PROBLEM_CUT_SHORT, .proto = PROTO_UDP, .way = PROBLEM_BY_RECORDING },
	  "the list of udp sockets is incomplete in the recording, so some are missing" },
	{ { .code = PROBLEM_CUT_SHORT, .proto = PROTO_TCP, .error = EINTR },
	  "the list of tcp sockets was cut short (Interrupted system call), so some are missing; try again" },
	{ { .code = PROBLEM_CUT_SHORT, .proto = PROTO_SCTP, .way = PROBLEM_BY_PROCFS, .error = EPERM },
	  "sctp sockets could not be read everywhere (Operation not permitted), so some are missing; "
	  "this user may not list them there" },
	{ { .code = PROBLEM_HOSTS, .count = 1 }, "the host name of 1 address was not resolved in time" },
};
/* clang-format on */

static void each_in_words(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf text = { 0 };

		problem_text(&cases[i].problem, false, &text);
		assert_string_equal(buf_cstr(&text), cases[i].want);
		buf_fini(&text);
	}
}

/* One of a kind; only what is counted row by row adds up. */
static void the_same_twice(void **state)
{
	struct problem untested = { .code = PROBLEM_UNTESTED,
				    .proto = PROBLEM_NO_PROTO,
				    .count = 2,
				    .lack = LACK_OWNERS,
				    .test = proc_x };
	struct problem netns = {
		.code = PROBLEM_NETNS, .proto = PROBLEM_NO_PROTO, .count = 2, .test = web
	};
	struct problems list = { 0 };

	(void)state;
	problems_add(&list, &untested);
	problems_add(&list, &untested);
	problems_add(&list, &netns);
	problems_add(&list, &netns);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.list[0].count, 4);
	assert_int_equal(list.list[1].count, 2);
	/* Copies, which outlive what was added. */
	assert_true(list.list[0].test != untested.test);
	netns.test = db;
	problems_add(&list, &netns);
	untested.lack = LACK_LISTENER;
	problems_add(&list, &untested);
	assert_int_equal(list.n, 4);
	problems_drop(&list, PROBLEM_NETNS);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.list[0].lack, LACK_OWNERS);
	assert_int_equal(list.list[1].lack, LACK_LISTENER);
	problems_fini(&list);
	assert_int_equal(list.n, 0);
}

/* Whose view it is, is told by the processes alone. */
static void the_viewer(void **state)
{
	struct problem firewall = { .code = PROBLEM_FIREWALL, .viewer = VIEWER_BARRED };
	struct problem processes = { .code = PROBLEM_PROCESSES, .viewer = VIEWER_OF_CONTAINER };
	struct problems list = { 0 };

	(void)state;
	assert_int_equal(problems_viewer(&list), VIEWER_USER);
	problems_add(&list, &firewall);
	assert_int_equal(problems_viewer(&list), VIEWER_USER);
	problems_add(&list, &processes);
	assert_int_equal(problems_viewer(&list), VIEWER_OF_CONTAINER);
	problems_fini(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_in_words),
		cmocka_unit_test(the_same_twice),
		cmocka_unit_test(the_viewer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
