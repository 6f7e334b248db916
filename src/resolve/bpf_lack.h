/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why the BPF program that finds owners cannot be loaded. */
#ifndef PORTSTAT_RESOLVE_BPF_LACK_H
#define PORTSTAT_RESOLVE_BPF_LACK_H

#include "model/problem.h"

/* What the reason depends on. */
struct bpf_support {
	bool is_built_in;
	const char *release; /* release of uname(2) */
	const char *
		lockdown; /* text of /sys/kernel/security/lockdown; NULL: the file does not exist */
	bool has_btf; /* /sys/kernel/btf/vmlinux exists */
};

/* Why loading failed with err (-errno).  A reason that no privilege can change takes precedence. */
enum problem_bpf bpf_lack(const struct bpf_support *support, int err);

/* The same for this build and the running kernel. */
enum problem_bpf bpf_lack_here(int err);

#endif
