/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which dumps a query takes, what each asks the kernel for, and reading that back from a recording.
 */
#include <config.h>

#include "test.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "base/buf.h"
#include "edge.h"
#include "model/cond.h"
#include "model/sock_table.h"
#include "random.h"
#include "source/request.h"
#include "source/source.h"

#define LISTEN STATE_BIT(SOCK_STATE_LISTEN)

static size_t plan_many(unsigned int protos, unsigned int families, unsigned int states,
			const struct cond *cond, uint16_t split_port,
			struct request out[REQUESTS_MAX])
{
	struct source_query query = {
		.protos = protos, .families = families, .states = states, .cond = cond
	};

	return request_plan(&query, split_port, out);
}

static size_t plan(unsigned int protos, unsigned int families, unsigned int states,
		   const struct cond *cond, struct request out[REQUESTS_MAX])
{
	return plan_many(protos, families, states, cond, 0, out);
}

static void test_plan(void **state)
{
	const unsigned int some = PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_UDP) |
				  PROTO_BIT(PROTO_RAW) | PROTO_BIT(PROTO_SCTP) |
				  PROTO_BIT(PROTO_MPTCP);
	struct request r[REQUESTS_MAX];

	(void)state;
	/* Connections of TCP in one dump, all else by family. */
	assert_int_equal(plan(some, FAMILY_ALL, STATE_ALL, NULL, r), 13);
	assert_true(plan(PROTO_ALL, FAMILY_ALL, STATE_ALL, NULL, r) >= 13);
	assert_int_equal(plan(PROTO_BIT(PROTO_TCP), FAMILY_ALL, STATE_ALL, NULL, r), 3);
	assert_int_equal(r[0].families, FAMILY_BIT(ADDR_INET));
	assert_int_equal(r[1].families, FAMILY_ALL);
	assert_int_equal(r[1].states, STATE_ALL & ~LISTEN);
	assert_false(r[1].is_listeners_only);
	assert_int_equal(r[2].families, FAMILY_BIT(ADDR_INET6));
	assert_int_equal(r[2].states, LISTEN);
	/* Listeners apart: they are cheap, connections are not. */
	assert_int_equal(plan(PROTO_BIT(PROTO_TCP), FAMILY_BIT(ADDR_INET6), STATE_ALL, NULL, r), 2);
	assert_int_equal(r[0].states, LISTEN);
	assert_true(r[0].is_listeners_only);
	assert_int_equal(r[1].states, STATE_ALL & ~LISTEN);
	assert_false(r[1].is_listeners_only);
	assert_int_equal(r[1].families, FAMILY_BIT(ADDR_INET6));
	assert_int_equal(plan(PROTO_BIT(PROTO_TCP), FAMILY_BIT(ADDR_INET), LISTEN, NULL, r), 1);
	assert_int_equal(r[0].states, LISTEN);
	/* A datagram socket never listens. */
	assert_int_equal(plan(PROTO_BIT(PROTO_UDP), FAMILY_ALL, LISTEN, NULL, r), 0);
	assert_int_equal(plan(0, FAMILY_ALL, STATE_ALL, NULL, r), 0);
	assert_int_equal(plan(PROTO_ALL, 0, STATE_ALL, NULL, r), 0);
}

/* Both families are asked for at once only where the same states are wanted of them. */
static void test_plan_joined(void **state)
{
	struct cond_node is_v6 = { .kind = COND_FAMILY, .bits = FAMILY_BIT(ADDR_INET6) };
	struct cond_node is_idle = { .kind = COND_STATE, .bits = STATE_BIT(SOCK_STATE_BOUND) };
	struct request r[REQUESTS_MAX], one;
	struct cond c;

	(void)state;
	cond_init(&c);
	c.root = cond_or(&c, cond_leaf(&c, &is_v6), cond_leaf(&c, &is_idle));
	assert_int_equal(plan(PROTO_BIT(PROTO_TCP), FAMILY_ALL, STATE_ALL, &c, r), 3);
	assert_int_equal(r[0].families, FAMILY_BIT(ADDR_INET));
	assert_int_equal(r[0].states, STATE_BIT(SOCK_STATE_BOUND));
	assert_int_equal(r[2].families, FAMILY_BIT(ADDR_INET6));
	assert_int_equal(r[2].states, STATE_ALL & ~LISTEN);
	assert_false(request_split(&r[2], ADDR_INET, &one));
	assert_false(request_split(&r[2], ADDR_INET6, &one));
	cond_fini(&c);
	plan(PROTO_BIT(PROTO_TCP), FAMILY_ALL, STATE_BIT(SOCK_STATE_BOUND), NULL, r);
	assert_true(request_split(&r[0], ADDR_INET6, &one));
	assert_int_equal(one.families, FAMILY_BIT(ADDR_INET6));
	assert_int_equal(one.states, STATE_BIT(SOCK_STATE_BOUND));
}

/* The listeners of another network namespace take one walk, too. */
static void test_plan_elsewhere(void **state)
{
	struct source_query query = { .protos = PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_UDP),
				      .families = FAMILY_ALL,
				      .states = STATE_ALL,
				      .netns = 1 };
	struct request r[REQUESTS_MAX];

	(void)state;
	assert_int_equal(request_plan(&query, 0, r), 4);
	assert_int_equal(r[0].families, FAMILY_ALL);
	assert_int_equal(r[0].states, LISTEN);
	assert_true(r[0].is_listeners_only);
	assert_int_equal(r[1].families, FAMILY_ALL);
	assert_int_equal(r[1].states, STATE_ALL & ~LISTEN);
	assert_false(r[1].is_listeners_only);
	assert_int_equal(r[2].families, FAMILY_BIT(ADDR_INET));
	assert_int_equal(r[3].families, FAMILY_BIT(ADDR_INET6));
}

/* Many connections are asked for in two parts; bound ports stand in a table of their own. */
static void test_plan_many(void **state)
{
	struct request r[REQUESTS_MAX];

	(void)state;
	assert_int_equal(plan_many(PROTO_BIT(PROTO_TCP), FAMILY_ALL, STATE_ALL, NULL, 50000, r), 5);
	for (size_t i = 1; i <= 3; i++) {
		assert_int_equal(r[i].families, FAMILY_ALL);
		assert_false(r[i].is_listeners_only);
	}
	assert_int_equal(r[1].part.last, 0);
	assert_int_equal(r[1].states, STATE_BIT(SOCK_STATE_BOUND));
	assert_int_equal(r[2].part.first, 0);
	assert_int_equal(r[2].part.last, 49999);
	assert_int_equal(r[3].part.first, 50000);
	assert_int_equal(r[3].part.last, PORT_MAX);
	assert_int_equal(r[2].states, r[3].states);
	assert_int_equal(r[1].states | r[2].states, STATE_ALL & ~LISTEN);
	assert_in_range(plan_many(PROTO_ALL, FAMILY_ALL, STATE_ALL, NULL, 50000, r), 1,
			REQUESTS_MAX);
}

/* Every connection is in one part and no more, and usual clients' are in both. */
static void test_parts(void **state)
{
	struct request r[REQUESTS_MAX];
	size_t n[2] = { 0 };
	uint64_t seed = 11;

	(void)state;
	plan_many(PROTO_BIT(PROTO_TCP), FAMILY_ALL, STATE_ALL, NULL, 46884, r);
	for (int i = 0; i < 20000; i++) {
		struct sock sk = { .local.port = (uint16_t)random_below(&seed, 65536),
				   .remote.port = (uint16_t)random_below(&seed, 65536) };
		int n_holding = 0;

		if (i % 2) {
			uint16_t chosen = (uint16_t)(32768 + random_below(&seed, 28232));

			sk.local.port = i % 4 == 1 ? 443 : chosen;
			sk.remote.port = i % 4 == 1 ? chosen : 443;
		}
		for (size_t part = 0; part < 2; part++) {
			struct cond c;
			bool holds;

			cond_init(&c);
			c.root = request_part_cond(&r[2 + part], &c);
			holds = cond_holds(&c, &sk);
			n_holding += holds;
			n[part] += holds && i % 2;
			cond_fini(&c);
		}
		assert_int_equal(n_holding, 1);
	}
	assert_in_range(n[0], 4700, 5300);
	assert_in_range(n[1], 4700, 5300);
}

/* What the condition leaves no socket of is not asked for. */
static void test_plan_with_condition(void **state)
{
	struct cond_node is_udp = { .kind = COND_PROTO, .bits = PROTO_BIT(PROTO_UDP) };
	struct cond_node is_bound = { .kind = COND_STATE, .bits = STATE_BIT(SOCK_STATE_BOUND) };
	struct request r[REQUESTS_MAX];
	struct cond c;

	(void)state;
	cond_init(&c);
	c.root = cond_and(&c, cond_leaf(&c, &is_udp), cond_leaf(&c, &is_bound));
	assert_int_equal(plan(PROTO_ALL, FAMILY_ALL, STATE_ALL, &c, r), 2);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(r[i].proto, PROTO_UDP);
		assert_int_equal(r[i].states, STATE_BIT(SOCK_STATE_BOUND));
	}
	cond_fini(&c);
}

struct message {
	struct nlmsghdr head;
	struct inet_diag_req_v2 req;
	struct buf bytes;
};

static void encode(struct message *m, const struct request *r, unsigned int extras,
		   const char *bytecode)
{
	struct buf code = { 0 };
	struct request_params params = { extras, 77, 2, &code };

	m->bytes = (struct buf){ 0 };
	buf_str(&code, bytecode);
	request_encode(r, &params, &m->bytes);
	assert_true(m->bytes.len >= sizeof(m->head) + sizeof(m->req));
	memcpy(&m->head, m->bytes.data, sizeof(m->head));
	memcpy(&m->req, m->bytes.data + sizeof(m->head), sizeof(m->req));
	buf_fini(&code);
}

static void test_encode(void **state)
{
	struct request r = { .proto = PROTO_TCP,
			     .families = FAMILY_BIT(ADDR_INET6),
			     .states = LISTEN };
	struct nlattr attr;
	struct message m;

	(void)state;
	encode(&m, &r, 0, "12345678");
	assert_int_equal(m.head.nlmsg_len, m.bytes.len);
	assert_int_equal(m.head.nlmsg_type, SOCK_DIAG_BY_FAMILY);
	assert_int_equal(m.head.nlmsg_flags, NLM_F_REQUEST | NLM_F_DUMP);
	assert_int_equal(m.head.nlmsg_seq, 77);
	assert_int_equal(m.head.nlmsg_pid, 2);
	assert_int_equal(m.req.sdiag_family, AF_INET6);
	assert_int_equal(m.req.sdiag_protocol, IPPROTO_TCP);
	assert_int_equal(m.req.idiag_states, 1U << 10);
	assert_int_equal(m.req.idiag_ext, 0);
	memcpy(&attr, m.bytes.data + sizeof(m.head) + sizeof(m.req), sizeof(attr));
	assert_int_equal(attr.nla_type, INET_DIAG_REQ_BYTECODE);
	assert_int_equal(attr.nla_len, 12);
	assert_memory_equal(m.bytes.data + m.bytes.len - 8, "12345678", 8);
	buf_fini(&m.bytes);
}

static void test_encode_both(void **state)
{
	struct request r = { .proto = PROTO_TCP, .families = FAMILY_ALL, .states = 0x2002 }, read;
	size_t head_len = sizeof(struct nlmsghdr), whole = head_len + sizeof(struct inet_diag_req);
	struct buf code = { 0 }, out = { 0 };
	struct request_params params = { SOCK_EXTRA_BIT(SOCK_EXTRA_TCP_INFO), 77, 2, &code };
	struct inet_diag_req req;
	struct nlmsghdr head;
	struct edge edge;

	(void)state;
	edge_init(&edge, 256);
	buf_str(&code, "1234");
	request_encode(&r, &params, &out);
	assert_int_equal(out.len, whole + sizeof(struct nlattr) + code.len);
	memcpy(&head, out.data, sizeof(head));
	memcpy(&req, out.data + sizeof(head), sizeof(req));
	assert_int_equal(head.nlmsg_type, TCPDIAG_GETSOCK);
	assert_int_equal(head.nlmsg_len, out.len);
	assert_int_equal(req.idiag_states, 0x2002);
	assert_int_equal(req.idiag_ext, 1 << (INET_DIAG_INFO - 1));
	for (size_t n = head_len; n <= out.len; n++) {
		const char *payload = edge_copy(&edge, out.data + head_len, n - head_len);

		assert_int_equal(request_decode(&read, TCPDIAG_GETSOCK, payload, n - head_len),
				 n < whole ? -EBADMSG : 0);
	}
	assert_int_equal(read.proto, PROTO_TCP);
	assert_int_equal(read.families, FAMILY_ALL);
	assert_int_equal(read.states, 0x2002);
	edge_fini(&edge);
	buf_fini(&out);
	buf_fini(&code);
}

static void test_encode_kinds(void **state)
{
	static const unsigned int all = (1U << SOCK_EXTRA_COUNT) - 1;
	/* clang-format off */
	static const struct {
		struct request r;
		uint8_t protocol;
		uint32_t states;
		uint8_t ext;
	} cases[] = {
		{ { PROTO_TCP, FAMILY_BIT(ADDR_INET), STATE_ALL, false, { 0, 0 } }, IPPROTO_TCP, 0x2ffe, 0x4a },
		{ { PROTO_UDP, FAMILY_BIT(ADDR_INET), 0x2002, false, { 0, 0 } }, IPPROTO_UDP, 0x82, 0x40 },
		{ { PROTO_UDP, FAMILY_BIT(ADDR_INET), 0x2, false, { 0, 0 } }, IPPROTO_UDP, 0x2, 0x40 },
		{ { PROTO_UDPLITE, FAMILY_BIT(ADDR_INET), 0x2000, false, { 0, 0 } }, IPPROTO_UDPLITE, 0x80, 0x40 },
		{ { PROTO_RAW, FAMILY_BIT(ADDR_INET), 0x2002, false, { 0, 0 } }, IPPROTO_RAW, 0x82, 0x40 },
		/* A listener with associations is left out unless all is asked for. */
		{ { PROTO_SCTP, FAMILY_BIT(ADDR_INET), LISTEN, false, { 0, 0 } }, IPPROTO_SCTP, STATE_ALL, 0x40 },
		/* 262 has no place in the byte: an attribute tells it. */
		{ { PROTO_MPTCP, FAMILY_BIT(ADDR_INET), LISTEN, false, { 0, 0 } }, 0, LISTEN, 0x42 },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct message m;

		encode(&m, &cases[i].r, all, "");
		assert_int_equal(m.req.sdiag_protocol, cases[i].protocol);
		assert_int_equal(m.req.idiag_states, cases[i].states);
		assert_int_equal(m.req.idiag_ext, cases[i].ext);
		if (!cases[i].protocol) {
			uint32_t number;

			memcpy(&number, m.bytes.data + m.bytes.len - 4, sizeof(number));
			assert_int_equal(number, 262);
		}
		buf_fini(&m.bytes);
	}
}

/* What was asked for is read back as at least that, cut anywhere as an error. */
static void test_decode(void **state)
{
	struct edge edge;

	(void)state;
	edge_init(&edge, 256);
	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++) {
		struct request r = { (enum sock_proto)proto,
				     FAMILY_BIT(ADDR_INET6),
				     0x2002,
				     false,
				     { 0, 0 } },
			       read;
		size_t whole = sizeof(struct nlmsghdr) + sizeof(struct inet_diag_req_v2);
		struct message m;

		encode(&m, &r, 0, "1234");
		for (size_t n = sizeof(struct nlmsghdr); n <= m.bytes.len; n++) {
			size_t len = n - sizeof(struct nlmsghdr);
			const char *payload =
				edge_copy(&edge, m.bytes.data + sizeof(struct nlmsghdr), len);
			int err = request_decode(&read, SOCK_DIAG_BY_FAMILY, payload, len);

			if (n < whole)
				assert_int_equal(err, -EBADMSG);
			if (n < m.bytes.len)
				continue;
			assert_int_equal(err, 0);
			assert_int_equal(read.proto, r.proto);
			assert_int_equal(read.families, r.families);
			assert_int_equal(read.states & r.states, r.states);
		}
		buf_fini(&m.bytes);
	}
	edge_fini(&edge);
}

static void test_decode_foreign(void **state)
{
	struct inet_diag_req_v2 req = { .sdiag_family = AF_INET, .sdiag_protocol = IPPROTO_TCP };
	struct request r;

	(void)state;
	assert_int_equal(request_decode(&r, SOCK_DIAG_BY_FAMILY, &req, sizeof(req)), 0);
	req.sdiag_family = AF_UNIX;
	assert_int_equal(request_decode(&r, SOCK_DIAG_BY_FAMILY, &req, sizeof(req)), -EPROTO);
	req.sdiag_family = AF_INET;
	assert_int_equal(request_decode(&r, DCCPDIAG_GETSOCK, &req, sizeof(req)), -EPROTO);
	req.sdiag_protocol = IPPROTO_ICMP;
	assert_int_equal(request_decode(&r, SOCK_DIAG_BY_FAMILY, &req, sizeof(req)), -EPROTO);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plan),	       cmocka_unit_test(test_plan_joined),
		cmocka_unit_test(test_plan_elsewhere), cmocka_unit_test(test_plan_many),
		cmocka_unit_test(test_parts),	       cmocka_unit_test(test_plan_with_condition),
		cmocka_unit_test(test_encode),	       cmocka_unit_test(test_encode_both),
		cmocka_unit_test(test_encode_kinds),   cmocka_unit_test(test_decode),
		cmocka_unit_test(test_decode_foreign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
