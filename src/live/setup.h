/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What does not change while the live view runs. */
#ifndef PORTSTAT_LIVE_SETUP_H
#define PORTSTAT_LIVE_SETUP_H

#include <stdbool.h>
#include <stdint.h>

struct live_config;
struct resolver;

/* All pointers are borrowed. */
struct live_setup {
	const char *host; /* or what else the sockets are of: a recording */
	const char *user; /* who runs it */
	const char *filter; /* to start with, in its text form; NULL: none */
	const char *sort; /* by what views sort at first; NULL, "": as the configuration says */
	unsigned int protos; /* what the command line restricts it to: PROTO_BIT()s; 0: nothing */
	unsigned int families; /* FAMILY_BIT()s, 0 for nothing */
	bool is_listening;
	const struct resolver *names; /* for the names in filters */
	uint64_t interval_ms; /* 0: time passes by the key that looks again */
	bool is_ascii;
	bool is_read_only;
	bool is_replay; /* of a recording: there is nothing to kill or close */
	bool is_numeric; /* starts with numbers instead of names */
	bool has_hosts; /* starts with host names */
	bool can_save; /* the configuration may be written */
	const struct live_config *config; /* NULL: as built in */
};

#endif
