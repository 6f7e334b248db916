/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes looks at the sockets in a thread of its own, so that no key waits for the kernel. */
#ifndef PORTSTAT_LIVE_COLLECTOR_H
#define PORTSTAT_LIVE_COLLECTOR_H

#include <stdbool.h>
#include <stdint.h>

struct collector;
struct frame;
struct job;
struct live_query;
struct resolver;
struct sources;

/* How much time a step takes, where time passes by steps. */
#define COLLECTOR_STEP_MS 2000U

/* All pointers are borrowed and used by the thread alone until collector_stop(). */
struct collector_setup {
	const struct sources *sources;
	/*
	 * One for each of the two frames that take turns: what is in them and not made for several
	 * threads (owners, users, interfaces, cgroups) must not be shared.
	 */
	const struct resolver *names[2];
	int proc_root; /* a directory descriptor, for jobs */
	const char *host; /* whose sockets they are */
	uint64_t netns; /* inode of the network namespace; 0 where unknown */
	unsigned int protos; /* as in struct plan_request */
	unsigned int families;
	bool is_listening;
	bool is_replay; /* a look plays the next dump: filters must not ask for one */
	uint64_t interval_ms; /* 0: only on request */
};

/* Starts the thread, which waits for the first query.  0 or -errno. */
int collector_start(struct collector **out, const struct collector_setup *setup);

/*
 * Ends the thread and frees the collector.  False where the thread hangs in the kernel: then all
 * that it uses must stay until the process ends.
 */
bool collector_stop(struct collector *c);

/* Becomes readable when a frame is ready or a job is done; collector_peek() makes it unreadable. */
int collector_fd(const struct collector *c);

/* The clock of frames: monotonic, in ms; where time passes by steps, theirs. */
uint64_t collector_clock(struct collector *c);

/* What to look for from now on, copied; the next look is taken at once (not in a recording). */
void collector_ask(struct collector *c, const struct live_query *query);

/* Take a look now. */
void collector_refresh(struct collector *c);

/* The version of the query that the frame which is ready answers.  False where none is. */
bool collector_peek(struct collector *c, unsigned int *version);

/* The frame that is ready, borrowed until collector_give(); NULL where none is. */
struct frame *collector_take(struct collector *c);

/* Hands back a frame that was taken, to be filled again; NULL is fine. */
void collector_give(struct collector *c, struct frame *frame);

/* Does the job in the thread; the collector takes it over. */
void collector_do(struct collector *c, struct job *job);

/* A job that is done, to be freed by the caller; NULL where there is none. */
struct job *collector_done(struct collector *c);

#endif
