/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What forwards ports in this network namespace, as far as its rules may be read. */
#ifndef PORTSTAT_RESOLVE_FORWARD_RULES_H
#define PORTSTAT_RESOLVE_FORWARD_RULES_H

#include "base/buf.h"
#include "resolve/forwards.h"

struct forward_rules {
	int proc_root; /* a descriptor of the /proc of this network namespace, borrowed */
	struct forwards forwards; /* of the rules; whoever reads may add proxies */
	int error; /* -errno where the rules, or the names of the legacy tables, could not be read */
	/* Tables of legacy iptables that may forward, and that are not read: "nat mangle". */
	struct buf legacy;
};

struct forward_rules *forward_rules_new(int proc_root);
void forward_rules_free(struct forward_rules *r);

/* Reads anew, without loading a module; what was there goes. */
void forward_rules_read(struct forward_rules *r);

#endif
