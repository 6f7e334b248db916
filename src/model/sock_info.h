/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's measurements of a socket, laid out as it sends them: struct tcp_info of
 * <linux/tcp.h>, struct mptcp_info of <linux/mptcp.h> and the SK_MEMINFO_ values of
 * <linux/sock_diag.h>, all of Linux 6.18.  The structs are our own because installed headers are
 * often older than the running kernel.  Fields are only ever added at the end, and an older kernel
 * sends fewer bytes: before you read a field, compare its offset and size with the length that was
 * received.
 */
#ifndef PORTSTAT_MODEL_SOCK_INFO_H
#define PORTSTAT_MODEL_SOCK_INFO_H

#include <stdint.h>

struct sock_tcp_info {
	uint8_t tcpi_state;
	uint8_t tcpi_ca_state;
	uint8_t tcpi_retransmits;
	uint8_t tcpi_probes;
	uint8_t tcpi_backoff;
	uint8_t tcpi_options;
	uint8_t tcpi_wscales; /* tcpi_snd_wscale, tcpi_rcv_wscale: 4 bits each */
	/* tcpi_delivery_rate_app_limited: 1 bit, tcpi_fastopen_client_fail: 2 bits */
	uint8_t tcpi_flags;
	uint32_t tcpi_rto;
	uint32_t tcpi_ato;
	uint32_t tcpi_snd_mss;
	uint32_t tcpi_rcv_mss;
	uint32_t tcpi_unacked;
	uint32_t tcpi_sacked;
	uint32_t tcpi_lost;
	uint32_t tcpi_retrans;
	uint32_t tcpi_fackets;
	uint32_t tcpi_last_data_sent;
	uint32_t tcpi_last_ack_sent;
	uint32_t tcpi_last_data_recv;
	uint32_t tcpi_last_ack_recv;
	uint32_t tcpi_pmtu;
	uint32_t tcpi_rcv_ssthresh;
	uint32_t tcpi_rtt;
	uint32_t tcpi_rttvar;
	uint32_t tcpi_snd_ssthresh;
	uint32_t tcpi_snd_cwnd;
	uint32_t tcpi_advmss;
	uint32_t tcpi_reordering;
	uint32_t tcpi_rcv_rtt;
	uint32_t tcpi_rcv_space;
	uint32_t tcpi_total_retrans;
	uint64_t tcpi_pacing_rate;
	uint64_t tcpi_max_pacing_rate;
	uint64_t tcpi_bytes_acked;
	uint64_t tcpi_bytes_received;
	uint32_t tcpi_segs_out;
	uint32_t tcpi_segs_in;
	uint32_t tcpi_notsent_bytes;
	uint32_t tcpi_min_rtt;
	uint32_t tcpi_data_segs_in;
	uint32_t tcpi_data_segs_out;
	uint64_t tcpi_delivery_rate;
	uint64_t tcpi_busy_time;
	uint64_t tcpi_rwnd_limited;
	uint64_t tcpi_sndbuf_limited;
	uint32_t tcpi_delivered;
	uint32_t tcpi_delivered_ce;
	uint64_t tcpi_bytes_sent;
	uint64_t tcpi_bytes_retrans;
	uint32_t tcpi_dsack_dups;
	uint32_t tcpi_reord_seen;
	uint32_t tcpi_rcv_ooopack;
	uint32_t tcpi_snd_wnd;
	uint32_t tcpi_rcv_wnd; /* Linux 6.2 */
	uint32_t tcpi_rehash;
	uint16_t tcpi_total_rto; /* Linux 6.7 */
	uint16_t tcpi_total_rto_recoveries;
	uint32_t tcpi_total_rto_time;
};

struct sock_mptcp_info {
	uint8_t mptcpi_subflows;
	uint8_t mptcpi_add_addr_signal;
	uint8_t mptcpi_add_addr_accepted;
	uint8_t mptcpi_subflows_max;
	uint8_t mptcpi_add_addr_signal_max;
	uint8_t mptcpi_add_addr_accepted_max;
	uint32_t mptcpi_flags;
	uint32_t mptcpi_token;
	uint64_t mptcpi_write_seq;
	uint64_t mptcpi_snd_una;
	uint64_t mptcpi_rcv_nxt;
	uint8_t mptcpi_local_addr_used;
	uint8_t mptcpi_local_addr_max;
	uint8_t mptcpi_csum_enabled;
	uint32_t mptcpi_retransmits; /* Linux 6.5 */
	uint64_t mptcpi_bytes_retrans;
	uint64_t mptcpi_bytes_sent;
	uint64_t mptcpi_bytes_received;
	uint64_t mptcpi_bytes_acked;
	uint8_t mptcpi_subflows_total; /* Linux 6.8 */
	uint8_t reserved[3];
	uint32_t mptcpi_last_data_sent; /* Linux 6.10 */
	uint32_t mptcpi_last_data_recv;
	uint32_t mptcpi_last_ack_recv;
};

/* One field for each SK_MEMINFO_ value, in that order; bytes, but for drops. */
struct sock_meminfo {
	uint32_t rmem_alloc;
	uint32_t rcvbuf;
	uint32_t wmem_alloc;
	uint32_t sndbuf;
	uint32_t fwd_alloc;
	uint32_t wmem_queued;
	uint32_t optmem;
	uint32_t backlog;
	uint32_t drops;
};

#endif
