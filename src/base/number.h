/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses numbers in text that is not NUL-terminated. */
#ifndef PORTSTAT_BASE_NUMBER_H
#define PORTSTAT_BASE_NUMBER_H

#include <stddef.h>
#include <stdint.h>

/* All n bytes must be decimal digits.  Returns 0, -EINVAL if they are not, -ERANGE above max. */
int number_parse(const char *s, size_t n, uint64_t max, uint64_t *out);

/* The same for hexadecimal digits of either case, without a prefix. */
int number_parse_hex(const char *s, size_t n, uint64_t max, uint64_t *out);

#endif
