/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sends a signal to a process, but never to another one that has got its pid. */
#include <config.h>

#include "action/signal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/number.h"

/* Since Linux 5.3 and 5.1; the C library has wrappers only since glibc 2.36. */
static int open_pidfd(int32_t pid)
{
	return (int)syscall(SYS_pidfd_open, (pid_t)pid, 0);
}

static int signal_pidfd(int fd, int number)
{
	return (int)syscall(SYS_pidfd_send_signal, fd, number, NULL, 0);
}

/* Field 22 of /proc/PID/stat, counted from the last ")": the name may contain blanks and ")". */
static bool find_start_time(const char *stat, size_t len, uint64_t *start_time)
{
	const char *end = stat + len, *at = memrchr(stat, ')', len);

	for (int field = 2; at && field < 22; field++) {
		at = memchr(at, ' ', (size_t)(end - at));
		at = at ? at + 1 : NULL;
	}
	if (!at)
		return false;
	len = 0;
	while (at + len < end && at[len] >= '0' && at[len] <= '9')
		len++;
	return len && number_parse(at, len, UINT64_MAX, start_time) == 0;
}

static bool is_same_process(int proc_root, int32_t pid, uint64_t start_time)
{
	char path[32], stat[1024];
	uint64_t found;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%d/stat", (int)pid);
	fd = openat(proc_root, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, stat, sizeof(stat));
	close(fd);
	return n > 0 && find_start_time(stat, (size_t)n, &found) && found == start_time;
}

static enum action_outcome outcome_of(int err, int *error)
{
	switch (err) {
	case ESRCH:
		return OUTCOME_GONE;
	case EPERM:
		return OUTCOME_NOT_PERMITTED;
	case ENOSYS:
		return OUTCOME_NOT_SUPPORTED;
	}
	*error = err;
	return OUTCOME_FAILED;
}

enum action_outcome action_signal(int proc_root, const struct signal_target *target, int number,
				  int *error)
{
	enum action_outcome outcome = OUTCOME_DONE;
	int fd;

	/* Never a process group. */
	if (target->pid <= 0)
		return OUTCOME_GONE;
	fd = open_pidfd(target->pid);
	if (fd < 0)
		return outcome_of(errno, error);
	/* The descriptor now refers to one process, even if its pid is reused. */
	if (!is_same_process(proc_root, target->pid, target->start_time))
		outcome = OUTCOME_GONE;
	else if (target->n_held &&
		 !action_still_holds(proc_root, target->pid, target->held, target->n_held))
		outcome = OUTCOME_LET_GO;
	else if (signal_pidfd(fd, number))
		outcome = outcome_of(errno, error);
	close(fd);
	return outcome;
}
