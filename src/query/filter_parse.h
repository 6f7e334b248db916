/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parser's own parts, shared by the files that read one kind of value each. */
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
	bool finds_addrs; /* host names may be looked up */
	bool is_typed; /* not now, but when the text is entered */
	struct host_finder hosts;
	struct filter_error *error;
	struct buf plain; /* the last word without quotes and backslashes */
	struct buf pattern; /* the same as a pattern for glob_matches(): "\*" is still "\*" */
};

/* An item of a list as it was read; what it says stands in plain and pattern. */
struct filter_word {
	size_t pos;
	size_t len;
	bool is_negated; /* it had a "!" in front */
};

/* Each of the functions below that can fail fills in the error and returns -EINVAL, else 0. */
int parse_fail(struct filter_parser *p, size_t pos, size_t len, const char *message);

/* The same for the word that was read last. */
int parse_fail_word(struct filter_parser *p, const struct filter_word *word, const char *message);

bool parse_is_space(char c);
void parse_skip_space(struct filter_parser *p);

/* Does the text at the position go on with exactly this? */
bool parse_is_at(const struct filter_parser *p, const char *text);

/* The length of the bare word at pos: up to white space, comma or parenthesis. */
size_t parse_word_len(const struct filter_parser *p, size_t pos);

/*
 * Reads one item: up to white space, comma or parenthesis, quoted and escaped parts included.
 * expected is the error where there is none.
 */
int parse_word(struct filter_parser *p, struct filter_word *word, const char *expected);

/* Calls read for each item of the list that begins here. */
typedef int parse_item(struct filter_parser *p, const struct filter_word *word, void *context);
int parse_list(struct filter_parser *p, parse_item *read, void *context, const char *expected);

/* Reads the pattern behind "~": up to white space, or to a parenthesis that it did not open. */
int parse_pattern(struct filter_parser *p, struct filter_word *word);

/* Would this text, unquoted behind "~", be read as it stands? */
bool pattern_is_bare(const char *text, size_t len);

/* Ports under construction: on the stack only while a list is read. */
struct port_sets {
	struct port_set in;
	struct port_set out;
	bool has_in;
};

/* Adds a port item (number, range, class or service name): without quotes, "!" and ":". */
int parse_port_item(struct filter_parser *p, const struct filter_word *word, const char *item,
		    size_t len, struct port_set *set);

/* What is left of the list: everything where all items are negated. */
void port_sets_finish(struct port_sets *sets);

/* Numbers, ranges with both ends or one, and classes of ports: what a port item can be but a service. */
bool parse_is_port(const struct filter_parser *p, const char *item, size_t len);

/* The test "port" of these sets, for either end. */
struct filter_node *node_ports(struct port_sets *sets);

/* The values of each kind of key; test has all but the value.  On an error nothing is kept. */
int parse_ports(struct filter_parser *p, const struct filter_test *test, struct filter_node **out);
int parse_addrs(struct filter_parser *p, struct filter_test *test);
int parse_bits(struct filter_parser *p, struct filter_test *test);
int parse_numbers(struct filter_parser *p, struct filter_test *test);
int parse_truth(struct filter_parser *p, struct filter_test *test);
/* Names become numbers; where there are patterns, the test stays one of names. */
int parse_users(struct filter_parser *p, struct filter_test *test);
int parse_texts(struct filter_parser *p, struct filter_test *test);
/* The same for one word, which is no list. */
int parse_name(struct filter_parser *p, struct filter_test *test);
int parse_regex(struct filter_parser *p, struct filter_test *test);

/* The test of a key that stands at the position; is_key says whether one does. */
bool parse_is_key(const struct filter_parser *p);
/* *is_order: the operator is one of < <= > >=, behind which no list stands. */
int parse_test(struct filter_parser *p, struct filter_node **out, bool *is_order);

/* Is there an operator at the position? */
bool parse_at_operator(const struct filter_parser *p);

#endif
