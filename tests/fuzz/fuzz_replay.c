/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recordings with any bytes, listed several times over. */
#include <config.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "model/sock_table.h"
#include "model/vocab.h"
#include "source/source.h"

static void play(struct source *src)
{
	static const unsigned int states[] = { STATE_ALL, STATE_BIT(SOCK_STATE_LISTEN), STATE_ALL };
	struct sock_table t = { 0 };

	for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
		struct source_query query = { .protos = PROTO_ALL,
					      .families = FAMILY_ALL,
					      .states = states[i],
					      .extras = (1U << SOCK_EXTRA_COUNT) - 1 };
		struct source_outcome outcome;

		sock_table_clear(&t);
		source_list(src, &query, &t, &outcome);
		for (size_t k = 0; k < t.n; k++)
			if (!state_name((enum sock_state)t.socks[k].state) ||
			    !(states[i] & STATE_BIT(t.socks[k].state)))
				abort();
		for (unsigned int k = 0; k < PROTO_COUNT * ADDR_FAMILIES; k++)
			if (outcome.error[k / ADDR_FAMILIES][k % ADDR_FAMILIES] > 0)
				abort();
	}
	sock_table_fini(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct source *src;
	char path[64];
	int fd = memfd_create("recording", MFD_CLOEXEC);

	if (fd < 0 || (size && write(fd, data, size) != (ssize_t)size))
		abort();
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (!source_replay_open(&src, path)) {
		play(src);
		source_free(src);
	}
	close(fd);
	return 0;
}
