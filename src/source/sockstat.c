/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many sockets there are, and which protocols the kernel has, without a listing. */
#include <config.h>

#include "source/sockstat.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"
#include "base/kernel.h"
#include "model/problem.h"
#include "source/source.h"

/* The number after a word in the line that starts with name: "TCP: inuse 27 orphan 0 tw 3 ...". */
static size_t count(const char *text, const char *name, const char *word)
{
	const char *line = strstr(text, name), *end, *at;

	if (!line)
		return 0;
	end = strchrnul(line, '\n');
	at = strstr(line, word);
	return at && at < end ? strtoul(at + strlen(word), NULL, 10) : 0;
}

static void read_text(int dir, const char *path, char *text, size_t size)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	ssize_t n = -1;

	if (fd >= 0) {
		n = io_read(fd, text, size - 1);
		close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
}

size_t sockstat_connections(void)
{
	char text[1024];
	size_t n;

	read_text(AT_FDCWD, "/proc/self/net/sockstat", text, sizeof(text));
	n = count(text, "TCP:", " inuse ") + count(text, "TCP:", " tw ");
	read_text(AT_FDCWD, "/proc/self/net/sockstat6", text, sizeof(text));
	return n + count(text, "TCP6:", " inuse ");
}

/* Sockets of a protocol, -1 if it has no line: the 0 of "UDP-Lite 1152  0  2 ...". */
static long sockets_of(const char *text, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = text; *line; line = strchrnul(line, '\n'), line += *line != '\0') {
		char *end;

		if (strncmp(line, name, len) != 0 || line[len] != ' ')
			continue;
		strtoul(line + len, &end, 10);
		return *end == ' ' ? strtol(end, NULL, 10) : -1;
	}
	return -1;
}

static unsigned int find(int dir, const char *path, unsigned int families, long least)
{
	unsigned int protos = 0;
	/* A line has 100 bytes; with all protocols there are about 50 lines. */
	char text[16384];

	read_text(dir, path, text, sizeof(text));
	for (unsigned int proto = 0; proto < PROTO_COUNT; proto++)
		for (unsigned int family = 0; family < ADDR_FAMILIES; family++)
			if (families & FAMILY_BIT(family) &&
			    sockets_of(text, proto_rows[proto].in_protocols[family]) >= least)
				protos |= PROTO_BIT(proto);
	return protos;
}

unsigned int sockstat_in_use(int dir, const char *path, unsigned int families)
{
	return find(dir, path, families, 1);
}

unsigned int sockstat_known(int dir, const char *path)
{
	return find(dir, path, FAMILY_ALL, 0);
}

enum problem_remedy source_remedy(enum sock_proto proto)
{
	unsigned int known = sockstat_known(AT_FDCWD, "/proc/self/net/protocols");

	if (known && proto_rows[proto].is_built_in && !(known & PROTO_BIT(proto)))
		return PROBLEM_MODULE_MISSING;
	switch (kernel_find_module(NULL, proto_rows[proto].module)) {
	case KERNEL_MODULE_UNKNOWN:
		break;
	case KERNEL_MODULE_MISSING:
		return PROBLEM_MODULE_MISSING;
	case KERNEL_MODULE_INSTALLED:
		return PROBLEM_MODULE_INSTALLED;
	}
	return PROBLEM_MODULE_UNKNOWN;
}
