/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --free: prints ports that can be bound. */
#include <config.h>

#include "free.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/number.h"
#include "explain/place.h"
#include "explain/trial.h"
#include "model/cond.h"
#include "model/port_set.h"
#include "program.h"
#include "query/filter.h"
#include "resolve/forward_rules.h"
#include "resolve/proc_dir.h"
#include "resolve/ruleset_read.h"

/* Longer than a list of all ports can be. */
#define RESERVED_MAX_BYTES (1U << 20)

/* The ports of --free=PORTS, a filter on the local port. */
static void add_chosen(const struct filter *filter, struct port_set *ports)
{
	struct sock sk = { .proto = PROTO_TCP };
	struct cond cond;
	bool is_exact;

	filter_cond(filter, NULL, false, &cond, &is_exact);
	for (uint32_t port = 1; port <= PORT_MAX; port++) {
		sk.local.port = (uint16_t)port;
		if (cond_holds(&cond, &sk))
			port_set_add(ports, (struct port_range){ sk.local.port, sk.local.port });
	}
	cond_fini(&cond);
}

/* Parses a part of ip_local_reserved_ports: "8080" or "9000-9010". */
static bool parse_range(const char *text, size_t len, struct port_range *range)
{
	const char *dash = memchr(text, '-', len);
	size_t first_len = dash ? (size_t)(dash - text) : len;
	uint64_t first, last;

	if (number_parse(text, first_len, PORT_MAX, &first))
		return false;
	last = first;
	if (dash && number_parse(dash + 1, len - first_len - 1, PORT_MAX, &last))
		return false;
	*range = (struct port_range){ (uint16_t)first, (uint16_t)last };
	return first <= last;
}

/* Ports that the administrator keeps for programs that bind them by number (ip_sysctl.rst). */
static void remove_reserved(int proc_root, struct port_set *ports)
{
	struct buf text = { 0 };
	const char *part;

	if (proc_file_read(proc_root, "sys/net/ipv4/ip_local_reserved_ports", RESERVED_MAX_BYTES,
			   &text))
		return;
	for (part = buf_cstr(&text); *part;) {
		size_t len = strcspn(part, ",\n");
		struct port_range range;

		if (parse_range(part, len, &range))
			port_set_remove(ports, range);
		part += len + (part[len] != '\0');
	}
	buf_fini(&text);
}

/* Ports that never reach the program that binds them, as far as the rules may be read. */
static void remove_forwarded(struct forward_rules *rules, unsigned int protos,
			     struct port_set *ports)
{
	const struct rules_place here = {
		.open = netlink_open_here,
		.folder = -1,
		.netns_fd = -1,
	};

	if (!rules)
		return;
	forward_rules_begin(rules, false);
	forward_rules_look(rules, &here);
	if (forward_rules_have_changed(rules))
		forward_rules_read(rules, &here);
	for (size_t i = 0; i < rules->forwards.n; i++) {
		const struct forward *fw = &rules->forwards.list[i];
		bool is_tcp = !fw->proto || fw->proto == IPPROTO_TCP;
		bool is_udp = !fw->proto || fw->proto == IPPROTO_UDP;
		/* A rule for every port is one for some addresses or devices. */
		bool is_every = !fw->port_first && fw->port_last == PORT_MAX;

		if (!is_every && ((is_tcp && protos & PROTO_BIT(PROTO_TCP)) ||
				  (is_udp && protos & PROTO_BIT(PROTO_UDP))))
			port_set_remove(ports,
					(struct port_range){ fw->port_first, fw->port_last });
	}
}

/* A kernel or namespace without this family has no address that could be taken. */
static bool can_bind(const struct bind_place *place, bool *has_family)
{
	const struct trial_scope here = { 0 };
	struct trial_result result = trial_bind(place, &here);

	*has_family = *has_family || result.step == TRIAL_BIND;
	return result.step == TRIAL_SOCKET || (result.step == TRIAL_BIND && !result.error);
}

/* The wildcards conflict with whatever is bound to any address or device. */
static bool is_free(uint16_t port, unsigned int protos)
{
	static const enum sock_proto tried[] = { PROTO_TCP, PROTO_UDP };

	for (size_t i = 0; i < sizeof(tried) / sizeof(*tried); i++) {
		struct bind_place place = { .proto = tried[i], .family = ADDR_INET6, .port = port };
		bool has_family = false;

		if (!(protos & PROTO_BIT(tried[i])))
			continue;
		if (!can_bind(&place, &has_family))
			return false;
		place.family = ADDR_INET;
		if (!can_bind(&place, &has_family) || !has_family)
			return false;
	}
	return true;
}

static void find_candidates(const struct program *p, unsigned int protos, struct port_set *ports)
{
	if (p->filter) {
		add_chosen(p->filter, ports);
		return;
	}
	port_set_add(ports, port_class_range(PORT_CLASS_REGISTERED));
	port_set_remove(ports, p->names.ephemeral);
	remove_reserved(p->proc_root, ports);
	remove_forwarded(p->names.forwards, protos, ports);
}

int run_free(struct program *p)
{
	const struct options *opt = &p->opt;
	unsigned int wanted = opt->free_count ? opt->free_count : 1, n = 0;
	unsigned int protos =
		opt->protos ? opt->protos : PROTO_BIT(PROTO_TCP) | PROTO_BIT(PROTO_UDP);
	struct port_set ports = { 0 };

	find_candidates(p, protos, &ports);
	for (uint32_t port = 1; port <= PORT_MAX && n < wanted; port++) {
		if (!port_set_has(&ports, (uint16_t)port) || !is_free((uint16_t)port, protos))
			continue;
		n++;
		if (!opt->is_quiet)
			printf("%u\n", port);
	}
	if (n < wanted && !opt->is_quiet)
		complain(P_("%u free port was found", "%u free ports were found", n), n);
	return written(0, n < wanted ? EXIT_NO_ROW : EXIT_ROWS);
}
