/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why bind(2) says what it says, as one table: what each error can come from, and what helps.  The
 * rule for two sockets is that of inet_bind_conflict() (net/ipv4/inet_connection_sock.c) and
 * udp_lib_lport_inuse() (net/ipv4/udp.c).
 */
#ifndef PORTSTAT_EXPLAIN_RULES_H
#define PORTSTAT_EXPLAIN_RULES_H

#include <stdbool.h>
#include <stdint.h>

struct bind_place;
struct sock;

/* What is known of a fact that the kernel does not show to everybody. */
enum truth {
	TRUTH_NO,
	TRUTH_UNKNOWN,
	TRUTH_YES,
};

/* First what hinders a place, in the order in which the kernel looks, then who holds a port. */
enum rule_id {
	RULE_NO_FAMILY,
	RULE_NO_DEVICE,
	RULE_PROGRAM,
	RULE_NO_SCOPE,
	RULE_IPV6_DISABLED,
	RULE_NO_ADDRESS,
	RULE_PRIVILEGED,
	RULE_SANDBOX,
	RULE_LISTEN,
	RULE_SERVES, /* a datagram socket */
	RULE_BOUND,
	RULE_TIME_WAIT,
	RULE_CLOSE_WAIT,
	RULE_CLOSING,
	RULE_OUTGOING,
	RULE_ACCEPTED,
	RULES,
};

/* What replaces %s in a sentence. */
enum rule_word {
	RULE_WORD_NONE,
	RULE_WORD_PORT,
	RULE_WORD_ADDR,
	RULE_WORD_DEVICE,
	RULE_WORD_UNPRIVILEGED, /* the first port that everybody may bind */
	RULE_WORD_EPHEMERAL, /* the range of ports that this host hands out */
	RULE_WORD_TIME, /* until the last of these sockets ends by itself */
	RULE_WORD_HOLDERS, /* the processes that hold them */
	RULE_WORD_STOP, /* the command that stops these */
	RULE_WORD_FREE, /* the commands that end these connections, and keep the port from others */
	RULE_WORD_CGROUP, /* the control group that refuses it */
};

struct bind_case;

struct rule {
	const char *key; /* in JSON; never translated */
	int error; /* errno of bind(2), socket(2) or setsockopt(2) */
	const char *because; /* N_(); NULL: the error says it all */
	enum rule_word because_word;
	const char *remedy; /* N_() */
	enum rule_word remedy_word;
	bool (*hinders)(const struct bind_case *c); /* the place itself; NULL: not to be foreseen */
};

extern const struct rule rules[RULES];

/* The one that binds, and where. */
struct bind_case {
	const struct bind_place *place;
	uint32_t ifindex; /* of the place's device; 0: it has none, or there is none of that name */
	uint32_t uid;
	bool is_privileged; /* CAP_NET_BIND_SERVICE in the namespace */
	bool has_device; /* the place's device is there, or it has none */
	bool has_address; /* the address is one of this namespace */
	bool has_ipv6; /* this kernel has it */
	bool is_ipv6_disabled; /* net.ipv6.conf.all.disable_ipv6 */
	uint16_t first_unprivileged; /* net.ipv4.ip_unprivileged_port_start */
};

/* A socket that has the port. */
struct holder {
	const struct sock *sk;
	enum truth reuse_addr;
	enum truth reuse_port;
	enum truth v6only; /* IPV6_V6ONLY, also of connections, which inherit it */
	bool is_accepted; /* of a connection: a server took it */
};

/* How two local addresses overlap. */
enum overlap {
	OVERLAP_NONE,
	OVERLAP_SAME,
	OVERLAP_WILDCARD, /* the socket there has every address */
	OVERLAP_COVERED, /* the place has every address, also that of the socket */
	OVERLAP_DUAL_STACK, /* one of them is the IPv6 wildcard, which covers IPv4 as well */
	/* 0.0.0.0, and an IPv6 connection of a socket that could have had IPv4 ones as well */
	OVERLAP_CONNECTION,
};

/* As far as IPV6_V6ONLY of the socket is not known it counts as not set. */
enum overlap rule_overlap(const struct bind_place *place, const struct holder *holder);

/* Would bind(2) refuse the place because of this socket? */
enum truth rule_conflicts(const struct bind_case *c, const struct holder *holder);

/* The rule of a socket that conflicts. */
enum rule_id rule_of_holder(const struct holder *holder);

/*
 * The first rule that hinders the place itself, whoever holds the port; RULES if none is known to.
 * RULE_PROGRAM and RULE_SANDBOX cannot be foreseen.
 */
enum rule_id rule_of_place(const struct bind_case *c);

/* The rule by which the place got this error; RULES where none is known. */
enum rule_id rule_of_error(const struct bind_case *c, int error);

#endif
