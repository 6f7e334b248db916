/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds owners with a BPF iterator over all tasks and their descriptors. */
#ifndef PORTSTAT_RESOLVE_OWNERS_BPF_H
#define PORTSTAT_RESOLVE_OWNERS_BPF_H

#include <stdbool.h>

struct buf;
struct owners_bpf;

/* Was portstat built with the BPF program? */
bool owners_bpf_is_built_in(void);

/*
 * Loads the program; *out may be read any number of times and is freed with owners_bpf_free().
 * Returns 0; -EPERM without CAP_BPF and CAP_PERFMON; -EOPNOTSUPP if the program is not built in or
 * the kernel does not support it (before 5.17, or without BTF).
 */
int owners_bpf_load(struct owners_bpf **out);
void owners_bpf_free(struct owners_bpf *b);

enum owners_bpf_flags {
	/*
	 * Leave out sockets in other states than SS_UNCONNECTED (linux/net.h).  This is faster: of
	 * those only the state is read.
	 */
	OWNERS_BPF_ONLY_UNCONNECTED = 1 << 0,
	/*
	 * Identify sockets by their cookies, which they have once they were dumped.  This is
	 * slower: each socket has memory of its own for it.
	 */
	OWNERS_BPF_READS_COOKIES = 1 << 1,
	/* Write the network namespaces of sockets, too.  This is slower for the same reason. */
	OWNERS_BPF_READS_NETNS = 1 << 2,
};

/*
 * Adds a stream (task_file.h) of all descriptor tables in the caller's pid namespace, including
 * sockets of other families.  flags: enum owners_bpf_flags.  Returns 0 or -errno.
 */
int owners_bpf_read(struct owners_bpf *b, unsigned int flags, struct buf *stream);

#endif
