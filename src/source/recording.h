/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The header of a recording: its host, its start time, and the names of its interfaces.  It is a
 * separate netlink message, NLMSG_NOOP with NLM_F_REQUEST, which readers that do not know it skip.
 * A magic number is followed by attributes (struct nlattr); unknown ones are skipped.
 */
#ifndef PORTSTAT_SOURCE_RECORDING_H
#define PORTSTAT_SOURCE_RECORDING_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "model/port_set.h"

struct dump_message;

struct recording_iface {
	uint32_t index;
	bool is_loopback;
	char name[IF_NAMESIZE];
};

/* Zero-initialised knows nothing.  Texts are "" where they are not known; they may hold any byte.
 */
struct recording {
	char version[32]; /* of the portstat that wrote it */
	char host[256];
	char release[72]; /* of the kernel, as uname(2) has it */
	uint64_t time_ms; /* Unix time; 0: not known */
	struct port_range ephemeral; /* 0 to 0: not known */
	uint32_t uid; /* who recorded it */
	bool has_uid;
	struct recording_iface *ifaces;
	size_t n_ifaces;
	size_t ifaces_cap;
};

/* Fills in what is so here and now; host and ephemeral are left to the caller.  recording_fini()
 * it. */
void recording_here(struct recording *r);
void recording_fini(struct recording *r);

/* Writes the header.  0, or -errno where the stream would not take it. */
int recording_write(FILE *stream, const struct recording *r);

/* Is the message such a header? */
bool recording_is_header(const struct dump_message *msg);

/*
 * Reads it, as far as it fits: what is damaged stays unknown.  recording_fini() it.
 */
void recording_read(struct recording *r, const struct dump_message *msg);

#endif
