/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the network namespaces of this machine say of themselves: interfaces, routes and tracked
 * connections, each asked for when it is first needed.
 */
#ifndef PORTSTAT_RESOLVE_STOPS_H
#define PORTSTAT_RESOLVE_STOPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conntrack;
struct links;
struct netns_list;
struct stops;

/* As paths_new(). */
struct stops *stops_new(const struct netns_list *all, int proc_root);
void stops_free(struct stops *s);

/*
 * A NETLINK_ROUTE socket in the namespace, borrowed until the next call of any of these functions; -1
 * if it cannot be entered.
 */
int stops_socket(struct stops *s, uint16_t netns);

/* Borrowed until stops_free(); empty if they could not be read. */
const struct links *stops_links(struct stops *s, uint16_t netns);
const struct conntrack *stops_conntrack(struct stops *s, uint16_t netns);

/* The namespace that another one calls nsid (rtnetlink(7)); false if it is not found. */
bool stops_called(struct stops *s, uint16_t by, int32_t nsid, uint16_t *netns);

#endif
