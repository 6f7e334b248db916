/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The population of a real server, for the tests that read whole screens of the live view. */
#ifndef PORTSTAT_TESTS_UNIT_LIVE_SERVER_H
#define PORTSTAT_TESTS_UNIT_LIVE_SERVER_H

#include "live_host.h"

static inline struct host_sock *server_listen(struct host *h, enum sock_proto proto,
					      const char *addr, uint16_t port, uint32_t inode)
{
	return host_open(h, proto, proto == PROTO_TCP ? SOCK_STATE_LISTEN : SOCK_STATE_BOUND, addr,
			 port, NULL, 0, inode);
}

/*
 * A web server with clients of IPv4, v4-mapped and IPv6, one of them slow; a cache on all addresses; a
 * database on the loopback with a full accept queue; a name with a long pid; connections that nobody
 * closes; and this host's own connections.
 */
static inline void server_populate(struct host *h)
{
	static const uint32_t sshd[] = { 22, 23 }, master[] = { 80, 443 };
	static const uint32_t worker[] = { 1000, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008 };
	static const uint32_t stuck[] = { 1100, 1101 }, cache[] = { 6379 };
	static const uint32_t database[] = { 5432, 2000 }, client[] = { 2001 };
	static const uint32_t avahi[] = { 5353 }, curl[] = { 3000 };
	struct host_sock *full;

	server_listen(h, PROTO_TCP, "0.0.0.0", 22, 22);
	server_listen(h, PROTO_TCP, "0.0.0.0", 80, 80);
	server_listen(h, PROTO_TCP, "::", 443, 443);
	server_listen(h, PROTO_TCP, "0.0.0.0", 6379, 6379);
	full = server_listen(h, PROTO_TCP, "127.0.0.1", 5432, 5432);
	full->sk.recv_q = full->sk.send_q = 4;
	server_listen(h, PROTO_UDP, "0.0.0.0", 5353, 5353);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 22, "198.51.100.200", 65001,
		  23);
	for (uint16_t i = 0; i < 6; i++) {
		char peer[32];

		snprintf(peer, sizeof(peer), "::ffff:203.0.113.%u", 100 + i);
		host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "::ffff:192.0.2.1", 443, peer,
			  (uint16_t)(50000 + i), 1000 + i)
			->rx = 1000000U * i;
	}
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "2001:db8:1::10", 443,
		  "2001:db8:ffff:1234:5678:9abc:def0:1", 51822, 1006);
	for (uint16_t i = 0; i < 2; i++)
		host_open(h, PROTO_TCP, SOCK_STATE_CLOSE_WAIT, "::ffff:192.0.2.1", 443,
			  "::ffff:198.51.100.9", (uint16_t)(40110 + i), 1100 + i);
	for (uint16_t i = 0; i < 60; i++) {
		char peer[32];

		snprintf(peer, sizeof(peer), "203.0.113.%u", i + 1);
		host_open(h, PROTO_TCP, SOCK_STATE_TIME_WAIT, "192.0.2.1", 80, peer,
			  (uint16_t)(33000 + i), 0);
	}
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "127.0.0.1", 5432, "127.0.0.1", 40000,
		  2000);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "127.0.0.1", 40000, "127.0.0.1", 5432,
		  2001);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 40002, "192.0.2.77", 443,
		  3000);
	host_process(h, 812, "sshd", sshd, 2);
	host_process(h, 1203, "nginx", master, 2);
	host_process(h, 1204, "nginx", worker, 9);
	host_process(h, 1206, "nginx", stuck, 2);
	host_process(h, 7741, "redis-server", cache, 1);
	host_process(h, 950, "postgres", database, 2);
	host_process(h, 30412, "gunicorn: worker", client, 1);
	host_process(h, 2734567, "avahi-daemon", avahi, 1);
	host_process(h, 4190001, "curl", curl, 1);
}

#endif
