/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which kernel it is, which modules it can have, and why it has no BPF for us. */
#include <config.h>

#include "base/kernel.h"

#include <errno.h>
#include <stdio.h>

#include "proc_tree.h"
#include "resolve/bpf_lack.h"
#include "test.h"

static void releases(void **state)
{
	/* clang-format off */
	static const struct {
		const char *release;
		unsigned int major;
		unsigned int minor;
		bool is;
	} cases[] = {
		{ "6.8.0", 6, 8, true },	 { "6.7.12-amd64", 6, 8, false },
		{ "6.12.1+deb13-amd64", 6, 8, true }, { "7.0", 6, 8, true },
		{ "5.19.0", 6, 8, false },	 { "10.1", 6, 8, true },
		{ "6.8-rc1", 6, 8, true },	 { "6", 6, 8, false },
		{ "", 6, 8, false },		 { "strange", 0, 0, false },
		{ ".9", 0, 0, false },		 { "6-8", 6, 8, false },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(
			kernel_release_is(cases[i].release, cases[i].major, cases[i].minor),
			cases[i].is);
}

static void modules(void **state)
{
	static const char dep[] =
		"kernel/net/sctp/sctp_diag.ko.xz: kernel/net/sctp/sctp.ko.xz kernel/net/a/needed.ko\n"
		"kernel/net/ipv4/raw_diag.ko:\n"
		"kernel/net/ipv4/xtcp_diag.ko:\n"
		"kernel/net/ipv4/udp_diag.koala:\n"
		"kernel/net/mptcp/mptcp_diag.ko.zst:";
	static const char built_in[] =
		"kernel/net/ipv4/inet_diag.ko\nkernel/net/ipv4/tcp_tunnel.ko";
	/* clang-format off */
	static const struct {
		const char *name;
		enum kernel_module want;
	} cases[] = {
		{ "sctp_diag", KERNEL_MODULE_INSTALLED },  { "raw_diag", KERNEL_MODULE_INSTALLED },
		{ "mptcp_diag", KERNEL_MODULE_INSTALLED }, { "inet_diag", KERNEL_MODULE_INSTALLED },
		{ "tcp_diag", KERNEL_MODULE_MISSING },	   { "udp_diag", KERNEL_MODULE_MISSING },
		{ "needed", KERNEL_MODULE_MISSING },	   { "sctp", KERNEL_MODULE_MISSING },
		{ "", KERNEL_MODULE_MISSING },
	};
	/* clang-format on */
	struct tree tree;

	(void)state;
	assert_true(tree_init(&tree));
	assert_int_equal(kernel_find_module(tree.path, "tcp_diag"), KERNEL_MODULE_UNKNOWN);
	make_file(&tree, "modules.dep", dep, sizeof(dep) - 1);
	assert_int_equal(kernel_find_module(tree.path, "inet_diag"), KERNEL_MODULE_MISSING);
	make_file(&tree, "modules.builtin", built_in, sizeof(built_in) - 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(kernel_find_module(tree.path, cases[i].name), cases[i].want);
	assert_int_equal(tree_fini(&tree), 0);
}

static void why_no_bpf(void **state)
{
	const char *locked = "none integrity [confidentiality]\n",
		   *half = "none [integrity] confidentiality\n";
	const struct {
		struct bpf_support support;
		int err;
		enum problem_bpf want;
	} cases[] = {
		{ { false, "6.8.0", NULL, true }, -EOPNOTSUPP, PROBLEM_BPF_NOT_BUILT_IN },
		{ { true, "5.16.0", NULL, true }, -EOPNOTSUPP, PROBLEM_BPF_OLD_KERNEL },
		{ { true, "5.10.0", NULL, false }, -EPERM, PROBLEM_BPF_OLD_KERNEL },
		{ { true, "5.17.0", locked, true }, -EPERM, PROBLEM_BPF_LOCKED_DOWN },
		{ { true, "6.12.0", locked, true }, -EOPNOTSUPP, PROBLEM_BPF_LOCKED_DOWN },
		{ { true, "6.12.0", half, true }, -EPERM, PROBLEM_BPF_DENIED },
		{ { true, "6.12.0", NULL, false }, -EPERM, PROBLEM_BPF_DENIED },
		{ { true, "6.12.0", NULL, false }, -EOPNOTSUPP, PROBLEM_BPF_NO_BTF },
		{ { true, "6.12.0", "", true }, -EOPNOTSUPP, PROBLEM_BPF_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(bpf_lack(&cases[i].support, cases[i].err), cases[i].want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(releases),
		cmocka_unit_test(modules),
		cmocka_unit_test(why_no_bpf),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
