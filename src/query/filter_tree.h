/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The inside of a filter: a tree of tests.  Only the files of the filter language include it. */
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

/* Nested parentheses; what walks the tree may recurse, for it is never much deeper. */
#define FILTER_DEPTH_MAX 100U

enum filter_end {
	END_LOCAL = 1 << 0,
	END_REMOTE = 1 << 1,
	END_EITHER = END_LOCAL | END_REMOTE,
};

enum filter_op {
	OP_EQ, /* or no operator */
	OP_NE,
	OP_LT,
	OP_LE,
	OP_GT,
	OP_GE,
	OP_LIKE,
	OP_UNLIKE,
};

/* With an is_negated item, what it matches is excluded from the rest of the list. */
struct addr_item {
	struct cond_prefix prefix; /* host bits are zero */
	struct port_list ports;
	char *scope; /* the device of a link-local address (RFC 4007), NUL-terminated; NULL: any */
	bool is_any; /* "*": the prefix does not count */
	bool has_ports;
	bool is_negated;
};

struct number_item {
	uint64_t number;
	uint64_t mask; /* the bits that count; of an order all do */
	bool is_negated;
};

struct text_item {
	char *bytes; /* a pattern for glob_matches(), or the text itself */
	size_t len;
	size_t name_len; /* "NAME[PID]", as portstat prints an owner: the length of NAME; 0: it is none */
	uint64_t pid;
	struct port_list ports; /* NAME: those of the service that is called so */
	bool is_pattern;
	bool is_negated;
};

enum test_kind {
	TEST_PORTS,
	TEST_ADDRS,
	TEST_PROTO,
	TEST_FAMILY,
	TEST_STATE,
	TEST_NAME, /* what people call it: a service, owner, user, unit, container or device */
	TEST_NUMBERS, /* the kinds from here on are about a column */
	TEST_TEXTS,
	TEST_REGEX,
	TEST_TRUTH,
};

/*
 * A key, an operator and a value.  A test is false where the row has no value, and the opposite of
 * what the list says with is_negated (!=, !~).  Of several values (two ends, many owners) one has
 * to be in the list and none excluded.
 */
struct filter_test {
	enum test_kind kind;
	enum filter_end ends; /* PORTS, ADDRS */
	enum filter_op op; /* NUMBERS: EQ, or an order with one item */
	bool is_negated;
	const char *key; /* as the canonical form has it; static */
	const struct column *column;
	union {
		struct {
			struct port_list in; /* without out */
			struct port_list out; /* END_EITHER only: neither end may be one */
			bool in_is_rest; /* in is everything but out */
		} ports;
		struct {
			struct addr_item *items;
			size_t n;
		} addrs;
		struct {
			struct number_item *items;
			size_t n;
			uint64_t scale; /* a value counts so many times before it is compared */
		} numbers;
		struct {
			struct text_item *items;
			size_t n;
		} texts; /* TEXTS, NAME: there plain texts and patterns are in lower case */
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
				*list; /* AND, OR: two at least, none of the same kind */
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

/* Each takes its arguments over and returns a node to be freed with node_free(). */
struct filter_node *node_test(const struct filter_test *test);
struct filter_node *node_not(struct filter_node *arg);
/* AND or OR; either side may be NULL: then the other one. */
struct filter_node *node_join(enum node_kind kind, struct filter_node *left,
			      struct filter_node *right);
void node_free(struct filter_node *node);

/* Does one of the row's owners alone pass the test, which is about a column of owners? */
bool test_takes_owner(const struct filter_test *test, const struct snapshot *snap,
		      const struct row *row, size_t owner);

/* Frees what a test holds. */
void test_fini(struct filter_test *test);

#endif
