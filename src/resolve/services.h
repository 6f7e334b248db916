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
 * Reads a file in the format of services(5), usually /etc/services.  Ignores malformed lines, and a
 * file that does not exist or is not a regular one.  path may be NULL: only IANA's table.  Never
 * returns NULL.
 */
struct services *services_new(const char *path);
void services_free(struct services *s);

/*
 * Adds the services in text, in the format of services(5), as if it were at the end of the file.
 * Ignores malformed lines, including those that contain a NUL.
 */
void services_read(struct services *s, const char *text, size_t len);

/*
 * The name of a port: the first one in the file, else IANA's; NULL if there is none.  Names from
 * the file are bytes from outside.  Borrowed until services_free() or services_read().
 */
const char *services_name(const struct services *s, enum sock_proto proto, uint16_t port);

/*
 * Adds the ports, of any protocol, that have this name or alias, ignoring case: those of the file,
 * else IANA's.  False if there is none.
 */
bool services_ports(const struct services *s, const char *name, size_t len, struct port_set *ports);

/* Tries all service names as the word that was meant. */
void services_nearest(const struct services *s, struct nearest *nearest);

#endif
