/* SPDX-License-Identifier: GPL-2.0-or-later */
/* THE table of columns. */
#include <config.h>

#include "query/columns.h"

#include <stddef.h>

#include "base/i18n.h"
#include "model/cond.h"
#include "model/port_set.h"
#include "model/sock_info.h"
#include "model/sock_table.h"
#include "model/vocab.h"
#include "query/column_values.h"
#include "query/row_firewall.h"
#include "query/snapshot.h"
#include "query/telling.h"
#include "query/told.h"
#include "resolve/forward_by.h"
#include "resolve/owners.h"

/* clang-format off */
/* A field of a block that the kernel sends with a socket: see model/sock_info.h. */
#define FIELD(block, type, name)                                                                   \
	.get = get_field, .set = set_field, .lack = lack_block, .field.extra = (block),            \
	.field.offset = offsetof(struct type, name),                                               \
	.field.size = sizeof(((struct type *)0)->name)
#define TCP(name, from, heading, what, ...)                                                        \
	{                                                                                          \
		.key = "tcp." name, .title = heading, .help = what, NUMBER,                        \
		.needs = NEED_TCP_INFO, FIELD(SOCK_EXTRA_TCP_INFO, sock_tcp_info, from),           \
		__VA_ARGS__                                                                        \
	}
#define MPTCP(name, from, heading, what, ...)                                                      \
	{                                                                                          \
		.key = "mptcp." name, .title = heading, .help = what, NUMBER,                      \
		.needs = NEED_MPTCP, FIELD(SOCK_EXTRA_MPTCP, sock_mptcp_info, from),               \
		__VA_ARGS__                                                                        \
	}
#define MEMORY(name, from, heading, what, ...)                                                     \
	{                                                                                          \
		.key = "memory." name, .title = heading, .help = what, NUMBER,                     \
		.needs = NEED_MEMORY, FIELD(SOCK_EXTRA_MEMORY, sock_meminfo, from),                \
		__VA_ARGS__                                                                        \
	}
#define BLOCK(block) .is_there = has_block, .lack = lack_block, .field.extra = (block)
#define BITS_PER_SECOND(unset_rate) .field.scale = 8, .field.unset = (unset_rate)
/* TCP_INFINITE_SSTHRESH (include/net/tcp.h). */
#define NO_SSTHRESH 0x7fffffff

#define OWNER(name, heading, what, type, part, more, ...)                                          \
	{                                                                                          \
		.key = "owners." name, .title = heading, .help = what, .kind = type,               \
		.shape = COLUMN_LIST, .needs = NEED_OWNERS | (more),                               \
		.get = get_##part, .set = set_##part,                                              \
		.lack = lack_owners, __VA_ARGS__                                                   \
	}

#define TOLD(key) .set = set_cell, .told = (key)
#define CANDIDATE(name, told_as, heading, what, type, getter, ...)                                 \
	{                                                                                          \
		.key = "candidates." name, .title = heading, .help = what, .kind = type,           \
		.shape = COLUMN_LIST, .count = count_candidates, .get = getter, TOLD(told_as),     \
		.lack = lack_candidates, .needs = NEED_CANDIDATES __VA_ARGS__                      \
	}
#define LEAD(name, told_as, heading, what, type, getter, ...)                                      \
	{                                                                                          \
		.key = "leads_to." name, .title = heading, .help = what, .kind = type,             \
		.shape = COLUMN_LIST, .count = count_leads, .get = getter,                         \
		TOLD(told_as), .lack = lack_leads,                                                 \
		.needs = NEED_FORWARDS __VA_ARGS__                                                 \
	}
#define PUBLISHED(name, told_as, heading, what, type, getter, ...)                                 \
	{                                                                                          \
		.key = "published." name, .title = heading, .help = what, .kind = type,            \
		.shape = COLUMN_LIST, .count = count_published, .get = getter, TOLD(told_as),      \
		.lack = lack_published, .needs = NEED_FORWARDS, __VA_ARGS__                        \
	}
#define PEER_OWNER(name, told_as, heading, what, type, getter, ...)                                \
	{                                                                                          \
		.key = "peer_owners." name, .title = heading, .help = what, .kind = type,          \
		.shape = COLUMN_LIST, .count = count_peer_owners, .get = getter, TOLD(told_as),    \
		.lack = lack_peer_owners, .needs = NEED_PEERS | NEED_OWNERS, __VA_ARGS__           \
	}

static const char *const local_parts[] = { "local_addr", "local_port", "iface", NULL };
static const char *const peer_parts[] = { "peer_addr", "peer_port", NULL };
static const char *const process_parts[] = { "owners", "owner_note", NULL };

static const char *const reach_words[] = { "all", "host", "net", NULL };

#define TEXT .kind = VALUE_TEXT
#define NUMBER .kind = VALUE_NUMBER, .is_right = true
#define BYTES NUMBER, .unit = UNIT_BYTES

const struct column columns[] = {
	{ .key = "host", .title = N_("HOST"),
	  .help = N_("name of the host"), TEXT, .input = INPUT_HOST,
	  .get = get_host, .set = set_host },
	{ .key = "proto", .title = N_("PROTO"), .help = N_("protocol"), TEXT, .cond = COND_PROTO,
	  .get = get_proto, .set = set_proto, .compare = compare_proto },
	{ .key = "family", .title = N_("FAMILY"), .help = N_("address family: inet or inet6"),
	  TEXT, .cond = COND_FAMILY, .get = get_family, .set = set_family },
	{ .key = "dual_stack", .title = N_("DUAL"),
	  .help = N_("does the IPv6 wildcard address also accept IPv4?"), .kind = VALUE_BOOL,
	  .fact = SOCK_HAS_V6ONLY, .get = get_dual_stack, .set = set_dual_stack,
	  .lack = lack_dual_stack },
	{ .key = "state", .title = N_("STATE"), .help = N_("state of the socket"), TEXT,
	  .cond = COND_STATE, .get = get_state, .set = set_state, .text = text_state },
	{ .key = "local_addr", .names = { "laddr", "src" }, .canonical = "laddr", .title = N_("LADDR"),
	  .help = N_("local address"), .kind = VALUE_ADDR, .cond = COND_LOCAL_ADDR,
	  .get = get_local_addr, .set = set_local_addr },
	{ .key = "local_port", .names = { "lport", "sport" }, .canonical = "lport", .title = N_("LPORT"),
	  .help = N_("local port"), NUMBER, .cond = COND_LOCAL_PORT, .get = get_local_port,
	  .set = set_local_port },
	{ .key = "peer_addr", .names = { "raddr", "dst" }, .canonical = "raddr", .title = N_("RADDR"),
	  .help = N_("the peer's address"), .kind = VALUE_ADDR, .cond = COND_REMOTE_ADDR,
	  .get = get_peer_addr, .set = set_peer_addr },
	{ .key = "peer_port", .names = { "rport", "dport" }, .canonical = "rport", .title = N_("RPORT"),
	  .help = N_("the peer's port"), NUMBER, .cond = COND_REMOTE_PORT, .get = get_peer_port,
	  .set = set_peer_port },
	{ .key = "peer_scope", .names = { "scope" }, .title = N_("SCOPE"),
	  .help = N_("how far away the peer is: host, link, private or global"), TEXT,
	  .words = peer_scope_words, .needs = NEED_ADDRS, .get = get_peer_scope,
	  TOLD(TOLD_PEER_SCOPE),
	  .lack = lack_peer_scope },
	{ .key = "ip_protocol", .title = N_("IPPROTO"),
	  .help = N_("raw sockets: the IP protocol that they receive"), NUMBER,
	  .input = INPUT_IP_PROTOCOL,
	  .expected = N_("Expected an IP protocol: icmp, ospf, or a number."),
	  .get = get_ip_protocol, .set = set_ip_protocol },
	{ .key = "iface", .names = { "dev" }, .title = N_("IFACE"),
	  .help = N_("interface it is bound to, or the scope of a link-local address"), TEXT,
	  .is_name = true, .cond = COND_IFINDEX, .fact = SOCK_HAS_IFACE, .needs = NEED_IFACES,
	  .get = get_iface, TOLD(TOLD_IFACE), .lack = lack_fact },
	{ .key = "service", .title = N_("SERVICE"),
	  .help = N_("service name of the serving end; for raw sockets, the IP protocol"),
	  TEXT, .is_text_plain = true, .needs = NEED_SERVICES, .get = get_service,
	  TOLD(TOLD_SERVICE),
	  .text = text_service, .compare = compare_service },
	{ .key = "port_class", .title = N_("CLASS"),
	  .help = N_("class of the local port: well-known, registered or dynamic"), TEXT,
	  .words = port_class_words, .get = get_port_class },
	{ .key = "reach", .title = N_("REACH"),
	  .help = N_("who can reach a listening or bound socket: all, host or net"), TEXT,
	  .words = reach_words, .fact = SOCK_HAS_IFACE, .needs = NEED_IFACES, .get = get_reach,
	  TOLD(TOLD_REACH),
	  .lack = lack_wildcard_fact },
	{ .key = "firewall", .title = N_("FIREWALL"),
	  .help = N_("what this host's rules do with a new packet to a listener: accepted, dropped or depends"),
	  TEXT, .words = firewall_words, .needs = NEED_FIREWALL, .get = get_firewall,
	  .set = set_firewall,
	  .lack = lack_firewall },
	{ .key = "recv_q", .names = { "recvq" }, .title = N_("RECV-Q"),
	  .help = N_("bytes to read; for a listener, connections to accept"), BYTES,
	  .get = get_recv_q, .set = set_recv_q },
	{ .key = "send_q", .names = { "sendq" }, .title = N_("SEND-Q"),
	  .help = N_("bytes not acknowledged; for a listener, its backlog"), BYTES,
	  .get = get_send_q, .set = set_send_q, .lack = lack_send_q },
	{ .key = "uid", .title = N_("UID"), .help = N_("uid of the user who created the socket"), NUMBER,
	  .get = get_uid, .set = set_uid },
	{ .key = "user", .title = N_("USER"), .help = N_("user who created the socket"), TEXT,
	  .is_name = true, .input = INPUT_USER, .needs = NEED_USERS, .get = get_user,
	  TOLD(TOLD_USER), .lack = lack_user,
	  .text = text_user },
	{ .key = "inode", .names = { "ino" }, .title = N_("INODE"), .help = N_("inode of the socket"),
	  NUMBER, .get = get_inode, .set = set_inode },
	{ .key = "mark", .names = { "fwmark" }, .title = N_("MARK"),
	  .help = N_("firewall mark (shown with CAP_NET_ADMIN)"), NUMBER, .cond = COND_MARK,
	  .input = INPUT_MASK,
	  .expected = N_("Expected a number; a mask may follow it: 0x1/0xff."),
	  .fact = SOCK_HAS_MARK, .get = get_mark, .set = set_mark, .lack = lack_mark },
	{ .key = "netns", .title = N_("NETNS"), .help = N_("inode of the network namespace"),
	  NUMBER, .get = get_netns, .set = set_netns, .lack = lack_netns,
	  .expected = N_("Expected a number; for the name of a network namespace use the key \"ns\".") },
	{ .key = "netns_name", .names = { "ns" }, .title = N_("NETNS"),
	  .help = N_("name of the network namespace"), TEXT, .is_name = true, .needs = NEED_NETNS,
	  .get = get_netns_name, .set = set_netns_name, .lack = lack_netns_name },
	{ .key = "cookie", .title = N_("COOKIE"),
	  .help = N_("the kernel's socket cookie, in hexadecimal"), TEXT,
	  .fact = SOCK_HAS_COOKIE, .get = get_cookie, .set = set_cookie, .lack = lack_fact },
	{ .key = "cgroup", .title = N_("CGROUP"),
	  .help = N_("control group (version 2) in which the socket was created"), TEXT,
	  .cond = COND_CGROUP, .needs = NEED_CGROUPS, .get = get_cgroup, TOLD(TOLD_CGROUP),
	  .lack = lack_cgroup },
	{ .key = "unit", .title = N_("UNIT"),
	  .help = N_("systemd unit of the owner, else of the control group"), TEXT,
	  .is_name = true, .needs = NEED_CGROUPS | NEED_OWNERS | NEED_UNITS, .get = get_unit,
	  TOLD(TOLD_UNIT),
	  .lack = lack_cgroup },
	{ .key = "container", .title = N_("CONTAINER"),
	  .help = N_("container that the socket is in: its name, else its id"), TEXT, .is_name = true,
	  .needs = NEED_CGROUPS | NEED_OWNERS | NEED_UNITS, .get = get_container,
	  TOLD(TOLD_CONTAINER), .lack = lack_cgroup },
	{ .key = "container_id", .title = N_("CONTAINER-ID"), .help = N_("whole id of the container"),
	  TEXT, .needs = NEED_CGROUPS | NEED_OWNERS | NEED_UNITS, .get = get_container_id,
	  TOLD(TOLD_CONTAINER_ID),
	  .lack = lack_cgroup },
	{ .key = "pod", .title = N_("POD"),
	  .help = N_("Kubernetes pod of the container: namespace/pod"), TEXT, .is_name = true,
	  .needs = NEED_CGROUPS | NEED_OWNERS | NEED_UNITS, .get = get_pod, TOLD(TOLD_POD),
	  .lack = lack_cgroup },
	{ .key = "owners", .title = N_("OWNERS"),
	  .help = N_("every process that holds the socket"), .shape = COLUMN_GROUP,
	  .needs = NEED_OWNERS | NEED_CMDLINES | NEED_USERS, .is_there = has_owners, .lack = lack_owners,
	  .text = text_owners, .compare = compare_process },
	OWNER("pid", N_("PID"), N_("pids of the owners"), VALUE_NUMBER, owner_pid, 0,
	      .names = { "pid" }, .canonical = "pid",
	      .expected = N_("Expected a number; for the name of a process use the key \"proc\"."),
	      .is_right = true),
	OWNER("name", N_("NAME"), N_("names of the owners"), VALUE_TEXT, owner_name, 0,
	      .names = { "proc" }, .canonical = "proc", .is_name = true),
	OWNER("fd", N_("FD"), N_("each owner's lowest file descriptor for the socket"), VALUE_NUMBER,
	      owner_fd, 0, .is_right = true),
	OWNER("uid", N_("PUID"), N_("uids of the owners"), VALUE_NUMBER, owner_uid, 0,
	      .is_right = true),
	OWNER("user", N_("PUSER"), N_("users of the owners"), VALUE_TEXT, owner_user,
	      NEED_USERS, .is_name = true),
	OWNER("cmdline", N_("COMMAND"), N_("command lines of the owners"), VALUE_LIST,
	      owner_cmdline, NEED_CMDLINES, .names = { "cmd" }),
	OWNER("ppid", N_("PPID"), N_("pids of the parents of the owners"), VALUE_NUMBER, owner_ppid,
	      NEED_PARENTS, .is_right = true, .is_chosen_alone = true),
	OWNER("started", N_("STARTED"), N_("when the owners were started, in UTC"), VALUE_TEXT,
	      owner_started, NEED_STARTS, .is_chosen_alone = true),
	OWNER("cwd", N_("CWD"), N_("working directories of the owners"), VALUE_TEXT, owner_cwd,
	      NEED_LINKS, .is_chosen_alone = true),
	OWNER("exe", N_("EXE"), N_("executables of the owners"), VALUE_TEXT, owner_exe,
	      NEED_LINKS, .is_chosen_alone = true),
	OWNER("ancestors", N_("ANCESTORS"), N_("who started the owners, from process 1 to the parent"),
	      VALUE_ANCESTORS, owner_ancestors, NEED_ANCESTORS, .is_chosen_alone = true),
	OWNER("via", N_("VIA"), N_("how the owners hold it: fd, thread, io_uring or listener"),
	      VALUE_TEXT, owner_via, 0, .words = owner_via_words),
	{ .key = "owner_note", .title = N_("NOTE"),
	  .help = N_("why there is no owner, or why those of the listener are shown"), TEXT, .words = owner_note_words,
	  .needs = NEED_OWNERS, .get = get_owner_note, .set = set_owner_note, .lack = lack_owners },
	{ .key = "candidates", .title = N_("CANDIDATES"),
	  .help = N_("processes that may hold a socket whose owners are hidden"),
	  .shape = COLUMN_GROUP, .needs = NEED_CANDIDATES, .count = count_candidates,
	  .is_known = knows_candidates, .told_list = 1 + TOLD_CANDIDATES,
	  .is_there = has_candidates, .lack = lack_candidates,
	  .text = text_candidates },
	CANDIDATE("pid", TOLD_CANDIDATE_PID, N_("CPID"),
	          N_("pids of the candidates"), VALUE_NUMBER, get_candidate_pid,
		  , .is_right = true),
	CANDIDATE("name", TOLD_CANDIDATE_NAME, N_("CNAME"),
	          N_("names of the candidates"), VALUE_TEXT,
		  get_candidate_name),
	CANDIDATE("uid", TOLD_CANDIDATE_UID, N_("CUID"),
	          N_("uids of the candidates"), VALUE_NUMBER, get_candidate_uid,
		  , .is_right = true),
	{ .key = "candidate_count", .title = N_("FIT"),
	  .help = N_("number of candidates; above 8 they are only counted"), NUMBER,
	  .needs = NEED_CANDIDATES, .get = get_candidate_count, TOLD(TOLD_CANDIDATE_COUNT),
	  .lack = lack_candidates },
	{ .key = "confidence", .title = N_("CONFIDENCE"),
	  .help = N_("how many candidates fit: likely (one) or one-of (several)"), TEXT,
	  .words = confidence_words, .needs = NEED_CANDIDATES, .get = get_confidence,
	  TOLD(TOLD_CONFIDENCE),
	  .lack = lack_candidates },
	{ .key = "leads_to", .title = N_("LEADS TO"),
	  .help = N_("where a NAT rule or a proxy sends what comes in"), .shape = COLUMN_GROUP,
	  .needs = NEED_FORWARDS, .count = count_leads, .is_known = knows_leads,
	  .told_list = 1 + TOLD_LEADS,
	  .is_there = has_leads, .lack = lack_leads, .text = text_leads },
	LEAD("addr", TOLD_LEAD_ADDR, N_("TOADDR"),
	     N_("the address that it leads to"), VALUE_ADDR, get_lead_addr),
	LEAD("port", TOLD_LEAD_PORT, N_("TOPORT"),
	     N_("the port that it leads to"), VALUE_NUMBER, get_lead_port,
	     , .is_right = true),
	LEAD("by", TOLD_LEAD_BY, N_("BY"),
	     N_("what sends it on: nft, iptables, docker-proxy ..."), VALUE_TEXT,
	     get_lead_by, , .words = forward_by_words),
	LEAD("rule", TOLD_LEAD_RULE, N_("RULE"),
	     N_("the table and the chains that the rule stands in"), VALUE_TEXT,
	     get_lead_rule),
	LEAD("from", TOLD_LEAD_FROM, N_("FROM"),
	     N_("all that the rule sends on, where that is a range"), VALUE_TEXT,
	     get_lead_from),
	LEAD("to", TOLD_LEAD_TO, N_("TO"),
	     N_("all that it leads to, where that is a range"), VALUE_TEXT,
	     get_lead_to),
	LEAD("netns", TOLD_LEAD_NETNS, N_("TONETNS"),
	     N_("network namespace of the listener there"), VALUE_NUMBER,
	     get_lead_netns, , .is_right = true),
	LEAD("container", TOLD_LEAD_CONTAINER, N_("TOCONTAINER"),
	     N_("container of the listener there"), VALUE_TEXT,
	     get_lead_container, | NEED_CGROUPS | NEED_UNITS),
	LEAD("process", TOLD_LEAD_PROCESS, N_("TOPROCESS"),
	     N_("owner of the listener there"), VALUE_TEXT,
	     get_lead_process),
	{ .key = "published", .title = N_("PUBLISHED"),
	  .help = N_("the ports that NAT rules and proxies send on to this listener"),
	  .shape = COLUMN_GROUP, .needs = NEED_FORWARDS, .count = count_published,
	  .is_known = knows_published, .told_list = 1 + TOLD_PUBLISHED, .is_there = has_leads,
	  .lack = lack_published,
	  .text = text_published },
	PUBLISHED("addr", TOLD_PUBLISHED_ADDR, N_("PUBADDR"),
	          N_("the address that leads here"), VALUE_ADDR,
		  get_published_addr),
	PUBLISHED("port", TOLD_PUBLISHED_PORT, N_("PUBPORT"),
	          N_("the port that leads here"), VALUE_NUMBER,
		  get_published_port, .is_right = true),
	PUBLISHED("by", TOLD_PUBLISHED_BY, N_("PUBBY"),
	          N_("what sends it here"), VALUE_TEXT, get_published_by,
		  .words = forward_by_words),
	{ .key = "peer_owners", .title = N_("PEER OWNERS"),
	  .help = N_("the processes at the other end of the connection, where that is on this host"),
	  .shape = COLUMN_GROUP, .needs = NEED_PEERS | NEED_OWNERS, .count = count_peer_owners,
	  .is_known = knows_peer_owners, .told_list = 1 + TOLD_PEER_OWNERS,
	  .is_there = has_peer_owners, .lack = lack_peer_owners,
	  .text = text_peer_owners },
	PEER_OWNER("pid", TOLD_PEER_OWNER_PID, N_("PEERPID"),
	           N_("pids of the processes at the other end"), VALUE_NUMBER,
		   get_peer_owner_pid, .is_right = true),
	PEER_OWNER("name", TOLD_PEER_OWNER_NAME, N_("PEERNAME"),
	           N_("names of the processes at the other end"), VALUE_TEXT,
		   get_peer_owner_name),
	PEER_OWNER("host", TOLD_PEER_OWNER_HOST, N_("PEERHOST"),
	           N_("host of the processes at the other end"), VALUE_TEXT,
		   get_peer_owner_host),
	PEER_OWNER("netns", TOLD_PEER_OWNER_NETNS, N_("PEERNETNS"),
	           N_("network namespace of the other end"), VALUE_NUMBER,
		   get_peer_owner_netns, .is_right = true),
	{ .key = "peer_owner_host", .title = N_("OTHER HOST"),
	  .help = N_("host of the other end, if that is another one"), TEXT,
	  .needs = NEED_PEERS, .get = get_other_host, TOLD(TOLD_OTHER_HOST) },
	{ .key = "timer", .title = N_("TIMER"),
	  .help = N_("the running timer: kind, time left, retransmissions"),
	  .shape = COLUMN_GROUP, .is_there = has_timer, .text = text_timer },
	{ .key = "timer.kind", .title = N_("TIMER"),
	  .help = N_("kind of the timer: on, keepalive, timewait, persist"), TEXT,
	  .words = timer_words, .get = get_timer_kind, .set = set_timer_kind },
	{ .key = "timer.expires_ms", .title = N_("EXPIRES"),
	  .help = N_("time until the timer expires, in ms"), NUMBER, .unit = UNIT_MS,
	  .get = get_timer_expires, .set = set_timer_expires },
	{ .key = "timer.retransmits", .title = N_("RETRIES"),
	  .help = N_("retransmissions or probes by this timer"), NUMBER,
	  .get = get_timer_retransmits, .set = set_timer_retransmits },
	{ .key = "tcp", .title = N_("TCP"), .help = N_("TCP internals"), .shape = COLUMN_GROUP,
	  .needs = NEED_TCP_INFO, BLOCK(SOCK_EXTRA_TCP_INFO) },
	TCP("rtt_us", tcpi_rtt, N_("RTT"), N_("smoothed round trip time, in us"), .names = { "rtt" },
	    .unit = UNIT_US),
	TCP("rttvar_us", tcpi_rttvar, N_("RTTVAR"), N_("variation of the round trip time, in us"),
	    .unit = UNIT_US),
	TCP("min_rtt_us", tcpi_min_rtt, N_("MINRTT"), N_("recent minimum of the round trip time, in us"),
	    .unit = UNIT_US, .field.unset = UINT32_MAX),
	TCP("rto_us", tcpi_rto, N_("RTO"), N_("retransmission timeout, in us"), .unit = UNIT_US),
	TCP("cwnd", tcpi_snd_cwnd, N_("CWND"), N_("congestion window, in segments"),
	    .names = { "cwnd" }),
	TCP("ssthresh", tcpi_snd_ssthresh, N_("SSTHRESH"),
	    N_("slow start threshold, in segments"), .field.unset = NO_SSTHRESH),
	TCP("mss", tcpi_snd_mss, N_("MSS"), N_("maximum segment size for sending"),
	    .unit = UNIT_BYTES),
	TCP("rcv_mss", tcpi_rcv_mss, N_("RCVMSS"), N_("segment size of received data (estimated)"),
	    .unit = UNIT_BYTES),
	TCP("advmss", tcpi_advmss, N_("ADVMSS"), N_("maximum segment size advertised to the peer"),
	    .unit = UNIT_BYTES),
	TCP("pmtu", tcpi_pmtu, N_("PMTU"), N_("path MTU"), .unit = UNIT_BYTES),
	TCP("unacked", tcpi_unacked, N_("UNACKED"), N_("segments not acknowledged")),
	TCP("lost", tcpi_lost, N_("LOST"), N_("segments considered lost")),
	TCP("retrans", tcpi_retrans, N_("REXMIT"), N_("retransmitted segments not acknowledged")),
	TCP("retrans_total", tcpi_total_retrans, N_("RETRANS"),
	    N_("segments retransmitted in total"), .names = { "retrans" }),
	TCP("backoff", tcpi_backoff, N_("BACKOFF"), N_("how often the timeout was doubled")),
	TCP("probes", tcpi_probes, N_("PROBES"),
	    N_("unanswered window or keepalive probes")),
	TCP("bytes_sent", tcpi_bytes_sent, N_("SENT"), N_("bytes sent, retransmissions included"),
	    .names = { "sent" }, .unit = UNIT_BYTES, .is_total = true),
	TCP("bytes_acked", tcpi_bytes_acked, N_("ACKED"),
	    N_("bytes acknowledged by the peer"), .unit = UNIT_BYTES, .is_total = true),
	TCP("bytes_received", tcpi_bytes_received, N_("RECEIVED"), N_("bytes received"),
	    .names = { "received" }, .unit = UNIT_BYTES, .is_total = true),
	TCP("bytes_retrans", tcpi_bytes_retrans, N_("RETRANSB"), N_("bytes retransmitted"),
	    .unit = UNIT_BYTES, .is_total = true),
	TCP("notsent", tcpi_notsent_bytes, N_("NOTSENT"), N_("bytes not yet sent"),
	    .unit = UNIT_BYTES),
	TCP("segs_out", tcpi_segs_out, N_("SEGSOUT"), N_("segments sent")),
	TCP("segs_in", tcpi_segs_in, N_("SEGSIN"), N_("segments received")),
	TCP("delivered", tcpi_delivered, N_("DELIVERED"), N_("segments delivered")),
	TCP("reordering", tcpi_reordering, N_("REORDER"),
	    N_("reordering tolerated before a loss is assumed, in segments")),
	TCP("delivery_rate_bps", tcpi_delivery_rate, N_("RATE"), N_("delivery rate, in bit/s"),
	    BITS_PER_SECOND(0)),
	TCP("pacing_rate_bps", tcpi_pacing_rate, N_("PACING"), N_("pacing rate, in bit/s"),
	    BITS_PER_SECOND(UINT64_MAX)),
	TCP("rcv_rtt_us", tcpi_rcv_rtt, N_("RCVRTT"),
	    N_("round trip time estimated by the receiver, in us"), .unit = UNIT_US),
	TCP("rcv_space", tcpi_rcv_space, N_("RCVSPACE"), N_("bytes received per round trip, for sizing the receive buffer"),
	    .unit = UNIT_BYTES),
	TCP("snd_wnd", tcpi_snd_wnd, N_("SNDWND"), N_("the peer's receive window"), .unit = UNIT_BYTES),
	TCP("rcv_wnd", tcpi_rcv_wnd, N_("RCVWND"), N_("local receive window"), .unit = UNIT_BYTES),
	TCP("last_sent_ms", tcpi_last_data_sent, N_("LASTSND"),
	    N_("time since data was last sent, in ms"), .unit = UNIT_MS),
	TCP("last_received_ms", tcpi_last_data_recv, N_("LASTRCV"),
	    N_("time since data was last received, in ms"), .unit = UNIT_MS),
	TCP("busy_us", tcpi_busy_time, N_("BUSY"), N_("time spent with data to send, in us"),
	    .unit = UNIT_US),
	TCP("rwnd_limited_us", tcpi_rwnd_limited, N_("RWNDLIM"),
	    N_("time limited by the peer's receive window, in us"), .unit = UNIT_US),
	TCP("sndbuf_limited_us", tcpi_sndbuf_limited, N_("SNDBLIM"),
	    N_("time limited by the send buffer, in us"), .unit = UNIT_US),
	{ .key = "tcp.congestion", .names = { "congestion" }, .title = N_("CONGESTION"),
	  .help = N_("congestion control algorithm"), TEXT, .needs = NEED_TCP_INFO,
	  .get = get_congestion, .set = set_congestion,
	  .lack = lack_block, .field.extra = SOCK_EXTRA_CONGESTION },
	{ .key = "mptcp", .title = N_("MPTCP"), .help = N_("MPTCP internals"),
	  .shape = COLUMN_GROUP, .needs = NEED_MPTCP, BLOCK(SOCK_EXTRA_MPTCP) },
	MPTCP("token", mptcpi_token, N_("TOKEN"), N_("token of the MPTCP connection")),
	MPTCP("subflows", mptcpi_subflows, N_("SUBFLOWS"), N_("subflows in addition to the first one")),
	MPTCP("subflows_max", mptcpi_subflows_max, N_("MAXFLOWS"),
	      N_("maximum number of additional subflows")),
	MPTCP("subflows_total", mptcpi_subflows_total, N_("ALLFLOWS"), N_("all subflows")),
	MPTCP("bytes_sent", mptcpi_bytes_sent, N_("SENT"), N_("bytes sent over all subflows"),
	      .unit = UNIT_BYTES, .is_total = true),
	MPTCP("bytes_received", mptcpi_bytes_received, N_("RECEIVED"),
	      N_("bytes received over all subflows"), .unit = UNIT_BYTES, .is_total = true),
	MPTCP("bytes_acked", mptcpi_bytes_acked, N_("ACKED"),
	      N_("bytes acknowledged over all subflows"), .unit = UNIT_BYTES, .is_total = true),
	{ .key = "memory", .title = N_("MEMORY"), .help = N_("memory of the socket"),
	  .shape = COLUMN_GROUP, .needs = NEED_MEMORY, BLOCK(SOCK_EXTRA_MEMORY) },
	MEMORY("rmem_alloc", rmem_alloc, N_("RMEM"), N_("memory used by received data"),
	       .unit = UNIT_BYTES),
	MEMORY("rcvbuf", rcvbuf, N_("RCVBUF"), N_("limit of memory for received data"),
	       .unit = UNIT_BYTES),
	MEMORY("wmem_alloc", wmem_alloc, N_("WMEM"),
	       N_("memory used by data handed to the network layer"), .unit = UNIT_BYTES),
	MEMORY("sndbuf", sndbuf, N_("SNDBUF"), N_("limit of memory for data to send"),
	       .unit = UNIT_BYTES),
	MEMORY("fwd_alloc", fwd_alloc, N_("FWD"), N_("memory reserved but not yet used"), .unit = UNIT_BYTES),
	MEMORY("wmem_queued", wmem_queued, N_("WQUEUED"), N_("memory used by data to send"),
	       .unit = UNIT_BYTES),
	MEMORY("optmem", optmem, N_("OPTMEM"), N_("memory used by socket options"), .unit = UNIT_BYTES),
	MEMORY("backlog", backlog, N_("BACKLOG"), N_("memory used by packets not yet processed"),
	       .unit = UNIT_BYTES),
	MEMORY("drops", drops, N_("DROPS"), N_("packets dropped"), .names = { "drops" }),
	{ .key = "local_host", .title = N_("LHOST"),
	  .help = N_("host name of the local address; ? if it was not resolved in time"), TEXT,
	  .needs = NEED_HOSTS, .get = get_local_host, TOLD(TOLD_LOCAL_HOST),
	  .lack = lack_local_host, .text = text_local_host },
	{ .key = "peer_host", .title = N_("RHOST"),
	  .help = N_("host name of the peer's address; ? if it was not resolved in time"), TEXT,
	  .needs = NEED_HOSTS, .get = get_peer_host, TOLD(TOLD_PEER_HOST), .lack = lack_peer_host,
	  .text = text_peer_host },
	{ .key = "local", .title = N_("LOCAL"), .help = N_("local address and port"),
	  .shape = COLUMN_COMPOSITE, .keeps_port = true, .filter_column = "local_addr",
	  .needs = NEED_IFACES, .text = text_local, .exact = exact_local,
	  .compare = compare_local, .parts = local_parts },
	{ .key = "peer", .title = N_("PEER"), .help = N_("the peer's address and port"),
	  .shape = COLUMN_COMPOSITE, .keeps_port = true, .filter_column = "peer_addr",
	  .needs = NEED_IFACES, .text = text_peer, .exact = exact_peer,
	  .compare = compare_peer, .parts = peer_parts },
	{ .key = "process", .title = N_("PROCESS"),
	  .help = N_("the first owner and the number of others, or who may hold it, or why there is none"),
	  .shape = COLUMN_COMPOSITE, .filter_column = "owners.name",
	  .needs = NEED_OWNERS | NEED_CANDIDATES,
	  .lack = lack_owners,
	  .text = text_process, .compare = compare_process,
	  .parts = process_parts },
};
/* clang-format on */

const size_t columns_n = sizeof(columns) / sizeof(*columns);
