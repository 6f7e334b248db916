/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of columns: what each says of sockets made by hand, in tables and in CSV, and the order. */
#include <config.h>

#include "query/columns.h"

#include "model/sock_info.h"
#include "query/filter.h"
#include "query/take.h"
#include "rows.h"

#define TCP_INFO_SIZE sizeof(struct sock_tcp_info)

struct cell {
	const char *key;
	const char *text; /* in tables */
	const char *plain; /* in CSV; NULL: the same */
};

static void expect_cells(const struct rows *r, size_t row, const struct cell *cells, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		rows_expect_text(r, row, cells[i].key, cells[i].text);
		rows_expect_plain(r, row, cells[i].key,
				  cells[i].plain ? cells[i].plain : cells[i].text);
	}
}
#define EXPECT_CELLS(r, row, cells) expect_cells(r, row, cells, sizeof(cells) / sizeof(*(cells)))

static void a_listener(void **state)
{
	static const struct cell cells[] = {
		{ "proto", "tcp", NULL },
		{ "family", "inet6", NULL },
		{ "dual_stack", "true", NULL },
		{ "state", "LISTEN", "listen" },
		{ "local_addr", "::", NULL },
		{ "local_port", "443", NULL },
		{ "peer_addr", "-", "" },
		{ "peer_port", "-", "" },
		{ "ip_protocol", "-", "" },
		{ "iface", "-", "" },
		{ "service", "https", NULL },
		{ "port_class", "well-known", NULL },
		{ "reach", "all", NULL },
		{ "recv_q", "3", NULL },
		{ "send_q", "128", NULL },
		{ "uid", "0", NULL },
		{ "user", "root", NULL },
		{ "inode", "4711", NULL },
		{ "mark", "7", NULL },
		{ "netns", "4026531840", NULL },
		{ "cookie", "00000000deadbeef", NULL },
		{ "timer", "-", "" },
		{ "local", "*:443", NULL },
		{ "peer", "-", "" },
	};
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::", 443, NULL, 0);

	sk.known |= SOCK_HAS_V6ONLY | SOCK_HAS_QUEUES | SOCK_HAS_UID | SOCK_HAS_INODE |
		    SOCK_HAS_MARK | SOCK_HAS_COOKIE | SOCK_HAS_IFACE | SOCK_HAS_TIMER;
	sk.recv_q = 3;
	sk.send_q = 128;
	sk.inode = 4711;
	sk.mark = 7;
	sk.cookie = 0xdeadbeef;
	r->snap.netns = 4026531840;
	rows_add(r, &sk);
	rows_make(r);
	EXPECT_CELLS(r, 0, cells);
}

static void a_connection(void **state)
{
	static const struct cell cells[] = {
		{ "proto", "tcp", NULL },
		{ "family", "inet", NULL },
		{ "dual_stack", "-", "" },
		{ "state", "ESTAB", "established" },
		{ "local_addr", "10.0.0.1", NULL },
		{ "local_port", "40000", NULL },
		{ "peer_addr", "192.0.2.7", NULL },
		{ "peer_port", "22", NULL },
		{ "service", "ssh", NULL },
		{ "port_class", "registered", NULL },
		{ "reach", "-", "" },
		{ "timer", "keepalive,1m30s,2", NULL },
		{ "timer.kind", "keepalive", NULL },
		{ "timer.expires_ms", "90123", NULL },
		{ "timer.retransmits", "2", NULL },
		{ "local", "10.0.0.1:40000", NULL },
		{ "peer", "192.0.2.7:22", NULL },
	};
	struct rows *r = *state;
	struct sock sk =
		rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "10.0.0.1", 40000, "192.0.2.7", 22);

	sk.known |= SOCK_HAS_TIMER;
	sk.timer = SOCK_TIMER_KEEPALIVE;
	sk.timer_ms = 90123;
	sk.retransmits = 2;
	rows_add(r, &sk);
	rows_make(r);
	EXPECT_CELLS(r, 0, cells);
}

/* Whatever a socket holds, a field whose bit is clear is not shown. */
static void what_is_unknown_is_never_a_number(void **state)
{
	/* clang-format off */
	static const char *const keys[] = {
		"dual_stack", "peer_addr", "peer_port", "ip_protocol", "iface",	       "recv_q",
		"send_q",     "uid",	   "user",	"inode",       "mark",	       "netns",
		"cgroup",     "unit",	   "container", "container_id", "pod",	       "timer",
		"timer.kind", "timer.expires_ms",
		"tcp",	      "tcp.rtt_us", "memory",	"mptcp",       "owners.pid",   "owner_note",
		"local_host", "peer_host", "peer",	"process",     "timer.retransmits",
	};
	/* clang-format on */
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::", 80, NULL, 0);

	sk.recv_q = sk.send_q = sk.uid = sk.inode = sk.mark = sk.ifindex = sk.timer_ms = 1;
	sk.timer = SOCK_TIMER_ON;
	sk.cgroup = 1;
	rows_add(r, &sk);
	rows_make(r);
	r->snap.rows[0].owner_note = NOTE_NOT_ASKED;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		rows_expect_text(r, 0, keys[i], "-");
		rows_expect_plain(r, 0, keys[i], "");
	}
	/* IPv6 alone, or not known to be more. */
	rows_expect_text(r, 0, "local", "[::]:80");
}

/* Columns that nobody asked for are unknown, even where the socket brings what they show. */
static void what_is_not_resolved_is_unknown(void **state)
{
	static const char *const keys[] = { "service",	    "user",	  "iface",  "tcp.rtt_us",
					    "memory.drops", "owners.pid", "process" };
	static const uint32_t numbers[TCP_INFO_SIZE / 4] = { 1, 2, 3 };
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "::1", 80, "::1", 40000);

	sk.known |= SOCK_HAS_UID | SOCK_HAS_IFACE;
	sk.ifindex = 1;
	rows_add(r, &sk);
	sock_table_attach(&r->snap.table, SOCK_EXTRA_TCP_INFO, numbers, sizeof(numbers));
	sock_table_attach(&r->snap.table, SOCK_EXTRA_MEMORY, numbers, sizeof(numbers));
	rows_make(r);
	r->snap.resolved = 0;
	r->snap.rows[0].owner_note = NOTE_NOT_ASKED;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (strcmp(keys[i], "user") != 0)
			rows_expect_text(r, 0, keys[i], "-");
	/* USER shows the uid instead; CSV speaks as JSON does, where it is null. */
	rows_expect_text(r, 0, "user", "0");
	rows_expect_plain(r, 0, "user", "");
}

static void ends_as_people_write_them(void **state)
{
	static const struct {
		enum sock_proto proto;
		const char *addr;
		uint16_t known;
		uint8_t v6only;
		uint32_t ifindex;
		const char *want;
	} cases[] = {
		{ PROTO_TCP, "0.0.0.0", 0, 0, 0, "0.0.0.0:80" },
		{ PROTO_TCP, "9.10.99.100", 0, 0, 0, "9.10.99.100:80" },
		{ PROTO_TCP, "255.0.255.1", 0, 0, 0, "255.0.255.1:80" },
		{ PROTO_TCP, "::", SOCK_HAS_V6ONLY, 0, 0, "*:80" },
		{ PROTO_TCP, "::", SOCK_HAS_V6ONLY, 1, 0, "[::]:80" },
		{ PROTO_TCP, "::", 0, 0, 0, "[::]:80" },
		{ PROTO_UDP, "::1", SOCK_HAS_V6ONLY, 0, 0, "[::1]:80" },
		{ PROTO_UDP, "fe80::1", SOCK_HAS_IFACE, 0, 1, "[fe80::1%lo]:80" },
		{ PROTO_UDP, "127.0.0.1", SOCK_HAS_IFACE, 0, 1, "127.0.0.1%lo:80" },
		{ PROTO_UDP, "127.0.0.1", SOCK_HAS_IFACE, 0, 0, "127.0.0.1:80" },
		{ PROTO_RAW, "10.0.0.1", 0, 0, 0, "10.0.0.1" },
		{ PROTO_RAW, "::", SOCK_HAS_V6ONLY, 0, 0, "[::]" },
		{ PROTO_TCP, "::ffff:10.0.0.1", 0, 0, 0, "10.0.0.1:80" },
		{ PROTO_TCP, "::ffff:0.0.0.0", SOCK_HAS_V6ONLY, 0, 0, "0.0.0.0:80" },
		{ PROTO_RAW, "::1", 0, 0, 0, "[::1]" },
	};
	struct rows *r = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sock sk =
			rows_sock(cases[i].proto, SOCK_STATE_BOUND, cases[i].addr, 80, NULL, 0);

		sk.known |= cases[i].known;
		sk.v6only = cases[i].v6only;
		sk.ifindex = cases[i].ifindex;
		rows_add(r, &sk);
	}
	rows_make(r);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		rows_expect_text(r, i, "local", cases[i].want);
}

/* Of another host, or gone: the number is known, and a name of this host would be a lie. */
static void devices_without_a_name(void **state)
{
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_UDP, SOCK_STATE_BOUND, "0.0.0.0", 80, NULL, 0);

	ifaces_free(r->names.ifaces);
	r->names.ifaces = ifaces_new(false);
	sk.known |= SOCK_HAS_IFACE;
	for (sk.ifindex = 1; sk.ifindex <= 2; sk.ifindex++)
		rows_add(r, &sk);
	rows_make(r);
	rows_expect_text(r, 0, "local", "0.0.0.0%lo:80");
	rows_expect_text(r, 0, "reach", "host");
	rows_expect_text(r, 1, "local", "0.0.0.0%2:80");
	rows_expect_text(r, 1, "iface", "2");
	rows_expect_text(r, 1, "reach", "all");
	ifaces_free(r->names.ifaces);
	r->names.ifaces = ifaces_new(true);
	rows_expect_text(r, 0, "iface", "lo");
}

/* A peer carries a scope only where its address needs one. */
static void the_scope_of_a_peer(void **state)
{
	struct rows *r = *state;
	struct sock scoped =
		rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "fe80::1", 1, "fe80::2", 2);
	struct sock bound =
		rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "::1", 1, "2001:db8::2", 2);

	scoped.known |= SOCK_HAS_IFACE;
	scoped.ifindex = 1;
	bound.known |= SOCK_HAS_IFACE;
	bound.ifindex = 1;
	rows_add(r, &scoped);
	rows_add(r, &bound);
	rows_make(r);
	rows_expect_text(r, 0, "peer", "[fe80::2%lo]:2");
	rows_expect_text(r, 1, "peer", "[2001:db8::2]:2");
	rows_expect_text(r, 1, "iface", "lo");
}

static void raw_sockets_have_no_ports(void **state)
{
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_RAW, SOCK_STATE_ESTABLISHED, "10.0.0.1", 0, "10.0.0.2", 0);

	sk.ip_protocol = 89;
	rows_add(r, &sk);
	rows_make(r);
	rows_expect_text(r, 0, "local_port", "-");
	rows_expect_text(r, 0, "peer_port", "-");
	rows_expect_text(r, 0, "port_class", "-");
	rows_expect_text(r, 0, "ip_protocol", "89");
	rows_expect_text(r, 0, "peer", "10.0.0.2");
}

/* What a raw socket receives stands where others have their service; JSON has a key for the number. */
static void raw_sockets_are_told_apart(void **state)
{
	static const struct {
		uint8_t number;
		const char *name;
		const char *numeric;
	} cases[] = {
		{ 1, "icmp", "1" },
		{ 89, "ospf", "89" },
		{ 253, "253", "253" },
		{ 255, "raw", "255" },
	};
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_RAW, SOCK_STATE_BOUND, "0.0.0.0", 0, NULL, 0);

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		sk.ip_protocol = cases[i].number;
		rows_add(r, &sk);
	}
	rows_make(r);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		rows_expect_text(r, i, "service", cases[i].name);
		rows_expect_plain(r, i, "service", cases[i].name);
	}
	r->snap.resolved &= ~(unsigned int)NEED_SERVICES;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		rows_expect_text(r, i, "service", cases[i].numeric);
}

/* People read the IPv4 address; programs get what the socket has. */
static void mapped_addresses(void **state)
{
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "::ffff:10.77.0.1", 443,
				   "::ffff:10.77.0.2", 50000);
	struct buf exact = { 0 };

	rows_add(r, &sk);
	rows_make(r);
	rows_expect_text(r, 0, "local", "10.77.0.1:443");
	rows_expect_text(r, 0, "peer", "10.77.0.2:50000");
	rows_expect_text(r, 0, "peer_addr", "10.77.0.2");
	rows_expect_plain(r, 0, "local", "[::ffff:10.77.0.1]:443");
	rows_expect_plain(r, 0, "peer", "[::ffff:10.77.0.2]:50000");
	rows_expect_plain(r, 0, "local_addr", "::ffff:10.77.0.1");
	column_exact(rows_column("peer"), &r->snap, &r->snap.rows[0], &exact);
	buf_char(&exact, ' ');
	column_exact(rows_column("peer_addr"), &r->snap, &r->snap.rows[0], &exact);
	assert_string_equal(buf_cstr(&exact), "[::ffff:10.77.0.2]:50000 ::ffff:10.77.0.2");
	buf_fini(&exact);
}

/* Bare numbers of something that has a unit say so in their heading. */
static void headings_with_units(void **state)
{
	static const struct {
		const char *key;
		const char *want;
	} cases[] = {
		{ "tcp.rtt_us", "RTT(us)" },	  { "timer.expires_ms", "EXPIRES(ms)" },
		{ "tcp.bytes_sent", "SENT(B)" },  { "tcp.delivery_rate_bps", "RATE(bit/s)" },
		{ "memory.rcvbuf", "RCVBUF(B)" }, { "tcp.cwnd", "CWND" },
		{ "recv_q", "RECV-Q" },		  { "peer", "PEER" },
	};
	struct buf title = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		buf_clear(&title);
		column_title(rows_column(cases[i].key), &title);
		assert_string_equal(buf_cstr(&title), cases[i].want);
	}
	/* No time and no rate is without. */
	for (size_t i = 0; i < columns_n; i++) {
		size_t len = strlen(columns[i].key);

		buf_clear(&title);
		column_title(&columns[i], &title);
		if (len > 3 && (!strcmp(columns[i].key + len - 3, "_us") ||
				!strcmp(columns[i].key + len - 3, "_ms") ||
				!strcmp(columns[i].key + len - 3, "bps")))
			assert_int_equal(title.data[title.len - 1], ')');
	}
	buf_fini(&title);
}

static void who_can_reach_it(void **state)
{
	static const struct {
		enum sock_state state;
		const char *addr;
		uint32_t ifindex;
		const char *want;
	} cases[] = {
		{ SOCK_STATE_LISTEN, "0.0.0.0", 0, "all" },
		{ SOCK_STATE_LISTEN, "::", 0, "all" },
		{ SOCK_STATE_LISTEN, "::ffff:0.0.0.0", 0, "all" },
		{ SOCK_STATE_BOUND, "0.0.0.0", 1, "host" },
		{ SOCK_STATE_LISTEN, "127.0.0.53", 0, "host" },
		{ SOCK_STATE_LISTEN, "::1", 0, "host" },
		{ SOCK_STATE_LISTEN, "::ffff:127.1.2.3", 0, "host" },
		{ SOCK_STATE_LISTEN, "10.0.0.1", 0, "net" },
		{ SOCK_STATE_BOUND, "fe80::1", 0, "net" },
		{ SOCK_STATE_ESTABLISHED, "127.0.0.1", 0, "-" },
		{ SOCK_STATE_TIME_WAIT, "0.0.0.0", 0, "-" },
	};
	struct rows *r = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sock sk = rows_sock(PROTO_TCP, cases[i].state, cases[i].addr, 80, NULL, 0);

		sk.known |= SOCK_HAS_IFACE;
		sk.ifindex = cases[i].ifindex;
		rows_add(r, &sk);
	}
	rows_make(r);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		rows_expect_text(r, i, "reach", cases[i].want);
}

/* The serving end: the one outside the ephemeral range; then the one with a name; then the lower. */
static void the_serving_end(void **state)
{
	static const struct {
		enum sock_state state;
		uint16_t local;
		uint16_t peer;
		const char *want;
	} cases[] = {
		{ SOCK_STATE_LISTEN, 22, 0, "ssh" },
		{ SOCK_STATE_BOUND, 50000, 0, "-" },
		{ SOCK_STATE_ESTABLISHED, 22, 40000, "ssh" },
		{ SOCK_STATE_ESTABLISHED, 40000, 22, "ssh" },
		{ SOCK_STATE_ESTABLISHED, 65000, 40000, "-" },
		{ SOCK_STATE_ESTABLISHED, 22, 4, "ssh" },
		{ SOCK_STATE_ESTABLISHED, 4, 22, "ssh" },
		{ SOCK_STATE_ESTABLISHED, 443, 22, "ssh" },
		{ SOCK_STATE_ESTABLISHED, 22, 443, "ssh" },
	};
	struct rows *r = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sock sk = rows_sock(PROTO_TCP, cases[i].state, "10.0.0.1", cases[i].local,
					   cases[i].peer ? "10.0.0.2" : NULL, cases[i].peer);

		rows_add(r, &sk);
	}
	rows_make(r);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		rows_expect_text(r, i, "service", cases[i].want);
}

/* /proc/net does not tell how many connections may wait. */
static void the_fallback_knows_no_backlog(void **state)
{
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 80, NULL, 0);

	sk.known |= SOCK_HAS_QUEUES | SOCK_FROM_PROCFS;
	sk.recv_q = 5;
	rows_add(r, &sk);
	rows_make(r);
	rows_expect_text(r, 0, "recv_q", "5");
	rows_expect_text(r, 0, "send_q", "-");
}

static void timers(void **state)
{
	static const struct {
		uint8_t timer;
		uint32_t ms;
		const char *text;
		const char *kind;
	} cases[] = {
		{ SOCK_TIMER_NONE, 5, "-", "-" },
		{ SOCK_TIMER_ON, 0, "on,0ms,1", "on" },
		{ SOCK_TIMER_ON, 999, "on,999ms,1", "on" },
		{ SOCK_TIMER_PERSIST, 1000, "persist,1.0s,1", "persist" },
		{ SOCK_TIMER_TIMEWAIT, 59999, "timewait,59.9s,1", "timewait" },
		{ SOCK_TIMER_KEEPALIVE, 7200000, "keepalive,120m0s,1", "keepalive" },
		{ 9, 1, "9,1ms,1", "9" },
	};
	struct rows *r = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "::1", 1, "::1", 2);

		sk.known |= SOCK_HAS_TIMER;
		sk.timer = cases[i].timer;
		sk.timer_ms = cases[i].ms;
		sk.retransmits = 1;
		rows_add(r, &sk);
	}
	rows_make(r);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		rows_expect_text(r, i, "timer", cases[i].text);
		rows_expect_text(r, i, "timer.kind", cases[i].kind);
	}
}

/* The kernel's tcp_info is as long as the kernel is new: a field beyond its end is unknown. */
static void a_short_tcp_info_cuts_fields_off(void **state)
{
	unsigned char block[TCP_INFO_SIZE];
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "::1", 1, "::1", 2);

	memset(block, 1, sizeof(block));
	for (size_t len = 0; len <= sizeof(block); len++) {
		rows_add(r, &sk);
		sock_table_attach(&r->snap.table, SOCK_EXTRA_TCP_INFO, block, len);
	}
	rows_make(r);
	for (size_t i = 0; i < columns_n; i++) {
		const struct column_field *field = &columns[i].field;

		if (!field->size || field->extra != SOCK_EXTRA_TCP_INFO)
			continue;
		for (size_t len = 0; len <= sizeof(block); len++) {
			bool is_there = len >= (size_t)field->offset + field->size;
			struct value value;

			column_value(&columns[i], &r->snap, &r->snap.rows[len], 0, &value);
			assert_int_equal(value.kind, is_there ? VALUE_NUMBER : VALUE_NULL);
		}
	}
}

static void tcp_values(void **state)
{
	/* clang-format off */
	struct sock_tcp_info info = {
		.tcpi_rtt = 38, .tcpi_snd_cwnd = 10, .tcpi_bytes_sent = 1ULL << 40,
		.tcpi_snd_ssthresh = 0x7fffffff, .tcpi_min_rtt = UINT32_MAX,
		.tcpi_pacing_rate = UINT64_MAX, .tcpi_delivery_rate = 125, .tcpi_backoff = 255,
	};
	/* clang-format on */
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "::1", 1, "::1", 2);
	struct sock listener = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::1", 1, NULL, 0);

	rows_add(r, &sk);
	sock_table_attach(&r->snap.table, SOCK_EXTRA_TCP_INFO, &info, sizeof(info));
	sock_table_attach(&r->snap.table, SOCK_EXTRA_CONGESTION, "cubic", 5);
	/* A listener's tcp_info means other things than its names say. */
	rows_add(r, &listener);
	sock_table_attach(&r->snap.table, SOCK_EXTRA_TCP_INFO, &info, sizeof(info));
	sock_table_attach(&r->snap.table, SOCK_EXTRA_CONGESTION, "cubic", 5);
	rows_make(r);
	rows_expect_text(r, 0, "tcp.rtt_us", "38");
	rows_expect_text(r, 0, "tcp.cwnd", "10");
	rows_expect_text(r, 0, "tcp.bytes_sent", "1099511627776");
	rows_expect_text(r, 0, "tcp.backoff", "255");
	rows_expect_text(r, 0, "tcp.delivery_rate_bps", "1000");
	rows_expect_text(r, 0, "tcp.congestion", "cubic");
	rows_expect_text(r, 0, "tcp.ssthresh", "-");
	rows_expect_text(r, 0, "tcp.min_rtt_us", "-");
	rows_expect_text(r, 0, "tcp.pacing_rate_bps", "-");
	assert_true(column_has_group(rows_column("tcp"), &r->snap, &r->snap.rows[0]));
	assert_false(column_has_group(rows_column("memory"), &r->snap, &r->snap.rows[0]));
	assert_false(column_has_group(rows_column("tcp"), &r->snap, &r->snap.rows[1]));
	rows_expect_text(r, 1, "tcp", "-");
	rows_expect_text(r, 1, "tcp.congestion", "-");
}

static void groups_as_one_cell(void **state)
{
	static const uint32_t memory[] = { 1, 2, 3 };
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_UDP, SOCK_STATE_BOUND, "::1", 1, NULL, 0);

	rows_add(r, &sk);
	sock_table_attach(&r->snap.table, SOCK_EXTRA_MEMORY, memory, sizeof(memory));
	rows_make(r);
	rows_expect_text(r, 0, "memory", "rmem_alloc=1,rcvbuf=2,wmem_alloc=3");
	rows_expect_text(r, 0, "mptcp", "-");
	rows_expect_plain(r, 0, "mptcp", "");
}

static void owners(void **state)
{
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::1", 1, NULL, 0);
	char uid[16], uids[32];

	snprintf(uid, sizeof(uid), "%u", (unsigned int)geteuid());
	snprintf(uids, sizeof(uids), "%s,%s", uid, uid);
	make_process(&r->tree, 12, "web) (x", 1);
	make_process(&r->tree, 7, "master", 1);
	make_link(&r->tree, "12/fd/9", "socket:[500]");
	make_link(&r->tree, "7/fd/3", "socket:[500]");
	make_link(&r->tree, "7/fd/4", "socket:[501]");
	make_file(&r->tree, "7/cmdline", "/bin/m\0-a b\0", 12);
	for (uint32_t i = 0; i < 3; i++) {
		sk.inode = 500 + i;
		sk.known |= SOCK_HAS_INODE;
		rows_add(r, &sk);
	}
	rows_make(r);
	rows_find_owners(r);
	rows_expect_text(r, 0, "process", "master[7] +1");
	rows_expect_text(r, 1, "process", "master[7]");
	rows_expect_text(r, 0, "owners", "master[7],web) (x[12]");
	rows_expect_text(r, 0, "owners.pid", "7,12");
	rows_expect_text(r, 0, "owners.name", "master,web) (x");
	rows_expect_text(r, 0, "owners.fd", "3,9");
	rows_expect_text(r, 0, "owners.via", "fd,fd");
	rows_expect_text(r, 0, "owners.uid", uids);
	rows_expect_text(r, 1, "owners.uid", uid);
	rows_expect_text(r, 1, "owners.cmdline", "/bin/m -a b");
	rows_expect_text(r, 0, "owner_note", "-");
	assert_int_equal(column_count(rows_column("owners.pid"), &r->snap, &r->snap.rows[0]), 2);
	assert_int_equal(column_count(rows_column("owners.pid"), &r->snap, &r->snap.rows[2]), 0);
	assert_int_equal(column_count(rows_column("state"), &r->snap, &r->snap.rows[2]), 1);

	r->snap.rows[1].owner_note = NOTE_NOT_ACCEPTED;
	rows_expect_text(r, 1, "process", "master[7] (not-accepted)");
	rows_expect_text(r, 1, "owners.via", "listener");
	r->snap.rows[2].owner_note = NOTE_UNHELD;
	rows_expect_text(r, 2, "process", "(unheld)");
	rows_expect_plain(r, 2, "process", "(unheld)");
	rows_expect_text(r, 2, "owner_note", "unheld");
	rows_expect_text(r, 2, "owners.name", "-");
}

/* What is read of an owner only where a column asks for it. */
static void owners_in_detail(void **state)
{
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::1", 1, NULL, 0);

	make_child(&r->tree, 1, "systemd", 5, 0);
	make_child(&r->tree, 7, "bash", 200, 1);
	make_child(&r->tree, 12, "node", 8123, 7);
	make_child(&r->tree, 20, "stray", 9000, 19);
	make_link(&r->tree, "1/fd/3", "socket:[501]");
	make_link(&r->tree, "7/fd/9", "socket:[503]");
	make_link(&r->tree, "12/fd/9", "socket:[500]");
	make_link(&r->tree, "20/fd/9", "socket:[500]");
	make_link(&r->tree, "12/cwd", "/srv/a b\n");
	make_link(&r->tree, "12/exe", "/usr/bin/node (deleted)");
	make_file(&r->tree, "stat", "cpu 1\nbtime 1700000000\n", 23);
	for (uint32_t i = 0; i < 4; i++) {
		sk.inode = 500 + i;
		sk.known |= SOCK_HAS_INODE;
		rows_add(r, &sk);
	}
	rows_make(r);
	rows_find_owners(r);
	/* Process 20 has lost its parent, and has no links. */
	rows_expect_text(r, 0, "owners.ppid", "7,19");
	rows_expect_text(r, 0, "owners.ancestors", "systemd[1] > bash[7]");
	rows_expect_text(r, 0, "owners.cwd", "/srv/a b\n");
	rows_expect_text(r, 0, "owners.exe", "/usr/bin/node (deleted)");
	rows_expect_text(r, 0, "owners.started", "2023-11-14T22:14:41Z,2023-11-14T22:14:50Z");
	/* Process 1 has no parent. */
	rows_expect_text(r, 1, "owners.ppid", "-");
	rows_expect_text(r, 1, "owners.ancestors", "-");
	rows_expect_text(r, 1, "owners.started", "2023-11-14T22:13:20Z");
	rows_expect_text(r, 2, "owners.exe", "-");
	rows_expect_plain(r, 2, "owners.ancestors", "");
	/* What is unknown comes last. */
	assert_true(column_compare(rows_column("owners.ancestors"), &r->snap, &r->snap.rows[0],
				   &r->snap.rows[1]) < 0);
	assert_true(column_compare(rows_column("owners.ancestors"), &r->snap, &r->snap.rows[3],
				   &r->snap.rows[0]) < 0);
	assert_int_equal(column_compare(rows_column("owners.ancestors"), &r->snap, &r->snap.rows[0],
					&r->snap.rows[0]),
			 0);
}

/* A /proc without the time of boot, and one whose times are beyond every calendar. */
static void starts_that_are_unknown(void **state)
{
	static const struct {
		const char *stat;
		const char *start;
		const char *want;
	} cases[] = {
		{ NULL, "100", "-" },
		{ "cpu 1\nbtime x\n", "100", "-" },
		{ "cpu 1\nbtime 4294967295\n", "0", "2106-02-07T06:28:15Z" },
		{ "cpu 1\nbtime 0\n", "100", "-" },
		{ "cpu 1\nbtime 1700000000\n", "18446744073709551615", "-" },
		{ "cpu 1\nbtime 1700000000\n", "999999999999999", "-" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sock sk = rows_sock(PROTO_UDP, SOCK_STATE_BOUND, "::1", 1, NULL, 0);
		char text[128];
		struct rows *r;
		void *made = NULL;
		int len;

		assert_int_equal(rows_set_up(&made), 0);
		r = made;
		make_dir(&r->tree, "7");
		make_dir(&r->tree, "7/fd");
		make_link(&r->tree, "7/fd/3", "socket:[500]");
		len = snprintf(text, sizeof(text),
			       "7 (x) S 1 1 1 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 %s 5 6\n",
			       cases[i].start);
		make_file(&r->tree, "7/stat", text, (size_t)len);
		if (cases[i].stat)
			make_file(&r->tree, "stat", cases[i].stat, strlen(cases[i].stat));
		sk.inode = 500;
		sk.known |= SOCK_HAS_INODE;
		rows_add(r, &sk);
		rows_make(r);
		rows_find_owners(r);
		rows_expect_text(r, 0, "owners.pid", "7");
		rows_expect_text(r, 0, "owners.started", cases[i].want);
		rows_tear_down(&made);
	}
}

/* One that the filter names first, pid 1 last, else by pid; a wide listing names all. */
static void the_owner_that_counts(void **state)
{
	static const struct {
		const char *filter; /* NULL: none */
		const char *process;
		const char *wide;
	} cases[] = {
		{ NULL, "sshd[20] +2", "sshd[20],child[30],init[1]" },
		{ "proc child", "child[30] +2", "child[30],sshd[20],init[1]" },
		{ "proc init", "init[1] +2", "init[1],sshd[20],child[30]" },
		{ "pid 1,30", "init[1] +2", "init[1],sshd[20],child[30]" },
		{ "owners.name ~ ^ch", "child[30] +2", "child[30],sshd[20],init[1]" },
		{ "lport 1 and (pid 30 or user nobody)", "child[30] +2",
		  "child[30],sshd[20],init[1]" },
		{ "wild", "sshd[20] +2", "sshd[20],child[30],init[1]" },
		{ "chil", "child[30] +2", "child[30],sshd[20],init[1]" },
		{ "child[30]", "child[30] +2", "child[30],sshd[20],init[1]" },
		{ "proc child[30]", "child[30] +2", "child[30],sshd[20],init[1]" },
		/* What is ruled out is not asked for. */
		{ "not pid 30", "sshd[20] +2", "sshd[20],child[30],init[1]" },
		{ "proc != child", "sshd[20] +2", "sshd[20],child[30],init[1]" },
		{ "pid 99", "sshd[20] +2", "sshd[20],child[30],init[1]" },
	};
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::1", 1, NULL, 0);

	make_process(&r->tree, 1, "init", 1);
	make_process(&r->tree, 20, "sshd", 1);
	make_process(&r->tree, 30, "child", 1);
	make_link(&r->tree, "1/fd/3", "socket:[500]");
	make_link(&r->tree, "20/fd/3", "socket:[500]");
	make_link(&r->tree, "30/fd/3", "socket:[500]");
	sk.inode = 500;
	sk.known |= SOCK_HAS_INODE;
	rows_add(r, &sk);
	rows_make(r);
	rows_find_owners(r);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct filter *filter = NULL;
		struct filter_error error;

		if (cases[i].filter)
			assert_int_equal(filter_parse(&filter, cases[i].filter,
						      strlen(cases[i].filter), &r->names, &error),
					 0);
		row_name_owner(&r->snap.rows[0], &r->snap, filter);
		filter_free(filter);
		rows_expect_text(r, 0, "process", cases[i].process);
		r->snap.names_every_owner = true;
		rows_expect_text(r, 0, "process", cases[i].wide);
		r->snap.names_every_owner = false;
		/* Keys are by pid. */
		rows_expect_text(r, 0, "owners.pid", "1,20,30");
	}
}

static void found_by_name(void **state)
{
	/* clang-format off */
	static const struct {
		const char *name;
		const char *key; /* NULL: none */
	} cases[] = {
		{ "state", "state" },	  { "dev", "iface" },	    { "recvq", "recv_q" },
		{ "sendq", "send_q" },	  { "rtt", "tcp.rtt_us" },  { "sent", "tcp.bytes_sent" },
		{ "fwmark", "mark" },	  { "ino", "inode" },	    { "cwnd", "tcp.cwnd" },
		{ "received", "tcp.bytes_received" },		    { "retrans", "tcp.retrans_total" },
		{ "", NULL },		  { "stat", NULL },	    { "states", NULL },
		{ "State", NULL },	  { "tcp.", NULL },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct column *c = column_find(cases[i].name, strlen(cases[i].name));

		if (cases[i].key)
			assert_string_equal(c->key, cases[i].key);
		else
			assert_null(c);
	}
	/* The name is as long as it is said to be. */
	assert_string_equal(column_find("states", 5)->key, "state");
}

static void the_nearest_name(void **state)
{
	/* clang-format off */
	static const struct {
		const char *name;
		const char *key; /* NULL: none is near */
	} cases[] = {
		{ "sate", "state" },	   { "localaddr", "local_addr" }, { "local_prot", "local_port" },
		{ "tcp.rtt", "tcp.rtt_us" }, { "ownersname", "owners.name" }, { "iface", "iface" },
		{ "qqqqqqqq", NULL },	   { "thisnameislongerthananycolumnthereis", NULL },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct column *c = column_nearest(cases[i].name, strlen(cases[i].name));

		if (!cases[i].key)
			assert_null(c);
		else if (!c || strcmp(c->key, cases[i].key) != 0)
			fail_msg("%s: %s instead of %s", cases[i].name, c ? c->key : "none",
				 cases[i].key);
	}
}

/* Every line of the table is whole, and no key is there twice. */
static void the_table_itself(void **state)
{
	(void)state;
	for (size_t i = 0; i < columns_n; i++) {
		const struct column *c = &columns[i];
		const char *dot = strchr(c->key, '.');

		assert_ptr_equal(column_find(c->key, strlen(c->key)), c);
		assert_true(c->title && *c->title);
		assert_true(c->help && *c->help);
		if (c->shape == COLUMN_GROUP)
			assert_non_null(c->is_there);
		else
			assert_true(c->get || c->text);
		if (dot) {
			const struct column *group = column_find(c->key, (size_t)(dot - c->key));

			assert_non_null(group);
			assert_int_equal(group->shape, COLUMN_GROUP);
		}
		for (const char *const *part = c->parts; part && *part; part++)
			rows_column(*part);
		if (c->filter_column)
			rows_column(c->filter_column);
		/* Not every source tells these: a row says why it has none. */
		if (c->fact || c->field.size ||
		    c->needs & (NEED_OWNERS | NEED_CGROUPS | NEED_HOSTS))
			assert_non_null(c->lack);
	}
}

/* The column knows every note, so that a filter may ask for it. */
static void every_owner_note(void **state)
{
	const struct column *c = rows_column("owner_note");
	size_t n = 0;

	(void)state;
	for (unsigned int note = NOTE_NONE + 1; note < NOTE_NOT_ASKED; note++) {
		const char *name = owner_note_name((enum owner_note)note);
		const char *const *word = c->words;

		while (*word && strcmp(*word, name) != 0)
			word++;
		if (!*word)
			fail_msg("%s is none of the column's words", name);
	}
	while (c->words[n])
		n++;
	assert_int_equal(n, NOTE_NOT_ASKED - NOTE_NONE - 1);
}

/* A short name serves wherever the key does, and means one column. */
static void short_names(void **state)
{
	size_t n = 0;

	(void)state;
	for (size_t i = 0; i < columns_n; i++) {
		const struct column *c = &columns[i];
		bool is_canonical_there = !c->canonical;

		for (const char *const *name = c->names; *name; name++, n++) {
			assert_ptr_equal(rows_column(*name), c);
			is_canonical_there |= c->canonical && !strcmp(c->canonical, *name);
		}
		if (!is_canonical_there)
			fail_msg("%s: %s is none of its names", c->key, c->canonical);
	}
	assert_true(n > 0);
}

/* No two columns are the same number of the kernel's. */
static void each_field_is_one_column(void **state)
{
	(void)state;
	for (size_t a = 0; a < columns_n; a++)
		for (size_t b = 0; b < a; b++) {
			const struct column_field *x = &columns[a].field, *y = &columns[b].field;

			if (x->size && y->size && x->extra == y->extra && x->offset == y->offset)
				fail_msg("%s and %s", columns[b].key, columns[a].key);
		}
}

/* Rows stand in the order of the table: each compares less than the next, and equal to itself. */
static void expect_rising(const struct rows *r, const char *key)
{
	const struct column *c = rows_column(key);

	for (size_t a = 0; a < r->snap.n_rows; a++) {
		for (size_t b = 0; b < r->snap.n_rows; b++) {
			int order = column_compare(c, &r->snap, &r->snap.rows[a], &r->snap.rows[b]);

			if ((order > 0) - (order < 0) != (a > b) - (a < b))
				fail_msg("%s: row %zu against row %zu gives %d", key, a, b, order);
		}
	}
}

static void numbers_compare_as_numbers(void **state)
{
	static const uint16_t ports[] = { 0, 9, 80, 443, 10000, 65535 };
	struct rows *r = *state;
	struct sock none = rows_sock(PROTO_RAW, SOCK_STATE_BOUND, "::", 0, NULL, 0);

	for (size_t i = 0; i < sizeof(ports) / sizeof(*ports); i++) {
		struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::", ports[i], NULL, 0);

		rows_add(r, &sk);
	}
	rows_add(r, &none);
	rows_make(r);
	expect_rising(r, "local_port");
}

static void addresses_compare_as_addresses(void **state)
{
	static const char *const addrs[] = { "9.0.0.1",	  "10.0.0.2", "10.0.0.10",
					     "192.0.2.1", "::1",      "a::" };
	struct rows *r = *state;
	struct sock none = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::", 1, NULL, 0);

	for (size_t i = 0; i < sizeof(addrs) / sizeof(*addrs); i++) {
		struct sock sk =
			rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, addrs[i], 1, addrs[i], 2);

		rows_add(r, &sk);
	}
	rows_make(r);
	expect_rising(r, "local_addr");
	expect_rising(r, "local");
	rows_add(r, &none);
	rows_make(r);
	expect_rising(r, "peer_addr");
	expect_rising(r, "peer");
}

static void groups_compare_unknown_last(void **state)
{
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "::1", 1, "::1", 2);

	sk.known |= SOCK_HAS_TIMER;
	sk.timer = SOCK_TIMER_KEEPALIVE;
	rows_add(r, &sk);
	sk.timer = SOCK_TIMER_ON;
	rows_add(r, &sk);
	sk.timer = SOCK_TIMER_NONE;
	rows_add(r, &sk);
	rows_make(r);
	expect_rising(r, "timer");
	expect_rising(r, "timer.kind");
}

static void processes_compare_by_name_and_pid(void **state)
{
	struct rows *r = *state;
	struct sock sk = rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::1", 1, NULL, 0);

	make_process(&r->tree, 20, "a", 1);
	make_process(&r->tree, 3, "b", 1);
	make_process(&r->tree, 100, "b", 1);
	make_process(&r->tree, 1, "bb", 1);
	make_link(&r->tree, "20/fd/3", "socket:[500]");
	make_link(&r->tree, "3/fd/3", "socket:[501]");
	make_link(&r->tree, "100/fd/3", "socket:[502]");
	make_link(&r->tree, "1/fd/3", "socket:[503]");
	for (uint32_t i = 0; i < 5; i++) {
		sk.inode = 500 + i;
		sk.known |= SOCK_HAS_INODE;
		rows_add(r, &sk);
	}
	rows_make(r);
	rows_find_owners(r);
	r->snap.rows[4].owner_note = NOTE_UNHELD;
	expect_rising(r, "process");
	expect_rising(r, "owners");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, rows_set_up, rows_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_listener),
		TEST(a_connection),
		TEST(what_is_unknown_is_never_a_number),
		TEST(what_is_not_resolved_is_unknown),
		TEST(ends_as_people_write_them),
		TEST(devices_without_a_name),
		TEST(the_scope_of_a_peer),
		TEST(raw_sockets_have_no_ports),
		TEST(raw_sockets_are_told_apart),
		TEST(mapped_addresses),
		TEST(headings_with_units),
		TEST(who_can_reach_it),
		TEST(the_serving_end),
		TEST(the_fallback_knows_no_backlog),
		TEST(timers),
		TEST(a_short_tcp_info_cuts_fields_off),
		TEST(tcp_values),
		TEST(groups_as_one_cell),
		TEST(owners),
		TEST(owners_in_detail),
		cmocka_unit_test(starts_that_are_unknown),
		TEST(the_owner_that_counts),
		TEST(found_by_name),
		TEST(the_nearest_name),
		TEST(the_table_itself),
		TEST(every_owner_note),
		TEST(short_names),
		TEST(each_field_is_one_column),
		TEST(numbers_compare_as_numbers),
		TEST(addresses_compare_as_addresses),
		TEST(groups_compare_unknown_last),
		TEST(processes_compare_by_name_and_pid),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
