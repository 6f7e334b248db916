/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sends a port on: a vocabulary. */
#include <config.h>

#include "resolve/forward_by.h"

const char *forward_by_name(enum forward_by by)
{
	/* clang-format off */
	static const char *const names[] = {
		[FORWARD_BY_NFT]          = "nft",
		[FORWARD_BY_IPTABLES]     = "iptables",
		[FORWARD_BY_DOCKER_PROXY] = "docker-proxy",
		[FORWARD_BY_ROOTLESSPORT] = "rootlessport",
		[FORWARD_BY_SLIRP4NETNS]  = "slirp4netns",
		[FORWARD_BY_PASTA]        = "pasta",
	};
	/* clang-format on */

	return names[by];
}
