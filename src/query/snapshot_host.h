/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A host that a document tells of, and what was selected there. */
#ifndef PORTSTAT_QUERY_SNAPSHOT_HOST_H
#define PORTSTAT_QUERY_SNAPSHOT_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "query/document_head.h"

struct column;

/* Bits for all columns. */
#define HOST_COLUMN_WORDS 4

struct snapshot_host {
	struct document_head head; /* borrows the next three */
	char *name;
	char *netns;
	const struct column **selected;
	uint64_t time_ms; /* Unix time of the moment; 0: unknown */
	uint64_t away_ms; /* for so long it has sent nothing; 0: it still answers */
	uint64_t columns[HOST_COLUMN_WORDS]; /* which columns the document has */
	bool has_kinds; /* it has protocols, states and local addresses */
	bool has_protos;
	bool has_ports;
	bool has_cookies; /* each of these is a column */
	bool has_timers;
	bool has_links;
	uint8_t lists; /* bits by enum told_list: of which there was a list, if only an empty one */
	bool hides_processes; /* not all could be read: owners may be missing */
	bool lacks_names; /* not every host name was resolved in time */
};

/* Sets what the head borrows; call it after a change of the three. */
void snapshot_host_link(struct snapshot_host *host);

void snapshot_host_fini(struct snapshot_host *host);
void snapshot_host_copy(struct snapshot_host *to, const struct snapshot_host *from);

#endif
