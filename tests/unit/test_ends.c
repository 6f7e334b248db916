/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The other ends of connections by addresses and ports, and how far away peers are. */
#include <config.h>

#include "printed.h"
#include "query/collect.h"
#include "query/ends_find.h"
#include "query/filter.h"
#include "query/plan.h"
#include "query/row_owners.h"
#include "resolve/netns.h"

#define NOBODY 0U

/* A connection that a process of this pid holds, or NOBODY. */
static void add(struct rows *r, uint16_t netns, struct sock sk, unsigned int pid)
{
	char path[64], target[32];

	sk.netns = netns;
	sk.inode = 1000 + (uint32_t)r->snap.table.n;
	sk.known |= SOCK_HAS_INODE;
	rows_add(r, &sk);
	if (!pid)
		return;
	snprintf(path, sizeof(path), "p%u", pid);
	make_process(&r->tree, (int)pid, path, 100);
	snprintf(path, sizeof(path), "%u/fd/3", pid);
	snprintf(target, sizeof(target), "socket:[%u]", sk.inode);
	make_link(&r->tree, path, target);
}

static struct sock of(enum sock_proto proto, const char *local, uint16_t port, const char *peer,
		      uint16_t peer_port)
{
	return rows_sock(proto, SOCK_STATE_ESTABLISHED, local, port, peer, peer_port);
}

/* As a snapshot is taken of a recording, where no kernel can be asked; or as the live view does it. */
static void find_by(struct rows *r, const struct plan_request *request)
{
	const struct sources sources = { .is_replay = true };
	struct plan plan;

	plan_init(&plan, request);
	plan.needs = NEED_PEERS;
	r->snap.is_replay = true;
	rows_make(r);
	ends_clear(&r->snap.ends);
	ends_find(&r->snap, &plan, &sources);
	row_owners_note(&r->snap, &plan, &sources);
	rows_find_owners(r);
	plan_fini(&plan);
}

static void find(struct rows *r)
{
	find_by(r, &(struct plan_request){ 0 });
}

static void test_loopback(void **state)
{
	struct rows *r = *state;

	add(r, 0, of(PROTO_TCP, "127.0.0.1", 5000, "127.0.0.1", 80), 10);
	add(r, 0, of(PROTO_TCP, "127.0.0.1", 80, "127.0.0.1", 5000), 20);
	/* A dual-stack server, and the same ports with another protocol. */
	add(r, 0, of(PROTO_TCP, "127.0.0.1", 5001, "127.0.0.1", 81), 11);
	add(r, 0, of(PROTO_TCP, "::ffff:127.0.0.1", 81, "::ffff:127.0.0.1", 5001), 21);
	add(r, 0, of(PROTO_UDP, "127.0.0.1", 5000, "127.0.0.1", 80), 30);
	/* Its own address, whatever else is known of it. */
	add(r, 0, of(PROTO_TCP, "192.0.2.1", 5002, "192.0.2.1", 82), 12);
	add(r, 0, of(PROTO_TCP, "192.0.2.1", 82, "192.0.2.1", 5002), 22);
	add(r, 0, rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "127.0.0.1", 80, NULL, 0), 40);
	find(r);
	rows_expect_text(r, 0, "peer_owners", "p20[20]");
	rows_expect_text(r, 1, "peer_owners", "p10[10]");
	rows_expect_text(r, 2, "peer_owners", "p21[21]");
	rows_expect_text(r, 3, "peer_owners", "p11[11]");
	rows_expect_text(r, 4, "peer_owners", "-");
	rows_expect_text(r, 5, "peer_owners", "p22[22]");
	rows_expect_text(r, 6, "peer_owners", "p12[12]");
	rows_expect_text(r, 7, "peer_owners", "-");
	rows_expect_text(r, 0, "peer_owners.pid", "20");
	rows_expect_text(r, 0, "peer_owner_host", "-");
	r->snap.host = "web01";
	r->snap.netns = 4026531840;
	expect_printed(r, json_lines_print, "peer_owners", (struct format_options){ 0 },
		       "{\"peer_owners\": [{\"pid\": 20, \"name\": \"p20\", \"host\": \"web01\", "
		       "\"netns\": 4026531840}]}\n"
		       "{\"peer_owners\": [{\"pid\": 10, \"name\": \"p10\", \"host\": \"web01\", "
		       "\"netns\": 4026531840}]}\n"
		       "{\"peer_owners\": [{\"pid\": 21, \"name\": \"p21\", \"host\": \"web01\", "
		       "\"netns\": 4026531840}]}\n"
		       "{\"peer_owners\": [{\"pid\": 11, \"name\": \"p11\", \"host\": \"web01\", "
		       "\"netns\": 4026531840}]}\n"
		       "{\"peer_owners\": []}\n"
		       "{\"peer_owners\": [{\"pid\": 22, \"name\": \"p22\", \"host\": \"web01\", "
		       "\"netns\": 4026531840}]}\n"
		       "{\"peer_owners\": [{\"pid\": 12, \"name\": \"p12\", \"host\": \"web01\", "
		       "\"netns\": 4026531840}]}\n"
		       "{\"peer_owners\": []}\n");
}

/* The same in two namespaces: loopback stays in each, and what leads out of them is not certain. */
static void test_namespaces(void **state)
{
	struct rows *r = *state;

	for (uint16_t netns = 1; netns <= 2; netns++) {
		add(r, netns, of(PROTO_TCP, "127.0.0.1", 5000, "127.0.0.1", 80), 10U + netns);
		add(r, netns, of(PROTO_TCP, "127.0.0.1", 80, "127.0.0.1", 5000), 20U + netns);
	}
	add(r, 1, of(PROTO_TCP, "10.0.0.1", 5000, "10.0.0.2", 80), 30);
	add(r, 2, of(PROTO_TCP, "10.0.0.2", 80, "10.0.0.1", 5000), 31);
	find(r);
	rows_expect_text(r, 0, "peer_owners", "p21[21]");
	rows_expect_text(r, 1, "peer_owners", "p11[11]");
	rows_expect_text(r, 2, "peer_owners", "p22[22]");
	rows_expect_text(r, 3, "peer_owners", "p12[12]");
	rows_expect_text(r, 4, "peer_owners", "-");
	rows_expect_text(r, 5, "peer_owners", "-");
}

/* Two sockets send the same: which of them gets the answer is not known. */
static void test_shared(void **state)
{
	struct rows *r = *state;

	add(r, 0, of(PROTO_UDP, "127.0.0.1", 5000, "127.0.0.1", 53), 10);
	add(r, 0, of(PROTO_UDP, "127.0.0.1", 5000, "127.0.0.1", 53), 11);
	add(r, 0, of(PROTO_UDP, "127.0.0.1", 53, "127.0.0.1", 5000), 12);
	add(r, 0, of(PROTO_UDP, "127.0.0.1", 54, "127.0.0.1", 5001), 13);
	add(r, 0, of(PROTO_UDP, "127.0.0.1", 5001, "127.0.0.1", 54), 14);
	find(r);
	for (size_t i = 0; i < 3; i++)
		rows_expect_text(r, i, "peer_owners", "-");
	rows_expect_text(r, 3, "peer_owners", "p14[14]");
	rows_expect_text(r, 4, "peer_owners", "p13[13]");
}

/* A link-local address is at home on one interface. */
static void test_link_local(void **state)
{
	struct rows *r = *state;
	struct sock client = of(PROTO_TCP, "fe80::1", 5000, "fe80::1", 80);
	struct sock server = of(PROTO_TCP, "fe80::1", 80, "fe80::1", 5000);

	client.known |= SOCK_HAS_IFACE;
	server.known |= SOCK_HAS_IFACE;
	client.ifindex = 2;
	server.ifindex = 3;
	add(r, 0, client, 10);
	add(r, 0, server, 11);
	client.local.port = server.remote.port = 5001;
	server.ifindex = 2;
	add(r, 0, client, 12);
	add(r, 0, server, 13);
	find(r);
	rows_expect_text(r, 0, "peer_owners", "-");
	rows_expect_text(r, 1, "peer_owners", "-");
	rows_expect_text(r, 2, "peer_owners", "p13[13]");
	rows_expect_text(r, 3, "peer_owners", "p12[12]");
}

/* The name of the namespace comes in front where it is another one; hidden owners say so. */
static void test_text(void **state)
{
	char here[] = "host", there[] = "web1";
	struct netns names[] = { { .name = here }, { .name = there } };
	struct rows *r = *state;

	add(r, 0, of(PROTO_TCP, "10.0.0.1", 5000, "10.0.0.2", 80), 10);
	add(r, 1, of(PROTO_TCP, "10.0.0.2", 80, "10.0.0.1", 5000), 20);
	add(r, 1, of(PROTO_TCP, "10.0.0.2", 80, "10.0.0.1", 5001), NOBODY);
	find(r);
	snapshot_set_namespaces(&r->snap, names, 2);
	ends_begin(&r->snap);
	ends_add(&r->snap, r->snap.rows[0].sk, r->snap.rows[1].sk);
	r->snap.ends.list[0].held = ROW_HELD_ITSELF;
	r->snap.ends.list[0].owner_note = NOTE_NONE;
	rows_expect_text(r, 0, "peer_owners", "web1 p20[20]");
	rows_expect_text(r, 0, "peer_owners.name", "p20");
	rows_expect_plain(r, 0, "peer_owners", "web1 p20[20]");
	ends_clear(&r->snap.ends);
	ends_begin(&r->snap);
	ends_add(&r->snap, r->snap.rows[0].sk, r->snap.rows[2].sk);
	r->snap.ends.list[0].held = ROW_HELD_ITSELF;
	r->snap.ends.list[0].owner_note = NOTE_HIDDEN;
	rows_expect_text(r, 0, "peer_owners", "web1 (hidden)");
	rows_expect_text(r, 0, "peer_owners.name", "-");
	assert_int_equal(column_lack(rows_column("peer_owners.name"), &r->snap, &r->snap.rows[0]),
			 LACK_OWNERS);
	assert_int_equal(column_lack(rows_column("peer_owners.name"), &r->snap, &r->snap.rows[1]),
			 LACK_NOTHING);
}

/* Where rows stay, other ends that are rows are not kept again; those that are none are. */
static void test_rows_that_stay(void **state)
{
	struct rows *r = *state;
	struct row *rows, moved;

	add(r, 0, of(PROTO_TCP, "127.0.0.1", 5000, "127.0.0.1", 80), 10);
	add(r, 0, of(PROTO_TCP, "127.0.0.1", 80, "127.0.0.1", 5000), 20);
	add(r, 0, of(PROTO_TCP, "127.0.0.1", 81, "127.0.0.1", 81), 30);
	find_by(r, &(struct plan_request){ .is_repeated = true });
	assert_int_equal(r->snap.ends.n, 0);
	rows_expect_text(r, 0, "peer_owners", "p20[20]");
	rows_expect_text(r, 1, "peer_owners", "p10[10]");
	rows_expect_text(r, 2, "peer_owners", "p30[30]");
	rows = r->snap.rows;
	moved = rows[0];
	rows[0] = rows[2];
	rows[2] = moved;
	ends_refer_to_rows(&r->snap);
	rows_expect_text(r, 2, "peer_owners", "p20[20]");
	rows_expect_text(r, 1, "peer_owners", "p10[10]");
	/* The second one is no row now. */
	rows[1] = rows[2];
	r->snap.n_rows = 2;
	ends_begin(&r->snap);
	ends_refer_to_rows(&r->snap);
	ends_add(&r->snap, rows[1].sk, rows[1].sk + 1);
	assert_int_equal(r->snap.ends.n, 1);
	r->snap.ends.list[0].held = ROW_HELD_ITSELF;
	rows_expect_text(r, 1, "peer_owners", "p20[20]");
}

static void test_scope(void **state)
{
	static const struct {
		const char *local, *peer, *want;
	} cases[] = {
		{ "127.0.0.1", "127.0.0.1", "host" },
		{ "10.0.0.1", "127.0.0.2", "host" },
		{ "::1", "::1", "host" },
		{ "::ffff:127.0.0.1", "::ffff:127.0.0.1", "host" },
		{ "10.0.0.1", "10.0.0.2", "host" },
		{ "10.0.0.1", "10.0.0.3", "private" },
		{ "10.0.0.1", "10.255.255.255", "private" },
		{ "10.0.0.1", "11.0.0.0", "global" },
		{ "10.0.0.1", "172.15.255.255", "global" },
		{ "10.0.0.1", "172.16.0.0", "private" },
		{ "10.0.0.1", "172.31.255.255", "private" },
		{ "10.0.0.1", "172.32.0.0", "global" },
		{ "10.0.0.1", "192.167.255.255", "global" },
		{ "10.0.0.1", "192.168.0.1", "private" },
		{ "10.0.0.1", "100.63.255.255", "global" },
		{ "10.0.0.1", "100.64.0.1", "private" },
		{ "10.0.0.1", "100.128.0.0", "global" },
		{ "10.0.0.1", "169.254.1.1", "link" },
		{ "10.0.0.1", "224.0.0.251", "link" },
		{ "10.0.0.1", "224.0.1.1", "global" },
		{ "10.0.0.1", "239.1.1.1", "private" },
		{ "10.0.0.1", "255.255.255.255", "link" },
		{ "10.0.0.1", "8.8.8.8", "global" },
		{ "::ffff:10.0.0.1", "::ffff:10.0.0.2", "host" },
		{ "::ffff:10.0.0.1", "::ffff:192.168.1.1", "private" },
		{ "::ffff:10.0.0.1", "::ffff:8.8.8.8", "global" },
		{ "fd00::1", "fdff::1", "private" },
		{ "fd00::1", "fc00::1", "private" },
		{ "fd00::1", "fe00::1", "global" },
		{ "fd00::1", "fe80::1", "link" },
		{ "fd00::1", "febf::1", "link" },
		{ "fd00::1", "fec0::1", "global" },
		{ "fd00::1", "ff02::fb", "link" },
		{ "fd00::1", "2001:db8::1", "global" },
		/* The addresses of that namespace are not known, or there is no peer. */
		{ "192.0.2.9", "8.8.8.8", "-" },
		{ "192.0.2.9", "192.0.2.9", "host" },
		{ "10.0.0.1", NULL, "-" },
	};
	static const char *const own[] = { "10.0.0.1", "10.0.0.2", "fd00::1" };
	struct rows *r = *state;
	struct own_addrs *addrs = &r->snap.own_addrs;

	for (size_t i = 0; i < sizeof(own) / sizeof(*own); i++) {
		struct own_addr addr = { .netns = 0 };

		assert_int_equal(addr_parse(own[i], strlen(own[i]), &addr.family, &addr.addr), 0);
		addrs->list = mem_grow(addrs->list, addrs->n, &addrs->cap, sizeof(*addrs->list));
		addrs->list[addrs->n++] = addr;
	}
	own_addrs_sort(addrs);
	for (uint16_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sock sk = rows_sock(PROTO_UDP, SOCK_STATE_ESTABLISHED, cases[i].local, i,
					   cases[i].peer, 53);

		rows_add(r, &sk);
	}
	rows_make(r);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		rows_expect_text(r, i, "peer_scope", cases[i].want);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_int_equal(column_lack(rows_column("peer_scope"), &r->snap,
					     &r->snap.rows[i]) != LACK_NOTHING,
				 cases[i].peer && !strcmp(cases[i].want, "-"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_loopback, rows_set_up, rows_tear_down),
		cmocka_unit_test_setup_teardown(test_namespaces, rows_set_up, rows_tear_down),
		cmocka_unit_test_setup_teardown(test_shared, rows_set_up, rows_tear_down),
		cmocka_unit_test_setup_teardown(test_link_local, rows_set_up, rows_tear_down),
		cmocka_unit_test_setup_teardown(test_text, rows_set_up, rows_tear_down),
		cmocka_unit_test_setup_teardown(test_rows_that_stay, rows_set_up, rows_tear_down),
		cmocka_unit_test_setup_teardown(test_scope, rows_set_up, rows_tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
