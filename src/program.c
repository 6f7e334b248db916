/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The state of one run of the program: options, filter, columns, sources and resolver. */
#include <config.h>

#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <linux/capability.h>
#include <linux/nsfs.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/caller.h"
#include "base/i18n.h"
#include "base/number.h"
#include "base/text.h"
#include "document/moments.h"
#include "from_files.h"
#include "named_files.h"
#include "query/filter.h"
#include "recorded.h"
#include "query/snapshot_host.h"
#include "resolve/candidates.h"
#include "resolve/cgroups.h"
#include "resolve/containers.h"
#include "resolve/forward_rules.h"
#include "resolve/hosts.h"
#include "resolve/ifaces.h"
#include "resolve/own_addrs.h"
#include "resolve/services.h"
#include "resolve/system_names.h"
#include "resolve/users.h"
#include "source/recording.h"
#include "source/source.h"

#define HOST_THREADS 16
/* The kernel's default (ip_sysctl.rst). */
#define USUAL_EPHEMERAL ((struct port_range){ 32768, 60999 })

/* Parses ip_local_port_range: "32768\t60999\n". */
static struct port_range read_ephemeral(int proc_root)
{
	struct port_range range = USUAL_EPHEMERAL;
	uint64_t first, last;
	char text[64];
	size_t digits, gap;
	ssize_t n;
	int fd = openat(proc_root, "sys/net/ipv4/ip_local_port_range", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return range;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return range;
	text[n] = '\0';
	digits = strcspn(text, " \t\n");
	gap = strspn(text + digits, " \t");
	if (number_parse(text, digits, PORT_MAX, &first) ||
	    number_parse(text + digits + gap, strcspn(text + digits + gap, "\n"), PORT_MAX, &last))
		return range;
	return (struct port_range){ (uint16_t)first, (uint16_t)last };
}

/*
 * Selecting by mark in the kernel needs CAP_NET_ADMIN in the user namespace that owns the network
 * namespace, or in a parent of it (inet_diag_bc_audit()).  If that cannot be determined, returns
 * true: the source then tries.
 */
static bool may_select_by_mark(int proc_root)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };
	int netns, owner;
	bool is_denied;

	if (syscall(SYS_capget, &header, data) ||
	    !(data[CAP_TO_INDEX(CAP_NET_ADMIN)].effective & CAP_TO_MASK(CAP_NET_ADMIN)))
		return false;
	netns = openat(proc_root, "self/ns/net", O_RDONLY | O_CLOEXEC);
	if (netns < 0)
		return true;
	owner = ioctl(netns, NS_GET_USERNS);
	is_denied = owner < 0 && errno == EPERM;
	if (owner >= 0)
		close(owner);
	close(netns);
	return !is_denied;
}

/*
 * Another /proc, named by the caller, could contain links to any file and change at any time: so
 * use only the caller's own privileges with it.
 */
static int open_proc_root(struct program *p)
{
	const char *path = p->opt.proc_root;
	int err = path ? caller_become() : 0;
	struct buf text = { 0 };

	if (!err)
		p->proc_root = open(path ? path : "/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (!err && p->proc_root < 0)
		err = -errno;
	if (!err || !path)
		return 0;
	text_visible(&text, path, strlen(path), false);
	complain(_("cannot open '%s': %s"), buf_cstr(&text), strerror(-err));
	buf_fini(&text);
	return EXIT_FAILED;
}

struct containers *open_containers(const struct program *p)
{
	if (is_elsewhere(p))
		return containers_new(-1, NULL);
	return p->opt.proc_root ? containers_new(p->proc_root, "1/root")
				: containers_new(AT_FDCWD, "/");
}

struct candidates *open_candidates(const struct program *p, const struct resolver *names)
{
	/* Another /proc has the pids of another time or place, and its cgroups are not ours. */
	if (is_elsewhere(p) || p->opt.proc_root || !names->owners)
		return NULL;
	return candidates_new(p->proc_root, names->cgroups);
}

struct users *open_users(const struct program *p)
{
	/* The users of this host do not apply to a recording, nor to documents. */
	if (p->opt.n_from)
		return users_new_of_documents();
	return p->opt.replay ? recorded_users(p) : users_new(true);
}

int open_resolver(struct program *p)
{
	const struct options *opt = &p->opt;
	bool is_here = !is_elsewhere(p), knows_processes = is_here || opt->proc_root;
	int status = open_proc_root(p);

	if (status)
		return status;
	p->may_mark = (opt->filter.len || options_wait(opt)) && may_select_by_mark(p->proc_root);
	p->names.services = services_new("/etc/services");
	p->names.users = open_users(p);
	/* For the names of filters; rows have those of their own documents. */
	if (p->opt.n_from && (opt->filter.len || opt->is_live))
		tell_users(p);
	p->names.ifaces = ifaces_new(is_here);
	p->names.cgroups = is_here ? cgroups_new(NULL) : NULL;
	p->names.containers = open_containers(p);
	p->names.finds_addrs = !opt->is_numeric;
	p->names.hosts = hosts_new(HOST_THREADS, system_host_name);
	if (options_remote(opt))
		p->names.ephemeral = USUAL_EPHEMERAL;
	else if (!opt->n_from)
		p->names.ephemeral = opt->replay && !opt->proc_root ? USUAL_EPHEMERAL
								    : read_ephemeral(p->proc_root);
	recorded_learn(p);
	/* Rules are those of where we are, and not of what another /proc shows. */
	if (is_here && !opt->proc_root)
		p->names.forwards = forward_rules_new(p->proc_root);
	if (knows_processes && opt->owners != OWNERS_NONE)
		p->names.owners = owners_new(p->proc_root, opt->owners);
	p->names.candidates = open_candidates(p, &p->names);
	return 0;
}

/* The one that was chosen; NULL: that of the caller. */
static const struct netns *chosen_netns(const struct namespaces *n)
{
	for (size_t i = 1; i < n->found.n; i++)
		if (n->found.list[i].is_chosen)
			return &n->found.list[i];
	return NULL;
}

int enter_netns(struct program *p)
{
	struct problems problems = { 0 };
	const struct netns *netns = NULL;
	struct buf text = { 0 };
	int err;

	if (!p->opt.netns)
		return 0;
	p->namespaces.proc_root = p->proc_root;
	namespaces_add_words(&p->namespaces, p->opt.netns);
	err = namespaces_refresh(&p->namespaces, p->names.containers, &problems);
	for (size_t i = 0; err && i < problems.n; i++) {
		buf_clear(&text);
		problem_text(&problems.list[i], true, &text);
		complain("%s", buf_cstr(&text));
	}
	if (!err)
		netns = chosen_netns(&p->namespaces);
	if (netns) {
		err = netns_enter(netns, p->proc_root);
		if (err)
			complain(_("cannot enter the network namespace: %s"), strerror(-err));
	}
	buf_fini(&text);
	problems_fini(&problems);
	p->names.ephemeral = read_ephemeral(p->proc_root);
	return err ? EXIT_FAILED : 0;
}

int close_program(struct program *p, int status)
{
	close_documents(p);
	moments_free(p->earlier);
	source_free(p->sources.main);
	source_free(p->sources.fallback);
	namespaces_fini(&p->namespaces);
	namespaces_fini(&p->every_namespace);
	owners_free(p->names.owners);
	forward_rules_free(p->names.forwards);
	hosts_free(p->names.hosts);
	candidates_free(p->names.candidates);
	cgroups_free(p->names.cgroups);
	containers_free(p->names.containers);
	ifaces_free(p->names.ifaces);
	services_free(p->names.services);
	own_addrs_fini(&p->recorded_addrs);
	document_head_fini(&p->head);
	filter_free(p->filter);
	expected_fini(&p->expected);
	buf_fini(&p->expected_text);
	filter_files_fini(&p->files);
	column_list_fini(&p->columns);
	options_fini(&p->opt);
	buf_fini(&p->told);
	if (p->proc_root >= 0)
		close(p->proc_root);
	status = close_record(p, status);
	users_free(p->names.users);
	return status;
}

int open_sources(struct program *p)
{
	const struct options *opt = &p->opt;
	int err = 0;

	if (opt->n_from || options_remote(opt)) {
		namespaces_set_words(&p->namespaces, opt->netns ? opt->netns : "");
		p->sources.namespaces = &p->namespaces;
	}
	if (is_elsewhere(p))
		return 0;
	p->sources.remedy = source_remedy;
	p->namespaces.proc_root = p->proc_root;
	if (opt->netns)
		namespaces_add_words(&p->namespaces, opt->netns);
	p->sources.namespaces = &p->namespaces;
	p->every_namespace.proc_root = p->proc_root;
	namespaces_add_words(&p->every_namespace, "all");
	p->sources.every = &p->every_namespace;
	ifaces_enter_with(p->names.ifaces, namespaces_iface_socket, &p->namespaces);
	if (opt->record && open_record(p))
		return EXIT_FAILED;
	if (opt->source != SOURCE_KIND_PROCFS)
		err = p->sources.main_error =
			source_netlink_open(&p->sources.main, p->record.stream ? &p->record : NULL);
	if (opt->source == SOURCE_KIND_NETLINK && err) {
		complain(_("cannot query the kernel for sockets: %s"), strerror(-err));
		return EXIT_FAILED;
	}
	p->sources.is_procfs = opt->source == SOURCE_KIND_PROCFS;
	if (p->sources.is_procfs)
		err = source_procfs_open(&p->sources.main, p->proc_root);
	else if (opt->source == SOURCE_KIND_AUTO &&
		 !source_procfs_open(&p->sources.fallback, p->proc_root))
		err = 0;
	if (err) {
		complain(_("cannot read sockets: %s"), strerror(-err));
		return EXIT_FAILED;
	}
	return 0;
}

const char *host_of_sockets(const struct program *p)
{
	if (p->opt.n_from)
		return moments_first(p->moments)->name;
	if (options_remote(&p->opt))
		return NULL;
	if (!p->opt.replay)
		return p->host;
	return p->recording && *p->recording->host ? p->recording->host : NULL;
}

uint64_t time_of_sockets(const struct program *p)
{
	struct timespec now;

	if (p->opt.replay)
		return p->recording ? p->recording->time_ms : 0;
	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

bool wants_live(const struct options *opt)
{
	return opt->is_live || (!opt->is_listing && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO));
}

bool wants_color(enum color_mode mode)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (mode != COLOR_AUTO)
		return mode == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb");
}

bool wants_ascii(const struct options *opt)
{
	return opt->is_ascii || strcmp(nl_langinfo(CODESET), "UTF-8");
}
