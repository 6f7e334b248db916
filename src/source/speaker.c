/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One netlink socket and the sock_diag(7) dumps that are asked for over it. */
#include <config.h>

#include "source/speaker.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/cond.h"
#include "model/sock_table.h"
#include "source/bytecode.h"
#include "source/dump.h"
#include "source/interpret.h"
#include "source/request.h"
#include "source/source.h"

/* The kernel's cap for one datagram of a dump (net/netlink/af_netlink.c). */
#define RECEIVE_SIZE 32768

/*
 * The kernel makes the next datagram of a dump within recv(2), so silence is a fault; one timeout
 * ends the whole listing.
 */
#define SILENCE_S 4

/* Signals, or datagrams that are not for us, in a row that are put up with. */
#define DISTRACTIONS_MAX 64

/* Failed dumps asked for again. */
#define RETRIES_MAX 3

/* Dumps united where one can lose sockets that stay, beside others that come and go. */
#define PASSES_MAX 3

/*
 * The room for the first datagram of a dump that is asked for again, and what each further one gets
 * more: with the kernel's first datagram, which is a page, these spread evenly over RECEIVE_SIZE.
 */
#define AGAIN_SIZE 8192
#define AGAIN_STEP 10240

/* One request of a listing and how often it went out. */
struct asking {
	const struct request *request;
	unsigned int extras;
	const struct cond *cond; /* specialised; NULL for none */
	uint32_t repeat;
	size_t first_size; /* room for the first datagram of a dump */
	bool has_added; /* in any dump of it a socket was added */
	/* Of the last dump: datagrams with sockets, sockets, and those that were not there before. */
	size_t n_datagrams;
	size_t n_socks;
	size_t n_added;
};

static int open_socket(struct speaker *sp)
{
	struct timeval silence = { .tv_sec = SILENCE_S };
	int err = 0;

	sp->socket = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	if (!sp->socket)
		return -errno;
	if (mnl_socket_bind(sp->socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(mnl_socket_get_fd(sp->socket), SOL_SOCKET, SO_RCVTIMEO, &silence,
		       sizeof(silence)) < 0) {
		err = -errno;
		mnl_socket_close(sp->socket);
		sp->socket = NULL;
	}
	return err;
}

/* The rest of a dump that was broken off may still come: a new socket knows nothing of it. */
static void close_socket(struct speaker *sp)
{
	if (sp->socket)
		mnl_socket_close(sp->socket);
	sp->socket = NULL;
}

static int send_message(struct speaker *sp)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	for (int i = 0; i < DISTRACTIONS_MAX; i++) {
		if (sendto(mnl_socket_get_fd(sp->socket), sp->message.data, sp->message.len, 0,
			   (const struct sockaddr *)&kernel, sizeof(kernel)) >= 0)
			return 0;
		if (errno != EINTR)
			return -errno;
	}
	return -EINTR;
}

/*
 * One datagram of the kernel's into the buffer, of which it gets so much room.  The next one is as
 * long as the most room that there was since the socket was opened.
 */
static int receive(struct speaker *sp, size_t room, size_t *len)
{
	for (int i = 0; i < DISTRACTIONS_MAX; i++) {
		struct sockaddr_nl from = { 0 };
		socklen_t from_len = sizeof(from);
		ssize_t n = recvfrom(mnl_socket_get_fd(sp->socket), sp->buffer, room,
				     MSG_TRUNC, (struct sockaddr *)&from, &from_len);

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

static void record(struct speaker *sp, const void *data, size_t len)
{
	static const char padding[NLMSG_ALIGNTO];
	size_t gap = NLMSG_ALIGN(len) - len;

	if (!sp->record || sp->record->error)
		return;
	if (fwrite(data, 1, len, sp->record->stream) != len ||
	    fwrite(padding, 1, gap, sp->record->stream) != gap)
		sp->record->error = -errno;
}

static int take_datagram(struct speaker *sp, struct dump *dump, size_t len)
{
	const uint8_t *at = sp->buffer;

	while (!dump->is_done) {
		struct dump_message msg;
		int err = dump_next(at, len, &msg);

		if (err)
			return err == -ENODATA ? 0 : err;
		at += msg.step;
		len -= msg.step;
		if (msg.head.nlmsg_seq != sp->seq ||
		    msg.head.nlmsg_pid != mnl_socket_get_portid(sp->socket))
			continue;
		record(sp, msg.start, msg.head.nlmsg_len);
		dump_take(dump, &msg);
	}
	return 0;
}

/* Sends the message in sp->message and takes what comes.  0 or why it is not whole. */
static int converse(struct speaker *sp, struct asking *asking, struct dump *dump)
{
	int err = sp->socket ? 0 : open_socket(sp);

	if (err)
		return err;
	err = send_message(sp);
	if (!err)
		record(sp, sp->message.data, sp->message.len);
	for (asking->n_datagrams = 0; !err && !dump->is_done;) {
		size_t len = 0, n_socks = dump->n_socks;

		err = receive(sp, asking->n_datagrams ? RECEIVE_SIZE : asking->first_size, &len);
		if (!err) {
			pthread_mutex_lock(sp->table_lock);
			err = take_datagram(sp, dump, len);
			pthread_mutex_unlock(sp->table_lock);
		}
		asking->n_datagrams += dump->n_socks > n_socks;
	}
	asking->n_socks = dump->n_socks;
	asking->n_added = dump->n_added;
	asking->has_added = asking->has_added || dump->n_added;
	err = err ? err : dump->error;
	if (!dump->is_done || err == -EBUSY)
		close_socket(sp);
	return err ? err : dump->is_interrupted ? -EAGAIN : 0;
}

/* One dump with the condition in sp->bytecode. */
static int dump_once(struct speaker *sp, struct asking *asking, struct sock_table *table)
{
	struct request_params params = { .extras = asking->extras,
					 .seq = ++sp->seq,
					 .repeat = asking->repeat++,
					 .bytecode = &sp->bytecode };
	const struct request *r = asking->request;
	struct dump dump = { .table = table,
			     .wanted = { .proto = r->proto,
					 .families = r->families,
					 .states = r->states,
					 .extras = asking->extras,
					 .orphans_have_uid = sp->orphans_have_uid } };

	buf_clear(&sp->message);
	request_encode(r, &params, &sp->message);
	return converse(sp, asking, &dump);
}

/* Does the kernel refuse the bytecode rather than the request? */
static bool is_refusal(int err)
{
	return err == -EINVAL || err == -EPERM || err == -EMSGSIZE;
}

static int dump_filtered(struct speaker *sp, struct asking *asking, struct sock_table *table)
{
	const unsigned int mini = STATE_BIT(SOCK_STATE_SYN_RECV) |
				  STATE_BIT(SOCK_STATE_FIN_WAIT_2) |
				  STATE_BIT(SOCK_STATE_TIME_WAIT);
	struct bytecode_params params = { .has_minisockets = asking->request->states & mini,
					  .has_equal = true };
	int err;

	buf_clear(&sp->bytecode);
	if (asking->cond)
		bytecode_build(asking->cond, &params, &sp->bytecode);
	err = dump_once(sp, asking, table);
	if (err == -EINVAL && sp->bytecode.len) {
		params.has_equal = false;
		bytecode_build(asking->cond, &params, &sp->bytecode);
		err = dump_once(sp, asking, table);
	}
	if (is_refusal(err) && sp->bytecode.len) {
		buf_clear(&sp->bytecode);
		asking->cond = NULL;
		err = dump_once(sp, asking, table);
	}
	return err;
}

static bool is_passing(int err)
{
	return err == -EAGAIN || err == -EBUSY || err == -ENOBUFS || err == -EINTR ||
	       err == -ENOMEM;
}

static int dump_whole(struct speaker *sp, struct asking *asking, struct sock_table *table)
{
	int err = -EAGAIN;

	for (int i = 0; i <= RETRIES_MAX && is_passing(err); i++)
		err = dump_filtered(sp, asking, table);
	return err;
}

/*
 * The kernel takes up a dump where it stopped by counting, so beside sockets that come and go one
 * dump of several datagrams can pass over sockets that stay: the first ones of a datagram.  So each
 * dump is cut elsewhere, on a socket whose kernel side remembers no earlier room (cut alike, the
 * same few are lost ten times as often as chance would).  Two that agree are whole.
 */
static int dump_united(struct speaker *sp, struct asking *asking, struct sock_table *table)
{
	size_t n_found = 0;
	int err = 0;

	for (unsigned int pass = 0; pass < PASSES_MAX && !err; pass++) {
		if (pass) {
			close_socket(sp);
			asking->first_size = AGAIN_SIZE + AGAIN_STEP * (pass - 1);
		}
		err = dump_whole(sp, asking, table);
		if (!asking->request->is_cheap || asking->n_datagrams < 2)
			break;
		if (pass && !asking->n_added && asking->n_socks == n_found)
			break;
		n_found += asking->n_added;
	}
	return err;
}

int speaker_list(struct speaker *sp, const struct source_query *query, const struct request *request,
		 struct sock_table *table)
{
	struct asking asking = { .request = request,
				 .extras = query->extras,
				 .first_size = RECEIVE_SIZE };
	struct cond cond;
	int err = 0;

	if (query->cond)
		cond_specialise(query->cond, request->proto, request->families, request->states,
				&cond);
	else
		cond_init(&cond);
	cond.root = cond_and(&cond, cond.root, request_part_cond(request, &cond));
	/* sctp_diag runs no bytecode. */
	if (request->proto != PROTO_SCTP)
		asking.cond = &cond;
	if (!asking.cond || cond.root != COND_FALSE_AT)
		err = request_error(request, dump_united(sp, &asking, table));
	cond_fini(&cond);
	return asking.has_added ? source_partial_error(err) : err;
}

int speaker_init(struct speaker *sp, struct source_record *record_to, pthread_mutex_t *table_lock)
{
	int err;

	*sp = (struct speaker){ .record = record_to,
				.table_lock = table_lock,
				.orphans_have_uid = kernel_orphans_have_uid() };
	err = open_socket(sp);
	if (!err)
		sp->buffer = mem_alloc(RECEIVE_SIZE);
	return err;
}

void speaker_fini(struct speaker *sp)
{
	close_socket(sp);
	buf_fini(&sp->message);
	buf_fini(&sp->bytecode);
	free(sp->buffer);
	*sp = (struct speaker){ 0 };
}
