/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who holds the sockets of a namespace without processes, by streams as the BPF program writes. */
#include <config.h>

#include "resolve/netns_holders.h"

#include "base/buf.h"
#include "resolve/task_file.h"
#include "stream.h"
#include "test.h"

/* Addresses of namespaces. */
#define HOST 0xffff888000000001ULL
#define LEFT 0xffff888000000002ULL
#define OF_THREAD 0xffff888000000003ULL
#define OTHER 0xffff888000000004ULL

static void add_netns(struct buf *b, uint64_t netns)
{
	struct task_file_entry entry = { .socket = netns, .fd = TASK_FILE_NETNS };

	buf_add(b, (const char *)&entry, sizeof(entry));
}

/* A task that lives in this namespace. */
static void add_task_in(struct buf *b, uint64_t netns, int pid, int tid)
{
	size_t start = b->len + sizeof(struct task_file_entry);
	struct task_file_task task;

	add_task(b, pid, tid, 1, "task");
	memcpy(&task, b->data + start, sizeof(task));
	task.netns = netns;
	memcpy(b->data + start, &task, sizeof(task));
}

static void is_holder(const struct netns_holder *holder, uint64_t netns, int pid, int tid, int fd)
{
	assert_int_equal(holder->netns, netns);
	assert_int_equal(holder->pid, pid);
	assert_int_equal(holder->tid, tid);
	assert_int_equal(holder->fd, fd);
}

/* The list is replaced each time. */
static void test_first_holder(void **state)
{
	struct netns_holders h = { 0 };
	struct buf b = { 0 };

	(void)state;
	add_task_in(&b, HOST, 5, 5);
	add_netns(&b, HOST);
	add_entry(&b, 10, 3);
	add_netns(&b, LEFT);
	add_entry(&b, 11, 4);
	add_entry(&b, 12, 5);
	add_netns(&b, HOST);
	add_entry(&b, 13, 6);
	add_netns(&b, LEFT);
	add_entry(&b, 14, 7);
	add_task_in(&b, OTHER, 6, 6);
	add_netns(&b, LEFT);
	add_entry(&b, 11, 3);
	for (int i = 0; i < 2; i++) {
		netns_holders_read(&h, b.data, b.len);
		assert_int_equal(h.n, 1);
		is_holder(&h.list[0], LEFT, 5, 5, 4);
	}
	netns_holders_read(&h, NULL, 0);
	assert_int_equal(h.n, 0);
	netns_holders_fini(&h);
	buf_fini(&b);
}

/* What a later process lives in is none of them, but what only a thread lives in is. */
static void test_inhabited(void **state)
{
	struct netns_holders h = { 0 };
	struct buf b = { 0 };

	(void)state;
	add_task_in(&b, HOST, 5, 5);
	add_netns(&b, OTHER);
	add_entry(&b, 11, 4);
	add_task_in(&b, OF_THREAD, 5, 8);
	add_netns(&b, OF_THREAD);
	add_entry(&b, 12, 9);
	add_task_in(&b, OTHER, 7, 7);
	/* Outside the reader's pid namespace. */
	add_task_in(&b, HOST, 0, 0);
	add_netns(&b, LEFT);
	add_entry(&b, 13, 3);
	netns_holders_read(&h, b.data, b.len);
	assert_int_equal(h.n, 1);
	is_holder(&h.list[0], OF_THREAD, 5, 8, 9);
	netns_holders_fini(&h);
	buf_fini(&b);
}

/* Cut anywhere, a stream says less, but nothing wrong. */
static void test_cut(void **state)
{
	struct netns_holders h = { 0 };
	struct buf b = { 0 };

	(void)state;
	add_task_in(&b, HOST, 5, 5);
	add_netns(&b, LEFT);
	add_entry(&b, 11, 4);
	for (size_t len = 0; len <= b.len; len++) {
		netns_holders_read(&h, b.data, len);
		assert_int_equal(h.n, len == b.len);
		if (h.n)
			is_holder(&h.list[0], LEFT, 5, 5, 4);
	}
	netns_holders_fini(&h);
	buf_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_first_holder),
		cmocka_unit_test(test_inhabited),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
