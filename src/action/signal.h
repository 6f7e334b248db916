/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sends a signal to the process that is meant, and to no other. */
#ifndef PORTSTAT_ACTION_SIGNAL_H
#define PORTSTAT_ACTION_SIGNAL_H

#include <stdint.h>

#include "action/outcome.h"

/*
 * Sends the signal to the process with this pid, if it is still the one that started at start_time
 * (clock ticks after boot, field 22 of proc_pid_stat(5)) as proc_root, a directory descriptor of
 * /proc, tells.  The process is held by a pidfd while that is checked.  *error is an errno value
 * with OUTCOME_FAILED.
 */
enum action_outcome action_signal(int proc_root, int32_t pid, uint64_t start_time, int number,
				  int *error);

#endif
