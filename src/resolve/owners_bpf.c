/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Owners told by the kernel, through a BPF iterator over all tasks and their descriptors. */
#include <config.h>

#include "resolve/owners_bpf.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "resolve/task_file.h"
/* Made by bpftool: the program, and the loader that is a BPF program itself. */
#include "resolve/task_file.lskel.h"

/*
 * A read that went through a million tasks, or over a table that its task left, brings nothing and
 * the next one goes on (bpf_seq_read()); so many in a row are a fault.
 */
#define EMPTY_MAX 1000

struct owners_bpf {
	struct task_file_bpf *program;
	struct task_file_page *page; /* shared with the program */
	int socket; /* shows the program what a socket is */
};

bool owners_bpf_is_built_in(void)
{
	return true;
}

void owners_bpf_free(struct owners_bpf *b)
{
	if (!b)
		return;
	if (b->page)
		munmap(b->page, sizeof(*b->page));
	if (b->program)
		task_file_bpf__destroy(b->program);
	if (b->socket >= 0)
		close(b->socket);
	free(b);
}

static int load(struct owners_bpf *b)
{
	void *page;
	int err;

	b->socket = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (b->socket < 0)
		return -errno;
	b->program = task_file_bpf__open();
	if (!b->program)
		return -ENOMEM;
	err = task_file_bpf__load(b->program);
	if (!err)
		err = task_file_bpf__attach(b->program);
	if (err)
		return err;
	page = mmap(NULL, sizeof(*b->page), PROT_READ | PROT_WRITE, MAP_SHARED,
		    b->program->maps.page.map_fd, 0);
	if (page == MAP_FAILED)
		return -errno;
	b->page = page;
	b->program->bss->socket_fd = (__u32)b->socket;
	return 0;
}

int owners_bpf_load(struct owners_bpf **out)
{
	struct owners_bpf *b = mem_calloc(1, sizeof(*b));
	int err = load(b);

	*out = NULL;
	if (err) {
		owners_bpf_free(b);
		return err == -EPERM || err == -EACCES ? -EPERM : -EOPNOTSUPP;
	}
	*out = b;
	return 0;
}

static int open_iterator(int link)
{
	union bpf_attr attr = { .iter_create.link_fd = (__u32)link };
	long fd = syscall(SYS_bpf, BPF_ITER_CREATE, &attr,
			  offsetof(union bpf_attr, iter_create) + sizeof(attr.iter_create));

	return fd < 0 ? -errno : (int)fd;
}

/* Takes what the page holds.  False where that is nothing. */
static bool take_page(struct owners_bpf *b, struct buf *stream)
{
	size_t n = b->page->n;

	if (n > TASK_FILE_PAGE_ENTRIES)
		n = TASK_FILE_PAGE_ENTRIES;
	buf_add(stream, (const char *)b->page->entries, n * sizeof(b->page->entries[0]));
	b->page->n = 0;
	return n;
}

int owners_bpf_read(struct owners_bpf *b, unsigned int flags, struct buf *stream)
{
	int fd = open_iterator(b->program->links.task_file_fd);
	unsigned int n_empty = 0;
	int err;

	if (fd < 0)
		return fd;
	b->program->bss->skips_connected = !!(flags & OWNERS_BPF_SKIPS_CONNECTED);
	b->program->bss->reads_cookies = !!(flags & OWNERS_BPF_READS_COOKIES);
	b->program->bss->is_started = 0;
	b->page->n = 0;
	do {
		char none;

		/* The program writes to the page alone; EAGAIN says that there is more. */
		err = read(fd, &none, sizeof(none)) < 0 ? -errno : 0;
		n_empty = take_page(b, stream) ? 0 : n_empty + 1;
	} while (err == -EAGAIN && n_empty < EMPTY_MAX);
	close(fd);
	return b->program->bss->is_unknown ? -EOPNOTSUPP : err;
}
