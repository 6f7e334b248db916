/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network namespaces that a listing is about. */
#ifndef PORTSTAT_QUERY_NAMESPACES_H
#define PORTSTAT_QUERY_NAMESPACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "resolve/netns.h"

struct containers;
struct problems;

/* One thread at a time may use it.  Freed with namespaces_fini(). */
struct namespaces {
	int proc_root; /* borrowed */
	char **words; /* of --netns; without any it is the caller's own namespace */
	size_t n_words;
	size_t words_cap;
	struct netns_list found;
	char *own_name; /* where only that was wanted */
};

void namespaces_fini(struct namespaces *n);

/* Adds the names of a list with commas between them. */
void namespaces_add_words(struct namespaces *n, const char *list);

/* Are namespaces chosen by name, so that there may be others than the caller's own? */
static inline bool namespaces_are_chosen(const struct namespaces *n)
{
	return n && n->n_words;
}

/*
 * Finds the namespaces and chooses those that the words mean; adds a problem for each word that means
 * none, and for a search that did not see all.  containers as for netns_find().  Returns 0, or
 * -errno if there is none to list.
 */
int namespaces_refresh(struct namespaces *n, struct containers *containers,
		       struct problems *problems);

/* A socket(2) in another namespace, by its index: a descriptor or -errno. */
int namespaces_socket(const struct namespaces *n, uint16_t netns, int domain, int type,
		      int protocol);

/* The same for ifaces_enter_with(): data is the namespaces. */
int namespaces_iface_socket(void *data, uint16_t netns);

/* The name of the caller's own namespace, borrowed until namespaces_fini(); NULL if it is unknown. */
char *namespaces_own_name(struct namespaces *n, struct containers *containers);

#endif
