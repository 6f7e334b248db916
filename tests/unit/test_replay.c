/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recordings, whole, foreign and damaged, played listing by listing. */
#include <config.h>

#include "test.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "messages.h"
#include "model/cond.h"
#include "model/sock_table.h"
#include "random.h"
#include "source/dump.h"
#include "source/recording.h"
#include "source/request.h"
#include "source/source.h"

#define LISTEN STATE_BIT(SOCK_STATE_LISTEN)

static void put_request(struct buf *out, enum sock_proto proto, unsigned int families,
			unsigned int states, uint32_t repeat)
{
	struct request r = { .proto = proto, .families = families, .states = states };
	struct buf no_bytecode = { 0 };
	struct request_params params = { .seq = 9, .repeat = repeat, .bytecode = &no_bytecode };

	request_encode(&r, &params, out);
}

/* A dump of sockets in one state at these local ports, up to a 0. */
static void put_dump(struct buf *out, uint8_t family, uint8_t state, const uint16_t *ports,
		     int error)
{
	const char *addr = family == AF_INET ? "10.0.0.1" : "2001:db8::1";

	for (; *ports; ports++) {
		struct inet_diag_msg m = message_of(family, state, addr, *ports, addr, 9);

		m.id.idiag_cookie[1] = family;
		put_sock(out, &m);
	}
	put_done(out, error);
}

#define PORTS(...) ((const uint16_t[]){ __VA_ARGS__ __VA_OPT__(, ) 0 })

/* Opens the bytes as a recording. */
static int open_bytes(struct source **src, const struct buf *bytes)
{
	char path[] = "replay-XXXXXX";
	int fd = mkstemp(path);
	int err;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes->data, bytes->len), (ssize_t)bytes->len);
	err = source_replay_open(src, path);
	close(fd);
	unlink(path);
	return err;
}

/* One listing: its local ports in their order must be these; its errors are left in outcome. */
static void check_list(struct source *src, unsigned int protos, unsigned int states,
		       const uint16_t *ports, struct source_outcome *outcome)
{
	struct source_query query = { .protos = protos, .families = FAMILY_ALL, .states = states };
	struct sock_table table = { 0 };
	size_t n = 0;

	source_list(src, &query, &table, outcome);
	for (; ports[n]; n++) {
		assert_true(n < table.n);
		assert_int_equal(table.socks[n].local.port, ports[n]);
	}
	assert_int_equal(table.n, n);
	sock_table_fini(&table);
}

/* All is there of the protocols that were recorded, and the others that are wanted are said not to be. */
static void check_whole(const struct source_outcome *outcome, unsigned int wanted,
			unsigned int recorded)
{
	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++)
		for (unsigned int family = 0; family < ADDR_FAMILIES; family++)
			assert_int_equal(outcome->error[proto][family],
					 wanted & ~recorded & PROTO_BIT(proto)
						 ? SOURCE_ERROR_UNSUPPORTED
						 : 0);
}

/* Is there an error that says more than that a protocol was not recorded? */
static bool is_cut(const struct source_outcome *outcome)
{
	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++)
		for (unsigned int family = 0; family < ADDR_FAMILIES; family++)
			if (outcome->error[proto][family] &&
			    outcome->error[proto][family] != SOURCE_ERROR_UNSUPPORTED)
				return true;
	return false;
}

static void test_steps(void **state)
{
	struct source_outcome outcome;
	struct source *src;
	struct buf file = { 0 };

	(void)state;
	put_request(&file, PROTO_TCP, FAMILY_BIT(ADDR_INET), LISTEN, 0);
	put_dump(&file, AF_INET, SOCK_STATE_LISTEN, PORTS(1, 2), 0);
	put_request(&file, PROTO_TCP, FAMILY_BIT(ADDR_INET), STATE_ALL & ~LISTEN, 0);
	put_dump(&file, AF_INET, SOCK_STATE_ESTABLISHED, PORTS(3), 0);
	put_request(&file, PROTO_UDP, FAMILY_BIT(ADDR_INET6), STATE_ALL, 0);
	put_dump(&file, AF_INET6, SOCK_STATE_CLOSE, PORTS(53), 0);
	put_request(&file, PROTO_TCP, FAMILY_BIT(ADDR_INET), LISTEN, 0);
	put_dump(&file, AF_INET, SOCK_STATE_LISTEN, PORTS(2, 4), 0);
	put_request(&file, PROTO_TCP, FAMILY_BIT(ADDR_INET), STATE_ALL & ~LISTEN, 0);
	put_dump(&file, AF_INET, SOCK_STATE_ESTABLISHED, PORTS(), 0);
	assert_int_equal(open_bytes(&src, &file), 0);
	check_list(src, PROTO_ALL, STATE_ALL, PORTS(1, 2, 3, 53), &outcome);
	check_whole(&outcome, PROTO_ALL, PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_UDP));
	check_list(src, PROTO_ALL, STATE_ALL, PORTS(2, 4, 53), &outcome);
	check_list(src, PROTO_ALL, STATE_ALL, PORTS(2, 4, 53), &outcome);
	check_list(src, PROTO_BIT(PROTO_UDP), STATE_ALL, PORTS(53), &outcome);
	check_list(src, PROTO_ALL, LISTEN, PORTS(2, 4), &outcome);
	check_whole(&outcome, PROTO_ALL, PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_UDP));
	/* What it never asked for is not known to be none. */
	check_list(src, PROTO_BIT(PROTO_RAW), STATE_ALL, PORTS(), &outcome);
	check_whole(&outcome, PROTO_BIT(PROTO_RAW), 0);
	source_free(src);
	buf_fini(&file);
}

/* One request for all states answers both of ours, and steps once a listing. */
static void test_foreign_states(void **state)
{
	struct source_outcome outcome;
	struct source *src;
	struct buf file = { 0 };

	(void)state;
	for (uint16_t i = 0; i < 2; i++) {
		put_request(&file, PROTO_TCP, FAMILY_BIT(ADDR_INET), STATE_ALL, 0);
		put_dump(&file, AF_INET, SOCK_STATE_ESTABLISHED, PORTS((uint16_t)(10 + i)), 0);
		file.len -= 20;
		put_dump(&file, AF_INET, SOCK_STATE_LISTEN, PORTS((uint16_t)(20 + i)), 0);
	}
	assert_int_equal(open_bytes(&src, &file), 0);
	check_list(src, PROTO_ALL, STATE_ALL, PORTS(20, 10), &outcome);
	check_list(src, PROTO_ALL, LISTEN, PORTS(21), &outcome);
	check_list(src, PROTO_ALL, STATE_ALL, PORTS(21, 11), &outcome);
	source_free(src);
	buf_fini(&file);
}

/* Dumps that were united when they were recorded are united again; refused ones are forgotten. */
static void test_repeats(void **state)
{
	struct source_outcome outcome;
	struct source *src;
	struct buf file = { 0 };

	(void)state;
	put_request(&file, PROTO_TCP, FAMILY_BIT(ADDR_INET), LISTEN, 0);
	put_done(&file, -EINVAL);
	for (uint16_t i = 1; i <= 3; i++) {
		put_request(&file, PROTO_TCP, FAMILY_BIT(ADDR_INET), LISTEN, i);
		put_dump(&file, AF_INET, SOCK_STATE_LISTEN, PORTS(1, (uint16_t)(1 + i)), 0);
	}
	put_request(&file, PROTO_TCP, FAMILY_BIT(ADDR_INET), LISTEN, 0);
	put_dump(&file, AF_INET, SOCK_STATE_LISTEN, PORTS(7), 0);
	put_request(&file, PROTO_TCP, FAMILY_BIT(ADDR_INET), LISTEN, 1);
	put_dump(&file, AF_INET, SOCK_STATE_LISTEN, PORTS(8), -ENOBUFS);
	assert_int_equal(open_bytes(&src, &file), 0);
	check_list(src, PROTO_ALL, LISTEN, PORTS(1, 2, 3, 4), &outcome);
	check_whole(&outcome, PROTO_ALL, PROTO_BIT(PROTO_TCP));
	check_list(src, PROTO_ALL, LISTEN, PORTS(7, 8), &outcome);
	assert_int_equal(outcome.error[PROTO_TCP][ADDR_INET], -ENOBUFS);
	assert_int_equal(outcome.error[PROTO_TCP][ADDR_INET6], 0);
	source_free(src);
	buf_fini(&file);
}

/* What was asked for both families at once answers for one; where that failed each was asked for. */
static void test_both_families(void **state)
{
	const unsigned int connected = STATE_ALL & ~LISTEN;
	struct source_outcome outcome;
	struct source *src;
	struct buf file = { 0 };
	size_t refused;

	(void)state;
	put_request(&file, PROTO_TCP, FAMILY_ALL, connected, 0);
	put_dump(&file, AF_INET, SOCK_STATE_ESTABLISHED, PORTS(1, 2), 0);
	file.len -= 20;
	put_dump(&file, AF_INET6, SOCK_STATE_ESTABLISHED, PORTS(3), 0);
	assert_int_equal(open_bytes(&src, &file), 0);
	check_list(src, PROTO_ALL, STATE_ALL, PORTS(1, 2, 3), &outcome);
	check_whole(&outcome, PROTO_ALL, PROTO_BIT(PROTO_TCP));
	source_free(src);

	buf_clear(&file);
	put_request(&file, PROTO_TCP, FAMILY_ALL, connected, 0);
	put_done(&file, -EOPNOTSUPP);
	refused = file.len;
	put_request(&file, PROTO_TCP, FAMILY_BIT(ADDR_INET), connected, 0);
	put_dump(&file, AF_INET, SOCK_STATE_ESTABLISHED, PORTS(1, 2), 0);
	put_request(&file, PROTO_TCP, FAMILY_BIT(ADDR_INET6), connected, 0);
	put_dump(&file, AF_INET6, SOCK_STATE_ESTABLISHED, PORTS(3), 0);
	assert_int_equal(open_bytes(&src, &file), 0);
	check_list(src, PROTO_ALL, STATE_ALL, PORTS(1, 2, 3), &outcome);
	check_whole(&outcome, PROTO_ALL, PROTO_BIT(PROTO_TCP));
	source_free(src);

	file.len = refused;
	assert_int_equal(open_bytes(&src, &file), 0);
	check_list(src, PROTO_ALL, STATE_ALL, PORTS(), &outcome);
	assert_int_equal(outcome.error[PROTO_TCP][ADDR_INET], -EOPNOTSUPP);
	assert_int_equal(outcome.error[PROTO_TCP][ADDR_INET6], -EOPNOTSUPP);
	source_free(src);
	buf_fini(&file);
}

/* A port id that some other program put into its requests marks no repeat. */
static void test_foreign_port_id(void **state)
{
	struct source_outcome outcome;
	struct source *src;
	struct buf file = { 0 };

	(void)state;
	for (uint16_t i = 0; i < 2; i++) {
		put_request(&file, PROTO_TCP, FAMILY_BIT(ADDR_INET), LISTEN, 4242);
		put_dump(&file, AF_INET, SOCK_STATE_LISTEN, PORTS((uint16_t)(1 + i)), 0);
	}
	assert_int_equal(open_bytes(&src, &file), 0);
	check_list(src, PROTO_ALL, LISTEN, PORTS(1), &outcome);
	check_list(src, PROTO_ALL, LISTEN, PORTS(2), &outcome);
	source_free(src);
	buf_fini(&file);
}

/* As ss -D writes it: replies alone, IPv4 then IPv6. */
static void test_without_requests(void **state)
{
	struct source_outcome outcome;
	struct source *src;
	struct buf file = { 0 };

	(void)state;
	put_dump(&file, AF_INET, SOCK_STATE_ESTABLISHED, PORTS(1, 2), 0);
	put_dump(&file, AF_INET6, SOCK_STATE_LISTEN, PORTS(3), 0);
	assert_int_equal(open_bytes(&src, &file), 0);
	for (int i = 0; i < 2; i++) {
		check_list(src, PROTO_ALL, STATE_ALL, PORTS(1, 2, 3), &outcome);
		check_whole(&outcome, PROTO_ALL, PROTO_BIT(PROTO_TCP));
	}
	check_list(src, PROTO_BIT(PROTO_UDP), STATE_ALL, PORTS(), &outcome);
	check_whole(&outcome, PROTO_BIT(PROTO_UDP), 0);
	source_free(src);
	buf_fini(&file);
	put_done(&file, 0);
	put_done(&file, 0);
	assert_int_equal(open_bytes(&src, &file), 0);
	check_list(src, PROTO_ALL, STATE_ALL, PORTS(), &outcome);
	check_whole(&outcome, PROTO_ALL, PROTO_BIT(PROTO_TCP));
	source_free(src);
	buf_fini(&file);
}

/* The kernel's answer to a request that it does not serve. */
static void put_refusal(struct buf *file, int error)
{
	struct {
		int error;
		struct nlmsghdr request;
	} refusal = { .error = error };

	put_message(file, NLMSG_ERROR, 0, 1, &refusal, sizeof(refusal));
}

static void test_errors(void **state)
{
	struct source_outcome outcome;
	struct source *src;
	struct buf file = { 0 };

	(void)state;
	put_request(&file, PROTO_RAW, FAMILY_BIT(ADDR_INET), STATE_ALL, 0);
	put_done(&file, -ENOENT);
	put_request(&file, PROTO_UDP, FAMILY_BIT(ADDR_INET), STATE_ALL, 0);
	put_refusal(&file, -EPERM);
	put_request(&file, PROTO_MPTCP, FAMILY_BIT(ADDR_INET), LISTEN, 0);
	put_dump(&file, AF_INET, SOCK_STATE_LISTEN, PORTS(5), 0);
	put_request(&file, PROTO_TCP, FAMILY_BIT(ADDR_INET), LISTEN, 0);
	put_dump(&file, AF_INET, SOCK_STATE_LISTEN, PORTS(1), 0);
	file.len -= 20; /* without NLMSG_DONE */
	assert_int_equal(open_bytes(&src, &file), 0);
	check_list(src, PROTO_ALL, STATE_ALL, PORTS(1, 5), &outcome);
	assert_int_equal(outcome.error[PROTO_RAW][ADDR_INET], SOURCE_ERROR_UNSUPPORTED);
	assert_int_equal(outcome.error[PROTO_RAW][ADDR_INET6], 0);
	assert_int_equal(outcome.error[PROTO_UDP][ADDR_INET], SOURCE_ERROR_DENIED);
	assert_int_equal(outcome.error[PROTO_MPTCP][ADDR_INET], 0);
	assert_int_equal(outcome.error[PROTO_TCP][ADDR_INET], -ENODATA);
	source_free(src);
	buf_fini(&file);
}

/* Before Linux 5.9 a protocol above 255 was bytecode that did not make sense: it has no list. */
static void test_old_kernel(void **state)
{
	struct source_outcome outcome;
	struct source *src;
	struct buf file = { 0 };

	(void)state;
	for (unsigned int family = 0; family < ADDR_FAMILIES; family++) {
		put_request(&file, PROTO_MPTCP, FAMILY_BIT(family), LISTEN, 0);
		put_refusal(&file, -EINVAL);
		put_request(&file, PROTO_RAW, FAMILY_BIT(family), STATE_ALL, 0);
		put_refusal(&file, -EINVAL);
	}
	assert_int_equal(open_bytes(&src, &file), 0);
	check_list(src, PROTO_BIT(PROTO_MPTCP) | PROTO_BIT(PROTO_RAW), STATE_ALL, PORTS(0),
		   &outcome);
	for (unsigned int family = 0; family < ADDR_FAMILIES; family++) {
		assert_int_equal(outcome.error[PROTO_MPTCP][family], SOURCE_ERROR_UNSUPPORTED);
		assert_int_equal(outcome.error[PROTO_RAW][family], -EINVAL);
	}
	source_free(src);
	buf_fini(&file);
}

static void test_not_a_recording(void **state)
{
	struct buf file = { 0 };
	struct source *src;

	(void)state;
	assert_int_equal(source_replay_open(&src, "no-such-file"), -ENOENT);
	assert_int_equal(source_replay_open(&src, "/"), -EISDIR);
	assert_int_equal(open_bytes(&src, &file), -ENODATA);
	buf_str(&file, "root:x:0:0:root:/root:/bin/bash\n");
	assert_int_equal(open_bytes(&src, &file), -EBADMSG);
	buf_fini(&file);
}

/* ---- the header ---- */

static void put_header(struct buf *file, const struct recording *r)
{
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);

	assert_int_equal(recording_write(out, r), 0);
	assert_int_equal(fclose(out), 0);
	buf_add(file, text, size);
	free(text);
}

static struct recording_iface some_ifaces[] = {
	{ .index = 1, .name = "lo", .is_loopback = true },
	{ .index = 7, .name = "fifteen-letters" },
};
static struct recording_addr some_addrs[] = {
	{ ADDR_INET, { { 10, 0, 0, 1 } } },
	{ ADDR_INET6, { { 0xfd, [15] = 1 } } },
};
static const struct recording some_header = {
	.version = "9.9",
	.host = "far.example",
	.release = "6.17.1",
	.time_ms = 1000000000123,
	.ephemeral = { 40000, 40001 },
	.uid = 4294967294,
	.has_uid = true,
	.ifaces = some_ifaces,
	.n_ifaces = 2,
	.machine = "0123456789abcdef",
	.boot_id = "00000000-1111-2222-3333-444444444444",
	.netns = 4026531840,
	.addrs = some_addrs,
	.n_addrs = 2,
};

static void put_users(struct buf *file, uint32_t uid, const char *name)
{
	struct recording users = { 0 };

	recording_add_user(&users, uid, name, strlen(name));
	put_header(file, &users);
	recording_fini(&users);
}

static void test_header(void **state)
{
	struct source_outcome outcome;
	const struct recording *r;
	struct buf file = { 0 };
	struct source *src;

	(void)state;
	put_header(&file, &some_header);
	put_request(&file, PROTO_TCP, FAMILY_BIT(ADDR_INET), LISTEN, 0);
	put_dump(&file, AF_INET, SOCK_STATE_LISTEN, PORTS(1, 2), 0);
	put_users(&file, 1000, "ana");
	/* Where recordings stand behind one another the first header counts. */
	put_header(&file, &(struct recording){ .host = "other" });
	put_users(&file, 1001, "eva");
	put_request(&file, PROTO_UDP, FAMILY_BIT(ADDR_INET), STATE_ALL, 0);
	put_dump(&file, AF_INET, SOCK_STATE_CLOSE, PORTS(5), 0);
	assert_int_equal(open_bytes(&src, &file), 0);
	r = source_replay_recording(src);
	assert_non_null(r);
	assert_string_equal(r->version, "9.9");
	assert_string_equal(r->host, "far.example");
	assert_string_equal(r->release, "6.17.1");
	assert_int_equal(r->time_ms, 1000000000123);
	assert_int_equal(r->ephemeral.first, 40000);
	assert_int_equal(r->ephemeral.last, 40001);
	assert_true(r->has_uid);
	assert_int_equal(r->uid, 4294967294);
	assert_int_equal(r->n_ifaces, 2);
	assert_int_equal(r->ifaces[0].index, 1);
	assert_true(r->ifaces[0].is_loopback);
	assert_int_equal(r->ifaces[1].index, 7);
	assert_string_equal(r->ifaces[1].name, "fifteen-letters");
	assert_false(r->ifaces[1].is_loopback);
	assert_string_equal(r->machine, some_header.machine);
	assert_string_equal(r->boot_id, some_header.boot_id);
	assert_int_equal(r->netns, 4026531840);
	assert_int_equal(r->n_addrs, 2);
	assert_memory_equal(r->addrs, some_addrs, sizeof(some_addrs));
	assert_int_equal(r->n_users, 1);
	assert_int_equal(r->users[0].uid, 1000);
	assert_string_equal(r->users[0].name, "ana");
	check_list(src, PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_UDP), STATE_ALL, PORTS(1, 2, 5),
		   &outcome);
	assert_false(is_cut(&outcome));
	source_free(src);
	buf_fini(&file);
}

/* The kernel of a recording may be one that did not list TCP sockets which are only bound. */
static void test_bound_sockets(void **state)
{
	static const struct {
		const char *release;
		uint8_t state;
		bool lacks;
	} cases[] = {
		{ "6.1.0-31-amd64", SOCK_STATE_LISTEN, true },
		{ "5.14.0-503.el9", SOCK_STATE_BOUND, false }, /* ported to it, as a row shows */
		{ "6.8.0", SOCK_STATE_LISTEN, false },
		{ "", SOCK_STATE_LISTEN, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct recording header = { .host = "old" };
		struct source_outcome outcome;
		struct buf file = { 0 };
		struct source *src;

		memcpy(header.release, cases[i].release, strlen(cases[i].release));
		put_header(&file, &header);
		put_request(&file, PROTO_TCP, FAMILY_ALL, STATE_ALL, 0);
		put_dump(&file, AF_INET, cases[i].state, PORTS(1), 0);
		assert_int_equal(open_bytes(&src, &file), 0);
		check_list(src, PROTO_BIT(PROTO_TCP), STATE_ALL, PORTS(1), &outcome);
		if (outcome.lacks_bound != cases[i].lacks)
			fail_msg("'%s': %d", cases[i].release, outcome.lacks_bound);
		source_free(src);
		buf_fini(&file);
	}
}

static void test_without_header(void **state)
{
	struct buf file = { 0 };
	struct source *src;

	(void)state;
	put_request(&file, PROTO_TCP, FAMILY_BIT(ADDR_INET), LISTEN, 0);
	put_dump(&file, AF_INET, SOCK_STATE_LISTEN, PORTS(1), 0);
	assert_int_equal(open_bytes(&src, &file), 0);
	assert_null(source_replay_recording(src));
	source_free(src);
	buf_fini(&file);
}

/* A header alone is a recording of nothing, and replies to no request are nobody's. */
static void test_header_alone(void **state)
{
	struct source_outcome outcome;
	struct buf file = { 0 };
	struct source *src;

	(void)state;
	put_header(&file, &(struct recording){ 0 });
	for (int i = 0; i < 2; i++) {
		assert_int_equal(open_bytes(&src, &file), 0);
		assert_string_equal(source_replay_recording(src)->host, "");
		assert_int_equal(source_replay_recording(src)->time_ms, 0);
		check_list(src, PROTO_BIT(PROTO_TCP), STATE_ALL, PORTS(), &outcome);
		check_whole(&outcome, PROTO_BIT(PROTO_TCP), 0);
		source_free(src);
		put_dump(&file, AF_INET, SOCK_STATE_LISTEN, PORTS(1), 0);
	}
	buf_fini(&file);
}

/* What is held of a header, whatever it holds, has an end and stays within its bounds. */
static void check_header(const struct recording *r)
{
	assert_true(memchr(r->host, '\0', sizeof(r->host)) &&
		    memchr(r->version, '\0', sizeof(r->version)));
	assert_true(memchr(r->release, '\0', sizeof(r->release)) != NULL);
	assert_true(r->ephemeral.first <= r->ephemeral.last);
	assert_true(r->time_ms < UINT64_C(253402300800000));
	for (size_t i = 0; i < r->n_ifaces; i++)
		assert_true(memchr(r->ifaces[i].name, '\0', sizeof(r->ifaces[i].name)) != NULL);
	for (size_t i = 0; i < r->n_users; i++)
		assert_true(memchr(r->users[i].name, '\0', sizeof(r->users[i].name)) != NULL);
	for (size_t i = 0; i < r->n_addrs; i++)
		assert_true(r->addrs[i].family == ADDR_INET || r->addrs[i].family == ADDR_INET6);
}

/* Each length of the header is wrong in each way; and each byte, at random. */
static void test_hostile_headers(void **state)
{
	struct buf file = { 0 }, bad = { 0 };
	uint64_t seed = 7;

	(void)state;
	put_header(&file, &some_header);
	put_users(&file, 1000, "ana");
	for (size_t i = 0; i < 20000; i++) {
		struct source *src;

		buf_clear(&bad);
		buf_add(&bad, file.data, file.len);
		for (uint64_t k = random_below(&seed, 4); k < 4; k++)
			bad.data[24 + random_below(&seed, bad.len - 24)] = (char)random_next(&seed);
		if (i % 4 == 0) {
			uint32_t len = 16 + (uint32_t)random_below(&seed, file.len - 16);

			bad.len = len;
			memcpy(bad.data, &len, sizeof(len));
		}
		if (open_bytes(&src, &bad))
			continue;
		if (source_replay_recording(src))
			check_header(source_replay_recording(src));
		source_free(src);
	}
	buf_fini(&file);
	buf_fini(&bad);
}

static void put_rich_recording(struct buf *file)
{
	put_request(file, PROTO_TCP, FAMILY_BIT(ADDR_INET), LISTEN, 0);
	put_dump(file, AF_INET, SOCK_STATE_LISTEN, PORTS(1, 2), 0);
	put_request(file, PROTO_MPTCP, FAMILY_BIT(ADDR_INET), LISTEN, 0);
	put_dump(file, AF_INET, SOCK_STATE_LISTEN, PORTS(3), 0);
	put_request(file, PROTO_TCP, FAMILY_BIT(ADDR_INET), LISTEN, 1);
	put_dump(file, AF_INET, SOCK_STATE_LISTEN, PORTS(4), 0);
	put_request(file, PROTO_UDP, FAMILY_BIT(ADDR_INET6), STATE_ALL, 0);
	put_dump(file, AF_INET6, SOCK_STATE_CLOSE, PORTS(5), 0);
}

/* Does the recording's first n bytes end behind a whole dump? */
static bool is_end(const struct buf *file, size_t n)
{
	struct dump_message msg = { 0 };
	size_t at = 0;

	while (!dump_next((const uint8_t *)file->data + at, n - at, &msg))
		at += msg.step;
	return at == n && msg.head.nlmsg_type == NLMSG_DONE;
}

/* However much of it is left: whole dumps, or some list says that it is not. */
static void test_cuts(void **state)
{
	struct buf file = { 0 }, cut = { 0 };

	(void)state;
	put_rich_recording(&file);
	for (size_t n = 0; n < file.len; n++) {
		struct source_query query = { .protos = PROTO_ALL,
					      .families = FAMILY_ALL,
					      .states = STATE_ALL };
		struct source_outcome outcome;
		struct sock_table table = { 0 };
		struct source *src;

		buf_clear(&cut);
		buf_add(&cut, file.data, n);
		if (open_bytes(&src, &cut)) {
			assert_true(n < 72);
			continue;
		}
		for (int i = 0; i < 2; i++) {
			sock_table_clear(&table);
			source_list(src, &query, &table, &outcome);
		}
		assert_int_equal(!is_cut(&outcome), is_end(&file, n));
		sock_table_fini(&table);
		source_free(src);
	}
	buf_fini(&file);
	buf_fini(&cut);
}

static void test_mutations(void **state)
{
	struct buf file = { 0 }, bad = { 0 };
	uint64_t seed = 5;

	(void)state;
	put_rich_recording(&file);
	for (int i = 0; i < 2000; i++) {
		struct source_query query = { .protos = PROTO_ALL,
					      .families = FAMILY_ALL,
					      .states = STATE_ALL,
					      .extras = 15 };
		struct source_outcome outcome;
		struct sock_table table = { 0 };
		struct source *src;

		buf_clear(&bad);
		buf_add(&bad, file.data, file.len);
		for (uint64_t k = random_below(&seed, 8); k > 0; k--)
			bad.data[random_below(&seed, bad.len)] = (char)random_next(&seed);
		if (open_bytes(&src, &bad))
			continue;
		for (int k = 0; k < 3; k++)
			source_list(src, &query, &table, &outcome);
		for (size_t k = 0; k < table.n; k++)
			assert_true(STATE_ALL & STATE_BIT(table.socks[k].state));
		sock_table_fini(&table);
		source_free(src);
	}
	buf_fini(&file);
	buf_fini(&bad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_steps),
		cmocka_unit_test(test_foreign_states),
		cmocka_unit_test(test_repeats),
		cmocka_unit_test(test_both_families),
		cmocka_unit_test(test_foreign_port_id),
		cmocka_unit_test(test_without_requests),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_old_kernel),
		cmocka_unit_test(test_not_a_recording),
		cmocka_unit_test(test_header),
		cmocka_unit_test(test_bound_sockets),
		cmocka_unit_test(test_without_header),
		cmocka_unit_test(test_header_alone),
		cmocka_unit_test(test_hostile_headers),
		cmocka_unit_test(test_cuts),
		cmocka_unit_test(test_mutations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
