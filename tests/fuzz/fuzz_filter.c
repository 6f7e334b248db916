/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Filters of any text: read, printed, read again; both must say the same of every row. */
#include <config.h>

#include <string.h>

#include "base/buf.h"
#include "fuzz.h"
#include "model/cond.h"
#include "query/columns.h"
#include "query/filter.h"
#include "query/snapshot.h"
#include "resolve/resolver.h"
#include "resolve/services.h"

/* Sockets of several kinds; the input itself is the outside text that they carry. */
static void make_rows(struct snapshot *snap, const uint8_t *data, size_t size)
{
	for (unsigned int i = 0; i < 12; i++) {
		struct sock sk = {
			.cookie = i + 1,
			.proto = (uint8_t)(i % PROTO_COUNT),
			.family = i & 1,
			.state = i % 3 ? SOCK_STATE_ESTABLISHED : SOCK_STATE_LISTEN,
			.known = SOCK_HAS_COOKIE | SOCK_HAS_UID | SOCK_HAS_QUEUES | SOCK_HAS_INODE,
			.uid = i,
			.recv_q = i << 10,
			.inode = i,
		};

		for (size_t j = 0; j < 16 && j < size; j++) {
			sk.local.addr.bytes[j] = i & 1 || j < 4 ? data[j] : 0;
			sk.remote.addr.bytes[j] = i & 1 || j < 4 ? data[size - 1 - j] : 0;
		}
		if (i % 3)
			sk.known |= SOCK_HAS_PEER;
		else
			sk.remote.addr = (struct addr){ { 0 } };
		if (sk.proto != PROTO_RAW) {
			sk.local.port = (uint16_t)(i * 40);
			sk.remote.port = i % 3 ? (uint16_t)(i * 4000 + 443) : 0;
		}
		CHECK(sock_table_add(&snap->table, &sk));
		sock_table_attach(&snap->table, SOCK_EXTRA_CONGESTION, data, size);
		if (i & 2)
			sock_table_attach(&snap->table, SOCK_EXTRA_TCP_INFO, data, size);
	}
}

static void check_rows(const struct filter *f, const struct filter *again,
		       const struct snapshot *snap)
{
	struct cond cond;
	bool is_exact;

	filter_cond(f, NULL, false, &cond, &is_exact);
	for (size_t i = 0; i < snap->table.n; i++) {
		const struct row row = { .sk = &snap->table.socks[i] };
		enum filter_result result = filter_match(f, snap, &row);

		CHECK(result == filter_match(again, snap, &row));
		CHECK(result == FILTER_NO || cond_holds(&cond, row.sk));
		CHECK(!is_exact || cond_holds(&cond, row.sk) == (result == FILTER_YES));
	}
	cond_fini(&cond);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct resolver names = { .ephemeral = { 32768, 60999 } };
	struct snapshot snap = {
		.names = &names,
		.resolved = NEED_SERVICES | NEED_TCP_INFO,
	};
	struct buf first = { 0 }, second = { 0 };
	struct filter_error error = { 0 };
	struct filter *f, *again;

	if (!names.services)
		names.services = services_new(NULL);
	if (filter_parse(&f, (const char *)data, size, &names, &error)) {
		CHECK(error.message && error.pos <= size && error.len <= size - error.pos);
		return 0;
	}
	filter_print(f, &first);
	if (first.len <= FILTER_LENGTH_MAX) {
		CHECK(!filter_parse(&again, first.data, first.len, &names, &error));
		filter_print(again, &second);
		CHECK(first.len == second.len &&
		      (!first.len || !memcmp(first.data, second.data, first.len)));
		CHECK(filter_needs(f) == filter_needs(again));
		make_rows(&snap, data, size);
		check_rows(f, again, &snap);
		filter_free(again);
	}
	filter_free(f);
	buf_fini(&first);
	buf_fini(&second);
	snapshot_fini(&snap);
	return 0;
}
