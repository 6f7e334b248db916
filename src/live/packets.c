/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What datagram sockets carry, which only BPF counts. */
#include <config.h>

#include "live/packets.h"

#include "base/mem.h"
#include "events/way.h"
#include "live/frame.h"

static bool is_counted(const struct sock *sk)
{
	return (sk->proto == PROTO_UDP || sk->proto == PROTO_UDPLITE) &&
	       sock_has(sk, SOCK_HAS_COOKIE);
}

void packets_count(struct frame *f, struct row_history *history,
		   const struct packet_counter *counter)
{
	const struct sock *sk = history->row.sk;
	struct event_count count;

	if (!counter->count || !is_counted(sk) || counter->count(counter->data, sk->cookie, &count))
		return;
	history->rx_bytes = count.received;
	history->tx_bytes = count.sent;
	f->packets = mem_grow(f->packets, f->n_packets, &f->packets_cap, sizeof(*f->packets));
	history->packets = (uint32_t)f->n_packets;
	f->packets[f->n_packets++] = (struct packets){ .received = count.packets_received,
						       .sent = count.packets_sent,
						       .rx = RATE_UNKNOWN,
						       .tx = RATE_UNKNOWN };
}

static uint64_t per_second(uint64_t now, uint64_t before, uint64_t elapsed_ms)
{
	return now < before ? RATE_UNKNOWN : (now - before) * 1000 / elapsed_ms;
}

void packets_carry(struct frame *f, struct row_history *history, const struct frame *frame_before,
		   const struct row_history *before, uint64_t elapsed_ms)
{
	const struct packets *old;
	struct packets *now;

	if (history->packets == MAP_NONE || before->packets == MAP_NONE)
		return;
	old = &frame_before->packets[before->packets];
	now = &f->packets[history->packets];
	if (!elapsed_ms) {
		*now = *old;
		return;
	}
	now->rx = per_second(now->received, old->received, elapsed_ms);
	now->tx = per_second(now->sent, old->sent, elapsed_ms);
}

const struct packets *packets_of(const struct frame *f, const struct row *row)
{
	uint32_t at = frame_history(f, row)->packets;

	return at == MAP_NONE ? NULL : &f->packets[at];
}
