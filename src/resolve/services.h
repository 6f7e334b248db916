/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Service names: /etc/services first, then the IANA registry that is compiled in. */
#ifndef PORTSTAT_RESOLVE_SERVICES_H
#define PORTSTAT_RESOLVE_SERVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/sock.h"

struct nearest;
struct port_set;
struct services;

/*
 * Reads the file in the format of services(5), usually /etc/services; a file that is not there or
 * not a regular one, or a line that is none, is no error.  path may be NULL: IANA's table alone.
 * Never NULL.
 */
struct services *services_new(const char *path);
void services_free(struct services *s);

/*
 * Adds what text in the format of services(5) says, as if it stood behind the file.  A line that
 * holds a NUL, or is not of the format, is passed over.
 */
void services_read(struct services *s, const char *text, size_t len);

/*
 * Borrowed, valid until services_free() or services_read(); NULL where the port has no name.  Of
 * several names the first in the file.  Bytes from outside where the file gave them.
 */
const char *services_name(const struct services *s, enum sock_proto proto, uint16_t port);

/*
 * Adds the ports that have this name or alias with any protocol, in either case: those of the file,
 * or where it does not have the name, IANA's.  False where there is none.
 */
bool services_ports(const struct services *s, const char *name, size_t len, struct port_set *ports);

/* Offers all names of services to one that is mistyped. */
void services_nearest(const struct services *s, struct nearest *nearest);

#endif
