/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ports that a command line names. */
#ifndef PORTSTAT_RESOLVE_NAMED_PORTS_H
#define PORTSTAT_RESOLVE_NAMED_PORTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Iterates over the ports in a command line (arguments, each NUL-terminated; bytes from outside):
 * set *pos to 0 before the first call.  A port is a whole number from 1 to 65535: "8080",
 * "--listen=8080", "0.0.0.0:8080", "-p8080", "8080/tcp", but no part of a word ("v80") or of a
 * number with dots ("127.0.0.1", "3.11").  An argument with a URL is skipped, since clients have
 * those.  False at the end.
 */
bool named_ports_next(const char *cmdline, size_t len, size_t *pos, uint16_t *port);

#endif
