/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What kind of /proc a directory is, and whether it shows every process. */
#include <config.h>

#include "resolve/proc_mount.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/number.h"
#include "resolve/mountinfo.h"
#include "resolve/proc_dir.h"

/* PROC_PID_INIT_INO of the kernel's include/linux/proc_ns.h: the same on every host. */
#define HOST_PID_NAMESPACE "pid:[4026531836]"

/* PROC_USER_INIT_INO of the same file. */
#define HOST_USER_NAMESPACE "user:[4026531837]"

/* Larger than the mountinfo of any host. */
#define READ_MAX_BYTES (16U << 20)

bool proc_is_procfs(int proc_root)
{
	struct statfs fs;

	return !fstatfs(proc_root, &fs) && fs.f_type == PROC_SUPER_MAGIC;
}

bool proc_is_own_namespace(int proc_root)
{
	static const char heading[] = "\nNSpid:\t";
	struct buf status = { 0 };
	const char *line, *end;
	bool is_own = false;

	if (!proc_is_procfs(proc_root) ||
	    proc_file_read(proc_root, "self/status", READ_MAX_BYTES, &status) || !status.len)
		goto out;
	/* Our pid in each namespace from that of this /proc to our own: just one if it is ours. */
	line = memmem(status.data, status.len, heading, sizeof(heading) - 1);
	if (!line)
		goto out;
	line += sizeof(heading) - 1;
	end = memchr(line, '\n', status.len - (size_t)(line - status.data));
	is_own = end && !memchr(line, '\t', (size_t)(end - line));
out:
	buf_fini(&status);
	return is_own;
}

size_t proc_open_files(int proc_root)
{
	struct buf text = { 0 };
	size_t files = SIZE_MAX;
	const char *tab;
	uint64_t number;

	if (!proc_file_read(proc_root, "sys/fs/file-nr", READ_MAX_BYTES, &text) && text.len) {
		tab = memchr(text.data, '\t', text.len);
		if (tab && !number_parse(text.data, (size_t)(tab - text.data), SIZE_MAX, &number))
			files = number;
	}
	buf_fini(&text);
	return files;
}

static bool is_host_namespace(int proc_root)
{
	static const char *const links[] = { "1/ns/pid", "self/ns/pid" };
	const size_t len = sizeof(HOST_PID_NAMESPACE) - 1;

	/* Reading the link of process 1 needs privilege; our own link shows our own namespace. */
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++) {
		char text[sizeof(HOST_PID_NAMESPACE)];
		ssize_t n;

		if (i && !proc_is_own_namespace(proc_root))
			break;
		n = readlinkat(proc_root, links[i], text, sizeof(text));
		if (n >= 0)
			return (size_t)n == len && !memcmp(text, HOST_PID_NAMESPACE, len);
	}
	return false;
}

static bool has_capability(unsigned int capability)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return !syscall(SYS_capget, &header, data) &&
	       data[CAP_TO_INDEX(capability)].effective & CAP_TO_MASK(capability);
}

static bool may_trace_all(void)
{
	return has_capability(CAP_SYS_PTRACE);
}

/* True also if that cannot be determined. */
static bool is_host_user_namespace(int proc_root)
{
	char text[sizeof(HOST_USER_NAMESPACE)];
	ssize_t n = readlinkat(proc_root, "self/ns/user", text, sizeof(text));

	return n < 0 ||
	       ((size_t)n == sizeof(text) - 1 && !memcmp(text, HOST_USER_NAMESPACE, (size_t)n));
}

enum problem_viewer proc_viewer(int proc_root)
{
	bool has_all = may_trace_all() && has_capability(CAP_DAC_READ_SEARCH);

	if (geteuid() && !has_all)
		return VIEWER_USER;
	if (!is_host_user_namespace(proc_root))
		return VIEWER_OF_CONTAINER;
	return has_all ? VIEWER_BARRED : VIEWER_WITHOUT_CAPS;
}

/* Do the comma-separated options have a hidepid that hides processes? */
static bool options_hide(const char *options, size_t len)
{
	static const char key[] = "hidepid=";
	static const char *const harmless[] = { "0", "1", "off", "noaccess" };
	const char *value = memmem(options, len, key, sizeof(key) - 1);
	const char *end;
	size_t n;

	if (!value)
		return false;
	value += sizeof(key) - 1;
	n = len - (size_t)(value - options);
	end = n ? memchr(value, ',', n) : NULL;
	n = end ? (size_t)(end - value) : n;
	for (size_t i = 0; i < sizeof(harmless) / sizeof(*harmless); i++)
		if (strlen(harmless[i]) == n && !memcmp(value, harmless[i], n))
			return false;
	return true;
}

bool proc_mount_hides(const char *mountinfo, size_t len, unsigned long long mount)
{
	struct mountinfo_entry entry;
	size_t pos = 0;

	while (mountinfo_next(mountinfo, len, &pos, &entry))
		if (entry.id == mount)
			return options_hide(entry.options.text, entry.options.len);
	return false;
}

/* The ID of the mount that proc_root is on; statx(2) has it only since Linux 5.8. */
static bool find_mount(int proc_root, uint64_t *mount)
{
	static const char heading[] = "\nmnt_id:\t";
	struct buf info = { 0 };
	const char *line, *end;
	bool is_found = false;
	char path[64];

	snprintf(path, sizeof(path), "self/fdinfo/%d", proc_root);
	if (proc_file_read(proc_root, path, READ_MAX_BYTES, &info) || !info.len)
		goto out;
	line = memmem(info.data, info.len, heading, sizeof(heading) - 1);
	if (!line)
		goto out;
	line += sizeof(heading) - 1;
	end = memchr(line, '\n', info.len - (size_t)(line - info.data));
	is_found = end && !number_parse(line, (size_t)(end - line), UINT64_MAX, mount);
out:
	buf_fini(&info);
	return is_found;
}

static bool is_hidepid(int proc_root)
{
	struct buf mountinfo = { 0 };
	uint64_t mount;
	bool hides;

	/* If unknown, assume the common case. */
	if (!find_mount(proc_root, &mount) ||
	    proc_file_read(proc_root, "self/mountinfo", READ_MAX_BYTES, &mountinfo)) {
		buf_fini(&mountinfo);
		return false;
	}
	hides = proc_mount_hides(mountinfo.data, mountinfo.len, mount);
	buf_fini(&mountinfo);
	return hides;
}

bool proc_may_hide(int proc_root)
{
	struct stat st;

	if (!proc_is_procfs(proc_root))
		return false;
	/* Every live pid namespace has a process 1. */
	if (fstatat(proc_root, "1", &st, 0))
		return true;
	return (!may_trace_all() && is_hidepid(proc_root)) || !is_host_namespace(proc_root);
}
