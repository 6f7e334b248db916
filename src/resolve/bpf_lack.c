/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Why the kernel does not take the program that finds owners. */
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

enum problem_bpf bpf_lack(const struct bpf_place *place, int err)
{
	if (!place->is_built_in)
		return PROBLEM_BPF_NOT_BUILT_IN;
	/* The loader has the kernel relocate the program (bpf_core_apply()). */
	if (!kernel_release_is(place->release, 5, 17))
		return PROBLEM_BPF_OLD_KERNEL;
	/* Then no program may read the kernel's memory (LOCKDOWN_BPF_READ_KERNEL). */
	if (place->lockdown && strstr(place->lockdown, "[confidentiality]"))
		return PROBLEM_BPF_LOCKED_DOWN;
	if (err == -EPERM || err == -EACCES)
		return PROBLEM_BPF_DENIED;
	return place->has_btf ? PROBLEM_BPF_OTHER : PROBLEM_BPF_NO_BTF;
}

enum problem_bpf bpf_lack_here(int err)
{
	struct bpf_place place = { .is_built_in = owners_bpf_is_built_in(),
				   .has_btf = !access("/sys/kernel/btf/vmlinux", F_OK) };
	int fd = open("/sys/kernel/security/lockdown", O_RDONLY | O_CLOEXEC);
	struct utsname kernel = { 0 };
	char text[128];
	ssize_t n;

	uname(&kernel);
	place.release = kernel.release;
	if (fd >= 0) {
		n = io_read(fd, text, sizeof(text) - 1);
		text[n > 0 ? n : 0] = '\0';
		place.lockdown = text;
		close(fd);
	}
	return bpf_lack(&place, err);
}
