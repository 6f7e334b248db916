/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ports that a command line names. */
#include <config.h>

#include "resolve/named_ports.h"

#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "model/port_set.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	char lower = text_lower(c);

	return is_digit(c) || c == '_' || (lower >= 'a' && lower <= 'z');
}

/* May a port follow the first n bytes of the argument?  After a letter only as in "-p8080". */
static bool may_begin(const char *arg, size_t n)
{
	if (!n)
		return true;
	if (is_word(arg[n - 1]))
		return n == 2 && arg[0] == '-' && !is_digit(arg[1]);
	/* The end of an IPv6 address: "::1". */
	return arg[n - 1] != '.' && (n < 2 || arg[n - 1] != ':' || arg[n - 2] != ':');
}

/* May a port end before the last n bytes of the argument?  A full stop may end a sentence. */
static bool may_end(const char *rest, size_t n)
{
	if (!n)
		return true;
	return rest[0] == '.' ? n == 1 || !is_word(rest[1]) : rest[0] != ']' && !is_word(rest[0]);
}

/* The next port of one argument, from *at on. */
static bool next_port(const char *arg, size_t len, size_t *at, uint16_t *port)
{
	while (*at < len) {
		size_t first = *at, end;
		uint64_t number;

		if (!is_digit(arg[first])) {
			++*at;
			continue;
		}
		for (end = first; end < len && is_digit(arg[end]); end++)
			;
		*at = end;
		if (!may_begin(arg, first) || !may_end(arg + end, len - end) ||
		    number_parse(arg + first, end - first, PORT_MAX, &number) || !number)
			continue;
		*port = (uint16_t)number;
		return true;
	}
	return false;
}

bool named_ports_next(const char *cmdline, size_t len, size_t *pos, uint16_t *port)
{
	static const char url[] = "://";

	while (*pos < len) {
		/* The start of the argument that pos is in. */
		const char *before = memrchr(cmdline, '\0', *pos);
		const char *arg = before ? before + 1 : cmdline;
		size_t room = len - (size_t)(arg - cmdline), n = strnlen(arg, room);
		size_t at = *pos - (size_t)(arg - cmdline);

		if (!memmem(arg, n, url, sizeof(url) - 1) && next_port(arg, n, &at, port)) {
			*pos = (size_t)(arg - cmdline) + at;
			return true;
		}
		*pos = (size_t)(arg - cmdline) + n + 1;
	}
	return false;
}
