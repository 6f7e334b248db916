/* clang-format off */
/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots of made sources: what falls back, what is missing and said so, whose a connection is. */
#include <config.h>

#include "query/snapshot.h"

#include <errno.h>

#include "model/cond.h"
#include "query/collect.h"
#include "query/column_list.h"
#include "query/filter.h"
#include "query/plan.h"
#include "query/take.h"
#include "resolve/cgroups.h"
#include "resolve/containers.h"
#include "resolve/hosts.h"
#include "rows.h"
#include "source/source.h"

#define MAX_SOCKS 32

/* Brings the sockets that it was given, as far as it is asked for them. */
struct fake {
	struct source source;
	struct sock socks[MAX_SOCKS];
	size_t n;
	size_t n_later; /* so many are still there when it is asked again */
	unsigned int calls;
	int error[PROTO_COUNT][ADDR_FAMILIES];
	bool lacks_bound;
	unsigned int in_use; /* PROTO_BIT()s */
};

static void fake_list(struct source *src, const struct source_query *query, struct sock_table *table,
		      struct source_outcome *outcome)
{
	struct fake *f = (struct fake *)src;
	size_t n = f->calls++ ? f->n_later : f->n;

	memcpy(outcome->error, f->error, sizeof(f->error));
	outcome->lacks_bound = f->lacks_bound;
	for (size_t i = 0; i < n; i++) {
		const struct sock *sk = &f->socks[i];
		int error = f->error[sk->proto][sk->family];

		if (error == SOURCE_ERROR_UNSUPPORTED || error == SOURCE_ERROR_DENIED)
			continue;
		if (query->protos & PROTO_BIT(sk->proto) && query->families & FAMILY_BIT(sk->family) &&
		    query->states & STATE_BIT(sk->state) && (!query->cond || cond_holds(query->cond, sk)))
			sock_table_add(table, sk);
	}
}

static void fake_free(struct source *src)
{
	(void)src;
}

static unsigned int fake_in_use(struct source *src, unsigned int families)
{
	return families ? ((struct fake *)src)->in_use : 0;
}

static const struct source_ops fake_ops = { .list = fake_list, .in_use = fake_in_use, .free = fake_free };

/* Adds a socket with an inode; its inode and cookie tell which one it is. */
static struct sock *give(struct fake *f, enum sock_proto proto, enum sock_state state,
			 const char *local, uint16_t local_port, const char *peer, uint16_t peer_port)
{
	struct sock *sk = &f->socks[f->n];

	assert_true(f->n < MAX_SOCKS);
	*sk = rows_sock(proto, state, local, local_port, peer, peer_port);
	sk->inode = 500 + (uint32_t)f->n;
	sk->cookie = sk->inode;
	sk->known |= SOCK_HAS_INODE | SOCK_HAS_COOKIE | SOCK_HAS_QUEUES;
	f->n_later = ++f->n;
	return sk;
}

/* A connection that its listener has not accepted. */
static struct sock *give_waiting(struct fake *f, const char *local, uint16_t port, const char *peer)
{
	struct sock *sk = give(f, PROTO_TCP, SOCK_STATE_ESTABLISHED, local, port, peer, 40000);

	sk->known = (uint16_t)((sk->known & ~SOCK_HAS_INODE) | SOCK_NOT_ACCEPTED);
	sk->inode = 0;
	return sk;
}

struct look {
	const char *columns;
	const char *filter; /* NULL: none */
	unsigned int protos;
	bool is_listening;
};

/* The world of a test: two sources beside the rows. */
struct world {
	struct rows *rows;
	struct fake main;
	struct fake fallback;
	struct sources sources;
};

static int set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	void *rows = NULL;

	if (!w || rows_set_up(&rows))
		return -1;
	w->rows = rows;
	w->main.source.ops = w->fallback.source.ops = &fake_ops;
	w->sources.main = &w->main.source;
	w->sources.fallback = &w->fallback.source;
	w->rows->names.owners = owners_new(w->rows->tree.root, OWNERS_PROC);
	*state = w;
	return 0;
}

static int tear_down(void **state)
{
	struct world *w = *state;
	void *rows = w->rows;
	int status = rows_tear_down(&rows);

	free(w);
	return status;
}

static int take(struct world *w, const struct look *look)
{
	struct column_list list = { 0 };
	struct filter *filter = NULL;
	struct filter_error error;
	struct plan plan;
	int err;

	column_list_add_keys(&list, look->columns);
	if (look->filter)
		assert_int_equal(filter_parse(&filter, look->filter, strlen(look->filter),
					      &w->rows->names, &error), 0);
	plan_init(&plan, &(struct plan_request){
				 .protos = look->protos,
				 .is_listening = look->is_listening,
				 .filter = filter,
				 .columns = list.list,
				 .n_columns = list.n,
				 .hosts_wait_ms = 2000,
				 .in_kernel = true,
			 });
	w->main.calls = w->fallback.calls = 0;
	err = snapshot_take(&w->rows->snap, &plan, &w->sources, &w->rows->names, 1000);
	plan_fini(&plan);
	filter_free(filter);
	column_list_fini(&list);
	return err;
}
#define TAKE(w, ...) take(w, &(struct look){ .columns = __VA_ARGS__ })

/* The problems of the snapshot, "code/proto" with spaces between. */
static void expect_problems(const struct world *w, const char *want)
{
	const struct problems *problems = &w->rows->snap.problems;
	struct buf got = { 0 };

	for (size_t i = 0; i < problems->n; i++) {
		const struct problem *p = &problems->list[i];

		buf_printf(&got, "%s%s/%d", i ? " " : "", problem_code_name(p->code), p->proto);
	}
	assert_string_equal(buf_cstr(&got), want);
	buf_fini(&got);
}

/* A process that holds the socket of this inode. */
static void hold(const struct world *w, int pid, const char *name, uint32_t inode)
{
	char link[64], target[32];

	make_process(&w->rows->tree, pid, name, 1);
	snprintf(link, sizeof(link), "%d/fd/3", pid);
	snprintf(target, sizeof(target), "socket:[%u]", inode);
	make_link(&w->rows->tree, link, target);
}

static void rows_are_what_matches(void **state)
{
	struct world *w = *state;

	give(&w->main, PROTO_UDP, SOCK_STATE_BOUND, "0.0.0.0", 53, NULL, 0);
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "::", 80, NULL, 0);
	give(&w->main, PROTO_TCP, SOCK_STATE_BOUND, "0.0.0.0", 70, NULL, 0);
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 80, NULL, 0);
	assert_int_equal(TAKE(w, "proto local"), 0);
	assert_int_equal(w->rows->snap.n_rows, 4);
	rows_expect_text(w->rows, 0, "local", "0.0.0.0:70");
	rows_expect_text(w->rows, 1, "local", "0.0.0.0:80");
	rows_expect_text(w->rows, 2, "local", "[::]:80");
	rows_expect_text(w->rows, 3, "proto", "udp");
	assert_int_equal(w->rows->snap.time_ms, 1000);
	expect_problems(w, "");

	/* One after the other: nothing of the last look stays. */
	assert_int_equal(TAKE(w, "proto local", .is_listening = true), 0);
	assert_int_equal(w->rows->snap.n_rows, 3);
	assert_int_equal(TAKE(w, "local", .filter = "lport 70-79"), 0);
	assert_int_equal(w->rows->snap.n_rows, 1);
	rows_expect_text(w->rows, 0, "local", "0.0.0.0:70");
	assert_int_equal(TAKE(w, "local", .filter = "lport 1"), 0);
	assert_int_equal(w->rows->snap.n_rows, 0);
}

/* Where the kernel has no handler another source serves, which says so by what it lacks. */
static void the_fallback_serves(void **state)
{
	struct world *w = *state;
	struct sock *poor;

	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 80, NULL, 0);
	poor = give(&w->fallback, PROTO_RAW, SOCK_STATE_BOUND, "0.0.0.0", 0, NULL, 0);
	poor->known = SOCK_FROM_PROCFS;
	w->main.error[PROTO_RAW][ADDR_INET] = SOURCE_ERROR_UNSUPPORTED;
	w->main.error[PROTO_RAW][ADDR_INET6] = SOURCE_ERROR_UNSUPPORTED;
	assert_int_equal(TAKE(w, "proto"), 0);
	assert_int_equal(w->rows->snap.n_rows, 2);
	expect_problems(w, "fallback/3");

	/* Rows that are not shown lack nothing ... */
	assert_int_equal(TAKE(w, "proto", .filter = "proto tcp"), 0);
	expect_problems(w, "");
	/* ... unless the protocol was asked for. */
	w->fallback.n = 0;
	assert_int_equal(TAKE(w, "proto", .protos = PROTO_BIT(PROTO_RAW)), 0);
	expect_problems(w, "fallback/3");
}

/* The fallback is asked only for what failed: IPv6 from the one and IPv4 from the other is no duplicate. */
static void one_family_falls_back(void **state)
{
	struct world *w = *state;

	give(&w->main, PROTO_UDP, SOCK_STATE_BOUND, "::1", 1, NULL, 0);
	give(&w->fallback, PROTO_UDP, SOCK_STATE_BOUND, "::1", 1, NULL, 0)->known = SOCK_FROM_PROCFS;
	give(&w->fallback, PROTO_UDP, SOCK_STATE_BOUND, "127.0.0.1", 2, NULL, 0)->known = SOCK_FROM_PROCFS;
	w->main.error[PROTO_UDP][ADDR_INET] = SOURCE_ERROR_DENIED;
	assert_int_equal(TAKE(w, "local"), 0);
	assert_int_equal(w->rows->snap.n_rows, 2);
	rows_expect_text(w->rows, 0, "local", "[::1]:1");
	rows_expect_text(w->rows, 1, "local", "127.0.0.1:2");
	expect_problems(w, "fallback/1");
}

static void fail_everywhere(struct fake *f, enum sock_proto proto, int error)
{
	f->error[proto][ADDR_INET] = f->error[proto][ADDR_INET6] = error;
}

/* A protocol that nobody knows is missed only by who asked for it. */
static void unsupported_protocols(void **state)
{
	struct world *w = *state;

	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 80, NULL, 0);
	fail_everywhere(&w->main, PROTO_SCTP, SOURCE_ERROR_UNSUPPORTED);
	fail_everywhere(&w->fallback, PROTO_SCTP, SOURCE_ERROR_UNSUPPORTED);
	assert_int_equal(TAKE(w, "proto"), 0);
	expect_problems(w, "");
	assert_int_equal(TAKE(w, "proto", .protos = PROTO_BIT(PROTO_SCTP) | PROTO_BIT(PROTO_TCP)), 0);
	expect_problems(w, "unsupported/4");
	/* Alone it is a listing without rows, not a failure. */
	assert_int_equal(TAKE(w, "proto", .protos = PROTO_BIT(PROTO_SCTP)), 0);
	assert_int_equal(w->rows->snap.n_rows, 0);
	expect_problems(w, "unsupported/4");
}

/* ... or where it is in use: then something is missing, whoever asked for what. */
static void unsupported_but_in_use(void **state)
{
	struct world *w = *state;

	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 80, NULL, 0);
	fail_everywhere(&w->main, PROTO_SCTP, SOURCE_ERROR_UNSUPPORTED);
	fail_everywhere(&w->fallback, PROTO_SCTP, SOURCE_ERROR_UNSUPPORTED);
	w->main.in_use = PROTO_BIT(PROTO_SCTP) | PROTO_BIT(PROTO_TCP);
	assert_int_equal(TAKE(w, "proto"), 0);
	expect_problems(w, "unsupported/4");
	assert_int_equal(TAKE(w, "proto", .protos = PROTO_BIT(PROTO_TCP)), 0);
	expect_problems(w, "");
	/* What the fallback has is not missing. */
	w->fallback.error[PROTO_SCTP][ADDR_INET] = 0;
	assert_int_equal(TAKE(w, "proto"), 0);
	expect_problems(w, "");
}

/* Whichever source stands for TCP tells whether sockets are missing that are only bound. */
static void bound_sockets_that_are_missing(void **state)
{
	struct world *w = *state;

	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 80, NULL, 0);
	w->main.lacks_bound = true;
	assert_int_equal(TAKE(w, "proto"), 0);
	expect_problems(w, "unsupported/0");
	w->main.lacks_bound = false;
	w->fallback.lacks_bound = true;
	assert_int_equal(TAKE(w, "proto"), 0);
	expect_problems(w, "");
	/* A list that fell back lacks more, and one sentence says it all. */
	fail_everywhere(&w->main, PROTO_TCP, SOURCE_ERROR_UNSUPPORTED);
	assert_int_equal(TAKE(w, "proto", .protos = PROTO_BIT(PROTO_TCP)), 0);
	expect_problems(w, "fallback/0");
	assert_int_equal(TAKE(w, "proto"), 0);
	expect_problems(w, "unsupported/0");
}

static enum problem_remedy no_module(enum sock_proto proto)
{
	(void)proto;
	return PROBLEM_MODULE_MISSING;
}

static enum problem_remedy a_module(enum sock_proto proto)
{
	(void)proto;
	return PROBLEM_MODULE_INSTALLED;
}

static void expect_sentence(const struct world *w, const char *start, const char *end)
{
	struct buf text = { 0 };

	problem_text(&w->rows->snap.problems.list[0], false, &text);
	if (strncmp(buf_cstr(&text), start, strlen(start)) != 0 || !strstr(buf_cstr(&text), end))
		fail_msg("%s instead of %s...%s", buf_cstr(&text), start, end);
	buf_fini(&text);
}

/* A module is named where it can be loaded, and none that this kernel cannot have. */
static void remedies_in_words(void **state)
{
	struct world *w = *state;
	const unsigned int sctp = PROTO_BIT(PROTO_SCTP);

	fail_everywhere(&w->main, PROTO_SCTP, SOURCE_ERROR_UNSUPPORTED);
	fail_everywhere(&w->fallback, PROTO_SCTP, SOURCE_ERROR_UNSUPPORTED);
	w->sources.remedy = a_module;
	TAKE(w, "proto", .protos = sctp);
	expect_sentence(w, "sctp sockets cannot be listed: ", "load it with: modprobe sctp_diag");
	w->sources.remedy = no_module;
	TAKE(w, "proto", .protos = sctp);
	expect_sentence(w, "sctp sockets cannot be listed: this kernel has no support for "
			   "listing them", "");

	fail_everywhere(&w->fallback, PROTO_SCTP, 0);
	TAKE(w, "proto", .protos = sctp);
	expect_sentence(w, "sctp sockets were read from /proc/net, ", "does not have the module sctp_diag");
	w->sources.remedy = a_module;
	TAKE(w, "proto", .protos = sctp);
	expect_sentence(w, "sctp sockets were read from /proc/net, ", "with: modprobe sctp_diag");
	/* No module helps whom the kernel does not listen to. */
	fail_everywhere(&w->main, PROTO_SCTP, SOURCE_ERROR_DENIED);
	TAKE(w, "proto", .protos = sctp);
	expect_sentence(w, "sctp sockets were read from /proc/net, ", ": the kernel could not be asked (Operation not permitted)");
	w->sources.main = NULL;
	w->sources.main_error = -EAFNOSUPPORT;
	TAKE(w, "proto", .protos = sctp);
	expect_sentence(w, "sctp sockets were read from /proc/net, ",
			"(Address family not supported by protocol)");
}

/* What would bring a protocol hangs on where it was looked for. */
static void unsupported_in_words(void **state)
{
	struct world *w = *state;
	const struct {
		struct source *fallback;
		bool is_procfs;
		bool is_replay;
		const char *want;
	} cases[] = {
		{ &w->fallback.source, false, false,
		  "sctp sockets cannot be listed: this kernel has neither a diag module nor a " },
		{ NULL, false, false,
		  "sctp sockets cannot be listed: this kernel has no diag module for them; " },
		{ NULL, true, false, "sctp sockets cannot be listed: there is no /proc/net file for them; "
				     "use --source=auto" },
		{ NULL, false, true, "sctp sockets cannot be listed: the recording does not " },
	};
	/* clang-format on */

	fail_everywhere(&w->main, PROTO_SCTP, SOURCE_ERROR_UNSUPPORTED);
	fail_everywhere(&w->fallback, PROTO_SCTP, SOURCE_ERROR_UNSUPPORTED);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf text = { 0 };

		w->sources.fallback = cases[i].fallback;
		w->sources.is_procfs = cases[i].is_procfs;
		w->sources.is_replay = cases[i].is_replay;
		assert_int_equal(TAKE(w, "proto", .protos = PROTO_BIT(PROTO_SCTP)), 0);
		expect_problems(w, "unsupported/4");
		problem_text(&w->rows->snap.problems.list[0], false, &text);
		if (strncmp(buf_cstr(&text), cases[i].want, strlen(cases[i].want)))
			fail_msg("%s instead of %s", buf_cstr(&text), cases[i].want);
		buf_fini(&text);
	}
}

/* What would help depends on who looks, and on what was asked for. */
static void what_is_lacking_in_words(void **state)
{
	/* clang-format off */
	static const struct {
		struct problem problem;
		const char *want; /* a part of it */
		const char *not; /* no part of it */
	} cases[] = {
		{ { .code = PROBLEM_PROCESSES, .count = 2, .viewer = VIEWER_USER }, "run as root, or with", NULL },
		{ { .code = PROBLEM_PROCESSES, .count = 2, .viewer = VIEWER_OF_CONTAINER },
		  "root of a user namespace", "CAP_" },
		{ { .code = PROBLEM_PROCESSES, .count = 1, .viewer = VIEWER_WITHOUT_CAPS },
		  "root lacks CAP_SYS_PTRACE", "as root" },
		{ { .code = PROBLEM_PROCESSES, .count = 1, .viewer = VIEWER_BARRED }, "security module", "as root" },
		{ { .code = PROBLEM_PROCESSES, .viewer = VIEWER_USER }, "run as root on the host", NULL },
		{ { .code = PROBLEM_PROCESSES, .viewer = VIEWER_BARRED }, "run on the host", "as root" },
		{ { .code = PROBLEM_PROCESSES, .way = PROBLEM_BY_BPF, .error = EPERM, .bpf = PROBLEM_BPF_DENIED, .viewer = VIEWER_USER },
		  "run as root", NULL },
		{ { .code = PROBLEM_PROCESSES, .way = PROBLEM_BY_BPF, .error = EPERM, .bpf = PROBLEM_BPF_DENIED,
		    .viewer = VIEWER_OF_CONTAINER }, "on the host itself", "as root" },
		{ { .code = PROBLEM_FALLBACK, .way = PROBLEM_EACH_WAY }, "tcp_diag", "--source" },
		{ { .code = PROBLEM_FALLBACK, .way = PROBLEM_BY_PROCFS }, "use --source=auto", "modprobe" },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct buf text = { 0 };

		problem_text(&cases[i].problem, false, &text);
		if (!strstr(buf_cstr(&text), cases[i].want) ||
		    (cases[i].not &&strstr(buf_cstr(&text), cases[i].not )))
			fail_msg("case %zu: %s", i, buf_cstr(&text));
		buf_fini(&text);
	}
}

/* A list that ended early is shown as far as it came, and said to be short. */
static void cut_short(void **state)
{
	struct world *w = *state;

	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 80, NULL, 0);
	w->main.error[PROTO_TCP][ADDR_INET] = -EIO;
	assert_int_equal(TAKE(w, "proto"), 0);
	assert_int_equal(w->rows->snap.n_rows, 1);
	expect_problems(w, "cut-short/0");
	assert_int_equal(w->rows->snap.problems.list[0].error, EIO);
	assert_int_equal(w->fallback.calls, 0);
}

/* What cannot be read at all is an error, not a listing without rows. */
static void nothing_can_be_read(void **state)
{
	struct world *w = *state;

	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++) {
		fail_everywhere(&w->main, (enum sock_proto)proto, SOURCE_ERROR_DENIED);
		fail_everywhere(&w->fallback, (enum sock_proto)proto, SOURCE_ERROR_DENIED);
	}
	assert_int_equal(TAKE(w, "proto"), SOURCE_ERROR_DENIED);
	w->sources.fallback = NULL;
	assert_int_equal(TAKE(w, "proto"), SOURCE_ERROR_DENIED);
	w->sources.main = NULL;
	assert_int_equal(TAKE(w, "proto"), SOURCE_ERROR_DENIED);
	/* Without the main source the other one does it all. */
	w->sources.fallback = &w->fallback.source;
	memset(w->fallback.error, 0, sizeof(w->fallback.error));
	give(&w->fallback, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 80, NULL, 0)->known |=
		SOCK_FROM_PROCFS;
	assert_int_equal(TAKE(w, "proto"), 0);
	assert_int_equal(w->rows->snap.n_rows, 1);
	expect_problems(w, "fallback/0");
}

static void notes(void **state)
{
	struct world *w = *state;
	struct sock *sk;

	hold(w, 7, "server", 500);
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 1, NULL, 0);
	sk = give(&w->main, PROTO_TCP, SOCK_STATE_TIME_WAIT, "10.0.0.1", 2, "10.0.0.2", 1);
	sk->known = (uint16_t)(sk->known & ~SOCK_HAS_INODE);
	sk = give(&w->main, PROTO_TCP, SOCK_STATE_FIN_WAIT_1, "10.0.0.1", 3, "10.0.0.2", 1);
	sk->known = (uint16_t)(sk->known & ~SOCK_HAS_INODE);
	give(&w->main, PROTO_UDP, SOCK_STATE_BOUND, "0.0.0.0", 4, NULL, 0);
	/* Closed between the list of sockets and the walk. */
	give(&w->main, PROTO_UDP, SOCK_STATE_BOUND, "0.0.0.0", 5, NULL, 0);
	w->main.n_later = 4;
	assert_int_equal(TAKE(w, "process"), 0);
	rows_expect_text(w->rows, 0, "process", "server[7]");
	rows_expect_text(w->rows, 1, "process", "(time-wait)");
	rows_expect_text(w->rows, 2, "process", "(gone)");
	rows_expect_text(w->rows, 3, "process", "(unheld)");
	rows_expect_text(w->rows, 4, "process", "(gone)");
	expect_problems(w, "");
}

/* Nobody is looked for where no column, filter or sort key needs it. */
static void owners_that_nobody_needs(void **state)
{
	struct world *w = *state;

	hold(w, 7, "server", 500);
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 1, NULL, 0);
	assert_int_equal(TAKE(w, "local"), 0);
	assert_int_equal(row_owners(&w->rows->snap, &w->rows->snap.rows[0]).n, 0);
	rows_expect_text(w->rows, 0, "process", "-");
	assert_int_equal(w->main.calls, 1);
}

static void processes_that_cannot_be_read(void **state)
{
	struct world *w = *state;

	hold(w, 7, "server", 500);
	make_dir(&w->rows->tree, "8");
	make_dir(&w->rows->tree, "8/fd");
	make_link(&w->rows->tree, "8/fd/3", "socket:[501]");
	make_file(&w->rows->tree, "8/stat", "8 (x", 4);
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 1, NULL, 0);
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 2, NULL, 0);
	assert_int_equal(TAKE(w, "process"), 0);
	rows_expect_text(w->rows, 0, "process", "server[7]");
	rows_expect_text(w->rows, 1, "process", "(hidden)");
	expect_problems(w, "processes/-1");
	assert_int_equal(w->rows->snap.problems.list[0].count, 1);
	/* A row that has its owner lacks nothing. */
	assert_int_equal(TAKE(w, "process", .filter = "lport 1"), 0);
	expect_problems(w, "");
}

static void a_filter_on_owners(void **state)
{
	struct world *w = *state;

	hold(w, 7, "server", 500);
	hold(w, 8, "client", 501);
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 1, NULL, 0);
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 2, NULL, 0);
	assert_int_equal(TAKE(w, "local", .filter = "proc serv*"), 0);
	assert_int_equal(w->rows->snap.n_rows, 1);
	rows_expect_text(w->rows, 0, "local", "0.0.0.0:1");
	assert_int_equal(TAKE(w, "local", .filter = "not proc serv*"), 0);
	assert_int_equal(w->rows->snap.n_rows, 1);
	rows_expect_text(w->rows, 0, "local", "0.0.0.0:2");
}

/* A connection that waits has its listener's owners, whether or not the listener is shown. */
static void waiting_connections(void **state)
{
	static const char *const filters[] = { NULL, "rport 40000", "state established",
					       "proc server" };
	struct world *w = *state;

	hold(w, 7, "server", 500);
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 80, NULL, 0);
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 81, NULL, 0);
	give_waiting(&w->main, "10.0.0.1", 80, "10.0.0.2");
	for (size_t i = 0; i < sizeof(filters) / sizeof(*filters); i++) {
		size_t at = 0;

		assert_int_equal(TAKE(w, "process owners.via", .filter = filters[i]), 0);
		while (at < w->rows->snap.n_rows &&
		       w->rows->snap.rows[at].sk->state != SOCK_STATE_ESTABLISHED)
			at++;
		assert_true(at < w->rows->snap.n_rows);
		rows_expect_text(w->rows, at, "process", "server[7] (not-accepted)");
		rows_expect_text(w->rows, at, "owners.via", "listener");
	}
}

/* As the kernel chooses a listener: the address before the wildcard, the device before none. */
static void the_listener_that_fits_best(void **state)
{
	static const struct {
		const char *local;
		const char *peer;
		uint32_t ifindex;
		const char *want;
	} cases[] = {
		{ "10.0.0.1", "10.0.0.2", 0, "one[11] (not-accepted)" },
		{ "10.0.0.9", "10.0.0.2", 0, "any4[10] (not-accepted)" },
		{ "10.0.0.9", "10.0.0.2", 3, "device[12] (not-accepted)" },
		{ "10.0.0.9", "10.0.0.2", 4, "any4[10] (not-accepted)" },
		{ "2001:db8::1", "2001:db8::2", 0, "any6[13] (not-accepted)" },
	};
	struct world *w = *state;

	hold(w, 10, "any4", 500);
	hold(w, 11, "one", 501);
	hold(w, 12, "device", 502);
	hold(w, 13, "any6", 503);
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 80, NULL, 0);
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "10.0.0.1", 80, NULL, 0);
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 80, NULL, 0)->ifindex = 3;
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "::", 80, NULL, 0)->v6only = 1;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sock *sk = give_waiting(&w->main, cases[i].local, 80, cases[i].peer);

		sk->ifindex = cases[i].ifindex;
		assert_int_equal(TAKE(w, "process", .filter = "state established"), 0);
		assert_int_equal(w->rows->snap.n_rows, 1);
		rows_expect_text(w->rows, 0, "process", cases[i].want);
		w->main.n_later = --w->main.n;
	}
}

/* A dual-stack listener takes IPv4 connections, which are told as v4-mapped or, half-open, as IPv4. */
static void a_dual_stack_listener(void **state)
{
	struct world *w = *state;

	hold(w, 7, "server", 500);
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "::", 80, NULL, 0);
	give_waiting(&w->main, "::ffff:10.0.0.1", 80, "::ffff:10.0.0.2");
	give_waiting(&w->main, "10.0.0.1", 80, "10.0.0.2")->state = SOCK_STATE_SYN_RECV;
	assert_int_equal(TAKE(w, "process", .filter = "rport 40000"), 0);
	assert_int_equal(w->rows->snap.n_rows, 2);
	rows_expect_text(w->rows, 0, "process", "server[7] (not-accepted)");
	rows_expect_text(w->rows, 1, "process", "server[7] (not-accepted)");
}

/* In a SO_REUSEPORT group it is the one that has connections waiting, if it is just one. */
static void a_group_of_listeners(void **state)
{
	struct world *w = *state;
	struct sock *first, *second, *sk;

	hold(w, 7, "first", 500);
	hold(w, 8, "second", 501);
	first = give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 80, NULL, 0);
	second = give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 80, NULL, 0);
	sk = give_waiting(&w->main, "10.0.0.1", 80, "10.0.0.2");
	first->recv_q = second->recv_q = 1;
	assert_int_equal(TAKE(w, "process", .filter = "state established"), 0);
	rows_expect_text(w->rows, 0, "process", "(not-accepted)");
	first->recv_q = 0;
	assert_int_equal(TAKE(w, "process", .filter = "state established"), 0);
	rows_expect_text(w->rows, 0, "process", "second[8] (not-accepted)");
	/* A half-open one waits in no queue yet. */
	sk->state = SOCK_STATE_SYN_RECV;
	assert_int_equal(TAKE(w, "process", .filter = "state syn-recv"), 0);
	rows_expect_text(w->rows, 0, "process", "(not-accepted)");
}

/* Protocols add up: an MPTCP connection does not take its subflows from TCP, whatever the filter. */
static void subflows_are_rows(void **state)
{
	static const struct {
		const char *filter;
		size_t n;
	} cases[] = {
		{ NULL, 4 }, { "rport 9", 2 }, { "rport 9 or pid 1", 2 }, { "proto tcp", 3 }
	};
	struct world *w = *state;
	struct sock *sk;

	give(&w->main, PROTO_MPTCP, SOCK_STATE_ESTABLISHED, "10.0.0.1", 80, "10.0.0.2", 9);
	sk = give(&w->main, PROTO_TCP, SOCK_STATE_ESTABLISHED, "10.0.0.1", 80, "10.0.0.2", 9);
	sk->inode = 500;
	sk = give(&w->main, PROTO_TCP, SOCK_STATE_ESTABLISHED, "10.0.0.1", 80, "10.0.0.3", 10);
	sk->inode = 500;
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "10.0.0.1", 80, NULL, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(TAKE(w, "process", .filter = cases[i].filter,
				      .protos = PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_MPTCP)),
				 0);
		assert_int_equal(w->rows->snap.n_rows, cases[i].n);
	}
}

/* A listener of this host tells which end serves, whether or not the listener is listed. */
static void listeners_serve(void **state)
{
	static const struct {
		enum sock_proto proto;
		const char *listener; /* at port 44321 or 50051 of these; NULL: none */
		uint16_t port;
		const char *local;
		uint16_t local_port;
		const char *peer;
		uint16_t peer_port;
		const char *want; /* of services(5) below */
	} cases[] = {
		/* Without a listener the one with a name. */
		{ PROTO_TCP, NULL, 0, "10.0.0.1", 50051, "10.0.0.2", 44321, "named" },
		{ PROTO_TCP, "0.0.0.0", 50051, "10.0.0.1", 50051, "10.0.0.2", 44321, "-" },
		{ PROTO_TCP, "::", 50051, "10.0.0.1", 50051, "10.0.0.2", 44321, "-" },
		{ PROTO_TCP, "::", 50051, "::ffff:10.0.0.1", 50051, "::ffff:10.0.0.2", 44321, "-" },
		{ PROTO_TCP, "10.0.0.1", 50051, "10.0.0.1", 50051, "10.0.0.2", 44321, "-" },
		/* Another address, another family or another protocol is another service. */
		{ PROTO_TCP, "10.0.0.9", 50051, "10.0.0.1", 50051, "10.0.0.2", 44321, "named" },
		{ PROTO_TCP, "0.0.0.0", 50051, "::1", 50051, "::2", 44321, "named" },
		{ PROTO_UDP, "0.0.0.0", 50051, "10.0.0.1", 50051, "10.0.0.2", 44321, "-" },
		/* The other end, where it is on this host. */
		{ PROTO_TCP, "0.0.0.0", 50051, "127.0.0.1", 44321, "127.0.0.1", 50051, "-" },
		{ PROTO_TCP, "::", 50051, "10.0.0.1", 44321, "10.0.0.1", 50051, "-" },
		{ PROTO_TCP, "10.0.0.2", 50051, "10.0.0.1", 44321, "10.0.0.2", 50051, "-" },
		{ PROTO_TCP, "0.0.0.0", 50051, "10.0.0.1", 44321, "10.0.0.2", 50051, "named" },
		/* Ports of servers that are not in the ephemeral range yield, too. */
		{ PROTO_TCP, "0.0.0.0", 50051, "10.0.0.1", 50051, "10.0.0.2", 80, "-" },
		{ PROTO_TCP, NULL, 0, "10.0.0.1", 50051, "10.0.0.2", 80, "http" },
	};
	static const char names[] = "named 44321/tcp\nnamed 44321/udp\n";
	struct world *w = *state;

	services_read(w->rows->names.services, names, sizeof(names) - 1);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char filter[32];

		w->main.n = 0;
		if (cases[i].listener)
			give(&w->main, cases[i].proto,
			     cases[i].proto == PROTO_UDP ? SOCK_STATE_BOUND : SOCK_STATE_LISTEN,
			     cases[i].listener, cases[i].port, NULL, 0);
		give(&w->main, cases[i].proto, SOCK_STATE_ESTABLISHED, cases[i].local,
		     cases[i].local_port, cases[i].peer, cases[i].peer_port);
		snprintf(filter, sizeof(filter), "rport %u", cases[i].peer_port);
		assert_int_equal(TAKE(w, "service", .filter = filter), 0);
		assert_int_equal(w->rows->snap.n_rows, 1);
		rows_expect_text(w->rows, 0, "service", cases[i].want);
		/* Asked once for what the filter keeps back, and not at all where nothing is. */
		assert_int_equal(w->main.calls, 2);
		assert_int_equal(TAKE(w, "service", .filter = NULL), 0);
		assert_int_equal(w->rows->snap.n_rows, cases[i].listener ? 2 : 1);
		assert_int_equal(w->main.calls, 1);
		rows_expect_text(w->rows, w->rows->snap.rows[0].sk->remote.port ? 0 : 1, "service",
				 cases[i].want);
		assert_int_equal(TAKE(w, "local", .filter = filter), 0);
		assert_int_equal(w->main.calls, 1);
	}
}

/* An owner that the filter asks for is shown first: a listener is often held by pid 1 as well. */
static void the_filter_names_an_owner(void **state)
{
	struct world *w = *state;

	hold(w, 1, "init", 500);
	hold(w, 7, "server", 500);
	hold(w, 8, "worker", 500);
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 1, NULL, 0);
	assert_int_equal(TAKE(w, "process"), 0);
	rows_expect_text(w->rows, 0, "process", "server[7] +2");
	assert_int_equal(TAKE(w, "process", .filter = "proc work*"), 0);
	rows_expect_text(w->rows, 0, "process", "worker[8] +2");
}

static enum host_answer look_up(enum addr_family family, const struct addr *addr, char *name,
				size_t size)
{
	if (family != ADDR_INET || addr->bytes[0] != 10)
		return HOST_FAILED;
	snprintf(name, size, "host-%u", addr->bytes[3]);
	return HOST_NAMED;
}

static void host_names(void **state)
{
	struct world *w = *state;

	w->rows->names.hosts = hosts_new(2, look_up);
	give(&w->main, PROTO_TCP, SOCK_STATE_ESTABLISHED, "10.0.0.1", 1, "10.0.0.2", 2);
	give(&w->main, PROTO_TCP, SOCK_STATE_ESTABLISHED, "10.0.0.1", 3, "192.0.2.1", 2);
	assert_int_equal(TAKE(w, "local_host peer_host", .filter = "lport 1"), 0);
	rows_expect_text(w->rows, 0, "local_host", "host-1");
	rows_expect_text(w->rows, 0, "peer_host", "host-2");
	expect_problems(w, "");
	assert_int_equal(TAKE(w, "local_host peer_host"), 0);
	rows_expect_text(w->rows, 1, "peer_host", "?");
	rows_expect_plain(w->rows, 1, "peer_host", "");
	expect_problems(w, "names/-1");
	assert_int_equal(w->rows->snap.problems.list[0].count, 1);
	assert_int_equal(TAKE(w, "local", .filter = "peer_host host-*"), 0);
	assert_int_equal(w->rows->snap.n_rows, 1);
	hosts_free(w->rows->names.hosts);
}

static void in_cgroup(const struct world *w, int pid, const char *text)
{
	char path[32];

	snprintf(path, sizeof(path), "%d/cgroup", pid);
	make_file(&w->rows->tree, path, text, strlen(text));
}

/* Of a socket that the kernel tells no cgroup of, or with no hierarchy to find it in, its owner's. */
static void cgroups_of_owners(void **state)
{
	struct world *w = *state;

	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 1, NULL, 0);
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 2, NULL, 0)->known |=
		SOCK_HAS_CGROUP;
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 3, NULL, 0);
	give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", 4, NULL, 0);
	hold(w, 20, "web", 500);
	in_cgroup(w, 20, "0::/system.slice/web.service\n");
	hold(w, 30, "db", 501);
	in_cgroup(w, 30,
		  "4:pids:/docker/x\n1:name=systemd:/system.slice/docker-"
		  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.scope\n");
	/* One that a manager holds alone, and one whose service has it as well. */
	hold(w, 1, "systemd", 502);
	in_cgroup(w, 1, "0::/init.scope\n");
	make_link(&w->rows->tree, "1/fd/4", "socket:[503]");
	hold(w, 40, "mail", 503);
	in_cgroup(w, 40, "0::/system.slice/mail.service\n");
	w->rows->names.cgroups = cgroups_new("/nonexistent");
	w->rows->names.containers = containers_new(-1, NULL);

	assert_int_equal(TAKE(w, "local cgroup unit container container_id pod"), 0);
	rows_expect_text(w->rows, 0, "cgroup", "/system.slice/web.service");
	rows_expect_text(w->rows, 0, "unit", "web.service");
	rows_expect_text(w->rows, 0, "container", "-");
	rows_expect_text(w->rows, 1, "container", "0123456789ab");
	rows_expect_text(w->rows, 1, "container_id",
			 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	rows_expect_text(w->rows, 1, "pod", "-");
	rows_expect_text(w->rows, 2, "unit", "init.scope");
	rows_expect_text(w->rows, 3, "unit", "mail.service");
	rows_expect_text(w->rows, 3, "cgroup", "/system.slice/mail.service");
	/* Nobody asked for owners, and the filter wants the cgroup alone. */
	assert_int_equal(TAKE(w, "local", .filter = "cgroup /system.slice/web.service"), 0);
	assert_int_equal(w->rows->snap.n_rows, 1);
	assert_int_equal(TAKE(w, "local", .filter = "cgroup !~ web"), 0);
	assert_int_equal(w->rows->snap.n_rows, 3);
	assert_int_equal(TAKE(w, "local", .filter = "unit mail.service"), 0);
	assert_int_equal(w->rows->snap.n_rows, 1);
	containers_free(w->rows->names.containers);
	w->rows->names.containers = NULL;
	cgroups_free(w->rows->names.cgroups);
	w->rows->names.cgroups = NULL;
}

static uint64_t make_cgroup(const struct world *w, const char *path)
{
	struct stat st;

	make_dir(&w->rows->tree, path);
	assert_int_equal(fstatat(w->rows->tree.root, path, &st, 0), 0);
	return st.st_ino;
}

/* A socket that a .socket unit made belongs to who got it; one that its maker holds, to its maker. */
static void units_of_owners(void **state)
{
	struct world *w = *state;
	char mount[96];
	uint64_t made_by;

	make_dir(&w->rows->tree, "cgroup");
	made_by = make_cgroup(w, "cgroup/a.socket");
	snprintf(mount, sizeof(mount), "%s/cgroup", w->rows->tree.path);
	w->rows->names.cgroups = cgroups_new(mount);
	for (uint16_t port = 1; port <= 4; port++) {
		struct sock *sk =
			give(&w->main, PROTO_TCP, SOCK_STATE_LISTEN, "0.0.0.0", port, NULL, 0);

		sk->known |= SOCK_HAS_CGROUP;
		sk->cgroup = made_by;
	}
	hold(w, 1, "systemd", 500);
	in_cgroup(w, 1, "0::/init.scope\n");
	make_link(&w->rows->tree, "1/fd/4", "socket:[501]");
	hold(w, 20, "a", 501);
	in_cgroup(w, 20, "0::/a.service\n");
	hold(w, 30, "b", 502);
	in_cgroup(w, 30, "0::/b.service\n");
	hold(w, 31, "c", 502);
	in_cgroup(w, 31, "0::/a.socket/inner\n");

	assert_int_equal(TAKE(w, "unit"), 0);
	rows_expect_text(w->rows, 0, "unit", "a.socket");
	rows_expect_text(w->rows, 1, "unit", "a.service");
	/* One of its owners is of the unit that made it. */
	rows_expect_text(w->rows, 2, "unit", "a.socket");
	/* Nobody is known to hold it. */
	rows_expect_text(w->rows, 3, "unit", "a.socket");
	for (size_t i = 0; i < 4; i++)
		rows_expect_text(w->rows, i, "cgroup", "/a.socket");
	/* A cgroup that the kernel tells wants no owners. */
	assert_int_equal(TAKE(w, "cgroup"), 0);
	assert_int_equal(w->rows->snap.resolved & NEED_OWNERS, 0);
	cgroups_free(w->rows->names.cgroups);
	w->rows->names.cgroups = NULL;
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(rows_are_what_matches),
		TEST(the_fallback_serves),
		TEST(one_family_falls_back),
		TEST(unsupported_protocols),
		TEST(unsupported_in_words),
		TEST(what_is_lacking_in_words),
		TEST(unsupported_but_in_use),
		TEST(bound_sockets_that_are_missing),
		TEST(remedies_in_words),
		TEST(cut_short),
		TEST(nothing_can_be_read),
		TEST(notes),
		TEST(owners_that_nobody_needs),
		TEST(processes_that_cannot_be_read),
		TEST(a_filter_on_owners),
		TEST(waiting_connections),
		TEST(the_listener_that_fits_best),
		TEST(a_dual_stack_listener),
		TEST(a_group_of_listeners),
		TEST(subflows_are_rows),
		TEST(listeners_serve),
		TEST(the_filter_names_an_owner),
		TEST(host_names),
		TEST(cgroups_of_owners),
		TEST(units_of_owners),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
