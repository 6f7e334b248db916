/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what forwards ports in the network namespaces that are listed. */
#include <config.h>

#include "query/leads_read.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "query/collect.h"
#include "query/namespaces.h"
#include "resolve/forward_rules.h"
#include "resolve/ruleset_read.h"

static int open_there(void *data, int protocol)
{
	const struct namespace_at *at = data;

	return namespaces_socket(at->namespaces, at->netns, AF_NETLINK, SOCK_RAW, protocol);
}

typedef void visitor(struct forward_rules *rules, const struct rules_place *place);

static void visit_there(struct forward_rules *rules, const struct namespaces *n, uint16_t netns,
			visitor *visit)
{
	struct namespace_at at = { n, netns };
	struct rules_place place = {
		.netns = netns,
		.open = open_there,
		.data = &at,
		.folder = netns_open_folder(&n->found.list[netns], n->proc_root),
		.netns_fd = netns_open(&n->found.list[netns], n->proc_root),
	};

	visit(rules, &place);
	if (place.folder >= 0)
		close(place.folder);
	if (place.netns_fd >= 0)
		close(place.netns_fd);
}

static void visit_here(struct forward_rules *rules, visitor *visit)
{
	struct rules_place place = {
		.open = netlink_open_here,
		.folder = rules->proc_root,
		.netns_fd = openat(rules->proc_root, "self/ns/net", O_RDONLY | O_CLOEXEC),
	};

	visit(rules, &place);
	if (place.netns_fd >= 0)
		close(place.netns_fd);
}

static void visit_all(struct forward_rules *rules, const struct namespaces *n, visitor *visit)
{
	bool are_chosen = namespaces_are_chosen(n);

	if (!are_chosen || n->found.list[0].is_chosen)
		visit_here(rules, visit);
	for (size_t i = 1; are_chosen && i < n->found.n; i++)
		if (n->found.list[i].is_chosen)
			visit_there(rules, n, (uint16_t)i, visit);
}

void leads_read_rules(struct forward_rules *rules, const struct sources *sources,
		      bool keeps_firewalls)
{
	forward_rules_begin(rules, keeps_firewalls);
	visit_all(rules, sources->namespaces, forward_rules_look);
	if (forward_rules_have_changed(rules))
		visit_all(rules, sources->namespaces, forward_rules_read);
}
