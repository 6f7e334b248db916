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

/* When zero-initialised, nothing is known.  Unknown texts are ""; texts may contain any byte. */
struct recording {
	char version[32]; /* of the portstat that wrote it */
	char host[256];
	char release[72]; /* of the kernel, as uname(2) reports it */
	uint64_t time_ms; /* when it was started, Unix time in ms; 0: unknown */
	struct port_range ephemeral; /* 0 to 0: unknown */
	uint32_t uid; /* of the user who recorded it, if has_uid */
	bool has_uid;
	struct recording_iface *ifaces;
	size_t n_ifaces;
	size_t ifaces_cap;
};

/*
 * Fills in this program's version, kernel release, time, uid and interfaces; the caller sets host
 * and ephemeral.  Call recording_fini() afterwards.
 */
void recording_here(struct recording *r);

/* Frees the list of interfaces. */
void recording_fini(struct recording *r);

/* Writes the header.  Returns 0 or -errno. */
int recording_write(FILE *stream, const struct recording *r);

/* Is the message such a header? */
bool recording_is_header(const struct dump_message *msg);

/*
 * Reads a header that recording_is_header() accepts; damaged fields stay unknown.  Call
 * recording_fini() afterwards.
 */
void recording_read(struct recording *r, const struct dump_message *msg);

#endif
