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

/* In network byte order; an IPv4 address is the first four bytes, the rest is zero. */
struct addr {
	uint8_t bytes[16];
};

/* Adds the address in dotted decimal or as in RFC 5952, without brackets. */
void addr_text(struct buf *out, enum addr_family family, const struct addr *a);

/*
 * All n bytes must be an IPv4 address (four decimal parts) or an IPv6 address (RFC 4291, without a
 * scope).  Returns 0, or -EINVAL if they are not.
 */
int addr_parse(const char *s, size_t n, enum addr_family *family, struct addr *out);

/* The wildcard address: all bits are zero. */
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

/* 127.0.0.0/8, ::1, and v4-mapped 127.0.0.0/8. */
bool addr_is_loopback(enum addr_family family, const struct addr *a);

/* fe80::/10; never IPv4. */
bool addr_is_link_local(enum addr_family family, const struct addr *a);

/*
 * Is it likely that several links have this link-local address?  A person chose it (fe80::1), or it is made
 * of a MAC address that is not one device's: of Docker (02:42) or of a redundant router (00:00:5e).
 */
bool addr_is_on_many_links(enum addr_family family, const struct addr *a);

/*
 * Is the address inside prefix/len (len in bits)?  An IPv4 prefix also matches v4-mapped IPv6
 * addresses; an IPv6 prefix never matches IPv4.
 */
bool addr_in_prefix(enum addr_family family, const struct addr *a, enum addr_family prefix_family,
		    const struct addr *prefix, unsigned int len);

/* Length of the port at the end of a written endpoint, ":80" or "]:80", in bytes; 0 if none. */
size_t addr_port_tail(const char *text, size_t n);

#endif
