/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which parts of netfilter the kernel has loaded, found out without making it load any. */
#ifndef PORTSTAT_RESOLVE_NF_LOADED_H
#define PORTSTAT_RESOLVE_NF_LOADED_H

#include <stdbool.h>

#include "model/sock.h"

struct buf;

/*
 * Can nf_tables be asked over NETLINK_NETFILTER?  A socket of a netlink protocol that nobody has
 * registered makes the kernel look for a module (netlink_create()), and so does a message to a part
 * of nfnetlink that is not there (nfnetlink_rcv_msg()).  So both have to be there before:
 *
 * nfnetlink	has its kernel socket in /proc/net/netlink, in each network namespace
 * nf_tables	is in /proc/modules; or there is no such file, as the kernel has no modules; or
 *		it is built in: modules.builtin of the folder has it, or where there is no such
 *		file, /proc/kallsyms
 *
 * proc_root is a descriptor of /proc; modules is /lib/modules/RELEASE where it is NULL.
 */
bool nf_tables_is_loaded(int proc_root, const char *modules);

/* The same for tracked connections: nf_conntrack_netlink takes the place of nf_tables. */
bool nf_conntrack_is_loaded(int proc_root, const char *modules);

/*
 * Adds the names of the tables of legacy iptables (net/ip_tables_names, ip6_tables_names),
 * separated by spaces: "filter nat".  folder is a descriptor of /proc, for the caller's own network
 * namespace, or of /proc/PID, for that of a process.  Only root may read them.  How many there are,
 * or -errno: -ENOENT where legacy iptables is not loaded.
 */
int nf_legacy_tables(int folder, enum addr_family family, struct buf *out);

#endif
