/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bytecode as the kernel checks and runs it, against cond_holds() on random conditions. */
#include <config.h>

#include "test.h"

#include <linux/inet_diag.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "base/addr.h"
#include "base/buf.h"
#include "model/cond.h"
#include "ports.h"
#include "random.h"
#include "source/bytecode.h"

#define OP_CGROUP_COND 13

/* ---- the kernel, as linux/inet_diag.h and its behaviour describe it ---------------------------
 */

static struct inet_diag_bc_op op_at(const struct buf *code, size_t at)
{
	struct inet_diag_bc_op op;

	assert_true(at + sizeof(op) <= code->len);
	memcpy(&op, code->data + at, sizeof(op));
	return op;
}

/* The least length of an operation, with its arguments. */
static size_t op_size(const struct buf *code, size_t at)
{
	struct inet_diag_hostcond host;

	switch (op_at(code, at).code) {
	case INET_DIAG_BC_JMP:
		return 4;
	case INET_DIAG_BC_S_GE:
	case INET_DIAG_BC_S_LE:
	case INET_DIAG_BC_D_GE:
	case INET_DIAG_BC_D_LE:
	case INET_DIAG_BC_S_EQ:
	case INET_DIAG_BC_D_EQ:
	case INET_DIAG_BC_DEV_COND:
		return 8;
	case INET_DIAG_BC_MARK_COND:
	case OP_CGROUP_COND:
		return 12;
	case INET_DIAG_BC_S_COND:
	case INET_DIAG_BC_D_COND:
		assert_true(at + 4 + sizeof(host) <= code->len);
		memcpy(&host, code->data + at + 4, sizeof(host));
		assert_true(host.family == AF_INET || host.family == AF_INET6);
		assert_true(host.prefix_len <= (host.family == AF_INET ? 32 : 128));
		return 12 + (host.family == AF_INET ? 4 : 16);
	}
	fail_msg("operation %u", op_at(code, at).code);
	return 0;
}

/* Every operation is whole and follows on another; every jump ends on one, at the end or behind it.
 */
static void check_code(const struct buf *code)
{
	bool *is_start = test_calloc(code->len + 8, sizeof(*is_start));

	assert_int_equal(code->len % 4, 0);
	for (size_t at = 0; at < code->len; at += op_at(code, at).yes) {
		assert_true(op_at(code, at).yes >= op_size(code, at));
		is_start[at] = true;
	}
	is_start[code->len] = true;
	is_start[code->len + 4] = true;
	for (size_t at = 0; at < code->len; at += op_at(code, at).yes) {
		struct inet_diag_bc_op op = op_at(code, at);

		assert_int_equal(op.no % 4, 0);
		assert_true(op.no >= op_size(code, at));
		assert_true(at + op.no <= code->len + 4);
		assert_true(is_start[at + op.no]);
	}
	test_free(is_start);
}

static bool prefix_matches(const uint8_t *addr, const uint8_t *wanted, unsigned int bits)
{
	for (unsigned int i = 0; i < bits; i++)
		if ((addr[i / 8] ^ wanted[i / 8]) >> (7 - i % 8) & 1)
			return false;
	return true;
}

static bool host_matches(const char *arg, const struct sock *sk, const struct addr *addr)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	unsigned int family = sk->family == ADDR_INET ? AF_INET : AF_INET6;
	const uint8_t *wanted = (const uint8_t *)arg + sizeof(struct inet_diag_hostcond);
	struct inet_diag_hostcond host;

	memcpy(&host, arg, sizeof(host));
	assert_int_equal(host.port, -1);
	if (host.family == family)
		return prefix_matches(addr->bytes, wanted, host.prefix_len);
	return family == AF_INET6 && !memcmp(addr->bytes, mapped, sizeof(mapped)) &&
	       prefix_matches(addr->bytes + 12, wanted, host.prefix_len);
}

/* What the operation says of the socket; a minisocket's mark and cgroup are 0 to the kernel. */
static bool op_says(const struct buf *code, size_t at, const struct sock *sk)
{
	const char *arg = code->data + at + 4;
	struct inet_diag_bc_op port;
	struct inet_diag_markcond mark;
	uint32_t number;
	uint64_t cgroup;

	memcpy(&port, arg, sizeof(port));
	switch (op_at(code, at).code) {
	case INET_DIAG_BC_S_GE:
		return sk->local.port >= port.no;
	case INET_DIAG_BC_S_LE:
		return sk->local.port <= port.no;
	case INET_DIAG_BC_S_EQ:
		return sk->local.port == port.no;
	case INET_DIAG_BC_D_GE:
		return sk->remote.port >= port.no;
	case INET_DIAG_BC_D_LE:
		return sk->remote.port <= port.no;
	case INET_DIAG_BC_D_EQ:
		return sk->remote.port == port.no;
	case INET_DIAG_BC_S_COND:
		return host_matches(arg, sk, &sk->local.addr);
	case INET_DIAG_BC_D_COND:
		return host_matches(arg, sk, &sk->remote.addr);
	case INET_DIAG_BC_DEV_COND:
		memcpy(&number, arg, sizeof(number));
		return sk->ifindex == number;
	case INET_DIAG_BC_MARK_COND:
		memcpy(&mark, arg, sizeof(mark));
		return (sk->mark & mark.mask) == mark.mark;
	case OP_CGROUP_COND:
		memcpy(&cgroup, arg, sizeof(cgroup));
		return sk->cgroup == cgroup;
	}
	return false;
}

static bool run(const struct buf *code, const struct sock *sk, size_t *steps)
{
	size_t at = 0;

	for (*steps = 0; at < code->len; ++*steps) {
		struct inet_diag_bc_op op = op_at(code, at);
		bool is_jump = op.code == INET_DIAG_BC_JMP;

		at += !is_jump && op_says(code, at, sk) ? op.yes : op.no;
	}
	return at == code->len;
}

/* ---- random conditions and sockets over few values, so that they meet -------------------------
 */

static uint16_t random_port(uint64_t *seed)
{
	static const uint16_t ports[] = { 0, 1, 2, 3, 5, 8, 80, 81, 82, 65533, 65534, 65535 };

	return ports[random_below(seed, sizeof(ports) / sizeof(*ports))];
}

static void random_addr(uint64_t *seed, enum addr_family family, struct addr *out)
{
	size_t size = family == ADDR_INET ? 4 : 16;

	*out = (struct addr){ 0 };
	if (family == ADDR_INET6 && random_below(seed, 2)) {
		out->bytes[10] = out->bytes[11] = 0xff;
		out->bytes[12] = 10;
	} else {
		out->bytes[0] = 10;
	}
	out->bytes[size - 1] = (uint8_t)random_below(seed, 4);
}

/* Borrows the list for its ports. */
static struct cond_node random_leaf(uint64_t *seed, struct port_list *list)
{
	static const uint8_t kinds[] = { COND_LOCAL_PORT, COND_REMOTE_PORT, COND_LOCAL_PORT,
					 COND_LOCAL_ADDR, COND_REMOTE_ADDR, COND_IFINDEX,
					 COND_MARK,	  COND_CGROUP,	    COND_STATE,
					 COND_PROTO,	  COND_FAMILY };
	struct cond_node leaf = { .kind = kinds[random_below(seed, sizeof(kinds))],
				  .is_negated = random_below(seed, 3) == 0 };
	enum addr_family family = random_below(seed, 2) ? ADDR_INET : ADDR_INET6;

	if (leaf.kind == COND_LOCAL_PORT || leaf.kind == COND_REMOTE_PORT) {
		for (size_t n = random_below(seed, 4); n > 0; n--) {
			uint16_t a = random_port(seed), b = random_port(seed);

			port_list_add(list, (struct port_range){ a < b ? a : b, a < b ? b : a });
			if (random_below(seed, 2))
				port_list_add(list, (struct port_range){ a, a });
		}
		leaf.ports = *list;
	} else if (leaf.kind == COND_LOCAL_ADDR || leaf.kind == COND_REMOTE_ADDR) {
		random_addr(seed, family, &leaf.prefix.addr);
		leaf.prefix.family = (uint8_t)family;
		leaf.prefix.len = (uint8_t)random_below(seed, family == ADDR_INET ? 33 : 129);
	} else if (leaf.kind == COND_IFINDEX) {
		leaf.number = (uint32_t)random_below(seed, 3);
	} else if (leaf.kind == COND_MARK) {
		leaf.mark.mask = random_below(seed, 2) ? UINT32_MAX : 1;
		leaf.mark.value = (uint32_t)random_below(seed, 3) & leaf.mark.mask;
	} else if (leaf.kind == COND_CGROUP) {
		leaf.cgroup = random_below(seed, 3);
	} else {
		leaf.bits = (uint32_t)random_next(seed) & STATE_ALL;
	}
	return leaf;
}

static void random_cond(uint64_t *seed, struct cond *c)
{
	uint32_t roots[24];
	size_t n = 1 + random_below(seed, sizeof(roots) / sizeof(*roots));

	cond_init(c);
	for (size_t i = 0; i < n; i++) {
		struct port_list list = { 0 };
		struct cond_node leaf = random_leaf(seed, &list);

		roots[i] = cond_leaf(c, &leaf);
		port_list_fini(&list);
	}
	for (; n > 1; n--) {
		size_t at = random_below(seed, n - 1);

		roots[at] = random_below(seed, 2) ? cond_and(c, roots[at], roots[n - 1])
						  : cond_or(c, roots[at], roots[n - 1]);
	}
	c->root = roots[0];
}

static void random_sock(uint64_t *seed, struct sock *sk, enum addr_family family, bool is_mini)
{
	*sk = (struct sock){ .proto = PROTO_TCP,
			     .family = (uint8_t)family,
			     .state = is_mini ? SOCK_STATE_TIME_WAIT : SOCK_STATE_ESTABLISHED,
			     .ifindex = (uint32_t)random_below(seed, 3),
			     .known = SOCK_HAS_IFACE };
	random_addr(seed, family, &sk->local.addr);
	random_addr(seed, family, &sk->remote.addr);
	sk->local.port = random_port(seed);
	sk->remote.port = random_port(seed);
	if (is_mini)
		return;
	sk->known |= SOCK_HAS_MARK | SOCK_HAS_CGROUP;
	sk->mark = (uint32_t)random_below(seed, 3);
	sk->cgroup = 1 + random_below(seed, 3);
}

/* ---- tests --------------------------------------------------------------------------------------
 */

static void check_random(uint64_t *seed, const struct bytecode_params *params)
{
	enum addr_family family = random_below(seed, 2) ? ADDR_INET : ADDR_INET6;
	unsigned int states = params->has_minisockets ? STATE_BIT(SOCK_STATE_TIME_WAIT)
						      : STATE_BIT(SOCK_STATE_ESTABLISHED);
	struct cond all, one;
	struct buf code = { 0 };

	random_cond(seed, &all);
	cond_restrict(&all, PROTO_TCP, FAMILY_BIT(family), states, &one);
	bytecode_build(&one, params, &code);
	check_code(&code);
	for (int i = 0; i < 50; i++) {
		bool is_mini = params->has_minisockets && random_below(seed, 2);
		struct sock sk;
		size_t steps;

		random_sock(seed, &sk, family, is_mini);
		/* What is not known may come along, but never stay behind. */
		if (is_mini) {
			assert_true(!cond_holds(&one, &sk) || run(&code, &sk, &steps));
			continue;
		}
		if (params->has_minisockets && !sk.mark)
			continue;
		assert_int_equal(run(&code, &sk, &steps), cond_holds(&one, &sk));
	}
	buf_fini(&code);
	cond_fini(&one);
	cond_fini(&all);
}

static void test_random(void **state)
{
	uint64_t seed = 1;

	(void)state;
	for (int i = 0; i < 12000; i++) {
		struct bytecode_params params = { .has_minisockets = i & 1, .has_equal = i & 2 };

		check_random(&seed, &params);
	}
}

static uint32_t add_range(struct cond *c, uint32_t tree, uint8_t kind, uint32_t first,
			  uint32_t last)
{
	struct cond_node leaf = { .kind = kind,
				  .ports = ONE_RANGE((uint16_t)first, (uint16_t)last) };

	return cond_or(c, tree, cond_leaf(c, &leaf));
}

/* Every port of a large set at either end; a look-up takes few steps however many there are. */
static void check_large_set(uint64_t *seed, size_t n_ranges, uint32_t gap, bool has_equal)
{
	struct bytecode_params params = { .has_equal = has_equal };
	struct port_set set = { 0 };
	struct buf code = { 0 };
	struct cond c;
	uint32_t port = 0, tree = COND_FALSE_AT;

	cond_init(&c);
	for (size_t i = 0; i < n_ranges; i++) {
		uint32_t first = port + (uint32_t)random_below(seed, gap);
		uint32_t last = first + (uint32_t)random_below(seed, 3);

		assert_true(last <= PORT_MAX);
		tree = add_range(&c, tree, COND_LOCAL_PORT, first, last);
		tree = add_range(&c, tree, COND_REMOTE_PORT, first, last);
		port_set_add(&set, (struct port_range){ (uint16_t)first, (uint16_t)last });
		port = last + 1;
	}
	c.root = tree;
	bytecode_build(&c, &params, &code);
	assert_true(code.len > 0 && code.len <= BYTECODE_MAX);
	check_code(&code);
	for (port = 0; port <= PORT_MAX; port++) {
		struct sock sk = { .local.port = (uint16_t)port };
		size_t steps;

		sk.remote.port = (uint16_t)random_next(seed);
		assert_int_equal(run(&code, &sk, &steps),
				 port_set_has(&set, sk.local.port) ||
					 port_set_has(&set, sk.remote.port));
		assert_true(steps <= 30);
	}
	buf_fini(&code);
	cond_fini(&c);
}

static void test_large_sets(void **state)
{
	uint64_t seed = 2;

	(void)state;
	check_large_set(&seed, 1, 3, true);
	check_large_set(&seed, 2, 3, true);
	check_large_set(&seed, 3, 60000 / 3, false);
	check_large_set(&seed, 100, 600, true);
	check_large_set(&seed, 400, 150, false);
	check_large_set(&seed, 400, 1, true);
}

static void build_one(struct buf *code, uint8_t kind, uint32_t first, uint32_t last, bool has_equal)
{
	struct bytecode_params params = { .has_equal = has_equal };
	struct cond c;

	cond_init(&c);
	c.root = add_range(&c, COND_FALSE_AT, kind, first, last);
	bytecode_build(&c, &params, code);
	cond_fini(&c);
}

/* One port is one operation, a range two; all ports are nothing to ask. */
static void test_one_range(void **state)
{
	struct buf code = { 0 };

	(void)state;
	build_one(&code, COND_LOCAL_PORT, 8080, 8080, true);
	assert_int_equal(code.len, 8);
	assert_int_equal(op_at(&code, 0).code, INET_DIAG_BC_S_EQ);
	assert_int_equal(op_at(&code, 4).no, 8080);
	build_one(&code, COND_REMOTE_PORT, 8080, 8080, false);
	assert_int_equal(code.len, 16);
	assert_int_equal(op_at(&code, 0).code, INET_DIAG_BC_D_GE);
	assert_int_equal(op_at(&code, 8).code, INET_DIAG_BC_D_LE);
	build_one(&code, COND_LOCAL_PORT, 8000, 8999, true);
	assert_int_equal(code.len, 16);
	build_one(&code, COND_LOCAL_PORT, 0, 1023, true);
	assert_int_equal(code.len, 8);
	assert_int_equal(op_at(&code, 0).code, INET_DIAG_BC_S_LE);
	build_one(&code, COND_LOCAL_PORT, 49152, 65535, true);
	assert_int_equal(code.len, 8);
	assert_int_equal(op_at(&code, 0).code, INET_DIAG_BC_S_GE);
	build_one(&code, COND_LOCAL_PORT, 0, 65535, true);
	assert_int_equal(code.len, 0);
	buf_fini(&code);
}

static void test_too_long(void **state)
{
	struct bytecode_params params = { .has_equal = true };
	struct buf code = { 0 };
	struct cond c;

	(void)state;
	buf_str(&code, "from before");
	cond_init(&c);
	c.root = COND_FALSE_AT;
	for (uint32_t port = 0; port < 20000; port += 2)
		c.root = add_range(&c, c.root, COND_LOCAL_PORT, port, port);
	bytecode_build(&c, &params, &code);
	assert_int_equal(code.len, 0);
	cond_fini(&c);
	cond_init(&c);
	bytecode_build(&c, &params, &code);
	assert_int_equal(code.len, 0);
	buf_fini(&code);
	cond_fini(&c);
}

/* Nothing can meet it: the kernel is told so, too. */
static void test_false(void **state)
{
	struct bytecode_params params = { .has_equal = true };
	struct cond_node above = { .kind = COND_LOCAL_PORT, .ports = ONE_RANGE(100, 200) };
	struct cond_node below = { .kind = COND_LOCAL_PORT, .ports = ONE_RANGE(10, 20) };
	struct buf code = { 0 };
	struct cond c;
	size_t steps;

	(void)state;
	cond_init(&c);
	c.root = cond_and(&c, cond_leaf(&c, &above), cond_leaf(&c, &below));
	bytecode_build(&c, &params, &code);
	check_code(&code);
	assert_true(code.len > 0);
	assert_false(run(&code, &(struct sock){ .local.port = 15 }, &steps));
	buf_fini(&code);
	cond_fini(&c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),	  cmocka_unit_test(test_large_sets),
		cmocka_unit_test(test_one_range), cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_false),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
