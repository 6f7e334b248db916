/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of other processes' sockets that sock_diag(7) does not report. */
#include <config.h>

#include "explain/reuse.h"

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "model/sock.h"
#include "query/snapshot.h"
#include "resolve/owners.h"

/* glibc has wrappers only since 2.36. */
static int copy_descriptor(int32_t pid, int fd)
{
	int process = (int)syscall(SYS_pidfd_open, pid, 0), copy;

	if (process < 0)
		return -1;
	copy = (int)syscall(SYS_pidfd_getfd, process, fd, 0);
	close(process);
	return copy;
}

/* The pid and the descriptor may be another's by now, the cookie never is. */
static bool is_socket(int fd, const struct sock *sk)
{
	uint64_t cookie;
	socklen_t len = sizeof(cookie);

	return sock_has(sk, SOCK_HAS_COOKIE) &&
	       !getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len) && cookie == sk->cookie;
}

static enum truth option_of(int fd, int level, int name)
{
	int value;
	socklen_t len = sizeof(value);

	if (getsockopt(fd, level, name, &value, &len))
		return TRUTH_UNKNOWN;
	return value ? TRUTH_YES : TRUTH_NO;
}

/* IPV6_V6ONLY as far as the socket itself tells: IPv4 has no such option. */
static enum truth v6only_of(const struct sock *sk)
{
	if (sk->family == ADDR_INET)
		return TRUTH_NO;
	if (sock_has(sk, SOCK_HAS_V6ONLY))
		return sk->v6only ? TRUTH_YES : TRUTH_NO;
	return TRUTH_UNKNOWN;
}

void reuse_find(const struct snapshot *snap, const struct row *row, struct holder *holder)
{
	struct owner_span owners = row_owners(snap, row);
	bool is_found = false;

	holder->reuse_addr = holder->reuse_port = TRUTH_UNKNOWN;
	holder->v6only = v6only_of(row->sk);
	/* The owners of a connection that is not accepted hold its listener. */
	if (sock_has(row->sk, SOCK_NOT_ACCEPTED))
		return;
	for (size_t i = 0; i < owners.n && !is_found; i++) {
		const struct owner *owner = &owners.list[i];
		int fd = owner->via == OWNER_VIA_FD
				 ? copy_descriptor(snapshot_process(snap, owner->process)->pid,
						   owner->fd)
				 : -1;

		if (fd < 0)
			continue;
		is_found = is_socket(fd, row->sk);
		if (is_found) {
			holder->reuse_addr = option_of(fd, SOL_SOCKET, SO_REUSEADDR);
			holder->reuse_port = option_of(fd, SOL_SOCKET, SO_REUSEPORT);
			if (holder->v6only == TRUTH_UNKNOWN)
				holder->v6only = option_of(fd, IPPROTO_IPV6, IPV6_V6ONLY);
		}
		close(fd);
	}
}
