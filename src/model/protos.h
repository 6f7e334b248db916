/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The protocols: one row each, with everything that depends on the protocol alone. */
#ifndef PORTSTAT_MODEL_PROTOS_H
#define PORTSTAT_MODEL_PROTOS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/addr.h"

struct buf;

/*
 * ROW(constant without PROTO_, name in filters, JSON and the long option, letter of the short
 * option, title for people, fields of struct proto).  src/resolve/iana-services.sh reads the
 * constants and names from here, too.
 */
/* clang-format off */
#define PROTOS(ROW) \
	ROW(TCP, "tcp", 't', "TCP", .number = IPPROTO_TCP, .has_ports = true, \
	    .is_like_tcp = true, .services = PROTO_BIT(PROTO_TCP), .module = "tcp_diag", \
	    .extras = SOCK_EXTRA_BIT(SOCK_EXTRA_TCP_INFO) | SOCK_EXTRA_BIT(SOCK_EXTRA_CONGESTION), \
	    .in_protocols = { "TCP", "TCPv6" }, .files = PROC_NET_FILES("tcp")) \
	ROW(UDP, "udp", 'u', "UDP", .number = IPPROTO_UDP, .has_ports = true, \
	    .is_datagram = true, .services = PROTO_BIT(PROTO_UDP), .module = "udp_diag", \
	    .in_protocols = { "UDP", "UDPv6" }, .files = PROC_NET_FILES("udp")) \
	/* It has no diag module of its own (net/ipv4/udp_diag.c). */ \
	ROW(UDPLITE, "udplite", 'U', "UDP-Lite", .number = IPPROTO_UDPLITE, .has_ports = true, \
	    .is_datagram = true, .services = PROTO_BIT(PROTO_UDP), .module = "udp_diag", \
	    .is_built_in = true, \
	    .in_protocols = { "UDP-Lite", "UDPLITEv6" }, .files = PROC_NET_FILES("udplite")) \
	ROW(RAW, "raw", 'w', "raw", .number = IPPROTO_RAW, \
	    .is_datagram = true, .ignores_states = true, .module = "raw_diag", \
	    .in_protocols = { "RAW", "RAWv6" }, .files = PROC_NET_FILES("raw")) \
	ROW(SCTP, "sctp", 'S', "SCTP", .number = IPPROTO_SCTP, .has_ports = true, \
	    .has_associations = true, .ignores_states = true, \
	    .services = PROTO_BIT(PROTO_SCTP), .module = "sctp_diag", \
	    .in_protocols = { "SCTP", "SCTPv6" }, \
	    .files = { { "net/sctp/eps", FAMILY_ALL, PROC_SCTP_ENDPOINTS }, \
		       { "net/sctp/assocs", FAMILY_ALL, PROC_SCTP_ASSOCIATIONS } }) \
	/* Its connections are in the TCP list, too. */ \
	ROW(MPTCP, "mptcp", 'M', "MPTCP", .number = IPPROTO_MPTCP, .has_ports = true, \
	    .is_like_tcp = true, .is_on_request = true, .services = PROTO_BIT(PROTO_TCP), \
	    .module = "mptcp_diag", .is_built_in = true, \
	    .extras = SOCK_EXTRA_BIT(SOCK_EXTRA_MPTCP), .in_protocols = { "MPTCP", "MPTCPv6" })
/* clang-format on */

#define PROTO_CONSTANT(constant, ...) PROTO_##constant,
enum sock_proto {
	PROTOS(PROTO_CONSTANT) PROTO_COUNT, /* how many there are; as a value, none of them */
};
#undef PROTO_CONSTANT

#define PROTO_BIT(proto) (1U << (proto))
#define PROTO_ALL ((1U << PROTO_COUNT) - 1)

/* The line format of a file below /proc. */
enum proc_format {
	PROC_NET, /* /proc/net/tcp and its siblings */
	PROC_SCTP_ENDPOINTS,
	PROC_SCTP_ASSOCIATIONS,
};

struct proto_file {
	const char *path; /* below /proc; NULL: no file */
	unsigned int families; /* FAMILY_BIT()s whose sockets it lists */
	enum proc_format format;
};
#define PROTO_FILES_MAX 2

struct proto {
	const char *name; /* neither this nor the title is translated */
	char letter;
	const char *title;
	unsigned int number; /* IPPROTO_TCP ...: what sock_diag(7) expects */
	bool has_ports;
	bool is_datagram; /* has no listeners: sockets without a peer serve */
	/*
	 * The kernel has listeners in a table of their own, and minisockets for half-open and
	 * time-wait connections (net/ipv4/inet_hashtables.c).
	 */
	bool is_like_tcp;
	bool has_associations; /* states and address lists of SCTP; its dumps ignore bytecode */
	bool ignores_states; /* its diag module lists all states, whatever was requested */
	bool is_on_request; /* listed only if the user names it */
	bool is_built_in; /* part of the kernel or missing; cannot be loaded as a module */
	unsigned int services; /* PROTO_BIT() of the protocol whose service names it uses, or 0 */
	const char *module; /* the kernel module that lists its sockets */
	/* SOCK_EXTRA_BIT()s that the kernel reports besides the memory, which all have. */
	unsigned int extras;
	const char *in_protocols[ADDR_FAMILIES]; /* its lines in /proc/net/protocols */
	struct proto_file files[PROTO_FILES_MAX]; /* list its sockets if netlink does not */
};

/* Indexed by enum sock_proto. */
extern const struct proto proto_rows[PROTO_COUNT];

/* The fields of a protocol; the predicates can be passed to protos_where(). */
static inline const char *proto_name(enum sock_proto proto)
{
	return proto_rows[proto].name;
}

static inline bool proto_has_ports(enum sock_proto proto)
{
	return proto_rows[proto].has_ports;
}

static inline bool proto_is_datagram(enum sock_proto proto)
{
	return proto_rows[proto].is_datagram;
}

static inline bool proto_is_like_tcp(enum sock_proto proto)
{
	return proto_rows[proto].is_like_tcp;
}

static inline bool proto_has_associations(enum sock_proto proto)
{
	return proto_rows[proto].has_associations;
}

static inline bool proto_is_on_request(enum sock_proto proto)
{
	return proto_rows[proto].is_on_request;
}

/* The protocols for which the function returns true, as PROTO_BIT()s. */
unsigned int protos_where(bool (*is_true)(enum sock_proto proto));

/* Each looks up a protocol and returns false if there is none: by its name, ignoring case, ... */
bool proto_parse(const char *s, size_t n, enum sock_proto *out);
/* ... by the letter of its option, ... */
bool proto_by_letter(int letter, enum sock_proto *out);
/* ... by its number (IPPROTO_TCP ...). */
bool proto_by_number(unsigned int number, enum sock_proto *out);

/* Adds the names of protocols (PROTO_BIT()s) in the user's language: "tcp, udp or sctp". */
void protos_text(unsigned int protos, struct buf *out);

#endif
