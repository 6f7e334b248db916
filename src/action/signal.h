/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sends a signal to a process, but never to another one that has got its pid. */
#ifndef PORTSTAT_ACTION_SIGNAL_H
#define PORTSTAT_ACTION_SIGNAL_H

#include <stdint.h>

#include "action/outcome.h"

/*
 * Sends signal number to the process pid if it is the one that started at start_time (clock ticks
 * after boot, field 22 of proc_pid_stat(5)), otherwise OUTCOME_GONE.  proc_root is a directory
 * descriptor of /proc.  A pidfd (pidfd_open(2), Linux 5.3) refers to the process meanwhile, so the
 * pid may be reused.  Sets *error, to an errno value, only for OUTCOME_FAILED.
 */
enum action_outcome action_signal(int proc_root, int32_t pid, uint64_t start_time, int number,
				  int *error);

#endif
