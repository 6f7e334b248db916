/* SPDX-License-Identifier: GPL-2.0-or-later */
/* BPF programs that choose the socket of a connection, whatever its port. */
#include <config.h>

#include "resolve/sk_lookup.h"

#include <errno.h>
#include <linux/bpf.h>
#include <sys/syscall.h>
#include <unistd.h>

int sk_lookup_count(int netns)
{
	union bpf_attr attr = { .query = { .target_fd = (__u32)netns,
					   .attach_type = BPF_SK_LOOKUP } };

	/* Without room for their ids it tells how many there are. */
	if (syscall(SYS_bpf, BPF_PROG_QUERY, &attr, sizeof(attr)) < 0)
		return -errno;
	return (int)attr.query.prog_cnt;
}
