/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of network interfaces, each asked for once: several threads at once may ask for those that
 * were asked for before.
 */
#ifndef PORTSTAT_RESOLVE_IFACES_H
#define PORTSTAT_RESOLVE_IFACES_H

#include <stdbool.h>
#include <stdint.h>

struct ifaces;

/* Of the network namespace in which it is called (netdevice(7)). */
struct ifaces *ifaces_new(void);
void ifaces_free(struct ifaces *f);

/* Forgets what was asked for: interfaces come, go and are renamed. */
void ifaces_clear(struct ifaces *f);

/* Borrowed, valid until ifaces_clear() or ifaces_free(); NULL where there is no such interface. */
const char *ifaces_name(struct ifaces *f, uint32_t ifindex);

/* Is it a loopback device?  False where there is no such interface. */
bool ifaces_is_loopback(struct ifaces *f, uint32_t ifindex);

#endif
