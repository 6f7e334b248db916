/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random filters on real sockets in a network namespace of its own.  These give the same sockets:
 * the kernel's filter followed by our own, our filter on all sockets (live and recorded), and a
 * naive evaluator.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "model/cond.h"
#include "model/sock_table.h"
#include "query/columns.h"
#include "query/filter.h"
#include "query/snapshot.h"
#include "resolve/ifaces.h"
#include "resolve/resolver.h"
#include "source/source.h"
#include "../unit/made_filter.h"
#include "../unit/test.h"

/* RANDOM_FILTERS in the environment says otherwise. */
#define FILTERS 2000
#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const uint16_t ports[] = { 0, 7, 22, 53, 80, 443, 8000, 40000, 40001, 40002, 65535 };
static const char *const addrs[] = { "0.0.0.0", "127.0.0.1", "127.0.0.2",	 "127.1.2.3",
				     "::",	"::1",	     "::ffff:127.0.0.1", "::ffff:127.0.0.2",
				     "10.0.0.1" };

struct world {
	struct filter_maker maker;
	struct resolver names;
	struct snapshot snap; /* its table holds everything */
	struct source *kernel;
	struct source *recording;
	struct sock_table recorded; /* everything in it */
	size_t n_fewer; /* how often the source brought less than everything */
};

static void write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

/*
 * A network namespace of our own, as a user without privilege makes it: a child of one that gives
 * its children a small table of connections (Linux 6.1), for the host's large one takes long to
 * walk.
 */
static bool enter_namespaces(void)
{
	struct ifreq lo = { .ifr_name = "lo", .ifr_flags = IFF_UP };
	char uids[32], gids[32];
	int fd;

	snprintf(uids, sizeof(uids), "0 %u 1", geteuid());
	snprintf(gids, sizeof(gids), "0 %u 1", getegid());
	if (!unshare(CLONE_NEWUSER | CLONE_NEWNET)) {
		write_file("/proc/self/setgroups", "deny");
		write_file("/proc/self/uid_map", uids);
		write_file("/proc/self/gid_map", gids);
	} else if (unshare(CLONE_NEWNET)) {
		/* In a chroot there are no user namespaces; root does without. */
		return false;
	}
	if (!access("/proc/sys/net/ipv4/tcp_child_ehash_entries", W_OK)) {
		write_file("/proc/sys/net/ipv4/tcp_child_ehash_entries", "256");
		assert_int_equal(unshare(CLONE_NEWNET), 0);
	}
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &lo), 0);
	close(fd);
	return true;
}

static socklen_t fill_addr(struct sockaddr_storage *sa, const char *text, uint16_t port)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)sa;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)sa;
	enum addr_family family;
	struct addr addr;

	*sa = (struct sockaddr_storage){ 0 };
	assert_int_equal(addr_parse(text, strlen(text), &family, &addr), 0);
	if (family == ADDR_INET) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons(port);
		memcpy(&v4->sin_addr, addr.bytes, sizeof(v4->sin_addr));
		return sizeof(*v4);
	}
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons(port);
	memcpy(&v6->sin6_addr, addr.bytes, sizeof(v6->sin6_addr));
	return sizeof(*v6);
}

/* A socket that is bound, marked with its port's last bits, and for some ports bound to lo. */
static int open_bound(int type, int protocol, const char *addr, uint16_t port)
{
	struct sockaddr_storage sa;
	socklen_t len = fill_addr(&sa, addr, port);
	int fd = socket(sa.ss_family, type | SOCK_CLOEXEC, protocol);
	int mark = port % 3, one = 1;

	assert_true(fd >= 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)), 0);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_MARK, &mark, sizeof(mark)), 0);
	if (port % 2)
		assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3), 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, len), 0);
	return fd;
}

static void connect_to(int fd, const char *addr, uint16_t port)
{
	struct sockaddr_storage sa;
	socklen_t len = fill_addr(&sa, addr, port);

	assert_int_equal(connect(fd, (struct sockaddr *)&sa, len), 0);
}

/* Everything stays open until the process ends, but for what is to be in time-wait. */
static void open_sockets(void)
{
	static const struct {
		const char *from;
		uint16_t from_port;
		const char *to;
		uint16_t to_port;
		bool is_closed;
	} pairs[] = {
		{ "127.0.0.1", 40000, "127.0.0.1", 80, false },
		{ "127.0.0.2", 40001, "127.0.0.1", 80, false },
		{ "::1", 40000, "::1", 443, false },
		{ "::ffff:127.0.0.1", 40002, "::ffff:127.0.0.1", 80, false },
		{ "127.0.0.1", 8000, "127.0.0.1", 80, true },
	};
	int fd;

	assert_int_equal(listen(open_bound(SOCK_STREAM, 0, "127.0.0.1", 22), 1), 0);
	assert_int_equal(listen(open_bound(SOCK_STREAM, 0, "0.0.0.0", 80), 8), 0);
	assert_int_equal(listen(open_bound(SOCK_STREAM, 0, "::", 443), 8), 0);
	open_bound(SOCK_STREAM, 0, "127.1.2.3", 7);
	open_bound(SOCK_DGRAM, 0, "0.0.0.0", 53);
	open_bound(SOCK_DGRAM, 0, "::1", 53);
	open_bound(SOCK_DGRAM, 0, "::", 65535);
	connect_to(open_bound(SOCK_DGRAM, 0, "127.0.0.1", 40001), "127.0.0.1", 53);
	connect_to(open_bound(SOCK_DGRAM, 0, "::", 40002), "::ffff:127.0.0.2", 53);
	open_bound(SOCK_DGRAM, IPPROTO_UDPLITE, "127.0.0.1", 8000);
	open_bound(SOCK_RAW, IPPROTO_ICMP, "127.0.0.1", 0);
	connect_to(open_bound(SOCK_RAW, 253, "0.0.0.0", 0), "127.0.0.2", 0);
	for (size_t i = 0; i < COUNT(pairs); i++) {
		fd = open_bound(SOCK_STREAM, 0, pairs[i].from, pairs[i].from_port);
		connect_to(fd, pairs[i].to, pairs[i].to_port);
		if (pairs[i].is_closed)
			close(fd);
	}
}

static void list(struct source *source, const struct cond *cond, struct sock_table *table)
{
	const struct source_query query = {
		.protos = PROTO_ALL & ~PROTO_BIT(PROTO_MPTCP),
		.families = FAMILY_ALL,
		.states = STATE_ALL,
		.cond = cond,
	};
	struct source_outcome outcome = { 0 };

	sock_table_clear(table);
	source_list(source, &query, table, &outcome);
}

static int compare_cookies(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

/* The cookies of what the filter keeps, in order: "HEX HEX ..." */
static void keep(struct world *w, const struct filter *f, const struct sock_table *table,
		 struct buf *out)
{
	uint64_t *cookies = calloc(table->n + 1, sizeof(*cookies));
	size_t n = 0;

	for (size_t i = 0; i < table->n; i++) {
		struct row row = { .sk = &table->socks[i] };

		if (filter_match(f, &w->snap, &row) != FILTER_NO)
			cookies[n++] = row.sk->cookie;
	}
	qsort(cookies, n, sizeof(*cookies), compare_cookies);
	buf_clear(out);
	for (size_t i = 0; i < n; i++)
		buf_printf(out, "%llx ", (unsigned long long)cookies[i]);
	free(cookies);
}

static void check_naive(struct world *w, const struct filter *f, const struct made_filter *made,
			struct buf *text)
{
	static const enum filter_result results[] = {
		[NAIVE_NO] = FILTER_NO,
		[NAIVE_YES] = FILTER_YES,
		[NAIVE_MAYBE] = FILTER_MAYBE,
		[NAIVE_UNTESTABLE] = FILTER_UNTESTABLE,
	};

	for (size_t i = 0; i < w->snap.table.n; i++) {
		struct row row = { .sk = &w->snap.table.socks[i] };

		if (filter_match(f, &w->snap, &row) != results[made_filter_naive(made, row.sk)])
			fail_msg("\"%s\" over socket %zu", buf_cstr(text), i);
	}
}

/* Does the source, asked with the filter's condition, bring what the filter keeps of everything? */
static bool agrees(struct world *w, const struct filter *f, struct source *source,
		   const struct sock_table *everything, bool with_mark, struct buf *said)
{
	struct sock_table table = { 0 };
	struct buf all = { 0 }, some = { 0 };
	struct cond cond;
	bool is_exact, is_equal;

	filter_cond(f, &w->names, with_mark, &cond, &is_exact);
	list(source, &cond, &table);
	w->n_fewer += table.n < everything->n;
	keep(w, f, everything, &all);
	keep(w, f, &table, &some);
	is_equal = !strcmp(buf_cstr(&all), buf_cstr(&some));
	buf_clear(said);
	buf_printf(said, "%s of %s", buf_cstr(&some), buf_cstr(&all));
	sock_table_fini(&table);
	cond_fini(&cond);
	buf_fini(&all);
	buf_fini(&some);
	return is_equal;
}

static void check_filter(struct world *w, const struct filter *f, const struct made_filter *made,
			 struct buf *text)
{
	bool with_mark = maker_roll(&w->maker, 2), agrees_now;
	struct buf said = { 0 };

	check_naive(w, f, made, text);
	if (!agrees(w, f, w->recording, &w->recorded, with_mark, &said))
		fail_msg("\"%s\" over the recording: %s", buf_cstr(text), buf_cstr(&said));
	agrees_now = agrees(w, f, w->kernel, &w->snap.table, with_mark, &said);
	if (!agrees_now) {
		/* What was in time-wait may be gone since everything was listed. */
		list(w->kernel, NULL, &w->snap.table);
		agrees_now = agrees(w, f, w->kernel, &w->snap.table, with_mark, &said);
	}
	if (!agrees_now)
		fail_msg("\"%s\" in the kernel: %s", buf_cstr(text), buf_cstr(&said));
	buf_fini(&said);
}

static void all_agree(void **state)
{
	const char *wanted = getenv("RANDOM_FILTERS");
	struct world *w = *state;
	size_t n = wanted ? strtoul(wanted, NULL, 10) : FILTERS;

	if (!w)
		skip_because("there is no network namespace of its own");
	for (size_t i = 0; i < n; i++) {
		struct buf text = { 0 };
		struct made_filter *made = made_filter_new(&w->maker, &text);
		struct filter_error error;
		struct filter *f;

		assert_int_equal(filter_parse(&f, text.data, text.len, &w->names, &error), 0);
		check_filter(w, f, made, &text);
		filter_free(f);
		made_filter_free(made);
		buf_fini(&text);
	}
	/* The kernel did select, or nothing was shown. */
	assert_true(w->n_fewer > n / 4);
}

static int set_up(void **state)
{
	char path[] = "/tmp/portstat-filters-XXXXXX";
	struct source *recorder;
	struct world *w;
	struct source_record record = { 0 };

	if (!enter_namespaces()) {
		return 0;
	}
	open_sockets();
	w = calloc(1, sizeof(*w));
	w->maker = (struct filter_maker){
		.seed = 5,
		.ports = ports,
		.n_ports = COUNT(ports),
		.addrs = addrs,
		.n_addrs = COUNT(addrs),
		.n_numbers = 3,
		.lo = if_nametoindex("lo"),
	};
	w->names.ifaces = ifaces_new(true);
	w->snap.names = &w->names;
	w->snap.resolved = NEED_IFACES;
	record.stream = fdopen(mkstemp(path), "w");
	assert_non_null(record.stream);
	assert_int_equal(source_netlink_open(&recorder, &record), 0);
	list(recorder, NULL, &w->snap.table);
	source_free(recorder);
	fclose(record.stream);
	assert_int_equal(source_replay_open(&w->recording, path), 0);
	unlink(path);
	list(w->recording, NULL, &w->recorded);
	assert_int_equal(w->recorded.n, w->snap.table.n);
	assert_int_equal(source_netlink_open(&w->kernel, NULL), 0);
	/* 12 that stay alone, four pairs, one of them twice for its ends, and what is in time-wait.
	 */
	assert_true(w->snap.table.n >= 20);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;

	if (!w)
		return 0;
	source_free(w->kernel);
	source_free(w->recording);
	ifaces_free(w->names.ifaces);
	sock_table_fini(&w->recorded);
	snapshot_fini(&w->snap);
	free(w);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(all_agree, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
