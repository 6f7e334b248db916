/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The network namespaces that --netns selects. */
#ifndef PORTSTAT_QUERY_NAMESPACES_H
#define PORTSTAT_QUERY_NAMESPACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "resolve/netns.h"
#include "resolve/own_addrs.h"

struct containers;
struct owners;
struct problems;

/* For one thread at a time.  Call namespaces_fini() afterwards. */
struct namespaces {
	int proc_root; /* borrowed */
	char **words; /* of --netns; if there are none, only the caller's own namespace is listed */
	size_t n_words;
	size_t words_cap;
	bool are_all; /* "all" is one of them */
	struct netns_list found;
	char *own_name; /* of the caller's own namespace, once it was needed */
};

void namespaces_fini(struct namespaces *n);

/* Adds the names of a list with commas between them; a backslash takes its meaning from the next byte. */
void namespaces_add_words(struct namespaces *n, const char *list);

/*
 * Are all words of a list of --netns, by which another host or a document was asked, chosen here, too?
 * Then all that it has is.  False where it has no words, or "all".
 */
bool namespaces_have_all(const struct namespaces *n, const char *list);

/* Is it the name of a namespace that any document has, and neither a pid nor a path? */
bool namespace_word_is_name(const char *word);

/* Was --netns given, so that other namespaces than the caller's own may be listed? */
static inline bool namespaces_are_chosen(const struct namespaces *n)
{
	return n && n->n_words;
}

/* The words of this list alone, in place of those so far. */
void namespaces_set_words(struct namespaces *n, const char *list);

/*
 * Finds the namespaces and chooses those that the words name.  Adds a problem for each word that
 * names none, and for an incomplete search.  containers: see netns_find().  Returns 0, or -errno if
 * there is nothing to list.
 */
int namespaces_refresh(struct namespaces *n, struct containers *containers,
		       struct problems *problems);

/*
 * For --netns=all, after namespaces_refresh(): finds and chooses also the namespaces that only
 * sockets are in, by the search that was started with owners_start(owners, true).
 */
void namespaces_add_held(struct namespaces *n, struct containers *containers,
			 struct owners *owners);

/* A socket(2) in another namespace, by its index: a descriptor or -errno. */
int namespaces_socket(const struct namespaces *n, uint16_t netns, int domain, int type,
		      int protocol);

/* One of them, for functions that open sockets by a callback. */
struct namespace_at {
	const struct namespaces *namespaces;
	uint16_t netns; /* index */
};

/* A NETLINK_SOCK_DIAG socket there, a descriptor or -errno; data is a struct namespace_at. */
int namespace_at_open_diag(void *data);

/*
 * Reads which addresses are the caller's own namespace's and those of the others that are listed,
 * anew; n may be NULL.  A namespace whose addresses cannot be read has none.
 */
void namespaces_read_addrs(const struct namespaces *n, struct own_addrs *own);

/* namespaces_socket() for ifaces_enter_with(): data is the namespaces. */
int namespaces_iface_socket(void *data, uint16_t netns);

/* The name of the caller's own namespace; borrowed until namespaces_fini(), NULL if unknown. */
char *namespaces_own_name(struct namespaces *n, struct containers *containers);

#endif
