/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The question why a port cannot be bound, asked beside the drawing, and its answer. */
#ifndef PORTSTAT_LIVE_WHY_JOB_H
#define PORTSTAT_LIVE_WHY_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "explain/explain.h"

struct resolver;
struct sources;

struct why_job {
	struct why_question question;
	char *netns; /* the word of --netns for its network namespace; NULL: the caller's own */
	struct buf answer; /* lines for a terminal, terminated */
};

/* What it is answered with; all borrowed, and used by one thread at a time. */
struct why_job_scene {
	int proc_root; /* a directory descriptor */
	const struct sources *sources;
	const struct resolver *names;
	const char *host;
	uint64_t netns; /* inode of the caller's network namespace; 0: unknown */
	bool is_ascii;
};

/* A job without question and answer, to be freed with why_job_free(). */
struct why_job *why_job_new(void);
/* NULL is fine. */
void why_job_free(struct why_job *job);

/* Fills in the answer. */
void why_job_run(struct why_job *job, const struct why_job_scene *scene);

#endif
