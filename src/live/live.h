/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live view as the program starts it. */
#ifndef PORTSTAT_LIVE_LIVE_H
#define PORTSTAT_LIVE_LIVE_H

#include <stdbool.h>
#include <stdint.h>

struct buf;
struct resolver;
struct sources;

/* All pointers are borrowed. */
struct live_options {
	const struct sources *sources; /* used by another thread until live_run() returns */
	/*
	 * Two, because one look is shown while the next is taken.  They may share services and hosts; owners,
	 * users, interfaces and cgroups each has its own.
	 */
	const struct resolver *names[2];
	const char *host; /* for the title */
	const char *sockets_host; /* whose sockets are shown; NULL where a recording does not say */
	const char *user;
	const char *filter; /* in its text form; "" for none */
	const char *sort; /* a column, descending with - in front; "": as kept or built in */
	int proc_root; /* directory descriptor of the /proc in which processes are signalled */
	uint64_t netns; /* inode of the network namespace; 0 where unknown */
	unsigned int protos; /* as in struct plan_request */
	unsigned int families;
	bool is_listening;
	bool is_replay;
	bool is_ascii;
	bool is_read_only;
	bool is_numeric;
	bool has_hosts;
	bool has_color;
	bool has_mouse;
	bool has_config;
	uint32_t interval_ms; /* 0: step by key */
};

/*
 * Shows the live view on standard input and output until it is left or the terminal goes.  Returns
 * 0; -errno and a translated sentence in error where it could not start.  *hangs says that a thread
 * hangs in the kernel: sources and names must not be freed then.
 */
int live_run(const struct live_options *opt, struct buf *error, bool *hangs);

#endif
