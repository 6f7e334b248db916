/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of /proc/net with any bytes: the first byte chooses the file, the rest is the line. */
#include <config.h>

#include <stdlib.h>

#include "fuzz.h"
#include "model/vocab.h"
#include "source/procnet.h"
#include "source/sctp.h"

static void check(const struct sock *sk)
{
	if (!state_name((enum sock_state)sk->state) || !sock_has(sk, SOCK_FROM_PROCFS))
		abort();
	if (sk->proto == PROTO_RAW && (sk->local.port || sk->remote.port))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct procnet_format format = { .ticks_per_s = 100 };
	struct sock sk;

	if (!size)
		return 0;
	format.proto = (enum sock_proto)(data[0] % (PROTO_RAW + 1));
	format.family = data[0] & 0x80 ? ADDR_INET6 : ADDR_INET;
	if (!procnet_parse(&sk, &format, (const char *)data + 1, size - 1))
		check(&sk);
	if (!sctp_parse_endpoint(&sk, (const char *)data, size))
		check(&sk);
	if (!sctp_parse_association(&sk, (const char *)data, size))
		check(&sk);
	return 0;
}
