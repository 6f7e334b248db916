/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line of /proc/net/tcp and its siblings to one socket. */
#ifndef PORTSTAT_SOURCE_PROCNET_H
#define PORTSTAT_SOURCE_PROCNET_H

#include <stdbool.h>
#include <stddef.h>

#include "model/sock.h"

struct procnet_format {
	enum sock_proto proto; /* tcp, udp, udplite or raw */
	enum addr_family family;
	unsigned int ticks_per_s; /* of the timer column: sysconf(_SC_CLK_TCK) */
	bool orphans_have_uid; /* kernel_orphans_have_uid() */
};

/*
 * Reads a line of len bytes, without its newline, that is not the heading (proc_pid_net(5)).
 * -EBADMSG where it does not read as one, -EPROTO where its state has no name.
 */
int procnet_parse(struct sock *sk, const struct procnet_format *format, const char *line,
		  size_t len);

#endif
