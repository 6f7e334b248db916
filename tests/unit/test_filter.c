/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter language: what matches what, the canonical form, and errors with their place. */
#include <config.h>

#include "query/filter.h"

#include <errno.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "model/cond.h"
#include "query/columns.h"
#include "query/snapshot.h"
#include "resolve/cgroups.h"
#include "resolve/ifaces.h"
#include "resolve/resolver.h"
#include "resolve/services.h"
#include "resolve/users.h"
#include "test.h"

#define FULL (SOCK_HAS_UID | SOCK_HAS_INODE | SOCK_HAS_QUEUES | SOCK_HAS_IFACE | SOCK_HAS_MARK)

/* A socket in a line; peer NULL: it has none. */
static const struct {
	char name;
	uint8_t proto;
	uint8_t state;
	const char *local;
	uint16_t local_port;
	const char *peer;
	uint16_t peer_port;
	uint16_t known;
	uint32_t uid;
	uint32_t recv_q;
	uint32_t timer_ms;
} made[] = {
	{ 'A', PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 22, NULL, 0, FULL, 0, 0, 0 },
	{ 'B', PROTO_TCP, SOCK_STATE_ESTABLISHED, "10.0.0.1", 22, "192.0.2.7", 50000, FULL, 0, 1024,
	  0 },
	{ 'C', PROTO_TCP, SOCK_STATE_ESTABLISHED, "::ffff:10.0.0.1", 443, "::ffff:10.0.0.2", 40000,
	  FULL, 1000, 1025, 0 },
	{ 'D', PROTO_TCP, SOCK_STATE_LISTEN, "::", 80, NULL, 0, FULL | SOCK_HAS_V6ONLY, 0, 0, 0 },
	{ 'E', PROTO_UDP, SOCK_STATE_BOUND, "127.0.0.1", 53, NULL, 0, FULL, 101, 0, 0 },
	{ 'F', PROTO_UDP, SOCK_STATE_ESTABLISHED, "fe80::1", 546, "fe80::2", 547, FULL, 0, 0, 0 },
	{ 'G', PROTO_RAW, SOCK_STATE_BOUND, "0.0.0.0", 0, NULL, 0, FULL, 0, 0, 0 },
	{ 'H', PROTO_TCP, SOCK_STATE_TIME_WAIT, "10.0.0.1", 80, "10.0.0.9", 50312,
	  SOCK_HAS_TIMER | SOCK_HAS_IFACE, 0, 0, 2000 },
	{ 'I', PROTO_TCP, SOCK_STATE_CLOSE_WAIT, "10.0.0.1", 50312, "10.0.0.9", 36266, FULL, 7, 5,
	  0 },
	{ 'J', PROTO_TCP, SOCK_STATE_BOUND, "10.1.0.1", 36266, NULL, 0, FULL, 7, 2097152, 0 },
};
#define N (sizeof(made) / sizeof(*made))

struct world {
	struct sock socks[N];
	struct snapshot snap;
	struct resolver names;
};

static int set_up(void **state)
{
	struct world *world = calloc(1, sizeof(*world));

	world->names.services = services_new(NULL);
	world->names.users = users_new(true);
	world->names.ephemeral = (struct port_range){ 32768, 60999 };
	world->names.ifaces = ifaces_new(true);
	world->snap.names = &world->names;
	world->snap.resolved = NEED_SERVICES | NEED_USERS | NEED_IFACES | NEED_NETNS;
	for (size_t i = 0; i < N; i++) {
		struct sock *sk = &world->socks[i];
		enum addr_family family;

		sk->proto = made[i].proto;
		sk->state = made[i].state;
		assert_int_equal(
			addr_parse(made[i].local, strlen(made[i].local), &family, &sk->local.addr),
			0);
		sk->family = (uint8_t)family;
		sk->local.port = made[i].local_port;
		sk->known = made[i].known;
		if (made[i].peer) {
			assert_int_equal(addr_parse(made[i].peer, strlen(made[i].peer), &family,
						    &sk->remote.addr),
					 0);
			sk->known |= SOCK_HAS_PEER;
		}
		sk->remote.port = made[i].peer_port;
		sk->uid = made[i].uid;
		sk->inode = 100 + (uint32_t)i;
		sk->recv_q = made[i].recv_q;
		sk->mark = made[i].name == 'B' ? 5 : 0;
		sk->ifindex = made[i].name == 'E' ? if_nametoindex("lo") : 0;
		sk->timer = SOCK_TIMER_TIMEWAIT;
		sk->timer_ms = made[i].timer_ms;
	}
	*state = world;
	return 0;
}

static int tear_down(void **state)
{
	struct world *world = *state;

	services_free(world->names.services);
	users_free(world->names.users);
	ifaces_free(world->names.ifaces);
	free(world);
	return 0;
}

static struct filter *parse(struct world *world, const char *text)
{
	struct filter_error error;
	struct filter *f;

	if (filter_parse(&f, text, strlen(text), &world->names, &error))
		fail_msg("\"%s\" at %zu, %zu: %s", text, error.pos, error.len, error.message);
	return f;
}

static void check_cond(struct world *world, const struct filter *f, const char *text)
{
	struct cond cond;
	bool is_exact;

	filter_cond(f, &world->names, true, &cond, &is_exact);
	for (size_t i = 0; i < N; i++) {
		struct row row = { .sk = &world->socks[i] };
		enum filter_result result = filter_match(f, &world->snap, &row);
		struct sock kernel = world->socks[i];

		/* The kernel knows what it does not always tell. */
		if (result != FILTER_UNTESTABLE)
			kernel.known |= SOCK_HAS_MARK | SOCK_HAS_IFACE | SOCK_HAS_CGROUP;
		if (result != FILTER_NO && !cond_holds(&cond, &kernel))
			fail_msg("\"%s\" lets %c through, its condition does not", text,
				 made[i].name);
		if (is_exact && result != FILTER_UNTESTABLE &&
		    cond_holds(&cond, &kernel) != (result == FILTER_YES))
			fail_msg("\"%s\" is not exact for %c", text, made[i].name);
	}
	cond_fini(&cond);
}

/*
 * Does the filter, and its canonical form, let just these through, whose letters are given?  Those in
 * lower case cannot be judged.
 */
static void check_matches(struct world *world, const char *text, const char *expected)
{
	struct filter *f = parse(world, text);
	struct buf canonical = { 0 }, again = { 0 };

	filter_print(f, &canonical);
	for (int round = 0; round < 2; round++) {
		char got[N + 1] = "";
		size_t n = 0;

		for (size_t i = 0; i < N; i++) {
			struct row row = { .sk = &world->socks[i] };
			enum filter_result result = filter_match(f, &world->snap, &row);

			if (result == FILTER_MAYBE)
				fail_msg("\"%s\" is not decided for %c", text, made[i].name);
			if (result == FILTER_YES)
				got[n++] = made[i].name;
			else if (result == FILTER_UNTESTABLE)
				got[n++] = (char)(made[i].name - 'A' + 'a');
		}
		if (strcmp(got, expected))
			fail_msg("\"%s\": %s instead of %s", round ? buf_cstr(&canonical) : text,
				 got, expected);
		check_cond(world, f, text);
		filter_free(f);
		f = parse(world, buf_cstr(&canonical));
	}
	filter_print(f, &again);
	assert_string_equal(buf_cstr(&canonical), buf_cstr(&again));
	filter_free(f);
	buf_fini(&canonical);
	buf_fini(&again);
}

static void matches(void **state)
{
	static const struct {
		const char *text;
		const char *letters;
	} cases[] = {
		{ "", "ABCDEFGHIJ" },
		{ " \t\n", "ABCDEFGHIJ" },
		/* ports at either end */
		{ "22", "AB" },
		{ "port 50312", "HI" },
		{ "22 80", "ABDH" },
		{ "22,80", "ABDH" },
		{ "22, 80", "ABDH" },
		{ "22 ,80", "ABDH" },
		{ "22 80,443 53", "ABCDEH" },
		{ "(22) 50000", "B" },
		{ "22 and 50000", "B" },
		{ "22 & 50000", "B" },
		{ "22 && 50000", "B" },
		{ "0-65535", "ABCDEFHIJ" },
		{ "0-", "ABCDEFHIJ" },
		{ "0", "" },
		{ "https", "C" },
		{ "HTTPS", "C" },
		{ "ssh domain", "ABE" },
		{ "well-known", "ABCDEFH" },
		{ "registered", "CIJ" },
		{ "dynamic", "BHI" },
		{ "ephemeral", "BCHIJ" },
		/* bare words: lists of a kind, wherever they stand */
		{ "!port 22", "CDEFGHIJ" },
		{ "!lport:80", "ABCEFGIJ" },
		{ "!state time-wait", "ABCDEFGIJ" },
		{ "!!22", "ABG" },
		{ "!state listen tcp", "BCHIJ" },
		{ "http*", "CDH" },
		{ "S?H", "AB" },
		{ "\\x73sh", "AB" },
		{ "22 udp 80", "" },
		{ "22 tcp 80", "ABDH" },
		{ "22 LISTEN 80", "AD" },
		{ "tcp udp", "ABCDEFHIJ" },
		{ "TCP", "ABCDHIJ" },
		{ "!tcp", "EFG" },
		{ "not tcp udp", "G" },
		{ "not tcp 22", "" },
		{ "not udp 22", "AB" },
		{ "LISTEN ESTABLISHED", "ABCDF" },
		{ "TIME_WAIT", "H" },
		{ "time-wait close_wait", "HI" },
		{ "estab", "BCF" },
		{ "!listen tcp", "BCHIJ" },
		{ "not LISTEN ESTAB tcp", "HIJ" },
		{ "tcp and udp", "" },
		{ "22 and 80 443", "" },
		{ "80 and 50312 36266", "H" },
		{ "udp:53 tcp:80,443", "CDEH" },
		{ "udp:22 80", "DH" },
		{ "53,546/udp", "EF" },
		{ "53/udp,22/tcp", "ABE" },
		{ "53/tcp", "" },
		{ "!tcp:22", "CDEFGHIJ" },
		{ "tcp !tcp:22", "CDHIJ" },
		{ ":22", "AB" },
		{ ":ssh 443", "ABC" },
		{ "10.0.0.1", "BCHI" },
		{ "10.0.0.1 10.0.0.9", "HI" },
		{ "10.0.0.1,10.1.0.1", "BCHIJ" },
		{ "!10.0.0.1", "ADEFGJ" },
		{ "not 10.0.0.1", "ADEFGJ" },
		{ "10.0.0.0/8 LISTEN", "" },
		{ "10.0.0.0/8 tcp 80", "H" },
		{ "10.0.0.1:80-443", "CH" },
		{ "10.0.0.1:80,22", "BH" },
		{ "[fe80::1]:546", "F" },
		{ "[fe80::1]", "F" },
		{ "fe80::/10", "F" },
		{ "::ffff:10.0.0.1", "C" },
		{ "*:80", "DH" },
		{ "10.0.0.1:*", "BCHI" },
		{ "*:*", "ABCDEFGHIJ" },
		{ "127.0.0.1%lo", "E" },
		{ "127.0.0.1%lo:53", "E" },
		{ "127.0.0.1%lo:54", "" },
		{ "*%lo", "E" },
		{ "*%lo:53", "E" },
		{ "src 10.0.0.1%lo", "" },
		{ "src 0.0.0.0:*", "AG" },
		{ "fe80::1%lo", "" },
		{ "not fe80::1%lo", "ABCDEFGHIJ" },
		{ "127.0.0.1 lo", "E" },
		/* names: of a service at either end, a device, a user */
		{ "ssh https", "ABC" },
		{ "ssh", "AB" },
		{ "ss", "" },
		{ "ssh 443", "ABC" },
		{ "22 https", "ABC" },
		{ "ssh !50000", "A" },
		{ "not ssh http", "CEFGIJ" },
		{ "!ssh tcp", "CDHIJ" },
		{ "ssh and tcp", "AB" },
		{ "root", "ABDFG" },
		{ "ROO ssh", "AB" },
		{ "r?ot", "ABDFG" },
		{ "r?o", "" },
		{ "root !ssh", "DFG" },
		{ "\"root\"", "ABDFG" },
		{ "\"listen\"", "" },
		{ "lo 53", "E" },
		{ "name root,!ssh", "DFG" },
		{ "name != root", "CEHIJ" },
		{ "name !root", "CEHIJ" },
		{ "nosuchname", "" },
		{ "not nosuchname", "ABCDEFGHIJ" },
		{ "nosuchname or 22", "AB" },
		/* what is taken away */
		{ "!22", "CDEFHIJ" },
		{ "1-1023,!22", "CDEFH" },
		{ "1-1023 !22", "CDEFH" },
		{ "!22,80", "DH" },
		{ "80,!50312", "D" },
		{ "22,!22", "" },
		{ "!0-65535", "" },
		{ "!ssh,!http", "CEFIJ" },
		{ "lport 1-1023,!22", "CDEFH" },
		{ "lport !22", "CDEFHIJ" },
		{ "rport !50312", "BCFI" },
		{ "not 22", "CDEFGHIJ" },
		{ "not 22 80", "CEFGIJ" },
		{ "! 22", "CDEFGHIJ" },
		{ "!(22)", "CDEFGHIJ" },
		{ "not not 22", "AB" },
		{ "not ! not 22", "CDEFGHIJ" },
		/* one end */
		{ "lport 80", "DH" },
		{ "sport 80", "DH" },
		{ "local_port 80", "DH" },
		{ "rport 50312", "H" },
		{ "dport 50312", "H" },
		{ "peer_port 50312", "H" },
		{ "lport=80", "DH" },
		{ "lport = 80", "DH" },
		{ "lport== 80", "DH" },
		{ "lport ==80", "DH" },
		{ "lport:80", "DH" },
		{ "lport: 80", "DH" },
		{ "lport eq 80", "DH" },
		{ "lport EQ 80", "DH" },
		{ "LPORT 80", "DH" },
		{ "sport = :80", "DH" },
		{ "sport :80", "DH" },
		{ "sport::80", "DH" },
		{ "dport = :50312,:547", "FH" },
		{ "sport = :https", "C" },
		{ "lport != 80", "ABCEFIJ" },
		{ "lport !=80", "ABCEFIJ" },
		{ "lport ne 80", "ABCEFIJ" },
		{ "lport neq 80", "ABCEFIJ" },
		{ "lport geq 443", "CFIJ" },
		{ "lport leq 80", "ABDEH" },
		{ "rport != 50312", "BCFI" },
		{ "rport != 443", "BCFHI" },
		{ "port != 22,80", "CEFIJ" },
		{ "port != 1-1023,!22", "ABIJ" },
		{ "port != !22", "AB" },
		{ "lport < 80", "ABE" },
		{ "lport lt 80", "ABE" },
		{ "lport <= 80", "ABDEH" },
		{ "lport le http", "ABDEH" },
		{ "lport > 443", "FIJ" },
		{ "lport >= :443", "CFIJ" },
		{ "lport < 0", "" },
		{ "lport > 65535", "" },
		{ "rport > 0", "BCFHI" },
		{ "port < 54", "ABE" },
		{ "not rport 443", "ABCDEFGHIJ" },
		{ "not rport 0-", "ADEGJ" },
		{ "not rport 0", "ABCDEFGHIJ" },
		{ "not lport 0-", "G" },
		/* addresses */
		{ "addr 10.0.0.1", "BCHI" },
		{ "addr 10.0.0.9", "HI" },
		{ "laddr 10.0.0.0/8", "BCHIJ" },
		{ "src 10.0.0.0/8", "BCHIJ" },
		{ "src 10.9.9.9/8", "BCHIJ" },
		{ "dst 10.0.0.0/8", "CHI" },
		{ "dst = 10.0.0.0/8", "CHI" },
		{ "dst != 10.0.0.0/8", "BF" },
		{ "not dst 10.0.0.0/8", "ABDEFGJ" },
		{ "raddr 0.0.0.0/0", "BCHI" },
		{ "not raddr 0.0.0.0/0", "ADEFGJ" },
		{ "raddr ::/0", "CF" },
		{ "raddr *", "BCFHI" },
		{ "not raddr *", "ADEGJ" },
		{ "laddr *", "ABCDEFGHIJ" },
		{ "src ::1/128", "" },
		{ "src ::", "D" },
		{ "src 0.0.0.0", "AG" },
		{ "local_addr fe80::/10", "F" },
		{ "src:fe80::/10", "F" },
		{ "src = fe80::1", "F" },
		{ "src ::ffff:10.0.0.1", "C" },
		{ "src ::ffff:0:0/96", "C" },
		{ "peer fe80::2", "F" },
		{ "src 10.0.0.1:80", "H" },
		{ "src 10.0.0.1:80,443", "CH" },
		{ "src 10.0.0.1:80,443,127.0.0.1", "CEH" },
		{ "src 10.0.0.0/8:22", "B" },
		{ "src *:80", "DH" },
		{ "src :80", "DH" },
		{ "src :http", "DH" },
		{ "src [::]:80", "D" },
		{ "src [::]", "D" },
		{ "src [fe80::]/10", "F" },
		{ "src [fe80::]/10:546", "F" },
		{ "dst [fe80::2]:547", "F" },
		{ "src *:1-1023,!22", "CDEFH" },
		{ "src *:!22", "CDEFHIJ" },
		{ "src 10.0.0.0/8,!10.1.0.0/16", "BCHI" },
		{ "src !10.1.0.0/16,10.0.0.0/8", "BCHI" },
		{ "src !10.0.0.0/8", "ADEFG" },
		{ "src != 10.0.0.0/8,!10.1.0.0/16", "ADEFGJ" },
		{ "addr !10.0.0.9", "ABCDEFGJ" },
		{ "addr != 10.0.0.9", "ABCDEFGJ" },
		{ "dst !10.0.0.9", "BCF" },
		{ "not dst !10.0.0.9", "ADEGHIJ" },
		{ "addr :50312", "HI" },
		{ "addr 10.0.0.9:50312", "H" },
		/* words */
		{ "proto tcp", "ABCDHIJ" },
		{ "proto UDP,raw", "EFG" },
		{ "proto != tcp", "EFG" },
		{ "proto !tcp", "EFG" },
		{ "proto !tcp,udp", "EF" },
		{ "family inet", "ABEGHIJ" },
		{ "family 6", "CDF" },
		{ "family ipv4", "ABEGHIJ" },
		{ "family inet,inet6", "ABCDEFGHIJ" },
		{ "family !inet,!inet6", "" },
		{ "state listen", "AD" },
		{ "state LISTENING", "AD" },
		{ "state listen,established", "ABCDF" },
		{ "state connected", "BCFHI" },
		{ "state connected,!time-wait", "BCFI" },
		{ "state all", "ABCDEFGHIJ" },
		{ "state bound", "EGJ" },
		{ "state != listen", "BCEFGHIJ" },
		{ "exclude time-wait", "ABCDEFGIJ" },
		{ "exclude listen,bound", "BCFHI" },
		{ "not exclude time-wait", "H" },
		/* columns */
		{ "uid 0", "ABDFG" },
		{ "uid = 7,1000", "CIJ" },
		{ "uid != 0", "CEIJ" },
		{ "not uid 0", "CEHIJ" },
		{ "uid !0", "CEIJ" },
		{ "uid > 7", "CE" },
		{ "uid >= 7", "CEIJ" },
		{ "uid lt 8", "ABDFGIJ" },
		{ "uid le 7", "ABDFGIJ" },
		{ "user root", "ABDFG" },
		{ "user 1000", "C" },
		{ "user r*t", "ABDFG" },
		{ "user ~ ^ro", "ABDFG" },
		{ "inode 101", "B" },
		{ "recv_q > 1K", "CJ" },
		{ "recvq >= 1K", "BCJ" },
		{ "recv_q = 2M", "J" },
		{ "recv_q < 1G", "ABCDEFGIJ" },
		{ "recv_q 5", "I" },
		{ "mark 5", "Bh" },
		{ "fwmark 0x5", "Bh" },
		{ "mark !5", "ACDEFGhIJ" },
		{ "mark != 5", "ACDEFGhIJ" },
		{ "not mark 5", "ACDEFGhIJ" },
		{ "mark 4294967301", "h" },
		{ "mark 0x1/0x1", "Bh" },
		{ "mark = 4/0xfc", "Bh" },
		{ "fwmark 0/0xff", "ACDEFGhIJ" },
		{ "mark 6/4", "h" },
		{ "timer.expires_ms 2s", "H" },
		{ "timer.expires_ms 2000", "H" },
		{ "timer.expires_ms > 1999ms", "H" },
		{ "timer.expires_ms < 1999999us", "" },
		{ "timer.kind timewait", "H" },
		{ "timer.kind time*,!*wait", "" },
		{ "dual_stack true", "D" },
		{ "dual_stack no", "" },
		{ "dual_stack != no", "D" },
		{ "service ssh", "AB" },
		{ "service ss?", "AB" },
		{ "service [a-h]*", "CDEFH" },
		{ "service ~ ^(ssh|domain)$", "ABE" },
		{ "(service ~ ^(ssh|domain)$)", "ABE" },
		{ "service ~ \"^(ssh|domain)$\" 53", "E" },
		{ "service !~ ^s", "CDEFH" },
		{ "iface lo", "E" },
		{ "dev lo", "E" },
		{ "iface != lo", "" },
		{ "not iface lo", "ABCDFGHIJ" },
		{ "iface !lo", "" },
		{ "iface l*", "E" },
		{ "iface lo,nosuchdevice", "E" },
		{ "iface nosuchdevice", "" },
		{ "not iface nosuchdevice", "ABCDEFGHIJ" },
		{ "reach all", "ADG" },
		{ "reach ALL", "ADG" },
		{ "state CLOSE-WAIT", "I" },
		{ "reach a*", "ADG" },
		{ "reach host,net", "EJ" },
		{ "port_class well-known", "ABCDEFH" },
		{ "port_class \"well-known\"", "ABCDEFH" },
		{ "port_class well\\-known", "ABCDEFH" },
		{ "port_class dynamic", "I" },
		/* precedence, spelling */
		{ "dport = 50312 or dport = 36266 and sport = 36266", "H" },
		{ "(dport = 50312 or dport = 36266) and sport = 50312", "I" },
		{ "( dport = :50312 or sport = :ssh )", "ABH" },
		{ "( dport = :50312 || sport = :ssh )", "ABH" },
		{ "(dport = :50312)|(sport = :ssh)", "ABH" },
		{ "rport 50312 OR lport 22 AND state listen", "AH" },
		{ "not lport 22 state listen", "D" },
		{ "not lport 22 or state listen", "ACDEFGHIJ" },
		{ "state listen lport 22", "A" },
		{ "state listen 22", "A" },
		{ "22 state listen", "A" },
		{ "state listen,established and (22 or 443) and not laddr 0.0.0.0", "BC" },
		{ "not(22 or 80)", "CEFGIJ" },
		{ "not (not 22 and not 80)", "ABDH" },
		{ "((((22))))", "AB" },
		{ "state listen\n22", "A" },
	};

	struct world *world = *state;

	/* Nobody holds a socket here, and that is known. */
	world->snap.resolved |= NEED_OWNERS | NEED_CGROUPS | NEED_UNITS;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check_matches(world, cases[i].text, cases[i].letters);
}

static void canonical_forms(void **state)
{
	static const struct {
		const char *text;
		const char *canonical;
	} cases[] = {
		{ "", "" },
		{ "443 22", "port 22,443" },
		{ "22-80,81,443-", "port 22-81,443-65535" },
		{ "sport = :https", "lport 443" },
		{ "dport != 443", "rport !443" },
		{ "port != 443", "port !443" },
		{ "1-1023 !22", "port 1-21,23-1023,!22" },
		{ "lport < 1024", "lport 0-1023" },
		{ "0-79,81-", "port 0-79,81-65535" },
		{ "22,!22", "port !0-65535" },
		{ "lport 22,!22", "lport !0-65535" },
		{ "ephemeral", "port ephemeral" },
		{ "lport 443 and 22,ephemeral", "lport 443 and port 22,ephemeral" },
		{ "ephemeral !40000 22", "port 22,ephemeral,!40000" },
		{ "80,!ephemeral", "port 80,!ephemeral" },
		{ "!ephemeral", "port !ephemeral" },
		{ "lport != ephemeral,80", "lport !80,!ephemeral" },
		{ "lport != ephemeral,!443", "lport 0-65535 and not lport ephemeral,!443" },
		{ "port != ephemeral", "port !ephemeral" },
		{ "ephemeral/udp", "proto udp and port ephemeral" },
		{ "!ephemeral/udp", "not (proto udp and port ephemeral)" },
		{ "udp:53 !ephemeral", "proto udp and port 53 and port !ephemeral" },
		{ "addr 10.0.0.1:ephemeral,80,!90", "addr 10.0.0.1:80,ephemeral,!90" },
		{ "addr [::1]:!ephemeral", "addr [::1]:!ephemeral" },
		{ "src 10.1.2.3/8", "laddr 10.0.0.0/8" },
		{ "dst 2001:DB8:0::1", "raddr 2001:db8::1" },
		{ "dst 2001:db8::1/64", "raddr 2001:db8::/64" },
		{ "addr [::1]:80,22", "addr [::1]:22,80" },
		{ "addr :!80", "addr *:!80" },
		{ "addr 10.0.0.1:80,443,!10.0.0.2:22", "addr 10.0.0.1:80,443,!10.0.0.2:22" },
		{ "addr != 10.0.0.1", "addr != 10.0.0.1" },
		{ "proto = UDP,tcp", "proto tcp,udp" },
		{ "family 4", "family inet" },
		{ "state != listen", "state !listen" },
		{ "state all", "state all" },
		{ "state listen,bound,!all",
		  "state "
		  "!established,!syn-sent,!syn-recv,!fin-wait-1,!fin-wait-2,!time-wait,!close,"
		  "!close-wait,!last-ack,!listen,!closing,!bound,!forward" },
		{ "family 4,6", "family inet,inet6" },
		{ "exclude time-wait", "not state time-wait" },
		{ "not not not state listen", "not state listen" },
		{ "22 or 80 443 and not (22 or state listen)",
		  "port 22 or port 80,443 and not (port 22 or state listen)" },
		{ "((22 or 80) or (443))", "port 22 or port 80 or port 443" },
		{ "proc nginx* and state established and raddr 10.0.0.0/8 and not rport "
		  "443,8000-8999",
		  "proc nginx* and state established and raddr 10.0.0.0/8 and not rport "
		  "443,8000-8999" },
		{ "proc \"tmux: server\"", "proc \"tmux: server\"" },
		{ "proc tmux:\\ server", "proc \"tmux: server\"" },
		{ "proc \"a b\"*", "proc \"a b*\"" },
		{ "proc \"a\\*b\"", "proc a\\*b" },
		{ "proc \"say \\\"hi\\\"\"", "proc \"say \\\"hi\\\"\"" },
		{ "proc \"\"", "proc \"\"" },
		{ "proc \"eq\"", "proc \"eq\"" },
		{ "proc = ge", "proc \"ge\"" },
		{ "proc \\!x,!y", "proc \"!x\",!y" },
		{ "owners.name sshd", "proc sshd" },
		{ "process sshd", "proc sshd" },
		{ "owners.pid 1", "pid 1" },
		{ "proc ~ ^(a|b)$", "proc ~ ^(a|b)$" },
		{ "proc ~ a,b", "proc ~ a,b" },
		{ "proc ~ ^(^a|b$)[*]\\*\\$$", "proc ~ ^(^a|b$)[*]\\*\\$$" },
		{ "proc ~ \"a b\"", "proc ~ \"a b\"" },
		{ "proc !~ \"a\\\"b \\\\\"", "proc !~ \"a\\\"b \\\\\"" },
		{ "proc ~ [[:alpha:]()]", "proc ~ [[:alpha:]()]" },
		{ "recv_q > 2048", "recv_q > 2K" },
		{ "recvq 1500,!3M", "recv_q 1500,!3M" },
		{ "rtt > 1500us", "tcp.rtt_us > 1500us" },
		{ "rtt > 2000", "tcp.rtt_us > 2ms" },
		{ "timer.expires_ms 1000", "timer.expires_ms 1s" },
		{ "user root", "uid 0" },
		{ "user roo?", "user roo?" },
		{ "dev lo", "iface lo" },
		{ "dual_stack != yes", "dual_stack false" },
		{ "80 nginx 443", "port 80,443 and name nginx" },
		{ "NGINX", "name nginx" },
		{ "22 https", "port 22 or name https" },
		{ "listen 22 tcp 80 ESTAB",
		  "state established,listen and port 22,80 and proto tcp" },
		{ "udp:53 80", "port 80 or proto udp and port 53" },
		{ "not 80 443 nginx", "not port 80,443 and name nginx" },
		{ "!nginx", "not name nginx" },
		{ "nginx[812]", "name \"nginx[812]\"" },
		{ "\"80\"", "name 80" },
		{ "fe80::1%eth0", "addr fe80::1%eth0" },
		{ "*%lo:53", "addr *%lo:53" },
		{ "0.0.0.0%lo:9000", "addr 0.0.0.0%lo:9000" },
		{ "src [fe80::1%eth0]:22", "laddr [fe80::1%eth0]:22" },
		{ "mark 0x1/0xff", "mark 1/255" },
		{ "state TIME_WAIT", "state time-wait" },
		{ "reach HOST", "reach host" },
		{ "name != x", "not name x" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf out = { 0 };
		struct filter *f;

		f = parse(*state, cases[i].text);
		filter_print(f, &out);
		assert_string_equal(buf_cstr(&out), cases[i].canonical);
		filter_free(f);
		f = parse(*state, cases[i].canonical);
		buf_clear(&out);
		filter_print(f, &out);
		assert_string_equal(buf_cstr(&out), cases[i].canonical);
		filter_free(f);
		buf_fini(&out);
	}
}

/* What begins the messages: enough to tell them apart. */
#define PORT "Expected a port, a range of ports, a port class or"
#define NAMES "Expected a port or the name of a service: separate other"
#define WORDS "Expected a port: separate protocols and states"
#define VALUE "Expected a value"
#define COMMA "Expected a comma before this item"
#define TEST "Expected a test here"
#define ADDR "Expected an address, a prefix"
#define TEXT "Expected text"

static void errors(void **state)
{
	static const struct {
		const char *text;
		size_t pos;
		size_t len;
		const char *message;
	} cases[] = {
		{ "22-21", 0, 5, "Expected the lower port" },
		{ "80 22-21 443", 3, 5, "Expected the lower port" },
		{ "-1", 0, 2, PORT },
		{ "80-90-", 0, 6, PORT },
		{ "65536", 0, 5, "Expected port numbers from 0 to 65535" },
		{ "22-65536", 0, 8, "Expected port numbers from 0 to 65535" },
		{ "99999999999999999999", 0, 20, "Expected port numbers" },
		{ "foo,80", 0, 3, NAMES },
		{ "80,foo", 3, 3, NAMES },
		{ "tcp,udp", 0, 3, WORDS },
		{ "80,listen", 3, 6, WORDS },
		{ "nginx,redis", 0, 5, NAMES },
		{ "443/tpc", 0, 7, "Expected a protocol after the slash" },
		{ "80/", 0, 3, "Expected a protocol after the slash" },
		{ "tcp=1", 0, 3, "Expected a key before the operator: this" },
		{ "!~x", 0, 3, "Expected a key before the operator." },
		{ "!port", 5, 0, PORT },
		{ "proc not nginx", 5, 3, VALUE },
		{ "proc and nginx", 5, 3, VALUE },
		{ "proc = and 80", 7, 3, VALUE },
		{ "proc : x", 5, 1, VALUE },
		{ "lport or 80", 6, 2, VALUE },
		{ "7620|9000", 4, 1, "Expected white space around" },
		{ "tcp&&7620", 3, 1, "Expected white space around" },
		{ "http://localhost:80/", 0, 20, "Expected a host and a port" },
		{ "80:90", 0, 5, "Expected a range as in" },
		{ "port 80..90", 5, 6, "Expected a range as in" },
		{ "80..90", 0, 6, "Expected a range as in" },
		{ "10.0.0.*", 0, 8, "Expected a prefix: write" },
		{ "src 10.*", 4, 4, "Expected a prefix: write" },
		{ "port 80 443", 8, 3, COMMA },
		{ "lport 80 ssh", 9, 3, COMMA },
		{ "port != 80 443", 11, 3, COMMA },
		{ "state listen established", 13, 11, COMMA },
		{ "proto tcp udp", 10, 3, COMMA },
		{ "lprot=80", 0, 5, "Unknown key" },
		{ "lprot = 80", 0, 5, "Unknown key" },
		{ "80 !lprot eq 80", 4, 5, "Unknown key" },
		{ "= 80", 0, 1, "Expected a key before the operator" },
		{ "tcp > 5", 4, 1, "Expected a key before the operator" },
		{ "tcp:nosuch", 0, 10, PORT },
		{ "80/tpc", 0, 6, "Expected a protocol after the slash" },
		{ "udp:", 0, 4, PORT },
		{ ":", 0, 1, PORT },
		{ "10.0.0", 0, 6, ADDR },
		{ "10.0.0/8", 0, 8, ADDR },
		{ "1.2.3.4/33", 0, 10, "Expected a prefix length" },
		{ "1.2.3.4.5", 0, 9, ADDR },
		{ "fe80::g", 0, 7, ADDR },
		{ "[::1", 0, 4, ADDR },
		{ "[::1]:nosuch", 0, 12, PORT },
		{ "10.0.0.1:nosuch", 0, 15, PORT },
		{ "localhost:80", 0, 12, "Expected an address: host names are not looked up" },
		{ "reach world", 6, 5, "Unknown value" },
		{ "reach w*", 6, 2, "Unknown value" },
		{ "owner_note nobody", 11, 6, "Unknown value" },
		{ "owners.via door", 11, 4, "Unknown value" },
		{ "port_class high", 11, 4, "Unknown value" },
		{ "timer.kind off", 11, 3, "Unknown value" },
		{ "timer.kind 256", 11, 3, "Unknown value" },
		{ "mark 1/x", 5, 3, "Expected a number; a mask" },
		{ "mark > 1/1", 7, 3, "Expected a number" },
		{ "name", 4, 0, TEXT },
		{ "name > x", 5, 1, "Expected one of the operators = !=" },
		{ "\"a", 0, 2, "Expected a closing quotation mark" },
		{ "lport foo", 6, 3, PORT },
		{ "80,,443", 3, 1, PORT },
		{ "80,", 3, 0, PORT },
		{ ",80", 0, 1, TEST },
		{ "lport", 5, 0, PORT },
		{ "lport ", 6, 0, PORT },
		{ "lport =", 7, 0, PORT },
		{ "lport )", 6, 1, PORT },
		{ "lport !", 7, 0, PORT },
		{ "lport ! 22", 7, 1, PORT },
		{ "lport ~ 22", 6, 1, "Expected one of the operators = != < <= > >=" },
		{ "lport < 20-30", 8, 5, "Expected a single port" },
		{ "lport < !22", 8, 3, "Expected a single port" },
		{ "lport < registered", 8, 10, "Expected a single port" },
		{ "lport:=80", 6, 3, PORT },
		{ "src 10.0.0.1%", 4, 9, ADDR },
		{ "src 10.0.0.1%l*", 4, 11, ADDR },
		{ "dst port 80", 4, 4, "Expected an address: ports have keys" },
		{ "src host 10.0.0.1", 4, 4, "Expected an address: remove" },
		{ "host 10.0.0.1", 5, 8, "Expected the name of a host" },
		{ "src fe80::1%", 4, 8, ADDR },
		{ "src 10.0.0", 4, 6, ADDR },
		{ "src 10.0.0.1/33", 4, 11, "Expected a prefix length" },
		{ "src ::1/129", 4, 7, "Expected a prefix length" },
		{ "src ::1/", 4, 4, "Expected a prefix length" },
		{ "src 10.0.0.1:foo", 4, 12, PORT },
		{ "src 10.0.0.1:", 4, 9, PORT },
		{ "src [::1", 4, 4, ADDR },
		{ "src [::1]80", 4, 7, ADDR },
		{ "src */8", 4, 3, ADDR },
		{ "src localhost", 4, 9, "Expected an address: host names are not looked up" },
		{ "src 12-3", 4, 4, ADDR },
		{ "src 10.0.0.1,80", 13, 2, ADDR },
		{ "src < 10.0.0.1", 4, 1, "Expected one of the operators = !=" },
		{ "state foo", 6, 3, "Expected a state" },
		{ "state listen,,close", 13, 1, "Expected a state" },
		{ "state > listen", 6, 1, "Expected one of the operators = !=" },
		{ "proto ip", 6, 2, "Expected a protocol" },
		{ "family 5", 7, 1, "Expected an address family" },
		{ "uid x", 4, 1, "Expected a number" },
		{ "uid 1K", 4, 2, "Expected a number" },
		{ "uid 18446744073709551616", 4, 20, "Expected a number" },
		{ "uid < 1,2", 7, 1, "Unexpected comma" },
		{ "recv_q 1X", 7, 2, "Expected a number of bytes" },
		{ "recv_q 17179869184G", 7, 12, "Expected a number of bytes" },
		{ "rtt > 5K", 6, 2, "Expected a time" },
		{ "rtt > ms", 6, 2, "Expected a time" },
		{ "dual_stack maybe", 11, 5, "Expected true or false" },
		{ "user nosuchuserhere", 5, 14, "Expected the name of a user" },
		{ "proc", 4, 0, TEXT },
		{ "proc <= x", 5, 2, "Expected one of the operators = != ~ !~" },
		{ "proc \"a", 5, 2, "Expected a closing quotation mark" },
		{ "proc a\\", 7, 0, "Expected a character after the backslash" },
		{ "proc ~", 6, 0, "Expected a regular expression" },
		{ "proc ~ [a", 7, 2, "Expected a valid extended regular expression" },
		{ "proc ~ (a", 7, 2, "Expected a valid extended regular expression" },
		{ "proc ~ \"a\"b", 10, 1, "Expected white space after" },
		{ "proc ~ \"a", 7, 2, "Expected a closing quotation mark" },
		{ "proc ~ (a)\\1", 7, 5, "Expected a simpler regular expression" },
		{ "proc ~ ((a{99}){99}){99}", 7, 17, "Expected a simpler regular expression" },
		{ "proc ~ a++++++++++++++++++++", 7, 21, "Expected a simpler regular expression" },
		{ "proc ~ (^|a)*", 7, 6, "Expected a simpler regular expression" },
		{ "proc ~ (x(a|\\b)c){2}", 7, 13, "Expected a simpler regular expression" },
		{ "proc ~ ^^^^^^^^^^^^^^^^^", 7, 17, "Expected a simpler regular expression" },
		{ "owners 5", 0, 6, "Expected a key with a value" },
		{ "and 22", 0, 3, TEST },
		{ "22 and", 6, 0, TEST },
		{ "22 or or 80", 6, 2, TEST },
		{ "22 or", 5, 0, TEST },
		{ "22 || && 80", 6, 2, TEST },
		{ "not", 3, 0, TEST },
		{ "()", 1, 1, TEST },
		{ "(22", 3, 0, "Expected a closing parenthesis" },
		{ "( 22 or ( 80 )", 14, 0, "Expected a closing parenthesis" },
		{ "22)", 2, 1, "Unmatched closing parenthesis" },
		{ "22 ) 80", 3, 1, "Unmatched closing parenthesis" },
		{ ")", 0, 1, TEST },
		{ "not )", 4, 1, TEST },
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *text = cases[i].text;
		struct filter_error error;
		struct filter *f;

		if (filter_parse(&f, text, strlen(text), &world->names, &error) != -EINVAL)
			fail_msg("\"%s\" parses", text);
		if (error.pos != cases[i].pos || error.len != cases[i].len ||
		    strncmp(error.message, cases[i].message, strlen(cases[i].message)))
			fail_msg("\"%s\" at %zu, %zu: %s", text, error.pos, error.len,
				 error.message);
	}
}

static void nearest_key(void **state)
{
	struct world *world = *state;
	struct filter_error error;
	struct filter *f;

	assert_int_equal(filter_parse(&f, "stat=listen", 11, &world->names, &error), -EINVAL);
	assert_string_equal(error.nearest, "state");
	assert_int_equal(filter_parse(&f, "lprot < 5", 9, &world->names, &error), -EINVAL);
	assert_string_equal(error.nearest, "lport");
	assert_int_equal(filter_parse(&f, "qqqqqqqq=1", 10, &world->names, &error), -EINVAL);
	assert_null(error.nearest);
	assert_int_equal(filter_parse(&f, "state lisetn", 12, &world->names, &error), -EINVAL);
	assert_string_equal(error.nearest, "listen");
	assert_int_equal(filter_parse(&f, "proto tpc", 9, &world->names, &error), -EINVAL);
	assert_string_equal(error.nearest, "tcp");
	assert_int_equal(filter_parse(&f, "reach hots", 10, &world->names, &error), -EINVAL);
	assert_string_equal(error.nearest, "host");
	assert_string_equal(error.valid[0], "all");
	assert_int_equal(filter_parse(&f, "65536", 5, &world->names, &error), -EINVAL);
	assert_null(error.nearest);
}

static char *repeat(const char *head, const char *part, size_t times, const char *tail)
{
	size_t len = strlen(part);
	char *text = malloc(strlen(head) + len * times + strlen(tail) + 1), *end = text;

	end = stpcpy(end, head);
	for (size_t i = 0; i < times; i++)
		end = stpcpy(end, part);
	stpcpy(end, tail);
	return text;
}

static void depth_and_length_have_limits(void **state)
{
	struct world *world = *state;
	struct filter_error error;
	struct filter *f;
	char *text = repeat("", "(", 100000, "22");

	assert_int_equal(filter_parse(&f, text, strlen(text), &world->names, &error), -EINVAL);
	assert_int_equal(error.pos, 100);
	free(text);
	text = repeat("", "!(", 100000, "22");
	assert_int_equal(filter_parse(&f, text, strlen(text), &world->names, &error), -EINVAL);
	assert_int_equal(error.pos, 201);
	free(text);
	text = repeat("22", " ", FILTER_LENGTH_MAX, "");
	assert_int_equal(filter_parse(&f, text, strlen(text), &world->names, &error), -EINVAL);
	assert_int_equal(error.pos, FILTER_LENGTH_MAX);
	free(text);
}

/* Prints, parses and evaluates what is long, but not deep. */
static void check_long(struct world *world, char *text, size_t row_at, enum filter_result expected)
{
	struct row row = { .sk = &world->socks[row_at] };
	struct filter *f = parse(world, text);
	struct buf out = { 0 };

	assert_int_equal(filter_match(f, &world->snap, &row), expected);
	filter_print(f, &out);
	check_cond(world, f, "a long filter");
	filter_free(f);
	f = parse(world, buf_cstr(&out));
	assert_int_equal(filter_match(f, &world->snap, &row), expected);
	filter_free(f);
	buf_fini(&out);
	free(text);
}

static void long_filters(void **state)
{
	struct world *world = *state;
	char *text;

	check_long(world, repeat("", "not ", 100000, "22"), 0, FILTER_YES);
	check_long(world, repeat("", "not ", 100001, "22"), 0, FILTER_NO);
	check_long(world, repeat("", "23 | ", 100000, "22"), 0, FILTER_YES);
	check_long(world, repeat("", "22 & ", 20000, "22"), 0, FILTER_YES);
	check_long(world, repeat("", "23 ", 100000, "22"), 0, FILTER_YES);
	check_long(world, repeat("", "lport!=22 ", 20000, "proto tcp"), 0, FILTER_NO);
	check_long(world, repeat("", "nosuch ", 2000, "22"), 0, FILTER_MAYBE);
	text = repeat("", "(", 100, "22");
	check_long(world, repeat(text, ")", 100, ""), 0, FILTER_YES);
	free(text);
}

static void filters_are_joined(void **state)
{
	struct world *world = *state;
	struct filter *f = filter_and(parse(world, "22 or 80"), parse(world, "state listen"));
	struct buf out = { 0 };

	filter_print(f, &out);
	assert_string_equal(buf_cstr(&out), "(port 22 or port 80) and state listen");
	buf_clear(&out);
	f = filter_and(f, parse(world, "proto tcp and family 4"));
	f = filter_and(f, parse(world, ""));
	f = filter_and(NULL, filter_and(f, NULL));
	filter_print(f, &out);
	assert_string_equal(buf_cstr(&out), "(port 22 or port 80) and state listen and proto tcp "
					    "and family inet");
	filter_free(f);
	assert_null(filter_and(NULL, NULL));
	filter_free(NULL);
	buf_fini(&out);
}

/* C does not tell its device: an item with a scope cannot be judged, but for what others settle. */
static void scopes_that_are_not_told(void **state)
{
	struct world *world = *state;

	world->socks[5].known &= (uint16_t)~SOCK_HAS_IFACE;
	check_matches(world, "laddr fe80::1%lo", "f");
	check_matches(world, "not laddr fe80::1%lo", "ABCDEfGHIJ");
	check_matches(world, "laddr !fe80::1%lo", "ABCDEfGHIJ");
	check_matches(world, "laddr fe80::/64,!fe80::1%lo", "f");
	check_matches(world, "laddr fe80::1%lo,!fe80::1", "");
	check_matches(world, "laddr fe80::1%lo,fe80::1", "F");
	check_matches(world, "laddr != fe80::/64,!fe80::1%lo", "ABCDEfGHIJ");
	check_matches(world, "laddr fe80::1%lo or udp", "EF");
}

/* What is decided already is not to blame for a row. */
static void the_open_test_is_to_blame(void **state)
{
	struct world *world = *state;
	struct row row = { .sk = &world->socks[0], .owner_note = NOTE_HIDDEN };
	struct filter *f = parse(world, "(dev lo or 22) and proc x");
	struct filter_doubt doubt;

	world->socks[0].known &= (uint16_t)~SOCK_HAS_IFACE;
	world->snap.resolved |= NEED_OWNERS;
	assert_int_equal(filter_match(f, &world->snap, &row), FILTER_UNTESTABLE);
	doubt = filter_doubt(f, &world->snap, &row);
	assert_string_equal(doubt.key, "owners.name");
	assert_int_equal(doubt.lack, LACK_SEARCH);
	filter_free(f);
}

static void undecided_until_resolved(void **state)
{
	struct world *world = *state;
	struct row row = { .sk = &world->socks[0] };
	static const struct {
		const char *text;
		enum filter_result result;
	} cases[] = {
		{ "proc x", FILTER_MAYBE },
		{ "not proc x", FILTER_MAYBE },
		{ "proc x and 22", FILTER_MAYBE },
		{ "proc x and 23", FILTER_NO },
		{ "23 and proc x", FILTER_NO },
		{ "proc x or 22", FILTER_YES },
		{ "proc x or 23", FILTER_MAYBE },
		{ "not (proc x or 22)", FILTER_NO },
		{ "not (proc x and 23)", FILTER_YES },
		{ "rtt > 5 or memory.drops > 0", FILTER_MAYBE },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct filter *f = parse(world, cases[i].text);

		assert_int_equal(filter_match(f, &world->snap, &row), cases[i].result);
		filter_free(f);
	}
}

/* The condition has to hold for these sockets (letters as above), and to be exact or not. */
static void check_pushed(struct world *world, const char *text, bool with_names,
			 const char *letters, bool is_exact)
{
	struct filter *f = parse(world, text);
	struct cond cond;
	bool got_exact;

	filter_cond(f, with_names ? &world->names : NULL, false, &cond, &got_exact);
	for (size_t i = 0; i < N; i++)
		if (cond_holds(&cond, &world->socks[i]) != !!strchr(letters, made[i].name))
			fail_msg("the condition of \"%s\" and %c", text, made[i].name);
	assert_int_equal(got_exact, is_exact);
	cond_fini(&cond);
	filter_free(f);
}

/* A and B are in /a, of E to G no cgroup is known, the rest is in one that has no path here. */
static void cgroups_and_devices_by_number(void **state)
{
	char root[] = "/tmp/portstat-filter-XXXXXX", path[64];
	struct world *world = *state;
	struct stat a;

	assert_non_null(mkdtemp(root));
	snprintf(path, sizeof(path), "%s/a", root);
	assert_int_equal(mkdir(path, 0700) || stat(path, &a), 0);
	for (size_t i = 0; i < N; i++) {
		if (i >= 4 && i <= 6)
			continue;
		world->socks[i].known |= SOCK_HAS_CGROUP;
		world->socks[i].cgroup = i < 2 ? a.st_ino : 1;
	}
	world->names.cgroups = cgroups_new(root);
	world->snap.resolved |= NEED_CGROUPS;
	check_matches(world, "cgroup /a", "ABefg");
	check_matches(world, "not cgroup /a", "CDefgHIJ");
	check_matches(world, "cgroup != /a", "efg");
	check_matches(world, "cgroup !/a", "efg");
	check_matches(world, "cgroup ~ ^/a$", "ABefg");
	check_matches(world, "cgroup /b", "efg");
	/* What is decided without it is decided. */
	check_matches(world, "cgroup /a and 22", "AB");
	check_matches(world, "cgroup /a or 53", "ABEfg");
	check_matches(world, "not (cgroup /a or 53)", "CDfgHIJ");
	check_pushed(world, "cgroup /a", true, "ABEFG", true);
	check_pushed(world, "not cgroup /a", true, "CDEFGHIJ", true);
	check_pushed(world, "cgroup !/a", true, "CDEFGHIJ", false);
	check_pushed(world, "cgroup /a", false, "ABCDEFGHIJ", false);
	check_pushed(world, "cgroup /b", true, "ABCDEFGHIJ", false);
	check_pushed(world, "cgroup /a*", true, "ABCDEFGHIJ", false);
	check_pushed(world, "iface lo", true, "E", true);
	check_pushed(world, "iface lo", false, "ABCDEFGHIJ", false);
	check_pushed(world, "iface l*", true, "ABCDEFGHIJ", false);
	check_pushed(world, "mark 5", true, "ABCDEFGHIJ", false);
	cgroups_free(world->names.cgroups);
	assert_int_equal(rmdir(path) || rmdir(root), 0);
}

static void needs(void **state)
{
	static const struct {
		const char *text;
		unsigned int needs;
	} cases[] = {
		{ "", 0 },
		{ "22 state listen src 10.0.0.1 uid 0 user root", 0 },
		{ "proc x", NEED_OWNERS },
		{ "not (22 or pid 1)", NEED_OWNERS },
		{ "owners.cmdline x", NEED_OWNERS | NEED_CMDLINES },
		{ "user r*", NEED_USERS },
		{ "service ssh and dev lo", NEED_SERVICES | NEED_IFACES },
		{ "rtt > 1ms or memory.drops > 0", NEED_TCP_INFO | NEED_MEMORY },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct filter *f = parse(*state, cases[i].text);

		assert_int_equal(filter_needs(f), cases[i].needs);
		filter_free(f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(matches, set_up, tear_down),
		cmocka_unit_test_setup_teardown(canonical_forms, set_up, tear_down),
		cmocka_unit_test_setup_teardown(errors, set_up, tear_down),
		cmocka_unit_test_setup_teardown(nearest_key, set_up, tear_down),
		cmocka_unit_test_setup_teardown(depth_and_length_have_limits, set_up, tear_down),
		cmocka_unit_test_setup_teardown(long_filters, set_up, tear_down),
		cmocka_unit_test_setup_teardown(filters_are_joined, set_up, tear_down),
		cmocka_unit_test_setup_teardown(scopes_that_are_not_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(the_open_test_is_to_blame, set_up, tear_down),
		cmocka_unit_test_setup_teardown(undecided_until_resolved, set_up, tear_down),
		cmocka_unit_test_setup_teardown(cgroups_and_devices_by_number, set_up, tear_down),
		cmocka_unit_test_setup_teardown(needs, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
