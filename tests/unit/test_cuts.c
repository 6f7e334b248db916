/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filters and dumps that end anywhere, in memory that ends there, too. */
#include <config.h>

#include <errno.h>
#include <linux/tcp.h>

#include "base/buf.h"
#include "edge.h"
#include "messages.h"
#include "model/sock_table.h"
#include "query/filter.h"
#include "resolve/resolver.h"
#include "resolve/services.h"
#include "source/dump.h"

static void check_filter(struct edge *e, const char *text, size_t n, const struct resolver *names)
{
	struct filter_error error = { 0 };
	struct buf canonical = { 0 };
	struct filter *f;

	if (filter_parse(&f, edge_copy(e, text, n), n, names, &error)) {
		assert_non_null(error.message);
		assert_in_range(error.pos, 0, n);
		assert_in_range(error.len, 0, n - error.pos);
		return;
	}
	filter_print(f, &canonical);
	filter_free(f);
	assert_int_equal(filter_parse(&f, edge_copy(e, canonical.data, canonical.len),
				      canonical.len, names, &error),
			 0);
	filter_free(f);
	buf_fini(&canonical);
}

static void filters(void **state)
{
	static const char *const whole[] = {
		"port 22,80-443,1024-,!ssh,ephemeral and not (lport = well-known || rport:https)",
		"src 10.0.0.0/8 or dst [fe80::1]:22,80 or addr ::ffff:1.2.3.4/128 or raddr *:53",
		"proc \"tmux: server\" and proc ~ ^ng(inx|\\.[a-z])*$ or owners.cmdline !~ \\bx\\b",
		"! state listen,established and recvq >= 16K & tcp.rtt_us lt 1.5ms | user root",
		"8000-8999 22,!23 sport = :80 exclude time-wait",
	};
	struct resolver names = { .ephemeral = { 32768, 60999 } };
	struct edge e;

	(void)state;
	names.services = services_new(NULL);
	edge_init(&e, 4096);
	for (size_t i = 0; i < sizeof(whole) / sizeof(*whole); i++)
		for (size_t n = 0; n <= strlen(whole[i]); n++)
			check_filter(&e, whole[i], n, &names);
	edge_fini(&e);
	services_free(names.services);
}

#define SOCKETS 3

/* A connection with all its attributes, two more sockets, an error and the end; ends: of each. */
static void make_dump(struct buf *out, size_t ends[SOCKETS])
{
	struct inet_diag_msg m =
		message_of(AF_INET, SOCK_STATE_ESTABLISHED, "10.0.0.1", 80, "10.0.0.2", 9);
	struct tcp_info info = { .tcpi_rtt = 5 };
	struct buf payload = { 0 };

	buf_add(&payload, (const char *)&m, sizeof(m));
	put_attr(&payload, INET_DIAG_INFO, &info, sizeof(info));
	put_attr(&payload, INET_DIAG_CONG, "cubic", 6);
	put_message(out, SOCK_DIAG_BY_FAMILY, NLM_F_MULTI, 1, payload.data, payload.len);
	ends[0] = out->len;
	m = message_of(AF_INET6, SOCK_STATE_LISTEN, "::1", 81, "::", 0);
	put_sock(out, &m);
	ends[1] = out->len;
	m = message_of(AF_INET, SOCK_STATE_LISTEN, "127.0.0.1", 82, "0.0.0.0", 0);
	put_sock(out, &m);
	ends[2] = out->len;
	put_done(out, -ENOENT);
	buf_fini(&payload);
}

static void dumps(void **state)
{
	struct buf whole = { 0 };
	size_t ends[SOCKETS];
	struct edge e;

	(void)state;
	make_dump(&whole, ends);
	edge_init(&e, whole.len);
	for (size_t n = 0; n <= whole.len; n++) {
		const uint8_t *data = (const uint8_t *)edge_copy(&e, whole.data, n);
		struct sock_table table = { 0 };
		struct dump dump = { .table = &table,
				     .wanted = { .families = FAMILY_ALL,
						 .states = STATE_ALL,
						 .extras = SOCK_EXTRA_BIT(SOCK_EXTRA_TCP_INFO) } };
		struct dump_message msg;
		size_t left = n, want = 0;
		int err;

		while (!(err = dump_next(data, left, &msg))) {
			dump_take(&dump, &msg);
			data += msg.step;
			left -= msg.step;
		}
		while (want < SOCKETS && ends[want] <= n)
			want++;
		assert_int_equal(table.n, want);
		assert_int_equal(err, left ? -EBADMSG : -ENODATA);
		assert_int_equal(dump.is_done, n == whole.len);
		assert_int_equal(dump.error, n == whole.len ? -ENOENT : 0);
		sock_table_fini(&table);
	}
	edge_fini(&e);
	buf_fini(&whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filters),
		cmocka_unit_test(dumps),
	};

	return cmocka_run_group_tests_name("cuts", tests, NULL, NULL);
}
