/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Times as documents and --at have them. */
#ifndef PORTSTAT_BASE_RFC3339_H
#define PORTSTAT_BASE_RFC3339_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A time with a fraction and an offset is no longer than this. */
#define RFC3339_LENGTH_MAX 40

/*
 * Reads "2026-11-29T00:05:03.123Z" (RFC 3339; an offset instead of Z, any or no fraction), all n
 * bytes, as Unix time in milliseconds.  False if it is none, or before 1970.
 */
bool rfc3339_parse(const char *s, size_t n, uint64_t *ms);

/* Reads "03:12" or "03:12:30", all n bytes, as seconds after midnight. */
bool rfc3339_clock_parse(const char *s, size_t n, unsigned int *seconds);

#endif
