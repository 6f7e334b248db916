/* SPDX-License-Identifier: GPL-2.0-or-later */
/* THE table of columns: what list, CSV, JSON, filter, sort, help and live view know about a row. */
#ifndef PORTSTAT_QUERY_COLUMNS_H
#define PORTSTAT_QUERY_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/addr.h"
#include "model/cond.h"
#include "model/problem.h"
#include "query/snapshot.h"
#include "resolve/ancestors.h"

struct buf;
struct nearest;
struct row;
struct snapshot;
struct telling;
struct value;

/*
 * What a value needs beyond the socket itself.  The plan collects these bits from columns, filter
 * and sort keys.
 */
enum need {
	NEED_SERVICES = 1 << 0,
	NEED_USERS = 1 << 1, /* user names */
	NEED_OWNERS = 1 << 2,
	NEED_CMDLINES = 1 << 3,
	NEED_CGROUPS =
		/* Paths, units and containers of the cgroups in which sockets were created. */
	1 << 4,
	NEED_HOSTS = 1 << 5,
	NEED_TCP_INFO = 1 << 6,
	NEED_MEMORY = 1 << 7,
	NEED_TRAFFIC = 1 << 15, /* of NEED_TCP_INFO only struct sock_traffic */
	NEED_DROPS = 1 << 22, /* of NEED_MEMORY only that of UDP sockets */
	NEED_MPTCP = 1 << 8,
	NEED_IFACES = 1 << 9, /* interface names */
	NEED_NETNS = 1 << 11, /* names of network namespaces */
	NEED_UNITS = 1 << 10, /* cgroups of owners */
	NEED_FORWARDS = 1 << 12, /* NAT rules, and command lines of proxies */
	NEED_CANDIDATES = 1 << 14, /* who may hold a socket whose owners are hidden */
	NEED_STARTS = 1 << 16, /* when owners were started */
	NEED_LINKS = 1 << 17, /* working directories and executables of owners */
	NEED_PARENTS = 1 << 18, /* pids of the parents of owners */
	NEED_ANCESTORS = 1 << 19, /* of owners */
	NEED_ADDRS = 1 << 20, /* which addresses are this host's */
	NEED_PEERS = 1 << 21, /* the other ends of connections on this host */
	NEED_FIREWALL = 1 << 13, /* what the rules do with packets to listeners */
};

/* What an owner scan reads of each owner if it is needed. */
#define NEEDS_OF_EACH_OWNER \
	(NEED_CMDLINES | NEED_STARTS | NEED_LINKS | NEED_PARENTS | NEED_ANCESTORS)

enum value_kind {
	VALUE_NULL, /* unknown or not applicable */
	VALUE_BOOL,
	VALUE_NUMBER,
	VALUE_TEXT, /* bytes from outside, or a fixed word */
	VALUE_ADDR,
	VALUE_LIST, /* text with several strings, each NUL-terminated */
	VALUE_ANCESTORS,
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
		struct {
			const struct ancestor *list; /* borrowed from the snapshot */
			size_t n;
		} ancestors;
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
	COLUMN_LIST, /* one value for each owner of the row, or for each that count() counts */
	COLUMN_GROUP, /* an object (for lists: an array of objects) of the columns KEY.… */
	COLUMN_COMPOSITE, /* text written from several keys: local, peer, process */
};

/* A number in a block of variable length that the kernel sends with a socket. */
struct column_field {
	uint16_t offset;
	uint8_t size; /* bytes: 1, 2, 4 or 8; 0: not such a number, or the whole block */
	uint8_t scale; /* the value is this times the field; 0 means 1 */
	uint8_t extra; /* enum sock_extra */
	uint64_t unset; /* the field's value for "unknown"; 0: every value counts */
};

/* How a filter parses the values of a column that are not just numbers, words or patterns. */
enum column_input {
	INPUT_PLAIN,
	INPUT_MASK, /* a number, optionally with a mask: 0x1/0xff */
	INPUT_IP_PROTOCOL, /* a number, or the name of an IP protocol */
	INPUT_USER, /* user names become uids */
	INPUT_HOST, /* a host name, never an address */
};

/* The maximum number of short names of a column. */
#define COLUMN_NAMES 2

struct column {
	const char *key; /* of JSON, filters, --columns, --sort; never translated */
	const char *names[COLUMN_NAMES + 1]; /* short names, accepted like the key; ended by NULL */
	const char *canonical; /* the short name in the canonical form of filters; NULL: the key */
	const char *title; /* N_(): heading of tables, see column_title() */
	const char *help; /* N_(): a line of --columns=help */
	enum value_kind kind; /* what get() gives when not VALUE_NULL; VALUE_NULL for groups */
	enum column_shape shape;
	enum column_unit unit;
	bool is_total; /* a total of bytes carried: a summary adds it up */
	bool is_right; /* aligned to the right in tables */
	bool is_chosen_alone; /* JSON has the key only if it is chosen itself, not with its group */
	bool is_text_plain; /* CSV has the output of text(), not the value */
	bool is_name; /* people name sockets by it: a bare word of a filter matches it */
	bool keeps_port; /* when a cell is shortened, the port at its end is kept */
	const char *const *words; /* all possible texts, ended by NULL; NULL: any text */
	enum cond_kind cond; /* the condition for sources that a test becomes; COND_FALSE: none */
	enum column_input input;
	const char *expected; /* N_(): describes a filter's number in errors; NULL: by unit */
	const char *filter_column; /* composites: the column that a filter tests, by key */
	unsigned int needs;
	uint16_t fact; /* enum sock_known: the fact that the value needs; or 0 */
	struct column_field field;
	/* Lists of other things than owners, and their group: how many the row has. */
	size_t (*count)(const struct snapshot *snap, const struct row *row);
	/* Such a group: was it looked for?  Where it was not JSON has null. */
	bool (*is_known)(const struct snapshot *snap, const struct row *row);
	/* Groups: as column_has_group(). */
	bool (*is_there)(const struct column *c, const struct snapshot *snap,
			 const struct row *row);
	/* As column_lack(); NULL: an unknown value means that the socket has none. */
	enum problem_lack (*lack)(const struct column *c, const struct snapshot *snap,
				  const struct row *row);
	/* See column_value(). */
	void (*get)(const struct column *c, const struct snapshot *snap, const struct row *row,
		    size_t i, struct value *out);
	uint8_t told; /* enum told_key, if no struct sock carries it */
	uint8_t told_list; /* enum told_list, plus 1, of a group that is one; 0: it is none */
	/*
	 * Reads the key back from a document: takes value i of the socket that is being told (see
	 * query/telling.h).  False if the socket cannot have such a value.  NULL: it follows from
	 * other columns.
	 */
	bool (*set)(const struct column *c, struct telling *t, size_t i, const struct value *value);
	/*
	 * Writes the cell of a table if it is not the plain value.  NULL: from get(); for a group
	 * name=value for each known member.
	 */
	void (*text)(const struct snapshot *snap, const struct row *row, struct buf *out);
	/* As column_exact(), if that differs from text(); NULL: it does not. */
	void (*exact)(const struct snapshot *snap, const struct row *row, struct buf *out);
	/* Compares two rows if values do not define the order; NULL: compare values. */
	int (*compare)(const struct snapshot *snap, const struct row *a, const struct row *b);
	/* Composites: their keys in JSON, ended by NULL. */
	const char *const *parts;
};

/* All columns, in the order of JSON, then the composites. */
extern const struct column columns[];
extern const size_t columns_n;

/* Finds a column by its key or a short name.  NULL if there is none. */
const struct column *column_find(const char *key, size_t len);

/* The same, ignoring case, as filters do. */
const struct column *column_find_any_case(const char *key, size_t len);

/* Tries all keys and short names as the word that was meant. */
void columns_try_nearest(struct nearest *nearest);

/* The column whose key or short name is most similar to a mistyped one; NULL if none is similar. */
const struct column *column_nearest(const char *key, size_t len);

/*
 * Adds the heading of tables in the user's language.  It includes the unit if cells are bare
 * numbers that have one: "RTT(us)".
 */
void column_title(const struct column *c, struct buf *out);

/* How many values the row has in this column: its owners, or what else it lists; else 1. */
size_t column_count(const struct column *c, const struct snapshot *snap, const struct row *row);

/* column_value() of a row that a document told of. */
void column_told_value(const struct column *c, const struct snapshot *snap, const struct row *row,
		       size_t i, struct value *out);

/*
 * Value i of the row; VALUE_NULL if it is unknown, not applicable or not resolved.  Not for groups
 * and composites.  Borrowed texts are valid as long as neither the snapshot nor *out changes.
 */
static inline void column_value(const struct column *c, const struct snapshot *snap,
				const struct row *row, size_t i, struct value *out)
{
	out->kind = VALUE_NULL;
	if (snap->told)
		column_told_value(c, snap, row, i, out);
	else
		c->get(c, snap, row, i, out);
}

/*
 * Does the row have an object in this group (timer, tcp, memory, mptcp), or an owner?  Otherwise it
 * is null.
 */
static inline bool column_has_group(const struct column *group, const struct snapshot *snap,
				    const struct row *row)
{
	return group->is_there(group, snap, row);
}

/* Does the row have nothing to show in this column: no value, object, owner or peer? */
bool column_is_unknown(const struct column *c, const struct snapshot *snap, const struct row *row);

/*
 * Why the value is unknown although the socket may have one: hidden from this user, or missing in
 * this source.  LACK_NOTHING for a known value, and if the socket has none.
 */
enum problem_lack column_lack(const struct column *c, const struct snapshot *snap,
			      const struct row *row);

/*
 * Adds the cell of a table: "-" for an unknown value; several values separated by commas; a
 * v4-mapped address as IPv4.  Bytes from outside are unescaped: make them visible before they reach
 * a terminal.
 */
void column_text(const struct column *c, const struct snapshot *snap, const struct row *row,
		 struct buf *out);

/* The same, but a v4-mapped address is written as such, as in JSON. */
void column_exact(const struct column *c, const struct snapshot *snap, const struct row *row,
		  struct buf *out);

/* The same for CSV: the words of JSON, and nothing for an unknown value. */
void column_plain(const struct column *c, const struct snapshot *snap, const struct row *row,
		  struct buf *out);

/* Compares two rows: less than, equal to or greater than 0.  Unknown values come last. */
int column_compare(const struct column *c, const struct snapshot *snap, const struct row *a,
		   const struct row *b);

#endif
