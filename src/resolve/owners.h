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
};

/* Static, never translated. */
const char *owner_via_name(enum owner_via via);

struct process {
	/* Clock ticks after boot, field 22 of /proc/PID/stat: with pid, the identity. */
	uint64_t start_time;
	const char *name; /* bytes as the kernel has them (comm), borrowed from the owners */
	const char *cmdline; /* arguments, each ended by NUL; NULL unless asked for or empty */
	const char *cgroup; /* path, ended by NUL; NULL unless asked for or unknown */
	const char *container; /* of the cgroup, ended by NUL; NULL for none */
	uint32_t name_len;
	uint32_t cmdline_len;
	uint32_t cgroup_len;
	uint32_t container_len;
	int32_t pid; /* as the reader's pid namespace counts */
	uint32_t uid; /* effective */
};

struct owner {
	uint32_t inode;
	uint32_t process : 29; /* index for owners_process() */
	uint32_t via : 2; /* enum owner_via */
	uint32_t is_repeated : 1; /* the process has further descriptors of the inode */
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

/* What a scan may go by, or is to bring along. */
enum owners_scan_flags {
	OWNERS_WITH_CMDLINES =
		1 << 0, /* read the command lines of those found, up to 64 KiB of each */
	OWNERS_WITH_CGROUPS = 1 << 2, /* read the cgroups of those found */
	/* Each inode is that of a listener, or of a datagram socket without a peer. */
	OWNERS_OF_SERVING = 1 << 1,
};

struct owners;

/* proc_root: a directory descriptor of a /proc, borrowed. */
struct owners *owners_new(int proc_root, enum owners_method method);
void owners_free(struct owners *o);

/*
 * Starts to look for the holders of every socket, in threads of its own, usually while the caller
 * lists the sockets.  The next owners_scan() uses the result, and looks again for what was opened in
 * the meantime.  The result of the last scan is forgotten.  Optional: only an optimisation for scans
 * of most sockets.
 */
void owners_start(struct owners *o);

/*
 * Looks for the holders of these n inodes, which may repeat: what was found before is forgotten and
 * spans are invalid.
 * Tables of threads are read only for inodes that no process's own table holds, and the fixed
 * files of rings for those that no thread holds.  flags: enum owners_scan_flags.
 * A process that vanishes midway is no error; one that cannot be read is counted.
 * Returns 0, or -errno where the processes cannot be listed at all (or OWNERS_BPF cannot be had).
 * Without inodes nothing is read.
 */
int owners_scan(struct owners *o, const uint32_t *inodes, size_t n, unsigned int flags);

/*
 * The owners of an inode that the last scan was asked for; n is 0 where none is known.  Valid until
 * the next scan.
 */
struct owner_span owners_of(const struct owners *o, uint32_t inode);
/*
 * Where several sockets have one inode number, as may be when the kernel has counted once around,
 * owners_of() gives the owners of all of them.  This one gives a number for owners_of_namesake(),
 * which leaves out those who are known to hold another socket than that of the cookie; 0 where all
 * remain.
 */
uint32_t owners_namesake(const struct owners *o, uint32_t inode, uint64_t cookie);
struct owner_span owners_of_namesake(const struct owners *o, uint32_t number);

/* How many numbers there are: most often none. */
uint32_t owners_namesakes(const struct owners *o);

const struct process *owners_process(const struct owners *o, uint32_t index);

/* How many processes there are: their indexes start from 0. */
size_t owners_processes(const struct owners *o);

/* How many inodes of the last scan have no owner. */
size_t owners_missing(const struct owners *o);

/* How many processes could not be read in the last scan, or only without their command lines or cgroups. */
size_t owners_denied(const struct owners *o);

/* Who it was that they could not be read by. */
enum problem_viewer owners_viewer(const struct owners *o);

/*
 * -errno where one of them could not be read for another reason than privilege: what it holds, or its
 * command line, was there to be seen.  0 for none.
 */
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
