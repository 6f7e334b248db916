/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A BPF iterator over all tasks that writes a stream of their sockets and io_urings. */
#include "task_file.h"

#include "base/bpf_kernel.h"

#define NSEC_PER_SEC 1000000000LL

/* The context of an iterator over tasks; the verifier knows its fields by their offsets. */
struct bpf_iter__task {
	__u64 meta;
	struct task_struct *task;
};

/* Set by the reader: leave out sockets that are not SS_UNCONNECTED. */
int only_unconnected;
/* Set by the reader: identify sockets by their cookies, if they have one. */
int reads_cookies;
/* Set by the reader: write the network namespaces of sockets, too. */
int reads_netns;
/* Set by the reader: a socket of its own, to recognise others by. */
__u32 socket_fd;
/* Set to 0 by the reader before each reading. */
int is_started;
/* Reported to the reader: the structs of this kernel are not laid out as this program needs. */
int is_unknown;

/* What start_reading() determines, and the current task. */
struct {
	__u64 socket_ops;
	struct pid_namespace *ns;
	__s64 boottime_ns; /* offset of the reader's time namespace */
	__u64 current; /* address of the current task */
	__u64 netns; /* address of the last network namespace that was written */
	__u32 level;
} reading;

/* The task whose table the last call did not read to the end. */
struct {
	__u64 task; /* its address, which another task may get when it has exited ... */
	int pid; /* ... but not with the same pid */
	__u32 fd; /* where to continue */
} pending;

/* What precedes a task's entries.  A global, because fill_heading() is a global function. */
struct {
	struct task_file_entry entry;
	struct task_file_task task;
} heading;

#define HEADING_ENTRIES (sizeof(heading) / sizeof(struct task_file_entry))

/* The start of a struct file, in words: enough for the fields that identify it. */
#define HEAD_WORDS 8

/* The size of a descriptor table is a multiple of this. */
#define BATCH 32

/* The program cannot be preempted, so a call should take a few milliseconds at most. */
#define BATCHES_MAX 1024

/* Descriptors that are read together. */
struct {
	__u64 files[BATCH];
	__u64 heads[BATCH][HEAD_WORDS];
	__u64 inodes[BATCH]; /* inode numbers; 0: not a socket, or one that is left out */
	__u64 sockets[BATCH]; /* the values of struct task_file_entry */
	__u64 netns[BATCH]; /* addresses; 0: unknown */
	__u64 files_after[BATCH];
} batch;

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct task_file_page);
} page SEC(".maps");

/* The pid of a task in the reader's pid namespace; 0 if it has none. */
static __s32 number(const struct task_struct *task)
{
	const struct pid *pid = BPF_CORE_READ(task, thread_pid);
	struct pid_namespace *ns = NULL;
	__u32 offset;
	__s32 nr = 0;

	if (!pid || BPF_CORE_READ(pid, level) < reading.level)
		return 0;
	/* The array has one entry per level, whatever its declared length. */
	offset = bpf_core_field_offset(struct pid, numbers) +
		 reading.level * bpf_core_type_size(struct upid);
	bpf_probe_read_kernel(&ns, sizeof(ns),
			      (const char *)pid + offset + bpf_core_field_offset(struct upid, ns));
	if (ns != reading.ns)
		return 0;
	bpf_probe_read_kernel(&nr, sizeof(nr),
			      (const char *)pid + offset + bpf_core_field_offset(struct upid, nr));
	return nr;
}

/*
 * This one and others without "static" are global functions, which the verifier checks once instead
 * of on every path that calls them: that halves the loading time.  For the same reason this program only
 * reads through helpers: for each pointer that it followed directly, the verifier would search the
 * names of all kernel types.  It does that for each type that is read, too, so a network namespace is
 * told by its address, and not by the number in its struct net.
 */
__attribute__((noinline)) int start_reading(void)
{
	const struct task_struct *reader = bpf_get_current_task_btf();
	const struct pid *pid = BPF_CORE_READ(reader, thread_pid);
	struct file **fds = BPF_CORE_READ(reader, files, fdt, fd);
	const struct time_namespace *time;
	const struct file *file = NULL;
	__u32 offset;

	is_started = 1;
	pending.task = 0;
	bpf_probe_read_kernel(&file, sizeof(file), fds + socket_fd);
	reading.socket_ops = (__u64)BPF_CORE_READ(file, f_op);
	is_unknown = !reading.socket_ops ||
		     bpf_core_field_offset(struct file, f_op) >= sizeof(batch.heads[0]) ||
		     bpf_core_field_offset(struct file, f_inode) >= sizeof(batch.heads[0]);
	reading.level = BPF_CORE_READ(pid, level);
	offset = bpf_core_field_offset(struct pid, numbers) +
		 reading.level * bpf_core_type_size(struct upid);
	bpf_probe_read_kernel(&reading.ns, sizeof(reading.ns),
			      (const char *)pid + offset + bpf_core_field_offset(struct upid, ns));
	reading.boottime_ns = 0;
	if (!bpf_core_field_exists(struct nsproxy, time_ns))
		return 0;
	time = BPF_CORE_READ(reader, nsproxy, time_ns);
	reading.boottime_ns = BPF_CORE_READ(time, offsets.boottime.tv_sec) * NSEC_PER_SEC +
			      BPF_CORE_READ(time, offsets.boottime.tv_nsec);
	return 0;
}

/* Fills in heading for reading.current: the verifier only takes trusted pointers as arguments. */
__attribute__((noinline)) int fill_heading(void)
{
	const struct task_struct *task = (const struct task_struct *)reading.current;
	const struct task_struct *leader = BPF_CORE_READ(task, group_leader);

	heading.entry.fd = TASK_FILE_TASK;
	heading.task.start_time = (BPF_CORE_READ(leader, start_boottime) + reading.boottime_ns) /
				  (NSEC_PER_SEC / USER_HZ);
	heading.task.pid = number(leader);
	heading.task.tid = number(task);
	/* Not translated: only the host's user namespace may load this program. */
	heading.task.uid = BPF_CORE_READ(leader, real_cred, euid.val);
	heading.task.netns = (__u64)BPF_CORE_READ(leader, nsproxy, net_ns);
	heading.task.name_len = TASK_COMM_LEN;
	bpf_probe_read_kernel(heading.task.name, TASK_COMM_LEN, &leader->comm);
	return 0;
}

static int is_ring(const struct file *file)
{
	const union {
		char text[16];
		__u64 words[2];
	} ring = { .text = "[io_uring]" };
	const struct dentry *dentry = BPF_CORE_READ(file, f_path.dentry);
	__u64 name[2] = {};

	if (BPF_CORE_READ(dentry, d_name.len) != sizeof("[io_uring]") - 1)
		return 0;
	bpf_probe_read_kernel(name, sizeof("[io_uring]") - 1, BPF_CORE_READ(dentry, d_name.name));
	return name[0] == ring.words[0] && name[1] == ring.words[1];
}

static __u64 head_word(__u32 k, __u32 offset)
{
	return batch.heads[k][offset / sizeof(__u64) % HEAD_WORDS];
}

static int is_socket(__u32 k)
{
	return head_word(k, bpf_core_field_offset(struct file, f_op)) == reading.socket_ops;
}

/* The steps of a batch, each a loop of its own: see read_batch(). */
static long read_head(__u32 k, __attribute__((unused)) void *data)
{
	k %= BATCH;
	bpf_probe_read_kernel(batch.heads[k], sizeof(batch.heads[k]), (const void *)batch.files[k]);
	return 0;
}

static long read_inode(__u32 k, __attribute__((unused)) void *data)
{
	const struct inode *inode;
	const struct socket *socket;

	k %= BATCH;
	batch.inodes[k] = 0;
	batch.sockets[k] = 0;
	if (!is_socket(k))
		return 0;
	inode = (const void *)head_word(k, bpf_core_field_offset(struct file, f_inode));
	socket = (const void *)((const char *)inode -
				bpf_core_field_offset(struct socket_alloc, vfs_inode) +
				bpf_core_field_offset(struct socket_alloc, socket));
	if (only_unconnected && BPF_CORE_READ(socket, state) != SS_UNCONNECTED)
		return 0;
	batch.inodes[k] = BPF_CORE_READ(inode, i_ino);
	batch.sockets[k] = (__u64)socket;
	return 0;
}

/* Only where it is needed: a struct sock is memory that no other step reads. */
__attribute__((noinline)) int read_sock(__u32 k)
{
	const struct socket *socket;
	const struct sock *sk;
	__u64 cookie = 0;

	k %= BATCH;
	socket = (const struct socket *)batch.sockets[k];
	sk = BPF_CORE_READ(socket, sk);
	/* A kernel without namespaces has no such field. */
	if (reads_netns && bpf_core_field_exists(sk->__sk_common.skc_net.net))
		batch.netns[k] = (__u64)BPF_CORE_READ(sk, __sk_common.skc_net.net);
	if (reads_cookies && BPF_CORE_READ(sk, sk_protocol) != IPPROTO_MPTCP)
		cookie = (__u64)BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
	if (cookie)
		batch.sockets[k] = cookie;
	return 0;
}

static long read_sock_if_any(__u32 k, __attribute__((unused)) void *data)
{
	k %= BATCH;
	batch.netns[k] = 0;
	if (batch.inodes[k])
		read_sock(k);
	return 0;
}

/* The descriptor table that is being read. */
struct table {
	struct file **fds;
	struct task_file_page *page;
	__u32 fd; /* where to continue */
	__u32 end;
};

/* What one batch may add at most: entries and, before each, its namespace. */
#define BATCH_ENTRIES (2 * BATCH)

/* Writes the namespace of the next entry. */
__attribute__((noinline)) int add_netns(__u32 k)
{
	__u32 key = 0, n;
	struct task_file_page *to = bpf_map_lookup_elem(&page, &key);

	k %= BATCH;
	if (!to || !batch.netns[k] || batch.netns[k] == reading.netns)
		return 0;
	n = to->n;
	if (n >= TASK_FILE_PAGE_ENTRIES)
		return 0;
	to->entries[n].socket = reading.netns = batch.netns[k];
	to->entries[n].inode = 0;
	to->entries[n].fd = TASK_FILE_NETNS;
	to->n = n + 1;
	return 0;
}

static long add_entry(__u32 k, void *data)
{
	struct table *table = data;
	__u32 n;

	k %= BATCH;
	/* The memory of a file that was closed meanwhile may have been reused. */
	if (!batch.files[k] || batch.files[k] != batch.files_after[k])
		return 0;
	if (is_socket(k) ? !batch.inodes[k] : !is_ring((const struct file *)batch.files[k]))
		return 0;
	if (reads_netns && batch.inodes[k])
		add_netns(k);
	n = table->page->n;
	if (n >= TASK_FILE_PAGE_ENTRIES)
		return 0;
	table->page->entries[n].socket = batch.sockets[k];
	table->page->entries[n].inode = batch.inodes[k];
	table->page->entries[n].fd = table->fd + k;
	table->page->n = n + 1;
	return 0;
}

/*
 * Reads one batch; 1 if the page has no room for it.  Most of the time is spent waiting for the
 * memory of each file, inode and socket.  A loop per step lets the processor wait for several of
 * them at once.
 */
static long read_batch(__attribute__((unused)) __u32 index, void *data)
{
	struct table *table = data;
	struct file **fds = table->fds + table->fd;

	if (table->page->n > TASK_FILE_PAGE_ENTRIES - BATCH_ENTRIES)
		return 1;
	bpf_probe_read_kernel(batch.files, sizeof(batch.files), fds);
	bpf_loop(BATCH, read_head, NULL, 0);
	bpf_loop(BATCH, read_inode, NULL, 0);
	if (reads_cookies || reads_netns)
		bpf_loop(BATCH, read_sock_if_any, NULL, 0);
	bpf_probe_read_kernel(batch.files_after, sizeof(batch.files_after), fds);
	bpf_loop(BATCH, add_entry, table, 0);
	table->fd += BATCH;
	return 0;
}

/*
 * Writes every task that has a table of its own, even without entries: so the reader knows which
 * tasks the kernel has shown.  Returns 1 to be called again for the same task: the page is full, or
 * the table has more entries.
 */
SEC("iter/task")
int task_file(struct bpf_iter__task *ctx)
{
	const struct task_struct *task = ctx->task, *leader;
	const struct files_struct *files;
	struct table table = {};
	__u32 key = 0, n_before, n_batches;
	int pid, is_pending;

	if (!task)
		return 0;
	if (!is_started)
		start_reading();
	files = BPF_CORE_READ(task, files);
	leader = BPF_CORE_READ(task, group_leader);
	if (is_unknown || !files || (task != leader && files == BPF_CORE_READ(leader, files)))
		return 0;
	table.page = bpf_map_lookup_elem(&page, &key);
	if (!table.page)
		return 0;
	pid = BPF_CORE_READ(task, pid);
	is_pending = pending.task == (__u64)task && pending.pid == pid;
	n_before = table.page->n;
	if (!is_pending) {
		if (n_before > TASK_FILE_PAGE_ENTRIES - HEADING_ENTRIES)
			return 1;
		reading.current = (__u64)task;
		fill_heading();
		__builtin_memcpy(&table.page->entries[n_before], &heading, sizeof(heading));
		table.page->n = n_before + HEADING_ENTRIES;
		pending.fd = 0;
	}
	reading.netns = 0;
	table.fd = pending.fd;
	table.fds = BPF_CORE_READ(files, fdt, fd);
	table.end = BPF_CORE_READ(files, fdt, max_fds);
	n_batches = table.fd < table.end ? (table.end - table.fd) / BATCH : 0;
	bpf_loop(n_batches < BATCHES_MAX ? n_batches : BATCHES_MAX, read_batch, &table, 0);
	pending.task = 0;
	/* The task has replaced its table: what was read may belong to another one.  Discard it. */
	if (BPF_CORE_READ(task, files) != files) {
		table.page->n = n_before;
		table.fd = 0;
	} else if (table.fd >= table.end) {
		return 0;
	} else {
		is_pending = 1;
	}
	if (is_pending) {
		pending.task = (__u64)task;
		pending.pid = pid;
		pending.fd = table.fd;
	}
	return 1;
}

char _license[] SEC("license") = "GPL";
