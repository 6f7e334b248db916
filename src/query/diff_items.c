/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What diff_compare() pairs: the rows of a snapshot by place and holder. */
#include <config.h>

#include "query/diff_items.h"

#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/mem.h"
#include "model/vocab.h"
#include "query/columns.h"
#include "query/diff_holder.h"
#include "query/listening.h"
#include "query/snapshot.h"

/* ---- what both sides agree on ---- */

static void add_plain(const char *key, const struct snapshot *snap, const struct row *row,
		      struct buf *out)
{
	column_plain(column_find(key, strlen(key)), snap, row, out);
}

/* Of a namespace that is called after a process, "nginx[812]", only the process's name stays. */
static void add_netns(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	size_t start = out->len, len;

	add_plain("netns_name", snap, row, out);
	len = out->len;
	if (len > start && out->data[len - 1] == ']')
		while (len > start && out->data[--len] != '[')
			;
	if (len > start)
		out->len = len;
}

/* Is the host of all rows known; and do they live in several namespaces? */
static void look_at_rows(const struct snapshot *snap, bool *has_hosts, bool *has_netns)
{
	struct buf first = { 0 }, other = { 0 };

	for (size_t i = 0; i < snap->n_rows; i++) {
		const struct row *row = &snap->rows[i];

		buf_clear(&other);
		add_plain("host", snap, row, &other);
		*has_hosts = *has_hosts && other.len;
		buf_clear(&other);
		add_netns(snap, row, i ? &other : &first);
		if (i && (first.len != other.len ||
			  memcmp(buf_cstr(&first), buf_cstr(&other), first.len)))
			*has_netns = true;
	}
	buf_fini(&first);
	buf_fini(&other);
}

static void note_listening(struct diff_scope *scope, const struct snapshot *snap)
{
	for (size_t i = 0; i < snap->table.n; i++) {
		const struct sock *sk = &snap->table.socks[i];

		if (is_listening(sk))
			port_set_add(&scope->listening[sk->proto],
				     (struct port_range){ sk->local.port, sk->local.port });
	}
}

void diff_scope_init(struct diff_scope *scope, const struct snapshot *was,
		     const struct snapshot *now)
{
	*scope = (struct diff_scope){ .has_hosts = true };
	look_at_rows(was, &scope->has_hosts, &scope->has_netns);
	look_at_rows(now, &scope->has_hosts, &scope->has_netns);
	note_listening(scope, was);
	note_listening(scope, now);
}

/* ---- where a row is ---- */

static void add_port(const struct snapshot *snap, const struct sock *sk, uint16_t port,
		     struct buf *out)
{
	if (snapshot_is_ephemeral(snap, sk, port))
		buf_str(out, " ephemeral");
	else
		buf_printf(out, " %u", port);
}

static void add_addr(const struct sock *sk, const struct addr *addr, struct buf *out)
{
	struct addr plain;
	enum addr_family family = addr_unmap((enum addr_family)sk->family, addr, &plain);

	buf_char(out, ' ');
	addr_text(out, family, &plain);
}

/* A client's port is ephemeral, or was chosen by another host or a NAT from a range of its own. */
static bool serves_locally(const struct diff_scope *scope, const struct snapshot *snap,
			   const struct sock *sk)
{
	bool is_local = snapshot_is_ephemeral(snap, sk, sk->local.port);
	bool is_remote = snapshot_is_ephemeral(snap, sk, sk->remote.port);

	if (port_set_has(&scope->listening[sk->proto], sk->local.port))
		return true;
	return is_local == is_remote ? sk->local.port < sk->remote.port : is_remote;
}

/* Host, namespace, protocol and port; of a connection the port of its serving end. */
static void add_port_key(const struct diff_scope *scope, const struct snapshot *snap,
			 const struct row *row, struct buf *out)
{
	const struct sock *sk = row->sk;

	if (scope->has_hosts)
		add_plain("host", snap, row, out);
	buf_char(out, '\n');
	if (scope->has_netns)
		add_netns(snap, row, out);
	buf_printf(out, "\n%s", proto_name((enum sock_proto)sk->proto));
	if (!proto_has_ports((enum sock_proto)sk->proto)) {
		buf_printf(out, " %u", sk->ip_protocol);
	} else if (sock_is_forward(sk)) {
		buf_printf(out, " forward %u-%u", sk->local.port, sk->remote.port);
	} else if (!sock_has(sk, SOCK_HAS_PEER)) {
		add_port(snap, sk, sk->local.port, out);
	} else if (serves_locally(scope, snap, sk)) {
		buf_str(out, " from");
		add_port(snap, sk, sk->local.port, out);
	} else {
		buf_str(out, " to");
		add_port(snap, sk, sk->remote.port, out);
	}
}

/* The rest of a place: the local address and device, or the peer's address. */
static void add_address_key(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	const struct sock *sk = row->sk;

	if (sock_has(sk, SOCK_HAS_PEER)) {
		add_addr(sk, &sk->remote.addr, out);
		return;
	}
	add_addr(sk, &sk->local.addr, out);
	buf_char(out, ' ');
	add_plain("iface", snap, row, out);
}

/* ---- items ---- */

static struct diff_text text_since(const struct buf *text, size_t start)
{
	return (struct diff_text){ start, text->len - start };
}

static struct diff_item item_of(struct diff_side *side, const struct diff_scope *scope,
				const struct row *row)
{
	struct diff_item item = { .n = 1 };
	struct buf *text = &side->text;
	size_t start = text->len;

	add_port_key(scope, side->snap, row, text);
	item.port = text_since(text, start);
	add_address_key(side->snap, row, text);
	item.place = text_since(text, start);
	start = text->len;
	diff_add_unit(side->snap, row, text);
	item.unit = text_since(text, start);
	start = text->len;
	diff_add_container(side->snap, row, text);
	item.container = text_since(text, start);
	start = text->len;
	diff_add_names(side->snap, row, text);
	item.names = text_since(text, start);
	return item;
}

int diff_text_compare(const struct diff_side *a, const struct diff_text *x,
		      const struct diff_side *b, const struct diff_text *y)
{
	size_t least = x->len < y->len ? x->len : y->len;
	int order = least ? memcmp(a->text.data + x->at, b->text.data + y->at, least) : 0;

	return order ? order : (x->len > y->len) - (x->len < y->len);
}

int diff_item_compare(const struct diff_side *a, const struct diff_item *x,
		      const struct diff_side *b, const struct diff_item *y)
{
	int order = diff_text_compare(a, &x->place, b, &y->place);

	if (!order)
		order = diff_text_compare(a, &x->unit, b, &y->unit);
	if (!order)
		order = diff_text_compare(a, &x->container, b, &y->container);
	return order ? order : diff_text_compare(a, &x->names, b, &y->names);
}

static int by_place(const void *a, const void *b, void *data)
{
	const struct diff_item *x = a, *y = b;
	int order = diff_item_compare(data, x, data, y);

	/* Rows of one item stay in their order. */
	return order ? order : (x->first > y->first) - (x->first < y->first);
}

void diff_side_init(struct diff_side *side, const struct snapshot *snap,
		    const struct diff_scope *scope)
{
	size_t n = snap->n_rows;

	*side = (struct diff_side){ .snap = snap };
	side->items = mem_calloc(n, sizeof(*side->items));
	side->rows = mem_calloc(n, sizeof(*side->rows));
	for (size_t i = 0; i < n; i++) {
		side->items[i] = item_of(side, scope, &snap->rows[i]);
		side->items[i].first = i;
	}
	if (n > 1)
		qsort_r(side->items, n, sizeof(*side->items), by_place, side);
	for (size_t i = 0; i < n; i++) {
		struct diff_item *last = side->n ? &side->items[side->n - 1] : NULL;

		side->rows[i] = &snap->rows[side->items[i].first];
		if (last && !diff_item_compare(side, last, side, &side->items[i])) {
			last->n++;
			continue;
		}
		side->items[side->n] = side->items[i];
		side->items[side->n++].first = i;
	}
}

void diff_side_fini(struct diff_side *side)
{
	buf_fini(&side->text);
	free(side->items);
	free(side->rows);
}

/* Two sorted lists of names. */
static bool share_name(const struct diff_side *a, const struct diff_text *x,
		       const struct diff_side *b, const struct diff_text *y)
{
	const char *left = a->text.data + x->at, *left_end = left + x->len;
	const char *right = b->text.data + y->at, *right_end = right + y->len;

	while (left < left_end && right < right_end) {
		int order = strcmp(left, right);

		if (!order)
			return true;
		if (order < 0)
			left += strlen(left) + 1;
		else
			right += strlen(right) + 1;
	}
	return false;
}

bool diff_same_holder(const struct diff_side *a, const struct diff_item *x,
		      const struct diff_side *b, const struct diff_item *y)
{
	if (x->unit.len && y->unit.len)
		return !diff_text_compare(a, &x->unit, b, &y->unit);
	if (x->container.len && y->container.len)
		return !diff_text_compare(a, &x->container, b, &y->container);
	if (!x->names.len || !y->names.len)
		return true;
	return share_name(a, &x->names, b, &y->names);
}
