/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Asks other hosts: runs a command for each, so many at once, and hands on the documents that these
 * write, a line each.  A host that hangs, sends endless data or goes away troubles no other one.
 */
#ifndef PORTSTAT_REMOTE_REMOTE_H
#define PORTSTAT_REMOTE_REMOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/problem.h"

struct command;
struct remote;

struct remote_limits {
	uint32_t timeout_ms; /* for each document */
	/*
	 * 0: each host sends one document.  Else they send one so often, and a command that ends is
	 * started again, after pauses that grow.
	 */
	uint32_t every_ms;
};

/* Why a host has no document, or none any more. */
struct remote_end {
	enum problem_remote reason;
	int error; /* of REMOTE_CANNOT_START: an errno value; of REMOTE_FAILED: the exit status */
	const char *
		complaint; /* the last line of its standard error; not yet passed to text_visible() */
};

/* Called by remote_run(), in its thread. */
struct remote_ops {
	/* A line that begins with '{', or all that a job of keeps_all wrote.  False: it is garbage. */
	bool (*document)(void *data, size_t host, const char *bytes, size_t n);
	void (*ended)(void *data, size_t host, const struct remote_end *end);
	void *data;
};

struct remote *remote_new(size_t n_hosts, const struct remote_limits *limits,
			  const struct remote_ops *ops);

/* Ends all commands. */
void remote_free(struct remote *r);

/*
 * What to run for a host, now; also from ops->ended(), to try in another way in what is left of the
 * time.  Both are borrowed as
 * long as r lives.  input: written to the command, which then writes something that is no line, and
 * is wanted as a whole; NULL: the command reads nothing and writes documents.
 */
void remote_ask(struct remote *r, size_t i, const struct command *command, const char *input);

/*
 * Runs the commands until all hosts have answered, if they send one document, or until the
 * descriptor stop is readable (-1: never).
 */
void remote_run(struct remote *r, int stop);

#endif
