/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The settings that do not change while the live view runs. */
#ifndef PORTSTAT_LIVE_SETUP_H
#define PORTSTAT_LIVE_SETUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "live/netns_choice.h"

struct live_config;
struct moment_list;
struct resolver;

/* All pointers are borrowed. */
struct live_setup {
	const char *host; /* the host that has the sockets, or the name of a recording */
	const char *user; /* the user who runs portstat */
	const char *filter; /* the initial filter as text; NULL: none */
	const char *sort; /* the initial sort key of all views; NULL or "": as configured */
	unsigned int protos; /* PROTO_BIT()s that the command line selects; 0: all */
	unsigned int families; /* FAMILY_BIT()s; 0: all */
	bool is_listening;
	struct netns_choice netns;
	const struct resolver *names; /* resolves host names in filters */
	uint64_t interval_ms; /* 0: refreshes only on request */
	bool is_ascii;
	bool is_read_only;
	bool is_replay; /* shows a recording: nothing can be killed or closed */
	size_t n_hosts; /* so many other hosts are asked; 0: none */
	bool has_several_hosts; /* shows sockets of several hosts */
	bool is_numeric; /* initially shows numbers instead of names */
	bool has_hosts; /* initially shows host names */
	bool can_save; /* the configuration file may be written */
	const struct live_config *config; /* NULL: the defaults */
	const struct moment_list *moments; /* NULL: there are none */
};

#endif
