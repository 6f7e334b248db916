/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses a line of /proc/net/tcp and its siblings into a socket. */
#ifndef PORTSTAT_SOURCE_PROCNET_H
#define PORTSTAT_SOURCE_PROCNET_H

#include <stdbool.h>
#include <stddef.h>

#include "model/sock.h"

/* The file that the line is from. */
struct procnet_format {
	enum sock_proto proto; /* TCP, UDP, UDP-Lite or raw */
	enum addr_family family;
	unsigned int ticks_per_s; /* of the timer column: sysconf(_SC_CLK_TCK) */
	bool orphans_have_uid; /* kernel_orphans_have_uid() */
};

/*
 * Parses a line of len bytes, without its newline, that is not the heading (proc_pid_net(5)).
 * Returns 0, -EBADMSG if the line is malformed, or -EPROTO if its state is unknown.
 */
int procnet_parse(struct sock *sk, const struct procnet_format *format, const char *line,
		  size_t len);

#endif
