/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Owners told by the kernel, through a BPF iterator over the descriptors of all tasks. */
#include <config.h>

#include "resolve/owners_bpf.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "resolve/task_file.h"
/* Made by bpftool: the program, and the loader that is a BPF program itself. */
#include "resolve/task_file.lskel.h"

/* The kernel gathers eight pages before it gives any: less would split them (bpf_seq_read()). */
#define READ_BYTES (64U << 10)

/*
 * A read that went through a million descriptors without one for us ends with EAGAIN and goes on
 * with the next (bpf_seq_read()); so many in a row are a fault.
 */
#define EMPTY_MAX 1000

struct owners_bpf {
	struct task_file_bpf *program;
};

bool owners_bpf_is_built_in(void)
{
	return true;
}

int owners_bpf_load(struct owners_bpf **out)
{
	struct task_file_bpf *program;
	int err;

	*out = NULL;
	program = task_file_bpf__open();
	if (!program)
		return -ENOMEM;
	err = task_file_bpf__load(program);
	if (!err)
		err = task_file_bpf__attach(program);
	if (err) {
		task_file_bpf__destroy(program);
		return err == -EPERM || err == -EACCES ? -EPERM : -EOPNOTSUPP;
	}
	*out = mem_alloc(sizeof(**out));
	(*out)->program = program;
	return 0;
}

void owners_bpf_free(struct owners_bpf *b)
{
	if (!b)
		return;
	task_file_bpf__destroy(b->program);
	free(b);
}

static int open_iterator(int link)
{
	union bpf_attr attr = { .iter_create.link_fd = (__u32)link };
	long fd = syscall(SYS_bpf, BPF_ITER_CREATE, &attr,
			  offsetof(union bpf_attr, iter_create) + sizeof(attr.iter_create));

	return fd < 0 ? -errno : (int)fd;
}

int owners_bpf_read(struct owners_bpf *b, bool skips_connected, struct buf *stream)
{
	int fd = open_iterator(b->program->links.task_file_fd);
	ssize_t n;
	unsigned int n_empty = 0;
	int err;

	if (fd < 0)
		return fd;
	b->program->bss->skips_connected = skips_connected;
	do {
		n = read(fd, buf_reserve(stream, READ_BYTES), READ_BYTES);
		if (n > 0)
			stream->len += (size_t)n;
		n_empty = n > 0 ? 0 : n_empty + 1;
	} while (n > 0 || (n < 0 && errno == EAGAIN && n_empty < EMPTY_MAX));
	err = n < 0 ? -errno : 0;
	close(fd);
	return err;
}
