/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of network interfaces, each asked for once.
 */
#ifndef PORTSTAT_RESOLVE_IFACES_H
#define PORTSTAT_RESOLVE_IFACES_H

#include <stdbool.h>
#include <stdint.h>

struct ifaces;

/*
 * Of the network namespace in which it is called (netdevice(7)), or, where is_here is false, of some
 * other host, of which no more is known than that its first interface is the loopback device, or
 * what ifaces_tell() says.
 */
struct ifaces *ifaces_new(bool is_here);
void ifaces_free(struct ifaces *f);

/*
 * Of another host: an interface that it has, until ifaces_free().  The first one told of an index counts;
 * from then on no more is assumed.
 */
void ifaces_tell(struct ifaces *f, uint32_t ifindex, const char *name, bool is_loopback);

/* Forgets what was asked for: interfaces come, go and are renamed. */
void ifaces_clear(struct ifaces *f);

/*
 * Several threads are going to ask at once: all of them for those of this network namespace, and one for
 * those of others.
 */
void ifaces_share(struct ifaces *f);

/*
 * How to make a socket (AF_UNIX, SOCK_DGRAM) in one of several network namespaces, by its index in
 * struct sock: make(data, netns) returns a descriptor or -errno.  Without this only namespace 0, the
 * caller's, is known.
 */
void ifaces_enter_with(struct ifaces *f, int (*make)(void *data, uint16_t netns), void *data);

/* Closes what was opened in other namespaces: an open socket keeps its namespace alive. */
void ifaces_leave(struct ifaces *f);

/*
 * The interface's name in the namespace with this index.  Never NULL: of an interface without a name
 * it is the number (RFC 4007 section 11.2).  Borrowed, valid until ifaces_clear() or ifaces_free().
 */
const char *ifaces_name(struct ifaces *f, uint16_t netns, uint32_t ifindex);

/* Is it a loopback device?  False where that is not known. */
bool ifaces_is_loopback(struct ifaces *f, uint16_t netns, uint32_t ifindex);

#endif
