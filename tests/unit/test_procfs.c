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

#include "model/cond.h"
#include "model/sock_table.h"
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
	static const char *const names[] = { "net/tcp", "net/tcp6", "net/udp", "net/raw" };
	struct root *root = *state;

	source_free(root->source);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		unlinkat(root->fd, names[i], 0);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_many_lines, open_root, close_root),
		cmocka_unit_test_setup_teardown(test_states, open_root, close_root),
		cmocka_unit_test_setup_teardown(test_empty, open_root, close_root),
		cmocka_unit_test_setup_teardown(test_damaged, open_root, close_root),
		cmocka_unit_test_setup_teardown(test_not_there, open_root, close_root),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
