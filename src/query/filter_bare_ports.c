/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Bare words that are ports: one, or a list that may have protocols ("80,443/tcp", "udp:53"). */
#include <config.h>

#include "query/filter_bare_ports.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "model/port_set.h"
#include "model/vocab.h"
#include "query/filter.h"
#include "query/filter_bare_kind.h"
#include "query/filter_tree.h"

#define NO_PROTO (-1)

/* A list of ports being read.  The ports of one protocol become a test of their own. */
struct ports_reader {
	struct bare_run *run;
	struct port_sets *sets; /* the ports since the last protocol */
	int proto; /* enum sock_proto, or NO_PROTO */
};

static struct filter_node *node_proto(unsigned int bits)
{
	struct filter_test test = { .kind = TEST_PROTO, .key = "proto", .bits = bits };

	return node_test(&test);
}

/* Adds the ports since the last protocol to the run. */
static void flush(struct ports_reader *r)
{
	struct bare_run *run = r->run;
	struct port_sets *sets = r->sets;
	struct filter_node *node = NULL;

	if (!sets->has_in && port_sets_exclude_none(sets))
		return;
	if (r->proto == NO_PROTO) {
		port_sets_add(bare_run_ports(run), sets);
	} else if (sets->has_in) {
		node = node_join(NODE_AND, node_proto(PROTO_BIT(r->proto)), node_ports(sets));
		bare_run_start(run, BARE_PORTS);
		run->any = node_join(NODE_OR, run->any, node);
	} else {
		struct port_sets excluded = port_sets_excluded(sets);

		node = node_join(NODE_AND, node_proto(PROTO_BIT(r->proto)), node_ports(&excluded));
		bare_run_add(run, node_not(node));
	}
	*sets = (struct port_sets){ .has_in = false };
}

static int fail_proto(struct filter_parser *p, const struct filter_word *word, const char *proto)
{
	struct nearest nearest;

	parse_fail_word(p, word, _("Expected a protocol after the slash: %s."));
	p->error->protos = protos_where(proto_has_ports);
	nearest_start(&nearest, proto, (size_t)(p->plain.data + p->plain.len - proto));
	for (unsigned int i = 0; i < PROTO_COUNT; i++)
		nearest_try(&nearest, proto_name((enum sock_proto)i));
	p->error->nearest = nearest.found;
	return -EINVAL;
}

/* Explains that only ports may be listed with commas: "tcp,udp" and "nginx,redis" may not. */
static int fail_list(struct filter_parser *p)
{
	if (p->plain.len && bare_is_keyword(p->plain.data, p->plain.len))
		p->error->message = _("Expected a port: separate protocols and states with "
				      "spaces, or put their key in front (proto tcp,udp).");
	else if (p->plain.len && !memchr(p->plain.data, ':', p->plain.len) &&
		 !(*p->plain.data && strchr("0123456789-", *p->plain.data)))
		p->error->message = _("Expected a port or the name of a service: separate other "
				      "names with spaces, or put a key in front (name "
				      "nginx,redis).");
	return -EINVAL;
}

static int read_ports_item(struct filter_parser *p, const struct filter_word *word, void *context)
{
	struct ports_reader *r = context;
	const char *item = p->plain.data, *slash;
	size_t len = p->plain.len;
	enum sock_proto proto;
	bool is_behind;
	int err;

	slash = len ? memchr(item, '/', len) : NULL;
	if (len && bare_split_proto(p->plain.data, len, &item, &len, &proto)) {
		/* A protocol after ports applies to all since the last protocol: 80,443/tcp. */
		is_behind = item == p->plain.data;
		if (!is_behind || r->proto != NO_PROTO)
			flush(r);
		r->proto = (int)proto;
	} else if (slash) {
		return fail_proto(p, word, slash + 1);
	} else {
		is_behind = false;
	}
	if (len && *item == ':') {
		item++;
		len--;
	}
	err = parse_port_item(p, word, item, len, word->is_negated, r->sets);
	if (err)
		return fail_list(p);
	if (is_behind) {
		flush(r);
		r->proto = NO_PROTO;
	}
	return 0;
}

int parse_bare_port(struct filter_parser *p, const struct filter_word *word, struct bare_run *run)
{
	size_t colon = p->plain.len && *p->plain.data == ':';

	return parse_port_item(p, word, p->plain.data + colon, p->plain.len - colon,
			       word->is_negated, bare_run_ports(run));
}

int parse_bare_port_list(struct filter_parser *p, struct bare_run *run)
{
	struct ports_reader r = {
		.run = run,
		.sets = mem_calloc(1, sizeof(*r.sets)),
		.proto = NO_PROTO,
	};
	int err = parse_list(
		p, read_ports_item, &r,
		_("Expected a port, a range of ports, a port class or the name of a service."));

	if (!err)
		flush(&r);
	free(r.sets);
	return err;
}
