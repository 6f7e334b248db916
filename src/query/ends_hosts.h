/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the other ends of connections on other hosts, among those that were told of. */
#ifndef PORTSTAT_QUERY_ENDS_HOSTS_H
#define PORTSTAT_QUERY_ENDS_HOSTS_H

struct snapshot;

/*
 * Adds to each connection whose other end is a socket of another host the owners and the host there,
 * where no owners were told.  It is the one socket with the mirrored addresses and ports, v4-mapped ones
 * as the IPv4 that they are; where there are several it is not known.  Never for loopback and link-local
 * addresses, which every host has.  Call it before told_seal().
 */
void ends_find_on_hosts(struct snapshot *snap);

#endif
