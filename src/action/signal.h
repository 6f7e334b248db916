/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sends a signal to a process, but never to another one that has got its pid. */
#ifndef PORTSTAT_ACTION_SIGNAL_H
#define PORTSTAT_ACTION_SIGNAL_H

#include <stdint.h>

#include "action/holds.h"
#include "action/outcome.h"

/* The process that is meant. */
struct signal_target {
	int32_t pid;
	uint64_t start_time; /* clock ticks after boot, field 22 of proc_pid_stat(5) */
	const struct held *held; /* the sockets for which it is signalled */
	size_t n_held; /* 0: whatever it holds */
};

/*
 * Sends signal number to the process if it is the one that started then, otherwise OUTCOME_GONE,
 * and if it still holds one of the sockets, otherwise OUTCOME_LET_GO.  proc_root is a directory
 * descriptor of /proc.  A pidfd (pidfd_open(2), Linux 5.3) refers to the process meanwhile, so the
 * pid may be reused.  Sets *error, to an errno value, only for OUTCOME_FAILED.
 */
enum action_outcome action_signal(int proc_root, const struct signal_target *target, int number,
				  int *error);

#endif
