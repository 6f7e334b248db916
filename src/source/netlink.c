/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The source that asks the kernel: sock_diag(7) dumps over a netlink socket. */
#include <config.h>

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

struct netlink {
	struct source source;
	struct mnl_socket *socket;
	FILE *record; /* borrowed, NULL for none */
	uint32_t seq;
	bool orphans_have_uid;
	bool is_silent; /* the kernel has stopped answering in this listing */
	uint8_t *buffer;
	struct buf message;
	struct buf bytecode;
};

/* One request of a listing and how often it went out. */
struct asking {
	const struct request *request;
	unsigned int extras;
	const struct cond *cond; /* specialised; NULL for none */
	uint32_t repeat;
	size_t n_datagrams; /* of the last dump: those with sockets */
	size_t n_socks;	    /* of the last dump, with duplicates */
};

static int open_socket(struct netlink *nl)
{
	struct timeval silence = { .tv_sec = SILENCE_S };
	int err = 0;

	nl->socket = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	if (!nl->socket)
		return -errno;
	if (mnl_socket_bind(nl->socket, 0, MNL_SOCKET_AUTOPID) < 0 ||
	    setsockopt(mnl_socket_get_fd(nl->socket), SOL_SOCKET, SO_RCVTIMEO, &silence,
		       sizeof(silence)) < 0) {
		err = -errno;
		mnl_socket_close(nl->socket);
		nl->socket = NULL;
	}
	return err;
}

/* The rest of a dump that was broken off may still come: a new socket knows nothing of it. */
static void close_socket(struct netlink *nl)
{
	if (nl->socket)
		mnl_socket_close(nl->socket);
	nl->socket = NULL;
}

static int send_message(struct netlink *nl)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	for (int i = 0; i < DISTRACTIONS_MAX; i++) {
		if (sendto(mnl_socket_get_fd(nl->socket), nl->message.data, nl->message.len, 0,
			   (const struct sockaddr *)&kernel, sizeof(kernel)) >= 0)
			return 0;
		if (errno != EINTR)
			return -errno;
	}
	return -EINTR;
}

/* One datagram of the kernel's into the buffer. */
static int receive(struct netlink *nl, size_t *len)
{
	for (int i = 0; i < DISTRACTIONS_MAX; i++) {
		struct sockaddr_nl from = { 0 };
		socklen_t from_len = sizeof(from);
		ssize_t n = recvfrom(mnl_socket_get_fd(nl->socket), nl->buffer, RECEIVE_SIZE,
				     MSG_TRUNC, (struct sockaddr *)&from, &from_len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK ? -ETIMEDOUT : -errno;
		if (from_len != sizeof(from) || from.nl_pid)
			continue;
		if ((size_t)n > RECEIVE_SIZE)
			return -EMSGSIZE;
		*len = (size_t)n;
		return n ? 0 : -EPROTO;
	}
	return -EINTR;
}

static void record(struct netlink *nl, const void *data, size_t len)
{
	static const char padding[NLMSG_ALIGNTO];

	if (!nl->record)
		return;
	fwrite(data, 1, len, nl->record);
	fwrite(padding, 1, NLMSG_ALIGN(len) - len, nl->record);
}

static int take_datagram(struct netlink *nl, struct dump *dump, size_t len)
{
	const uint8_t *at = nl->buffer;

	while (!dump->is_done) {
		struct dump_message msg;
		int err = dump_next(at, len, &msg);

		if (err)
			return err == -ENODATA ? 0 : err;
		at += msg.step;
		len -= msg.step;
		if (msg.head.nlmsg_seq != nl->seq ||
		    msg.head.nlmsg_pid != mnl_socket_get_portid(nl->socket))
			continue;
		record(nl, msg.start, msg.head.nlmsg_len);
		dump_take(dump, &msg);
	}
	return 0;
}

/* Sends the message in nl->message and takes what comes.  0 or why it is not whole. */
static int converse(struct netlink *nl, struct asking *asking, struct dump *dump)
{
	int err = nl->socket ? 0 : open_socket(nl);

	if (err)
		return err;
	err = send_message(nl);
	if (!err)
		record(nl, nl->message.data, nl->message.len);
	for (asking->n_datagrams = 0; !err && !dump->is_done;) {
		size_t len = 0, n_socks = dump->n_socks;

		err = receive(nl, &len);
		if (!err)
			err = take_datagram(nl, dump, len);
		asking->n_datagrams += dump->n_socks > n_socks;
	}
	if (err == -ETIMEDOUT)
		nl->is_silent = true;
	asking->n_socks = dump->n_socks;
	err = err ? err : dump->error;
	if (!dump->is_done || err == -EBUSY)
		close_socket(nl);
	return err ? err : dump->is_interrupted ? -EAGAIN : 0;
}

/* One dump with the condition in nl->bytecode. */
static int dump_once(struct netlink *nl, struct asking *asking, struct sock_table *table)
{
	struct request_params params = { .extras = asking->extras,
					 .seq = ++nl->seq,
					 .repeat = asking->repeat++,
					 .bytecode = &nl->bytecode };
	const struct request *r = asking->request;
	struct dump dump = { .table = table,
			     .wanted = { .proto = r->proto,
					 .families = FAMILY_BIT(r->family),
					 .states = r->states,
					 .extras = asking->extras,
					 .orphans_have_uid = nl->orphans_have_uid } };

	buf_clear(&nl->message);
	request_encode(r, &params, &nl->message);
	return converse(nl, asking, &dump);
}

/* Does the kernel refuse the bytecode rather than the request? */
static bool is_refusal(int err)
{
	return err == -EINVAL || err == -EPERM || err == -EMSGSIZE;
}

static int dump_filtered(struct netlink *nl, struct asking *asking, struct sock_table *table)
{
	const unsigned int mini = STATE_BIT(SOCK_STATE_SYN_RECV) |
				  STATE_BIT(SOCK_STATE_FIN_WAIT_2) |
				  STATE_BIT(SOCK_STATE_TIME_WAIT);
	struct bytecode_params params = { .has_minisockets = asking->request->states & mini,
					  .has_equal = true };
	int err;

	buf_clear(&nl->bytecode);
	if (asking->cond)
		bytecode_build(asking->cond, &params, &nl->bytecode);
	err = dump_once(nl, asking, table);
	if (err == -EINVAL && nl->bytecode.len) {
		params.has_equal = false;
		bytecode_build(asking->cond, &params, &nl->bytecode);
		err = dump_once(nl, asking, table);
	}
	if (is_refusal(err) && nl->bytecode.len) {
		buf_clear(&nl->bytecode);
		asking->cond = NULL;
		err = dump_once(nl, asking, table);
	}
	return err;
}

static bool is_passing(int err)
{
	return err == -EAGAIN || err == -EBUSY || err == -ENOBUFS || err == -EINTR ||
	       err == -ENOMEM;
}

static int dump_whole(struct netlink *nl, struct asking *asking, struct sock_table *table)
{
	int err = -EAGAIN;

	for (int i = 0; i <= RETRIES_MAX && is_passing(err); i++)
		err = dump_filtered(nl, asking, table);
	return err;
}

/*
 * The kernel takes up a dump where it stopped by counting, so beside sockets that come and go one
 * dump of several datagrams can pass over sockets that stay.  Two that agree are whole.
 */
static int dump_united(struct netlink *nl, struct asking *asking, struct sock_table *table)
{
	size_t start = table->n;
	int err = 0;

	for (int pass = 0; pass < PASSES_MAX && !err; pass++) {
		size_t before = table->n;

		err = dump_whole(nl, asking, table);
		if (!asking->request->is_cheap || asking->n_datagrams < 2)
			break;
		if (pass && table->n == before && asking->n_socks == before - start)
			break;
	}
	return err;
}

static int list_request(struct netlink *nl, const struct source_query *query,
			const struct request *request, struct sock_table *table)
{
	struct asking asking = { .request = request, .extras = query->extras };
	struct cond cond;
	int err = 0;

	/* sctp_diag runs no bytecode. */
	if (!query->cond || request->proto == PROTO_SCTP)
		return dump_united(nl, &asking, table);
	cond_specialise(query->cond, request->proto, request->family, request->states, &cond);
	asking.cond = &cond;
	if (cond.root != COND_FALSE_AT)
		err = dump_united(nl, &asking, table);
	cond_fini(&cond);
	return err;
}

static void list(struct source *src, const struct source_query *query, struct sock_table *table,
		 struct source_outcome *outcome)
{
	struct netlink *nl = (struct netlink *)src;
	struct request requests[REQUESTS_MAX];
	size_t n = request_plan(query, requests);

	*outcome = (struct source_outcome){ 0 };
	nl->is_silent = false;
	for (size_t i = 0; i < n; i++) {
		int *error = &outcome->error[requests[i].proto][requests[i].family];
		int err = -ETIMEDOUT;

		if (!nl->is_silent)
			err = list_request(nl, query, &requests[i], table);
		if (!*error)
			*error = err;
	}
	if (nl->record)
		fflush(nl->record);
}

static void free_source(struct source *src)
{
	struct netlink *nl = (struct netlink *)src;

	close_socket(nl);
	buf_fini(&nl->message);
	buf_fini(&nl->bytecode);
	free(nl->buffer);
	free(nl);
}

int source_netlink_open(struct source **src, FILE *record_to)
{
	static const struct source_ops ops = { .list = list, .free = free_source };
	struct netlink *nl = mem_calloc(1, sizeof(*nl));
	int err;

	nl->source.ops = &ops;
	nl->record = record_to;
	nl->orphans_have_uid = kernel_orphans_have_uid();
	err = open_socket(nl);
	if (err) {
		free(nl);
		return err;
	}
	nl->buffer = mem_alloc(RECEIVE_SIZE);
	*src = &nl->source;
	return 0;
}
