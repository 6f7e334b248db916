/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words without a key: what each is, and how those of one kind become one list. */
#include <config.h>

#include "query/filter_bare.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/addr.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/text.h"
#include "model/vocab.h"
#include "query/filter.h"
#include "query/filter_key.h"
#include "resolve/host_addrs.h"
#include "resolve/resolver.h"
#include "resolve/services.h"

#define NO_PROTO (-1)

/* "udp:53" and "53/udp": the protocol in front of the ports or behind them. */
static bool has_proto(const char *s, size_t n, const char **ports, size_t *ports_len,
		      enum sock_proto *proto)
{
	const char *colon = memchr(s, ':', n), *slash = memrchr(s, '/', n), *end = s + n;

	if (colon && proto_parse(s, (size_t)(colon - s), proto)) {
		*ports = colon + 1;
		*ports_len = (size_t)(end - colon - 1);
		return true;
	}
	if (!slash || !proto_parse(slash + 1, (size_t)(end - slash - 1), proto))
		return false;
	*ports = s;
	*ports_len = (size_t)(slash - s);
	return true;
}

static size_t span_of(const char *s, size_t n, const char *chars)
{
	size_t i = 0;

	while (i < n && s[i] && strchr(chars, s[i]))
		i++;
	return i;
}

static size_t span_without(const char *s, size_t n, const char *chars)
{
	size_t i = 0;

	while (i < n && !(s[i] && strchr(chars, s[i])))
		i++;
	return i;
}

/* What can only be meant for ports, right or wrong. */
static bool looks_like_ports(const char *s, size_t n)
{
	size_t dotted = span_of(s, n, "0123456789.");

	if (*s == ':')
		return n == 1 || s[1] != ':';
	/* 443/tpc */
	if (dotted && dotted < n && s[dotted] == '/' && !memchr(s, '.', dotted))
		return true;
	/* 80:90, 80..90 */
	if (memmem(s, dotted, "..", 2) && dotted == n)
		return true;
	return span_of(s, n, "0123456789-") == n ||
	       (*s != '.' && span_of(s, n, "0123456789:") == n &&
		memchr(s, ':', n) == memrchr(s, ':', n));
}

/*
 * What can only be meant for an address, right or wrong: brackets, dots between digits, two colons, or
 * the name of a host before a colon.
 */
static bool looks_like_addr(const char *s, size_t n)
{
	const char *colon = memchr(s, ':', n);
	size_t digits = span_of(s, n, "0123456789");
	size_t dotted = span_of(s, n, "0123456789.");

	if (*s == '[' || (n > 1 && *s == '*' && strchr(":%", s[1])))
		return true;
	/* 10.0.0.* is the prefix 10.0.0.0/24. */
	if (digits && dotted > digits &&
	    (dotted == n || strchr("/:%", s[dotted]) || (s[dotted] == '*' && dotted + 1 == n)))
		return true;
	if (!colon || memmem(s, n, "://", 3))
		return false;
	return memchr(colon + 1, ':', n - (size_t)(colon + 1 - s)) ||
	       digits == (size_t)(colon - s) || host_is_name(s, (size_t)(colon - s));
}

static bool is_service(const struct filter_parser *p, const char *s, size_t n)
{
	struct port_set ports = { 0 };

	return n && p->names && p->names->services &&
	       services_ports(p->names->services, s, n, &ports);
}

static enum bare_kind kind_of(const struct filter_parser *p, const char *s, size_t n, bool is_list)
{
	enum sock_proto proto;
	const char *ports;
	size_t ports_len;
	unsigned int states;

	if (parse_is_port(p, s, n) || looks_like_ports(s, n) ||
	    has_proto(s, n, &ports, &ports_len, &proto))
		return BARE_PORTS;
	if (looks_like_addr(s, n))
		return BARE_ADDR;
	if (is_list)
		return BARE_PORTS;
	if (proto_parse(s, n, &proto))
		return BARE_PROTO;
	if (state_parse(s, n, &states))
		return BARE_STATE;
	return is_service(p, s, n) ? BARE_PORTS : BARE_NAME;
}

/* What stands at the position, between quotation marks or not: is it one word of a list? */
static bool is_followed_by_comma(struct filter_parser *p)
{
	size_t pos = p->pos;
	bool is_comma;

	parse_skip_space(p);
	is_comma = parse_is_at(p, ",");
	p->pos = pos;
	return is_comma;
}

static bool is_literal(const struct filter_parser *p, const struct filter_word *word)
{
	const char *s = p->text + word->pos;

	return memchr(s, '"', word->len) || memchr(s, '\\', word->len);
}

enum bare_kind parse_bare_kind(struct filter_parser *p)
{
	struct filter_error before = *p->error;
	struct filter_word word;
	size_t pos = p->pos;
	bool is_list;

	/* Whoever reads the word says what is wrong with it. */
	if (parse_word(p, &word, "")) {
		*p->error = before;
		p->pos = pos;
		return BARE_NAME;
	}
	is_list = is_followed_by_comma(p);
	p->pos = pos;
	if (is_literal(p, &word) || !p->plain.len)
		return is_list || is_service(p, p->plain.data, p->plain.len) ? BARE_PORTS
									     : BARE_NAME;
	return kind_of(p, p->plain.data, p->plain.len, is_list);
}

/* Ports as they are read: those of one protocol are a test of their own. */
struct ports_reader {
	struct bare_run *run;
	struct port_sets *sets; /* since the last protocol */
	int proto; /* enum sock_proto, or NO_PROTO */
};

static struct filter_node *node_proto(unsigned int bits)
{
	struct filter_test test = { .kind = TEST_PROTO, .key = "proto", .bits = bits };

	return node_test(&test);
}

/* Gives what was read to the run. */
static void flush(struct ports_reader *r)
{
	struct bare_run *run = r->run;
	struct port_sets *sets = r->sets;
	struct filter_node *node = NULL;

	if (!sets->has_in && port_set_is_empty(&sets->out))
		return;
	if (r->proto == NO_PROTO) {
		struct port_sets *all = bare_run_ports(run);

		all->has_in |= sets->has_in;
		port_set_add_set(&all->in, &sets->in);
		port_set_add_set(&all->out, &sets->out);
	} else if (sets->has_in) {
		node = node_join(NODE_AND, node_proto(PROTO_BIT(r->proto)), node_ports(sets));
		bare_run_start(run, BARE_PORTS);
		run->any = node_join(NODE_OR, run->any, node);
	} else {
		struct port_sets taken = { .in = sets->out, .has_in = true };

		node = node_join(NODE_AND, node_proto(PROTO_BIT(r->proto)), node_ports(&taken));
		bare_run_add(run, node_not(node));
	}
	*sets = (struct port_sets){ { { 0 } }, { { 0 } }, false };
}

static int name_node(struct filter_parser *p, struct filter_node **out, bool *is_negated)
{
	struct filter_test test = { .kind = TEST_NAME, .key = "name", .op = OP_EQ };
	int err = parse_name(p, &test);

	if (err)
		return err;
	*is_negated = test.texts.items[0].is_negated;
	test.texts.items[0].is_negated = false;
	*out = node_test(&test);
	return 0;
}

/* A protocol or a state: a word that has a meaning without a key. */
static bool is_word_of_ours(const char *s, size_t n)
{
	enum sock_proto proto;
	unsigned int states;

	return proto_parse(s, n, &proto) || state_parse(s, n, &states);
}

static int fail_proto(struct filter_parser *p, const struct filter_word *word, const char *proto)
{
	struct nearest nearest;

	parse_fail_word(p, word, _("Expected a protocol after the slash: %s."));
	p->error->protos = protos_where(proto_has_ports);
	nearest_start(&nearest, proto, (size_t)(p->plain.data + p->plain.len - proto));
	for (unsigned int i = 0; i < PROTO_COUNT; i++)
		nearest_try(&nearest, proto_name((enum sock_proto)i));
	p->error->nearest = nearest.found;
	return -EINVAL;
}

/* Other words than ports have no commas between them: "tcp,udp", "nginx,redis". */
static int fail_list(struct filter_parser *p)
{
	if (p->plain.len && is_word_of_ours(p->plain.data, p->plain.len))
		p->error->message = _("Expected a port: separate protocols and states with "
				      "spaces, or put their key in front (proto tcp,udp).");
	else if (p->plain.len && !memchr(p->plain.data, ':', p->plain.len) &&
		 !span_of(p->plain.data, 1, "0123456789-"))
		p->error->message = _("Expected a port or the name of a service: separate other "
				      "names with spaces, or put a key in front (name "
				      "nginx,redis).");
	return -EINVAL;
}

static int read_ports_item(struct filter_parser *p, const struct filter_word *word, void *context)
{
	struct ports_reader *r = context;
	const char *item = p->plain.data, *slash;
	size_t len = p->plain.len;
	enum sock_proto proto;
	bool is_behind;
	int err;

	slash = len ? memchr(item, '/', len) : NULL;
	if (len && has_proto(p->plain.data, len, &item, &len, &proto)) {
		/* Behind the ports it is that of all of them since the last one: 80,443/tcp. */
		is_behind = item == p->plain.data;
		if (!is_behind || r->proto != NO_PROTO)
			flush(r);
		r->proto = (int)proto;
	} else if (slash) {
		return fail_proto(p, word, slash + 1);
	} else {
		is_behind = false;
	}
	if (len && *item == ':') {
		item++;
		len--;
	}
	err = parse_port_item(p, word, item, len, word->is_negated ? &r->sets->out : &r->sets->in);
	if (err)
		return fail_list(p);
	r->sets->has_in |= !word->is_negated;
	if (is_behind) {
		flush(r);
		r->proto = NO_PROTO;
	}
	return 0;
}

/* A word that is no number and stands alone: the name of a service, of which one is enough. */
static int read_service(struct filter_parser *p, struct bare_run *run)
{
	struct filter_node *node = NULL;
	bool is_negated;
	int err = name_node(p, &node, &is_negated);

	if (err)
		return err;
	if (is_negated) {
		bare_run_add(run, node_not(node));
		return 0;
	}
	bare_run_start(run, BARE_PORTS);
	run->any = node_join(NODE_OR, run->any, node);
	return 0;
}

/* A lone port needs no sets of its own: there may be thousands of them side by side. */
static int read_port(struct filter_parser *p, const struct filter_word *word, struct bare_run *run)
{
	size_t colon = p->plain.len && *p->plain.data == ':';
	struct port_sets *sets = bare_run_ports(run);

	sets->has_in |= !word->is_negated;
	return parse_port_item(p, word, p->plain.data + colon, p->plain.len - colon,
			       word->is_negated ? &sets->out : &sets->in);
}

static int read_port_list(struct filter_parser *p, struct bare_run *run)
{
	struct ports_reader r = {
		.run = run,
		.sets = mem_calloc(1, sizeof(*r.sets)),
		.proto = NO_PROTO,
	};
	int err = parse_list(
		p, read_ports_item, &r,
		_("Expected a port, a range of ports, a port class or the name of a service."));

	if (!err)
		flush(&r);
	free(r.sets);
	return err;
}

static int read_ports(struct filter_parser *p, struct bare_run *run)
{
	struct filter_word word;
	size_t pos = p->pos, len;
	enum sock_proto proto;
	const char *item;

	if (!parse_word(p, &word, "") && !is_followed_by_comma(p) && p->plain.len) {
		const char *s = p->plain.data;
		bool is_port =
			!is_literal(p, &word) && !memchr(s, '/', p->plain.len) &&
			(parse_is_port(p, s, p->plain.len) || looks_like_ports(s, p->plain.len));

		if (is_port)
			return read_port(p, &word, run);
		if (is_literal(p, &word) || (!memchr(s, '/', p->plain.len) &&
					     !has_proto(s, p->plain.len, &item, &len, &proto))) {
			p->pos = pos;
			return read_service(p, run);
		}
	}
	p->pos = pos;
	return read_port_list(p, run);
}

static int read_bits(struct filter_parser *p, enum bare_kind kind, struct bare_run *run)
{
	struct filter_word word;
	enum sock_proto proto = PROTO_TCP;
	unsigned int bits = 0;
	int err = parse_word(p, &word, "");

	if (err)
		return err;
	if (kind == BARE_STATE)
		state_parse(p->plain.data, p->plain.len, &bits);
	else if (proto_parse(p->plain.data, p->plain.len, &proto))
		bits = PROTO_BIT(proto);
	bare_run_start(run, kind);
	*(word.is_negated ? &run->out[kind] : &run->in[kind]) |= bits;
	return 0;
}

static int read_addrs(struct filter_parser *p, struct bare_run *run)
{
	struct filter_test test = { .kind = TEST_ADDRS, .key = "addr", .ends = END_EITHER };
	int err = parse_addrs(p, &test);

	if (!err)
		bare_run_add(run, node_test(&test));
	return err;
}

static int fail_key(struct filter_parser *p, const struct filter_word *word, size_t key_len)
{
	const char *key = p->text + word->pos + word->is_negated;

	if (!key_len)
		return parse_fail(p, word->pos, word->len,
				  _("Expected a key before the operator."));
	parse_fail(p, word->pos + word->is_negated, key_len, _("Unknown key."));
	if (is_word_of_ours(key, key_len))
		p->error->message = _("Expected a key before the operator: this word is not a "
				      "key.");
	else
		p->error->nearest = filter_key_nearest(key, key_len);
	return -EINVAL;
}

/* What was to be a key and its operator, "lprot=80" or "lprot = 80", or an operator: "80|443". */
static int check_name(struct filter_parser *p)
{
	struct filter_word word;
	size_t start = p->pos, len;
	const char *s;

	if (parse_word(p, &word,
		       _("Expected a test here: ports, an address, a name, or a key and its "
			 "value.")))
		return -EINVAL;
	s = p->text + word.pos + word.is_negated;
	len = word.len - word.is_negated;
	parse_skip_space(p);
	if (!is_literal(p, &word)) {
		size_t key_len = span_without(s, len, "=<>~!"), plain = span_without(s, len, "|&");

		if (plain < len)
			return parse_fail(p, word.pos + word.is_negated + plain, 1,
					  _("Expected white space around this operator."));
		if (key_len < len || parse_at_operator(p))
			return fail_key(p, &word, key_len);
		if (memmem(s, len, "://", 3))
			return parse_fail_word(p, &word,
					       _("Expected a host and a port, as in "
						 "localhost:8080, not a URL."));
	}
	p->pos = start;
	return 0;
}

static int read_name(struct filter_parser *p, struct bare_run *run)
{
	struct filter_node *node = NULL;
	bool is_negated;
	int err = check_name(p);

	if (!err)
		err = name_node(p, &node, &is_negated);
	if (!err)
		bare_run_add(run, is_negated ? node_not(node) : node);
	return err;
}

int parse_bare(struct filter_parser *p, struct bare_run *run)
{
	enum bare_kind kind = parse_bare_kind(p);
	int err = -EINVAL;

	switch (kind) {
	case BARE_PORTS:
		err = read_ports(p, run);
		break;
	case BARE_PROTO:
	case BARE_STATE:
		err = read_bits(p, kind, run);
		break;
	case BARE_ADDR:
		err = read_addrs(p, run);
		break;
	case BARE_NAME:
		err = read_name(p, run);
		break;
	}
	parse_skip_space(p);
	return err;
}
