/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is to be done to the host, for whom, and what became of it. */
#ifndef PORTSTAT_LIVE_JOBS_H
#define PORTSTAT_LIVE_JOBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "action/outcome.h"
#include "model/sock.h"

struct buf;

enum job_kind {
	JOB_SIGNAL,
	JOB_CLOSE,
};

struct job_target {
	struct sock sk; /* JOB_CLOSE */
	uint64_t start_time; /* JOB_SIGNAL: with pid the identity */
	int32_t pid;
	uint32_t n_socks; /* how many of the sockets shown go with the process */
	char *label; /* visible: name[pid], or the socket's ends */
	char *user; /* visible: whose process it is; NULL for sockets */
	enum action_outcome outcome;
	int error; /* errno value with OUTCOME_FAILED */
};

struct job {
	enum job_kind kind;
	int signal;
	struct job_target *targets;
	size_t n;
	size_t cap;
	struct job *next; /* for who queues it */
};

struct job *job_new(enum job_kind kind);
/* NULL is fine. */
void job_free(struct job *job);

/* Adds a target with labels copied; returns it for filling in. */
struct job_target *job_add(struct job *job, const char *label, size_t label_len);

/* Does it, target by target, and fills in what became of each. */
void job_run(struct job *job, int proc_root);

/* Adds a sentence that says exactly what happened.  True when all of it was done. */
bool job_text(const struct job *job, struct buf *out);

#endif
