/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses lists of addresses and prefixes, with or without ports. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/nearest.h"
#include "base/number.h"
#include "model/vocab.h"
#include "query/filter.h"
#include "query/filter_key.h"
#include "query/filter_parse.h"
#include "query/host_ports.h"
#include "resolve/host_addrs.h"
#include "resolve/resolver.h"

/*
 * The list under construction.  Ports accumulate until the next address:
 * "10.0.0.1:80,443,10.0.0.2".
 */
struct addr_list {
	struct filter_test *test;
	size_t cap;
	size_t last; /* the first item of the last word, since a host name may add several */
	struct port_sets ports;
};

/* The parts of an item; NULL and 0 for those it does not have. */
struct addr_parts {
	const char *addr;
	size_t addr_len;
	const char *scope; /* interface after "%" */
	size_t scope_len;
	const char *prefix_len; /* digits after "/" */
	size_t prefix_len_len;
	const char *port; /* after ":" */
	size_t port_len;
};

static const char *addr_expected(void)
{
	return _("Expected an address, a prefix (10.0.0.0/8), or one with ports (10.0.0.1:80, "
		 "[::1]:80, *:80).");
}

static void set_port(struct addr_parts *parts, const char *colon, const char *end)
{
	parts->port = colon + 1;
	parts->port_len = (size_t)(end - colon - 1);
}

/* What follows the address: "/LEN", ":PORT", both, or nothing. */
static bool split_tail(struct addr_parts *parts, const char *s, const char *end)
{
	const char *colon;

	if (s < end && *s == '/') {
		colon = memchr(s, ':', (size_t)(end - s));
		parts->prefix_len = s + 1;
		parts->prefix_len_len = (size_t)((colon ? colon : end) - s - 1);
		s = colon ? colon : end;
	}
	if (s < end && *s == ':')
		set_port(parts, s, end);
	return s == end || *s == ':';
}

/* The interface after an address, as portstat prints it: fe80::1%eth0, 0.0.0.0%lo. */
static void split_scope(struct addr_parts *parts)
{
	const char *percent = parts->addr ? memchr(parts->addr, '%', parts->addr_len) : NULL;

	if (!percent)
		return;
	parts->scope = percent + 1;
	parts->scope_len = (size_t)(parts->addr + parts->addr_len - parts->scope);
	parts->addr_len = (size_t)(percent - parts->addr);
}

/* Splits an item without brackets: an address, possibly with a prefix length or a port. */
static bool split_plain(const char *s, const char *end, struct addr_parts *parts)
{
	const char *slash = memchr(s, '/', (size_t)(end - s)), *colon;
	enum addr_family family;
	struct addr addr;

	parts->addr = s;
	parts->addr_len = (size_t)((slash ? slash : end) - s);
	split_scope(parts);
	if (slash)
		return split_tail(parts, slash, end);
	if (!addr_parse(s, parts->addr_len, &family, &addr)) {
		colon = parts->scope ? memchr(parts->scope, ':', parts->scope_len) : NULL;
		if (colon) {
			parts->scope_len = (size_t)(colon - parts->scope);
			set_port(parts, colon, end);
		}
		return true;
	}
	/* If it is not an address, it may be one with a port; IPv6 needs brackets for that. */
	colon = memchr(s, ':', (size_t)(end - s));
	if (!colon || memchr(colon + 1, ':', (size_t)(end - colon - 1)))
		return false;
	*parts = (struct addr_parts){ .addr = colon == s ? NULL : s,
				      .addr_len = (size_t)(colon - s) };
	split_scope(parts);
	set_port(parts, colon, end);
	return true;
}

/* Splits what follows "*", which may have an interface: "*%lo:80". */
static bool split_any(struct addr_parts *parts, const char *s, const char *end)
{
	const char *colon = memchr(s, ':', (size_t)(end - s));

	if (s == end || *s != '%')
		return split_tail(parts, s, end);
	parts->scope = s + 1;
	parts->scope_len = (size_t)((colon ? colon : end) - s - 1);
	return split_tail(parts, colon ? colon : end, end);
}

/* Splits an item; false if it does not have the form of an address. */
static bool split(const char *s, size_t n, struct addr_parts *parts)
{
	const char *end = s + n, *close;

	*parts = (struct addr_parts){ 0 };
	if (!n)
		return false;
	if (*s == '*')
		return split_any(parts, s + 1, end);
	if (*s != '[')
		return split_plain(s, end, parts);
	close = memchr(s, ']', n);
	if (!close)
		return false;
	parts->addr = s + 1;
	parts->addr_len = (size_t)(close - s - 1);
	split_scope(parts);
	return split_tail(parts, close + 1, end);
}

static void clear_host_bits(struct cond_prefix *prefix)
{
	unsigned int bits = prefix->family == ADDR_INET ? 32 : 128;

	for (unsigned int i = prefix->len; i < bits; i++)
		prefix->addr.bytes[i / 8] &= (uint8_t) ~(0x80U >> (i % 8));
}

static void add_item(struct addr_list *list, struct addr_item *item, enum addr_family family,
		     uint64_t len)
{
	struct filter_test *test = list->test;

	item->prefix.family = (uint8_t)family;
	item->prefix.len = (uint8_t)len;
	clear_host_bits(&item->prefix);
	test->addrs.items = mem_grow(test->addrs.items, test->addrs.n, &list->cap, sizeof(*item));
	test->addrs.items[test->addrs.n++] = *item;
}

/* The key or protocol probably meant by "lprot:80" or "tpc:443". */
static const char *nearest_word(const char *name, size_t len)
{
	const char *key = filter_key_nearest(name, len);
	struct nearest nearest;

	nearest_start(&nearest, name, len);
	for (unsigned int i = 0; i < PROTO_COUNT; i++)
		nearest_try(&nearest, proto_name((enum sock_proto)i));
	if (key)
		nearest_try(&nearest, key);
	return nearest.found;
}

/* Adds all addresses of a host name. */
static int add_host(struct filter_parser *p, const struct filter_word *word,
		    const struct addr_parts *parts, struct addr_list *list, struct addr_item *item)
{
	const struct host_addr *addrs = NULL;
	size_t n = 0;

	if (!p->finds_addrs)
		return parse_fail_word(
			p, word,
			p->is_typed ? _("Press Enter to look up this host name.")
				    : _("Expected an address: host names are not looked up "
					"here."));
	n = host_finder_addrs(&p->hosts, parts->addr, parts->addr_len, &addrs);
	for (size_t i = 0; i < n; i++) {
		item->prefix.addr = addrs[i].addr;
		add_item(list, item, addrs[i].family, addrs[i].family == ADDR_INET ? 32 : 128);
	}
	if (n)
		return 0;
	parse_fail_word(p, word, _("Expected an address: no host with this name was found."));
	p->error->nearest = nearest_word(parts->addr, parts->addr_len);
	return -EINVAL;
}

/* Is it an interface name that needs no quotation marks? */
static bool is_scope(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!host_is_name(s + i, 1) && !(s[i] >= '0' && s[i] <= '9') &&
		    !strchr("._-", s[i]))
			return false;
	return n;
}

/* Adds the address of an item, or those of its host, to the list. */
static int parse_prefix(struct filter_parser *p, const struct filter_word *word,
			const struct addr_parts *parts, struct addr_list *list,
			struct addr_item *item)
{
	enum addr_family family;
	uint64_t len;

	if (parts->scope && !is_scope(parts->scope, parts->scope_len))
		return parse_fail_word(p, word, addr_expected());
	if (!parts->addr) {
		item->is_any = true;
		if (parts->scope && !parts->prefix_len)
			item->scope = mem_strndup(parts->scope, parts->scope_len);
		if (parts->prefix_len)
			return parse_fail_word(p, word, addr_expected());
		add_item(list, item, ADDR_INET, 0);
		return 0;
	}
	if (addr_parse(parts->addr, parts->addr_len, &family, &item->prefix.addr)) {
		if (!parts->scope && !parts->prefix_len &&
		    host_is_name(parts->addr, parts->addr_len))
			return add_host(p, word, parts, list, item);
		return parse_fail_word(p, word, addr_expected());
	}
	if (parts->scope)
		item->scope = mem_strndup(parts->scope, parts->scope_len);
	len = family == ADDR_INET ? 32 : 128;
	if (parts->prefix_len &&
	    number_parse(parts->prefix_len, parts->prefix_len_len, len, &len)) {
		free(item->scope);
		return parse_fail_word(p, word,
				       _("Expected a prefix length of at most 32 for IPv4, 128 for "
					 "IPv6."));
	}
	add_item(list, item, family, len);
	return 0;
}

/* Assigns the accumulated ports to the items of the last word. */
static void close_item(struct addr_list *list)
{
	struct filter_test *test = list->test;
	struct host_ports *by_host;

	if (list->last == test->addrs.n || !test->addrs.items[list->last].has_ports)
		return;
	by_host = port_sets_finish(&list->ports);
	for (size_t i = list->last; i < test->addrs.n; i++) {
		test->addrs.items[i].ports = port_list_of(&list->ports.in);
		test->addrs.items[i].by_host = host_ports_copy(by_host);
	}
	host_ports_free(by_host);
	list->ports = (struct port_sets){ 0 };
}

static int add_port(struct filter_parser *p, const struct filter_word *word, struct addr_list *list,
		    const char *port, size_t len, bool is_negated)
{
	return parse_port_item(p, word, port, len, is_negated, &list->ports);
}

static int read_item(struct filter_parser *p, const struct filter_word *word, void *context)
{
	struct addr_list *list = context;
	struct filter_test *test = list->test;
	bool has_ports = test->addrs.n && test->addrs.items[test->addrs.n - 1].has_ports;
	struct addr_item item = { .is_negated = word->is_negated };
	struct addr_parts parts;
	int err;

	if (!split(p->plain.data, p->plain.len, &parts)) {
		if (has_ports)
			return add_port(p, word, list, p->plain.data, p->plain.len,
					word->is_negated);
		if (p->plain.len > 1 && p->plain.data[p->plain.len - 1] == '*' &&
		    p->plain.data[0] >= '0' && p->plain.data[0] <= '9')
			return parse_fail_word(p, word,
					       _("Expected a prefix: write 10.0.0.0/24 for "
						 "10.0.0.*."));
		if (!host_is_name(p->plain.data, p->plain.len))
			return parse_fail_word(p, word, addr_expected());
		parts = (struct addr_parts){ .addr = p->plain.data, .addr_len = p->plain.len };
	}
	close_item(list);
	list->last = test->addrs.n;
	/* netstat and ss print "0.0.0.0:*" for any peer port. */
	if (parts.port_len == 1 && *parts.port == '*')
		parts.port = NULL;
	item.has_ports = parts.port;
	err = parse_prefix(p, word, &parts, list, &item);
	if (err)
		return err;
	if (parts.port) {
		bool is_negated = parts.port_len && *parts.port == '!';

		return add_port(p, word, list, parts.port + is_negated, parts.port_len - is_negated,
				is_negated);
	}
	return 0;
}

int parse_addrs(struct filter_parser *p, struct filter_test *test)
{
	struct addr_list list = { .test = test };
	int err;

	test->addrs.items = NULL;
	test->addrs.n = 0;
	err = parse_list(p, read_item, &list, addr_expected());
	close_item(&list);
	if (err)
		test_fini(test);
	return err;
}
