/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times as documents and --at have them. */
#ifndef PORTSTAT_DOCUMENT_RFC3339_H
#define PORTSTAT_DOCUMENT_RFC3339_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Reads "2026-11-29T00:05:03.123Z" (RFC 3339; an offset instead of Z, any or no fraction), all n
 * bytes, as Unix time in milliseconds.  False if it is none, or before 1970.
 */
bool rfc3339_parse(const char *s, size_t n, uint64_t *ms);

#endif
