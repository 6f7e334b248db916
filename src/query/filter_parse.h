/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parts of the parser, shared by the files that each read one kind of value. */
#ifndef PORTSTAT_QUERY_FILTER_PARSE_H
#define PORTSTAT_QUERY_FILTER_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "query/filter_tree.h"
#include "resolve/host_addrs.h"

struct filter_error;
struct resolver;

struct filter_parser {
	const char *text;
	size_t len;
	size_t pos;
	unsigned int depth;
	const struct resolver *names; /* may be NULL */
	bool finds_addrs; /* host names may be resolved */
	bool is_typed; /* the text is still being typed: resolve host names later */
	struct host_finder hosts;
	struct filter_error *error;
	struct buf plain; /* the last word, with quotes and backslashes decoded */
	struct buf
		pattern; /* the same as a pattern for glob_matches(), where "\*" is still escaped */
};

/* An item of a list that was read; its text is in plain and pattern of the parser. */
struct filter_word {
	size_t pos;
	size_t len;
	bool is_negated; /* preceded by "!" */
};

/*
 * Each function below that returns int returns 0, or -EINVAL and fills in the error.
 *
 * Reports an error: len bytes at pos; message is static and translated.
 */
int parse_fail(struct filter_parser *p, size_t pos, size_t len, const char *message);

/* The same for the word read last. */
int parse_fail_word(struct filter_parser *p, const struct filter_word *word, const char *message);

bool parse_is_space(char c);
void parse_skip_space(struct filter_parser *p);

/* Does the text at the position start with exactly this? */
bool parse_is_at(const struct filter_parser *p, const char *text);

/* The length of the unquoted word at pos: up to white space, comma or parenthesis. */
size_t parse_word_len(const struct filter_parser *p, size_t pos);

/*
 * Reads one item: up to white space, comma or parenthesis, with quoted and escaped parts.
 * expected: the message if there is none.
 */
int parse_word(struct filter_parser *p, struct filter_word *word, const char *expected);

/* Reads a list, calling read() for each item.  expected: the message if there is none. */
typedef int parse_item(struct filter_parser *p, const struct filter_word *word, void *context);
int parse_list(struct filter_parser *p, parse_item *read, void *context, const char *expected);

/*
 * Reads the regular expression after "~": up to white space, or to a parenthesis that it did not
 * open.
 */
int parse_pattern(struct filter_parser *p, struct filter_word *word);

/* Would this text be read unchanged after "~" without quotation marks? */
bool pattern_is_bare(const char *text, size_t len);

/* A list of ports under construction: the ports that are listed, and those excluded by "!". */
struct port_sets {
	struct port_set in; /* both without the ephemeral ports, until port_sets_finish() */
	struct port_set out;
	bool has_in;
	bool in_ephemeral; /* "ephemeral" is listed, or excluded */
	bool out_ephemeral;
	struct port_range ephemeral; /* what it is on this host */
};

/*
 * Adds a port item (number, range, class or service name), without quotes, "!" and ":", to those that
 * are listed, or excluded.
 */
int parse_port_item(struct filter_parser *p, const struct filter_word *word, const char *item,
		    size_t len, bool is_negated, struct port_sets *sets);

/* Adds what another list has. */
void port_sets_add(struct port_sets *sets, const struct port_sets *other);

/* What a list excludes, as a list of its own. */
struct port_sets port_sets_excluded(const struct port_sets *sets);

/* Is nothing excluded? */
bool port_sets_exclude_none(const struct port_sets *sets);

/*
 * Computes in from out, on this host: all ports if every item is negated, and without the excluded ones.
 * Returns what other hosts have, if "ephemeral" is part of it; otherwise NULL.
 */
struct host_ports *port_sets_finish(struct port_sets *sets);

/* Is the item a number, a range with one or both ends, or a class of ports, so not a service? */
bool parse_is_port(const struct filter_parser *p, const char *item, size_t len);

/* A test "port" of these sets, for either end. */
struct filter_node *node_ports(struct port_sets *sets);

/*
 * Read the value for each kind of key.  test is complete except for the value; after an error it
 * owns nothing.
 */
int parse_ports(struct filter_parser *p, const struct filter_test *test, struct filter_node **out);
int parse_addrs(struct filter_parser *p, struct filter_test *test);
int parse_bits(struct filter_parser *p, struct filter_test *test);
int parse_numbers(struct filter_parser *p, struct filter_test *test);
int parse_truth(struct filter_parser *p, struct filter_test *test);
/* Names of users become numbers; with patterns the test remains one of names. */
int parse_users(struct filter_parser *p, struct filter_test *test);
int parse_texts(struct filter_parser *p, struct filter_test *test);
/* The same for a single word instead of a list. */
int parse_name(struct filter_parser *p, struct filter_test *test);
int parse_regex(struct filter_parser *p, struct filter_test *test);

/* Does a key start at the position? */
bool parse_is_key(const struct filter_parser *p);
/*
 * Reads a key, its operator and its value.  *is_order: the operator is < <= > or >=, which takes no
 * list.
 */
int parse_test(struct filter_parser *p, struct filter_node **out, bool *is_order);

/* Is there an operator at the position? */
bool parse_at_operator(const struct filter_parser *p);

#endif
