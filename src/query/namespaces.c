/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network namespaces that --netns selects. */
#include <config.h>

#include "query/namespaces.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "model/problem.h"
#include "resolve/owners.h"

static void forget_words(struct namespaces *n)
{
	for (size_t i = 0; i < n->n_words; i++)
		free(n->words[i]);
	n->n_words = 0;
	n->are_all = false;
}

void namespaces_fini(struct namespaces *n)
{
	forget_words(n);
	free(n->words);
	netns_list_fini(&n->found);
	free(n->own_name);
	*n = (struct namespaces){ .proc_root = -1 };
}

void namespaces_add_words(struct namespaces *n, const char *list)
{
	while (*list) {
		struct buf word = { 0 };

		for (; *list && *list != ','; list++) {
			list += *list == '\\' && list[1];
			buf_char(&word, *list);
		}
		if (word.len) {
			n->words = mem_grow(n->words, n->n_words, &n->words_cap, sizeof(*n->words));
			n->words[n->n_words++] = mem_strndup(word.data, word.len);
			n->are_all = n->are_all || !strcmp(n->words[n->n_words - 1], "all");
		}
		buf_fini(&word);
		list += *list == ',';
	}
}

void namespaces_set_words(struct namespaces *n, const char *list)
{
	forget_words(n);
	namespaces_add_words(n, list);
}

bool namespaces_have_all(const struct namespaces *n, const char *list)
{
	struct namespaces listed = { .proc_root = -1 };
	bool has_all;

	namespaces_add_words(&listed, list ? list : "");
	has_all = listed.n_words && !listed.are_all;
	for (size_t i = 0; i < listed.n_words && has_all; i++) {
		size_t k = 0;

		while (k < n->n_words && strcmp(n->words[k], listed.words[i]) != 0)
			k++;
		has_all = k < n->n_words;
	}
	namespaces_fini(&listed);
	return has_all;
}

bool namespace_word_is_name(const char *word)
{
	return !strchr(word, '/') && strncmp(word, "pid:", 4) != 0;
}

static void choose_all(struct namespaces *n)
{
	for (size_t i = 0; i < n->found.n; i++)
		n->found.list[i].is_chosen = n->found.list[i].is_there;
}

static void add_problem(struct problems *problems, const char *word, int error)
{
	char *name = mem_strdup(word);

	problems_add(problems, &(struct problem){ .code = PROBLEM_NETNS,
						  .proto = PROBLEM_NO_PROTO,
						  .error = error,
						  .test = name });
	free(name);
}

/* All of a container, where the word may be the name or id of one; ns is what else it means. */
static bool choose_container(struct namespaces *n, struct containers *containers, const char *word,
			     const struct netns *ns)
{
	if (!containers || (ns && !ns->container_id) || !namespace_word_is_name(word))
		return false;
	return netns_choose_container(&n->found, n->proc_root, containers, word);
}

int namespaces_refresh(struct namespaces *n, struct containers *containers,
		       struct problems *problems)
{
	bool is_any = false;
	int err = netns_find(&n->found, n->proc_root, containers);

	for (size_t i = 0; i < n->found.n; i++)
		n->found.list[i].is_chosen = false;
	for (size_t i = 0; i < n->n_words; i++) {
		struct netns *ns;

		if (!strcmp(n->words[i], "all")) {
			choose_all(n);
			continue;
		}
		ns = netns_by_word(&n->found, n->proc_root, n->words[i]);
		if (ns)
			ns->is_chosen = true;
		if (!choose_container(n, containers, n->words[i], ns) && !ns)
			add_problem(problems, n->words[i], ENOENT);
	}
	for (size_t i = 0; i < n->found.n; i++)
		is_any = is_any || n->found.list[i].is_chosen;
	if (n->are_all && err)
		add_problem(problems, "all", -err);
	else if (n->are_all && n->found.n_unknown)
		problems_add(problems, &(struct problem){ .code = PROBLEM_NETNS,
							  .proto = PROBLEM_NO_PROTO,
							  .count = n->found.n_unknown });
	if (is_any)
		return 0;
	return err ? err : -ENOENT;
}

void namespaces_add_held(struct namespaces *n, struct containers *containers, struct owners *owners)
{
	struct netns_holders holders = { 0 };

	owners_netns_holders(owners, &holders);
	netns_add_held(&n->found, n->proc_root, containers, &holders);
	netns_holders_fini(&holders);
	choose_all(n);
}

int namespaces_socket(const struct namespaces *n, uint16_t netns, int domain, int type,
		      int protocol)
{
	if (netns >= n->found.n || !n->found.list[netns].is_there)
		return -ENOENT;
	return netns_socket(&n->found.list[netns], n->proc_root, domain, type, protocol);
}

int namespace_at_open_diag(void *data)
{
	const struct namespace_at *at = data;

	return namespaces_socket(at->namespaces, at->netns, AF_NETLINK, SOCK_RAW,
				 NETLINK_SOCK_DIAG);
}

/* By entering it, else from the files of whoever lives there. */
static void read_addrs_there(const struct namespaces *n, uint16_t netns, struct own_addrs *own)
{
	int fd = namespaces_socket(n, netns, AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);

	if (fd >= 0) {
		own_addrs_ask(own, netns, fd);
	} else {
		fd = netns_open_folder(&n->found.list[netns], n->proc_root);
		if (fd >= 0)
			own_addrs_read(own, netns, fd);
	}
	if (fd >= 0)
		close(fd);
}

void namespaces_read_addrs(const struct namespaces *n, struct own_addrs *own)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	own_addrs_clear(own);
	if (fd >= 0) {
		own_addrs_ask(own, 0, fd);
		close(fd);
	}
	for (size_t i = 1; namespaces_are_chosen(n) && i < n->found.n; i++)
		if (n->found.list[i].is_chosen)
			read_addrs_there(n, (uint16_t)i, own);
	own_addrs_sort(own);
}

int namespaces_iface_socket(void *data, uint16_t netns)
{
	return namespaces_socket(data, netns, AF_UNIX, SOCK_DGRAM, 0);
}

char *namespaces_own_name(struct namespaces *n, struct containers *containers)
{
	if (!n->own_name)
		n->own_name = netns_own_name(n->proc_root, containers);
	return n->own_name;
}
