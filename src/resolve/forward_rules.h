/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What forwards ports in the network namespaces that are listed, as far as their rules may be read. */
#ifndef PORTSTAT_RESOLVE_FORWARD_RULES_H
#define PORTSTAT_RESOLVE_FORWARD_RULES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "resolve/forwards.h"

struct firewall;

/* A namespace that was looked at, and its rules by their number: ruleset_generation(). */
struct rules_seen {
	uint16_t netns;
	bool has_sk_lookup; /* BPF programs choose the sockets of what comes in there */
	uint32_t generation;
};

struct forward_rules {
	int proc_root; /* a descriptor of /proc, borrowed */
	struct forwards forwards; /* of the rules; whoever reads may add proxies */
	int error; /* -errno where the rules of a namespace could not be read */
	int legacy_error; /* the same for the names of the tables of legacy iptables */
	/* Tables of legacy iptables that may forward, and that are not read: "nat mangle". */
	struct buf legacy;
	bool has_nf_tables; /* it is loaded; where it is not there are no rules to read */
	struct rules_seen *seen; /* in the order in which they were looked at */
	size_t n_seen;
	size_t cap_seen;
	size_t n_looked; /* so many of them in this round */
	bool has_changed;
	bool is_unsure; /* rules may do something else although their generation is the same */
	size_t n_rules; /* so many of the forwards, with so many bytes of their texts: the rest is proxies' */
	size_t texts_len;
	bool keeps_firewalls; /* the rules themselves, too: */
	struct firewall *firewalls; /* one of each namespace that was looked at */
	size_t n_firewalls;
	size_t firewalls_cap;
};

/* A namespace: how to make a socket in it, as for ruleset_read_in(), and the folder for legacy tables. */
struct rules_place {
	uint16_t netns; /* index */
	int (*open)(void *data, int protocol);
	void *data;
	int folder; /* a descriptor for nf_legacy_tables(), or -1: these tables stay unknown */
	int netns_fd; /* a descriptor for sk_lookup_count(), or -1 */
};

struct forward_rules *forward_rules_new(int proc_root);
void forward_rules_free(struct forward_rules *r);

/*
 * Reading goes in two rounds, because a host with many rules would be busy with reading the same ones
 * every two seconds: forward_rules_look() at each place, in the same order each time, and then, where
 * forward_rules_have_changed(), forward_rules_read() at each of them.  No module is loaded for it; a
 * namespace that is gone has no rules.  With keeps_firewalls the rules are kept, and what sees packets
 * besides them is looked for, for forward_rules_firewall().
 */
void forward_rules_begin(struct forward_rules *r, bool keeps_firewalls);
void forward_rules_look(struct forward_rules *r, const struct rules_place *place);
bool forward_rules_have_changed(struct forward_rules *r);
void forward_rules_read(struct forward_rules *r, const struct rules_place *place);

/* Do BPF programs choose sockets in a namespace of this round? */
bool forward_rules_have_sk_lookup(const struct forward_rules *r);

/* Of the namespace with this index; NULL if none is kept.  Borrowed until the next round. */
const struct firewall *forward_rules_firewall(const struct forward_rules *r, uint16_t netns);

#endif
