/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The parser's own parts, shared by the files that read one kind of value each. */
#ifndef PORTSTAT_QUERY_FILTER_PARSE_H
#define PORTSTAT_QUERY_FILTER_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "query/filter_tree.h"

struct filter_error;
struct resolver;

struct filter_parser {
	const char *text;
	size_t len;
	size_t pos;
	unsigned int depth;
	const struct resolver *names; /* may be NULL */
	struct filter_error *error;
	struct buf plain;   /* the last word without quotes and backslashes */
	struct buf pattern; /* the same as a pattern for glob_matches(): "\*" is still "\*" */
};

/* An item of a list as it was read; what it says stands in plain and pattern. */
struct filter_word {
	size_t pos;
	size_t len;
	bool is_taken; /* it had a "!" in front */
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

/* What is left of the list: everything where all items are taken away. */
void port_sets_finish(struct port_sets *sets);

/* Is the word at the position one that a list of bare ports may go on with? */
typedef bool parse_is_bare(const struct filter_parser *p);

/* A bare list: words side by side are one list as long as goes_on says so. */
int parse_bare_ports(struct filter_parser *p, parse_is_bare *goes_on, struct filter_node **out);

/* The values of each kind of key; test has all but the value.  On an error nothing is kept. */
int parse_ports(struct filter_parser *p, const struct filter_test *test, struct filter_node **out);
int parse_addrs(struct filter_parser *p, struct filter_test *test);
int parse_bits(struct filter_parser *p, struct filter_test *test);
int parse_numbers(struct filter_parser *p, struct filter_test *test);
int parse_truth(struct filter_parser *p, struct filter_test *test);
/* Names become numbers; where there are patterns, the test stays one of names. */
int parse_users(struct filter_parser *p, struct filter_test *test);
int parse_texts(struct filter_parser *p, struct filter_test *test);
int parse_regex(struct filter_parser *p, struct filter_test *test);

/* The test of a key that stands at the position; is_key says whether one does. */
bool parse_is_key(const struct filter_parser *p);
int parse_test(struct filter_parser *p, struct filter_node **out);

#endif
