/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reports packets that the kernel drops because no socket has their port, or because a rule of
 * netfilter says so: the start of a TCP connection, and UDP.
 */
#include "attempt.h"

#include "base/bpf_kernel.h"

#include <bpf/bpf_endian.h>

#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd
#define FAMILY_INET 0 /* enum addr_family */
#define FAMILY_INET6 1
#define PACKET_HOST 0 /* linux/if_packet.h */
#define TCP_RST 0x04
#define TCP_ACK 0x10

/* A part of the kernel's enumeration; its values differ between kernels. */
enum skb_drop_reason {
	SKB_DROP_REASON_NO_SOCKET = 3,
	SKB_DROP_REASON_NETFILTER_DROP = 8,
};

/* Set by the reader: the one namespace that he wants to know about; 0: every one. */
__u32 only_netns;
/* Set by the reader: UDP, too. */
int reads_udp;
/* Reported to the reader: packets for which the ring had no room. */
__u64 n_lost;

/* The reader was woken, and has not read all since, which it says by setting this to 0. */
__u32 is_woken;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, ATTEMPTS_RING_SIZE);
} ring SEC(".maps");

/* The start of an IPv4 and of an IPv6 header, and of what follows. */
struct ipv4 {
	__u8 version_ihl;
	__u8 tos;
	__u16 total_len;
	__u16 id;
	__u16 frag_off;
	__u8 ttl;
	__u8 protocol;
	__u16 check;
	__u8 from[4];
	__u8 to[4];
};

struct ipv6 {
	__u32 version;
	__u16 payload_len;
	__u8 next;
	__u8 hop_limit;
	__u8 from[16];
	__u8 to[16];
};

struct transport {
	__u16 from_port;
	__u16 port;
	__u8 seq[8];
	__u8 data_offset;
	__u8 flags;
};

/* IPv6 extension headers: hop-by-hop options, routing and destination options. */
static int is_extension(__u8 next)
{
	return next == 0 || next == 43 || next == 60;
}

#define EXTENSIONS_MAX 4

/* The transport header; NULL if it is not TCP or UDP. */
static const char *read_ipv4(const char *at, struct attempt *to)
{
	struct ipv4 ip = {};

	bpf_probe_read_kernel(&ip, sizeof(ip), at);
	to->family = FAMILY_INET;
	to->protocol = ip.protocol;
	__builtin_memcpy(to->from, ip.from, sizeof(ip.from));
	__builtin_memcpy(to->to, ip.to, sizeof(ip.to));
	return at + (ip.version_ihl & 15) * 4;
}

static const char *read_ipv6(const char *at, struct attempt *to)
{
	struct ipv6 ip = {};
	__u8 extension[2] = {}; /* next header, length in 8 bytes without the first 8 */

	bpf_probe_read_kernel(&ip, sizeof(ip), at);
	to->family = FAMILY_INET6;
	to->protocol = ip.next;
	__builtin_memcpy(to->from, ip.from, sizeof(ip.from));
	__builtin_memcpy(to->to, ip.to, sizeof(ip.to));
	at += sizeof(ip);
	for (int i = 0; i < EXTENSIONS_MAX && is_extension(to->protocol); i++) {
		bpf_probe_read_kernel(extension, sizeof(extension), at);
		to->protocol = extension[0];
		at += (extension[1] + 1) * 8;
	}
	return at;
}

/*
 * Every segment of a connection has ACK or RST, only its first one does not.  Neither do those that
 * some scanners send in its place (FIN alone, or FIN, PSH and URG, or none).
 */
static int is_attempt(const struct transport *header, __u8 protocol)
{
	if (protocol == IPPROTO_UDP)
		return reads_udp;
	return protocol == IPPROTO_TCP && !(header->flags & (TCP_ACK | TCP_RST));
}

static int report(const struct sk_buff *skb, __u8 fate)
{
	const char *at =
		(const char *)BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, network_header);
	struct attempt attempt = { .fate = fate, .time_ns = bpf_ktime_get_ns() };
	__u16 protocol = BPF_CORE_READ(skb, protocol);
	struct transport header = {};
	__u64 flags = BPF_RB_NO_WAKEUP;

	attempt.netns = BPF_CORE_READ(skb, dev, nd_net.net, ns.inum);
	if (only_netns && attempt.netns != only_netns)
		return 0;
	if (protocol == bpf_htons(ETH_P_IP))
		at = read_ipv4(at, &attempt);
	else if (protocol == bpf_htons(ETH_P_IPV6))
		at = read_ipv6(at, &attempt);
	else
		return 0;
	bpf_probe_read_kernel(&header, sizeof(header), at);
	if (!is_attempt(&header, attempt.protocol))
		return 0;
	attempt.port = bpf_ntohs(header.port);
	/* The reader looks often enough, and is woken once where it does not. */
	if (!is_woken && bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) >= ATTEMPTS_RING_SIZE / 4) {
		is_woken = 1;
		flags = BPF_RB_FORCE_WAKEUP;
	}
	if (bpf_ringbuf_output(&ring, &attempt, sizeof(attempt), flags))
		__sync_fetch_and_add(&n_lost, 1);
	return 0;
}

/*
 * kfree_skb(skb, location, reason).  A packet that a rule drops on its way out belongs to a socket;
 * one that is dropped on its way through, or was sent to all, is not for this host.
 */
SEC("raw_tp/kfree_skb")
int packet_dropped(struct bpf_raw_tracepoint_args *ctx)
{
	const struct sk_buff *skb = (const struct sk_buff *)ctx->args[0];
	__u32 reason = (__u32)ctx->args[2];

	if (reason == bpf_core_enum_value(enum skb_drop_reason, SKB_DROP_REASON_NO_SOCKET))
		return report(skb, ATTEMPT_REFUSED);
	if (reason != bpf_core_enum_value(enum skb_drop_reason, SKB_DROP_REASON_NETFILTER_DROP) ||
	    BPF_CORE_READ(skb, sk) || BPF_CORE_READ_BITFIELD_PROBED(skb, pkt_type) != PACKET_HOST)
		return 0;
	return report(skb, ATTEMPT_DROPPED);
}

char _license[] SEC("license") = "GPL";
