/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What datagram sockets carry, which only BPF counts: bytes for the rates of a row, and packets. */
#ifndef PORTSTAT_LIVE_PACKETS_H
#define PORTSTAT_LIVE_PACKETS_H

#include <stdint.h>

struct event_count;
struct frame;
struct row;
struct row_history;

/* Counts a datagram socket: 0, or -errno if nobody knows.  As of event_feed_count(). */
struct packet_counter {
	int (*count)(void *data, uint64_t cookie, struct event_count *out); /* NULL: nobody does */
	void *data;
};

/* Packets of a socket, so far and per second, or RATE_UNKNOWN. */
struct packets {
	uint64_t received;
	uint64_t sent;
	uint64_t rx;
	uint64_t tx;
};

/* Counts the row's socket, if it is one of UDP: sets bytes of history, and adds packets to f. */
void packets_count(struct frame *f, struct row_history *history,
		   const struct packet_counter *counter);

/*
 * Sets the rates of packets since the frame before; with elapsed_ms 0 those of that frame and what
 * they were computed from are kept.
 */
void packets_carry(struct frame *f, struct row_history *history, const struct frame *frame_before,
		   const struct row_history *before, uint64_t elapsed_ms);

/* Those of a row of the frame; NULL if they are not known. */
const struct packets *packets_of(const struct frame *f, const struct row *row);

#endif
