/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a recording says of its host, so that a replay needs nothing of the host where it is played.
 * It begins with a header: version, host, start time, and what its numbers mean.  It ends with the
 * names of the users who had sockets, which are known only then.  Both are netlink messages of their
 * own, NLMSG_NOOP with NLM_F_REQUEST, which readers that do not know them skip: a magic number, and
 * then attributes (struct nlattr), of which unknown ones are skipped.
 */
#ifndef PORTSTAT_SOURCE_RECORDING_H
#define PORTSTAT_SOURCE_RECORDING_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/addr.h"
#include "model/port_set.h"

struct dump_message;

struct recording_iface {
	uint32_t index;
	bool is_loopback;
	char name[IF_NAMESIZE];
};

struct recording_addr {
	enum addr_family family;
	struct addr addr;
};

struct recording_user {
	uint32_t uid;
	char name[256];
};

/* When zero-initialised, nothing is known.  Unknown texts are ""; texts may contain any byte. */
struct recording {
	char version[32]; /* of the portstat that wrote it */
	char host[256];
	char release[72]; /* of the kernel, as uname(2) reports it */
	char machine[17]; /* machine and boot_id: as in struct document_head */
	char boot_id[37];
	uint64_t time_ms; /* when it was started, Unix time in ms; 0: unknown */
	uint64_t netns; /* the inode of its network namespace; 0: unknown */
	struct port_range ephemeral; /* 0 to 0: unknown */
	uint32_t uid; /* of the user who recorded it, if has_uid */
	bool has_uid;
	struct recording_iface *ifaces;
	size_t n_ifaces;
	size_t ifaces_cap;
	struct recording_addr *addrs; /* of the host's devices */
	size_t n_addrs;
	size_t addrs_cap;
	struct recording_user *users; /* those whose names were shown */
	size_t n_users;
	size_t users_cap;
};

/*
 * Fills in this program's version, kernel release, time, uid and interfaces; the caller sets host,
 * machine, boot_id, ephemeral, netns and addrs.  Call recording_fini() afterwards.
 */
void recording_here(struct recording *r);

/* Frees the lists. */
void recording_fini(struct recording *r);

/* Add to the lists; a name that is too long is left out. */
void recording_add_addr(struct recording *r, enum addr_family family, const struct addr *addr);
void recording_add_user(struct recording *r, uint32_t uid, const char *name, size_t len);

/* Writes all that is known as one message: the header, or the users.  Returns 0 or -errno. */
int recording_write(FILE *stream, const struct recording *r);

/* Is the message the header, or the users; and is it the users? */
bool recording_is_header(const struct dump_message *msg);
bool recording_is_users(const struct dump_message *msg);

/*
 * Adds what a message that recording_is_header() accepts says; damaged fields stay unknown.  Call
 * recording_fini() afterwards.
 */
void recording_read(struct recording *r, const struct dump_message *msg);

#endif
