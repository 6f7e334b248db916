/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What sends a port on: a vocabulary. */
#include <config.h>

#include "resolve/forward_by.h"

#include <stddef.h>

/* clang-format off */
const char *const forward_by_words[] = {
	[FORWARD_BY_NFT]          = "nft",
	[FORWARD_BY_IPTABLES]     = "iptables",
	[FORWARD_BY_DOCKER_PROXY] = "docker-proxy",
	[FORWARD_BY_ROOTLESSPORT] = "rootlessport",
	[FORWARD_BY_SLIRP4NETNS]  = "slirp4netns",
	[FORWARD_BY_PASTA]        = "pasta",
	[FORWARD_BY_SK_LOOKUP]    = "sk_lookup",
	[FORWARD_BY_SK_LOOKUP + 1] = NULL,
};
/* clang-format on */
