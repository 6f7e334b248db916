/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replaces owners_bpf.c in a build without BPF. */
#include <config.h>

#include "resolve/owners_bpf.h"

#include <errno.h>
#include <stddef.h>

bool owners_bpf_is_built_in(void)
{
	return false;
}

int owners_bpf_load(struct owners_bpf **out)
{
	*out = NULL;
	return -EOPNOTSUPP;
}

void owners_bpf_free(struct owners_bpf *b)
{
	(void)b;
}

int owners_bpf_read(struct owners_bpf *b, unsigned int flags, struct buf *stream)
{
	(void)b;
	(void)flags;
	(void)stream;
	return -EOPNOTSUPP;
}
