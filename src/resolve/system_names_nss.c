/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users and hosts from whatever nsswitch.conf(5) configures. */
#include <config.h>

#include "resolve/system_names.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"

/* Larger than any entry of a password database: where to stop growing the buffer. */
#define ENTRY_MAX_BYTES (1U << 20)

bool system_user(const char *name, uid_t uid, struct system_user *out)
{
	struct passwd *found = NULL, entry;
	size_t size = 1024;
	char *room = mem_alloc(size);
	int err;

	for (;;) {
		err = name ? getpwnam_r(name, &entry, room, size, &found)
			   : getpwuid_r(uid, &entry, room, size, &found);
		if (err != ERANGE || size >= ENTRY_MAX_BYTES)
			break;
		size *= 2;
		room = mem_resize(room, size, 1);
	}
	if (err || (found && !*found->pw_name))
		found = NULL;
	if (found)
		*out = (struct system_user){ mem_strdup(found->pw_name), found->pw_uid,
					     found->pw_gid };
	free(room);
	return found;
}

enum host_answer system_host_name(enum addr_family family, const struct addr *addr, char *name,
				  size_t size)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_in in = { .sin_family = AF_INET };
	int err;

	if (family == ADDR_INET) {
		memcpy(&in.sin_addr, addr->bytes, sizeof(in.sin_addr));
		err = getnameinfo((const struct sockaddr *)&in, sizeof(in), name, (socklen_t)size,
				  NULL, 0, NI_NAMEREQD);
	} else {
		memcpy(&in6.sin6_addr, addr->bytes, sizeof(in6.sin6_addr));
		err = getnameinfo((const struct sockaddr *)&in6, sizeof(in6), name, (socklen_t)size,
				  NULL, 0, NI_NAMEREQD);
	}
	if (!err)
		return HOST_NAMED;
	return err == EAI_NONAME ? HOST_NAMELESS : HOST_FAILED;
}

/* False for an address of neither family. */
static bool take_addr(const struct sockaddr *sa, struct host_addr *out)
{
	if (sa->sa_family == AF_INET) {
		*out = (struct host_addr){ .family = ADDR_INET };
		memcpy(out->addr.bytes, &((const struct sockaddr_in *)(const void *)sa)->sin_addr,
		       4);
		return true;
	}
	if (sa->sa_family != AF_INET6)
		return false;
	*out = (struct host_addr){ .family = ADDR_INET6 };
	memcpy(out->addr.bytes, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, 16);
	return true;
}

size_t system_host_addrs(const char *name, struct host_addr list[HOST_ADDRS_MAX])
{
	/* One entry per address instead of one per socket type. */
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	size_t n = 0;

	if (getaddrinfo(name, NULL, &hints, &found))
		return 0;
	for (const struct addrinfo *a = found; a && n < HOST_ADDRS_MAX; a = a->ai_next)
		n += take_addr(a->ai_addr, &list[n]);
	freeaddrinfo(found);
	return n;
}
