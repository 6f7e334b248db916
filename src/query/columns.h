/* SPDX-License-Identifier: GPL-2.0-or-later */
/* THE table of columns: what text, CSV, JSON, filter, sort, help and the live view know of a row. */
#ifndef PORTSTAT_QUERY_COLUMNS_H
#define PORTSTAT_QUERY_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "model/cond.h"
#include "model/problem.h"

struct buf;
struct nearest;
struct row;
struct snapshot;

/* What a column costs beyond the socket itself: the plan collects these from columns, filter and sort. */
enum need {
	NEED_SERVICES = 1 << 0,
	NEED_USERS = 1 << 1, /* names of users */
	NEED_OWNERS = 1 << 2,
	NEED_CMDLINES = 1 << 3,
	NEED_CGROUPS =
		1 << 4, /* paths, units, containers of the cgroups in which sockets were made */
	NEED_HOSTS = 1 << 5,
	NEED_TCP_INFO = 1 << 6,
	NEED_MEMORY = 1 << 7,
	NEED_MPTCP = 1 << 8,
	NEED_IFACES = 1 << 9, /* names of interfaces */
	NEED_UNITS = 1 << 10, /* the cgroups of owners */
};

enum value_kind {
	VALUE_NULL, /* unknown or not applicable */
	VALUE_BOOL,
	VALUE_NUMBER,
	VALUE_TEXT, /* bytes from outside, or a word of ours */
	VALUE_ADDR,
	VALUE_LIST, /* bytes: texts, each ended by NUL */
};

struct value {
	enum value_kind kind;
	union {
		bool truth;
		uint64_t number;
		struct {
			const char *bytes; /* borrowed from the snapshot, or room below */
			size_t len;
		} text;
		struct {
			const struct addr *addr; /* borrowed from the snapshot */
			enum addr_family family;
		} addr;
	};
	char room[24];
};

enum column_unit {
	UNIT_NONE,
	UNIT_BYTES, /* a filter's number may end in K, M, G */
	UNIT_US, /* microseconds: us, ms, s */
	UNIT_MS, /* milliseconds: us, ms, s */
};

enum column_shape {
	COLUMN_PLAIN, /* one value */
	COLUMN_LIST, /* one value for each owner of the row */
	COLUMN_GROUP, /* an object (or for owners an array of objects) of the columns named KEY.… */
	COLUMN_COMPOSITE, /* text written from several keys: local, peer, process */
};

/* A number that stands in a block of varying length that the kernel sends with a socket. */
struct column_field {
	uint16_t offset;
	uint8_t size; /* bytes: 1, 2, 4 or 8; 0: the column is no such number, or all of the block */
	uint8_t scale; /* the value is this times the field; 0 means 1 */
	uint8_t extra; /* enum sock_extra */
	uint64_t unset; /* the field's number for "not known"; 0 where every number counts */
};

/* How a filter reads the values of a column where they are more than numbers, words or patterns. */
enum column_input {
	INPUT_PLAIN,
	INPUT_MASK, /* a number, and the bits of it that count: 0x1/0xff */
	INPUT_IP_PROTOCOL, /* a number, or the name of an IP protocol */
	INPUT_USER, /* names of users become uids */
	INPUT_HOST, /* a name, and never an address */
};

/* The most short names that a column has. */
#define COLUMN_NAMES 2

struct column {
	const char *key; /* of JSON, filters, --columns, --sort; never translated */
	const char *names[COLUMN_NAMES + 1]; /* short names, as good as the key; ended by NULL */
	const char *canonical; /* the short name that a filter is printed with; NULL: the key */
	const char *title; /* N_(): heading of tables, see column_title() */
	const char *help; /* N_(): a line of --columns=help */
	enum value_kind kind; /* what get() gives when not VALUE_NULL; VALUE_NULL for groups */
	enum column_shape shape;
	enum column_unit unit;
	bool is_total; /* grows with what a connection carried: a summary adds it up */
	bool is_right; /* aligned to the right in tables */
	bool is_text_plain; /* CSV has what text() writes, not the value */
	bool is_name; /* people call a socket by it: a bare word of a filter may be it */
	bool keeps_port; /* where a cell is shortened, the port at its end stays */
	const char *const *words; /* all that its text can be, ended by NULL; NULL: any text */
	enum cond_kind cond; /* what a test of it becomes for the source; COND_FALSE: nothing */
	enum column_input input;
	const char *expected; /* N_(): what a filter's number has to be; NULL: follows from unit */
	const char *filter_column; /* composites: the column that a filter tests, by key */
	unsigned int needs;
	uint16_t fact; /* enum sock_known: what the value rests on, where sources differ; or 0 */
	struct column_field field;
	/* Groups: as column_has_group(). */
	bool (*is_there)(const struct column *c, const struct snapshot *snap,
			 const struct row *row);
	/* As column_lack(); NULL: where the value is unknown, it is plain that the socket has none. */
	enum problem_lack (*lack)(const struct column *c, const struct snapshot *snap,
				  const struct row *row);
	/* See column_value(). */
	void (*get)(const struct column *c, const struct snapshot *snap, const struct row *row,
		    size_t i, struct value *out);
	/*
	 * Writes the cell of a table where it is not the plain value.  NULL: from get(); in a group
	 * name=value for each member that is known.
	 */
	void (*text)(const struct snapshot *snap, const struct row *row, struct buf *out);
	/* As column_exact() has it, where text() writes other than that; NULL: from text() or get(). */
	void (*exact)(const struct snapshot *snap, const struct row *row, struct buf *out);
	/* Orders two rows where the value does not say how; NULL: by its value. */
	int (*compare)(const struct snapshot *snap, const struct row *a, const struct row *b);
	/* Composites: the keys they stand for in JSON, ended by NULL. */
	const char *const *parts;
};

/* All columns, in the order of JSON; the composites stand behind. */
extern const struct column columns[];
extern const size_t columns_n;

/* By key or by one of its short names.  NULL if there is none. */
const struct column *column_find(const char *key, size_t len);

/* The same in upper or lower case, as in filters. */
const struct column *column_find_any_case(const char *key, size_t len);

/* Tries all keys and short names as the word that was meant. */
void columns_try_nearest(struct nearest *nearest);

/* The column whose key or short name looks most like a mistyped one; NULL where none is near. */
const struct column *column_nearest(const char *key, size_t len);

/*
 * Adds the heading of tables in the user's language.  Where cells are bare numbers of something that
 * has a unit, it tells the unit: "RTT(us)".
 */
void column_title(const struct column *c, struct buf *out);

/* How many values the row has in this column: its owners for COLUMN_LIST, else 1. */
size_t column_count(const struct column *c, const struct snapshot *snap, const struct row *row);

/*
 * Value i of the row; VALUE_NULL where it is unknown, not applicable or not resolved.  Not for
 * groups and composites.  What it borrows lives as long as the snapshot and *out stay as they are.
 */
static inline void column_value(const struct column *c, const struct snapshot *snap,
				const struct row *row, size_t i, struct value *out)
{
	out->kind = VALUE_NULL;
	c->get(c, snap, row, i, out);
}

/* Has the row an object in this group (timer, tcp, memory, mptcp) or an owner, or is it null? */
static inline bool column_has_group(const struct column *group, const struct snapshot *snap,
				    const struct row *row)
{
	return group->is_there(group, snap, row);
}

/* Has the row nothing to show in this column: no value, no object, no owner, no peer? */
bool column_is_unknown(const struct column *c, const struct snapshot *snap, const struct row *row);

/*
 * Why the row's value is unknown, where it is not plain that the socket has none: what it rests on is
 * hidden from this user, or missing in this source.  LACK_NOTHING as well for a value that is known.
 */
static inline enum problem_lack column_lack(const struct column *c, const struct snapshot *snap,
					    const struct row *row)
{
	return c->lack ? c->lack(c, snap, row) : LACK_NOTHING;
}

/*
 * Adds the text of a cell as tables have it: "-" where unknown, several values of a list joined by
 * commas, a v4-mapped address as the IPv4 address that it is.  Not yet made visible: outside bytes
 * stand as they are.
 */
void column_text(const struct column *c, const struct snapshot *snap, const struct row *row,
		 struct buf *out);

/* The same, but a v4-mapped address stays one, as in JSON. */
void column_exact(const struct column *c, const struct snapshot *snap, const struct row *row,
		  struct buf *out);

/* The same as CSV has it: the words of JSON, nothing where unknown. */
void column_plain(const struct column *c, const struct snapshot *snap, const struct row *row,
		  struct buf *out);

/* Less than, equal to or greater than 0; unknown values come last. */
int column_compare(const struct column *c, const struct snapshot *snap, const struct row *a,
		   const struct row *b);

#endif
