/* SPDX-License-Identifier: GPL-2.0-or-later */
/* In place of attempts_hook.c, in a build without BPF. */
#include <config.h>

#include "events/attempts_hook.h"

#include <errno.h>
#include <stddef.h>

int attempts_hook_open(struct attempts_hook **out, uint32_t only_netns, bool reads_udp)
{
	(void)only_netns;
	(void)reads_udp;
	*out = NULL;
	return -EOPNOTSUPP;
}

void attempts_hook_free(struct attempts_hook *h)
{
	(void)h;
}

int attempts_hook_fd(const struct attempts_hook *h)
{
	(void)h;
	return -1;
}

const struct attempt *attempts_hook_next(struct attempts_hook *h)
{
	(void)h;
	return NULL;
}

uint64_t attempts_hook_lost(struct attempts_hook *h)
{
	(void)h;
	return 0;
}
