/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a command while a BPF program of the kind sk_lookup is attached to the network namespace: one
 * that gives connections to the port FROM to a listener at 127.0.0.1:TO, which this program opens and
 * the command keeps; or, without these, one that lets every connection have the socket that it would
 * have without it.
 *
 * usage: choose [FROM:TO] COMMAND [ARGUMENT...]
 *
 * 77 where this kernel or user may not attach one.
 */
#include <config.h>

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* clang-format off */
#define MOVE(to, from) { .code = BPF_ALU64 | BPF_MOV | BPF_X, .dst_reg = (to), .src_reg = (from) }
#define SET(to, value) { .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = (to), .imm = (value) }
#define CALL(function) { .code = BPF_JMP | BPF_CALL, .imm = (function) }
#define EXIT { .code = BPF_JMP | BPF_EXIT }

static int load(int map, int from)
{
	/* Without a port the last two are all. */
	const struct bpf_insn program[] = {
		MOVE(BPF_REG_6, BPF_REG_1),
		{ .code = BPF_LDX | BPF_W | BPF_MEM, .dst_reg = BPF_REG_2, .src_reg = BPF_REG_1,
		  .off = offsetof(struct bpf_sk_lookup, local_port) },
		{ .code = BPF_JMP | BPF_JNE | BPF_K, .dst_reg = BPF_REG_2, .off = 14, .imm = from },
		{ .code = BPF_ST | BPF_W | BPF_MEM, .dst_reg = BPF_REG_10, .off = -4, .imm = 0 },
		MOVE(BPF_REG_2, BPF_REG_10),
		{ .code = BPF_ALU64 | BPF_ADD | BPF_K, .dst_reg = BPF_REG_2, .imm = -4 },
		{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = BPF_REG_1, .src_reg = BPF_PSEUDO_MAP_FD,
		  .imm = map },
		{ 0 },
		CALL(BPF_FUNC_map_lookup_elem),
		{ .code = BPF_JMP | BPF_JEQ | BPF_K, .dst_reg = BPF_REG_0, .off = 7, .imm = 0 },
		MOVE(BPF_REG_7, BPF_REG_0),
		MOVE(BPF_REG_1, BPF_REG_6),
		MOVE(BPF_REG_2, BPF_REG_7),
		SET(BPF_REG_3, 0),
		CALL(BPF_FUNC_sk_assign),
		MOVE(BPF_REG_1, BPF_REG_7),
		CALL(BPF_FUNC_sk_release),
		SET(BPF_REG_0, SK_PASS),
		EXIT,
	};
	const size_t n = sizeof(program) / sizeof(*program), first = from ? 0 : n - 2;
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SK_LOOKUP,
		.expected_attach_type = BPF_SK_LOOKUP,
		.insns = (uintptr_t)(program + first),
		.insn_cnt = (__u32)(n - first),
		.license = (uintptr_t) "GPL",
	};

	return bpf(BPF_PROG_LOAD, &attr);
}
/* clang-format on */

/* A map with the listener; -1 and errno. */
static int map_of_listener(int to)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_port = htons((uint16_t)to),
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	union bpf_attr map = {
		.map_type = BPF_MAP_TYPE_SOCKMAP, .key_size = 4, .value_size = 8, .max_entries = 1
	};
	union bpf_attr element = { 0 };
	int listener = socket(AF_INET, SOCK_STREAM, 0), fd = bpf(BPF_MAP_CREATE, &map);
	uint64_t value = (uint64_t)listener;
	uint32_t key = 0;

	if (fd < 0 || listener < 0 || bind(listener, (struct sockaddr *)&addr, sizeof(addr)) ||
	    listen(listener, 1))
		return -1;
	element.map_fd = (__u32)fd;
	element.key = (uintptr_t)&key;
	element.value = (uintptr_t)&value;
	return bpf(BPF_MAP_UPDATE_ELEM, &element) ? -1 : fd;
}

int main(int argc, char **argv)
{
	union bpf_attr link = { 0 };
	int from = 0, to = 0, map = -1, program, netns, fd;

	if (argc > 1 && isdigit((unsigned char)*argv[1])) {
		char *end;

		from = (int)strtol(argv[1], &end, 10);
		to = *end == ':' ? (int)strtol(end + 1, NULL, 10) : 0;
		argv++;
		argc--;
	}
	if (argc < 2)
		return 2;
	if (from)
		map = map_of_listener(to);
	program = from && map < 0 ? -1 : load(map, from);
	netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (program < 0 || netns < 0) {
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
