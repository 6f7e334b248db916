/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Streams of who holds what: whole, cut, of no form at all. */
#include <config.h>

#include "resolve/owner_index.h"

#include <errno.h>

#include "base/map.h"
#include "edge.h"
#include "random.h"
#include "stream.h"
#include "test.h"

/* Two processes, one of them with a thread that has a table of its own. */
static void make_stream(struct buf *b)
{
	add_task(b, 5, 5, 100, "five");
	add_entry(b, 1, 3);
	add_entry(b, 99, 4);
	add_entry(b, 0, 6);
	add_task(b, 9, 12, 300, "nine");
	add_entry(b, 2, 8);
	add_entry(b, 0, 9);
	add_task(b, 5, 13, 100, "five");
	add_entry(b, 2, 7);
	add_task(b, 0, 0, 100, "outside");
	add_entry(b, 1, 3);
}

static void want(struct map *wanted)
{
	map_add(wanted, 1, 1, NULL);
	map_add(wanted, 2, 0, NULL);
}

static void streams_are_read(void **state)
{
	struct owner_index index = { 0 };
	struct map wanted = { 0 };
	struct buf b = { 0 };

	(void)state;
	want(&wanted);
	make_stream(&b);
	assert_int_equal(
		index_read(&index, b.data, b.len, INDEX_OF_PROCESSES, OWNER_VIA_FD, &wanted), 0);
	assert_int_equal(index.n, 1);
	assert_int_equal(index.list[0].inode, 1);
	assert_int_equal(index.list[0].fd, 3);
	assert_int_equal(index.list[0].via, OWNER_VIA_FD);
	assert_int_equal(index.n_processes, 1);
	assert_int_equal(index.processes[0].process.pid, 5);
	assert_int_equal(index.processes[0].process.start_time, 100);
	assert_int_equal(index.processes[0].process.uid, 7);
	assert_int_equal(index.processes[0].process.name_len, 4);
	assert_memory_equal(index.processes[0].name, "five", 4);
	assert_int_equal(index.n_rings, 1);
	assert_int_equal(index.rings[0].fd, 6);

	assert_int_equal(
		index_read(&index, b.data, b.len, INDEX_OF_THREADS, OWNER_VIA_THREAD, &wanted), 0);
	index_sort(&index, 1);
	assert_int_equal(index.n, 3);
	assert_int_equal(index.n_processes, 2);
	assert_int_equal(index.list[1].process, 0);
	assert_int_equal(index.list[1].fd, 7);
	assert_int_equal(index.processes[index.list[2].process].process.pid, 9);
	assert_int_equal(index.n_rings, 2);
	assert_int_equal(index.rings[1].tid, 12);
	index_clear(&index);
	assert_int_equal(index.n + index.n_processes + index.n_rings, 0);
	index_fini(&index);
	map_fini(&wanted);
	buf_fini(&b);
}

static void all_inodes_are_wanted(void **state)
{
	struct owner_index index = { 0 };
	struct buf b = { 0 };

	(void)state;
	make_stream(&b);
	assert_int_equal(index_of(&index, 1, 0).n, 0);
	assert_int_equal(index_read(&index, b.data, b.len, INDEX_OF_PROCESSES, OWNER_VIA_FD, NULL),
			 0);
	index_finish(&index);
	assert_int_equal(index.n, 2);
	assert_int_equal(index_of(&index, 1, 0).n, 1);
	assert_int_equal(index_of(&index, 99, 0).n, 1);
	assert_int_equal(index_of(&index, 99, 0).list[0].fd, 4);
	assert_int_equal(index_of(&index, 0, 0).n, 0);
	assert_int_equal(index_of(&index, 2, 0).n, 0);
	assert_int_equal(index_of(&index, 100, 0).n, 0);
	index_clear(&index);
	assert_int_equal(index_of(&index, 1, 0).n, 0);
	index_fini(&index);
	buf_fini(&b);
}

/* The owners of every inode are those that were added, in their order, each process once. */
static void owners_are_found_by_inode(void **state)
{
	enum { PIDS = 40, FDS = 50 };
	static const uint32_t spreads[] = { 1, 7, 3000, 400000, 107374182 };
	uint64_t seed = 3;

	(void)state;
	for (int round = 0; round < 200; round++) {
		uint32_t spread = spreads[round % 5];
		struct {
			uint32_t inode;
			int pid, fd;
		} all[PIDS * FDS];
		struct owner_index index = { 0 };
		struct buf b = { 0 };
		size_t n = 0;

		for (int pid = 1; pid <= PIDS; pid++) {
			add_task(&b, pid, pid, 1, "p");
			for (int fd = 0; fd < FDS; fd++) {
				uint32_t inode = 1 + (uint32_t)random_below(&seed, 40) * spread;

				add_entry(&b, inode, (uint32_t)fd);
				all[n].inode = inode;
				all[n].pid = pid;
				all[n++].fd = fd;
			}
			/* Settled in between, what was there keeps its place before what comes. */
			if (pid % 16)
				continue;
			assert_int_equal(index_read(&index, b.data, b.len, INDEX_OF_PROCESSES,
						    OWNER_VIA_FD, NULL),
					 0);
			index_finish(&index);
			buf_clear(&b);
		}
		assert_int_equal(
			index_read(&index, b.data, b.len, INDEX_OF_PROCESSES, OWNER_VIA_FD, NULL),
			0);
		index_finish(&index);
		for (uint32_t i = 0; i < 40; i++) {
			struct owner_span span = index_of(&index, 1 + i * spread, 0);
			size_t at = 0;
			int last = 0;

			for (size_t k = 0; k < n; k++) {
				if (all[k].inode != 1 + i * spread || all[k].pid == last)
					continue;
				last = all[k].pid;
				assert_true(at < span.n);
				assert_int_equal(index.processes[span.list[at].process].process.pid,
						 last);
				assert_int_equal(span.list[at++].fd, all[k].fd);
			}
			assert_int_equal(at, span.n);
			if (spread > 1)
				assert_int_equal(index_of(&index, 2 + i * spread, 0).n, 0);
		}
		index_fini(&index);
		buf_fini(&b);
	}
}

static void assert_pids(const struct owner_index *index, uint32_t inode, uint64_t cookie, size_t n,
			const int *pids)
{
	struct owner_span span = index_of(index, inode, cookie);

	assert_int_equal(span.n, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(index->processes[span.list[i].process].process.pid, pids[i]);
}

/* One inode number, several sockets: by cookie each has its own owners. */
static void sockets_of_one_number_are_told_by_cookie(void **state)
{
	const uint64_t address = 0xffff888000000000U, other = address + 2048;
	struct owner_index index = { 0 };
	struct buf b = { 0 };

	(void)state;
	for (int pid = 1; pid <= 3; pid++) {
		add_task(&b, pid, pid, 1, "p");
		add_socket(&b, address, 8, 2);
		add_socket(&b, 70, 7, 3);
		/* The second socket is held by one process, the third is MPTCP: told by address. */
		if (pid == 2)
			add_socket(&b, 50, 7, 4);
		if (pid == 3)
			add_socket(&b, address, 7, 5);
		add_socket(&b, 70, 7, 6);
	}
	add_task(&b, 4, 4, 1, "p");
	add_socket(&b, other, 8, 2);
	assert_int_equal(index_read(&index, b.data, b.len, INDEX_OF_PROCESSES, OWNER_VIA_FD, NULL),
			 0);
	index_finish(&index);
	assert_pids(&index, 7, 70, 3, (const int[]){ 1, 2, 3 });
	assert_int_equal(index_of(&index, 7, 70).list[0].fd, 3);
	assert_pids(&index, 7, 50, 1, (const int[]){ 2 });
	/* Of no cookie that is known: the one without. */
	assert_pids(&index, 7, 60, 1, (const int[]){ 3 });
	assert_false(index_is_ambiguous(index_of(&index, 7, 60)));
	assert_pids(&index, 7, 0, 5, (const int[]){ 2, 1, 2, 3, 3 });
	assert_true(index_is_ambiguous(index_of(&index, 7, 0)));
	/* Two without cookies: nothing tells which one it is. */
	assert_pids(&index, 8, 60, 4, (const int[]){ 1, 2, 3, 4 });
	assert_true(index_is_ambiguous(index_of(&index, 8, 60)));
	index_fini(&index);
	buf_fini(&b);
}

/* A number that went to another process: what it holds is not the first one's. */
static void other_process_of_the_same_number_is_passed_over(void **state)
{
	struct owner_index index = { 0 };
	struct map wanted = { 0 };
	struct buf b = { 0 };

	(void)state;
	want(&wanted);
	add_task(&b, 5, 5, 100, "five");
	add_entry(&b, 1, 3);
	add_task(&b, 5, 5, 101, "other");
	add_entry(&b, 2, 3);
	add_task(&b, 5, 5, 100, "five");
	add_entry(&b, 2, 4);
	assert_int_equal(
		index_read(&index, b.data, b.len, INDEX_OF_PROCESSES, OWNER_VIA_FD, &wanted), 0);
	assert_int_equal(index.n_processes, 1);
	assert_int_equal(index.n, 2);
	assert_int_equal(index.list[1].fd, 4);
	index_fini(&index);
	map_fini(&wanted);
	buf_fini(&b);
}

static void streams_cut_anywhere(void **state)
{
	struct map wanted = { 0 };
	struct buf b = { 0 };
	struct edge edge;

	(void)state;
	want(&wanted);
	make_stream(&b);
	edge_init(&edge, b.len);
	for (size_t len = 0; len < b.len; len++) {
		struct owner_index index = { 0 };
		int err = index_read(&index, edge_copy(&edge, b.data, len), len, INDEX_OF_PROCESSES,
				     OWNER_VIA_FD, &wanted);

		assert_true(err == 0 || err == -EINVAL);
		assert_true(index.n <= 1 && index.n_rings <= 1);
		if (len % sizeof(struct task_file_entry))
			assert_int_equal(err, -EINVAL);
		index_fini(&index);
	}
	edge_fini(&edge);
	map_fini(&wanted);
	buf_fini(&b);
}

static void name_is_no_longer_than_its_room(void **state)
{
	struct owner_index index = { 0 };
	struct map wanted = { 0 };
	struct task_file_entry entry = { .fd = TASK_FILE_TASK };
	struct task_file_task task = { .pid = 1, .tid = 1, .name_len = UINT32_MAX };
	struct buf b = { 0 };

	(void)state;
	want(&wanted);
	memset(task.name, 'x', sizeof(task.name));
	buf_add(&b, (const char *)&entry, sizeof(entry));
	buf_add(&b, (const char *)&task, sizeof(task));
	add_entry(&b, 1, 3);
	assert_int_equal(
		index_read(&index, b.data, b.len, INDEX_OF_PROCESSES, OWNER_VIA_FD, &wanted), 0);
	assert_int_equal(index.processes[0].process.name_len, sizeof(task.name));
	index_fini(&index);
	map_fini(&wanted);
	buf_fini(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(streams_are_read),
		cmocka_unit_test(all_inodes_are_wanted),
		cmocka_unit_test(owners_are_found_by_inode),
		cmocka_unit_test(sockets_of_one_number_are_told_by_cookie),
		cmocka_unit_test(other_process_of_the_same_number_is_passed_over),
		cmocka_unit_test(streams_cut_anywhere),
		cmocka_unit_test(name_is_no_longer_than_its_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
