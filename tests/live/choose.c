/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a command while a BPF program of the kind sk_lookup is attached to the network namespace: one
 * that lets every connection have the socket that it would have without it.
 *
 * usage: choose COMMAND [ARGUMENT...]
 *
 * 77 where this kernel or user may not attach one.
 */
#include <config.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

static int load(void)
{
	/* r0 = SK_PASS; exit */
	static const struct bpf_insn program[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = SK_PASS },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SK_LOOKUP,
		.expected_attach_type = BPF_SK_LOOKUP,
		.insns = (uintptr_t)program,
		.insn_cnt = sizeof(program) / sizeof(*program),
		.license = (uintptr_t) "GPL",
	};

	return bpf(BPF_PROG_LOAD, &attr);
}

int main(int argc, char **argv)
{
	union bpf_attr link = { 0 };
	int program = load(), netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), fd;

	if (argc < 2 || program < 0 || netns < 0) {
		perror("BPF_PROG_LOAD");
		return 77;
	}
	link.link_create.prog_fd = (__u32)program;
	link.link_create.target_fd = (__u32)netns;
	link.link_create.attach_type = BPF_SK_LOOKUP;
	fd = bpf(BPF_LINK_CREATE, &link);
	/* It is attached for as long as the command has this descriptor. */
	if (fd < 0 || fcntl(fd, F_SETFD, 0)) {
		perror("BPF_LINK_CREATE");
		return 77;
	}
	execv(argv[1], argv + 1);
	perror(argv[1]);
	return 1;
}
