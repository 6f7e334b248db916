/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What forwards ports in the network namespaces that are listed, as far as their rules may be read. */
#ifndef PORTSTAT_RESOLVE_FORWARD_RULES_H
#define PORTSTAT_RESOLVE_FORWARD_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "resolve/forwards.h"

struct forward_rules {
	int proc_root; /* a descriptor of /proc, borrowed */
	bool has_nf_tables; /* it is loaded; where it is not there are no rules to read */
	struct forwards forwards; /* of the rules; whoever reads may add proxies */
	int error; /* -errno where the rules of a namespace could not be read */
	int legacy_error; /* the same for the names of the tables of legacy iptables */
	/* Tables of legacy iptables that may forward, and that are not read: "nat mangle". */
	struct buf legacy;
};

struct forward_rules *forward_rules_new(int proc_root);
void forward_rules_free(struct forward_rules *r);

/* What was there goes. */
void forward_rules_clear(struct forward_rules *r);

/*
 * Adds those of a namespace, without loading a module.  open(data) returns a socket of the protocol
 * NETLINK_NETFILTER that belongs to it, or -errno; without open it is the caller's own.  folder is a
 * descriptor for nf_legacy_tables(), or -1: they stay unknown.  A namespace that is gone has no rules.
 */
void forward_rules_read(struct forward_rules *r, uint16_t netns, int (*open)(void *data),
			void *data, int folder);

#endif
