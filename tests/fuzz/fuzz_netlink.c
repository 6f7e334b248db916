/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as what the kernel says in a dump: into a table, and from there in every format. */
#include <config.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "fuzz.h"
#include "model/sock_table.h"
#include "query/columns.h"
#include "query/document_head.h"
#include "query/snapshot.h"
#include "resolve/resolver.h"
#include "source/dump.h"
#include "format/format.h"

/* The first bytes of an input say what the dump is of; its messages follow. */
enum { BYTE_PROTO, BYTE_FAMILIES, BYTE_EXTRAS, BYTE_ORPHANS, HEAD_SIZE };

static void check_socket(struct sock_table *table, size_t i)
{
	struct sock sk = table->socks[i];
	size_t n = table->n;

	CHECK(sk.proto < PROTO_COUNT);
	CHECK(sk.family < ADDR_FAMILIES);
	CHECK(sk.state < SOCK_STATE_COUNT && STATE_ALL & STATE_BIT(sk.state));
	CHECK(sk.netns == 0);
	CHECK(!sock_table_add(table, &sk) && table->n == n);
}

/* The text, lines ended by a newline, holds nothing but ASCII that stands on the screen. */
static size_t count_lines(const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		CHECK(text[i] == '\n' || (text[i] >= ' ' && text[i] <= '~'));
		n += text[i] == '\n';
	}
	return n;
}

static void print(const struct snapshot *snap, const struct format_options *opt,
		  int (*format)(FILE *out, const struct snapshot *snap,
				const struct format_options *opt),
		  bool has_lines)
{
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);

	CHECK(out && !format(out, snap, opt) && !fclose(out));
	CHECK(!has_lines || count_lines(text, len) == snap->n_rows);
	free(text);
}

static const struct document_head head = { .host = "h" };

static void print_rows(struct sock_table *table)
{
	static const struct resolver names = { .ephemeral = { 32768, 60999 } };
	struct snapshot snap = {
		.table = *table,
		.names = &names,
		.resolved = NEED_TCP_INFO | NEED_MEMORY | NEED_MPTCP,
	};
	const struct column **all = mem_calloc(columns_n, sizeof(*all));
	struct format_options opt = { .columns = all, .n_columns = columns_n, .head = &head };

	for (size_t i = 0; i < table->n; i++)
		check_socket(table, i);
	for (size_t i = 0; i < columns_n; i++)
		all[i] = &columns[i];
	snap.rows = mem_calloc(table->n + 1, sizeof(*snap.rows));
	snap.n_rows = table->n;
	for (size_t i = 0; i < table->n; i++) {
		snap.rows[i] = (struct row){ .sk = &table->socks[i], .held = ROW_HELD_ITSELF };
		for (size_t c = 0; c < columns_n; c++)
			CHECK(column_compare(all[c], &snap, &snap.rows[0], &snap.rows[i]) ==
			      -column_compare(all[c], &snap, &snap.rows[i], &snap.rows[0]));
	}
	opt.is_ascii = true;
	print(&snap, &opt, list_print, true);
	print(&snap, &opt, csv_print, false);
	print(&snap, &opt, summary_print, false);
	/* JSON has the keys that composites, which stand behind them, are written from. */
	while (all[opt.n_columns - 1]->parts)
		opt.n_columns--;
	print(&snap, &opt, json_lines_print, false);
	free(snap.rows);
	free(all);
}

static void check_wanted(const struct dump *dump)
{
	for (size_t i = 0; i < dump->table->n; i++) {
		const struct sock *sk = &dump->table->socks[i];

		CHECK(sk->proto == dump->wanted.proto);
		CHECK(dump->wanted.families & FAMILY_BIT(sk->family));
		for (unsigned int kind = 0; kind < SOCK_EXTRA_COUNT; kind++) {
			size_t len;

			CHECK(dump->wanted.extras & SOCK_EXTRA_BIT(kind) ||
			      !sock_table_extra(dump->table, sk, (enum sock_extra)kind, &len));
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct sock_table table = { 0 };
	struct dump dump = { .table = &table };
	struct dump_message msg;
	int err;

	if (size < HEAD_SIZE)
		return 0;
	dump.wanted = (struct diag_wanted){
		.proto = (enum sock_proto)(data[BYTE_PROTO] % PROTO_COUNT),
		.families = data[BYTE_FAMILIES] & FAMILY_ALL,
		.states = STATE_ALL,
		.extras = data[BYTE_EXTRAS],
		.orphans_have_uid = data[BYTE_ORPHANS] & 1,
	};
	data += HEAD_SIZE;
	size -= HEAD_SIZE;
	while (!(err = dump_next(data, size, &msg))) {
		CHECK(msg.step && msg.step <= size && msg.len < msg.step);
		dump_take(&dump, &msg);
		data += msg.step;
		size -= msg.step;
	}
	CHECK(err == (size ? -EBADMSG : -ENODATA));
	CHECK(table.n <= dump.n_socks);
	check_wanted(&dump);
	print_rows(&table);
	sock_table_fini(&table);
	return 0;
}
