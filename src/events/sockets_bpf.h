/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads sockets.bpf.c and reads its ring buffer. */
#ifndef PORTSTAT_EVENTS_SOCKETS_BPF_H
#define PORTSTAT_EVENTS_SOCKETS_BPF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct sockets_bpf;
struct sockets_count;
struct sockets_record;

struct sockets_bpf_options {
	uint32_t wanted; /* a bit for each enum sockets_record_kind */
	uint32_t only_netns; /* inode; 0: all */
};

/*
 * Loads and attaches the programs; all is detached by sockets_bpf_free(), and by the kernel when we
 * end in whatever way.  Returns 0; -EPERM without CAP_BPF and CAP_PERFMON (or CAP_SYS_ADMIN);
 * -EOPNOTSUPP where the kernel does not have what is needed (tracepoint inet_sock_set_state with
 * BTF, storage of sockets for tracing: 5.11).
 */
int sockets_bpf_open(struct sockets_bpf **out, const struct sockets_bpf_options *options);
void sockets_bpf_free(struct sockets_bpf *s);

/* Does it see who uses a connection (6.3), and what is bound (needs a cgroup v2 hierarchy)? */
bool sockets_bpf_sees_use(const struct sockets_bpf *s);
bool sockets_bpf_sees_bind(const struct sockets_bpf *s);

/*
 * Follow the end of a socket that was bound before, or connected if it is one of UDP.  When all were
 * added, sockets_bpf_has_all() lets others count as new when they are used.
 */
void sockets_bpf_add_bound(struct sockets_bpf *s, uint64_t cookie);
void sockets_bpf_has_all(struct sockets_bpf *s);

/*
 * What a datagram socket carried since it is followed.  Returns 0; -ENOENT if it is one that there was
 * no room for, or -EOPNOTSUPP where sockets_bpf_sees_use() or sockets_bpf_sees_bind() is false.
 */
int sockets_bpf_count(struct sockets_bpf *s, uint64_t cookie, struct sockets_count *count);

/* Readable, as a descriptor for poll(2), once a quarter of the ring is used. */
int sockets_bpf_fd(const struct sockets_bpf *s);

/* Once more at the next record.  Look for one after this, as it may just have come. */
void sockets_bpf_sleep(struct sockets_bpf *s);

/* Has there been one since?  Then the descriptor is readable no more. */
bool sockets_bpf_is_woken(struct sockets_bpf *s);

/*
 * The next record; NULL if there is none now.  Valid until the next call, which gives its room back
 * to the kernel.
 */
const struct sockets_record *sockets_bpf_next(struct sockets_bpf *s);

/* How many records found no room since the last call. */
uint64_t sockets_bpf_take_lost(struct sockets_bpf *s);

#endif
