/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sends a port on: a vocabulary. */
#ifndef PORTSTAT_RESOLVE_FORWARD_BY_H
#define PORTSTAT_RESOLVE_FORWARD_BY_H

enum forward_by {
	FORWARD_BY_NFT,
	FORWARD_BY_IPTABLES, /* iptables-nft */
	FORWARD_BY_DOCKER_PROXY,
	FORWARD_BY_ROOTLESSPORT,
	FORWARD_BY_SLIRP4NETNS,
	FORWARD_BY_PASTA,
	FORWARD_BY_SK_LOOKUP, /* a BPF program that chooses the socket */
};

/* nft, iptables, docker-proxy ... as JSON has it; NULL behind the last.  Never translated. */
extern const char *const forward_by_words[];

#endif
