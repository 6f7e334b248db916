/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the messages of one dump, of the kernel or a recording, into the table. */
#include <config.h>

#include "source/dump.h"

#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <string.h>

#include "model/sock_table.h"

int dump_next(const uint8_t *data, size_t left, struct dump_message *out)
{
	if (!left)
		return -ENODATA;
	if (left < sizeof(out->head))
		return -EBADMSG;
	memcpy(&out->head, data, sizeof(out->head));
	if (out->head.nlmsg_len < sizeof(out->head) || out->head.nlmsg_len > left)
		return -EBADMSG;
	out->start = data;
	out->payload = data + sizeof(out->head);
	out->len = out->head.nlmsg_len - sizeof(out->head);
	out->step = NLMSG_ALIGN((size_t)out->head.nlmsg_len);
	if (out->step > left)
		out->step = left;
	return 0;
}

static void note_error(struct dump *d, int error)
{
	if (!d->error)
		d->error = error;
}

/* The error in NLMSG_DONE and NLMSG_ERROR, 0 for none. */
static int message_error(const struct dump_message *msg)
{
	int error = 0;

	if (msg->len >= sizeof(error))
		memcpy(&error, msg->payload, sizeof(error));
	/* The limit is the kernel's MAX_ERRNO. */
	return error < 0 && error >= -4095 ? error : 0;
}

void dump_take(struct dump *d, const struct dump_message *msg)
{
	size_t before = d->table->n;
	int error;

	if (msg->head.nlmsg_flags & NLM_F_DUMP_INTR)
		d->is_interrupted = true;
	switch (msg->head.nlmsg_type) {
	case SOCK_DIAG_BY_FAMILY:
	case TCPDIAG_GETSOCK:
		d->n_socks++;
		d->wanted.endpoint = &d->endpoint;
		error = diag_add(d->table, &d->wanted, msg->payload, msg->len);
		if (error)
			note_error(d, error);
		d->n_added += d->table->n - before;
		break;
	case NLMSG_DONE:
		d->is_done = true;
		note_error(d, message_error(msg));
		break;
	case NLMSG_ERROR:
		d->is_done = true;
		error = message_error(msg);
		note_error(d, error ? error : -EPROTO);
		break;
	case NLMSG_OVERRUN:
		note_error(d, -ENOBUFS);
		break;
	}
}
