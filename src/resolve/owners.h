/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the owners of sockets: the processes that hold a descriptor of them. */
#ifndef PORTSTAT_RESOLVE_OWNERS_H
#define PORTSTAT_RESOLVE_OWNERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/problem.h"

/* How a process holds a socket: the words of "via" in JSON. */
enum owner_via {
	OWNER_VIA_FD,
	OWNER_VIA_THREAD, /* in the table of a thread that does not share its process's */
	OWNER_VIA_IO_URING, /* as a fixed file of an io_uring */
	OWNER_VIA_LISTENER, /* it holds the socket's listener; only for rows, not in struct owner */
};

/* The word for each, then NULL; never translated. */
extern const char *const owner_via_words[];

struct ancestor;

struct process {
	/* Clock ticks after boot (field 22 of /proc/PID/stat); with pid, identifies the process. */
	uint64_t start_time;
	/* Borrowed from the owners, as the texts below; bytes from outside, not terminated (comm). */
	const char *name;
	const char *cmdline; /* arguments, each NUL-terminated; NULL if empty or not requested */
	const char *cgroup; /* path, NUL-terminated; NULL if unknown or not requested */
	const char *cwd; /* as the kernel writes it, maybe with " (deleted)"; as cgroup otherwise */
	const char *exe; /* the same */
	const struct ancestor *ancestors; /* from process 1 down to the parent, if requested */
	uint64_t started; /* Unix time, in seconds; 0 if unknown or not requested */
	uint32_t name_len;
	uint32_t cmdline_len;
	uint32_t cgroup_len;
	int32_t pid; /* in the reader's pid namespace */
	uint32_t uid; /* effective */
	int32_t parent; /* pid; 0 if it has none, or if that is unknown or not requested */
	uint16_t n_ancestors;
	bool hides_links; /* cwd or exe may not be read by this user */
};

struct owner {
	uint64_t socket; /* which socket: see struct task_file_entry */
	uint32_t inode;
	uint32_t process : 30; /* index for owners_process() */
	uint32_t via : 2; /* enum owner_via */
	int32_t fd; /* the lowest one of this process; for a fixed file, that of the ring */
};

/* The owners of one socket, each process once, sorted by pid. */
struct owner_span {
	const struct owner *list;
	size_t n;
};

enum owners_method {
	OWNERS_AUTO, /* BPF if it is available and worth loading, else /proc */
	OWNERS_BPF,
	OWNERS_PROC,
	OWNERS_NONE,
};

/* What a scan reads in addition, and what it may assume. */
enum owners_scan_flags {
	/* Read the command lines of the owners, up to 64 KiB each. */
	OWNERS_WITH_CMDLINES = 1 << 0,
	/* Read the cgroups of the owners. */
	OWNERS_WITH_CGROUPS = 1 << 2,
	/* Read when the owners were started. */
	OWNERS_WITH_STARTS = 1 << 3,
	/* Read their working directories and executables. */
	OWNERS_WITH_LINKS = 1 << 4,
	/* Read the pids of their parents. */
	OWNERS_WITH_PARENTS = 1 << 5,
	/* Read their ancestors, up to ANCESTORS_MAX each. */
	OWNERS_WITH_ANCESTORS = 1 << 6,
	/* Every socket is a listener, or a datagram socket without a peer. */
	OWNERS_OF_SERVING = 1 << 1,
};

/* Identifies the socket whose owners are searched for. */
struct owner_key {
	uint64_t cookie; /* 0: unknown */
	uint32_t inode;
};

struct netns_holders;
struct owners;

/* proc_root: a descriptor of a /proc directory, borrowed; -1 for none.  Never returns NULL. */
struct owners *owners_new(int proc_root, enum owners_method method);
void owners_free(struct owners *o);

/*
 * Starts a search for the owners of every socket in a thread of its own, while the caller dumps the
 * sockets.  The next owners_scan() uses its results and searches again for what was opened since.
 * Invalidates the results of an earlier scan, and ends a search that was started before.  Optional:
 * only an optimisation for scans of most sockets, and for owners_netns_holders().  finds_netns: use
 * BPF, if it is available, however little there is to search, and find namespaces.
 */
void owners_start(struct owners *o, bool finds_netns);

/*
 * Which sockets are in network namespaces without a process: waits until the search that was started
 * has read all descriptors.  The list is empty if it does not use BPF.
 */
void owners_netns_holders(struct owners *o, struct netns_holders *holders);

/*
 * Finds the owners of these n sockets, which may repeat.  Invalidates the results of an earlier
 * scan.  BPF identifies the socket of a descriptor by its cookie, which a dump assigns; /proc only
 * gives an inode number.  Tables of threads are read only for sockets that are in no process's
 * table, and the fixed files of rings only for those that no thread holds either.  flags: enum
 * owners_scan_flags.  A process that exits meanwhile is not an error; one that cannot be read is
 * counted.
 * Returns 0, or -errno if the processes cannot be listed at all, or if OWNERS_BPF was requested and
 * is not available.  Without sockets nothing is read.
 */
int owners_scan(struct owners *o, const struct owner_key *keys, size_t n, unsigned int flags);

/* A process that is known to hold a socket, without a search: from an event. */
struct owner_told {
	struct owner_key key; /* the inode must not be 0 */
	const char *name; /* name_len bytes */
	size_t name_len;
	uint64_t start_time; /* as that of struct process; 0: unknown, and then no text is read */
	int32_t pid; /* if it is not positive, nobody is known to hold the socket */
	uint32_t uid;
	enum owner_via via; /* OWNER_VIA_LISTENER, too */
};

/*
 * Replaces the results of the last scan by this one owner, whose descriptor is unknown; reads its
 * texts by flags, unless it has exited.
 */
void owners_tell(struct owners *o, const struct owner_told *told, unsigned int flags);

/*
 * The owners of a socket that was passed to the last scan; n is 0 if none is known.  Borrowed until
 * the next scan.  Several sockets may have one inode number, because the kernel's counter has 32
 * bits and wraps around (get_next_ino(), fs/inode.c): the cookie tells them apart.
 */
struct owner_span owners_of(const struct owners *o, uint32_t inode, uint64_t cookie);

/* False: both functions below return false for every socket of the last scan. */
bool owners_may_be_ambiguous(const struct owners *o);

/* Do these owners hold different sockets with one inode number, and no cookie tells which? */
bool owners_are_ambiguous(struct owner_span owners);

/* Were these owners found in /proc, so that they may hold any socket with the inode number? */
bool owners_go_by_number(struct owner_span owners);

const struct process *owners_process(const struct owners *o, uint32_t index);

/* How many processes were found; their indexes start at 0. */
size_t owners_processes(const struct owners *o);

/* How many inodes of the last scan have no owner; 0 if every socket has one. */
size_t owners_missing(const struct owners *o);

/*
 * How many processes could not be read in the last scan, or only without what was requested of them
 * in addition.
 */
size_t owners_denied(const struct owners *o);

/* Which privileges for reading processes we have. */
enum problem_viewer owners_viewer(const struct owners *o);

/* The first read error other than EACCES or EPERM, as -errno; 0 if there was none. */
int owners_failure(const struct owners *o);

/* Did the last scan fail because OWNERS_BPF is not available?  Sets *why. */
bool owners_lack_bpf(const struct owners *o, enum problem_bpf *why);

/*
 * Did the last scan see every process that may hold a socket?  If so, a socket without owners is
 * held by no process.  False if a process could not be read, and if /proc does not show all of
 * them: because of hidepid without the privilege to bypass it, or in a pid namespace in which the
 * processes of the host have no pid.
 */
bool owners_is_complete(const struct owners *o);

#endif
