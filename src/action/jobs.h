/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A job changes the host: it signals processes or closes sockets, and holds the results. */
#ifndef PORTSTAT_ACTION_JOBS_H
#define PORTSTAT_ACTION_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "action/holds.h"
#include "action/outcome.h"
#include "model/sock.h"

struct buf;

enum job_kind {
	JOB_SIGNAL,
	JOB_CLOSE,
};

struct job_target {
	struct sock sk; /* JOB_CLOSE */
	uint64_t start_time; /* JOB_SIGNAL: with pid, the identity */
	int32_t pid;
	struct held *held; /* JOB_SIGNAL: the sockets for which it is signalled; none: any */
	size_t n_held;
	size_t held_cap;
	uint32_t n_socks; /* number of shown sockets that the process owns */
	char *label; /* without control characters: name[pid], or the socket's ends; NULL: see sk */
	char *user; /* the same: the user of the process; NULL for sockets */
	enum action_outcome outcome;
	int error; /* errno value with OUTCOME_FAILED */
};

struct job {
	enum job_kind kind;
	int signal;
	/*
	 * JOB_CLOSE: opens a NETLINK_SOCK_DIAG socket in another network namespace, by its index:
	 * a descriptor or -errno.  NULL: nothing is closed in others.
	 */
	int (*open_diag)(void *data, uint16_t netns);
	void *data;
	struct job_target *targets;
	size_t n;
	size_t cap;
	size_t n_left_out; /* so many more sockets are meant than targets have, or are */
	struct job *next; /* for the collector's queue */
};

/* A job without targets, to be freed with job_free(). */
struct job *job_new(enum job_kind kind);
/* NULL is fine. */
void job_free(struct job *job);

/* Makes room for n targets in all: growing a job of a million takes longer than filling it. */
void job_reserve(struct job *job, size_t n);

/* Adds a target with a copy of the label (length 0: it has none); the caller fills in the rest. */
struct job_target *job_add(struct job *job, const char *label, size_t label_len);

/* Adds a socket that the target's process holds. */
void job_target_hold(struct job_target *target, const struct held *held);

/* Removes all targets but this one. */
void job_keep(struct job *job, size_t at);

/* Runs the job on all targets in turn and fills in their outcomes. */
void job_run(struct job *job, int proc_root);

/* Adds a sentence about the outcome for one target. */
void job_target_text(const struct job *job, const struct job_target *target, struct buf *out);

/* Adds a sentence about the outcomes.  True if all targets succeeded. */
bool job_text(const struct job *job, struct buf *out);

#endif
