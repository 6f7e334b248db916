/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who may hold a socket whose owners are hidden: the processes in the cgroup in which it was made.
 * That is never certain, since a socket can be passed to any other process (unix(7), SCM_RIGHTS).
 */
#ifndef PORTSTAT_RESOLVE_CANDIDATES_H
#define PORTSTAT_RESOLVE_CANDIDATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cgroups;

/* More processes than these are only counted. */
#define CANDIDATES_MAX 8

/* What is known of the socket. */
struct candidates_key {
	uint64_t cgroup; /* id: not that of the root, which says nothing */
	uint64_t netns; /* inode of its namespace's net/tcp in /proc; 0: the caller's own */
	uint32_t uid; /* who made it */
	uint16_t port; /* that it serves; 0: none */
};

struct candidate {
	const char *name; /* borrowed until candidates_clear(); bytes from outside (comm) */
	size_t name_len;
	int32_t pid;
	uint32_t uid; /* effective */
};

struct candidate_set {
	const char *unit; /* of the cgroup; NULL for none; borrowed from the cgroups */
	size_t n_fit; /* how many processes may hold the socket */
	size_t n; /* how many of them are listed: all, or none if there are more than CANDIDATES_MAX */
	bool has_parent; /* the first one is the parent, or its parent, of all others */
};

struct candidates;

/* proc_root: a descriptor of a /proc directory of our pid namespace.  Both are borrowed. */
struct candidates *candidates_new(int proc_root, struct cgroups *cgroups);
void candidates_free(struct candidates *c);

/* Forgets everything; for the start of a refresh, and after cgroups_clear(). */
void candidates_clear(struct candidates *c);

/*
 * Finds who may hold a socket: a process in the cgroup, in the same network namespace, with
 * descriptors, whose effective uid is the socket's, or where either is root's: who made it as root
 * may have changed its user since.  A process that this user may read does not count: the search
 * for owners has seen all that it holds.  If the command lines of some of them name the port, only
 * those count.
 *
 * Each cgroup and each process is read once.  Nothing is found where a process of the cgroup cannot
 * be judged (because of hidepid, or of another pid namespace), where there are cgroups below it, and
 * after the first few thousand processes.
 *
 * Returns the number of the set for candidates_set(), or 0 if the cgroup is not known any more, or
 * is the root.
 */
uint16_t candidates_find(struct candidates *c, const struct candidates_key *key);

/*
 * The set with this number, not 0.  From here on functions only read, so that several threads may
 * call them.
 */
const struct candidate_set *candidates_set(const struct candidates *c, uint16_t number);

/* Process i of the set, from 0: first the parent of all others if there is one, otherwise by pid. */
struct candidate candidates_at(const struct candidates *c, uint16_t number, size_t i);

#endif
