/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a word without a key, or a list of them, into the run of bare words that it belongs to. */
#include <config.h>

#include "query/filter_bare.h"

#include <errno.h>
#include <string.h>

#include "base/i18n.h"
#include "model/vocab.h"
#include "query/filter.h"
#include "query/filter_bare_kind.h"
#include "query/filter_bare_ports.h"
#include "query/filter_key.h"
#include "query/filter_tree.h"

static size_t span_without(const char *s, size_t n, const char *chars)
{
	size_t i = 0;

	while (i < n && !(s[i] && strchr(chars, s[i])))
		i++;
	return i;
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

/* The name of a service, one of the ports of the run: a row needs to match only one of them. */
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

static int read_ports(struct filter_parser *p, struct bare_run *run)
{
	struct filter_word word;
	size_t pos = p->pos, len;
	enum sock_proto proto;
	const char *item;

	if (!parse_word(p, &word, "") && !bare_is_in_list(p) && p->plain.len) {
		const char *s = p->plain.data;
		bool is_port = !bare_is_quoted(p, &word) && !memchr(s, '/', p->plain.len) &&
			       (parse_is_port(p, s, p->plain.len) ||
				bare_looks_like_ports(s, p->plain.len));

		if (is_port)
			return parse_bare_port(p, &word, run);
		if (bare_is_quoted(p, &word) ||
		    (!memchr(s, '/', p->plain.len) &&
		     !bare_split_proto(s, p->plain.len, &item, &len, &proto))) {
			p->pos = pos;
			return read_service(p, run);
		}
	}
	p->pos = pos;
	return parse_bare_port_list(p, run);
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
	if (bare_is_keyword(key, key_len))
		p->error->message = _("Expected a key before the operator: this word is not a "
				      "key.");
	else
		p->error->nearest = filter_key_nearest(key, key_len);
	return -EINVAL;
}

/* Rejects what was meant as a key ("lprot=80", "lprot = 80") or as an operator ("80|443"). */
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
	if (!bare_is_quoted(p, &word)) {
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
