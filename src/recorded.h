/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a recording says of its host: written with --record, and known with --replay. */
#ifndef PORTSTAT_RECORDED_H
#define PORTSTAT_RECORDED_H

#include <stdint.h>

struct document_head;
struct ifaces;
struct program;
struct users;

/*
 * Write to p->record what a replay cannot know: at the beginning the header, at the end the names of
 * the users who were shown.  Return 0 or -errno.
 */
int recorded_begin(struct program *p);
int recorded_end(struct program *p);

/* A replay: takes ephemeral ports, interfaces and addresses from the recording, if it has them. */
void recorded_learn(struct program *p);

/* A replay: the users of the recording.  NULL if it names none, as those of older versions. */
struct users *recorded_users(const struct program *p);

/* Adds the interfaces of the recording; without one, nothing. */
void recorded_ifaces(const struct program *p, struct ifaces *ifaces);

/* A replay: what the recording says of its host, for a JSON document. */
void recorded_head(const struct program *p, struct document_head *head);

/* The inode of the listed network namespace, of this host or of the recording; 0 if unknown. */
uint64_t inode_of_netns(const struct program *p);

/*
 * The user in front of the live view, or of a replay, who recorded it; a uid without a name by its
 * number, in room.  "?" if nothing is known.
 */
const char *viewer_name(struct program *p, char room[static 16]);

#endif
