/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rows as filters, one a line, that find the same port again after a restart: by where it is and by
 * who holds it, never by pid, inode or ephemeral port.
 */
#include <config.h>

#include <string.h>

#include "base/text.h"
#include "query/columns.h"
#include "query/filter.h"
#include "query/snapshot.h"
#include "format/format.h"
#include "format/output.h"

/* Adds "KEY VALUE" of a column; false if it has none. */
static bool put_column(const struct snapshot *snap, const struct row *row, const char *key,
		       const char *column, struct buf *out)
{
	struct buf text = { 0 };
	bool has_text;

	column_plain(column_find(column, strlen(column)), snap, row, &text);
	has_text = text.len;
	if (has_text) {
		buf_printf(out, "%s%s ", out->len ? " and " : "", key);
		/* An address has colons, and needs no quotation marks. */
		if (column_find(column, strlen(column))->kind == VALUE_ADDR)
			buf_add(out, text.data, text.len);
		else
			filter_print_word(text.data, text.len, out);
	}
	buf_fini(&text);
	return has_text;
}

static bool ends_with(const struct buf *text, const char *tail)
{
	size_t len = strlen(tail);

	return text->len >= len && !memcmp(text->data + text->len - len, tail, len);
}

/* Sessions and what a user starts by hand run in scopes, whose names differ each time. */
static bool has_lasting_unit(const struct snapshot *snap, const struct row *row)
{
	struct buf unit = { 0 };
	bool lasts;

	column_plain(column_find("unit", strlen("unit")), snap, row, &unit);
	lasts = unit.len && !ends_with(&unit, ".scope");
	buf_fini(&unit);
	return lasts;
}

static void put_holder(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	const struct process *process = row_first_process(snap, row);

	if (has_lasting_unit(snap, row)) {
		put_column(snap, row, "unit", "unit", out);
		return;
	}
	if (put_column(snap, row, "container", "container", out) || !process)
		return;
	buf_str(out, " and proc ");
	filter_print_word(process->name, process->name_len, out);
}

static void put_port(const struct snapshot *snap, const struct sock *sk, const char *key,
		     uint16_t port, struct buf *out)
{
	if (snapshot_is_ephemeral(snap, sk, port))
		buf_printf(out, " and %s ephemeral", key);
	else
		buf_printf(out, " and %s %u", key, port);
}

static void put_filter(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	const struct sock *sk = row->sk;
	bool has_ports = proto_has_ports((enum sock_proto)sk->proto);

	if (snap->has_namespaces)
		put_column(snap, row, "netns_name", "netns_name", out);
	put_column(snap, row, "proto", "proto", out);
	put_column(snap, row, "ip_protocol", "ip_protocol", out);
	if (!sock_has(sk, SOCK_HAS_PEER))
		put_column(snap, row, "state", "state", out);
	put_column(snap, row, "laddr", "local_addr", out);
	put_column(snap, row, "iface", "iface", out);
	if (has_ports)
		put_port(snap, sk, "lport", sk->local.port, out);
	if (sock_has(sk, SOCK_HAS_PEER)) {
		put_column(snap, row, "raddr", "peer_addr", out);
		if (has_ports)
			put_port(snap, sk, "rport", sk->remote.port, out);
	}
	put_holder(snap, row, out);
}

/* Members of a SO_REUSEPORT group are one line: the rows are sorted by port and address. */
int filters_print(FILE *stream, const struct snapshot *snap, const struct format_options *opt)
{
	struct buf line = { 0 }, last = { 0 }, out = { 0 };
	int err;

	(void)opt;
	for (size_t i = 0; i < snap->n_rows; i++) {
		struct buf raw = { 0 };

		put_filter(snap, &snap->rows[i], &raw);
		buf_clear(&line);
		text_visible(&line, raw.data, raw.len, false);
		buf_fini(&raw);
		if (last.data && line.len == last.len && !memcmp(line.data, last.data, line.len))
			continue;
		buf_add(&out, line.data, line.len);
		buf_char(&out, '\n');
		buf_clear(&last);
		buf_add(&last, line.data, line.len);
	}
	err = output_flush(stream, &out);
	buf_fini(&line);
	buf_fini(&last);
	buf_fini(&out);
	return err;
}
