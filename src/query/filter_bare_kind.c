/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a word without a key is: ports, an address, a protocol, a state or a name. */
#include <config.h>

#include "query/filter_bare_kind.h"

#include <string.h>

#include "model/port_set.h"
#include "model/vocab.h"
#include "query/filter.h"
#include "resolve/host_addrs.h"
#include "resolve/resolver.h"
#include "resolve/services.h"

bool bare_is_keyword(const char *s, size_t n)
{
	enum sock_proto proto;
	unsigned int states;

	return proto_parse(s, n, &proto) || state_parse(s, n, &states);
}

bool bare_split_proto(const char *s, size_t n, const char **ports, size_t *ports_len,
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

bool bare_looks_like_ports(const char *s, size_t n)
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
 * Can the word only be meant as an address, valid or not?  It has brackets, dots between digits, two
 * colons, or the name of a host before a colon.
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

	if (parse_is_port(p, s, n) || bare_looks_like_ports(s, n) ||
	    bare_split_proto(s, n, &ports, &ports_len, &proto))
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

bool bare_is_in_list(struct filter_parser *p)
{
	size_t pos = p->pos;
	bool is_comma;

	parse_skip_space(p);
	is_comma = parse_is_at(p, ",");
	p->pos = pos;
	return is_comma;
}

bool bare_is_quoted(const struct filter_parser *p, const struct filter_word *word)
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

	/* The function that reads the word reports its error. */
	if (parse_word(p, &word, "")) {
		*p->error = before;
		p->pos = pos;
		return BARE_NAME;
	}
	is_list = bare_is_in_list(p);
	p->pos = pos;
	if (bare_is_quoted(p, &word) || !p->plain.len)
		return is_list || is_service(p, p->plain.data, p->plain.len) ? BARE_PORTS
									     : BARE_NAME;
	return kind_of(p, p->plain.data, p->plain.len, is_list);
}
