/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Acting with no more than the caller's own privileges. */
#include <config.h>

#include "base/caller.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/fsuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/io.h"

/* capget(2) and capset(2) have no wrappers in the C library. */
static int get_caps(struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3])
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };

	return syscall(SYS_capget, &header, caps) ? -errno : 0;
}

static int set_caps(const struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3])
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };

	return syscall(SYS_capset, &header, caps) ? -errno : 0;
}

bool caller_lacks_privileges(void)
{
	return getauxval(AT_SECURE);
}

/* Takes the effective capabilities away; the permitted ones stay, to be had back. */
static int lay_down(const struct caller_scope *scope)
{
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];

	memcpy(none, scope->caps, sizeof(none));
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		none[i].effective = 0;
	return set_caps(none);
}

int caller_enter_user(struct caller_scope *scope, uid_t uid, gid_t gid)
{
	int err;

	*scope = (struct caller_scope){ .is_limited =
						caller_lacks_privileges() || uid != geteuid() };
	if (!scope->is_limited)
		return 0;
	err = get_caps(scope->caps);
	if (err)
		return err;
	/* Neither says whether it failed; the second call returns what the first one left. */
	scope->fsgid = (gid_t)setfsgid(gid);
	scope->fsuid = (uid_t)setfsuid(uid);
	err = (uid_t)setfsuid(uid) == uid && (gid_t)setfsgid(gid) == gid ? lay_down(scope) : -EPERM;
	if (err)
		caller_leave(scope);
	return err;
}

int caller_enter(struct caller_scope *scope)
{
	/* To change to the caller's identity needs no capability. */
	if (caller_lacks_privileges())
		return caller_enter_user(scope, getuid(), getgid());
	*scope = (struct caller_scope){ .is_limited = false };
	return 0;
}

void caller_leave(const struct caller_scope *scope)
{
	int error = errno;

	if (!scope->is_limited)
		return;
	setfsgid(scope->fsgid);
	setfsuid(scope->fsuid);
	/* What is permitted may always be made effective; without it less is seen, and that is
	 * told. */
	(void)set_caps(scope->caps);
	errno = error;
}

int caller_open(const char *path, int flags, mode_t mode)
{
	struct caller_scope scope;
	int fd, err = caller_enter(&scope);

	if (err)
		return err;
	fd = open(path, flags, mode);
	if (fd < 0)
		fd = -errno;
	caller_leave(&scope);
	return fd;
}

int caller_read_file(const char *path, size_t max, struct buf *out)
{
	struct caller_scope scope;
	int err = caller_enter(&scope), fd;

	if (err)
		return err;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	err = fd < 0 ? -errno : io_read_all(fd, max, out);
	if (fd >= 0)
		close(fd);
	caller_leave(&scope);
	return err;
}

int caller_become(void)
{
	static const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];
	uid_t uid = getuid();
	gid_t gid = getgid();

	if (!caller_lacks_privileges())
		return 0;
	if (setresgid(gid, gid, gid) || setresuid(uid, uid, uid))
		return -errno;
	return set_caps(none);
}
