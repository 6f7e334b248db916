/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the rules of a network namespace do with a new packet to a port of it: accept it, drop it,
 * or what that depends on.
 */
#ifndef PORTSTAT_RESOLVE_FIREWALL_H
#define PORTSTAT_RESOLVE_FIREWALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/buf.h"
#include "resolve/ruleset.h"
#include "resolve/ruleset_judge.h"

/* Zero-initialised has no rules. */
struct firewall {
	uint16_t netns; /* index of the namespace, as in struct sock */
	int error; /* -errno where the rules could not be read: there is nothing to ask */
	struct ruleset rules;
	struct buf unread; /* what else sees packets: "iptables-legacy (nat), IPVS"; or empty */
};

void firewall_fini(struct firewall *fw);

struct firewall_question {
	enum addr_family family;
	struct addr addr; /* 0.0.0.0 or ::, each that the namespace has */
	bool is_dual_stack; /* of ::, those of IPv4 too */
	bool is_from_here; /* over the loopback device, else from outside */
	uint8_t proto; /* IPPROTO_* */
	uint16_t port;
};

/* own was sorted, own_addrs_sort(). */
void firewall_judge(const struct firewall *fw, const struct own_addrs *own,
		    const struct firewall_question *q, struct judgement *out);

/* Adds "nat PREROUTING > DOCKER", as the kernel has the names: not made visible. */
void firewall_place_text(const struct firewall *fw, const struct rule_place *place,
			 struct buf *out);

/*
 * Adds what it depends on, in English, for "depends on ...": "the source address", "the condition
 * limit".  The names in it are not made visible.
 */
void firewall_reason_text(const struct firewall *fw, const struct judgement *j, struct buf *out);

#endif
