/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opens the given sockets in the given number of processes, prints a line of JSON for each socket
 * and then "ready", and keeps them open until the end of its standard input.
 *
 * usage: opensock SPEC... [--process=NAME SPEC...]...
 *
 * Specs before the first --process are opened by this process itself.  See spec.c for their keys.
 */
#include <config.h>

#include "opensock.h"

#include <errno.h>
#include <linux/io_uring.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The words of one process: argv[first] up to argv[last]. */
struct group {
	const char *name;
	char **first;
	char **last;
	int ready_fd; /* a byte goes here when its sockets stand */
};

/* A spec that is opened by a thread of its own. */
struct job {
	const char *text;
	pthread_barrier_t done;
};

void die(const char *format, ...)
{
	va_list ap;

	fputs("opensock: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

/* Ends with its parent, however that ends. */
static void die_with(pid_t parent)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		die("PR_SET_PDEATHSIG: %s", strerror(errno));
	if (getppid() != parent)
		exit(1);
}

static _Noreturn void wait_forever(void)
{
	for (;;)
		pause();
}

static bool is_listed(const struct socks *socks, int fd)
{
	for (size_t i = 0; i < socks->n; i++)
		if (socks->list[i].fd == fd)
			return true;
	return false;
}

/* closefrom(3), which not every libc has. */
static void close_from(int first)
{
	struct rlimit limit;

	if (!syscall(SYS_close_range, (unsigned int)first, ~0U, 0U))
		return;
	if (getrlimit(RLIMIT_NOFILE, &limit))
		die("RLIMIT_NOFILE: %s", strerror(errno));
	for (rlim_t fd = (rlim_t)first; fd < limit.rlim_cur; fd++)
		close((int)fd);
}

/* A worker holds what its spec opened and nothing else, wherever that stands. */
static void close_others(const struct socks *socks)
{
	int last = STDERR_FILENO;

	for (size_t i = 0; i < socks->n; i++)
		if (socks->list[i].fd > last)
			last = socks->list[i].fd;
	for (int fd = 0; fd < last; fd++)
		if (fd != STDOUT_FILENO && fd != STDERR_FILENO && !is_listed(socks, fd))
			close(fd);
	close_from(last + 1);
}

static size_t fork_workers(const struct spec *spec, const struct socks *socks, pid_t *pids)
{
	pid_t parent = getpid();
	int ready[2];
	char c;

	pids[0] = parent;
	if (pipe(ready))
		die("pipe: %s", strerror(errno));
	for (int i = 1; i <= spec->workers; i++) {
		pids[i] = fork();
		if (pids[i] < 0)
			die("fork: %s", strerror(errno));
		if (!pids[i]) {
			die_with(parent);
			close_others(socks);
			wait_forever();
		}
	}
	/* The end of the pipe says that every worker has closed what is not its own. */
	close(ready[1]);
	if (read(ready[0], &c, 1))
		die("%s: a worker failed", spec->text);
	close(ready[0]);
	return (size_t)spec->workers + 1;
}

/* Sends a descriptor to where nobody receives; both ends stay open, or the kernel would drop it. */
static void put_in_flight(int fd)
{
	union {
		struct cmsghdr header;
		char room[CMSG_SPACE(sizeof(int))];
	} control = { .header = { .cmsg_len = CMSG_LEN(sizeof(int)),
				  .cmsg_level = SOL_SOCKET,
				  .cmsg_type = SCM_RIGHTS } };
	struct iovec iov = { .iov_base = (char[]){ 'x' }, .iov_len = 1 };
	struct msghdr msg = { .msg_iov = &iov,
			      .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	int ends[2];

	memcpy(CMSG_DATA(&control.header), &fd, sizeof(fd));
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) || sendmsg(ends[0], &msg, 0) != 1)
		die("SCM_RIGHTS: %s", strerror(errno));
	close(fd);
}

static void put_in_ring(int fd)
{
	struct io_uring_params params = { 0 };
	int ring = (int)syscall(SYS_io_uring_setup, 1, &params);

	if (ring < 0 || syscall(SYS_io_uring_register, ring, IORING_REGISTER_FILES, &fd, 1))
		die("io_uring: %s", strerror(errno));
	close(fd);
}

static void run_spec(const char *text)
{
	/* Too large for the stack of a thread, and needed until it is reported. */
	struct socks *socks = calloc(1, sizeof(*socks));
	pid_t pids[SPEC_MAX_WORKERS + 1];
	struct spec spec;
	size_t n_pids;

	if (!socks)
		die("out of memory");
	spec_parse(text, &spec);
	spec.kind->open(&spec, socks);
	n_pids = fork_workers(&spec, socks, pids);
	report(&spec, socks, pids, n_pids);
	for (size_t i = 0; i < socks->n; i++) {
		if (spec.hold == HOLD_IN_FLIGHT && socks->list[i].fd >= 0)
			put_in_flight(socks->list[i].fd);
		if (spec.hold == HOLD_IO_URING && socks->list[i].fd >= 0)
			put_in_ring(socks->list[i].fd);
	}
	free(socks);
	spec_fini(&spec);
}

static void *run_in_own_table(void *arg)
{
	struct job *job = arg;

	if (unshare(CLONE_FILES))
		die("CLONE_FILES: %s", strerror(errno));
	run_spec(job->text);
	pthread_barrier_wait(&job->done);
	wait_forever();
}

static void start_thread(void *(*run)(void *), void *arg)
{
	pthread_t thread;
	int err = pthread_create(&thread, NULL, run, arg);

	if (err)
		die("thread: %s", strerror(err));
}

static void run_thread_spec(const char *text)
{
	struct job job = { .text = text };

	if (pthread_barrier_init(&job.done, NULL, 2))
		die("barrier");
	start_thread(run_in_own_table, &job);
	pthread_barrier_wait(&job.done);
	/* Waits until the thread has left it: the barrier goes with this function. */
	pthread_barrier_destroy(&job.done);
}

static void say_ready(int fd)
{
	if (fd >= 0 && write(fd, "k", 1) != 1)
		die("ready: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
}

/* The state of the first thread: the field behind the last parenthesis. */
static char leader_state(void)
{
	static const char path[] = "/proc/self/stat";
	char text[1024];
	const char *end;
	FILE *f;

	/* By number this process may be another one in this /proc. */
	f = fopen(path, "re");
	if (!f)
		die("%s: %s", path, strerror(errno));
	text[fread(text, 1, sizeof(text) - 1, f)] = '\0';
	fclose(f);
	end = strrchr(text, ')');
	return end && end[1] ? end[2] : '?';
}

static void *outlive_leader(void *arg)
{
	const struct group *group = arg;

	if (prctl(PR_SET_PDEATHSIG, SIGKILL))
		die("PR_SET_PDEATHSIG: %s", strerror(errno));
	while (leader_state() != 'Z')
		sched_yield();
	say_ready(group->ready_fd);
	wait_forever();
}

/* Opens what a process is asked for; returns unless its first thread is to end. */
static void run_group(const struct group *group)
{
	bool is_leader_gone = false;

	if (group->name && prctl(PR_SET_NAME, group->name))
		die("PR_SET_NAME: %s", strerror(errno));
	for (char **word = group->first; word < group->last; word++) {
		struct spec spec;

		spec_parse(*word, &spec);
		is_leader_gone = is_leader_gone || spec.hold == HOLD_LEADER_GONE;
		if (spec.hold == HOLD_THREAD)
			run_thread_spec(*word);
		else
			run_spec(*word);
		spec_fini(&spec);
	}
	if (is_leader_gone) {
		/* The stack of the first thread outlives it, and the group with it. */
		start_thread(outlive_leader, (void *)(uintptr_t)group);
		syscall(SYS_exit, 0);
	}
	say_ready(group->ready_fd);
}

static void fork_group(struct group group)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		die("fork: %s", strerror(errno));
	if (pid)
		return;
	die_with(parent);
	/* The end of standard input is for the first process to see. */
	close(STDIN_FILENO);
	run_group(&group);
	wait_forever();
}

static const char *process_name(const char *word)
{
	static const char option[] = "--process=";

	return strncmp(word, option, sizeof(option) - 1) ? NULL : word + sizeof(option) - 1;
}

int main(int argc, char **argv)
{
	struct group own = { .first = argv + 1, .last = argv + 1, .ready_fd = -1 };
	size_t n_groups = 0, n_ready = 0;
	int ready[2];
	char c;

	signal(SIGPIPE, SIG_IGN);
	if (pipe(ready))
		die("pipe: %s", strerror(errno));
	while (own.last < argv + argc && !process_name(*own.last))
		own.last++;
	for (char **word = own.last; word < argv + argc; n_groups++) {
		struct group group = { .name = process_name(*word), .first = word + 1 };

		for (word++; word < argv + argc && !process_name(*word); word++)
			;
		group.last = word;
		group.ready_fd = ready[1];
		fork_group(group);
	}
	close(ready[1]);
	while (n_ready < n_groups && read(ready[0], &c, 1) == 1)
		n_ready++;
	close(ready[0]);
	if (n_ready < n_groups)
		die("a process failed");
	run_group(&own);
	if (puts("ready") < 0 || fflush(stdout))
		die("standard output: %s", strerror(errno));
	while (read(STDIN_FILENO, &c, 1) > 0)
		;
	return 0;
}
