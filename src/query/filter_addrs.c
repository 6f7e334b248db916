/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Address lists: addresses and prefixes, with ports or without. */
#include <config.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/number.h"
#include "query/filter_parse.h"

/* The list under construction.  Ports gather until the next address: "10.0.0.1:80,443,10.0.0.2". */
struct addr_list {
	struct filter_test *test;
	size_t cap;
	struct port_sets ports;
};

/* One item in its parts; what is not there is NULL and 0. */
struct addr_parts {
	const char *addr;
	size_t addr_len;
	const char *prefix_len; /* digits behind "/" */
	size_t prefix_len_len;
	const char *port; /* behind ":" */
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

/* Splits an item; false where it does not look like one with an address. */
static bool split(const char *s, size_t n, struct addr_parts *parts)
{
	const char *end = s + n, *slash = memchr(s, '/', n), *close, *colon;
	enum addr_family family;
	struct addr addr;

	*parts = (struct addr_parts){ 0 };
	if (!n)
		return false;
	if (*s == '[') {
		close = memchr(s, ']', n);
		if (!close)
			return false;
		parts->addr = s + 1;
		parts->addr_len = (size_t)(close - s - 1);
		return split_tail(parts, close + 1, end);
	}
	if (*s == '*')
		return split_tail(parts, s + 1, end);
	if (slash) {
		parts->addr = s;
		parts->addr_len = (size_t)(slash - s);
		return split_tail(parts, slash, end);
	}
	parts->addr = s;
	parts->addr_len = n;
	if (!addr_parse(s, n, &family, &addr))
		return true;
	/* What is no address as it stands may be one with a port; IPv6 needs brackets for that. */
	colon = memchr(s, ':', n);
	if (!colon)
		return false;
	parts->addr = colon == s ? NULL : s;
	parts->addr_len = (size_t)(colon - s);
	set_port(parts, colon, end);
	return true;
}

static void clear_host_bits(struct cond_prefix *prefix)
{
	unsigned int bits = prefix->family == ADDR_INET ? 32 : 128;

	for (unsigned int i = prefix->len; i < bits; i++)
		prefix->addr.bytes[i / 8] &= (uint8_t) ~(0x80U >> (i % 8));
}

static int parse_prefix(struct filter_parser *p, const struct filter_word *word,
			const struct addr_parts *parts, struct addr_item *item)
{
	enum addr_family family;
	uint64_t len;

	if (!parts->addr) {
		item->is_any = true;
		return parts->prefix_len ? parse_fail_word(p, word, addr_expected()) : 0;
	}
	if (addr_parse(parts->addr, parts->addr_len, &family, &item->prefix.addr))
		return parse_fail_word(p, word,
				       memchr(parts->addr, '%', parts->addr_len)
					       ? _("Expected an address without its device, which "
						   "\"iface\" tests.")
					       : addr_expected());
	len = family == ADDR_INET ? 32 : 128;
	if (parts->prefix_len && number_parse(parts->prefix_len, parts->prefix_len_len, len, &len))
		return parse_fail_word(p, word,
				       _("Expected a prefix length of at most 32 for IPv4, 128 for "
					 "IPv6."));
	item->prefix.family = (uint8_t)family;
	item->prefix.len = (uint8_t)len;
	clear_host_bits(&item->prefix);
	return 0;
}

/* The ports that gathered belong to the last item. */
static void close_item(struct addr_list *list)
{
	struct filter_test *test = list->test;
	struct addr_item *last = test->addrs.n ? &test->addrs.items[test->addrs.n - 1] : NULL;

	if (!last || !last->has_ports)
		return;
	port_sets_finish(&list->ports);
	last->ports = port_list_of(&list->ports.in);
	list->ports = (struct port_sets){ 0 };
}

static int add_port(struct filter_parser *p, const struct filter_word *word, struct addr_list *list,
		    const char *port, size_t len, bool is_taken)
{
	list->ports.has_in |= !is_taken;
	return parse_port_item(p, word, port, len, is_taken ? &list->ports.out : &list->ports.in);
}

static int read_item(struct filter_parser *p, const struct filter_word *word, void *context)
{
	struct addr_list *list = context;
	struct filter_test *test = list->test;
	bool has_ports = test->addrs.n && test->addrs.items[test->addrs.n - 1].has_ports;
	struct addr_item item = { .is_taken = word->is_taken };
	struct addr_parts parts;
	int err;

	if (!split(p->plain.data, p->plain.len, &parts)) {
		if (has_ports)
			return add_port(p, word, list, p->plain.data, p->plain.len, word->is_taken);
		return parse_fail_word(p, word, addr_expected());
	}
	err = parse_prefix(p, word, &parts, &item);
	if (err)
		return err;
	close_item(list);
	item.has_ports = parts.port;
	test->addrs.items = mem_grow(test->addrs.items, test->addrs.n, &list->cap, sizeof(item));
	test->addrs.items[test->addrs.n++] = item;
	if (parts.port) {
		bool is_taken = parts.port_len && *parts.port == '!';

		return add_port(p, word, list, parts.port + is_taken, parts.port_len - is_taken,
				is_taken);
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
