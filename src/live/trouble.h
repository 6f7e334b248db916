/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is wrong with a row, or may be: one table, with a sentence for each and what to look at. */
#ifndef PORTSTAT_LIVE_TROUBLE_H
#define PORTSTAT_LIVE_TROUBLE_H

#include <stdbool.h>
#include <stdint.h>

struct expected;
struct row;
struct snapshot;

enum trouble {
	TROUBLE_CLOSE_WAIT, /* the peer closed long ago, its own process did not */
	TROUBLE_ACCEPT_QUEUE, /* full */
	TROUBLE_SEND_QUEUE, /* the peer takes nothing of it */
	TROUBLE_RETRANS, /* of late */
	TROUBLE_EXPOSED, /* reachable by all, though its service has its home on the loopback */
	TROUBLE_DROPS, /* of a UDP socket, of late */
};
#define TROUBLE_COUNT 6
#define TROUBLE_BIT(trouble) (1U << (trouble))

/* What is remembered of a row to tell trouble from what is usual.  Seconds are those of the frames. */
struct trouble_watch {
	uint8_t state; /* enum sock_state */
	uint8_t bits; /* TROUBLE_BIT()s */
	uint32_t state_s; /* since when it has been seen in its state */
	uint32_t stuck_s; /* since when its send queue has not shrunk; 0: it is empty, or shrinks */
	uint32_t window_s; /* when the counts of segments below were read */
	uint32_t drops_s; /* when more packets were dropped; 0: not while it was watched */
	uint32_t acked; /* bytes acknowledged, the low 32 bits */
	uint32_t send_q;
	uint32_t segments;
	uint32_t retransmitted;
	uint32_t drops;
};

/*
 * Looks at a row of the snapshot at clock_ms.  before: its watch in the frame before; NULL: it was not
 * there.  A row that is expected is in no trouble; expected may be NULL.
 */
struct trouble_watch trouble_look(const struct snapshot *snap, const struct row *row,
				  const struct trouble_watch *before, uint64_t clock_ms,
				  const struct expected *expected);

/* What is wrong, and what to look at: sentences, translated. */
const char *trouble_sentence(enum trouble trouble);
const char *trouble_advice(enum trouble trouble);

/* Is the trouble that of the address to which it is bound, and not of its state? */
static inline bool trouble_is_of_address(enum trouble trouble)
{
	return trouble == TROUBLE_EXPOSED;
}

#endif
