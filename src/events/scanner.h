/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When the tries of one source are a scan: 15 closed ports within 5 minutes, as Zeek has it, or in
 * quick succession ports of weight 21, privileged ones counting 3, as scanlogd has it.  Pure.
 */
#ifndef PORTSTAT_EVENTS_SCANNER_H
#define PORTSTAT_EVENTS_SCANNER_H

#include <stdbool.h>
#include <stdint.h>

#define SCAN_PORTS 15
#define SCAN_WINDOW_MS 300000U /* 5 minutes */
#define SCAN_WEIGHT 21
#define SCAN_WEIGHT_PRIVILEGED 3
#define SCAN_GAP_MS 3000

/* Zero-initialised: nothing was tried yet. */
struct scanner {
	uint64_t tried_at[SCAN_PORTS]; /* when each of ports was tried last, in ms */
	uint64_t last_new; /* when a port was tried that was not among them */
	uint16_t ports[SCAN_PORTS]; /* in the order in which they were first tried */
	uint8_t n_ports;
	uint8_t weight; /* of the last ports, none more than SCAN_GAP_MS after the one before */
};

/* The port was tried, and is closed.  Returns whether this makes it a scan. */
bool scanner_add(struct scanner *s, uint64_t now, uint16_t port);

/*
 * Ports to be tried in this order (--knock); a port tried twice in a row counts once, since a
 * client repeats a packet that is not answered.
 */
#define KNOCK_PORTS_MAX 16
#define KNOCK_WINDOW_MS 30000

struct knock_sequence {
	uint16_t ports[KNOCK_PORTS_MAX];
	unsigned int n; /* 0: none */
};

/* How far a source is.  Zero-initialised: not begun. */
struct knock {
	uint64_t begun; /* in ms */
	uint8_t step; /* how many ports were tried so far */
};

/* The port was tried.  Returns whether this completes the sequence. */
bool knock_add(struct knock *k, const struct knock_sequence *sequence, uint64_t now, uint16_t port);

#endif
