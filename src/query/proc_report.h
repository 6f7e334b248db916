/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a host without portstat tells of itself: proc_script.sh prints it, and this reads it.  After the
 * line "portstat-proc 1" each line begins with a word that says what follows, up to "portstat-proc end":
 *
 *     machine ID, boot_id ID, release TEXT, ports FIRST LAST, time SECONDS, uid NUMBER, btime SECONDS
 *     n TYPE:[INODE]                    a namespace in which the script ran
 *     @ net/tcp                         a file, which ends with a line that has nothing but @
 *     a ADDRESS, A 32-DIGITS            addresses of devices: IPv4, and IPv6 in hexadecimal
 *     f PID FD INODE                    a descriptor of a socket
 *     p PID UID PARENT TICKS NAME       a process with one; the name as in /proc/PID/status
 *     g PID LINES                       its control groups: /proc/PID/cgroup, with \001 between lines, up to 16 KiB
 *     c PID ARGUMENTS                   its command line, with \001 for NUL and \002 for a newline, up to 4 KiB
 *     d N                               processes whose descriptors could not be read
 *     hidden                            others are not even seen
 *     u UID NAME                        a user, up to 256 bytes
 *
 * It is hostile input: what is malformed is skipped and counted.
 */
#ifndef PORTSTAT_QUERY_PROC_REPORT_H
#define PORTSTAT_QUERY_PROC_REPORT_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/sock_table.h"
#include "query/document_head.h"

struct buf;
struct services;
struct snapshot;

/* What a script is asked for. */
struct proc_question {
	unsigned int protos; /* PROTO_BIT()s */
	unsigned int families; /* FAMILY_BIT()s */
	bool is_listening; /* no TCP connections */
	bool has_owners;
	bool has_cmdlines; /* of the owners */
	bool has_users; /* their names */
};

/* Adds the script that answers it, to be given to sh(1). */
void proc_script_make(const struct proc_question *question, struct buf *out);

struct report_process {
	uint64_t start_ticks; /* after boot */
	int32_t pid;
	int32_t parent;
	uint32_t uid;
	uint32_t name_len;
	const char *name; /* escaped by the kernel */
};

struct report_descriptor {
	uint32_t inode;
	int32_t pid;
	int32_t fd;
};

/* The name of a uid, or the command line or the control groups of a pid. */
struct report_text {
	uint32_t id;
	uint32_t len;
	const char *bytes;
};

/* Texts are borrowed from what was read. */
struct proc_report {
	struct sock_table table;
	struct document_head head; /* without host and selection */
	char release[72];
	uint64_t time_ms; /* Unix time; 0: unknown */
	uint64_t boot_s; /* Unix time; 0: unknown */
	uint64_t netns; /* inode; 0: unknown */
	bool is_host_pidns; /* no process of the host is invisible for being outside */
	bool is_host_userns;
	bool hides_processes; /* that are in its own namespace */
	size_t n_denied; /* processes that could not be read */
	struct report_process *processes; /* by pid */
	size_t n_processes;
	/* By inode and pid: the lowest one of each of the processes. */
	struct report_descriptor *descriptors;
	size_t n_descriptors;
	struct report_text *cmdlines; /* by pid */
	size_t n_cmdlines;
	struct report_text *cgroups; /* by pid */
	size_t n_cgroups;
	struct report_text *users; /* by uid */
	size_t n_users;
	unsigned int damaged; /* PROTO_BIT()s: not all of their sockets could be read */
	size_t n_bad; /* lines that were skipped */
};

/* The errors of the reader: */
#define PROC_REPORT_NONE (-EBADMSG) /* something else was sent */
#define PROC_REPORT_CUT (-ENODATA) /* the end is missing */

/*
 * Reads what the script printed, n bytes, which stay borrowed.  *out is zero-initialised; the caller
 * ends it with proc_report_fini(), also after an error.  Returns 0 or one of the errors above.
 */
int proc_report_read(const char *bytes, size_t n, struct proc_report *out);
void proc_report_fini(struct proc_report *report);

/* Call it before the next ones, whose results are borrowed; proc_report_read() does. */
void proc_report_sort(struct proc_report *report);
/* Each NULL if there is none. */
const struct report_process *proc_report_process(const struct proc_report *report, int32_t pid);
const struct report_text *proc_report_cmdline(const struct proc_report *report, int32_t pid);
const struct report_text *proc_report_cgroups(const struct proc_report *report, int32_t pid);
const struct report_text *proc_report_user(const struct proc_report *report, uint32_t uid);
/* The index of the first descriptor of a socket; the others follow. */
size_t proc_report_descriptor(const struct proc_report *report, uint32_t inode);

/*
 * Makes it a snapshot that was told, of one host without a name, as document_read() does; moves the head
 * there.  question: what was asked.  services: NULL: no names are wanted; now_ms: the time, Unix time in
 * ms, where the host does not tell its own.  *out is zero-initialised.
 */
void proc_report_tell(struct proc_report *report, const struct proc_question *question,
		      struct services *services, uint64_t now_ms, struct snapshot *out);

#endif
