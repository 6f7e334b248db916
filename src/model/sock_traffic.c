/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The few of the kernel's measurements that rates are made of, and what tells trouble. */
#include <config.h>

#include "model/sock_traffic.h"

#include <string.h>

#include "model/sock_info.h"
#include "model/sock_table.h"

/* Did the kernel send the field? */
#define HAS(len, field) \
	((len) >=       \
	 offsetof(struct sock_tcp_info, field) + sizeof(((struct sock_tcp_info *)0)->field))

void sock_traffic_read(struct sock_traffic *out, const void *info, size_t len)
{
	struct sock_tcp_info read = { 0 };

	memcpy(&read, info, len < sizeof(read) ? len : sizeof(read));
	*out = (struct sock_traffic){
		.received = HAS(len, tcpi_bytes_received) ? read.tcpi_bytes_received : UINT64_MAX,
		.sent = HAS(len, tcpi_bytes_acked) ? read.tcpi_bytes_acked : UINT64_MAX,
		.acked = (uint32_t)read.tcpi_bytes_acked,
		.segments = read.tcpi_data_segs_out,
		.retransmitted = read.tcpi_total_retrans,
		.last_ack_ms = read.tcpi_last_ack_recv,
	};
	if (HAS(len, tcpi_bytes_sent))
		out->sent = read.tcpi_bytes_sent;
}

bool sock_traffic_of(struct sock_traffic *out, const struct sock_table *t, const struct sock *sk)
{
	size_t len;
	const void *block = sock_table_extra(t, sk, SOCK_EXTRA_TRAFFIC, &len);

	if (block) {
		memcpy(out, block, sizeof(*out));
		return true;
	}
	/* A listener has other things in the same fields (tcp_get_info()). */
	if (sk->state != SOCK_STATE_LISTEN)
		block = sock_table_extra(t, sk, SOCK_EXTRA_TCP_INFO, &len);
	if (block)
		sock_traffic_read(out, block, len);
	return block;
}
