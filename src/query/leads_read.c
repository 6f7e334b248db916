/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what forwards ports in the network namespaces that are listed. */
#include <config.h>

#include "query/leads_read.h"

#include <linux/netlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include "query/collect.h"
#include "query/namespaces.h"
#include "resolve/forward_rules.h"

struct visit {
	const struct namespaces *namespaces;
	uint16_t netns;
};

static int open_there(void *data)
{
	const struct visit *v = data;

	return namespaces_socket(v->namespaces, v->netns, AF_NETLINK, SOCK_RAW, NETLINK_NETFILTER);
}

static void read_there(struct forward_rules *rules, const struct namespaces *n, uint16_t netns)
{
	struct visit v = { n, netns };
	int folder = netns_open_folder(&n->found.list[netns], n->proc_root);

	forward_rules_read(rules, netns, open_there, &v, folder);
	if (folder >= 0)
		close(folder);
}

void leads_read_rules(struct forward_rules *rules, const struct sources *sources)
{
	const struct namespaces *n = sources->namespaces;
	bool are_chosen = namespaces_are_chosen(n);

	forward_rules_clear(rules);
	if (!are_chosen || n->found.list[0].is_chosen)
		forward_rules_read(rules, 0, NULL, NULL, rules->proc_root);
	for (size_t i = 1; are_chosen && i < n->found.n; i++)
		if (n->found.list[i].is_chosen)
			read_there(rules, n, (uint16_t)i);
}
