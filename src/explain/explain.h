/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One port: can a program bind it here, what is in the way, who answers there now, and what helps.
 */
#ifndef PORTSTAT_EXPLAIN_EXPLAIN_H
#define PORTSTAT_EXPLAIN_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "base/buf.h"
#include "explain/facts.h"
#include "explain/place.h"
#include "explain/rules.h"
#include "explain/trial.h"
#include "model/sock.h"

struct why_question {
	enum sock_proto proto; /* PROTO_TCP or PROTO_UDP */
	uint16_t port;
	bool has_addr; /* otherwise every address: :: dual stack, or 0.0.0.0 where there is no IPv6 */
	enum addr_family family;
	struct addr addr;
	bool is_v6only; /* of :: */
	char device[IF_NAMESIZE]; /* "": none */
	bool has_user; /* --as */
	struct trial_user user;
	bool no_try; /* only the rules answer */
};

enum why_verdict {
	WHY_FREE, /* it can be bound */
	WHY_TAKEN, /* it cannot */
	WHY_UNKNOWN, /* not to be told */
};

/* A socket that is in the way of the place. */
struct blocker {
	size_t row; /* of the facts */
	enum rule_id rule;
	enum overlap overlap;
	bool is_certain; /* false: it depends on an option of the socket that we may not see */
};

/* What the rules of the namespace do with a new packet from outside. */
enum let_in {
	LET_IN_UNKNOWN, /* they could not be read */
	LET_IN_NOBODY, /* none comes: a loopback address */
	LET_IN_ALL,
	LET_IN_DROPPED,
	LET_IN_REJECTED, /* dropped, and the sender is told */
	LET_IN_DEPENDS,
};

/* Who gets a packet to one address of the place now. */
struct taker {
	enum addr_family family;
	struct endpoint to;
	struct sock sk;
};
#define TAKERS_MAX 3

struct explanation {
	struct why_question question;
	struct facts facts;
	struct bind_place place; /* that the answer is about */
	struct bind_case bind; /* who binds it; its place is the one above */
	enum why_verdict verdict;
	int error; /* errno of WHY_TAKEN; of WHY_UNKNOWN, why it could not be tried */
	enum rule_id rule; /* what hinders the place itself; RULES: nothing */
	bool was_tried;
	bool needs_reuse; /* of WHY_FREE: only with SO_REUSEADDR */
	/* Most in the way first; of WHY_FREE with needs_reuse, in the way of a plain bind(). */
	struct blocker *blockers;
	size_t n_blockers;
	size_t blockers_cap;
	/* For one address each: the place's, or loopback and the first of this host's others. */
	struct taker takers[TAKERS_MAX];
	size_t n_takers;
	/* Of the first blocker that has an owner; empty and 0 where that is not known. */
	struct buf started_by; /* its ancestors: "systemd[1] > bash[7702]" */
	uint64_t age_ms; /* since it was started */
	bool is_leftover; /* what started it has ended, and with that the terminal's session */
	enum let_in let_in;
	int let_in_error; /* errno of LET_IN_UNKNOWN; 0: there is nothing that could tell */
	struct buf let_in_by; /* the rule or the policy; of LET_IN_DEPENDS on what, in English */
	bool knows_reserved;
	struct buf
		reserved; /* ip_local_reserved_ports as it is, if an outgoing connection is in the way */
	struct buf cgroup; /* of RULE_PROGRAM: see bind_program_cgroup() */
	bool has_alternative; /* this address of the same port can be bound: */
	struct bind_place alternative;
	uint16_t
		free_port; /* another port that can be bound at the same place; 0: none was found */
};

/*
 * Answers the question.  Returns 0, or -errno if no socket could be listed.  Call explanation_fini()
 * either way; the scene must live until then.
 */
int explain(struct explanation *x, const struct why_question *question,
	    const struct why_scene *scene);
void explanation_fini(struct explanation *x);

#endif
