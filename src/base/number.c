/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Parses numbers in text that is not NUL-terminated. */
#include <config.h>

#include "base/number.h"

#include <errno.h>

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

static int parse(const char *s, size_t n, unsigned int base, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;

	if (!n)
		return -EINVAL;
	for (size_t i = 0; i < n; i++)
		if ((unsigned int)digit_value(s[i]) >= base)
			return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		unsigned int digit = (unsigned int)digit_value(s[i]);

		if (digit > max || value > (max - digit) / base)
			return -ERANGE;
		value = value * base + digit;
	}
	*out = value;
	return 0;
}

int number_parse(const char *s, size_t n, uint64_t max, uint64_t *out)
{
	return parse(s, n, 10, max, out);
}

int number_parse_hex(const char *s, size_t n, uint64_t max, uint64_t *out)
{
	return parse(s, n, 16, max, out);
}
