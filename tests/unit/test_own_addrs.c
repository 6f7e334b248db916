/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which namespace has which address: from files as /proc has them, and from this kernel. */
#include <config.h>

#include "test.h"

#include <errno.h>
#include <linux/netlink.h>
#include <string.h>
#include <sys/socket.h>

#include "proc_tree.h"
#include "resolve/own_addrs.h"

#define FIB_TRIE                        \
	"Main:\n"                       \
	"  +-- 0.0.0.0/0 3 0 5\n"       \
	"     |-- 0.0.0.0\n"            \
	"        /0 universe UNICAST\n" \
	"     |-- 172.17.0.0\n"         \
	"        /16 link UNICAST\n"    \
	"Local:\n"                      \
	"  +-- 0.0.0.0/0 3 0 5\n"       \
	"     +-- 127.0.0.0/8 2 0 2\n"  \
	"        |-- 127.0.0.1\n"       \
	"           /32 host LOCAL\n"   \
	"     |-- 172.17.0.2\n"         \
	"        /32 host LOCAL\n"      \
	"     |-- 172.17.255.255\n"     \
	"        /32 link BROADCAST\n"  \
	"     |-- 10.9.9.9\n"           \
	"        /24 host LOCAL\n"      \
	"        /32 host LOCAL\n"      \
	"     |-- no address\n"         \
	"        /32 host LOCAL\n"

#define IF_INET6                                                  \
	"00000000000000000000000000000001 01 80 10 80       lo\n" \
	"20010db8000000000000000000000abc 02 40 00 80     eth0\n" \
	"20010db8000000000000000000000ab 02 40 00 80     short\n" \
	"20010db8000000000000000000000abcd 02 40 00 80    long\n"

static struct addr addr_of(const char *text, enum addr_family *family)
{
	struct addr addr;

	assert_int_equal(addr_parse(text, strlen(text), family, &addr), 0);
	return addr;
}

static bool has(const struct own_addrs *own, uint16_t netns, const char *text)
{
	enum addr_family family;
	struct addr addr = addr_of(text, &family);

	return own_addrs_has(own, netns, family, &addr);
}

/* How many namespaces have it. */
static size_t count(const struct own_addrs *own, const char *text)
{
	enum addr_family family;
	struct addr addr = addr_of(text, &family);
	size_t n;

	own_addrs_find(own, family, &addr, &n);
	return n;
}

static void test_files(void **state)
{
	struct own_addrs own = { 0 };
	struct tree t;

	(void)state;
	assert_true(tree_init(&t));
	assert_int_equal(own_addrs_read(&own, 1, t.root), -ENOENT);
	make_dir(&t, "net");
	make_file(&t, "net/fib_trie", FIB_TRIE, strlen(FIB_TRIE));
	/* A kernel without IPv6. */
	assert_int_equal(own_addrs_read(&own, 1, t.root), 0);
	assert_int_equal(own.n, 2);
	make_file(&t, "net/if_inet6", IF_INET6, strlen(IF_INET6));
	assert_int_equal(own_addrs_read(&own, 3, t.root), 0);
	/* The same ones twice, as one address at two devices. */
	assert_int_equal(own_addrs_read(&own, 3, t.root), 0);
	own_addrs_sort(&own);
	assert_int_equal(own.n, 5);
	assert_int_equal(count(&own, "172.17.0.2"), 2);
	assert_int_equal(count(&own, "10.9.9.9"), 2);
	assert_int_equal(count(&own, "2001:db8::abc"), 1);
	assert_int_equal(count(&own, "::ffff:172.17.0.2"), 2);
	assert_int_equal(count(&own, "172.17.255.255"), 0);
	assert_int_equal(count(&own, "0.0.0.0"), 0);
	assert_true(has(&own, 1, "172.17.0.2") && has(&own, 3, "172.17.0.2"));
	assert_false(has(&own, 2, "172.17.0.2"));
	assert_true(has(&own, 3, "2001:db8::abc"));
	assert_false(has(&own, 1, "2001:db8::abc"));
	/* Everywhere, and so no mark of a namespace. */
	assert_true(has(&own, 2, "127.0.0.1") && has(&own, 2, "::1"));
	assert_int_equal(count(&own, "127.0.0.1"), 0);
	own_addrs_clear(&own);
	assert_int_equal(count(&own, "172.17.0.2"), 0);
	own_addrs_fini(&own);
	assert_int_equal(tree_fini(&t), 0);
}

/* What the files have the kernel says as well. */
static void test_kernel(void **state)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	int folder = open("/proc/self", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct own_addrs asked = { 0 }, read = { 0 };

	(void)state;
	assert_true(fd >= 0 && folder >= 0);
	assert_int_equal(own_addrs_ask(&asked, 0, fd), 0);
	own_addrs_read(&read, 0, folder);
	own_addrs_sort(&asked);
	for (size_t i = 0; i < read.n; i++)
		assert_true(own_addrs_has(&asked, 0, read.list[i].family, &read.list[i].addr));
	close(fd);
	/* Of no socket at all. */
	assert_int_equal(own_addrs_ask(&asked, 0, folder), -ENOTSOCK);
	close(folder);
	own_addrs_fini(&asked);
	own_addrs_fini(&read);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_kernel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
