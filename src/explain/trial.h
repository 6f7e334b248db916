/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A bind(2) that is tried and undone at once.  It is never followed by listen(2), so it takes no
 * connection from anybody; another program that binds the same port within these microseconds can
 * fail.
 */
#ifndef PORTSTAT_EXPLAIN_TRIAL_H
#define PORTSTAT_EXPLAIN_TRIAL_H

#include <stdbool.h>
#include <sys/types.h>

struct bind_place;

/* Whose bind(2) it is.  Not root: without any capability. */
struct trial_user {
	uid_t uid;
	gid_t gid;
};

/* Where it is tried, and as whom; zero-initialised: in this network namespace, as the caller. */
struct trial_scope {
	const struct trial_user *user; /* NULL: the caller, with no more than its own privileges */
	/* socket(2) in another network namespace: a descriptor or -errno.  NULL: in this one. */
	int (*open_socket)(void *data, int domain, int type, int protocol);
	void *data;
};

/* How far it came. */
enum trial_step {
	TRIAL_USER, /* we may not become this user: nothing was tried */
	TRIAL_SOCKET, /* this kernel or namespace has no such socket */
	TRIAL_DEVICE, /* it could not be bound to the device */
	TRIAL_BIND, /* bind(2) answered */
};

struct trial_result {
	enum trial_step step;
	int error; /* errno of this step; 0 (only with TRIAL_BIND): it was bound */
};

/*
 * Binds the place and undoes that.  For UDP neither SO_REUSEADDR nor SO_REUSEPORT is set, whatever
 * the place says: with them the trial could be given another socket's datagrams.  May be called by
 * any thread; a user needs a child process, which has ended when it returns.
 */
struct trial_result trial_bind(const struct bind_place *place, const struct trial_scope *scope);

/* Can the place be bound by the caller, here and now? */
bool trial_is_free(const struct bind_place *place);

#endif
