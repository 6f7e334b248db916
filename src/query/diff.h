/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Two snapshots compared: what is new, what is gone, and what changed.  A restart is no difference:
 * rows pair by where they are and by who holds them, never by pid, inode or cookie.
 */
#ifndef PORTSTAT_QUERY_DIFF_H
#define PORTSTAT_QUERY_DIFF_H

#include <stddef.h>
#include <stdint.h>

struct buf;
struct column;
struct row;
struct snapshot;

enum diff_sign {
	DIFF_NEW,
	DIFF_GONE,
	DIFF_CHANGED,
};

/* By enum diff_sign: the words of JSON, never translated. */
extern const char *const diff_words[];

struct diff_line {
	enum diff_sign sign;
	const struct row *was; /* of the earlier snapshot; NULL if it is new */
	const struct row *now; /* NULL if it is gone */
	unsigned int changed; /* of DIFF_CHANGED: bits, the numbers of diff_column() */
};

/* Zero-initialised is empty. */
struct diff {
	const struct snapshot *was; /* both borrowed */
	const struct snapshot *now;
	struct diff_line *lines; /* in the default order of listings */
	size_t n;
	size_t cap;
};

/*
 * Fills in an empty d.  Rows pair by host, namespace, protocol, family, address, device, port and
 * holder, connections by peer address and port of the serving end; an ephemeral port is like any
 * other.  The holder is the unit, unless it is a scope, else the container or pod, else any shared
 * owner's name; where it is not known on either side, the place alone counts.  Of one gone and one
 * new row that are left with the same protocol, port and holder, one changed row is made.  Rows that
 * agree in all this are one: the members of a SO_REUSEPORT group, the connections to one server.
 *
 * What diff_needs() says must be resolved in both; what is unknown in either is not compared.
 */
void diff_compare(struct diff *d, const struct snapshot *was, const struct snapshot *now);
void diff_fini(struct diff *d);

/* The columns that are compared: number i, from 0; NULL after the last. */
const struct column *diff_column(unsigned int i);

/* Adds the value of one of them as people read it, "-" if there is none; bytes from outside. */
void diff_value(unsigned int i, const struct snapshot *snap, const struct row *row,
		struct buf *out);

/* The enum need bits of what is compared. */
unsigned int diff_needs(void);

#endif
