/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The kernel's messages with any bytes: the first byte chooses the protocol, the rest is the
 * message. */
#include <config.h>

#include <stdlib.h>

#include "fuzz.h"
#include "model/sock_table.h"
#include "model/vocab.h"
#include "source/diag.h"

/* Reads every byte of what was attached, so that a sanitizer sees one that is not there. */
static void check(const struct sock_table *t, const struct sock *sk)
{
	unsigned int sum = 0;

	if (!state_name((enum sock_state)sk->state) || !proto_name((enum sock_proto)sk->proto))
		abort();
	for (unsigned int kind = 0; kind < SOCK_EXTRA_COUNT; kind++) {
		size_t len;
		const uint8_t *data = sock_table_extra(t, sk, (enum sock_extra)kind, &len);

		for (size_t i = 0; data && i < len; i++)
			sum += data[i];
	}
	if (sum > UINT16_MAX * 256U * SOCK_EXTRA_COUNT)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag_wanted wanted = { .families = FAMILY_ALL,
				      .states = STATE_ALL,
				      .extras = (1U << SOCK_EXTRA_COUNT) - 1 };
	struct sock_table t = { 0 };
	int err;

	if (!size)
		return 0;
	wanted.proto = (enum sock_proto)(data[0] % PROTO_COUNT);
	wanted.orphans_have_uid = data[0] & 0x80;
	err = diag_add(&t, &wanted, data + 1, size - 1);
	if (err > 0 || t.n > 1 || (err && t.n))
		abort();
	if (t.n)
		check(&t, &t.socks[0]);
	/* The same again is no second socket. */
	if (diag_add(&t, &wanted, data + 1, size - 1) != err || t.n > 1)
		abort();
	sock_table_fini(&t);
	return 0;
}
