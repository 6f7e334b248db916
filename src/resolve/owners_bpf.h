/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Owners told by the kernel, through a BPF iterator over all tasks and their descriptors. */
#ifndef PORTSTAT_RESOLVE_OWNERS_BPF_H
#define PORTSTAT_RESOLVE_OWNERS_BPF_H

#include <stdbool.h>

struct buf;
struct owners_bpf;

/* Was the program built in? */
bool owners_bpf_is_built_in(void);

/*
 * Loads the program, to be kept for as many readings as are wanted.  -errno where that cannot be:
 * -EPERM without CAP_BPF and CAP_PERFMON, -EOPNOTSUPP where it is not built in or the kernel
 * (before 5.17, or without BTF) cannot have it.
 */
int owners_bpf_load(struct owners_bpf **out);
void owners_bpf_free(struct owners_bpf *b);

enum owners_bpf_flags {
	OWNERS_BPF_SKIPS_CONNECTED =
		1 << 0, /* leave out sockets that are SS_CONNECTED (linux/net.h) */
	/* Tell sockets by their cookies.  It takes longer, and a socket has one after a dump. */
	OWNERS_BPF_READS_COOKIES = 1 << 1,
};

/*
 * Adds a stream (task_file.h) of all tables of descriptors of the caller's pid namespace.  Other
 * sockets than those with ports are in it, too.  flags: enum owners_bpf_flags.  Returns 0 or -errno.
 */
int owners_bpf_read(struct owners_bpf *b, unsigned int flags, struct buf *stream);

#endif
