/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why the BPF program that finds owners cannot be loaded. */
#include <config.h>

#include "resolve/bpf_lack.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/io.h"
#include "base/kernel.h"
#include "resolve/owners_bpf.h"

enum problem_bpf bpf_lack(const struct bpf_support *support, int err)
{
	if (!support->is_built_in)
		return PROBLEM_BPF_NOT_BUILT_IN;
	/* Since 5.17 the kernel can relocate a program for its loader (bpf_core_apply()). */
	if (!kernel_release_is(support->release, 5, 17))
		return PROBLEM_BPF_OLD_KERNEL;
	/* In this mode no BPF program may read kernel memory (LOCKDOWN_BPF_READ_KERNEL). */
	if (support->lockdown && strstr(support->lockdown, "[confidentiality]"))
		return PROBLEM_BPF_LOCKED_DOWN;
	if (err == -EPERM || err == -EACCES)
		return PROBLEM_BPF_DENIED;
	return support->has_btf ? PROBLEM_BPF_OTHER : PROBLEM_BPF_NO_BTF;
}

enum problem_bpf bpf_lack_here(int err)
{
	struct bpf_support support = { .is_built_in = owners_bpf_is_built_in(),
				       .has_btf = !access("/sys/kernel/btf/vmlinux", F_OK) };
	int fd = open("/sys/kernel/security/lockdown", O_RDONLY | O_CLOEXEC);
	struct utsname kernel = { 0 };
	char text[128];
	ssize_t n;

	uname(&kernel);
	support.release = kernel.release;
	if (fd >= 0) {
		n = io_read(fd, text, sizeof(text) - 1);
		text[n > 0 ? n : 0] = '\0';
		support.lockdown = text;
		close(fd);
	}
	return bpf_lack(&support, err);
}
