/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Brings the sockets of one moment together: the source, and /proc/net where it fails. */
#ifndef PORTSTAT_QUERY_COLLECT_H
#define PORTSTAT_QUERY_COLLECT_H

#include <stdbool.h>

#include "model/problem.h"
#include "source/source.h"

struct namespaces;
struct own_addrs;
struct snapshot;
struct told_source;

struct sources {
	const struct told_source *told; /* of other moments or hosts; then the rest is not used */
	struct source *main; /* NULL: it could not be opened, for main_error */
	struct source *fallback; /* NULL: there is none, as with a replay */
	struct namespaces
		*namespaces; /* NULL, or none chosen: the sources are about the caller's own */
	/* All of this host, for what ports lead to; NULL as with a replay. */
	struct namespaces *every;
	const struct own_addrs
		*own_addrs; /* those of a recording; NULL: it has none, or no replay */
	int main_error; /* -errno */
	bool is_procfs; /* main reads /proc/net */
	bool is_replay; /* main plays the past: it cannot be asked what is there now */
	/* What would have this kernel list a protocol that it does not; NULL: not known. */
	enum problem_remedy (*remedy)(enum sock_proto proto);
};

/* What became of each protocol: PROTO_BIT()s. */
struct collected {
	unsigned int fell_back; /* the fallback supplied it */
	unsigned int unsupported; /* neither knows it */
	unsigned int in_use; /* of the unsupported ones: there are sockets of it */
	unsigned int denied; /* the main source may not be asked */
	int failure; /* -errno if nothing at all could be read */
	bool lacks_bound; /* TCP sockets that are only bound are not listed */
	enum problem_way way;
	int cut_short[PROTO_COUNT]; /* -errno where the list is not whole, else 0 */
};

/* Adds the sockets that query asks for to the table, duplicates dropped. */
void collect(const struct sources *sources, const struct source_query *query,
	     struct sock_table *table, struct collected *out);

/*
 * Adds what is missing to the snapshot's problems, once its rows stand: asked_protos were asked for
 * by option, so their absence or poverty counts also where no row shows it.  The absence of others
 * counts where they are in use.
 */
void collect_problems(const struct sources *sources, const struct collected *collected,
		      unsigned int asked_protos, struct snapshot *snap);

#endif
