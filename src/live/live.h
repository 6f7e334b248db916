/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the live view.  Called by the program. */
#ifndef PORTSTAT_LIVE_LIVE_H
#define PORTSTAT_LIVE_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "live/netns_choice.h"
#include "live/theme.h"

struct buf;
struct event_request;
struct moment_list;
struct resolver;
struct sources;

/* All pointers are borrowed. */
struct live_options {
	const struct sources *sources; /* used by another thread until live_run() returns */
	/*
	 * Two, because one frame is shown while the next is filled.  They may share services and
	 * hosts, but not owners, users, interfaces and cgroups.
	 */
	const struct resolver *names[2];
	const struct resolver *job_names; /* a third one, as apart from these */
	const char *host; /* this host, for the title */
	const char *sockets_host; /* the host that has the sockets, or NULL (some recordings) */
	const char *user;
	const char *filter; /* as text; "" for none */
	const char *sort; /* a column, with a leading - for descending; "": as configured */
	int proc_root; /* directory descriptor of the /proc whose processes are signalled */
	uint64_t netns; /* inode of the network namespace; 0 if unknown */
	struct netns_choice netns_choice; /* the words of sources->namespaces are set by it */
	unsigned int protos; /* as in struct plan_request */
	unsigned int families;
	bool is_listening;
	bool has_forwards;
	bool forwards_are_optional;
	bool is_replay;
	bool is_ascii;
	bool is_read_only;
	size_t n_hosts; /* so many other hosts are asked; 0: none */
	bool has_several_hosts; /* sockets of several hosts are shown */
	bool is_numeric;
	bool has_hosts;
	bool has_color;
	bool has_mouse;
	bool has_config;
	enum theme theme; /* THEME_UNSET: as configured */
	struct event_request *events; /* what to hear of between two frames; NULL: nothing */
	const struct moment_list *moments; /* that can be stepped through; NULL: none */
	uint32_t interval_ms; /* 0: refreshes only on the R key */
};

/*
 * Runs the live view on standard input and output until the user quits or the terminal is closed.
 * Returns 0; or -errno, with a translated sentence in error, if it could not start. *hangs: a
 * thread hangs in the kernel, and sources and names must not be freed.
 */
int live_run(const struct live_options *opt, struct buf *error, bool *hangs);

#endif
