/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Refreshes in a thread of its own, so that keys never wait for the kernel. */
#ifndef PORTSTAT_LIVE_COLLECTOR_H
#define PORTSTAT_LIVE_COLLECTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "live/netns_choice.h"

struct collector;
struct event_feed;
struct expected;
struct frame;
struct frame_scope;
struct job;
struct live_query;
struct resolver;
struct sources;
struct why_job;

/*
 * By how much the clock advances per refresh if the interval is 0 (a recording played step by
 * step).
 */
#define COLLECTOR_STEP_MS 2000U

/* All pointers are borrowed and used by the thread alone until collector_stop(). */
struct collector_setup {
	const struct sources *sources;
	/*
	 * One resolver for each of the two frames, which alternate.  Their owners, users,
	 * interfaces and cgroups are not thread-safe and must not be shared.
	 */
	const struct resolver *names[2];
	const struct resolver *job_names; /* a third one, for why_job_run() */
	int proc_root; /* a directory descriptor, for jobs */
	bool is_ascii; /* of answers */
	const char *host; /* the host that has the sockets */
	uint64_t netns; /* inode of the network namespace; 0 if unknown */
	struct netns_choice netns_choice;
	unsigned int protos; /* as in struct plan_request */
	unsigned int families;
	bool is_listening;
	bool has_forwards;
	bool forwards_are_optional;
	bool is_replay; /* each refresh plays the next dump: a new filter must not cause one */
	const struct expected *expected; /* what it expects is in no trouble */
	struct event_feed *feed; /* is told what each frame has; NULL: there is none */
	uint64_t interval_ms; /* 0: only on request */
};

/* Starts the thread, which waits for the first query. 0 or -errno. */
int collector_start(struct collector **out, const struct collector_setup *setup);

/*
 * Ends the thread and frees the collector.  False if the thread hangs in the kernel: then
 * everything that it uses must stay until the process ends.
 */
bool collector_stop(struct collector *c);

/* An eventfd, readable once a frame is ready or a job is done; collector_peek() resets it. */
int collector_fd(const struct collector *c);

/* The clock of frames, in ms: CLOCK_MONOTONIC, or the steps of COLLECTOR_STEP_MS. */
uint64_t collector_clock(struct collector *c);

/*
 * Sets the query from now on (copied).  Refreshes at once if no frame has what it needs, unless the
 * source is a recording.
 */
void collector_ask(struct collector *c, const struct live_query *query);

/* Refreshes now. */
void collector_refresh(struct collector *c);

/* Gets the scope of the waiting frame.  False if no frame is ready. */
bool collector_peek(struct collector *c, struct frame_scope *scope);

/* Takes the frame that is ready, borrowed until collector_give(); NULL if there is none. */
struct frame *collector_take(struct collector *c);

/* Returns a taken frame to be filled again; NULL is fine. */
void collector_give(struct collector *c, struct frame *frame);

/* Runs the job in the thread.  The collector takes ownership. */
void collector_do(struct collector *c, struct job *job);

/* Takes a finished job, which the caller frees; NULL if there is none. */
struct job *collector_done(struct collector *c);

/* Answers the question in the thread, instead of one that still waits.  The collector takes ownership. */
void collector_ask_why(struct collector *c, struct why_job *job);

/* Takes the last answer, which the caller frees; NULL if there is none. */
struct why_job *collector_answer(struct collector *c);

#endif
