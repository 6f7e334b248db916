/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which processes hold which sockets. */
#ifndef PORTSTAT_RESOLVE_OWNERS_H
#define PORTSTAT_RESOLVE_OWNERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/problem.h"

/* How the socket is held: the names of "via" in JSON. */
enum owner_via {
	OWNER_VIA_FD,
	OWNER_VIA_THREAD, /* a thread's own descriptor table */
	OWNER_VIA_IO_URING, /* a fixed file of a ring */
	OWNER_VIA_LISTENER, /* its listener is held: said of rows, never of an owner */
};

/* The word of each; NULL behind the last.  Never translated. */
extern const char *const owner_via_words[];

struct process {
	/* Clock ticks after boot, field 22 of /proc/PID/stat: with pid, the identity. */
	uint64_t start_time;
	const char *name; /* bytes as the kernel has them (comm), borrowed from the owners */
	const char *cmdline; /* arguments, each ended by NUL; NULL unless asked for or empty */
	const char *cgroup; /* path, ended by NUL; NULL unless asked for or unknown */
	uint32_t name_len;
	uint32_t cmdline_len;
	uint32_t cgroup_len;
	int32_t pid; /* as the reader's pid namespace counts */
	uint32_t uid; /* effective */
};

struct owner {
	uint64_t socket; /* which one, as resolve/task_file.h has it */
	uint32_t inode;
	uint32_t process : 30; /* index for owners_process() */
	uint32_t via : 2; /* enum owner_via */
	int32_t fd; /* the lowest of this process; of a ring, the ring's */
};

/* A slice of the owners of one socket, one a process, by pid. */
struct owner_span {
	const struct owner *list;
	size_t n;
};

enum owners_method {
	OWNERS_AUTO, /* BPF where that is possible, else the walk */
	OWNERS_BPF,
	OWNERS_PROC,
	OWNERS_NONE,
};

/* What a scan may rely on, and what else it reads. */
enum owners_scan_flags {
	OWNERS_WITH_CMDLINES =
		1 << 0, /* read the command lines of those found, up to 64 KiB of each */
	OWNERS_WITH_CGROUPS = 1 << 2, /* read the cgroups of those found */
	/* Each socket is a listener, or a datagram socket without a peer. */
	OWNERS_OF_SERVING = 1 << 1,
};

/* What a socket's owners are looked up by. */
struct owner_key {
	uint64_t cookie; /* 0: unknown */
	uint32_t inode;
};

struct owners;

/* proc_root: a directory descriptor of a /proc, borrowed. */
struct owners *owners_new(int proc_root, enum owners_method method);
void owners_free(struct owners *o);

/*
 * Starts a search for the owners of every socket, in a thread beside the caller, which usually dumps
 * the sockets meanwhile.  The next owners_scan() uses the results, and looks again for what was opened
 * since.  Results of an earlier scan are invalid.  Optional: only an optimisation for scans of most
 * sockets.
 */
void owners_start(struct owners *o);

/*
 * Looks for the owners of these n sockets, which may repeat; results of an earlier scan are invalid.
 * BPF tells which socket an owner holds (by its cookie, which a dump gives it), /proc an inode number.
 * Tables of threads are read only for sockets that no process's own table holds, and the fixed
 * files of rings for those that no thread holds.  flags: enum owners_scan_flags.
 * A process that exits meanwhile is no error; one that cannot be read is counted.
 * Returns 0, or -errno where the processes cannot be listed at all (or OWNERS_BPF cannot be had).
 * Without sockets nothing is read.
 */
int owners_scan(struct owners *o, const struct owner_key *keys, size_t n, unsigned int flags);

/*
 * The owners of a socket that the last scan was asked for; n is 0 where none is known.  Valid until the
 * next scan.  Sockets may have one inode number: the kernel counts with 32 bits and starts over
 * (get_next_ino(), fs/inode.c).  They are told apart by the cookie.
 */
struct owner_span owners_of(const struct owners *o, uint32_t inode, uint64_t cookie);

/* False: neither of the two below holds for any socket of the last scan. */
bool owners_may_be_ambiguous(const struct owners *o);

/* Do these owners hold different sockets of one inode number, of which none has the cookie? */
bool owners_are_ambiguous(struct owner_span owners);

/* Are these owners, found in /proc, those of any socket with the inode number? */
bool owners_go_by_number(struct owner_span owners);

const struct process *owners_process(const struct owners *o, uint32_t index);

/* How many processes there are: their indexes start from 0. */
size_t owners_processes(const struct owners *o);

/* How many inodes of the last scan have no owner: 0 where every socket has one. */
size_t owners_missing(const struct owners *o);

/* How many processes could not be read in the last scan, or only without their command lines or cgroups. */
size_t owners_denied(const struct owners *o);

/* Which privileges we have, or lack, for reading processes. */
enum problem_viewer owners_viewer(const struct owners *o);

/* The first read error other than EACCES or EPERM, as -errno; 0 if there was none. */
int owners_failure(const struct owners *o);

/* Did the last scan fail because OWNERS_BPF was asked for and cannot be had?  *why tells the reason. */
bool owners_lack_bpf(const struct owners *o, enum problem_bpf *why);

/*
 * Did the last scan see every process that may hold a socket?  False where one could not be read,
 * and where /proc does not show all: hidepid without the privilege to look through it, or a pid
 * namespace inside of which the processes of the host have no number.  Where it is true, a socket
 * without owners is held by no process.
 */
bool owners_is_complete(const struct owners *o);

#endif
