/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whether nf_tables and conntrack are loaded, and the tables of legacy iptables, by trees like /proc. */
#include <config.h>

#include "test.h"

#include <errno.h>

#include "base/buf.h"
#include "proc_tree.h"
#include "resolve/nf_loaded.h"

#define HEADING "sk               Eth Pid        Groups   Rmem\n"
#define ROUTE "000000009e0e17dc 0   0          00000000 0\n"
#define NETFILTER "00000000c939be60 12  0          00000000 0\n"
#define SOMEBODY "00000000c939be61 12  4711       00000000 0\n"

/* NULL: there is no such file. */
static const struct {
	const char *netlink;
	const char *modules;
	const char *builtin;
	const char *kallsyms;
	bool is_loaded;
} cases[] = {
	/* A kernel without modules. */
	{ HEADING ROUTE NETFILTER, NULL, NULL, NULL, true },
	{ HEADING ROUTE, NULL, NULL, NULL, false },
	/* Not the kernel's own socket. */
	{ HEADING ROUTE SOMEBODY, NULL, NULL, NULL, false },
	{ NULL, NULL, NULL, NULL, false },
	{ "", NULL, NULL, NULL, false },
	/* Loaded, and not. */
	{ HEADING NETFILTER, "nft_ct 1 0 - Live 0x0\nnf_tables 3 1 - Live 0x0\n", "", NULL, true },
	{ HEADING NETFILTER, "nf_tables_x 3 1 - Live 0x0\n", "", NULL, false },
	{ HEADING NETFILTER, "", "kernel/net/netfilter/nfnetlink.ko\n", NULL, false },
	/* Built in. */
	{ HEADING NETFILTER, "", "kernel/net/netfilter/nf_tables.ko\n", NULL, true },
	{ HEADING NETFILTER, "", NULL, "0000000000000000 T nft_register_expr\n", true },
	{ HEADING NETFILTER, "", NULL, "0000000000000000 T nft_register_expr_x\n", false },
	{ HEADING NETFILTER, "", NULL, NULL, false },
};

static void make_if(const struct tree *t, const char *path, const char *text)
{
	if (text)
		make_file(t, path, text, strlen(text));
}

static void test_is_loaded(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct tree t;

		assert_true(tree_init(&t));
		make_dir(&t, "thread-self");
		make_dir(&t, "thread-self/net");
		make_if(&t, "thread-self/net/netlink", cases[i].netlink);
		make_if(&t, "modules", cases[i].modules);
		make_if(&t, "modules.builtin", cases[i].builtin);
		make_if(&t, "kallsyms", cases[i].kallsyms);
		print_message("%zu\n", i);
		assert_int_equal(nf_tables_is_loaded(t.root, t.path), cases[i].is_loaded);
		assert_int_equal(tree_fini(&t), 0);
	}
}

/* The same by other names. */
static void test_conntrack(void **state)
{
	static const struct {
		const char *modules;
		const char *builtin;
		bool is_loaded;
	} conntrack[] = {
		{ "nf_conntrack_netlink 3 1 - Live 0x0\n", "", true },
		{ "nf_conntrack 3 1 - Live 0x0\nnf_tables 3 1 - Live 0x0\n", "", false },
		{ "", "kernel/net/netfilter/nf_conntrack_netlink.ko\n", true },
		{ "", "kernel/net/netfilter/nf_conntrack.ko\n", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(conntrack) / sizeof(*conntrack); i++) {
		struct tree t;

		assert_true(tree_init(&t));
		make_dir(&t, "thread-self");
		make_dir(&t, "thread-self/net");
		make_if(&t, "thread-self/net/netlink", HEADING NETFILTER);
		make_if(&t, "modules", conntrack[i].modules);
		make_if(&t, "modules.builtin", conntrack[i].builtin);
		print_message("%zu\n", i);
		assert_int_equal(nf_conntrack_is_loaded(t.root, t.path), conntrack[i].is_loaded);
		assert_int_equal(tree_fini(&t), 0);
	}
}

static void test_legacy(void **state)
{
	struct buf names = { 0 };
	struct tree t;

	(void)state;
	assert_true(tree_init(&t));
	make_dir(&t, "net");
	assert_int_equal(nf_legacy_tables(t.root, ADDR_INET, &names), -ENOENT);
	make_file(&t, "net/ip_tables_names", "filter\nnat\n", 11);
	make_file(&t, "net/ip6_tables_names", "", 0);
	assert_int_equal(nf_legacy_tables(t.root, ADDR_INET, &names), 2);
	assert_string_equal(buf_cstr(&names), "filter nat");
	assert_int_equal(nf_legacy_tables(t.root, ADDR_INET6, &names), 0);
	buf_fini(&names);
	assert_int_equal(tree_fini(&t), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_is_loaded),
		cmocka_unit_test(test_conntrack),
		cmocka_unit_test(test_legacy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
