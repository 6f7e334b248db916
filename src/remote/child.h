/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command that runs in a process group of its own, with pipes to its standard streams. */
#ifndef PORTSTAT_REMOTE_CHILD_H
#define PORTSTAT_REMOTE_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct command;

struct child {
	pid_t pid; /* 0: there is none */
	int status; /* of waitpid(2), once it has ended */
	int in; /* nonblocking; -1: closed, or /dev/null */
	int out;
	int err;
};

#define CHILD_NONE ((struct child){ .in = -1, .out = -1, .err = -1 })

/* Starts a command, found by PATH.  Returns 0 or -errno. */
int child_start(struct child *c, const struct command *command, bool has_input);

/* Has it ended?  Then it is reaped, and its status set. */
bool child_has_ended(struct child *c);

/* Kills the process group, reaps the command and closes the pipes. */
void child_end(struct child *c);

/* Closes one of the pipes. */
void child_close(int *fd);

#endif
