/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts of rows and sums of their rates, for the title and the line below it. */
#include <config.h>

#include "live/totals.h"

#include "live/frame.h"
#include "query/columns.h"

uint64_t rate_sum(uint64_t a, uint64_t b)
{
	if (a == RATE_UNKNOWN)
		return b;
	return b == RATE_UNKNOWN ? a : a + b;
}

static void count_row(struct live_totals *totals, const struct sock *sk)
{
	totals->rows++;
	if (sk->proto == PROTO_UDP && !sock_is_forward(sk)) {
		totals->udp++;
		return;
	}
	switch ((enum sock_state)sk->state) {
	case SOCK_STATE_LISTEN:
		totals->listening++;
		return;
	case SOCK_STATE_ESTABLISHED:
		totals->established++;
		return;
	case SOCK_STATE_TIME_WAIT:
		totals->time_wait++;
		return;
	case SOCK_STATE_CLOSE_WAIT:
		totals->close_wait++;
		return;
	case SOCK_STATE_SYN_SENT:
	case SOCK_STATE_SYN_RECV:
	case SOCK_STATE_FIN_WAIT_1:
	case SOCK_STATE_FIN_WAIT_2:
	case SOCK_STATE_CLOSE:
	case SOCK_STATE_LAST_ACK:
	case SOCK_STATE_CLOSING:
	case SOCK_STATE_BOUND:
	case SOCK_STATE_FORWARD:
		totals->other++;
	}
}

void totals_clear(struct live_totals *totals)
{
	*totals = (struct live_totals){ .rx = RATE_UNKNOWN, .tx = RATE_UNKNOWN };
}

/* A row without a note has one: only else they have to be looked up. */
static bool has_owner(const struct snapshot *snap, const struct row *row)
{
	if (!(snap->resolved & NEED_OWNERS) || snap->told || row->owner_note != NOTE_NONE ||
	    sock_is_forward(row->sk))
		return row_owners(snap, row).n;
	return true;
}

void totals_add(struct live_totals *totals, const struct snapshot *snap, const struct row *row,
		const struct row_history *history)
{
	count_row(totals, row->sk);
	totals->troubled += history->watch.bits != 0;
	totals->rx = rate_sum(totals->rx, history->rx);
	totals->tx = rate_sum(totals->tx, history->tx);
	totals->with_owner += has_owner(snap, row);
	if (!sock_is_forward(row->sk) &&
	    (row->owner_note == NOTE_NONE || row->owner_note == NOTE_HIDDEN ||
	     row->owner_note == NOTE_NOT_ACCEPTED))
		totals->could_have_owner++;
}
