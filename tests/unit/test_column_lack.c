/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why a value is unknown: because the socket has none, or because who asks does not get it. */
#include <config.h>

#include <errno.h>

#include "resolve/forward_rules.h"
#include "resolve/hosts.h"
#include "rows.h"

#define TCP_LISTENER rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 80, NULL, 0)
#define TCP_CONNECTION rows_sock(PROTO_TCP, SOCK_STATE_ESTABLISHED, "10.0.0.1", 80, "10.0.0.2", 9)

/* The snapshot of one socket. */
static void one(struct rows *r, struct sock sk)
{
	sock_table_clear(&r->snap.table);
	rows_add(r, &sk);
	rows_make(r);
}

static void expect(const struct rows *r, const char *key, enum problem_lack want)
{
	enum problem_lack got = column_lack(rows_column(key), &r->snap, &r->snap.rows[0]);

	if (got != want)
		fail_msg("%s: %d instead of %d", key, got, want);
}

/* The source decides whose fault it is. */
static void expect_source(struct rows *r, struct sock sk, const char *key)
{
	one(r, sk);
	expect(r, key, LACK_KERNEL);
	r->snap.is_replay = true;
	expect(r, key, LACK_RECORDING);
	r->snap.is_replay = false;
	sk.known |= SOCK_FROM_PROCFS;
	one(r, sk);
	expect(r, key, LACK_PROCFS);
}

static void blocks(void **state)
{
	static const char whole[512];
	struct rows *r = *state;
	struct sock sk = TCP_CONNECTION;

	expect_source(r, sk, "tcp.rtt_us");
	expect_source(r, sk, "tcp.congestion");
	expect_source(r, TCP_LISTENER, "memory.rcvbuf");
	one(r, sk);
	sock_table_attach(&r->snap.table, SOCK_EXTRA_TCP_INFO, whole, 64);
	expect(r, "tcp.rto_us", LACK_NOTHING);
	/* A shorter block of an older kernel. */
	expect(r, "tcp.rcv_wnd", LACK_KERNEL);

	/* What was never connected has nothing to measure, nor have other protocols. */
	one(r, TCP_LISTENER);
	expect(r, "tcp.rtt_us", LACK_NOTHING);
	sk.state = SOCK_STATE_CLOSE;
	one(r, sk);
	expect(r, "tcp.rtt_us", LACK_NOTHING);
	one(r, rows_sock(PROTO_UDP, SOCK_STATE_ESTABLISHED, "10.0.0.1", 80, "10.0.0.2", 9));
	expect(r, "tcp.rtt_us", LACK_NOTHING);
	/* Of TIME-WAIT and half-open connections the kernel keeps next to nothing. */
	sk.state = SOCK_STATE_TIME_WAIT;
	one(r, sk);
	expect(r, "tcp.rtt_us", LACK_NOTHING);
	expect(r, "memory.rcvbuf", LACK_NOTHING);
	expect(r, "cgroup", LACK_NOTHING);
	sk.state = SOCK_STATE_SYN_RECV;
	one(r, sk);
	expect(r, "memory.rcvbuf", LACK_NOTHING);
}

static void facts(void **state)
{
	struct rows *r = *state;
	struct sock sk = TCP_CONNECTION;

	expect_source(r, sk, "iface");
	one(r, sk);
	/* The kernel has it, and tells it to those who may change it. */
	expect(r, "mark", LACK_PRIVILEGE);
	sk.known |= SOCK_HAS_MARK | SOCK_HAS_IFACE;
	one(r, sk);
	expect(r, "mark", LACK_NOTHING);
	expect(r, "iface", LACK_NOTHING);

	/* Only a wildcard address leaves open who reaches it, and which families it serves. */
	expect_source(r, TCP_LISTENER, "reach");
	one(r, rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "127.0.0.1", 80, NULL, 0));
	expect(r, "reach", LACK_NOTHING);
	one(r, TCP_LISTENER);
	expect(r, "dual_stack", LACK_NOTHING);
	expect_source(r, rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::", 80, NULL, 0), "dual_stack");
	one(r, rows_sock(PROTO_TCP, SOCK_STATE_LISTEN, "::1", 80, NULL, 0));
	expect(r, "dual_stack", LACK_NOTHING);

	/* /proc/net has no backlog, and the queue of everything else. */
	one(r, TCP_LISTENER);
	expect(r, "send_q", LACK_NOTHING);
	sk = TCP_LISTENER;
	sk.known |= SOCK_FROM_PROCFS;
	one(r, sk);
	expect(r, "send_q", LACK_PROCFS);
	sk.state = SOCK_STATE_BOUND;
	one(r, sk);
	expect(r, "send_q", LACK_NOTHING);
}

static void names(void **state)
{
	struct rows *r = *state;
	struct sock sk = TCP_CONNECTION;
	struct users *users = r->names.users;

	sk.known |= SOCK_HAS_UID;
	one(r, sk);
	expect(r, "user", LACK_NOTHING);
	r->names.users = NULL;
	expect_source(r, sk, "user");
	r->names.users = users;
	/* Host names were not asked for. */
	expect(r, "local_host", LACK_NOTHING);
	expect(r, "peer_host", LACK_NOTHING);
}

static enum host_answer nobody_answers(enum addr_family family, const struct addr *addr, char *name,
				       size_t size)
{
	(void)family, (void)addr, (void)name, (void)size;
	return HOST_FAILED;
}

static void host_names(void **state)
{
	struct rows *r = *state;
	struct sock sk = TCP_CONNECTION;

	one(r, sk);
	r->names.hosts = hosts_new(1, nobody_answers);
	hosts_ask(r->names.hosts, ADDR_INET, &sk.local.addr);
	hosts_wait(r->names.hosts, 10000);
	expect(r, "local_host", LACK_NAMES);
	one(r, TCP_LISTENER);
	/* Without a peer there is no name to lack. */
	expect(r, "peer_host", LACK_NOTHING);
	hosts_free(r->names.hosts);
	r->names.hosts = NULL;
}

static void namespaces(void **state)
{
	static char name[] = "blue";
	struct snapshot_netns known = { .inode = 7, .name = name };
	struct rows *r = *state;

	expect_source(r, TCP_LISTENER, "netns");
	expect_source(r, TCP_LISTENER, "netns_name");
	one(r, TCP_LISTENER);
	r->snap.netns = 4026531840;
	expect(r, "netns", LACK_NOTHING);
	expect(r, "netns_name", LACK_KERNEL);
	r->snap.namespaces = &known;
	r->snap.n_namespaces = 1;
	expect(r, "netns", LACK_NOTHING);
	expect(r, "netns_name", LACK_NOTHING);
	known.name = NULL;
	expect(r, "netns_name", LACK_KERNEL);
	r->snap.namespaces = NULL;
	r->snap.n_namespaces = 0;
}

static void cgroups(void **state)
{
	struct rows *r = *state;
	struct sock sk = TCP_LISTENER;

	/* Neither the kernel's number, nor an owner's. */
	expect_source(r, sk, "cgroup");
	expect_source(r, sk, "unit");
	/* A number, and no hierarchy in which it would be found. */
	sk.known |= SOCK_HAS_CGROUP;
	expect_source(r, sk, "cgroup");

	sk = TCP_LISTENER;
	sk.inode = 500;
	sk.known |= SOCK_HAS_INODE;
	make_process(&r->tree, 7, "web", 1);
	make_link(&r->tree, "7/fd/3", "socket:[500]");
	one(r, sk);
	rows_find_owners(r);
	expect(r, "cgroup", LACK_NOTHING);
	sk.inode = 501;
	one(r, sk);
	rows_find_owners(r);
	r->snap.rows[0].owner_note = NOTE_HIDDEN;
	expect(r, "cgroup", LACK_OWNERS);
	expect(r, "owners.name", LACK_OWNERS);
	/* All were seen, and none holds it. */
	r->snap.rows[0].owner_note = NOTE_UNHELD;
	expect(r, "owners.name", LACK_NOTHING);
	r->snap.rows[0].owner_note = NOTE_NOT_ACCEPTED;
	r->snap.rows[0].held = ROW_HELD_NONE;
	expect(r, "owners.name", LACK_LISTENER);
}

static void owners_that_were_not_asked_for(void **state)
{
	struct rows *r = *state;

	one(r, TCP_LISTENER);
	r->snap.rows[0].owner_note = NOTE_NOT_ASKED;
	expect(r, "owners.name", LACK_SEARCH);
	r->snap.is_replay = true;
	expect(r, "owners.name", LACK_RECORDING);
}

static void where_it_leads(void **state)
{
	struct forward_rules rules = { 0 };
	struct rows *r = *state;

	expect_source(r, TCP_LISTENER, "leads_to.addr");
	expect_source(r, TCP_LISTENER, "published.port");
	r->names.forwards = &rules;
	one(r, TCP_LISTENER);
	expect(r, "leads_to.addr", LACK_NOTHING);
	expect(r, "published.port", LACK_NOTHING);
	/* A proxy may be among the owners that are hidden; rules take a privilege. */
	r->snap.rows[0].owner_note = NOTE_HIDDEN;
	expect(r, "leads_to.addr", LACK_OWNERS);
	rules.error = -EPERM;
	expect(r, "published.port", LACK_PRIVILEGE);
	one(r, TCP_CONNECTION);
	expect(r, "published.port", LACK_NOTHING);
	r->names.forwards = NULL;
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, rows_set_up, rows_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(blocks),
		TEST(facts),
		TEST(names),
		TEST(host_names),
		TEST(namespaces),
		TEST(cgroups),
		TEST(owners_that_were_not_asked_for),
		TEST(where_it_leads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
