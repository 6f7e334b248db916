/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Replaces way_bpf.c in a build without BPF. */
#include <config.h>

#include "events/way.h"

#include <errno.h>

int way_bpf_open(struct event_way **out, const struct event_request *request)
{
	(void)out;
	(void)request;
	return -EOPNOTSUPP;
}
