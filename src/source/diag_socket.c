/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One netlink socket, and sock_diag(7) dumps over it. */
#include <config.h>

#include "source/diag_socket.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <sys/time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/cond.h"
#include "model/sock_table.h"
#include "source/bytecode.h"
#include "source/dump.h"
#include "source/sock_normalize.h"
#include "source/request.h"
#include "source/source.h"

/* The kernel's cap for one datagram of a dump (net/netlink/af_netlink.c). */
#define RECEIVE_SIZE 32768

/*
 * The kernel makes the next datagram of a dump within recv(2), so silence is a fault; one timeout
 * ends the whole listing.
 */
#define SILENCE_S 4

/* Give up after so many signals, or datagrams from other senders, in a row. */
#define DISTRACTIONS_MAX 64

/* How often a failed dump is repeated. */
#define RETRIES_MAX 3

/* At most so many dumps are merged to find sockets that one of them skipped. */
#define PASSES_MAX 3

/*
 * The buffer for the first datagram of a repeated dump, and how much larger it is in each further
 * repetition.  Together with the kernel's own first datagram, one page, the datagram boundaries are
 * spread evenly over RECEIVE_SIZE.
 */
#define REPEAT_SIZE 8192
#define REPEAT_STEP 10240

/* One request of a listing, and what its dumps returned. */
struct dump_request {
	const struct request *request;
	uint16_t netns;
	unsigned int extras;
	const struct cond *cond; /* restricted to this request; NULL for none */
	uint32_t repeat; /* dumps of it so far */
	size_t first_size; /* buffer for the first datagram of a dump, in bytes */
	bool has_added; /* one of its dumps added a socket to the table */
	/* Of the last dump: datagrams with sockets, sockets, and sockets new to the table. */
	size_t n_datagrams;
	size_t n_socks;
	size_t n_added;
};

static int make_socket(struct diag_socket *ds)
{
	int fd;

	if (!ds->open) {
		ds->socket = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
		return ds->socket ? 0 : -errno;
	}
	fd = ds->open(ds->open_data);
	if (fd < 0)
		return fd;
	ds->socket = mnl_socket_fdopen(fd);
	if (ds->socket)
		return 0;
	close(fd);
	return -EBADF;
}

static int open_socket(struct diag_socket *ds)
{
	struct timeval silence = { .tv_sec = SILENCE_S };
	int err = make_socket(ds);

	if (err)
		return err;
	if (mnl_socket_bind(ds->socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(mnl_socket_get_fd(ds->socket), SOL_SOCKET, SO_RCVTIMEO, &silence,
		       sizeof(silence)) < 0) {
		err = -errno;
		mnl_socket_close(ds->socket);
		ds->socket = NULL;
	}
	return err;
}

/* The rest of an aborted dump may still arrive on this socket, so the next dump opens a new one. */
static void close_socket(struct diag_socket *ds)
{
	if (ds->socket)
		mnl_socket_close(ds->socket);
	ds->socket = NULL;
}

static int send_message(struct diag_socket *ds)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	for (int i = 0; i < DISTRACTIONS_MAX; i++) {
		if (sendto(mnl_socket_get_fd(ds->socket), ds->message.data, ds->message.len, 0,
			   (const struct sockaddr *)&kernel, sizeof(kernel)) >= 0)
			return 0;
		if (errno != EINTR)
			return -errno;
	}
	return -EINTR;
}

/*
 * Receives one datagram from the kernel into the first room bytes of the buffer.  The kernel makes
 * the next datagram as long as the largest room that it has seen on this socket.
 */
static int receive(struct diag_socket *ds, size_t room, size_t *len)
{
	for (int i = 0; i < DISTRACTIONS_MAX; i++) {
		struct sockaddr_nl from = { 0 };
		socklen_t from_len = sizeof(from);
		ssize_t n = recvfrom(mnl_socket_get_fd(ds->socket), ds->buffer, room, MSG_TRUNC,
				     (struct sockaddr *)&from, &from_len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK ? -ETIMEDOUT : -errno;
		if (from_len != sizeof(from) || from.nl_pid)
			continue;
		if ((size_t)n > room)
			return -EMSGSIZE;
		*len = (size_t)n;
		return n ? 0 : -EPROTO;
	}
	return -EINTR;
}

static void record(struct diag_socket *ds, const void *data, size_t len)
{
	static const char padding[NLMSG_ALIGNTO];
	size_t gap = NLMSG_ALIGN(len) - len;

	if (!ds->record || ds->record->error)
		return;
	if (fwrite(data, 1, len, ds->record->stream) != len ||
	    fwrite(padding, 1, gap, ds->record->stream) != gap)
		ds->record->error = -errno;
}

static int take_datagram(struct diag_socket *ds, struct dump *dump, size_t len)
{
	const uint8_t *at = ds->buffer;

	while (!dump->is_done) {
		struct dump_message msg;
		int err = dump_next(at, len, &msg);

		if (err)
			return err == -ENODATA ? 0 : err;
		at += msg.step;
		len -= msg.step;
		if (msg.head.nlmsg_seq != ds->seq ||
		    msg.head.nlmsg_pid != mnl_socket_get_portid(ds->socket))
			continue;
		record(ds, msg.start, msg.head.nlmsg_len);
		dump_take(dump, &msg);
	}
	return 0;
}

/* Sends ds->message and reads the reply.  0, or -errno if the dump is not complete. */
static int run_dump(struct diag_socket *ds, struct dump_request *dr, struct dump *dump)
{
	int err = ds->socket ? 0 : open_socket(ds);

	if (err)
		return err;
	err = send_message(ds);
	if (!err)
		record(ds, ds->message.data, ds->message.len);
	for (dr->n_datagrams = 0; !err && !dump->is_done;) {
		size_t len = 0, n_socks = dump->n_socks;

		err = receive(ds, dr->n_datagrams ? RECEIVE_SIZE : dr->first_size, &len);
		if (!err) {
			pthread_mutex_lock(ds->table_lock);
			err = take_datagram(ds, dump, len);
			pthread_mutex_unlock(ds->table_lock);
		}
		dr->n_datagrams += dump->n_socks > n_socks;
	}
	dr->n_socks = dump->n_socks;
	dr->n_added = dump->n_added;
	dr->has_added = dr->has_added || dump->n_added;
	err = err ? err : dump->error;
	if (!dump->is_done || err == -EBUSY)
		close_socket(ds);
	return err ? err : dump->is_interrupted ? -EAGAIN : 0;
}

/* One dump, filtered by ds->bytecode. */
static int dump_once(struct diag_socket *ds, struct dump_request *dr, struct sock_table *table)
{
	struct request_params params = { .extras = dr->extras,
					 .seq = ++ds->seq,
					 .repeat = dr->repeat++,
					 .bytecode = &ds->bytecode };
	const struct request *r = dr->request;
	struct dump dump = { .table = table,
			     .wanted = { .proto = r->proto,
					 .families = r->families,
					 .netns = dr->netns,
					 .states = r->states,
					 .extras = dr->extras,
					 .orphans_have_uid = ds->orphans_have_uid } };

	buf_clear(&ds->message);
	request_encode(r, &params, &ds->message);
	return run_dump(ds, dr, &dump);
}

/* Does the kernel refuse the bytecode rather than the request? */
static bool is_refusal(int err)
{
	return err == -EINVAL || err == -EPERM || err == -EMSGSIZE;
}

static int dump_filtered(struct diag_socket *ds, struct dump_request *dr, struct sock_table *table)
{
	const unsigned int mini = STATE_BIT(SOCK_STATE_SYN_RECV) |
				  STATE_BIT(SOCK_STATE_FIN_WAIT_2) |
				  STATE_BIT(SOCK_STATE_TIME_WAIT);
	struct bytecode_params params = { .has_minisockets = dr->request->states & mini,
					  .has_equal = true };
	int err;

	buf_clear(&ds->bytecode);
	if (dr->cond)
		bytecode_build(dr->cond, &params, &ds->bytecode);
	err = dump_once(ds, dr, table);
	if (err == -EINVAL && ds->bytecode.len) {
		params.has_equal = false;
		bytecode_build(dr->cond, &params, &ds->bytecode);
		err = dump_once(ds, dr, table);
	}
	if (is_refusal(err) && ds->bytecode.len) {
		buf_clear(&ds->bytecode);
		dr->cond = NULL;
		err = dump_once(ds, dr, table);
	}
	return err;
}

static bool is_passing(int err)
{
	return err == -EAGAIN || err == -EBUSY || err == -ENOBUFS || err == -EINTR ||
	       err == -ENOMEM;
}

static int dump_whole(struct diag_socket *ds, struct dump_request *dr, struct sock_table *table)
{
	int err = -EAGAIN;

	for (int i = 0; i <= RETRIES_MAX && is_passing(err); i++)
		err = dump_filtered(ds, dr, table);
	return err;
}

/*
 * The kernel resumes a dump by position.  If sockets come and go between two datagrams, it can skip
 * live sockets at the start of the next one.  So repeat the dump with different datagram boundaries
 * (a new netlink socket, because the kernel remembers the largest buffer seen) until two dumps
 * agree.  With equal boundaries both would often skip the same sockets.
 */
static int dump_united(struct diag_socket *ds, struct dump_request *dr, struct sock_table *table)
{
	size_t n_found = 0;
	int err = 0;

	for (unsigned int pass = 0; pass < PASSES_MAX && !err; pass++) {
		if (pass) {
			close_socket(ds);
			dr->first_size = REPEAT_SIZE + REPEAT_STEP * (pass - 1);
		}
		err = dump_whole(ds, dr, table);
		if (!dr->request->is_listeners_only || dr->n_datagrams < 2)
			break;
		if (pass && !dr->n_added && dr->n_socks == n_found)
			break;
		n_found += dr->n_added;
	}
	return err;
}

int diag_socket_list(struct diag_socket *ds, const struct source_query *query,
		     const struct request *request, struct sock_table *table)
{
	struct dump_request dr = { .request = request,
				   .netns = query->netns,
				   .extras = query->extras,
				   .first_size = RECEIVE_SIZE };
	struct cond cond;
	int err = 0;

	if (query->cond)
		cond_restrict(query->cond, request->proto, request->families, request->states,
			      &cond);
	else
		cond_init(&cond);
	cond.root = cond_and(&cond, cond.root, request_part_cond(request, &cond));
	/* sctp_diag ignores bytecode. */
	if (!proto_has_associations(request->proto))
		dr.cond = &cond;
	if (!dr.cond || cond.root != COND_FALSE_AT)
		err = request_error(request, dump_united(ds, &dr, table));
	cond_fini(&cond);
	return dr.has_added ? source_partial_error(err) : err;
}

int diag_socket_init(struct diag_socket *ds, struct source_record *record_to,
		     pthread_mutex_t *table_lock, int (*open)(void *data), void *data)
{
	int err;

	*ds = (struct diag_socket){ .open = open,
				    .open_data = data,
				    .record = record_to,
				    .table_lock = table_lock,
				    .orphans_have_uid = kernel_orphans_have_uid() };
	err = open_socket(ds);
	if (!err)
		ds->buffer = mem_alloc(RECEIVE_SIZE);
	return err;
}

void diag_socket_fini(struct diag_socket *ds)
{
	close_socket(ds);
	buf_fini(&ds->message);
	buf_fini(&ds->bytecode);
	free(ds->buffer);
	*ds = (struct diag_socket){ 0 };
}
