/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adjacent bare words: those of one kind form a list, and all are combined with "and". */
#include <config.h>

#include "query/filter_run.h"

#include <stdlib.h>

#include "base/mem.h"

void bare_run_fini(struct bare_run *run)
{
	for (size_t i = 0; i < run->n; i++)
		node_free(run->list[i]);
	node_free(run->any);
	free(run->list);
	free(run->ports);
	*run = (struct bare_run){ 0 };
}

void bare_run_add(struct bare_run *run, struct filter_node *node)
{
	run->list = mem_grow(run->list, run->n, &run->cap, sizeof(struct filter_node *));
	run->list[run->n++] = node;
}

void bare_run_start(struct bare_run *run, enum bare_kind kind)
{
	if (run->has_group[kind])
		return;
	run->has_group[kind] = true;
	run->place[kind] = run->n;
	bare_run_add(run, NULL);
}

static struct filter_node *finish_ports(struct bare_run *run)
{
	struct port_sets *sets = run->ports;
	struct filter_node *any = run->any;
	struct port_sets excluded = { 0 };

	run->any = NULL;
	if (!any)
		return node_ports(sets);
	if (!sets)
		return any;
	excluded.out = sets->out;
	excluded.out_ephemeral = sets->out_ephemeral;
	excluded.ephemeral = sets->ephemeral;
	sets->out = (struct port_set){ { 0 } };
	sets->out_ephemeral = false;
	if (sets->has_in)
		any = node_join(NODE_OR, node_ports(sets), any);
	return port_sets_exclude_none(&excluded) ? any
						 : node_join(NODE_AND, any, node_ports(&excluded));
}

static struct filter_node *finish_bits(const struct bare_run *run, enum bare_kind kind)
{
	bool is_proto = kind == BARE_PROTO;
	struct filter_test test = {
		.kind = is_proto ? TEST_PROTO : TEST_STATE,
		.key = is_proto ? "proto" : "state",
		.bits = run->in[kind] ? run->in[kind]
			: is_proto    ? PROTO_ALL
				      : STATE_ANY,
	};

	test.bits &= ~run->out[kind];
	return node_test(&test);
}

struct filter_node *bare_run_finish(struct bare_run *run)
{
	struct filter_node *all = NULL;

	for (enum bare_kind kind = BARE_PORTS; kind < BARE_GROUPS; kind++)
		if (run->has_group[kind])
			run->list[run->place[kind]] =
				kind == BARE_PORTS ? finish_ports(run) : finish_bits(run, kind);
	for (size_t i = 0; i < run->n; i++)
		all = node_join(NODE_AND, all, run->list[i]);
	run->n = 0;
	bare_run_fini(run);
	return all;
}

struct port_sets *bare_run_ports(struct bare_run *run)
{
	if (!run->ports)
		run->ports = mem_calloc(1, sizeof(*run->ports));
	bare_run_start(run, BARE_PORTS);
	return run->ports;
}
