/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way that needs no privilege and misses no end of a connection: the kernel announces each TCP
 * socket that it destroys, with its measurements, and each UDP socket.
 */
#include <config.h>

#include "events/way.h"

#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "events/event.h"
#include "events/event_table.h"
#include "model/sock_info.h"
#include "model/sock_table.h"
#include "source/source.h"

/* For a burst; without CAP_NET_ADMIN net.core.rmem_max limits it. */
#define ROOM (4 << 20)

struct way_announced {
	struct event_way way;
	const struct event_request *request;
	uint64_t netns; /* of the entries in the request's table that are our own namespace's */
	struct destroy_events *announcements;
	struct sock_table closed;
};

static uint64_t unix_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* False if the kernel (before 4.19) does not send all that is needed. */
static bool info_of(const struct sock_table *table, const struct sock *sk,
		    struct sock_tcp_info *out)
{
	size_t len;
	const void *info = sock_table_extra(table, sk, SOCK_EXTRA_TCP_INFO, &len);

	if (!info || len < offsetof(struct sock_tcp_info, tcpi_dsack_dups))
		return false;
	memcpy(out, info, len < sizeof(*out) ? len : sizeof(*out));
	return true;
}

/*
 * Did the peer acknowledge our FIN?  What it acknowledged counts that as a byte, and the SYN of a
 * connection from here.  Where no listener tells whether it is one, a FIN that followed the last
 * data is one segment more than those of data and the SYN.
 */
static bool has_closed(const struct sock_tcp_info *info, uint64_t sent, bool has_listener)
{
	uint64_t more = info->tcpi_bytes_acked - sent;
	uint32_t data_segments = info->tcpi_data_segs_out - info->tcpi_total_retrans;

	if (more != 1)
		return more > 1;
	return has_listener || info->tcpi_delivered > data_segments + 1;
}

/*
 * What was received counts the peer's FIN as a byte, and nothing says whether there was one.  But
 * where both ends closed the connection, and did not reset it, there was.
 */
static void set_bytes(struct event *event, const struct sock_tcp_info *info, bool has_listener)
{
	event->known |= EVENT_HAS_BYTES;
	event->sent = info->tcpi_bytes_sent - info->tcpi_bytes_retrans;
	event->received = info->tcpi_bytes_received;
	if (event->received && has_closed(info, event->sent, has_listener))
		event->received--;
}

/*
 * A datagram socket has no measurements.  Where looks tell which ports are unbound, only the ends of
 * what was connected are told.
 */
static bool fill_datagram(struct way_announced *w, const struct sock *sk, struct event *event)
{
	const struct event_entry *entry = event_table_get(w->request->table, sk->cookie);

	event->sock = entry ? entry->sock : *sk;
	if (!entry)
		event->sock.known &= (uint16_t) ~(SOCK_HAS_UID | SOCK_HAS_INODE | SOCK_HAS_QUEUES);
	else
		event->owner = entry->owner;
	if (sock_has(sk, SOCK_HAS_PEER)) {
		event->sock.state = SOCK_STATE_CLOSE;
	} else {
		event->kind = EVENT_UNBOUND;
		event->sock.state = SOCK_STATE_BOUND;
	}
	/* A socket without a port was never bound. */
	return sk->local.port && (w->request->is_alone || event->kind == EVENT_CLOSED);
}

/*
 * The announcement has neither user nor inode; what a listing saw has.  A socket that disconnected
 * itself (to send a reset) has no peer any more, and no measurements.
 */
static bool fill(struct way_announced *w, const struct sock *sk, struct event *event)
{
	const struct event_table *table = w->request->table;
	const struct event_entry *entry = event_table_get(table, sk->cookie);
	const struct event_entry *listener;
	struct sock_tcp_info info;
	bool was_connected = info_of(&w->closed, sk, &info) && info.tcpi_rtt;

	if (entry && sock_is_serving(&entry->sock))
		return false;
	if (!was_connected && !entry)
		return false;
	event->sock = entry ? entry->sock : *sk;
	event->sock.state = SOCK_STATE_CLOSE;
	if (!entry)
		event->sock.known &= (uint16_t) ~(SOCK_HAS_UID | SOCK_HAS_INODE | SOCK_HAS_QUEUES);
	listener = event_table_listener(table, w->netns, &event->sock);
	if (entry)
		event->owner = entry->owner;
	if (!event->owner.via && listener) {
		event->owner = listener->owner;
		event->owner.via = listener->owner.via ? EVENT_VIA_LISTENER : EVENT_VIA_NONE;
	}
	if (was_connected)
		set_bytes(event, &info, listener != NULL);
	return true;
}

static bool is_asked_for(const struct event_request *r, const struct sock *sk)
{
	return r->protos & PROTO_BIT(sk->proto) && r->families & FAMILY_BIT(sk->family);
}

static int read_announced(struct event_way *way, const struct event_sink *sink)
{
	struct way_announced *w = (struct way_announced *)way;
	struct event lost = { .kind = EVENT_LOST };
	bool is_whole;

	sock_table_clear(&w->closed);
	is_whole = destroy_events_drain(w->announcements, SOCK_EXTRA_BIT(SOCK_EXTRA_TCP_INFO),
					&w->closed);
	lost.time_ms = unix_ms();
	for (size_t i = 0; i < w->closed.n; i++) {
		const struct sock *sk = &w->closed.socks[i];
		struct event event = { .kind = EVENT_CLOSED,
				       .time_ms = lost.time_ms,
				       .netns = w->netns };

		if (is_asked_for(w->request, sk) &&
		    (sk->proto == PROTO_TCP ? fill(w, sk, &event) : fill_datagram(w, sk, &event)))
			sink->add(sink->data, &event);
		event_table_remove(w->request->table, sk->cookie);
	}
	/* The kernel does not say how many. */
	if (!is_whole)
		sink->add(sink->data, &lost);
	return 0;
}

static const char *lack(const struct event_way *way, size_t i)
{
	const struct event_request *r = ((const struct way_announced *)way)->request;

	if (!i)
		return _("the process of what closes before it was listed");
	if (i == 1 && (r->is_every_netns || r->n_netns > 1 || (r->n_netns && r->netns->index)))
		return _("what closes in other network namespaces");
	return NULL;
}

static void free_announced(struct event_way *way)
{
	struct way_announced *w = (struct way_announced *)way;

	destroy_events_free(w->announcements);
	if (w->way.fd >= 0)
		close(w->way.fd);
	sock_table_fini(&w->closed);
	free(w);
}

static const struct event_way_ops ops = {
	.name = "announcements",
	.read = read_announced,
	.lack = lack,
	.free = free_announced,
};

/* A descriptor that is readable while there is an announcement of any protocol; or -errno. */
static int open_epoll(const struct destroy_events *announcements)
{
	int fds[DESTROY_EVENTS_FDS], fd = epoll_create1(EPOLL_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	destroy_events_fds(announcements, fds);
	for (size_t i = 0; i < DESTROY_EVENTS_FDS; i++) {
		struct epoll_event event = { .events = EPOLLIN };

		if (fds[i] < 0 || !epoll_ctl(fd, EPOLL_CTL_ADD, fds[i], &event))
			continue;
		err = -errno;
		close(fd);
		return err;
	}
	return fd;
}

/* Announcements are about our own namespace. */
static bool is_own_watched(const struct event_request *r)
{
	bool is_own = r->is_every_netns || !r->n_netns;

	for (size_t i = 0; i < r->n_netns; i++)
		is_own |= !r->netns[i].index;
	return is_own;
}

int way_announced_open(struct event_way **out, const struct event_request *request)
{
	const unsigned int protos = request->protos & (PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_UDP));
	struct way_announced *w;
	int err;

	*out = NULL;
	if (!(request->kinds & EVENT_BIT(EVENT_CLOSED)) || !protos || !is_own_watched(request))
		return -EOPNOTSUPP;
	w = mem_calloc(1, sizeof(*w));
	w->way.ops = &ops;
	w->way.kinds = EVENT_BIT(EVENT_CLOSED);
	w->way.fd = -1;
	w->request = request;
	for (size_t i = 0; i < request->n_netns; i++)
		if (!request->netns[i].index)
			w->netns = request->netns[i].inode;
	err = destroy_events_open(&w->announcements, protos, ROOM);
	if (!err)
		w->way.fd = open_epoll(w->announcements);
	if (err || w->way.fd < 0) {
		err = err ? err : w->way.fd;
		free_announced(&w->way);
		return err;
	}
	*out = &w->way;
	return 0;
}
