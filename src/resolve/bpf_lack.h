/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why the kernel rejects the BPF program that finds owners. */
#ifndef PORTSTAT_RESOLVE_BPF_LACK_H
#define PORTSTAT_RESOLVE_BPF_LACK_H

#include "model/problem.h"

/* What the reason is told from. */
struct bpf_place {
	bool is_built_in;
	const char *release; /* uname(2) */
	const char *lockdown; /* text of /sys/kernel/security/lockdown; NULL: it has none */
	bool has_btf; /* /sys/kernel/btf/vmlinux is there */
};

/* Why loading failed with err (-errno).  Reasons that no privilege can fix take precedence. */
enum problem_bpf bpf_lack(const struct bpf_place *place, int err);

/* The same for the running kernel. */
enum problem_bpf bpf_lack_here(int err);

#endif
