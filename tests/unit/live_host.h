/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host made by hand with a live view on it: for the tests of the live view. */
#ifndef PORTSTAT_TESTS_UNIT_LIVE_HOST_H
#define PORTSTAT_TESTS_UNIT_LIVE_HOST_H

#include <errno.h>
#include <limits.h>
#include <linux/tcp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "events/way.h"
#include "live/app.h"
#include "live/app_draw.h"
#include "live/canvas.h"
#include "live/compare.h"
#include "live/config.h"
#include "live/frame.h"
#include "action/jobs.h"
#include "live/keys.h"
#include "model/sock_info.h"
#include "model/sock_traffic.h"
#include "proc_tree.h"
#include "query/collect.h"
#include "query/expected.h"
#include "query/filter.h"
#include "query/plan.h"
#include "query/take.h"
#include "resolve/resolver.h"
#include "resolve/services.h"
#include "resolve/users.h"
#include "rows.h"
#include "source/source.h"
#include "test.h"

#define HOST_SOCKS 8000

struct host_sock {
	struct sock sk;
	uint64_t rx; /* bytes so far */
	uint64_t tx;
	uint32_t rtt_us;
	uint32_t segs_out;
	uint32_t retrans;
	uint32_t data_segs;
	uint32_t drops;
	uint64_t acked;
};

struct host {
	struct source source;
	struct sources sources;
	struct host_sock socks[HOST_SOCKS];
	size_t n;
	uint64_t cookies;
	struct expected expected; /* what is in no trouble */
	int fail; /* -errno that every protocol answers with */
	bool lacks_bound; /* source_outcome.lacks_bound */
	bool counts_datagrams; /* as BPF does */
	bool is_partial; /* has so many sockets that the view only remembers what it shows */
	struct tree tree;
	struct resolver names[2];
	struct frame frames[2];
	struct app app;
	struct live_config config;
	struct canvas canvas;
	uint64_t now;
};

/*
 * Instead of libc's.  The processes of the tree belong to who runs the test; on this host that is root,
 * who is the only user it has.
 */
int getpwuid_r(uid_t uid, struct passwd *entry, char *room, size_t size, struct passwd **found)
{
	static const char root[] = "root";

	*found = NULL;
	if (uid && uid != geteuid())
		return 0;
	if (size < sizeof(root))
		return ERANGE;
	memcpy(room, root, sizeof(root));
	*entry = (struct passwd){ .pw_name = room, .pw_uid = uid };
	*found = entry;
	return 0;
}

#define HOST_OF(src) ((struct host *)(void *)((char *)(src)-offsetof(struct host, source)))

static void host_list(struct source *src, const struct source_query *query,
		      struct sock_table *table, struct source_outcome *outcome)
{
	const struct host *h = HOST_OF(src);

	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++)
		for (unsigned int family = 0; family < ADDR_FAMILIES; family++)
			outcome->error[proto][family] = h->fail;
	outcome->lacks_bound = h->lacks_bound;
	for (size_t i = 0; !h->fail && i < h->n; i++) {
		struct tcp_info info = { .tcpi_bytes_received = h->socks[i].rx,
					 .tcpi_bytes_sent = h->socks[i].tx,
					 .tcpi_rtt = h->socks[i].rtt_us,
					 .tcpi_segs_out = h->socks[i].segs_out,
					 .tcpi_total_retrans = h->socks[i].retrans,
					 .tcpi_data_segs_out = h->socks[i].data_segs,
					 .tcpi_bytes_acked = h->socks[i].acked };
		struct sock_meminfo memory = { .drops = h->socks[i].drops };

		struct sock_traffic traffic;

		if (!sock_table_add(table, &h->socks[i].sk))
			continue;
		if (h->socks[i].sk.proto != PROTO_TCP) {
			if (memory.drops && query->extras & (SOCK_EXTRA_BIT(SOCK_EXTRA_MEMORY) |
							     SOCK_EXTRA_BIT(SOCK_EXTRA_DROPS)))
				sock_table_attach(table, SOCK_EXTRA_MEMORY, &memory,
						  sizeof(memory));
			continue;
		}
		sock_traffic_read(&traffic, &info, sizeof(info));
		if (query->extras & SOCK_EXTRA_BIT(SOCK_EXTRA_TRAFFIC) &&
		    h->socks[i].sk.state != SOCK_STATE_LISTEN &&
		    h->socks[i].sk.state != SOCK_STATE_TIME_WAIT)
			sock_table_attach(table, SOCK_EXTRA_TRAFFIC, &traffic, sizeof(traffic));
		if (query->extras & SOCK_EXTRA_BIT(SOCK_EXTRA_TCP_INFO))
			sock_table_attach(table, SOCK_EXTRA_TCP_INFO, &info, sizeof(info));
	}
}

static void host_free(struct source *src)
{
	(void)src;
}

static const struct source_ops host_ops = { .list = host_list, .free = host_free };

static inline void host_start(struct host *h, const struct live_setup *more)
{
	struct live_setup setup = *more;

	if (!setup.host)
		setup.host = "web01";
	setup.user = "root";
	setup.names = &h->names[0];
	setup.is_ascii = true;
	if (!setup.interval_ms && !setup.is_replay)
		setup.interval_ms = 2000;
	app_fini(&h->app);
	app_init(&h->app, &setup);
	app_resize(&h->app, 120, 40, h->now);
}

static inline int host_set_up(void **state)
{
	struct host *h = calloc(1, sizeof(*h));

	if (!h || !tree_init(&h->tree))
		return -1;
	/* A /proc without any process could tell nothing of owners. */
	make_process(&h->tree, 1, "init", 1);
	h->source.ops = &host_ops;
	h->sources.main = &h->source;
	h->now = 1000000;
	for (size_t i = 0; i < 2; i++) {
		h->names[i].services = services_new(NULL);
		h->names[i].users = users_new(true);
		h->names[i].owners = owners_new(h->tree.root, OWNERS_PROC);
		h->names[i].ephemeral = (struct port_range){ 32768, 60999 };
	}
	app_init(&h->app, &(struct live_setup){ .host = "", .user = "", .names = &h->names[0] });
	host_start(h, &(struct live_setup){ 0 });
	*state = h;
	return 0;
}

static inline int host_tear_down(void **state)
{
	struct host *h = *state;

	app_fini(&h->app);
	for (size_t i = 0; i < 2; i++) {
		frame_fini(&h->frames[i]);
		services_free(h->names[i].services);
		users_free(h->names[i].users);
		owners_free(h->names[i].owners);
	}
	canvas_fini(&h->canvas);
	live_config_fini(&h->config);
	tree_fini(&h->tree);
	free(h);
	return 0;
}

/* Adds a socket with a cookie of its own; peer NULL: it has none.  inode 0: nobody holds it. */
static inline struct host_sock *host_open(struct host *h, enum sock_proto proto,
					  enum sock_state state, const char *local,
					  uint16_t local_port, const char *peer, uint16_t peer_port,
					  uint32_t inode)
{
	struct host_sock *added = &h->socks[h->n++];

	assert_true(h->n <= HOST_SOCKS);
	*added = (struct host_sock){ 0 };
	added->sk = rows_sock(proto, state, local, local_port, peer, peer_port);
	added->sk.cookie = ++h->cookies;
	added->sk.known |= SOCK_HAS_COOKIE | SOCK_HAS_UID | SOCK_HAS_QUEUES | SOCK_HAS_IFACE;
	added->sk.inode = inode;
	if (inode)
		added->sk.known |= SOCK_HAS_INODE;
	return added;
}

static inline struct host_sock *host_find(struct host *h, uint16_t local_port, uint16_t peer_port)
{
	for (size_t i = 0; i < h->n; i++)
		if (h->socks[i].sk.local.port == local_port &&
		    h->socks[i].sk.remote.port == peer_port)
			return &h->socks[i];
	fail_msg("there is no socket %u-%u", local_port, peer_port);
	return NULL;
}

static inline void host_close(struct host *h, struct host_sock *gone)
{
	*gone = h->socks[--h->n];
}

static inline void host_process(struct host *h, int pid, const char *name, const uint32_t *inodes,
				size_t n)
{
	char path[64], target[64];

	make_process(&h->tree, pid, name, (unsigned int)pid);
	for (size_t i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%d/fd/%zu", pid, i + 3);
		snprintf(target, sizeof(target), "socket:[%u]", inodes[i]);
		make_link(&h->tree, path, target);
	}
}

static inline struct frame_scope host_scope(const struct host *h)
{
	return (struct frame_scope){
		.is_partial = h->is_partial,
		.version = h->app.query.version,
		.needs = h->app.setup.is_replay ? UINT_MAX : h->app.query.needs,
	};
}

/* Each datagram of the host has a hundred bytes. */
static inline int host_count(void *data, uint64_t cookie, struct event_count *out)
{
	const struct host *h = data;

	for (size_t i = 0; i < h->n; i++) {
		const struct host_sock *s = &h->socks[i];

		if (s->sk.cookie != cookie)
			continue;
		*out = (struct event_count){ s->tx, s->rx, s->tx / 100, s->rx / 100 };
		return 0;
	}
	return -ENOENT;
}

/* A look at the host that waits for the view to take it. */
static inline struct frame *host_park(struct host *h)
{
	struct frame *free_one = h->app.frame == &h->frames[0] ? &h->frames[1] : &h->frames[0];
	struct plan_request request = {
		.hidden = h->app.query.hidden,
		.columns = h->app.query.columns,
		.n_columns = h->app.query.n_columns,
		.also = h->app.query.also | expected_needs(&h->expected),
		.is_repeated = true,
	};
	struct comparison by = { .expected = &h->expected,
				 .interval_ms = h->app.setup.interval_ms };
	struct filter *filter;
	struct filter_error error;
	struct plan plan;

	if (h->counts_datagrams)
		by.counter = (struct packet_counter){ host_count, h };
	assert_int_equal(filter_parse(&filter, h->app.query.filter, strlen(h->app.query.filter),
				      &h->names[0], &error),
			 0);
	by.filter = filter;
	request.filter = h->is_partial ? filter : NULL;
	plan_init(&plan, &request);
	free_one->clock_ms = h->now;
	free_one->scope = host_scope(h);
	free_one->error = snapshot_take(&free_one->snap, &plan, &h->sources,
					&h->names[free_one - h->frames], h->now);
	frame_compare(free_one, h->app.frame, &by);
	plan_fini(&plan);
	filter_free(filter);
	return free_one;
}

/* A look at the host, offered to the view.  False where the view did not want it. */
static inline bool host_look(struct host *h)
{
	const struct frame_scope scope = host_scope(h);

	if (!app_wants(&h->app, &scope))
		return false;
	app_take(&h->app, host_park(h), h->now);
	return true;
}

/* Time goes by, and the host is looked at again. */
static inline void host_pass(struct host *h, uint64_t ms)
{
	h->now += ms;
	host_look(h);
	app_tick(&h->app, h->now);
}

static inline void host_key(struct host *h, uint32_t key)
{
	app_key(&h->app, key, h->now);
}

static inline void host_type(struct host *h, const char *text)
{
	for (; *text; text++)
		host_key(h, (unsigned char)*text);
}

static inline const char *host_line(struct host *h, int y)
{
	app_draw(&h->app, &h->canvas);
	return y < h->canvas.height ? buf_cstr(&h->canvas.lines[y].text) : "";
}

/* The first line that holds the text; -1 where none does. */
static inline int host_find_line(struct host *h, const char *text)
{
	app_draw(&h->app, &h->canvas);
	for (int y = 0; y < h->canvas.height; y++)
		if (strstr(buf_cstr(&h->canvas.lines[y].text), text))
			return y;
	return -1;
}

static inline void host_dump(struct host *h)
{
	app_draw(&h->app, &h->canvas);
	for (int y = 0; y < h->canvas.height; y++)
		fprintf(stderr, "|%s\n", buf_cstr(&h->canvas.lines[y].text));
}

static inline void host_expect(struct host *h, const char *text)
{
	if (host_find_line(h, text) >= 0)
		return;
	host_dump(h);
	fail_msg("the screen does not say: %s", text);
}

static inline void host_expect_not(struct host *h, const char *text)
{
	if (host_find_line(h, text) < 0)
		return;
	host_dump(h);
	fail_msg("the screen says: %s", text);
}

/* A line drawn in this style holds the text. */
static inline void host_expect_style(struct host *h, enum style style, const char *text)
{
	app_draw(&h->app, &h->canvas);
	for (int y = 0; y < h->canvas.height; y++) {
		const char *line = buf_cstr(&h->canvas.lines[y].text);

		if (h->canvas.lines[y].n_spans && h->canvas.lines[y].spans[0].style == style &&
		    strstr(line, text))
			return;
	}
	host_dump(h);
	fail_msg("no such line in style %d: %s", style, text);
}

/* The line of the cursor, or of what a search has found, holds this. */
static inline void host_expect_cursor(struct host *h, const char *text)
{
	host_expect_style(h, STYLE_CURSOR, text);
}

static inline void host_expect_hit(struct host *h, const char *text)
{
	host_expect_style(h, STYLE_HIT, text);
}

/* A web server with two workers and three clients, a database on loopback, DNS. */
static inline void host_populate(struct host *h)
{
	static const uint32_t master[] = { 443 }, worker[] = { 443, 101, 102, 103 };
	static const uint32_t database[] = { 5432, 201 }, client[] = { 202 }, dns[] = { 53 };

	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 443, NULL, 0, 443);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 443, "203.0.113.7", 51822,
		  101);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 443, "203.0.113.8", 51823,
		  102);
	host_open(h, PROTO_TCP, SOCK_STATE_CLOSE_WAIT, "192.0.2.1", 443, "203.0.113.9", 51824, 103);
	host_open(h, PROTO_TCP, SOCK_STATE_LISTEN, "127.0.0.1", 5432, NULL, 0, 5432);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "127.0.0.1", 5432, "127.0.0.1", 40000, 201);
	host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "127.0.0.1", 40000, "127.0.0.1", 5432, 202);
	host_open(h, PROTO_UDP, SOCK_STATE_BOUND, "0.0.0.0", 53, NULL, 0, 53);
	host_process(h, 1203, "nginx", master, 1);
	host_process(h, 1204, "nginx", worker, 4);
	host_process(h, 950, "postgres", database, 2);
	host_process(h, 7741, "psql", client, 1);
	host_process(h, 77, "dns) \033[2J", dns, 1);
}

/* So many more connections of the web server, from one peer; its process holds them all. */
static inline void host_flood(struct host *h, uint16_t n)
{
	uint32_t *inodes = mem_resize(NULL, n, sizeof(*inodes));

	for (uint16_t i = 0; i < n; i++) {
		inodes[i] = 100000U + i;
		host_open(h, PROTO_TCP, SOCK_STATE_ESTABLISHED, "192.0.2.1", 443, "198.51.100.9",
			  (uint16_t)(1024 + i), inodes[i]);
	}
	host_process(h, 1205, "nginx", inodes, n);
	free(inodes);
}

#endif
