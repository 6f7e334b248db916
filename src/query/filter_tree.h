/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The internals of a filter: a tree of tests.  Only the files of the filter language include it. */
#ifndef PORTSTAT_QUERY_FILTER_TREE_H
#define PORTSTAT_QUERY_FILTER_TREE_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "model/cond.h"
#include "model/port_list.h"
#include "query/columns.h"

struct host_ports;

/* The maximum depth of parentheses, which bounds the recursion of whatever walks the tree. */
#define FILTER_DEPTH_MAX 100U

enum filter_end {
	END_LOCAL = 1 << 0,
	END_REMOTE = 1 << 1,
	END_EITHER = END_LOCAL | END_REMOTE,
};

enum filter_op {
	OP_EQ, /* also without an operator */
	OP_NE,
	OP_LT,
	OP_LE,
	OP_GT,
	OP_GE,
	OP_LIKE,
	OP_UNLIKE,
};

/* A value that matches an item with is_negated is excluded from the rest of the list. */
struct addr_item {
	struct cond_prefix prefix; /* host bits are zero */
	struct port_list ports;
	struct host_ports
		*by_host; /* the same for other hosts, if they have "ephemeral"; or NULL */
	char *scope; /* the interface (RFC 4007), NUL-terminated; NULL: any */
	bool is_any; /* "*": ignore the prefix */
	bool has_ports;
	bool is_negated;
};

struct number_item {
	uint64_t number;
	uint64_t mask; /* the bits that are compared; all for < <= > >= */
	bool is_negated;
};

struct text_item {
	char *bytes; /* a pattern for glob_matches(), or the text itself */
	size_t len;
	size_t name_len; /* "NAME[PID]", as portstat prints an owner: length of NAME; else 0 */
	uint64_t pid;
	struct port_list ports; /* TEST_NAME: the ports of the service with this name */
	bool is_pattern;
	bool is_negated;
};

enum test_kind {
	TEST_PORTS,
	TEST_ADDRS,
	TEST_PROTO,
	TEST_FAMILY,
	TEST_STATE,
	/* a name: of a service, owner, user, unit, container, network namespace or interface */
	TEST_NAME,
	TEST_NUMBERS, /* this kind and those below are about a column */
	TEST_TEXTS,
	TEST_REGEX,
	TEST_TRUTH,
};

/*
 * A key, an operator and a value.  A test is false if the row has no value; with is_negated (!=,
 * !~) it is the opposite of the list.  If the row has several values (two ends, many owners), one
 * of them has to be in the list, and none may be excluded.
 */
struct filter_test {
	enum test_kind kind;
	enum filter_end ends; /* PORTS, ADDRS */
	enum filter_op op; /* NUMBERS: OP_EQ, or < <= > >= with one item */
	bool is_negated;
	const char *key; /* as the canonical form has it; static */
	const struct column *column;
	union {
		struct {
			struct port_list in; /* without out */
			struct port_list
				out; /* END_EITHER only: neither end may have one of these */
			bool in_is_rest; /* in is everything but out */
			struct host_ports *
				by_host; /* the same for other hosts, if they have "ephemeral"; or NULL */
		} ports;
		struct {
			struct addr_item *items;
			size_t n;
		} addrs;
		struct {
			struct number_item *items;
			size_t n;
			uint64_t scale; /* the value is multiplied by this before it is compared */
		} numbers;
		struct {
			struct text_item *items;
			size_t n;
		} texts; /* TEXTS, NAME (in lower case) */
		struct {
			regex_t *compiled;
			char *pattern; /* NUL-terminated */
		} regex;
		unsigned int bits; /* PROTO, FAMILY, STATE */
		bool truth;
	};
};

enum node_kind {
	NODE_AND,
	NODE_OR,
	NODE_NOT,
	NODE_TEST,
};

struct filter_node {
	enum node_kind kind;
	union {
		struct {
			struct filter_node *
				*list; /* AND, OR: at least two, none of the same kind */
			size_t n;
			size_t cap;
		} args;
		struct filter_node *arg; /* NOT: never itself a NOT */
		struct filter_test test;
	};
};

struct filter {
	struct filter_node *root; /* NULL: everything */
};

/* Each takes ownership of its arguments and returns a node to be freed with node_free(). */
struct filter_node *node_test(const struct filter_test *test);
struct filter_node *node_not(struct filter_node *arg);
/* AND or OR.  Either side may be NULL: then returns the other one. */
struct filter_node *node_join(enum node_kind kind, struct filter_node *left,
			      struct filter_node *right);
void node_free(struct filter_node *node);

/* Does the row match the test, which is about a column of owners, by this owner alone? */
bool test_takes_owner(const struct filter_test *test, const struct snapshot *snap,
		      const struct row *row, size_t owner);

/* Frees what a test owns. */
void test_fini(struct filter_test *test);

#endif
