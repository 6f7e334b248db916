/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a command for which opening netlink sockets fails with ERRNO, as with
 * RestrictAddressFamilies= of a service manager.
 *
 * usage: confine ERRNO COMMAND [ARGUMENT...]
 */
#include <config.h>

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The lower half of an argument; the kernel takes the address family as an int. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#	define FIRST_ARGUMENT offsetof(struct seccomp_data, args[0])
#else
#	define FIRST_ARGUMENT (offsetof(struct seccomp_data, args[0]) + sizeof(__u32))
#endif

static int install(unsigned int error)
{
	struct sock_filter filter[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_socket, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIRST_ARGUMENT),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AF_NETLINK, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (error & SECCOMP_RET_DATA)),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof(filter) / sizeof(*filter), .filter = filter };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -1;
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(int argc, char **argv)
{
	char *end = NULL;
	unsigned long error = argc > 2 ? strtoul(argv[1], &end, 10) : 0;

	if (!error || *end) {
		fputs("usage: confine ERRNO COMMAND [ARGUMENT...]\n", stderr);
		return 125;
	}
	if (install((unsigned int)error)) {
		fprintf(stderr, "confine: seccomp: %s\n", strerror(errno));
		return 125;
	}
	execv(argv[2], argv + 2);
	fprintf(stderr, "confine: %s: %s\n", argv[2], strerror(errno));
	return 126;
}
