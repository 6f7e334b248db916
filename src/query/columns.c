/* SPDX-License-Identifier: GPL-2.0-or-later */
/* THE table of columns. */
#include <config.h>

#include "query/columns.h"

#include "base/i18n.h"
#include "model/sock_table.h"
#include "query/column_values.h"

/* clang-format off */
/* Layout: struct tcp_info of <linux/tcp.h>, which only grows at its end (Linux 6.18 has 248 bytes). */
#define TCP(name, heading, what, at, bytes, ...)                                                   \
	{                                                                                          \
		.key = "tcp." name, .title = heading, .help = what, .kind = VALUE_NUMBER,          \
		.is_right = true, .needs = NEED_TCP_INFO, .get = get_field,                        \
		.field = { .offset = at, .size = bytes, .extra = SOCK_EXTRA_TCP_INFO },            \
		__VA_ARGS__                                                                        \
	}
#define BITS_PER_SECOND(unset_rate) .field.scale = 8, .field.unset = unset_rate
/* TCP_INFINITE_SSTHRESH (include/net/tcp.h). */
#define NO_SSTHRESH 0x7fffffff

/* Layout: the SK_MEMINFO_ numbers of <linux/sock_diag.h>. */
#define MEMORY(name, heading, what, number)                                                        \
	{                                                                                          \
		.key = "memory." name, .title = heading, .help = what, .kind = VALUE_NUMBER,       \
		.unit = UNIT_BYTES, .is_right = true, .needs = NEED_MEMORY, .get = get_field,      \
		.field = { .offset = 4 * (number), .size = 4, .extra = SOCK_EXTRA_MEMORY }         \
	}

/* Layout: struct mptcp_info of <linux/mptcp.h>. */
#define MPTCP(name, heading, what, at, bytes, ...)                                                 \
	{                                                                                          \
		.key = "mptcp." name, .title = heading, .help = what, .kind = VALUE_NUMBER,        \
		.is_right = true, .needs = NEED_MPTCP, .get = get_field,                           \
		.field = { .offset = at, .size = bytes, .extra = SOCK_EXTRA_MPTCP }, __VA_ARGS__   \
	}

#define OWNER(name, heading, what, type, getter, more, ...)                                             \
	{                                                                                          \
		.key = "owners." name, .title = heading, .help = what, .kind = type,               \
		.shape = COLUMN_LIST, .needs = NEED_OWNERS | (more), .get = getter, __VA_ARGS__    \
	}

static const char *const local_parts[] = { "local_addr", "local_port", "iface", NULL };
static const char *const peer_parts[] = { "peer_addr", "peer_port", NULL };
static const char *const process_parts[] = { "owners", "owner_note", NULL };

static const char *const class_words[] = { "well-known", "registered", "dynamic", NULL };
static const char *const reach_words[] = { "all", "host", "net", NULL };
static const char *const via_words[] = { "fd", "thread", "io_uring", "listener", NULL };
static const char *const note_words[] = { "time-wait", "not-accepted", "hidden", "unheld", "gone", NULL };
static const char *const timer_words[] = { "on", "keepalive", "timewait", "persist", NULL };

#define TEXT .kind = VALUE_TEXT
#define NUMBER .kind = VALUE_NUMBER, .is_right = true
#define BYTES NUMBER, .unit = UNIT_BYTES

const struct column columns[] = {
	{ .key = "host", .title = N_("HOST"), TEXT, .get = get_host,
	  .help = N_("name of the host that the socket is on") },
	{ .key = "proto", .title = N_("PROTO"), .help = N_("protocol"), TEXT, .get = get_proto,
	  .compare = compare_proto },
	{ .key = "family", .title = N_("FAMILY"), .help = N_("address family: inet or inet6"), TEXT,
	  .get = get_family },
	{ .key = "dual_stack", .fact = SOCK_HAS_V6ONLY, .title = N_("DUAL"), .kind = VALUE_BOOL, .get = get_dual_stack,
	  .help = N_("does the IPv6 wildcard serve IPv4 too?") },
	{ .key = "state", .title = N_("STATE"), .help = N_("state of the socket"), TEXT,
	  .get = get_state, .text = text_state },
	{ .key = "local_addr", .title = N_("LADDR"), .help = N_("local address"),
	  .kind = VALUE_ADDR, .get = get_local_addr },
	{ .key = "local_port", .title = N_("LPORT"), .help = N_("local port"), NUMBER,
	  .get = get_local_port },
	{ .key = "peer_addr", .title = N_("RADDR"), .help = N_("the peer's address"),
	  .kind = VALUE_ADDR, .get = get_peer_addr },
	{ .key = "peer_port", .title = N_("RPORT"), .help = N_("the peer's port"), NUMBER,
	  .get = get_peer_port },
	{ .key = "ip_protocol", .title = N_("IPPROTO"), NUMBER, .get = get_ip_protocol,
	  .help = N_("raw sockets: the IP protocol that they receive") },
	{ .key = "iface", .is_name = true, .fact = SOCK_HAS_IFACE, .title = N_("IFACE"), TEXT, .needs = NEED_IFACES, .get = get_iface,
	  .help = N_("the device it is bound to, or the scope of a link-local address") },
	{ .key = "service", .is_text_plain = true, .title = N_("SERVICE"), TEXT, .needs = NEED_SERVICES,
	  .get = get_service, .text = text_service,
	  .compare = compare_service,
	  .help = N_("name of the service at the serving end; of a raw socket, its IP protocol") },
	{ .key = "port_class", .words = class_words, .title = N_("CLASS"), TEXT, .get = get_port_class,
	  .help = N_("class of the local port: well-known, registered or dynamic") },
	{ .key = "reach", .fact = SOCK_HAS_IFACE, .words = reach_words, .title = N_("REACH"), TEXT, .needs = NEED_IFACES, .get = get_reach,
	  .help = N_("who can reach a serving socket: all, host or net") },
	{ .key = "recv_q", .title = N_("RECV-Q"), BYTES, .get = get_recv_q,
	  .help = N_("bytes to be read; for a listener, connections to be accepted") },
	{ .key = "send_q", .title = N_("SEND-Q"), BYTES, .get = get_send_q,
	  .help = N_("bytes not acknowledged; for a listener, the most that may wait") },
	{ .key = "uid", .title = N_("UID"), .help = N_("uid of who made the socket"), NUMBER,
	  .get = get_uid },
	{ .key = "user", .is_name = true, .title = N_("USER"), TEXT, .needs = NEED_USERS, .get = get_user,
	  .text = text_user, .help = N_("who made the socket") },
	{ .key = "inode", .title = N_("INODE"), .help = N_("inode of the socket"), NUMBER,
	  .get = get_inode },
	{ .key = "mark", .fact = SOCK_HAS_MARK, .title = N_("MARK"), NUMBER, .get = get_mark,
	  .help = N_("firewall mark (shown with CAP_NET_ADMIN)") },
	{ .key = "netns", .title = N_("NETNS"), NUMBER, .get = get_netns,
	  .help = N_("inode of the network namespace") },
	{ .key = "cookie", .fact = SOCK_HAS_COOKIE, .title = N_("COOKIE"), TEXT, .get = get_cookie,
	  .help = N_("the kernel's identity of the socket, hexadecimal") },
	{ .key = "cgroup", .title = N_("CGROUP"), TEXT, .needs = NEED_CGROUPS, .get = get_cgroup,
	  .help = N_("control group (version 2) in which the socket was made") },
	{ .key = "unit", .is_name = true, .title = N_("UNIT"), TEXT,
	  .needs = NEED_CGROUPS | NEED_OWNERS | NEED_UNITS, .get = get_unit,
	  .help = N_("systemd unit of the owner, else of the control group") },
	{ .key = "container", .is_name = true, .title = N_("CONTAINER"), TEXT,
	  .needs = NEED_CGROUPS | NEED_OWNERS | NEED_UNITS,
	  .get = get_container, .help = N_("container of the control group") },
	{ .key = "owners", .title = N_("OWNERS"), .shape = COLUMN_GROUP, .text = text_owners,
	  .compare = compare_process, .needs = NEED_OWNERS | NEED_CMDLINES | NEED_USERS,
	  .help = N_("every process that holds the socket") },
	OWNER("pid", N_("PID"), N_("pids of the owners"), VALUE_NUMBER, get_owner_pid, 0, .is_right = true),
	OWNER("name", N_("NAME"), N_("names of the owners"), VALUE_TEXT, get_owner_name, 0,
	      .is_name = true),
	OWNER("fd", N_("FD"), N_("the owners' lowest file descriptors of it"), VALUE_NUMBER,
	      get_owner_fd, 0, .is_right = true),
	OWNER("uid", N_("PUID"), N_("uids of the owners"), VALUE_NUMBER, get_owner_uid, 0,
	      .is_right = true),
	OWNER("user", N_("PUSER"), N_("users of the owners"), VALUE_TEXT, get_owner_user,
	      NEED_USERS, .is_name = true),
	OWNER("cmdline", N_("COMMAND"), N_("command lines of the owners"), VALUE_LIST,
	      get_owner_cmdline, NEED_CMDLINES),
	OWNER("via", N_("VIA"), N_("how they hold it: fd, thread, io_uring or listener"), VALUE_TEXT,
	      get_owner_via, 0, .words = via_words),
	{ .key = "owner_note", .words = note_words, .title = N_("NOTE"), TEXT, .needs = NEED_OWNERS, .get = get_owner_note,
	  .help = N_("why there is no owner, or whose the owners are") },
	{ .key = "timer", .title = N_("TIMER"), .shape = COLUMN_GROUP, .text = text_timer,
	  .help = N_("the running timer: kind, time left, retransmissions") },
	{ .key = "timer.kind", .words = timer_words, .title = N_("TIMER"), TEXT, .get = get_timer_kind,
	  .help = N_("kind of the timer: on, keepalive, timewait, persist") },
	{ .key = "timer.expires_ms", .title = N_("EXPIRES"), NUMBER, .unit = UNIT_MS,
	  .get = get_timer_expires, .help = N_("time until the timer expires, in ms") },
	{ .key = "timer.retransmits", .title = N_("RETRIES"), NUMBER, .get = get_timer_retransmits,
	  .help = N_("retransmissions or probes by this timer") },
	{ .key = "tcp", .title = N_("TCP"), .shape = COLUMN_GROUP, .needs = NEED_TCP_INFO,
	  .text = text_group_tcp, .help = N_("TCP internals") },
	TCP("rtt_us", N_("RTT"), N_("smoothed round trip time, in us"), 68, 4, .unit = UNIT_US),
	TCP("rttvar_us", N_("RTTVAR"), N_("variation of the round trip time, in us"), 72, 4,
	    .unit = UNIT_US),
	TCP("min_rtt_us", N_("MINRTT"), N_("least round trip time of late, in us"), 148, 4,
	    .unit = UNIT_US, .field.unset = UINT32_MAX),
	TCP("rto_us", N_("RTO"), N_("retransmission timeout, in us"), 8, 4, .unit = UNIT_US),
	TCP("cwnd", N_("CWND"), N_("congestion window, in segments"), 80, 4),
	TCP("ssthresh", N_("SSTHRESH"), N_("slow start threshold, in segments"), 76, 4,
	    .field.unset = NO_SSTHRESH),
	TCP("mss", N_("MSS"), N_("maximum segment size for sending"), 16, 4, .unit = UNIT_BYTES),
	TCP("rcv_mss", N_("RCVMSS"), N_("segment size of what is received"), 20, 4,
	    .unit = UNIT_BYTES),
	TCP("advmss", N_("ADVMSS"), N_("maximum segment size told to the peer"), 84, 4,
	    .unit = UNIT_BYTES),
	TCP("pmtu", N_("PMTU"), N_("path MTU"), 60, 4, .unit = UNIT_BYTES),
	TCP("unacked", N_("UNACKED"), N_("segments not acknowledged"), 24, 4),
	TCP("lost", N_("LOST"), N_("segments taken for lost"), 32, 4),
	TCP("retrans", N_("REXMIT"), N_("retransmitted segments not acknowledged"), 36, 4),
	TCP("retrans_total", N_("RETRANS"), N_("segments retransmitted in all"), 100, 4),
	TCP("backoff", N_("BACKOFF"), N_("how often the timeout was doubled"), 4, 1),
	TCP("probes", N_("PROBES"), N_("window or keepalive probes without an answer"), 3, 1),
	TCP("bytes_sent", N_("SENT"), N_("bytes sent, retransmissions included"), 200, 8,
	    .unit = UNIT_BYTES, .is_total = true),
	TCP("bytes_acked", N_("ACKED"), N_("bytes that the peer has acknowledged"), 120, 8,
	    .unit = UNIT_BYTES, .is_total = true),
	TCP("bytes_received", N_("RECEIVED"), N_("bytes received"), 128, 8,
	    .unit = UNIT_BYTES, .is_total = true),
	TCP("bytes_retrans", N_("RETRANSB"), N_("bytes retransmitted"), 208, 8,
	    .unit = UNIT_BYTES, .is_total = true),
	TCP("notsent", N_("NOTSENT"), N_("bytes not yet sent"), 144, 4, .unit = UNIT_BYTES),
	TCP("segs_out", N_("SEGSOUT"), N_("segments sent"), 136, 4),
	TCP("segs_in", N_("SEGSIN"), N_("segments received"), 140, 4),
	TCP("delivered", N_("DELIVERED"), N_("segments delivered"), 192, 4),
	TCP("reordering", N_("REORDER"), N_("reordering of segments that is allowed for"), 88, 4),
	TCP("delivery_rate_bps", N_("RATE"), N_("delivery rate, in bit/s"), 160, 8,
	    BITS_PER_SECOND(0)),
	TCP("pacing_rate_bps", N_("PACING"), N_("pacing rate, in bit/s"), 104, 8,
	    BITS_PER_SECOND(UINT64_MAX)),
	TCP("rcv_rtt_us", N_("RCVRTT"), N_("round trip time as the receiver sees it, in us"), 92, 4,
	    .unit = UNIT_US),
	TCP("rcv_space", N_("RCVSPACE"), N_("room for receiving"), 96, 4, .unit = UNIT_BYTES),
	TCP("snd_wnd", N_("SNDWND"), N_("the peer's window"), 228, 4, .unit = UNIT_BYTES),
	TCP("rcv_wnd", N_("RCVWND"), N_("own window"), 232, 4, .unit = UNIT_BYTES),
	TCP("last_sent_ms", N_("LASTSND"), N_("time since data was sent, in ms"), 44, 4,
	    .unit = UNIT_MS),
	TCP("last_received_ms", N_("LASTRCV"), N_("time since data was received, in ms"), 52, 4,
	    .unit = UNIT_MS),
	TCP("busy_us", N_("BUSY"), N_("time with data to send, in us"), 168, 8, .unit = UNIT_US),
	TCP("rwnd_limited_us", N_("RWNDLIM"), N_("time limited by the peer's window, in us"), 176,
	    8, .unit = UNIT_US),
	TCP("sndbuf_limited_us", N_("SNDBLIM"), N_("time limited by the send buffer, in us"), 184,
	    8, .unit = UNIT_US),
	{ .key = "tcp.congestion", .title = N_("CONGESTION"), TEXT, .needs = NEED_TCP_INFO,
	  .get = get_congestion, .help = N_("congestion control") },
	{ .key = "mptcp", .title = N_("MPTCP"), .shape = COLUMN_GROUP, .needs = NEED_MPTCP,
	  .text = text_group_mptcp, .help = N_("MPTCP internals") },
	MPTCP("token", N_("TOKEN"), N_("token of the MPTCP connection"), 12, 4),
	MPTCP("subflows", N_("SUBFLOWS"), N_("subflows, the first not counted"), 0, 1),
	MPTCP("subflows_max", N_("MAXFLOWS"), N_("the most subflows allowed"), 3, 1),
	MPTCP("subflows_total", N_("ALLFLOWS"), N_("subflows, all"), 80, 1),
	MPTCP("bytes_sent", N_("SENT"), N_("bytes sent over all subflows"), 56, 8,
	      .unit = UNIT_BYTES, .is_total = true),
	MPTCP("bytes_received", N_("RECEIVED"), N_("bytes received over all subflows"), 64, 8,
	      .unit = UNIT_BYTES, .is_total = true),
	MPTCP("bytes_acked", N_("ACKED"), N_("bytes acknowledged over all subflows"), 72, 8,
	      .unit = UNIT_BYTES, .is_total = true),
	{ .key = "memory", .title = N_("MEMORY"), .shape = COLUMN_GROUP, .needs = NEED_MEMORY,
	  .text = text_group_memory, .help = N_("memory of the socket") },
	MEMORY("rmem_alloc", N_("RMEM"), N_("memory of received data"), 0),
	MEMORY("rcvbuf", N_("RCVBUF"), N_("the most memory for received data"), 1),
	MEMORY("wmem_alloc", N_("WMEM"), N_("memory of data handed to the network layer"), 2),
	MEMORY("sndbuf", N_("SNDBUF"), N_("the most memory for data to send"), 3),
	MEMORY("fwd_alloc", N_("FWD"), N_("memory set aside"), 4),
	MEMORY("wmem_queued", N_("WQUEUED"), N_("memory of data to send"), 5),
	MEMORY("optmem", N_("OPTMEM"), N_("memory of socket options"), 6),
	MEMORY("backlog", N_("BACKLOG"), N_("memory of packets not yet processed"), 7),
	{ .key = "memory.drops", .title = N_("DROPS"), NUMBER, .needs = NEED_MEMORY,
	  .get = get_field, .field = { .offset = 32, .size = 4, .extra = SOCK_EXTRA_MEMORY },
	  .help = N_("packets dropped") },
	{ .key = "local_host", .title = N_("LHOST"), TEXT, .needs = NEED_HOSTS,
	  .get = get_local_host, .text = text_local_host,
	  .help = N_("host name of the local address; ? if it was not resolved in time") },
	{ .key = "peer_host", .title = N_("RHOST"), TEXT, .needs = NEED_HOSTS, .get = get_peer_host,
	  .text = text_peer_host,
	  .help = N_("host name of the peer's address; ? if it was not resolved in time") },
	{ .key = "local", .title = N_("LOCAL"), .shape = COLUMN_COMPOSITE, .needs = NEED_IFACES,
	  .keeps_port = true,
	  .text = text_local, .exact = exact_local, .compare = compare_local, .parts = local_parts,
	  .help = N_("local address and port") },
	{ .key = "peer", .title = N_("PEER"), .shape = COLUMN_COMPOSITE, .needs = NEED_IFACES,
	  .keeps_port = true,
	  .text = text_peer, .exact = exact_peer, .compare = compare_peer, .parts = peer_parts,
	  .help = N_("the peer's address and port") },
	{ .key = "process", .title = N_("PROCESS"), .shape = COLUMN_COMPOSITE, .needs = NEED_OWNERS,
	  .text = text_process, .compare = compare_process, .parts = process_parts,
	  .help = N_("the first owner and how many more, or why there is none") },
};
/* clang-format on */

const size_t columns_n = sizeof(columns) / sizeof(*columns);
