/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Network namespaces that no process lives in, but that have sockets which a process holds. */
#ifndef PORTSTAT_RESOLVE_NETNS_HOLDERS_H
#define PORTSTAT_RESOLVE_NETNS_HOLDERS_H

#include <stddef.h>
#include <stdint.h>

/* One of the sockets in such a namespace, and a task that has a descriptor of it. */
struct netns_holder {
	uint64_t netns; /* kernel address of the namespace */
	int32_t pid; /* 0: none */
	int32_t tid; /* the pid, or the thread with a descriptor table of its own */
	int32_t fd;
};

/* Zero-initialised is empty and ready. */
struct netns_holders {
	struct netns_holder *list;
	size_t n;
	size_t cap;
};

void netns_holders_fini(struct netns_holders *h);

/*
 * Replaces the list by what a stream of n bytes (task_file.h) says: one holder for each namespace
 * that is no process's in the stream.  It may still be mounted, or the one of a thread.  Without
 * namespaces in the stream the list is empty.
 */
void netns_holders_read(struct netns_holders *h, const char *stream, size_t n);

/*
 * Opens the namespace of the socket that the holder has at this descriptor now, which is another one
 * if the socket was closed meanwhile.  The socket stays open no longer than the call, the namespace
 * until the descriptor that is returned is closed.  Returns it, or -errno: -EPERM without
 * CAP_SYS_PTRACE or CAP_NET_ADMIN, -ENOSYS before Linux 5.6.
 *
 * With a net_cls or net_prio control group (version 1), the kernel gives the socket the class of the
 * caller's, as it does when a descriptor is passed (__receive_sock(), fs/file.c).
 */
int netns_holder_open(const struct netns_holder *holder);

#endif
