/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kernel reports about a socket, column by column, except its ends (column_ends.c). */
#include <config.h>

#include "query/column_values.h"

#include <string.h>

#include "base/buf.h"
#include "base/number.h"
#include "base/text.h"
#include "model/ip_protocol.h"
#include "model/vocab.h"
#include "query/snapshot.h"
#include "query/told.h"
#include "resolve/resolver.h"
#include "resolve/users.h"

#define UNUSED (void)c, (void)snap, (void)i

GETTER(get_proto)
{
	UNUSED;
	value_set_text(out, proto_name((enum sock_proto)row->sk->proto));
}

GETTER(get_family)
{
	UNUSED;
	value_set_text(out, family_name((enum addr_family)row->sk->family));
}

GETTER(get_state)
{
	UNUSED;
	value_set_text(out, state_name((enum sock_state)row->sk->state));
}

GETTER(get_ip_protocol)
{
	UNUSED;
	if (row->sk->proto == PROTO_RAW)
		value_set_number(out, row->sk->ip_protocol);
}

GETTER(get_service)
{
	UNUSED;
	value_set_text(out, row_service(snap, row));
}

/* A raw socket has no port: show the IP protocol that it receives as its service. */
static const char *service_word(const struct snapshot *snap, const struct row *row)
{
	if (row->sk->proto != PROTO_RAW)
		return row_service(snap, row);
	return snap->resolved & NEED_SERVICES ? ip_protocol_name(row->sk->ip_protocol) : NULL;
}

void text_service(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	const char *word = service_word(snap, row);

	if (word)
		buf_str(out, word);
	else if (row->sk->proto == PROTO_RAW)
		buf_u64(out, row->sk->ip_protocol);
	else
		buf_char(out, '-');
}

/* By name; sockets without a service come last, raw sockets by their protocol number. */
int compare_service(const struct snapshot *snap, const struct row *a, const struct row *b)
{
	const char *x = service_word(snap, a), *y = service_word(snap, b);

	if (x && y)
		return strcmp(x, y);
	if (x || y)
		return x ? -1 : 1;
	return (int)a->sk->ip_protocol - (int)b->sk->ip_protocol;
}

GETTER(get_host)
{
	UNUSED;
	value_set_text(out, snapshot_host_name(snap, row->sk));
}

GETTER(get_recv_q)
{
	UNUSED;
	if (sock_has(row->sk, SOCK_HAS_QUEUES))
		value_set_number(out, row->sk->recv_q);
}

GETTER(get_send_q)
{
	UNUSED;
	/* /proc/net does not show the backlog of a listener. */
	if (sock_has(row->sk, SOCK_HAS_QUEUES) &&
	    !(sock_has(row->sk, SOCK_FROM_PROCFS) && row->sk->state == SOCK_STATE_LISTEN))
		value_set_number(out, row->sk->send_q);
}

GETTER(get_uid)
{
	UNUSED;
	if (sock_has(row->sk, SOCK_HAS_UID))
		value_set_number(out, row->sk->uid);
}

GETTER(get_user)
{
	UNUSED;
	if (sock_has(row->sk, SOCK_HAS_UID) && (snap->resolved & NEED_USERS))
		value_set_text(out, users_name(snap->names->users, row->sk->uid));
}

GETTER(get_inode)
{
	UNUSED;
	if (sock_has(row->sk, SOCK_HAS_INODE))
		value_set_number(out, row->sk->inode);
}

GETTER(get_mark)
{
	UNUSED;
	if (sock_has(row->sk, SOCK_HAS_MARK))
		value_set_number(out, row->sk->mark);
}

GETTER(get_netns)
{
	const struct snapshot_netns *ns = snapshot_netns_of(snap, row->sk);
	uint64_t inode = ns ? ns->inode : 0;

	UNUSED;
	if (!inode && !row->sk->netns)
		inode = snap->netns;
	if (inode)
		value_set_number(out, inode);
}

GETTER(get_netns_name)
{
	const struct snapshot_netns *ns = snapshot_netns_of(snap, row->sk);

	UNUSED;
	if (ns)
		value_set_text(out, ns->name);
}

GETTER(get_cookie)
{
	struct buf text = { .data = out->room, .cap = sizeof(out->room) };

	UNUSED;
	if (!sock_has(row->sk, SOCK_HAS_COOKIE))
		return;
	buf_hex(&text, row->sk->cookie, 16);
	out->kind = VALUE_TEXT;
	out->text.bytes = out->room;
	out->text.len = text.len;
}

bool has_timer(const struct column *c, const struct snapshot *snap, const struct row *row)
{
	(void)c, (void)snap;
	return sock_has(row->sk, SOCK_HAS_TIMER) && row->sk->timer != SOCK_TIMER_NONE;
}

GETTER(get_timer_kind)
{
	const char *name = timer_name(row->sk->timer);

	(void)i;
	if (!has_timer(c, snap, row))
		return;
	if (name)
		value_set_text(out, name);
	else
		value_set_number(out, row->sk->timer);
}

GETTER(get_timer_expires)
{
	(void)i;
	if (has_timer(c, snap, row))
		value_set_number(out, row->sk->timer_ms);
}

GETTER(get_timer_retransmits)
{
	(void)i;
	if (has_timer(c, snap, row))
		value_set_number(out, row->sk->retransmits);
}

void text_state(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	(void)snap;
	buf_str(out, state_title((enum sock_state)row->sk->state));
}

void text_user(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	struct value value = { .kind = VALUE_NULL };

	if (snap->told && (snap->resolved & NEED_USERS))
		told_get(snap, row->sk, TOLD_USER, 0, &value);
	else if (!snap->told)
		get_user(NULL, snap, row, 0, &value);
	if (value.kind == VALUE_TEXT)
		buf_add(out, value.text.bytes, value.text.len);
	else if (sock_has(row->sk, SOCK_HAS_UID))
		buf_u64(out, row->sk->uid);
	else
		buf_char(out, '-');
}

/* As ss(8) writes it: keepalive,12s,0. */
void text_timer(const struct snapshot *snap, const struct row *row, struct buf *out)
{
	const char *name = timer_name(row->sk->timer);
	uint32_t ms = row->sk->timer_ms;

	if (!has_timer(NULL, snap, row)) {
		buf_char(out, '-');
		return;
	}
	if (name)
		buf_str(out, name);
	else
		buf_u64(out, row->sk->timer);
	if (ms < 1000)
		buf_printf(out, ",%ums", ms);
	else if (ms < 60000)
		buf_printf(out, ",%u.%us", ms / 1000, ms % 1000 / 100);
	else
		buf_printf(out, ",%um%us", ms / 60000, ms % 60000 / 1000);
	buf_printf(out, ",%u", row->sk->retransmits);
}

int compare_proto(const struct snapshot *snap, const struct row *a, const struct row *b)
{
	(void)snap;
	return (int)a->sk->proto - (int)b->sk->proto;
}
