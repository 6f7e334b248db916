/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TCP sockets that are bound, but neither listening nor connected: not every source lists them. */
#include <config.h>

#include "source/bound.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/kernel.h"
#include "base/mem.h"
#include "model/cond.h"
#include "model/sock_table.h"
#include "source/request.h"
#include "source/source.h"
#include "source/diag_socket.h"

/* Can the leaf be true for a socket without a peer? */
static bool leaf_may_hold(const struct cond_node *node, enum addr_family family)
{
	const struct cond_prefix *prefix = &node->prefix;
	const struct addr none = { 0 };

	if (node->kind == COND_REMOTE_PORT)
		return port_list_has(&node->ports, 0) != node->is_negated;
	if (node->kind == COND_REMOTE_ADDR)
		return addr_in_prefix(family, &none, (enum addr_family)prefix->family,
				      &prefix->addr, prefix->len) != node->is_negated;
	return node->kind != COND_FALSE;
}

static bool may_hold(const struct cond *c, enum addr_family family)
{
	bool *may = mem_alloc(c->n), result;

	for (size_t i = 0; i < c->n; i++) {
		const struct cond_node *node = &c->nodes[i];

		if (node->kind == COND_AND)
			may[i] = may[node->args.left] && may[node->args.right];
		else if (node->kind == COND_OR)
			may[i] = may[node->args.left] || may[node->args.right];
		else
			may[i] = leaf_may_hold(node, family);
	}
	result = may[c->root];
	free(may);
	return result;
}

bool bound_is_wanted(const struct source_query *query)
{
	const unsigned int bound = STATE_BIT(SOCK_STATE_BOUND);
	bool is_wanted = false;

	if (!(query->protos & PROTO_BIT(PROTO_TCP)) || !(query->states & bound))
		return false;
	for (unsigned int family = 0; family < ADDR_FAMILIES && !is_wanted; family++) {
		struct cond cond;

		if (!(query->families & FAMILY_BIT(family)))
			continue;
		if (!query->cond)
			return true;
		/* With the state fixed, the rest of the condition may exclude all such sockets. */
		cond_restrict(query->cond, PROTO_TCP, FAMILY_BIT(family), bound, &cond);
		is_wanted = may_hold(&cond, (enum addr_family)family);
		cond_fini(&cond);
	}
	return is_wanted;
}

/* Binds a socket to a free port of the wildcard address; never listens.  -1 on failure. */
static int bind_one(uint16_t *port)
{
	struct sockaddr_in addr = { .sin_family = AF_INET };
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (bind(fd, (const struct sockaddr *)&addr, sizeof(addr)) ||
	    getsockname(fd, (struct sockaddr *)&addr, &len)) {
		close(fd);
		return -1;
	}
	*port = ntohs(addr.sin_port);
	return fd;
}

/* Does the kernel list a socket that is only bound to this port? */
static bool finds_port(struct diag_socket *ds, uint16_t port)
{
	const struct request request = { .proto = PROTO_TCP,
					 .families = FAMILY_BIT(ADDR_INET),
					 .states = STATE_BIT(SOCK_STATE_BOUND) };
	struct port_range range = { port, port };
	struct cond_node leaf = { .kind = COND_LOCAL_PORT, .ports = { &range, 1, 0 } };
	struct source_query query = { .is_aside = true };
	struct sock_table table = { 0 };
	bool is_found = false;
	struct cond cond;

	cond_init(&cond);
	cond.root = cond_leaf(&cond, &leaf);
	query.cond = &cond;
	diag_socket_list(ds, &query, &request, &table);
	for (size_t i = 0; i < table.n; i++)
		is_found = is_found || (table.socks[i].state == SOCK_STATE_BOUND &&
					table.socks[i].local.port == port);
	sock_table_fini(&table);
	cond_fini(&cond);
	return is_found;
}

bool bound_is_listed(struct diag_socket *ds)
{
	bool is_listed;
	uint16_t port;
	int fd;

	if (kernel_is(6, 8))
		return true;
	fd = bind_one(&port);
	if (fd < 0)
		return false;
	is_listed = finds_port(ds, port);
	close(fd);
	return is_listed;
}
