/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What holds a port, and what bind(2) looks at besides. */
#include <config.h>

#include "explain/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/caller.h"
#include "base/mem.h"
#include "base/number.h"
#include "explain/place.h"
#include "explain/reuse.h"
#include "model/listener.h"
#include "query/collect.h"
#include "query/columns.h"
#include "query/filter.h"
#include "query/namespaces.h"
#include "query/plan.h"
#include "query/take.h"
#include "resolve/ifaces.h"
#include "resolve/resolver.h"

/* The columns that the answer is written from. */
static const char *const column_keys[] = {
	"local",    "peer",   "process", "user",  "service",  "iface",	   "leads_to.container",
	"firewall", "cgroup", "unit",	 "timer", "leads_to", "container",
};
#define N_COLUMNS (sizeof(column_keys) / sizeof(*column_keys))

/* The kernel's default (Documentation/networking/ip-sysctl.rst). */
#define USUAL_UNPRIVILEGED 1024

static int take_snapshot(struct facts *facts, const struct why_scene *scene,
			 const struct sources *sources, enum sock_proto proto, uint16_t port)
{
	const struct column *list[N_COLUMNS];
	struct plan_request request = {
		.protos = PROTO_BIT(proto),
		.has_forwards = true,
		.columns = list,
		.in_kernel = true,
	};
	struct filter_error error;
	struct filter *filter = NULL;
	struct plan plan;
	char text[32];
	int err;

	for (size_t i = 0; i < N_COLUMNS; i++) {
		const struct column *c = column_find(column_keys[i], strlen(column_keys[i]));

		if (c)
			list[request.n_columns++] = c;
	}
	snprintf(text, sizeof(text), "lport == %u", port);
	err = filter_parse(&filter, text, strlen(text), scene->names, &error);
	if (err)
		return err;
	request.filter = filter;
	facts->snap.netns = scene->netns;
	facts->snap.host = scene->host;
	plan_init(&plan, &request);
	err = snapshot_take(&facts->snap, &plan, sources, scene->names, scene->time_ms);
	plan_fini(&plan);
	filter_free(filter);
	return err;
}

/* A number in /proc/sys/net, which is of the caller's namespace; or what it is otherwise. */
static unsigned int read_setting(int proc_root, const char *path, unsigned int otherwise)
{
	char text[32];
	uint64_t value;
	ssize_t n = -1;
	int fd = openat(proc_root, path, O_RDONLY | O_CLOEXEC);

	if (fd >= 0) {
		n = read(fd, text, sizeof(text));
		close(fd);
	}
	if (n < 1 || number_parse(text, (size_t)n - 1, UINT16_MAX + 1, &value))
		return otherwise;
	return (unsigned int)value;
}

static void read_settings(struct facts *facts, const struct why_scene *scene)
{
	const struct namespaces *n = scene->sources->namespaces;
	int proc = scene->proc_root;

	facts->first_unprivileged = USUAL_UNPRIVILEGED;
	facts->has_ipv6 = !faccessat(proc, "sys/net/ipv6", F_OK, 0);
	if (namespaces_are_chosen(n)) {
		while (facts->netns + 1U < n->found.n && !n->found.list[facts->netns].is_chosen)
			facts->netns++;
		facts->is_elsewhere = facts->netns;
	}
	namespaces_read_addrs(n, &facts->own);
	if (facts->is_elsewhere)
		return;
	facts->first_unprivileged = (uint16_t)read_setting(
		proc, "sys/net/ipv4/ip_unprivileged_port_start", USUAL_UNPRIVILEGED);
	facts->is_ipv6_disabled = read_setting(proc, "sys/net/ipv6/conf/all/disable_ipv6", 0);
	facts->may_bind_any = read_setting(proc, "sys/net/ipv4/ip_nonlocal_bind", 0) ||
			      read_setting(proc, "sys/net/ipv6/ip_nonlocal_bind", 0);
}

/* The listener at whose address this connection ends, or NULL. */
static const struct holder *listener_of(const struct facts *facts, const struct sock *sk)
{
	for (size_t i = 0; i < facts->snap.n_rows; i++) {
		const struct holder *h = &facts->holders[i];

		if (h->sk->state == SOCK_STATE_LISTEN && listener_fit(h->sk, sk))
			return h;
	}
	return NULL;
}

/*
 * Did a server accept it?  A connection inherits the options and the device of its listener, whoever
 * holds it now.  Without a listener the ports tell: this host hands out those of one range to clients.
 */
static void judge_connection(const struct facts *facts, struct holder *h)
{
	const struct sock *sk = h->sk;
	const struct port_range ephemeral = facts->snap.names->ephemeral;
	const struct holder *listener = listener_of(facts, sk);

	/* With SO_REUSEPORT it can be older than the listener, of a server without SO_REUSEADDR. */
	bool is_its_own = listener && listener->sk->ifindex == sk->ifindex &&
			  (sk->state != SOCK_STATE_TIME_WAIT || listener->reuse_port == TRUTH_NO);

	h->is_accepted = listener || !port_in_range(ephemeral, sk->local.port) ||
			 port_in_range(ephemeral, sk->remote.port);
	if (!is_its_own)
		return;
	if (h->reuse_addr == TRUTH_UNKNOWN)
		h->reuse_addr = listener->reuse_addr;
	if (h->reuse_port == TRUTH_UNKNOWN)
		h->reuse_port = listener->reuse_port;
	if (h->v6only == TRUTH_UNKNOWN)
		h->v6only = listener->v6only;
}

static void find_holders(struct facts *facts)
{
	const struct snapshot *snap = &facts->snap;

	facts->holders = mem_calloc(snap->n_rows, sizeof(*facts->holders));
	for (size_t i = 0; i < snap->n_rows; i++) {
		struct holder *h = &facts->holders[i];

		h->sk = snap->rows[i].sk;
		reuse_find(snap, &snap->rows[i], h);
	}
	for (size_t i = 0; i < snap->n_rows; i++)
		if (sock_has(facts->holders[i].sk, SOCK_HAS_PEER))
			judge_connection(facts, &facts->holders[i]);
}

/* Rows of the question's namespace alone. */
static void drop_others(struct snapshot *snap)
{
	size_t n = 0;

	for (size_t i = 0; i < snap->n_rows; i++)
		if (!snap->rows[i].sk->netns)
			snap->rows[n++] = snap->rows[i];
	snap->n_rows = n;
}

static bool has_problem(const struct problems *problems, enum problem_code code)
{
	for (size_t i = 0; i < problems->n; i++)
		if (problems->list[i].code == code)
			return true;
	return false;
}

/* The port leads somewhere, often into a container: who is there is told by all namespaces. */
static int look_behind(struct facts *facts, const struct why_scene *scene, enum sock_proto proto,
		       uint16_t port)
{
	struct sources sources = *scene->sources;
	int err;

	facts->all.proc_root = scene->proc_root;
	namespaces_add_words(&facts->all, "all");
	sources.namespaces = &facts->all;
	if (scene->names->ifaces)
		ifaces_enter_with(scene->names->ifaces, namespaces_iface_socket, &facts->all);
	err = take_snapshot(facts, scene, &sources, proto, port);
	facts->has_all = !err && !has_problem(&facts->snap.problems, PROBLEM_NETNS);
	drop_others(&facts->snap);
	return err;
}

int facts_take(struct facts *facts, const struct why_scene *scene, enum sock_proto proto,
	       uint16_t port)
{
	int err;

	*facts = (struct facts){ 0 };
	if (scene->names->ifaces)
		ifaces_enter_with(scene->names->ifaces, namespaces_iface_socket,
				  scene->sources->namespaces);
	err = take_snapshot(facts, scene, scene->sources, proto, port);
	if (!err && facts->snap.leads.n && !namespaces_are_chosen(scene->sources->namespaces))
		err = look_behind(facts, scene, proto, port);
	if (err)
		return err;
	read_settings(facts, scene);
	find_holders(facts);
	return 0;
}

void facts_fini(struct facts *facts)
{
	snapshot_fini(&facts->snap);
	own_addrs_fini(&facts->own);
	namespaces_fini(&facts->all);
	free(facts->holders);
}

/* Of the caller: what our file adds is not used for binding. */
static bool caller_may_bind_privileged(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3] = { 0 };

	if (caller_lacks_privileges() || syscall(SYS_capget, &header, caps))
		return false;
	return caps[CAP_TO_INDEX(CAP_NET_BIND_SERVICE)].effective &
	       CAP_TO_MASK(CAP_NET_BIND_SERVICE);
}

static bool is_multicast(enum addr_family family, const struct addr *addr)
{
	return family == ADDR_INET ? addr->bytes[0] >= 224 : addr->bytes[0] == 0xff;
}

/* own_addrs_has() takes ::1 for granted, which is not there where IPv6 is disabled. */
static bool has_address(const struct facts *facts, const struct bind_place *place)
{
	struct addr addr;
	enum addr_family family = addr_unmap(place->family, &place->addr, &addr);

	if (facts->may_bind_any || addr_is_any(&addr) || is_multicast(family, &addr))
		return true;
	if (family == ADDR_INET6 && addr_is_loopback(family, &addr))
		return !facts->is_ipv6_disabled;
	return own_addrs_has(&facts->own, facts->netns, family, &addr);
}

void facts_fill_case(const struct facts *facts, const struct trial_user *user, struct bind_case *c)
{
	const char *device = c->place->device;

	c->uid = user ? user->uid : getuid();
	c->is_privileged = user ? !user->uid : caller_may_bind_privileged();
	c->ifindex = *device && !facts->is_elsewhere ? if_nametoindex(device) : 0;
	c->has_device = !*device || facts->is_elsewhere || c->ifindex;
	c->has_address = has_address(facts, c->place);
	c->has_ipv6 = facts->has_ipv6;
	c->is_ipv6_disabled = facts->is_ipv6_disabled;
	c->first_unprivileged = facts->first_unprivileged;
}
