/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses lists of ports: numbers, ranges, classes and service names, plain or negated. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/number.h"
#include "base/text.h"
#include "query/filter.h"
#include "query/filter_parse.h"
#include "query/host_ports.h"
#include "resolve/resolver.h"
#include "resolve/services.h"

static const char *port_expected(void)
{
	return _("Expected a port, a range of ports, a port class or the name of a service.");
}

static size_t digits_len(const char *s, size_t n)
{
	size_t i = 0;

	while (i < n && s[i] >= '0' && s[i] <= '9')
		i++;
	return i;
}

/* Is it N, N-M or N-, whether or not the numbers are valid ports? */
static bool is_numeric(const char *item, size_t len)
{
	size_t first = digits_len(item, len);

	if (!first || (first < len && item[first] != '-'))
		return false;
	return first == len || first + 1 + digits_len(item + first + 1, len - first - 1) == len;
}

static int parse_range(struct filter_parser *p, const struct filter_word *word, const char *item,
		       size_t len, struct port_range *range)
{
	size_t digits = digits_len(item, len);
	uint64_t first, last = PORT_MAX;
	int err = number_parse(item, digits, PORT_MAX, &first);

	if (!err && digits == len)
		last = first;
	else if (!err && digits + 1 < len)
		err = number_parse(item + digits + 1, len - digits - 1, PORT_MAX, &last);
	if (err)
		return parse_fail_word(p, word, _("Expected port numbers from 0 to 65535."));
	if (first > last)
		return parse_fail_word(p, word, _("Expected the lower port of the range first."));
	*range = (struct port_range){ (uint16_t)first, (uint16_t)last };
	return 0;
}

static bool class_range(const char *item, size_t len, struct port_range *range)
{
	for (unsigned int class = 0; class < PORT_CLASS_COUNT; class ++) {
		if (text_is(item, len, port_class_words[class])) {
			*range = port_class_range((enum port_class) class);
			return true;
		}
	}
	return false;
}

static bool is_ephemeral(const struct resolver *names, const char *item, size_t len)
{
	return names && names->ephemeral.last && text_is(item, len, "ephemeral");
}

bool parse_is_port(const struct filter_parser *p, const char *item, size_t len)
{
	struct port_range range;

	return is_numeric(item, len) || is_ephemeral(p->names, item, len) ||
	       class_range(item, len, &range);
}

/* A range in the notation of other tools: "80:90", "80..90". */
static bool looks_like_range(const char *item, size_t len)
{
	size_t first = digits_len(item, len), gap = first;

	while (gap < len && (item[gap] == ':' || item[gap] == '.'))
		gap++;
	return first && gap > first && gap < len && gap + digits_len(item + gap, len - gap) == len;
}

int parse_port_item(struct filter_parser *p, const struct filter_word *word, const char *item,
		    size_t len, bool is_negated, struct port_sets *sets)
{
	struct port_set *set = is_negated ? &sets->out : &sets->in;
	struct port_range range = { 0 };

	sets->has_in |= !is_negated;
	if (is_ephemeral(p->names, item, len)) {
		*(is_negated ? &sets->out_ephemeral : &sets->in_ephemeral) = true;
		sets->ephemeral = p->names->ephemeral;
		return 0;
	}

	if (is_numeric(item, len)) {
		int err = parse_range(p, word, item, len, &range);

		if (!err)
			port_set_add(set, range);
		return err;
	}
	if (class_range(item, len, &range)) {
		port_set_add(set, range);
		return 0;
	}
	if (len && p->names && p->names->services &&
	    services_ports(p->names->services, item, len, set))
		return 0;
	return parse_fail_word(p, word,
			       looks_like_range(item, len) ? _("Expected a range as in 8000-8999.")
							   : port_expected());
}

void port_sets_add(struct port_sets *sets, const struct port_sets *other)
{
	port_set_add_set(&sets->in, &other->in);
	port_set_add_set(&sets->out, &other->out);
	sets->has_in |= other->has_in;
	sets->in_ephemeral |= other->in_ephemeral;
	sets->out_ephemeral |= other->out_ephemeral;
	if (other->in_ephemeral || other->out_ephemeral)
		sets->ephemeral = other->ephemeral;
}

struct port_sets port_sets_excluded(const struct port_sets *sets)
{
	return (struct port_sets){ .in = sets->out,
				   .has_in = true,
				   .in_ephemeral = sets->out_ephemeral,
				   .ephemeral = sets->ephemeral };
}

bool port_sets_exclude_none(const struct port_sets *sets)
{
	return port_set_is_empty(&sets->out) && !sets->out_ephemeral;
}

struct host_ports *port_sets_finish(struct port_sets *sets)
{
	struct host_ports *by_host = NULL;

	if (sets->in_ephemeral || sets->out_ephemeral) {
		by_host = mem_alloc(sizeof(*by_host));
		*by_host = (struct host_ports){
			.in = port_list_of(&sets->in),
			.out = port_list_of(&sets->out),
			.has_in = sets->has_in,
			.in_ephemeral = sets->in_ephemeral,
			.out_ephemeral = sets->out_ephemeral,
		};
	}
	if (sets->in_ephemeral)
		port_set_add(&sets->in, sets->ephemeral);
	if (sets->out_ephemeral)
		port_set_add(&sets->out, sets->ephemeral);
	if (!sets->has_in)
		port_set_add(&sets->in, (struct port_range){ 0, PORT_MAX });
	port_set_remove_set(&sets->in, &sets->out);
	return by_host;
}

static int read_item(struct filter_parser *p, const struct filter_word *word, void *context)
{
	struct port_sets *sets = context;
	const char *item = p->plain.data;
	size_t len = p->plain.len;

	/* ss writes a port as ":80". */
	if (len && *item == ':') {
		item++;
		len--;
	}
	return parse_port_item(p, word, item, len, word->is_negated, sets);
}

/* Does the list have all ports except the excluded ones?  If none is left, all match. */
static bool is_rest(struct port_sets *sets)
{
	struct port_set all;

	if (port_set_is_empty(&sets->in)) {
		port_set_add(&sets->out, (struct port_range){ 0, PORT_MAX });
		return true;
	}
	all = sets->in;
	port_set_add_set(&all, &sets->out);
	port_set_invert(&all);
	return port_set_is_empty(&all);
}

/* For one end, an excluded port is just not in the list; for either end it remains a condition. */
static struct filter_node *ports_node(const struct filter_test *key, struct port_sets *sets)
{
	struct filter_test test = *key;

	test.op = OP_EQ;
	test.ports.by_host = port_sets_finish(sets);
	if (test.ends == END_EITHER) {
		test.ports.in_is_rest = is_rest(sets);
		test.ports.out = port_list_of(&sets->out);
	}
	test.ports.in = port_list_of(&sets->in);
	return node_test(&test);
}

/* != LIST: the row has a port that is not in the list. */
static struct filter_node *not_ports(const struct filter_test *key, struct port_sets *sets)
{
	struct port_sets all = { 0 };

	if (key->ends != END_EITHER && !sets->in_ephemeral && !sets->out_ephemeral) {
		port_sets_finish(sets);
		port_set_invert(&sets->in);
		return ports_node(key, &(struct port_sets){ .in = sets->in, .has_in = true });
	}
	if (port_sets_exclude_none(sets))
		return ports_node(key, &(struct port_sets){ .out = sets->in,
							    .out_ephemeral = sets->in_ephemeral,
							    .ephemeral = sets->ephemeral });
	return node_join(NODE_AND, ports_node(key, &all), node_not(ports_node(key, sets)));
}

/* < <= > >=: the ports below or above a port. */
static int parse_bound(struct filter_parser *p, enum filter_op op, struct port_sets *sets)
{
	const char *expected = _("Expected a single port after this operator.");
	struct port_range one, next, side = { 0, PORT_MAX };
	struct port_sets only = { 0 };
	struct filter_word word;
	int err = parse_word(p, &word, expected);

	if (!err)
		err = read_item(p, &word, &only);
	if (err)
		return err;
	if (word.is_negated || only.in_ephemeral || !port_set_next(&only.in, 0, &one) ||
	    one.first != one.last || port_set_next(&only.in, one.last + 1U, &next))
		return parse_fail_word(p, &word, expected);
	if (op == OP_LT || op == OP_LE)
		side.last = one.first;
	else
		side.first = one.first;
	port_set_add(&sets->in, side);
	if (op == OP_LT || op == OP_GT)
		port_set_remove(&sets->in, one);
	sets->has_in = true;
	return 0;
}

int parse_ports(struct filter_parser *p, const struct filter_test *test, struct filter_node **out)
{
	struct port_sets sets = { 0 };
	int err;

	if (test->op == OP_EQ || test->op == OP_NE)
		err = parse_list(p, read_item, &sets, port_expected());
	else
		err = parse_bound(p, test->op, &sets);
	if (err)
		return err;
	*out = test->op == OP_NE ? not_ports(test, &sets) : ports_node(test, &sets);
	return 0;
}

struct filter_node *node_ports(struct port_sets *sets)
{
	const struct filter_test key = { .kind = TEST_PORTS, .key = "port", .ends = END_EITHER };

	return ports_node(&key, sets);
}
