/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Judges packets by the rules of this network namespace, sends them, and compares: firewall PEER
 * BEHIND, where these are processes that live in the namespace from which packets come and in the
 * one to which destination NAT may send them (tests/live/firewall.sh lays the links).
 *
 * For each line of standard input, a name, it reads the rules anew and prints
 *
 *     NAME ASKED CERTAIN ALIKE WRONG PACKETS
 *
 * ALIKE are answers "depends" about packets that all fared the same.  Before it, a line for each
 * answer that is wrong.
 */
#include <config.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/ip.h>
#include <netinet/ip6.h>
#include <netinet/tcp.h>
#include <netinet/udp.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/buf.h"
#include "resolve/firewall.h"
#include "resolve/own_addrs.h"
#include "resolve/ruleset_read.h"

#define MARKER_PROTO 253 /* RFC 3692: for experiments */
#define PROBES_MAX 8192 /* of one rule set */
#define BATCH 300 /* below net.core.netdev_max_backlog */
#define SOURCES_EACH 3 /* packets to each address, over each link, from different sources */

enum place {
	PLACE_NONE,
	PLACE_HERE,
	PLACE_BEHIND,
};

struct probe {
	unsigned int question;
	enum place place; /* where it came out */
	enum addr_family family;
	struct addr dest; /* to which it was sent, or at which it arrived */
	uint16_t port;
};

struct question {
	struct firewall_question q;
	struct judgement j;
	unsigned int n_sent, n_arrived;
	bool differs; /* they did not all fare the same */
	bool is_wrong;
	enum place place;
	struct addr dest;
	uint16_t port;
};

struct bench {
	int from_peer[2][ADDR_FAMILIES]; /* raw sockets that send, by link */
	int from_here[ADDR_FAMILIES];
	int arrived[2][ADDR_FAMILIES][2]; /* by enum place - 1, family, and whether UDP */
	int tap; /* sees what comes in at the first link, before any rule */
	uint32_t id; /* of the last packet: its TCP sequence number, or its UDP payload */
	uint32_t first_id; /* of this rule set */
	uint32_t n_from_here; /* packets so far */
	uint32_t marker;
	uint64_t random;
	struct probe *probes;
	struct question *questions;
	unsigned int n_questions;
};

static const char *const links[2][2] = { { "v0", "v1" }, { "u0", "u1" } };
static const char *const own_v4[] = { "10.78.0.1", "10.76.0.1", "10.77.0.1" };
static const char *const own_v6[] = { "fd78::1", "fd76::1", "fd77::1" };
static const uint16_t ports[] = { 22, 53, 80, 81, 443, 1000, 2005, 8080, 8085, 65000 };

static _Noreturn void die(const char *what)
{
	perror(what);
	exit(1);
}

/* xorshift64 (Marsaglia 2003). */
static uint32_t random_below(struct bench *b, uint32_t n)
{
	b->random ^= b->random << 13;
	b->random ^= b->random >> 7;
	b->random ^= b->random << 17;
	return (uint32_t)(b->random >> 33) % n;
}

/*
 * ---- sockets ------------------------------------------------------------------------------------
 */

static int open_netns(const char *pid)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%s/ns/net", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die(path);
	return fd;
}

static void enter(int netns)
{
	if (setns(netns, CLONE_NEWNET))
		die("setns");
}

static int raw_socket(enum addr_family family, int protocol)
{
	int fd = socket(family == ADDR_INET ? AF_INET : AF_INET6,
			SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, protocol);
	int size = 8 << 20;

	if (fd < 0)
		die("raw socket");
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	return fd;
}

static void open_receivers(int fds[ADDR_FAMILIES][2])
{
	int one = 1;

	for (int family = 0; family < ADDR_FAMILIES; family++)
		for (int is_udp = 0; is_udp < 2; is_udp++) {
			int fd = raw_socket((enum addr_family)family,
					    is_udp ? IPPROTO_UDP : IPPROTO_TCP);

			if (family == ADDR_INET6)
				setsockopt(fd, IPPROTO_IPV6, IPV6_RECVPKTINFO, &one, sizeof(one));
			fds[family][is_udp] = fd;
		}
}

static void open_senders(struct bench *b)
{
	for (int link = 0; link < 2; link++)
		for (int family = 0; family < ADDR_FAMILIES; family++) {
			int fd = raw_socket((enum addr_family)family, IPPROTO_RAW);
			const char *name = links[link][1];

			if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name,
				       (socklen_t)strlen(name)))
				die(name);
			b->from_peer[link][family] = fd;
		}
}

static void open_tap(struct bench *b)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET,
				  .sll_protocol = htons(ETH_P_IP),
				  .sll_ifindex = (int)if_nametoindex(links[0][0]) };
	int size = 8 << 20;

	b->tap = socket(AF_PACKET, SOCK_DGRAM | SOCK_CLOEXEC, htons(ETH_P_IP));
	if (b->tap < 0 || bind(b->tap, (struct sockaddr *)&at, sizeof(at)))
		die("packet socket");
	setsockopt(b->tap, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size));
}

/*
 * The kernel queues what goes over a veth device on the CPU of the sender, in order: with one CPU
 * what was sent before is through when the next one is seen.
 */
static void use_one_cpu(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET((size_t)sched_getcpu(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

static void open_sockets(struct bench *b, const char *peer, const char *behind)
{
	int here = open_netns("self");

	use_one_cpu();
	open_tap(b);
	open_receivers(b->arrived[0]);
	for (int family = 0; family < ADDR_FAMILIES; family++)
		b->from_here[family] = raw_socket((enum addr_family)family, IPPROTO_RAW);
	enter(open_netns(peer));
	open_senders(b);
	enter(open_netns(behind));
	open_receivers(b->arrived[1]);
	enter(here);
}

/*
 * ---- packets ------------------------------------------------------------------------------------
 */

static uint16_t checksum(uint32_t sum, const void *data, size_t len)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < len; i++)
		sum += i % 2 ? bytes[i] : (uint32_t)bytes[i] << 8;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

struct packet {
	uint8_t bytes[128];
	size_t head; /* of the IP header */
	size_t len;
	struct addr source;
	struct addr dest;
	uint16_t source_port;
};

/* A SYN, with the flags of ECN or without. */
static void add_tcp(struct bench *b, struct packet *p, uint16_t port)
{
	struct tcphdr tcp = { .source = htons(p->source_port),
			      .dest = htons(port),
			      .seq = htonl(b->id),
			      .doff = 5,
			      .syn = 1,
			      .window = htons(1024) };

	tcp.res2 = random_below(b, 2) ? 3 : 0;
	memcpy(p->bytes + p->head, &tcp, sizeof(tcp));
	p->len = p->head + sizeof(tcp);
}

static void add_udp(struct bench *b, struct packet *p, uint16_t port)
{
	uint32_t id = htonl(b->id);
	size_t len = sizeof(struct udphdr) + sizeof(id) + random_below(b, 40);
	struct udphdr udp = { .source = htons(p->source_port),
			      .dest = htons(port),
			      .len = htons((uint16_t)len) };

	memcpy(p->bytes + p->head, &udp, sizeof(udp));
	memcpy(p->bytes + p->head + sizeof(udp), &id, sizeof(id));
	p->len = p->head + len;
}

/* Conntrack takes one with a wrong sum for invalid. */
static void add_checksum(struct packet *p, enum addr_family family, uint8_t proto)
{
	size_t width = family == ADDR_INET ? 4 : 16, len = p->len - p->head;
	size_t at = proto == IPPROTO_TCP ? offsetof(struct tcphdr, check)
					 : offsetof(struct udphdr, check);
	uint8_t pseudo[32];
	uint16_t sum;

	memcpy(pseudo, p->source.bytes, width);
	memcpy(pseudo + width, p->dest.bytes, width);
	sum = (uint16_t)~checksum((uint32_t)(proto + len), pseudo, 2 * width);
	sum = htons(checksum(sum, p->bytes + p->head, len));
	memcpy(p->bytes + p->head + at, &sum, sizeof(sum));
}

static void add_ip(struct bench *b, struct packet *p, enum addr_family family, uint8_t proto)
{
	if (family == ADDR_INET) {
		struct iphdr ip = { .ihl = 5,
				    .version = 4,
				    .tos = (uint8_t)(random_below(b, 8) << 5),
				    .ttl = (uint8_t)(32 + random_below(b, 64)),
				    .protocol = proto };

		memcpy(&ip.saddr, p->source.bytes, 4);
		memcpy(&ip.daddr, p->dest.bytes, 4);
		memcpy(p->bytes, &ip, sizeof(ip));
	} else {
		struct ip6_hdr ip = { .ip6_flow = htonl(6U << 28),
				      .ip6_plen = htons((uint16_t)(p->len - p->head)),
				      .ip6_nxt = proto,
				      .ip6_hlim = (uint8_t)(32 + random_below(b, 64)) };

		memcpy(&ip.ip6_src, p->source.bytes, 16);
		memcpy(&ip.ip6_dst, p->dest.bytes, 16);
		memcpy(p->bytes, &ip, sizeof(ip));
	}
}

static void transmit(int fd, enum addr_family family, const struct packet *p, bool is_from_here)
{
	struct sockaddr_in v4 = { .sin_family = AF_INET };
	struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
	ssize_t n;

	memcpy(&v4.sin_addr, p->dest.bytes, 4);
	memcpy(&v6.sin6_addr, p->dest.bytes, 16);
	if (family == ADDR_INET)
		n = sendto(fd, p->bytes, p->len, 0, (struct sockaddr *)&v4, sizeof(v4));
	else
		n = sendto(fd, p->bytes, p->len, 0, (struct sockaddr *)&v6, sizeof(v6));
	/* Rules of the hook output make errors of many kinds. */
	if (n < 0 && !is_from_here)
		die("sendto");
}

/*
 * No two packets have the same source address and port, so that each is new to conntrack; those from
 * here not before conntrack has forgotten it.
 */
static struct addr source_of(struct bench *b, const struct probe *to, bool is_from_here)
{
	struct addr a = { .bytes = { 10, 200, (uint8_t)(b->id / 60000) } };

	if (to->family == ADDR_INET6) {
		a = (struct addr){ .bytes = { 0xfd, 0, 2, (uint8_t)(b->id / 60000) } };
		a.bytes[15] = (uint8_t)(1 + random_below(b, 200));
	} else {
		a.bytes[3] = (uint8_t)(1 + random_below(b, 200));
	}
	return is_from_here ? to->dest : a;
}

/*
 * ---- arrivals -----------------------------------------------------------------------------------
 */

static struct probe *probe_of(struct bench *b, uint32_t id)
{
	return id > b->first_id && id <= b->id ? &b->probes[id - b->first_id - 1] : NULL;
}

/* What stands behind the IP header: one of ours, as it was sent first? */
static void take_transport(struct bench *b, const uint8_t *bytes, size_t len, bool is_udp,
			   enum place place, const struct addr *dest)
{
	struct probe *probe;
	struct tcphdr tcp;
	struct udphdr udp;
	uint32_t id;

	if (is_udp) {
		if (len < sizeof(udp) + sizeof(id))
			return;
		memcpy(&udp, bytes, sizeof(udp));
		memcpy(&id, bytes + sizeof(udp), sizeof(id));
		tcp.dest = udp.dest;
	} else {
		if (len < sizeof(tcp))
			return;
		memcpy(&tcp, bytes, sizeof(tcp));
		if (!tcp.syn || tcp.ack || tcp.rst)
			return;
		id = tcp.seq;
	}
	probe = probe_of(b, ntohl(id));
	if (!probe)
		return;
	probe->place = place;
	probe->dest = *dest;
	probe->port = ntohs(tcp.dest);
}

static bool receive(struct bench *b, int fd, enum addr_family family, bool is_udp, enum place place)
{
	uint8_t bytes[256];
	char control[256];
	struct iovec iov = { bytes, sizeof(bytes) };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = control,
			      .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(fd, &msg, 0);
	struct addr dest = { { 0 } };
	size_t head = 0;

	if (n < 0)
		return false;
	if (family == ADDR_INET) {
		if (n < (ssize_t)sizeof(struct iphdr))
			return true;
		head = (size_t)(bytes[0] & 15) * 4;
		memcpy(dest.bytes, bytes + offsetof(struct iphdr, daddr), 4);
	}
	for (struct cmsghdr *c = CMSG_FIRSTHDR(&msg); c; c = CMSG_NXTHDR(&msg, c))
		if (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_PKTINFO)
			memcpy(dest.bytes, CMSG_DATA(c), 16);
	if ((size_t)n > head)
		take_transport(b, bytes + head, (size_t)n - head, is_udp, place, &dest);
	return true;
}

static void receive_all(struct bench *b)
{
	for (int place = 0; place < 2; place++)
		for (int family = 0; family < ADDR_FAMILIES; family++)
			for (int is_udp = 0; is_udp < 2; is_udp++)
				while (receive(b, b->arrived[place][family][is_udp],
					       (enum addr_family)family, is_udp,
					       (enum place)(place + 1)))
					;
}

static bool sees_marker(struct bench *b)
{
	uint8_t bytes[256];
	uint32_t marker;
	ssize_t n = recv(b->tap, bytes, sizeof(bytes), 0);

	if (n < (ssize_t)(sizeof(struct iphdr) + sizeof(marker)) ||
	    bytes[offsetof(struct iphdr, protocol)] != MARKER_PROTO)
		return false;
	memcpy(&marker, bytes + sizeof(struct iphdr), sizeof(marker));
	return marker == b->marker;
}

static void send_marker(struct bench *b)
{
	struct packet p = { .head = sizeof(struct iphdr), .dest = { { 10, 78, 0, 1 } } };
	struct pollfd poll_tap = { .fd = b->tap, .events = POLLIN };

	b->marker++;
	p.len = p.head + sizeof(b->marker);
	p.source.bytes[0] = 10;
	p.source.bytes[1] = 200;
	add_ip(b, &p, ADDR_INET, MARKER_PROTO);
	memcpy(p.bytes + p.head, &b->marker, sizeof(b->marker));
	transmit(b->from_peer[0][ADDR_INET], ADDR_INET, &p, false);
	do {
		if (poll(&poll_tap, 1, 5000) <= 0)
			die("no packet goes over the link");
	} while (!sees_marker(b));
}

/* What is sent on goes over a second link: a marker that is sent behind it is seen behind it. */
static void settle(struct bench *b)
{
	send_marker(b);
	send_marker(b);
	receive_all(b);
}

/*
 * ---- questions ----------------------------------------------------------------------------------
 */

static void send_probe(struct bench *b, unsigned int question, enum addr_family family,
		       const struct addr *dest, int link)
{
	const struct firewall_question *q = &b->questions[question].q;
	struct packet p = { .head = family == ADDR_INET ? sizeof(struct iphdr)
							: sizeof(struct ip6_hdr),
			    .dest = *dest };
	struct probe *probe;

	if (b->id - b->first_id == PROBES_MAX)
		die("too many packets");
	if ((b->id - b->first_id) % BATCH == BATCH - 1)
		settle(b);
	probe = &b->probes[b->id++ - b->first_id];
	*probe = (struct probe){ .question = question, .family = family, .dest = *dest };
	p.source = source_of(b, probe, q->is_from_here);
	p.source_port = (uint16_t)(1024 + (q->is_from_here ? b->n_from_here++ : b->id) % 60000);
	if (q->proto == IPPROTO_TCP)
		add_tcp(b, &p, q->port);
	else
		add_udp(b, &p, q->port);
	add_ip(b, &p, family, q->proto);
	add_checksum(&p, family, q->proto);
	transmit(q->is_from_here ? b->from_here[family] : b->from_peer[link][family], family, &p,
		 q->is_from_here);
}

static struct addr addr_of(const char *text, enum addr_family *family)
{
	struct addr a;

	if (addr_parse(text, strlen(text), family, &a))
		die(text);
	return a;
}

static void send_to(struct bench *b, unsigned int question, const char *dest)
{
	enum addr_family family;
	struct addr a = addr_of(dest, &family);

	for (int link = 0; link < (b->questions[question].q.is_from_here ? 1 : 2); link++)
		for (int i = 0; i < SOURCES_EACH; i++)
			send_probe(b, question, family, &a, link);
}

/* To each address that the question is about. */
static void send_probes(struct bench *b, unsigned int question)
{
	const struct firewall_question *q = &b->questions[question].q;
	struct buf text = { 0 };

	if (!addr_is_any(&q->addr)) {
		addr_text(&text, q->family, &q->addr);
		send_to(b, question, buf_cstr(&text));
		buf_fini(&text);
		return;
	}
	for (size_t i = 0; i < 3; i++) {
		if (q->family == ADDR_INET || q->is_dual_stack)
			send_to(b, question, own_v4[i]);
		if (q->family == ADDR_INET6)
			send_to(b, question, own_v6[i]);
	}
}

/* "::" without IPv4 is written "[::]", as a listing has it. */
static void add_question(struct bench *b, const char *addr, bool is_from_here, uint8_t proto,
			 uint16_t port)
{
	struct question *q = &b->questions[b->n_questions++];

	*q = (struct question){
		.q = { .is_from_here = is_from_here, .proto = proto, .port = port }
	};
	q->q.is_dual_stack = !strcmp(addr, "*");
	q->q.addr = addr_of(q->q.is_dual_stack ? "::" : addr, &q->q.family);
}

static void add_questions(struct bench *b)
{
	static const char *const dests[] = { "0.0.0.0",	  "::",	       "*",
					     "10.78.0.1", "10.77.0.1", "fd78::1" };
	static const char *const dests_here[] = { "127.0.0.1", "::1", "10.78.0.1" };

	for (size_t port = 0; port < sizeof(ports) / sizeof(*ports); port++)
		for (int is_udp = 0; is_udp < 2; is_udp++) {
			uint8_t proto = is_udp ? IPPROTO_UDP : IPPROTO_TCP;

			for (size_t i = 0; i < sizeof(dests) / sizeof(*dests); i++)
				add_question(b, dests[i], false, proto, ports[port]);
			for (size_t i = 0; i < sizeof(dests_here) / sizeof(*dests_here); i++)
				add_question(b, dests_here[i], true, proto, ports[port]);
		}
}

/*
 * ---- answers ------------------------------------------------------------------------------------
 */

static bool is_addr(const struct addr *a, const struct addr *b)
{
	return !memcmp(a, b, sizeof(*a));
}

/* Does a packet that arrived fit to the answer "accepted"? */
static bool is_as_said(const struct question *q, const struct probe *p)
{
	const struct nat_target *t = &q->j.target;

	if (!q->j.is_sent_on)
		return p->place == PLACE_HERE && p->port == q->q.port &&
		       (addr_is_any(&q->q.addr) || is_addr(&p->dest, &q->q.addr));
	if (!q->j.are_all_sent_on || addr_is_any(&q->q.addr))
		return true;
	if (t->has_port ? p->port < t->port || p->port > t->port_last
			: !t->is_unknown && p->port != q->q.port)
		return false;
	return !t->has_addr || memcmp(&t->addr, &t->addr_last, sizeof(t->addr)) != 0 ||
	       is_addr(&p->dest, &t->addr);
}

static void take_probe(struct question *q, const struct probe *p)
{
	bool has_arrived = p->place != PLACE_NONE;

	if (q->n_sent && (has_arrived != (q->n_arrived > 0) || p->place != q->place ||
			  (has_arrived && p->port != q->port)))
		q->differs = true;
	q->n_sent++;
	q->n_arrived += has_arrived;
	q->place = p->place;
	q->dest = p->dest;
	q->port = p->port;
	if ((q->j.verdict == JUDGE_ACCEPTED && (!has_arrived || !is_as_said(q, p))) ||
	    (q->j.verdict == JUDGE_DROPPED && has_arrived))
		q->is_wrong = true;
}

static void print_question(const struct firewall *fw, const struct question *q)
{
	static const char *const verdicts[] = { "accepted", "dropped", "depends on " };
	static const char *const places[] = { "nowhere", "here", "behind" };
	struct buf line = { 0 };

	addr_text(&line, q->q.family, &q->q.addr);
	buf_printf(&line, "%s port %u %s%s: ", q->q.is_dual_stack ? " and IPv4" : "", q->q.port,
		   q->q.proto == IPPROTO_TCP ? "tcp" : "udp",
		   q->q.is_from_here ? " from here" : "");
	buf_str(&line, verdicts[q->j.verdict]);
	if (q->j.verdict == JUDGE_DEPENDS)
		firewall_reason_text(fw, &q->j, &line);
	buf_str(&line, q->j.is_sent_on ? ", sent on by " : "");
	if (q->j.is_sent_on)
		firewall_place_text(fw, &q->j.sent_by, &line);
	buf_str(&line, " (");
	firewall_place_text(fw, &q->j.place, &line);
	buf_printf(&line, "); %u of %u arrived, the last %s at ", q->n_arrived, q->n_sent,
		   places[q->place]);
	addr_text(&line, q->q.family, &q->dest);
	buf_printf(&line, " port %u", q->port);
	puts(buf_cstr(&line));
	buf_fini(&line);
}

/* Own addresses as the test lays them, but for those of link-local scope, which no packet here has. */
static void read_own(struct own_addrs *own)
{
	own_addrs_clear(own);
	own_addrs_ask(own, 0, socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
	own_addrs_sort(own);
}

/*
 * The table of conntrack must not fill, which drops packets.  A kernel that cannot be asked for it
 * forgets them after a while.
 */
static void forget_connections(void)
{
	struct {
		struct nlmsghdr head;
		struct nfgenmsg message;
	} request = { .head = { .nlmsg_len = sizeof(request),
				.nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE,
				.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK } };
	char answer[256];
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);

	if (fd < 0 || send(fd, &request, sizeof(request), 0) < 0 ||
	    recv(fd, answer, sizeof(answer), 0) < 0)
		die("conntrack");
	close(fd);
}

static void run(struct bench *b, const struct own_addrs *own, int proc, const char *name)
{
	unsigned int n_certain = 0, n_alike = 0, n_wrong = 0;
	struct firewall fw = { 0 };

	fw.error = ruleset_read(&fw.rules, proc);
	if (fw.error)
		die("rules");
	b->first_id = b->id;
	forget_connections();
	for (unsigned int i = 0; i < b->n_questions; i++) {
		struct question *q = &b->questions[i];

		*q = (struct question){ .q = q->q };
		firewall_judge(&fw, own, &q->q, &q->j);
		send_probes(b, i);
	}
	settle(b);
	for (uint32_t i = 0; i < b->id - b->first_id; i++)
		take_probe(&b->questions[b->probes[i].question], &b->probes[i]);
	for (unsigned int i = 0; i < b->n_questions; i++) {
		const struct question *q = &b->questions[i];

		n_certain += q->j.verdict != JUDGE_DEPENDS;
		n_alike += q->j.verdict == JUDGE_DEPENDS && !q->differs;
		n_wrong += q->is_wrong;
		if (q->is_wrong || getenv("SHOW"))
			print_question(&fw, q);
	}
	printf("%s %u %u %u %u %u\n", name, b->n_questions, n_certain, n_alike, n_wrong,
	       b->id - b->first_id);
	fflush(stdout);
	firewall_fini(&fw);
}

int main(int argc, char **argv)
{
	int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct bench b = { .random = 88172645463325252ULL };
	struct own_addrs own = { 0 };
	char name[64];

	if (argc != 3)
		return 2;
	b.probes = calloc(PROBES_MAX, sizeof(*b.probes));
	b.questions = calloc(256, sizeof(*b.questions));
	if (!b.probes || !b.questions)
		die("calloc");
	open_sockets(&b, argv[1], argv[2]);
	read_own(&own);
	add_questions(&b);
	while (fgets(name, sizeof(name), stdin)) {
		name[strcspn(name, "\n")] = '\0';
		run(&b, &own, proc, name);
	}
	own_addrs_fini(&own);
	free(b.probes);
	free(b.questions);
	return 0;
}
