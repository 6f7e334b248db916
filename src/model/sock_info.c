/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Checks at compile time the structs of sock_info.h: against the installed headers, as far as these
 * have the fields, and against the offsets of Linux 6.18.  Contains no code.
 */
#include <config.h>

#include "model/sock_info.h"

#include <linux/mptcp.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>
#include <linux/version.h>
#include <stddef.h>

#define IS_AT(type, field, at) \
	_Static_assert(offsetof(struct type, field) == (at), #field " is elsewhere")
#define SAME(ours, theirs, field)                                                                \
	_Static_assert(offsetof(struct ours, field) == offsetof(struct theirs, field),           \
		       #field " is elsewhere");                                                  \
	_Static_assert(sizeof(((struct ours *)0)->field) == sizeof(((struct theirs *)0)->field), \
		       #field " has another size")

#define TCP(field) SAME(sock_tcp_info, tcp_info, field)
#define MPTCP(field) SAME(sock_mptcp_info, mptcp_info, field)
#define MEMORY(field, number) IS_AT(sock_meminfo, field, sizeof(uint32_t) * (number))

TCP(tcpi_state);
TCP(tcpi_ca_state);
TCP(tcpi_retransmits);
TCP(tcpi_probes);
TCP(tcpi_backoff);
TCP(tcpi_options);
TCP(tcpi_rto);
TCP(tcpi_ato);
TCP(tcpi_snd_mss);
TCP(tcpi_rcv_mss);
TCP(tcpi_unacked);
TCP(tcpi_sacked);
TCP(tcpi_lost);
TCP(tcpi_retrans);
TCP(tcpi_fackets);
TCP(tcpi_last_data_sent);
TCP(tcpi_last_ack_sent);
TCP(tcpi_last_data_recv);
TCP(tcpi_last_ack_recv);
TCP(tcpi_pmtu);
TCP(tcpi_rcv_ssthresh);
TCP(tcpi_rtt);
TCP(tcpi_rttvar);
TCP(tcpi_snd_ssthresh);
TCP(tcpi_snd_cwnd);
TCP(tcpi_advmss);
TCP(tcpi_reordering);
TCP(tcpi_rcv_rtt);
TCP(tcpi_rcv_space);
TCP(tcpi_total_retrans);
TCP(tcpi_pacing_rate);
TCP(tcpi_max_pacing_rate);
TCP(tcpi_bytes_acked);
TCP(tcpi_bytes_received);
TCP(tcpi_segs_out);
TCP(tcpi_segs_in);
TCP(tcpi_notsent_bytes);
TCP(tcpi_min_rtt);
TCP(tcpi_data_segs_in);
TCP(tcpi_data_segs_out);
TCP(tcpi_delivery_rate);
TCP(tcpi_busy_time);
TCP(tcpi_rwnd_limited);
TCP(tcpi_sndbuf_limited);
TCP(tcpi_delivered);
TCP(tcpi_delivered_ce);
TCP(tcpi_bytes_sent);
TCP(tcpi_bytes_retrans);
TCP(tcpi_dsack_dups);
TCP(tcpi_reord_seen);
TCP(tcpi_rcv_ooopack);
TCP(tcpi_snd_wnd);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
TCP(tcpi_rcv_wnd);
TCP(tcpi_rehash);
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
TCP(tcpi_total_rto);
TCP(tcpi_total_rto_recoveries);
TCP(tcpi_total_rto_time);
#endif
IS_AT(sock_tcp_info, tcpi_rcv_wnd, 232);
IS_AT(sock_tcp_info, tcpi_rehash, 236);
IS_AT(sock_tcp_info, tcpi_total_rto, 240);
IS_AT(sock_tcp_info, tcpi_total_rto_recoveries, 242);
IS_AT(sock_tcp_info, tcpi_total_rto_time, 244);
_Static_assert(sizeof(struct sock_tcp_info) == 248, "tcp_info of Linux 6.18 has 248 bytes");

MPTCP(mptcpi_subflows);
MPTCP(mptcpi_add_addr_signal);
MPTCP(mptcpi_add_addr_accepted);
MPTCP(mptcpi_subflows_max);
MPTCP(mptcpi_add_addr_signal_max);
MPTCP(mptcpi_add_addr_accepted_max);
MPTCP(mptcpi_flags);
MPTCP(mptcpi_token);
MPTCP(mptcpi_write_seq);
MPTCP(mptcpi_snd_una);
MPTCP(mptcpi_rcv_nxt);
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 8, 0)
MPTCP(mptcpi_local_addr_used);
MPTCP(mptcpi_local_addr_max);
MPTCP(mptcpi_csum_enabled);
MPTCP(mptcpi_retransmits);
MPTCP(mptcpi_bytes_retrans);
MPTCP(mptcpi_bytes_sent);
MPTCP(mptcpi_bytes_received);
MPTCP(mptcpi_bytes_acked);
MPTCP(mptcpi_subflows_total);
#endif
IS_AT(sock_mptcp_info, mptcpi_retransmits, 44);
IS_AT(sock_mptcp_info, mptcpi_bytes_retrans, 48);
IS_AT(sock_mptcp_info, mptcpi_bytes_sent, 56);
IS_AT(sock_mptcp_info, mptcpi_bytes_received, 64);
IS_AT(sock_mptcp_info, mptcpi_bytes_acked, 72);
IS_AT(sock_mptcp_info, mptcpi_subflows_total, 80);
IS_AT(sock_mptcp_info, mptcpi_last_data_sent, 84);
_Static_assert(sizeof(struct sock_mptcp_info) == 96, "mptcp_info of Linux 6.18 has 96 bytes");

MEMORY(rmem_alloc, SK_MEMINFO_RMEM_ALLOC);
MEMORY(rcvbuf, SK_MEMINFO_RCVBUF);
MEMORY(wmem_alloc, SK_MEMINFO_WMEM_ALLOC);
MEMORY(sndbuf, SK_MEMINFO_SNDBUF);
MEMORY(fwd_alloc, SK_MEMINFO_FWD_ALLOC);
MEMORY(wmem_queued, SK_MEMINFO_WMEM_QUEUED);
MEMORY(optmem, SK_MEMINFO_OPTMEM);
MEMORY(backlog, SK_MEMINFO_BACKLOG);
MEMORY(drops, SK_MEMINFO_DROPS);
