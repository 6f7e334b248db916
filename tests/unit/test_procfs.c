/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The procfs source on files made for it: many lines, none, cut ones, and files that are not there.
 */
#include <config.h>

#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/addr.h"
#include "base/buf.h"
#include "model/cond.h"
#include "model/sock_table.h"
#include "ports.h"
#include "source/source.h"

#define HEADING "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt\n"

/* A root of /proc in a folder of its own. */
struct root {
	char path[32];
	int fd;
	struct source *source;
};

static int open_root(void **state)
{
	static struct root root;

	strcpy(root.path, "procfs-XXXXXX");
	assert_non_null(mkdtemp(root.path));
	root.fd = open(root.path, O_RDONLY | O_DIRECTORY);
	assert_true(root.fd >= 0);
	assert_int_equal(mkdirat(root.fd, "net", 0700), 0);
	assert_int_equal(source_procfs_open(&root.source, root.fd), 0);
	*state = &root;
	return 0;
}

static int close_root(void **state)
{
	static const char *const names[] = { "net/tcp",	       "net/tcp6",	"net/udp",
					     "net/raw",	       "net/protocols", "net/sctp/eps",
					     "net/sctp/assocs" };
	struct root *root = *state;

	source_free(root->source);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlinkat(root->fd, names[i], 0);
	unlinkat(root->fd, "net/sctp", AT_REMOVEDIR);
	unlinkat(root->fd, "net", AT_REMOVEDIR);
	close(root->fd);
	return rmdir(root->path);
}

static FILE *create(const struct root *root, const char *name)
{
	FILE *file = fdopen(openat(root->fd, name, O_WRONLY | O_CREAT | O_TRUNC, 0600), "w");

	assert_non_null(file);
	return file;
}

static void write_file(const struct root *root, const char *name, const char *text)
{
	FILE *file = create(root, name);

	fputs(text, file);
	assert_int_equal(fclose(file), 0);
}

static void put_line(FILE *file, unsigned int port, unsigned int state)
{
	fprintf(file,
		"%4u: 0100007F:%04X 00000000:0000 %02X 00000000:00000000 00:00000000 00000000     0"
		"        0 %u 1 0000000000000000 100 0 0 10 0                  \n",
		port, port, state, port + 100000);
}

static int list(struct root *root, const struct source_query *query, struct sock_table *t,
		enum sock_proto proto)
{
	struct source_outcome outcome;

	sock_table_clear(t);
	source_list(root->source, query, t, &outcome);
	return outcome.error[proto][ADDR_INET];
}

static const struct source_query tcp = { .protos = PROTO_BIT(PROTO_TCP),
					 .families = FAMILY_BIT(ADDR_INET),
					 .states = STATE_ALL };

/* Several reads long: no line is lost where one read ends and the next begins. */
static void test_many_lines(void **state)
{
	struct sock_table t = { 0 };
	FILE *file = create(*state, "net/tcp");

	fputs(HEADING, file);
	for (unsigned int port = 1; port <= 3000; port++)
		put_line(file, port, port & 1 ? 0x0a : 0x01);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(list(*state, &tcp, &t, PROTO_TCP), 0);
	assert_int_equal(t.n, 3000);
	for (size_t i = 0; i < t.n; i++)
		assert_int_equal(t.socks[i].local.port, i + 1);
	sock_table_fini(&t);
}

static void test_states(void **state)
{
	struct cond_node leaf = { .kind = COND_STATE, .bits = STATE_BIT(SOCK_STATE_ESTABLISHED) };
	struct source_query query = tcp;
	struct sock_table t = { 0 };
	FILE *file = create(*state, "net/tcp");
	struct cond c;

	fputs(HEADING, file);
	for (unsigned int port = 1; port <= 10; port++)
		put_line(file, port, port <= 7 ? 0x0a : 0x01);
	assert_int_equal(fclose(file), 0);
	query.states = STATE_BIT(SOCK_STATE_LISTEN);
	assert_int_equal(list(*state, &query, &t, PROTO_TCP), 0);
	assert_int_equal(t.n, 7);
	cond_init(&c);
	c.root = cond_leaf(&c, &leaf);
	query.states = STATE_ALL;
	query.cond = &c;
	assert_int_equal(list(*state, &query, &t, PROTO_TCP), 0);
	assert_int_equal(t.n, 3);
	cond_fini(&c);
	sock_table_fini(&t);
}

static void test_empty(void **state)
{
	struct sock_table t = { 0 };

	write_file(*state, "net/tcp", HEADING);
	assert_int_equal(list(*state, &tcp, &t, PROTO_TCP), 0);
	assert_int_equal(t.n, 0);
	sock_table_fini(&t);
}

/* What is cut off or makes no sense is told, and what can be read is there. */
static void test_damaged(void **state)
{
	struct sock_table t = { 0 };
	FILE *file;

	write_file(*state, "net/tcp", "");
	assert_int_equal(list(*state, &tcp, &t, PROTO_TCP), -EBADMSG);
	file = create(*state, "net/tcp");
	fputs(HEADING, file);
	put_line(file, 1, 0x0a);
	fputs("nonsense\n", file);
	put_line(file, 2, 0x0a);
	fputs("   3: 0100007F:00", file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(list(*state, &tcp, &t, PROTO_TCP), -EBADMSG);
	assert_int_equal(t.n, 2);
	/* A line that never ends. */
	file = create(*state, "net/tcp");
	for (int i = 0; i < 100000; i++)
		fputc('x', file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(list(*state, &tcp, &t, PROTO_TCP), -EBADMSG);
	sock_table_fini(&t);
}

static void test_not_there(void **state)
{
	struct source_query query = { .protos = PROTO_ALL,
				      .families = FAMILY_ALL,
				      .states = STATE_ALL };
	struct sock_table t = { 0 };
	struct source_outcome outcome;
	struct root *root = *state;

	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++)
		assert_int_equal(list(root, &query, &t, (enum sock_proto)proto),
				 SOURCE_ERROR_UNSUPPORTED);
	/* What is not asked for has no error. */
	source_list(root->source, &tcp, &t, &outcome);
	assert_int_equal(outcome.error[PROTO_TCP][ADDR_INET6], 0);
	assert_int_equal(outcome.error[PROTO_SCTP][ADDR_INET], 0);
	assert_int_equal(mkdirat(root->fd, "net/udp", 0700), 0);
	assert_int_equal(list(root, &query, &t, PROTO_UDP), -EISDIR);
	assert_int_equal(unlinkat(root->fd, "net/udp", AT_REMOVEDIR), 0);
	sock_table_fini(&t);
}

#define EPS_HEADING " ENDPT     SOCK   STY SST HBKT LPORT   UID INODE LADDRS\n"
#define ASSOCS_HEADING                                                                               \
	" ASSOC     SOCK   STY SST ST HBKT ASSOC-ID TX_QUEUE RX_QUEUE UID INODE LPORT RPORT LADDRS " \
	"<-> RADDRS HBINT INS OUTS MAXRT T1X T2X RTXC wmema wmemq sndbuf rcvbuf\n"
#define ASSOCS_TAIL \
	"\t    7500    10    10   10    0    0        0        1        0   212992   212992\n"
#define V6_ONE "0000:0000:0000:0000:0000:0000:0000:0001"
#define V6_NONE "0000:0000:0000:0000:0000:0000:0000:0000"
#define V6_LINK "fe80:0000:0000:0000:1834:82ff:fe82:e0b8"

static void check_sock(const struct sock *sk, enum sock_state state, const char *local,
		       uint16_t port, const char *remote, uint16_t peer_port)
{
	struct buf text = { 0 };

	assert_int_equal(sk->proto, PROTO_SCTP);
	assert_int_equal(sk->state, state);
	addr_text(&text, (enum addr_family)sk->family, &sk->local.addr);
	assert_string_equal(buf_cstr(&text), local);
	assert_int_equal(sk->local.port, port);
	assert_int_equal(sock_has(sk, SOCK_HAS_PEER), remote != NULL);
	buf_clear(&text);
	addr_text(&text, (enum addr_family)sk->family, &sk->remote.addr);
	if (remote)
		assert_string_equal(buf_cstr(&text), remote);
	assert_int_equal(sk->remote.port, peer_port);
	assert_true(sock_has(sk, SOCK_FROM_PROCFS));
	buf_fini(&text);
}

/* Two files for both families; the lines are those of Linux 6.1. */
static void test_sctp(void **state)
{
	struct root *root = *state;
	struct source_query query = { .protos = PROTO_BIT(PROTO_SCTP), .states = STATE_ALL };
	struct sock_table t = { 0 };

	assert_int_equal(mkdirat(root->fd, "net/sctp", 0700), 0);
	write_file(root, "net/sctp/eps",
		   EPS_HEADING
		   "d343bebd a032e383 2   10  31   7040      0 11308 127.0.0.1 \n"
		   "745d2671 61f46988 0   7   33   7043   1000 11314 10.9.1.1 127.0.0.1 \n"
		   "26d04d6a 4ddebc99 2   10  36   7045      0 11318 " V6_NONE " \n"
		   /* Connected: its association says it. */
		   "f66f0418 237ff0b5 2   1   37   7046      0 11319 127.0.0.1 \n");
	write_file(
		root, "net/sctp/assocs",
		ASSOCS_HEADING
		"fdac632c 3d065879 0   7   3  0       9        7        9       5 11316 7043   7042  "
		"127.0.0.1 <-> *127.0.0.1 10.9.1.1 " ASSOCS_TAIL
		"8bc8b041 40e9907e 2   1   4  0       5        0        0       0 11312 53691  7041  "
		"127.0.0.1 " V6_LINK " " V6_ONE " 10.9.1.1 <-> *" V6_ONE " 127.0.0.1 " ASSOCS_TAIL
		"8bc8b041 40e9907e 2   1   3  0       5        0        0       0 11320 53692  7041  "
		"127.0.0.1 " V6_ONE " 10.9.1.1 10.7.0.1 <-> 192.0.2.7 *10.7.3.3 " ASSOCS_TAIL);
	query.families = FAMILY_BIT(ADDR_INET);
	assert_int_equal(list(root, &query, &t, PROTO_SCTP), 0);
	assert_int_equal(t.n, 3);
	check_sock(&t.socks[0], SOCK_STATE_LISTEN, "127.0.0.1", 7040, NULL, 0);
	check_sock(&t.socks[1], SOCK_STATE_BOUND, "10.9.1.1", 7043, NULL, 0);
	assert_int_equal(t.socks[1].uid, 1000);
	assert_int_equal(t.socks[1].inode, 11314);
	assert_false(sock_has(&t.socks[1], SOCK_HAS_QUEUES));
	check_sock(&t.socks[2], SOCK_STATE_ESTABLISHED, "127.0.0.1", 7043, "127.0.0.1", 7042);
	assert_int_equal(t.socks[2].send_q, 7);
	assert_int_equal(t.socks[2].recv_q, 9);
	assert_int_equal(t.socks[2].uid, 5);
	query.families = FAMILY_BIT(ADDR_INET6);
	list(root, &query, &t, PROTO_SCTP);
	assert_int_equal(t.n, 3);
	check_sock(&t.socks[0], SOCK_STATE_LISTEN, "::", 7045, NULL, 0);
	check_sock(&t.socks[1], SOCK_STATE_FIN_WAIT_1, "::1", 53691, "::1", 7041);
	check_sock(&t.socks[2], SOCK_STATE_ESTABLISHED, "::ffff:10.7.0.1", 53692, "::ffff:10.7.3.3",
		   7041);
	sock_table_fini(&t);
}

static void test_sctp_damaged(void **state)
{
	static const char *const lines[] = {
		"x\n",
		"d343bebd a032e383 2   10  31   7040      0 11308\n",
		"d343bebd a032e383 2   10  31   7040      0 11308 x\n",
		"d343bebd a032e383 2   10  31   70400     0 11308 127.0.0.1 \n",
		"d343bebd a032e383 2   -1  31   7040      0 11308 127.0.0.1 \n",
	};
	struct root *root = *state;
	struct source_query query = { .protos = PROTO_BIT(PROTO_SCTP),
				      .states = STATE_ALL,
				      .families = FAMILY_BIT(ADDR_INET) };
	struct sock_table t = { 0 };

	assert_int_equal(list(root, &query, &t, PROTO_SCTP), SOURCE_ERROR_UNSUPPORTED);
	assert_int_equal(mkdirat(root->fd, "net/sctp", 0700), 0);
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		FILE *file = create(root, "net/sctp/eps");

		fputs(EPS_HEADING, file);
		fputs(lines[i], file);
		assert_int_equal(fclose(file), 0);
		write_file(root, "net/sctp/assocs", ASSOCS_HEADING);
		assert_int_equal(list(root, &query, &t, PROTO_SCTP), -EBADMSG);
		assert_int_equal(t.n, 0);
	}
	/* One file of two. */
	write_file(root, "net/sctp/eps", EPS_HEADING);
	unlinkat(root->fd, "net/sctp/assocs", 0);
	assert_int_equal(list(root, &query, &t, PROTO_SCTP), -EIO);
	sock_table_fini(&t);
}

static bool lacks_bound(struct root *root, const struct source_query *query)
{
	struct source_outcome outcome;
	struct sock_table t = { 0 };

	source_list(root->source, query, &t, &outcome);
	sock_table_fini(&t);
	return outcome.lacks_bound;
}

/* TCP sockets that are only bound stand in none of these files. */
static void test_bound(void **state)
{
	const struct {
		struct cond_node leaf;
		bool is_wanted;
	} cases[] = {
		{ { .kind = COND_STATE, .bits = STATE_BIT(SOCK_STATE_BOUND) }, true },
		{ { .kind = COND_STATE, .bits = STATE_BIT(SOCK_STATE_LISTEN) }, false },
		{ { .kind = COND_STATE, .is_negated = true, .bits = STATE_BIT(SOCK_STATE_LISTEN) },
		  true },
		{ { .kind = COND_LOCAL_PORT, .ports = ONE_RANGE(80, 80) }, true },
		{ { .kind = COND_REMOTE_PORT, .ports = ONE_RANGE(80, 80) }, false },
		{ { .kind = COND_REMOTE_PORT, .is_negated = true, .ports = ONE_RANGE(80, 80) },
		  true },
		{ { .kind = COND_REMOTE_ADDR, .prefix = { { { 10 } }, ADDR_INET, 8 } }, false },
		{ { .kind = COND_PROTO, .bits = PROTO_BIT(PROTO_UDP) }, false },
	};
	struct source_query query = tcp;

	assert_true(lacks_bound(*state, &query));
	query.protos = PROTO_BIT(PROTO_UDP);
	assert_false(lacks_bound(*state, &query));
	query = tcp;
	query.states = STATE_BIT(SOCK_STATE_LISTEN);
	assert_false(lacks_bound(*state, &query));
	query.states = STATE_ALL;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct cond cond;

		cond_init(&cond);
		cond.root = cond_leaf(&cond, &cases[i].leaf);
		query.cond = &cond;
		assert_int_equal(lacks_bound(*state, &query), cases[i].is_wanted);
		cond_fini(&cond);
	}
}

/* What is in use, whether or not there is a file of it. */
static void test_in_use(void **state)
{
	struct root *root = *state;

	assert_int_equal(source_in_use(root->source, FAMILY_ALL), 0);
	write_file(root, "net/protocols",
		   "protocol  size sockets  memory press maxhdr  slab module     cl co di ac\n"
		   "SCTPv6    1728      2       9   no       0   yes  sctp        y  y  y  y\n"
		   "SCTP      1576      0       9   no       0   yes  sctp        y  y  y  y\n"
		   "PINGv6    1136      5      -1   NI       0   yes  kernel      y  y  y  n\n"
		   "UDPLITEv6 1312     -1       2   NI       0   yes  kernel      y  y  y  n\n"
		   "RAW        976      1      -1   NI       0   yes  kernel      y  y  y  n\n"
		   "UDP       1152     12       2   NI       0   yes  kernel      y  y  y  n\n"
		   "MPTCP     1900\n");
	assert_int_equal(source_in_use(root->source, FAMILY_ALL),
			 PROTO_BIT(PROTO_SCTP) | PROTO_BIT(PROTO_RAW) | PROTO_BIT(PROTO_UDP));
	assert_int_equal(source_in_use(root->source, FAMILY_BIT(ADDR_INET)),
			 PROTO_BIT(PROTO_RAW) | PROTO_BIT(PROTO_UDP));
	assert_int_equal(source_in_use(root->source, FAMILY_BIT(ADDR_INET6)),
			 PROTO_BIT(PROTO_SCTP));
	assert_int_equal(source_in_use(NULL, FAMILY_ALL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_many_lines, open_root, close_root),
		cmocka_unit_test_setup_teardown(test_states, open_root, close_root),
		cmocka_unit_test_setup_teardown(test_empty, open_root, close_root),
		cmocka_unit_test_setup_teardown(test_damaged, open_root, close_root),
		cmocka_unit_test_setup_teardown(test_not_there, open_root, close_root),
		cmocka_unit_test_setup_teardown(test_sctp, open_root, close_root),
		cmocka_unit_test_setup_teardown(test_sctp_damaged, open_root, close_root),
		cmocka_unit_test_setup_teardown(test_bound, open_root, close_root),
		cmocka_unit_test_setup_teardown(test_in_use, open_root, close_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
