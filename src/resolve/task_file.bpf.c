/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A BPF iterator over all tasks' descriptors that writes which of them are sockets. */
#include "task_file.h"

#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define AF_INET 2
#define AF_INET6 10
#define NSEC_PER_SEC 1000000000LL
#define USER_HZ 100 /* ticks in a second, in what the kernel tells users */
#define TASK_COMM_LEN 16

/* The kernel's own types, as far as they are needed: where a field stands is found at load time. */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct seq_file;

struct bpf_iter_meta {
	struct seq_file *seq;
	__u64 session_id;
};

typedef struct {
	__u32 val;
} kuid_t;

struct cred {
	kuid_t euid;
};

struct pid_namespace;

struct upid {
	int nr;
	struct pid_namespace *ns;
};

struct pid {
	unsigned int level;
	struct upid numbers[1];
};

struct timespec64 {
	__s64 tv_sec;
	long tv_nsec;
};

struct timens_offsets {
	struct timespec64 boottime;
};

struct time_namespace {
	struct timens_offsets offsets;
};

struct nsproxy {
	struct time_namespace *time_ns;
};

struct task_struct {
	int pid;
	struct task_struct *group_leader;
	struct pid *thread_pid;
	__u64 start_boottime;
	const struct cred *real_cred;
	struct nsproxy *nsproxy;
	char comm[TASK_COMM_LEN];
};

struct qstr {
	__u32 len;
	const unsigned char *name;
};

struct dentry {
	struct qstr d_name;
};

struct path {
	struct dentry *dentry;
};

struct inode {
	unsigned long i_ino;
};

struct file {
	struct inode *f_inode;
	struct path f_path;
};

struct proto_ops {
	int family;
};

struct sock;

/* linux/net.h; the kernel's own is an enumeration, too, so that it is found. */
typedef enum {
	SS_CONNECTED = 3,
} socket_state;

struct socket {
	socket_state state;
	struct sock *sk;
	const struct proto_ops *ops;
};

#pragma clang attribute pop

struct bpf_iter__task_file {
	union {
		struct bpf_iter_meta *meta;
		__u64 : 64;
	};
	union {
		struct task_struct *task;
		__u64 : 64;
	};
	__u32 fd __attribute__((aligned(8)));
	union {
		struct file *file;
		__u64 : 64;
	};
} __attribute__((preserve_access_index));

/* Set by the reader: sockets that are connected are of no interest. */
int skips_connected;

/* What holds for a whole reading, and whose descriptors were written last. */
struct {
	__u64 session;
	__u64 task; /* its address, which another one may get when it has gone ... */
	int pid;    /* ... but not with its number */
	__u32 level;
	struct pid_namespace *ns;
	__s64 boottime_ns; /* offset of the reader's time namespace */
	__u64 current; /* address of the task at hand */
} reading;

/* What stands before a task's entries: here, since it is filled in by a function of its own. */
struct {
	struct task_file_entry entry;
	struct task_file_task task;
} heading;

/* The number of a process in the reader's pid namespace, 0 where it has none. */
static __s32 number(const struct task_struct *task)
{
	const struct pid *pid = BPF_CORE_READ(task, thread_pid);
	struct pid_namespace *ns = NULL;
	__u32 offset;
	__s32 nr = 0;

	if (!pid || BPF_CORE_READ(pid, level) < reading.level)
		return 0;
	/* The array is longer than its type says: one entry for each level. */
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
 * These two are global functions, which the verifier looks at once and not again on every path that
 * leads to them: half of what loading costs.
 */
__attribute__((noinline)) int start_reading(__u64 session)
{
	const struct task_struct *reader = bpf_get_current_task_btf();
	const struct pid *pid = BPF_CORE_READ(reader, thread_pid);
	const struct time_namespace *time;
	__u32 offset;

	reading.session = session;
	reading.task = 0;
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

/* For the current task.  A pointer to it would have to be trusted where it is passed. */
__attribute__((noinline)) int fill_heading(void)
{
	const struct task_struct *task = (const struct task_struct *)reading.current;
	const struct task_struct *leader = BPF_CORE_READ(task, group_leader);

	heading.entry.fd = TASK_FILE_TASK;
	heading.task.start_time = (BPF_CORE_READ(leader, start_boottime) + reading.boottime_ns) /
				  (NSEC_PER_SEC / USER_HZ);
	heading.task.pid = number(leader);
	heading.task.tid = number(task);
	/* As it is: no user namespace but the host's may load this program. */
	heading.task.uid = BPF_CORE_READ(leader, real_cred, euid.val);
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
	__u64 name[2] = {};

	if (file->f_path.dentry->d_name.len != sizeof("[io_uring]") - 1)
		return 0;
	bpf_probe_read_kernel(name, sizeof("[io_uring]") - 1, file->f_path.dentry->d_name.name);
	return name[0] == ring.words[0] && name[1] == ring.words[1];
}

/*
 * Every task with a table is told of, also one whose table has no entry of ours: so the reader knows
 * whom the kernel showed.  Where the buffer is full nothing of a call counts, and the program is
 * called again for the same descriptor: the task is done only when all that was written stays.
 */
SEC("iter/task_file")
int task_file(struct bpf_iter__task_file *ctx)
{
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct task_file_entry entry = { .fd = ctx->fd };
	int has_entry = 1;
	struct socket *sock;

	if (!task || !file)
		return 0;
	sock = bpf_sock_from_file(file);
	if (sock) {
		/*
		 * Not the family in *sk: that is far away from all else that is read here, and the
		 * inode is not near.
		 */
		int family = sock->sk ? sock->ops->family : 0;

		has_entry = (family == AF_INET || family == AF_INET6) &&
			    !(skips_connected && sock->state == SS_CONNECTED);
		if (has_entry)
			entry.inode = file->f_inode->i_ino;
	} else {
		has_entry = is_ring(file);
	}
	if (reading.session != ctx->meta->session_id)
		start_reading(ctx->meta->session_id);
	if (reading.task != (__u64)task || reading.pid != task->pid) {
		reading.current = (__u64)task;
		fill_heading();
		if (bpf_seq_write(ctx->meta->seq, &heading, sizeof(heading)))
			return 0;
	} else if (!has_entry) {
		return 0;
	}
	if (has_entry && bpf_seq_write(ctx->meta->seq, &entry, sizeof(entry)))
		return 0;
	reading.task = (__u64)task;
	reading.pid = task->pid;
	return 0;
}

char _license[] SEC("license") = "GPL";
