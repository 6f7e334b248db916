/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A command that runs in a process group of its own, with pipes to its standard streams. */
#include <config.h>

#include "remote/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "remote/command.h"

/*
 * What a pipe takes at once, in bytes: as much as anybody may have (pipe(7)).  What ssh cannot write it
 * keeps in a buffer, which is copied and cleared whenever it grows: that cost more than decryption.
 */
#define OUTPUT_ROOM (1 << 20)

/* The standard streams of a command. */
enum { FAR_INPUT, FAR_OUTPUT, FAR_COMPLAINTS };

void child_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* The ends of the pipes that the command has; -1: none. */
struct far_ends {
	int in;
	int out;
	int err;
};

static int open_pipe(int *reading, int *writing)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	*reading = ends[0];
	*writing = ends[1];
	return 0;
}

static int be_nonblocking(int fd)
{
	return fd >= 0 && fcntl(fd, F_SETFL, O_NONBLOCK) ? -errno : 0;
}

static int open_pipes(struct child *c, struct far_ends *far, bool has_input)
{
	int err = open_pipe(&c->out, &far->out);

	/* A smaller one does, where the user has too many. */
	if (!err)
		fcntl(c->out, F_SETPIPE_SZ, OUTPUT_ROOM);
	if (!err)
		err = open_pipe(&c->err, &far->err);
	if (!err && has_input)
		err = open_pipe(&far->in, &c->in);
	if (!err)
		err = be_nonblocking(c->out);
	if (!err)
		err = be_nonblocking(c->err);
	return err ? err : be_nonblocking(c->in);
}

static int spawn(struct child *c, const struct command *command, const struct far_ends *far)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, ignored;
	int err;

	sigemptyset(&none);
	sigemptyset(&ignored);
	sigaddset(&ignored, SIGPIPE);
	sigaddset(&ignored, SIGXFSZ);
	posix_spawn_file_actions_init(&files);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
						POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attr, &none);
	posix_spawnattr_setsigdefault(&attr, &ignored);
	if (far->in < 0)
		posix_spawn_file_actions_addopen(&files, FAR_INPUT, "/dev/null", O_RDONLY, 0);
	else
		posix_spawn_file_actions_adddup2(&files, far->in, FAR_INPUT);
	posix_spawn_file_actions_adddup2(&files, far->out, FAR_OUTPUT);
	posix_spawn_file_actions_adddup2(&files, far->err, FAR_COMPLAINTS);
	err = posix_spawnp(&c->pid, command->words[0], &files, &attr, command->words, environ);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&files);
	if (err)
		c->pid = 0;
	return -err;
}

int child_start(struct child *c, const struct command *command, bool has_input)
{
	struct far_ends far = { -1, -1, -1 };
	int err;

	*c = CHILD_NONE;
	err = open_pipes(c, &far, has_input);
	if (!err)
		err = spawn(c, command, &far);
	child_close(&far.in);
	child_close(&far.out);
	child_close(&far.err);
	if (err)
		child_end(c);
	return err;
}

/* What the command left running in its process group ends with it. */
static void reap(struct child *c)
{
	kill(-c->pid, SIGKILL);
	while (waitpid(c->pid, &c->status, 0) < 0 && errno == EINTR)
		;
	c->pid = 0;
}

bool child_has_ended(struct child *c)
{
	siginfo_t info = { 0 };

	if (!c->pid)
		return true;
	if (waitid(P_PID, (id_t)c->pid, &info, WEXITED | WNOHANG | WNOWAIT) || !info.si_pid)
		return false;
	/* Not reaped yet, it keeps its number, so that of its process group is not another's. */
	reap(c);
	return true;
}

void child_end(struct child *c)
{
	if (c->pid)
		reap(c);
	child_close(&c->in);
	child_close(&c->out);
	child_close(&c->err);
}
