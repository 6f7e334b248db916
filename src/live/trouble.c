/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong with a row, or may be: one table, with a sentence for each and what to look at. */
#include <config.h>

#include "live/trouble.h"

#include <stddef.h>
#include <string.h>

#include "base/i18n.h"
#include "live/home_services.h"
#include "model/sock_info.h"
#include "model/sock_traffic.h"
#include "query/columns.h"
#include "query/expected.h"
#include "query/snapshot.h"

/* A program that closes what its peer has closed does so at once. */
#define CLOSE_WAIT_S 60U
/* Longer than a network needs to find another way. */
#define STUCK_S 10U
/* Retransmissions and drops of so long are "of late". */
#define LATE_S 60U
/* Fewer retransmissions are chance. */
#define LEAST_RETRANSMITTED 3U

/* A row with what the kernel measured of it. */
struct look {
	const struct snapshot *snap;
	const struct row *row;
	const struct sock *sk;
	struct sock_traffic traffic;
	uint32_t now_s;
};

/* ---- one test for each ---- */

static bool is_left_open(const struct look *look, const struct trouble_watch *watch)
{
	/* The last packet of the peer was its FIN, or came after it. */
	return look->sk->proto == PROTO_TCP && look->sk->state == SOCK_STATE_CLOSE_WAIT &&
	       (look->now_s - watch->state_s >= CLOSE_WAIT_S ||
		look->traffic.last_ack_ms >= CLOSE_WAIT_S * 1000);
}

static bool has_full_queue(const struct look *look, const struct trouble_watch *watch)
{
	const struct sock *sk = look->sk;

	(void)watch;
	return sk->state == SOCK_STATE_LISTEN && sock_has(sk, SOCK_HAS_QUEUES) && sk->send_q &&
	       sk->recv_q >= sk->send_q;
}

static bool is_stuck(const struct look *look, const struct trouble_watch *watch)
{
	return watch->stuck_s && look->now_s - watch->stuck_s >= STUCK_S;
}

static bool is_lossy(const struct look *look, const struct trouble_watch *watch)
{
	uint32_t lost = look->traffic.retransmitted - watch->retransmitted;
	uint32_t sent = look->traffic.segments - watch->segments;

	return lost >= LEAST_RETRANSMITTED && lost > sent / 100;
}

static bool is_exposed(const struct look *look, const struct trouble_watch *watch)
{
	struct value reach = { .kind = VALUE_NULL };

	(void)watch;
	/* What all can reach in another namespace, as in a container, is behind this host. */
	if (look->sk->netns || !sock_is_serving(look->sk) ||
	    !home_services_has(look->snap, look->row))
		return false;
	column_value(column_find("reach", 5), look->snap, look->row, 0, &reach);
	return reach.kind == VALUE_TEXT && reach.text.len == 3 &&
	       !memcmp(reach.text.bytes, "all", 3);
}

static bool drops_packets(const struct look *look, const struct trouble_watch *watch)
{
	return watch->drops_s && look->now_s - watch->drops_s < LATE_S;
}

/* clang-format off */
static const struct {
	bool (*test)(const struct look *look, const struct trouble_watch *watch);
	const char *sentence;
	const char *advice;
} troubles[TROUBLE_COUNT] = {
	[TROUBLE_CLOSE_WAIT] = { is_left_open,
		N_("The peer closed the connection more than a minute ago, this end did not."),
		N_("The process does not close its socket: look for a leak in it, or restart it.") },
	[TROUBLE_ACCEPT_QUEUE] = { has_full_queue,
		N_("The accept queue is full: new connections wait or are dropped."),
		N_("The process is too slow to accept: look at its load, then at its backlog and "
		   "net.core.somaxconn.") },
	[TROUBLE_SEND_QUEUE] = { is_stuck,
		N_("The peer has taken nothing of the send queue for ten seconds."),
		N_("The peer is stopped or unreachable: look at it, and at the timer column.") },
	[TROUBLE_RETRANS] = { is_lossy,
		N_("More than one in a hundred segments of the last minute was sent again."),
		N_("Packets get lost on the way: look at tcp.rtt_us, the path and its links.") },
	[TROUBLE_EXPOSED] = { is_exposed,
		N_("All can reach this service, which is usually for this host alone."),
		N_("Bind it to 127.0.0.1, or let a firewall guard it; if it is as you want it, expect "
		   "it (expected in the configuration).") },
	[TROUBLE_DROPS] = { drops_packets,
		N_("Packets for this socket were dropped within the last minute."),
		N_("The process reads too slowly, or its receive buffer is too small: look at "
		   "memory.rcvbuf.") },
};
/* clang-format on */

const char *trouble_sentence(enum trouble trouble)
{
	return _(troubles[trouble].sentence);
}

const char *trouble_advice(enum trouble trouble)
{
	return _(troubles[trouble].advice);
}

/* ---- what is remembered ---- */

static struct look look_at(const struct snapshot *snap, const struct row *row, uint64_t clock_ms)
{
	struct look look = { .snap = snap, .row = row, .sk = row->sk };

	look.now_s = (uint32_t)(clock_ms / 1000);
	if (row->sk->extra)
		sock_traffic_of(&look.traffic, &snap->table, row->sk);
	return look;
}

static uint32_t drops_of(const struct look *look)
{
	struct sock_meminfo memory = { 0 };
	const void *block;
	size_t len;

	if (look->sk->proto != PROTO_UDP || !look->sk->extra)
		return 0;
	block = sock_table_extra(&look->snap->table, look->sk, SOCK_EXTRA_MEMORY, &len);
	if (block)
		memcpy(&memory, block, len < sizeof(memory) ? len : sizeof(memory));
	return memory.drops;
}

static struct trouble_watch watch_of(const struct look *look)
{
	return (struct trouble_watch){
		.state_s = look->now_s,
		.window_s = look->now_s,
		.acked = look->traffic.acked,
		.send_q = look->sk->send_q,
		.segments = look->traffic.segments,
		.retransmitted = look->traffic.retransmitted,
		.drops = drops_of(look),
		.state = look->sk->state,
	};
}

static bool may_be_stuck(const struct sock *sk)
{
	return sk->proto == PROTO_TCP && sock_has(sk, SOCK_HAS_PEER) &&
	       sock_has(sk, SOCK_HAS_QUEUES) && sk->send_q;
}

static void carry_on(struct trouble_watch *watch, const struct trouble_watch *before,
		     const struct look *look)
{
	if (watch->state == before->state)
		watch->state_s = before->state_s;
	if (may_be_stuck(look->sk) && before->send_q && watch->acked == before->acked &&
	    watch->send_q >= before->send_q)
		watch->stuck_s = before->stuck_s ? before->stuck_s : look->now_s;
	watch->drops_s = watch->drops > before->drops ? look->now_s : before->drops_s;
	if (look->now_s - before->window_s >= LATE_S)
		return;
	watch->window_s = before->window_s;
	watch->segments = before->segments;
	watch->retransmitted = before->retransmitted;
}

struct trouble_watch trouble_look(const struct snapshot *snap, const struct row *row,
				  const struct trouble_watch *before, uint64_t clock_ms,
				  const struct expected *expected)
{
	const struct look look = look_at(snap, row, clock_ms);
	struct trouble_watch watch = watch_of(&look);

	if (before)
		carry_on(&watch, before, &look);
	for (unsigned int i = 0; i < TROUBLE_COUNT; i++)
		if (troubles[i].test(&look, &watch))
			watch.bits |= (uint8_t)TROUBLE_BIT(i);
	if (watch.bits && expected && expected_has(expected, snap, row))
		watch.bits = 0;
	return watch;
}
