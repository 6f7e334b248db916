/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Users and hosts in a static build: users of /etc/passwd, and no host names. */
#include <config.h>

#include "resolve/system_names.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

bool system_user(const char *name, uid_t uid, struct system_user *out)
{
	FILE *file = fopen("/etc/passwd", "re");
	struct passwd *found = NULL, entry;
	char room[4096];
	bool is_user = false;

	/* An entry that does not fit into room ends the search, as a missing file does. */
	while (file && !is_user && !fgetpwent_r(file, &entry, room, sizeof(room), &found))
		is_user = *found->pw_name &&
			  (name ? !strcmp(found->pw_name, name) : found->pw_uid == uid);
	if (is_user)
		*out = (struct system_user){ mem_strdup(found->pw_name), found->pw_uid,
					     found->pw_gid };
	if (file)
		fclose(file);
	return is_user;
}

enum host_answer system_host_name(enum addr_family family, const struct addr *addr, char *name,
				  size_t size)
{
	(void)family;
	(void)addr;
	if (size)
		*name = '\0';
	return HOST_FAILED;
}

size_t system_host_addrs(const char *name, struct host_addr list[HOST_ADDRS_MAX])
{
	(void)name;
	(void)list;
	return 0;
}
