/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IP addresses as bytes: written, read, compared, matched with a prefix. */
#ifndef PORTSTAT_BASE_ADDR_H
#define PORTSTAT_BASE_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum addr_family {
	ADDR_INET,
	ADDR_INET6,
};
#define ADDR_FAMILIES 2

/* In network byte order; IPv4 takes the first four bytes and the rest is zero. */
struct addr {
	uint8_t bytes[16];
};

/* Adds the address as RFC 5952 writes it, without brackets. */
void addr_text(struct buf *out, enum addr_family family, const struct addr *a);

/* Reads a whole IPv4 (four decimal parts) or IPv6 address (RFC 4291, no scope).  -EINVAL otherwise. */
int addr_parse(const char *s, size_t n, enum addr_family *family, struct addr *out);

/* All bits zero: the wildcard. */
bool addr_is_any(const struct addr *a);

/* ::ffff:0:0/96 (RFC 4291 section 2.5.5.2). */
bool addr_is_v4_mapped(const struct addr *a);

/*
 * The address to show: for a v4-mapped one, the IPv4 address.  Returns its family; out may be equal
 * to a.
 */
enum addr_family addr_unmap(enum addr_family family, const struct addr *a, struct addr *out);

/*
 * Less than, equal to or greater than 0: IPv4 before IPv6, then by bytes; a v4-mapped address
 * sorts as its IPv4 address.
 */
int addr_compare(enum addr_family a_family, const struct addr *a, enum addr_family b_family,
		 const struct addr *b);

/* 127.0.0.0/8, ::1, and 127.0.0.0/8 v4-mapped. */
bool addr_is_loopback(enum addr_family family, const struct addr *a);

/* fe80::/10; never IPv4. */
bool addr_is_link_local(enum addr_family family, const struct addr *a);

/*
 * Is the address inside prefix/len?  An IPv4 prefix is also held against v4-mapped IPv6 addresses;
 * an IPv6 prefix never against IPv4.
 */
bool addr_in_prefix(enum addr_family family, const struct addr *a, enum addr_family prefix_family,
		    const struct addr *prefix, unsigned int len);

/* How many bytes at the end of a written endpoint tell its port, ":80" or "]:80"; 0 for none. */
size_t addr_port_tail(const char *text, size_t n);

#endif
