/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a command for which opening netlink sockets fails with ERRNO, as with
 * RestrictAddressFamilies= of a service manager; with PROTOCOL, those of this protocol alone; with bpf,
 * what bpf(2) is asked for fails instead, as in containers.
 *
 * usage: confine ERRNO[:PROTOCOL|:bpf] COMMAND [ARGUMENT...]
 */
#include <config.h>

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The lower half of an argument; the kernel takes those of socket(2) as ints. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#	define ARGUMENT(i) offsetof(struct seccomp_data, args[i])
#else
#	define ARGUMENT(i) (offsetof(struct seccomp_data, args[i]) + sizeof(__u32))
#endif

static int install(struct sock_filter *filter, size_t n)
{
	struct sock_fprog program = { .len = (unsigned short)n, .filter = filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

static int refuse_bpf(unsigned int error)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error & SECCOMP_RET_DATA)),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return install(filter, sizeof(filter) / sizeof(*filter));
}

/* mask: the bits of the protocol that count, all or none. */
static int refuse_netlink(unsigned int error, unsigned int protocol, unsigned int mask)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 6),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(0)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(2)),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, mask),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, protocol & mask, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error & SECCOMP_RET_DATA)),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return install(filter, sizeof(filter) / sizeof(*filter));
}

int main(int argc, char **argv)
{
	char *end = NULL;
	unsigned long error = argc > 2 ? strtoul(argv[1], &end, 10) : 0, protocol = 0;
	bool is_bpf = error && !strcmp(end, ":bpf");
	bool has_protocol = error && *end == ':' && !is_bpf;

	if (has_protocol)
		protocol = strtoul(end + 1, &end, 10);
	if (!error || (*end && !is_bpf)) {
		fputs("usage: confine ERRNO[:PROTOCOL|:bpf] COMMAND [ARGUMENT...]\n", stderr);
		return 125;
	}
	if (is_bpf ? refuse_bpf((unsigned int)error)
		   : refuse_netlink((unsigned int)error, (unsigned int)protocol,
				    has_protocol ? UINT32_MAX : 0)) {
		fprintf(stderr, "confine: seccomp: %s\n", strerror(errno));
		return 125;
	}
	execv(argv[2], argv + 2);
	fprintf(stderr, "confine: %s: %s\n", argv[2], strerror(errno));
	return 126;
}
