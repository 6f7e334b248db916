/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets and files in another network namespace. */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "resolve/netns.h"

#define STACK_SIZE (32U << 10)

/* What the process that goes inside is to do, and what came of it: a descriptor or -errno. */
struct visit {
	int netns;
	int userns; /* -1: it stays in this one */
	int proc_root;
	const char *file; /* of its own folder there; NULL: a socket, of these: */
	int domain;
	int type;
	int protocol;
	int result;
};

static int go_inside(void *data)
{
	struct visit *v = data;

	if ((v->userns >= 0 && setns(v->userns, CLONE_NEWUSER)) || setns(v->netns, CLONE_NEWNET))
		v->result = -errno;
	else if (v->file)
		v->result = openat(v->proc_root, v->file, O_RDONLY | O_CLOEXEC);
	else
		v->result = socket(v->domain, v->type | SOCK_CLOEXEC, v->protocol);
	if (v->result == -1)
		v->result = -errno;
	return 0;
}

/*
 * Only a process with a single thread may change its user namespace (setns(2)), and one that went
 * into another network namespace may not be let back.  So a child goes, which shares memory and
 * descriptors with us, as that of posix_spawn(3) does; we wait until it has ended.
 */
static int send_child(struct visit *v)
{
	char *stack = mem_alloc(STACK_SIZE);
	sigset_t all, before;
	pid_t child;
	int err = 0;

	/* A handler of ours would run in the child, on our memory. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	child = clone(go_inside, stack + STACK_SIZE, CLONE_VM | CLONE_FILES | CLONE_VFORK | SIGCHLD,
		      v);
	if (child < 0)
		err = -errno;
	else
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	free(stack);
	return err ? err : v->result;
}

/* The descriptor, or -ENOENT and closed, if it is not the namespace that was found. */
static int if_same(const struct netns *ns, int fd)
{
	struct stat st;

	if (fd < 0 || (!fstat(fd, &st) && st.st_ino == ns->inode))
		return fd;
	close(fd);
	return -ENOENT;
}

/* Opens a file if it is the namespace that was found. */
static int open_if_same(const struct netns *ns, int at, const char *path)
{
	int fd = openat(at, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	if (fd < 0)
		return errno == EACCES ? -EPERM : -errno;
	return if_same(ns, fd);
}

int netns_open(const struct netns *ns, int proc_root)
{
	int fd = ns->pid ? -EPERM : -ENOENT;
	char path[32];

	if (ns->open_pid) {
		snprintf(path, sizeof(path), "%d/ns/net", ns->open_pid);
		fd = open_if_same(ns, proc_root, path);
	}
	if (fd < 0 && ns->mount)
		fd = open_if_same(ns, AT_FDCWD, ns->mount);
	return fd < 0 && ns->holder.pid ? if_same(ns, netns_holder_open(&ns->holder)) : fd;
}

/* What the visit to the namespace brings: a descriptor or -errno. */
static int visit(const struct netns *ns, struct visit *v)
{
	int result;

	v->userns = -1;
	v->netns = netns_open(ns, v->proc_root);
	if (v->netns < 0)
		return v->netns;
	result = send_child(v);
	if (result == -EPERM) {
		v->userns = ioctl(v->netns, NS_GET_USERNS);
		if (v->userns >= 0) {
			result = send_child(v);
			/* EINVAL: it is the user namespace that we are in. */
			if (result == -EINVAL)
				result = -EPERM;
			close(v->userns);
		}
	}
	close(v->netns);
	return result;
}

int netns_socket(const struct netns *ns, int proc_root, int domain, int type, int protocol)
{
	struct visit v = {
		.proc_root = proc_root, .domain = domain, .type = type, .protocol = protocol
	};

	return visit(ns, &v);
}

int netns_enter(const struct netns *ns, int proc_root)
{
	int netns = netns_open(ns, proc_root), userns, err;

	if (netns < 0)
		return netns;
	err = setns(netns, CLONE_NEWNET) ? -errno : 0;
	userns = err == -EPERM ? ioctl(netns, NS_GET_USERNS) : -1;
	if (userns >= 0) {
		if (!setns(userns, CLONE_NEWUSER) && !setns(netns, CLONE_NEWNET))
			err = 0;
		close(userns);
	}
	close(netns);
	return err;
}

int netns_open_folder(const struct netns *ns, int proc_root)
{
	char folder[16];
	struct stat st;
	int fd;

	if (!ns->pid)
		return -ENOENT;
	snprintf(folder, sizeof(folder), "%d", ns->pid);
	fd = openat(proc_root, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	/* The pid may be another process's by now. */
	if (ns->files && (fstatat(fd, "net/tcp", &st, 0) || st.st_ino != ns->files)) {
		close(fd);
		return -ENOENT;
	}
	return fd;
}

int netns_open_file(const struct netns *ns, int proc_root, const char *name)
{
	char path[64];
	struct visit v = { .proc_root = proc_root, .file = path };
	int folder = netns_open_folder(ns, proc_root), fd;

	if (folder < 0) {
		snprintf(path, sizeof(path), "self/net/%s", name);
		return visit(ns, &v);
	}
	snprintf(path, sizeof(path), "net/%s", name);
	fd = openat(folder, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	close(folder);
	return fd;
}
