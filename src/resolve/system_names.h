/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Users and hosts as the C library looks them up.  system_names_nss.c asks whatever nsswitch.conf(5)
 * configures.  That loads modules, which a static program cannot do safely, so a static build has
 * system_names_files.c: users of /etc/passwd, and no host names.
 */
#ifndef PORTSTAT_RESOLVE_SYSTEM_NAMES_H
#define PORTSTAT_RESOLVE_SYSTEM_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "resolve/host_addrs.h"
#include "resolve/hosts.h"

struct system_user {
	char *name; /* the caller's to free */
	uid_t uid;
	gid_t gid;
};

/*
 * Finds the user with this name or, if name is NULL, with this uid (getpwnam(3), getpwuid(3)).
 * False, and *out untouched, if there is none.
 */
bool system_user(const char *name, uid_t uid, struct system_user *out);

/* Resolves an address (getnameinfo(3)).  HOST_FAILED where host names cannot be looked up. */
host_lookup system_host_name;

/* Writes the addresses of a host (getaddrinfo(3)) to list and returns how many; 0 if it has none. */
size_t system_host_addrs(const char *name, struct host_addr list[HOST_ADDRS_MAX]);

#endif
