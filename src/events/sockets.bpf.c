/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tells of sockets as they open, bind, connect, accept, close and fail, with the process.
 *
 * What is known of a socket stays with it (BPF_MAP_TYPE_SK_STORAGE), so that a record at its end has
 * all: a ring that is full loses events, but no event is wrong because of it.  A connection gets a
 * copy of its listener's storage when the kernel clones it (BPF_F_CLONE): who called listen() is
 * known exactly, also where several listen on one port.
 *
 * Compiled twice: WITH_IO follows sends and receipts, too (tracepoints since Linux 6.3).
 */
#include "sockets_record.h"

#include "base/bpf_kernel.h"

/* enum event_via, which needs headers of libc */
#define VIA_ITSELF 1
#define VIA_LISTENER 2

#define SOCK_DONE_FLAG (1UL << 1) /* enum sock_flags: the peer's FIN has come */
#define MSG_PEEK 2

/* include/net/tcp_states.h */
enum {
	STATE_ESTABLISHED = 1,
	STATE_SYN_SENT,
	STATE_SYN_RECV,
	STATE_FIN_WAIT_1,
	STATE_CLOSE = 7,
	STATE_LAST_ACK = 9,
	STATE_LISTEN,
};

/* Set by the reader, before it attaches. */
__u32 only_netns; /* inode; 0: all */
/* Later: bound_before has all that was there, so another datagram socket is a new one. */
__u32 knows_before;
/* There was no room for the counts of a socket. */
__u32 are_uncounted;
__u32 wanted; /* a bit for each enum sockets_record_kind */
__u32 pid_ns; /* inode of the reader's pid namespace; 0: it is the initial one */
/* Counted for the reader: records without room in the ring. */
__u64 n_lost;
/* The reader was woken, and has not read all since, which it says by setting this to 0. */
__u32 is_woken;
/* The reader sleeps for long, as nothing has happened: wake it, and set this to 0. */
__u32 is_asleep;

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, SOCKETS_RING);
} ring SEC(".maps");

/* Where a socket is on its way; the storage of what was there before us begins with UNKNOWN. */
enum stage {
	STAGE_UNKNOWN,
	STAGE_BOUND,
	STAGE_LISTENING,
	STAGE_CONNECTING,
	STAGE_ACCEPTING,
	STAGE_CONNECTED,
};

struct life {
	__u64 since_ns; /* connecting began; then: the connection stands */
	struct sockets_owner owner;
	__u32 stage;
	/* Of what is bound, and of UDP, since the hook at its end does not show it. */
	__u32 netns;
	__u16 port;
	__u16 remote_port; /* 0: it has no peer */
	__u8 is_ipv6;
	__u8 addr[16];
	__u8 remote[16];
};

struct {
	__uint(type, BPF_MAP_TYPE_SK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC | BPF_F_CLONE);
	__type(key, int);
	__type(value, struct life);
} lives SEC(".maps");

#ifdef WITH_IO
/* Of datagram sockets, by cookie, since the storage of a socket cannot be read from outside. */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, SOCKETS_COUNTED_MAX);
	__type(key, __u64);
	__type(value, struct sockets_count);
} counts SEC(".maps");
#endif

/*
 * Cookies of the sockets that were bound before us, and of those of UDP that were connected, which the reader has listed: so no release is told,
 * or counted as lost, that is no event.
 */
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, SOCKETS_BEFORE_MAX);
	__type(key, __u64);
	__type(value, __u8);
} bound_before SEC(".maps");

/* ---- who ---- */

/* include/linux/pid_namespace.h: MAX_PID_NS_LEVEL */
#define PID_NS_LEVELS 33

/*
 * The process in the reader's pid namespace, 0 if it is not seen there.  bpf_get_ns_current_pid_tgid() would
 * tell it, but not where ports are bound (cgroup/post_bind, before Linux 6.10).
 */
static __s32 current_pid(void)
{
	const struct task_struct *task = (const struct task_struct *)bpf_get_current_task();
	const struct task_struct *leader;
	const struct pid *pid;
	struct upid *numbers;
	unsigned int level;

	if (!pid_ns)
		return (__s32)(bpf_get_current_pid_tgid() >> 32);
	leader = BPF_CORE_READ(task, group_leader);
	pid = BPF_CORE_READ(leader, thread_pid);
	level = BPF_CORE_READ(pid, level);
	numbers = __builtin_preserve_access_index(&((struct pid *)pid)->numbers[0]);
	for (unsigned int i = 0; i < PID_NS_LEVELS && i <= level; i++) {
		struct upid one;

		if (bpf_probe_read_kernel(&one, sizeof(one), numbers + i))
			break;
		if (BPF_CORE_READ(one.ns, ns.inum) == pid_ns)
			return one.nr;
	}
	return 0;
}

static void set_owner(struct sockets_owner *owner)
{
	const struct task_struct *leader = bpf_get_current_task_btf()->group_leader;

	owner->pid = current_pid();
	owner->via = VIA_ITSELF;
	owner->uid = leader->real_cred->euid.val;
	owner->start_ns = leader->start_boottime;
	bpf_probe_read_kernel(owner->name, sizeof(owner->name), &leader->comm);
}

/* ---- records ---- */

/* A record of a kind, empty; NULL if it is not wanted, or there is no room, which is counted. */
static struct sockets_record *reserve(__u32 kind)
{
	struct sockets_record *record;

	if (!(wanted & (1U << kind)))
		return NULL;
	record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);
	if (!record) {
		if (kind != RECORD_USED)
			__sync_fetch_and_add(&n_lost, 1);
		return NULL;
	}
	__builtin_memset(record, 0, sizeof(*record));
	record->time_ns = bpf_ktime_get_ns();
	record->kind = kind;
	return record;
}

/*
 * A wake-up costs more than a record, so there is one where a quarter of the ring is used, and for the
 * first record after a long time.
 */
static void submit(struct sockets_record *record)
{
	__u64 flags = BPF_RB_NO_WAKEUP;

	if (is_asleep) {
		is_asleep = 0;
		flags = BPF_RB_FORCE_WAKEUP;
	} else if (!is_woken && bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) >= SOCKETS_RING_WAKE) {
		is_woken = 1;
		flags = BPF_RB_FORCE_WAKEUP;
	}
	bpf_ringbuf_submit(record, flags);
}

static void add_life(struct sockets_record *record, const struct life *life)
{
	record->owner = life->owner;
	if (life->since_ns) {
		record->duration_ns = record->time_ns - life->since_ns;
		record->flags |= RECORD_IS_WHOLE;
	}
}

static __u32 netns_of(const struct sock *sk)
{
	return sk->__sk_common.skc_net.net->ns.inum;
}

/* The address and ports of a socket that a tracepoint shows. */
static void add_ends(struct sockets_record *record, const struct sock *sk,
		     const struct tcp_sock *tcp)
{
	record->remote_port = __builtin_bswap16(sk->__sk_common.skc_dport);
	record->local_port = sk->__sk_common.skc_num;
	/* tcp_set_state() has given the number back already, but not the port. */
	if (!record->local_port && tcp)
		record->local_port = __builtin_bswap16(tcp->inet_conn.icsk_inet.inet_sport);
	record->is_ipv6 = sk->__sk_common.skc_family == AF_INET6;
	if (record->is_ipv6) {
		bpf_probe_read_kernel(record->local, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_probe_read_kernel(record->remote, 16, &sk->__sk_common.skc_v6_daddr);
	} else {
		*(__u32 *)record->local = sk->__sk_common.skc_rcv_saddr;
		*(__u32 *)record->remote = sk->__sk_common.skc_daddr;
	}
}

static void add_sock(struct sockets_record *record, struct sock *sk)
{
	const struct socket *socket = sk->sk_socket;
	const struct socket_alloc *alloc;

	record->cookie = bpf_get_socket_cookie(sk);
	record->netns = netns_of(sk);
	record->protocol = (__u8)sk->sk_protocol;
	record->uid = sk->sk_uid.val;
	record->mark = sk->sk_mark;
	record->ifindex = sk->__sk_common.skc_bound_dev_if;
	record->flags |= RECORD_HAS_OPTIONS;
	if (BPF_CORE_READ_BITFIELD(sk, __sk_common.skc_ipv6only))
		record->flags |= RECORD_IS_V6ONLY;
	if (bpf_core_field_exists(sk->sk_cgrp_data.cgroup)) {
		record->cgroup = sk->sk_cgrp_data.cgroup->kn->id;
		record->flags |= RECORD_HAS_CGROUP;
	}
	if (socket) {
		alloc = (const void *)((const char *)socket -
				       bpf_core_field_offset(struct socket_alloc, socket));
		record->inode = (__u32)BPF_CORE_READ(alloc, vfs_inode.i_ino);
	}
}

/* What TCP carried, without what SYN and FIN count. */
static void add_bytes(struct sockets_record *record, const struct sock *sk,
		      const struct tcp_sock *tcp)
{
	record->sent = tcp->bytes_sent - tcp->bytes_retrans;
	record->received = tcp->bytes_received;
	if (record->received && (sk->__sk_common.skc_flags & SOCK_DONE_FLAG))
		record->received--;
}

static void tell(struct sock *sk, const struct life *life, __u32 kind, __u32 error)
{
	struct sockets_record *record = reserve(kind);
	const struct tcp_sock *tcp;

	if (!record)
		return;
	tcp = bpf_skc_to_tcp_sock(sk);
	add_sock(record, sk);
	add_ends(record, sk, tcp);
	if (life)
		add_life(record, life);
	if (kind == RECORD_CLOSED && tcp)
		add_bytes(record, sk, tcp);
	record->error = error;
	submit(record);
}

/* ---- TCP, by its states ---- */

static void begin(struct life *life, enum stage stage)
{
	life->stage = stage;
	life->since_ns = bpf_ktime_get_ns();
}

static void opens(struct sock *sk, __u32 state)
{
	struct life *life = bpf_sk_storage_get(&lives, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);

	if (!life)
		return;
	begin(life, state == STATE_LISTEN ? STAGE_LISTENING : STAGE_CONNECTING);
	set_owner(&life->owner);
	if (state == STATE_LISTEN)
		tell(sk, life, RECORD_LISTENING, 0);
}

/* The kernel has made a connection's socket, as a copy of its listener. */
static void is_cloned(struct sock *sk)
{
	struct life *life = bpf_sk_storage_get(&lives, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);

	if (!life)
		return;
	begin(life, STAGE_ACCEPTING);
	if (life->owner.via)
		life->owner.via = VIA_LISTENER;
}

static void is_established(struct sock *sk)
{
	struct life *life = bpf_sk_storage_get(&lives, sk, 0, 0);

	if (!life)
		return;
	/* Connecting took so long; the connection itself begins now. */
	tell(sk, life, life->stage == STAGE_CONNECTING ? RECORD_CONNECTED : RECORD_ACCEPTED, 0);
	begin(life, STAGE_CONNECTED);
}

/* Who closes a connection has used it, unless somebody else was seen to. */
static void is_used(struct sock *sk)
{
	struct life *life = bpf_sk_storage_get(&lives, sk, 0, 0);

	if (!life || life->stage != STAGE_CONNECTED || life->owner.via == VIA_ITSELF)
		return;
	set_owner(&life->owner);
	tell(sk, life, RECORD_USED, 0);
}

static void ends(struct sock *sk, __u32 old)
{
	struct life *life = bpf_sk_storage_get(&lives, sk, 0, 0);
	__u32 error = (__u32)sk->sk_err;

	if (old == STATE_LISTEN) {
		struct life closer = {};

		if (life)
			closer.since_ns = life->since_ns;
		set_owner(&closer.owner);
		tell(sk, &closer, RECORD_UNLISTENED, 0);
	} else if (life && life->stage == STAGE_CONNECTING) {
		tell(sk, life, RECORD_FAILED, error);
	} else if (old != STATE_CLOSE && old != STATE_SYN_SENT && old != STATE_SYN_RECV) {
		tell(sk, life, RECORD_CLOSED, error);
	}
	if (life)
		life->stage = STAGE_UNKNOWN;
}

SEC("tp_btf/inet_sock_set_state")
int sockets_state(const __u64 *args)
{
	struct sock *sk = (struct sock *)args[0];
	__u32 old = (__u32)args[1], new = (__u32)args[2];

	if (sk->sk_protocol != IPPROTO_TCP || (only_netns && netns_of(sk) != only_netns))
		return 0;
	if (new == STATE_LISTEN || new == STATE_SYN_SENT)
		opens(sk, new);
	else if (new == STATE_SYN_RECV && old == STATE_LISTEN)
		is_cloned(sk);
	else if (new == STATE_ESTABLISHED)
		is_established(sk);
	else if (new == STATE_FIN_WAIT_1 || new == STATE_LAST_ACK)
		is_used(sk);
	else if (new == STATE_CLOSE)
		ends(sk, old);
	return 0;
}

/* ---- bind and release, by the hooks of control groups ---- */

/* The socket's own namespace is not to be had here; nearly always it is that of the process. */
static __u32 current_netns(void)
{
	return bpf_get_current_task_btf()->nsproxy->net_ns->ns.inum;
}

static int is_watched(const struct bpf_sock *ctx)
{
	__u32 protocol = ctx->protocol;

	if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP && protocol != IPPROTO_UDPLITE)
		return 0;
	return !only_netns || current_netns() == only_netns;
}

#ifdef WITH_IO
static void add_counts(struct sockets_record *record)
{
	/* Memory of a ring is no key before Linux 6.2. */
	const __u64 cookie = record->cookie;
	const struct sockets_count *n = bpf_map_lookup_elem(&counts, &cookie);

	if (!n)
		return;
	record->sent = n->sent;
	record->received = n->received;
	record->packets_sent = (__u32)n->packets_sent;
	record->packets_received = (__u32)n->packets_received;
}
#else
static void add_counts(struct sockets_record *record)
{
	(void)record;
}
#endif

/* Of a socket that was there before us only the cookie is told: the reader has listed it. */
static void tell_bound(struct bpf_sock *ctx, const struct life *life, __u32 kind)
{
	struct sockets_record *record = reserve(kind);

	if (!record)
		return;
	record->cookie = bpf_get_socket_cookie(ctx);
	record->netns = life->netns;
	record->protocol = ctx->protocol;
	record->uid = (__u32)bpf_get_current_uid_gid();
	record->local_port = life->port;
	record->is_ipv6 = life->is_ipv6;
	__builtin_memcpy(record->local, life->addr, sizeof(record->local));
	record->remote_port = life->remote_port;
	__builtin_memcpy(record->remote, life->remote, sizeof(record->remote));
	add_life(record, life);
	add_counts(record);
	submit(record);
}

/* The life of a socket that is bound from now on; NULL if it is not watched. */
static struct life *binds(struct bpf_sock *ctx, __u32 port)
{
	struct life *life;

	if (!port || !is_watched(ctx))
		return NULL;
	life = bpf_sk_storage_get(&lives, ctx, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!life)
		return NULL;
	begin(life, STAGE_BOUND);
	set_owner(&life->owner);
	life->netns = current_netns();
	life->port = (__u16)port;
	return life;
}

SEC("cgroup/post_bind4")
int sockets_bound4(struct bpf_sock *ctx)
{
	__u32 addr = ctx->src_ip4;
	struct life *life = binds(ctx, ctx->src_port);

	if (!life)
		return 1;
	__builtin_memcpy(life->addr, &addr, sizeof(addr));
	tell_bound(ctx, life, RECORD_BOUND);
	return 1;
}

SEC("cgroup/post_bind6")
int sockets_bound6(struct bpf_sock *ctx)
{
	__u32 addr[4] = { ctx->src_ip6[0], ctx->src_ip6[1], ctx->src_ip6[2], ctx->src_ip6[3] };
	struct life *life = binds(ctx, ctx->src_port);

	if (!life)
		return 1;
	life->is_ipv6 = 1;
	__builtin_memcpy(life->addr, addr, sizeof(addr));
	tell_bound(ctx, life, RECORD_BOUND);
	return 1;
}

static void is_released(struct bpf_sock *ctx, __u64 cookie)
{
	struct life *life = bpf_sk_storage_get(&lives, ctx, 0, 0), closer = {};

	/* A TCP socket that listened or was connected ends by its states. */
	if (ctx->protocol == IPPROTO_TCP && ctx->state != STATE_CLOSE)
		return;
	if (!life) {
		if (!bpf_map_lookup_elem(&bound_before, &cookie))
			return;
		bpf_map_delete_elem(&bound_before, &cookie);
	} else if (life->stage == STAGE_BOUND || life->remote_port) {
		closer = *life;
	} else {
		return;
	}
	set_owner(&closer.owner);
	tell_bound(ctx, &closer, closer.remote_port ? RECORD_CLOSED : RECORD_UNBOUND);
}

SEC("cgroup/sock_release")
int sockets_released(struct bpf_sock *ctx)
{
	__u64 cookie = bpf_get_socket_cookie(ctx);

	is_released(ctx, cookie);
#ifdef WITH_IO
	if (ctx->protocol != IPPROTO_TCP)
		bpf_map_delete_elem(&counts, &cookie);
#endif
	return 1;
}

/* ---- sends and receipts ---- */

#ifdef WITH_IO
/*
 * A datagram socket is used that nobody bound: connect() or the first datagram did, by a port that
 * the kernel chose.
 */
static void appears(struct sock *sk, __u64 cookie)
{
	struct sockets_record *record;
	struct life *life;

	if (!knows_before || bpf_map_lookup_elem(&bound_before, &cookie) ||
	    bpf_sk_storage_get(&lives, sk, 0, 0))
		return;
	life = bpf_sk_storage_get(&lives, sk, 0, BPF_SK_STORAGE_GET_F_CREATE);
	if (!life)
		return;
	life->remote_port = __builtin_bswap16(sk->__sk_common.skc_dport);
	begin(life, life->remote_port ? STAGE_CONNECTED : STAGE_BOUND);
	set_owner(&life->owner);
	life->netns = netns_of(sk);
	life->port = sk->__sk_common.skc_num;
	life->is_ipv6 = sk->__sk_common.skc_family == AF_INET6;
	if (life->is_ipv6) {
		bpf_probe_read_kernel(life->addr, 16, &sk->__sk_common.skc_v6_rcv_saddr);
		bpf_probe_read_kernel(life->remote, 16, &sk->__sk_common.skc_v6_daddr);
	} else {
		*(__u32 *)life->addr = sk->__sk_common.skc_rcv_saddr;
		*(__u32 *)life->remote = sk->__sk_common.skc_daddr;
	}
	record = reserve(life->remote_port ? RECORD_CONNECTED : RECORD_BOUND);
	if (!record)
		return;
	add_sock(record, sk);
	add_ends(record, sk, NULL);
	record->owner = life->owner;
	submit(record);
}

static void count_datagram(struct sock *sk, int len, int is_sent)
{
	struct sockets_count *n, none = {};
	__u64 cookie;

	if (len < 0 || (only_netns && netns_of(sk) != only_netns))
		return;
	cookie = bpf_get_socket_cookie(sk);
	n = bpf_map_lookup_elem(&counts, &cookie);
	if (!n) {
		appears(sk, cookie);
		bpf_map_update_elem(&counts, &cookie, &none, BPF_NOEXIST);
		n = bpf_map_lookup_elem(&counts, &cookie);
	}
	if (!n) {
		are_uncounted = 1;
		return;
	}
	/* Several processes may use the socket at once. */
	__sync_fetch_and_add(is_sent ? &n->packets_sent : &n->packets_received, 1);
	__sync_fetch_and_add(is_sent ? &n->sent : &n->received, (__u32)len);
}

static void follow(struct sock *sk, int len, int flags, int is_sent)
{
	__u16 protocol = sk->sk_protocol;

	if (protocol == IPPROTO_TCP)
		is_used(sk);
	else if ((protocol == IPPROTO_UDP || protocol == IPPROTO_UDPLITE) && !(flags & MSG_PEEK))
		count_datagram(sk, len, is_sent);
}

SEC("tp_btf/sock_send_length")
int sockets_sent(const __u64 *args)
{
	follow((struct sock *)args[0], (int)args[1], (int)args[2], 1);
	return 0;
}

SEC("tp_btf/sock_recv_length")
int sockets_received(const __u64 *args)
{
	follow((struct sock *)args[0], (int)args[1], (int)args[2], 0);
	return 0;
}
#endif

char _license[] SEC("license") = "GPL";
