/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A bind(2) that is tried and undone at once. */
#include <config.h>

#include "explain/trial.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/caller.h"
#include "base/mem.h"
#include "explain/place.h"

#define STACK_SIZE (64U << 10)

static struct trial_result failed(enum trial_step step)
{
	return (struct trial_result){ step, errno };
}

/* These options never fail on a socket of their family. */
static void set_option(int fd, int level, int name, int value)
{
	(void)setsockopt(fd, level, name, &value, sizeof(value));
}

static void set_options(int fd, const struct bind_place *place)
{
	if (place->family == ADDR_INET6)
		set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, place->is_v6only);
	if (place->proto != PROTO_TCP)
		return;
	set_option(fd, SOL_SOCKET, SO_REUSEADDR, place->reuse_addr);
	set_option(fd, SOL_SOCKET, SO_REUSEPORT, place->reuse_port);
}

/* A link-local address has its device as scope, any other one is bound to it. */
static int set_device(int fd, const struct bind_place *place, uint32_t *scope)
{
	struct ifreq request = { 0 };

	*scope = 0;
	if (!*place->device)
		return 0;
	if (!addr_is_link_local(place->family, &place->addr))
		return setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, place->device,
				  (socklen_t)strlen(place->device));
	memcpy(request.ifr_name, place->device, sizeof(request.ifr_name));
	if (ioctl(fd, SIOCGIFINDEX, &request))
		return -1;
	*scope = (uint32_t)request.ifr_ifindex;
	return 0;
}

static int bind_address(int fd, const struct bind_place *place, uint32_t scope)
{
	struct sockaddr_in in = { .sin_family = AF_INET, .sin_port = htons(place->port) };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6,
				    .sin6_port = htons(place->port),
				    .sin6_scope_id = scope };

	if (place->family == ADDR_INET6) {
		memcpy(&in6.sin6_addr, &place->addr, sizeof(in6.sin6_addr));
		return bind(fd, (const struct sockaddr *)&in6, sizeof(in6));
	}
	memcpy(&in.sin_addr, &place->addr, sizeof(in.sin_addr));
	return bind(fd, (const struct sockaddr *)&in, sizeof(in));
}

static struct trial_result bind_socket(int fd, const struct bind_place *place)
{
	struct trial_result result = { TRIAL_BIND, 0 };
	uint32_t scope;

	set_options(fd, place);
	if (set_device(fd, place, &scope))
		result = failed(TRIAL_DEVICE);
	else if (bind_address(fd, place, scope))
		result = failed(TRIAL_BIND);
	return result;
}

/* A descriptor, or -1 with errno. */
static int open_socket(const struct bind_place *place, const struct trial_scope *scope)
{
	int domain = place->family == ADDR_INET6 ? AF_INET6 : AF_INET;
	int type = (place->proto == PROTO_UDP ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC;
	int fd;

	if (!scope->open_socket)
		return socket(domain, type, 0);
	fd = scope->open_socket(scope->data, domain, type, 0);
	if (fd >= 0)
		return fd;
	errno = -fd;
	return -1;
}

/*
 * Entering another namespace takes privileges that the caller may lack, binding there must not.
 */
static struct trial_result bind_as_caller(const struct bind_place *place,
					  const struct trial_scope *scope)
{
	int fd = scope->open_socket ? open_socket(place, scope) : -1;
	struct trial_result result;
	struct caller_scope caller;
	int err;

	if (fd < 0 && scope->open_socket)
		return failed(TRIAL_SOCKET);
	err = caller_enter(&caller);
	if (err) {
		result = (struct trial_result){ TRIAL_USER, -err };
	} else {
		if (fd < 0)
			fd = open_socket(place, scope);
		result = fd < 0 ? failed(TRIAL_SOCKET) : bind_socket(fd, place);
		caller_leave(&caller);
	}
	if (fd >= 0)
		close(fd);
	return result;
}

/* System calls: setresuid(3) of glibc would change the other threads of our memory, too. */
static int become(const struct trial_user *user)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (syscall(SYS_setgroups, 0, NULL) ||
	    syscall(SYS_setresgid, user->gid, user->gid, user->gid) ||
	    syscall(SYS_setresuid, user->uid, user->uid, user->uid))
		return -1;
	return user->uid ? (int)syscall(SYS_capset, &header, none) : 0;
}

/*
 * In the child.  The socket belongs to its file system uid, which can be set before the privilege
 * to enter a namespace is dropped.
 */
static struct trial_result bind_as_user(const struct bind_place *place,
					const struct trial_scope *scope)
{
	struct trial_result result;
	struct caller_scope caller;
	int fd, err;

	/* A user that is not root may not become another one just because our file is privileged. */
	err = caller_enter(&caller);
	if (err)
		return (struct trial_result){ TRIAL_USER, -err };
	setfsuid(scope->user->uid);
	if ((uid_t)setfsuid((uid_t)-1) != scope->user->uid)
		return (struct trial_result){ TRIAL_USER, EPERM };
	fd = open_socket(place, scope);
	if (fd < 0)
		return failed(TRIAL_SOCKET);
	result = become(scope->user) ? failed(TRIAL_USER) : bind_socket(fd, place);
	close(fd);
	return result;
}

/* What the child is told, and its answer. */
struct errand {
	const struct bind_place *place;
	const struct trial_scope *scope;
	struct trial_result result;
};

static int run_errand(void *data)
{
	struct errand *errand = data;

	errand->result = bind_as_user(errand->place, errand->scope);
	return 0;
}

/* The child shares our memory and descriptors, as that of posix_spawn(3) does, and we wait for it. */
static struct trial_result send_child(const struct bind_place *place,
				      const struct trial_scope *scope)
{
	struct errand errand = { place, scope, { TRIAL_USER, ECHILD } };
	char *stack = mem_alloc(STACK_SIZE);
	sigset_t all, before;
	pid_t child;

	/* A handler of ours would run in the child, on our memory. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	child = clone(run_errand, stack + STACK_SIZE,
		      CLONE_VM | CLONE_FILES | CLONE_VFORK | SIGCHLD, &errand);
	if (child < 0)
		errand.result = failed(TRIAL_USER);
	else
		while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
			;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	free(stack);
	return errand.result;
}

struct trial_result trial_bind(const struct bind_place *place, const struct trial_scope *scope)
{
	return scope->user ? send_child(place, scope) : bind_as_caller(place, scope);
}

bool trial_is_free(const struct bind_place *place)
{
	struct trial_result result = trial_bind(place, &(struct trial_scope){ 0 });

	return result.step == TRIAL_BIND && !result.error;
}
