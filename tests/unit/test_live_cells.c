/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What cells of the live view say: IPv4 behind IPv6 sockets, raw sockets, the owner that was asked for. */
#include <config.h>

#include "live/shorten.h"
#include "live_host.h"

/* A server that serves IPv4 over an IPv6 socket, and a client of this host. */
static void open_mapped(struct host *h)
{
	static const uint32_t server[] = { 443, 101, 102 }, client[] = { 103, 104 };
	struct host_sock *listener =
		host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "::", 443, NULL, 0, 443);

	listener->sk.known |= SOCK_HAS_V6ONLY;
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "::ffff:192.0.2.1", 443,
		  "::ffff:203.0.113.7", 51822, 101);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "::ffff:127.0.0.1", 443, "::ffff:127.0.0.1",
		  40000, 102);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "127.0.0.1", 40000, "127.0.0.1", 443, 103);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 41000, "203.0.113.7", 8443,
		  104);
	host_process(h, 61, "nginx", server, 3);
	host_process(h, 70, "curl", client, 2);
}

static void mapped_addresses_are_ipv4(void **state)
{
	struct host *h = *state;

	open_mapped(h);
	host_look(h);
	host_key(h, '2');
	host_look(h);
	host_expect(h, "192.0.2.1:443");
	host_expect_not(h, "ffff");
	/* Each end names the process at the other one, though they are told in different ways. */
	host_expect(h, "127.0.0.1:443 nginx[61]");
	host_expect(h, "127.0.0.1:40000 curl[70]");
}

/* One peer is one group, whichever socket it talks to. */
static void a_peer_is_one_group(void **state)
{
	struct host *h = *state;

	open_mapped(h);
	host_key(h, '4');
	host_look(h);
	host_expect(h, "203.0.113.7     2");
	host_expect(h, "2 peers, 4 of 5 rows");
	host_expect_not(h, "ffff");
}

/* Where others have a service a raw socket has what it receives. */
static void raw_sockets_are_told_apart(void **state)
{
	struct host *h = *state;

	host_open(h, PROTO_RAW, SOCK_STATE_BOUND, "0.0.0.0", 0, NULL, 0, 0)->sk.ip_protocol = 1;
	host_open(h, PROTO_RAW, SOCK_STATE_BOUND, "0.0.0.0", 0, NULL, 0, 0)->sk.ip_protocol = 89;
	host_look(h);
	host_expect(h, " icmp ");
	host_expect(h, " ospf ");
	host_key(h, 'n');
	host_look(h);
	host_expect_not(h, " icmp ");
	host_expect(h, " 89 ");
}

static void the_owner_that_was_asked_for(void **state)
{
	static const uint32_t inode[] = { 22 };
	struct host *h = *state;

	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 22, NULL, 0, 22);
	make_link(&h->tree, "1/fd/3", "socket:[22]");
	host_process(h, 20, "sshd", inode, 1);
	host_process(h, 30, "worker", inode, 1);
	host_look(h);
	host_expect(h, "sshd[20] +2");
	/* At once, in the look that is there, and in the next one. */
	host_type(h, "/proc work*\r");
	host_expect(h, "worker[30] +2");
	host_pass(h, 2000);
	host_expect(h, "worker[30] +2");
}

static void where_a_port_leads_stays(void **state)
{
	static const char proxy[] = "docker-proxy[229] > shop:80 httpd[273]";
	static const char rule[] = "iptables > shop:80 httpd[273]";
	static const struct {
		const char *text;
		size_t room;
		const char *want;
	} cases[] = {
		{ proxy, 38, proxy },
		{ proxy, 37, "docker-proxy[229] > shop:80 httpd[27~" },
		{ proxy, 30, "docker-proxy[229] > shop:80 h~" },
		{ proxy, 29, "docker-proxy[229] > shop:80" },
		{ proxy, 27, "docker-proxy[229] > shop:80" },
		{ proxy, 26, "docker-proxy > shop:80" },
		{ proxy, 14, "doc~ > shop:80" },
		{ proxy, 12, "d~ > shop:80" },
		{ proxy, 11, "docke~[229]" },
		{ rule, 18, "iptables > shop:80" },
		{ rule, 14, "ipt~ > shop:80" },
		{ rule, 11, "iptables" },
		{ "iptables > [2001:db8::2]:80", 24, "ipta~ > [2001:db8::2]:80" },
		{ "iptables > [2001:db8::2]:80", 20, "iptables" },
		{ "postgres[950] +12", 14, "postgres[950]~" },
		{ "gunicorn[30412] +1", 12, "g~[30412] +1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf text = { 0 };

		buf_str(&text, "| ");
		buf_str(&text, cases[i].text);
		shorten_name(&text, 2, cases[i].room, "~");
		assert_string_equal(buf_cstr(&text) + 2, cases[i].want);
		buf_fini(&text);
	}
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, host_set_up, host_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(mapped_addresses_are_ipv4),
		TEST(a_peer_is_one_group),
		TEST(raw_sockets_are_told_apart),
		TEST(the_owner_that_was_asked_for),
		cmocka_unit_test(where_a_port_leads_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
