/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why BPF cannot be used: what the host has decides before what the kernel answered. */
#include <config.h>

#include "resolve/bpf_lack.h"

#include <errno.h>

#include "resolve/owners_bpf.h"
#include "test.h"

static void what_the_host_has_decides(void **state)
{
	static const char open_door[] = "[none] integrity confidentiality\n";
	static const char half_open[] = "none [integrity] confidentiality\n";
	static const char closed[] = "none integrity [confidentiality]\n";
	static const struct {
		struct bpf_support support;
		int err;
		enum problem_bpf want;
	} cases[] = {
		{ { .is_built_in = false, .has_btf = true, .release = "6.1.0" },
		  -EPERM,
		  PROBLEM_BPF_NOT_BUILT_IN },
		{ { .is_built_in = true, .has_btf = true, .release = "5.16.20" },
		  -EPERM,
		  PROBLEM_BPF_OLD_KERNEL },
		{ { .is_built_in = true, .has_btf = true, .release = "5.17.0" },
		  -EPERM,
		  PROBLEM_BPF_DENIED },
		{ { .is_built_in = true, .has_btf = true, .release = "6.1.0", .lockdown = closed },
		  -EPERM,
		  PROBLEM_BPF_LOCKED_DOWN },
		{ { .is_built_in = true,
		    .has_btf = true,
		    .release = "6.1.0",
		    .lockdown = half_open },
		  -EACCES,
		  PROBLEM_BPF_DENIED },
		{ { .is_built_in = true, .release = "6.1.0", .lockdown = open_door },
		  -EACCES,
		  PROBLEM_BPF_DENIED },
		{ { .is_built_in = true, .release = "6.1.0" }, -ENOENT, PROBLEM_BPF_NO_BTF },
		{ { .is_built_in = true, .has_btf = true, .release = "6.1.0" },
		  -ENOMEM,
		  PROBLEM_BPF_OTHER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(bpf_lack(&cases[i].support, cases[i].err), cases[i].want);
}

/* On this host: nobody who was refused is told that the kernel is too old, if it is not. */
static void here(void **state)
{
	enum problem_bpf found = bpf_lack_here(-EPERM);

	(void)state;
	if (!owners_bpf_is_built_in())
		assert_int_equal(found, PROBLEM_BPF_NOT_BUILT_IN);
	else
		assert_true(found == PROBLEM_BPF_DENIED || found == PROBLEM_BPF_LOCKED_DOWN ||
			    found == PROBLEM_BPF_OLD_KERNEL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_the_host_has_decides),
		cmocka_unit_test(here),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
