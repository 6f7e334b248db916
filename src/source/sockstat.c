/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How many sockets there are, before any is listed. */
#include <config.h>

#include "source/sockstat.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/io.h"

/* The number behind a word of a line that starts with name: "TCP: inuse 27 orphan 0 tw 3 ...". */
static size_t count(const char *text, const char *name, const char *word)
{
	const char *line = strstr(text, name), *end, *at;

	if (!line)
		return 0;
	end = strchrnul(line, '\n');
	at = strstr(line, word);
	return at && at < end ? strtoul(at + strlen(word), NULL, 10) : 0;
}

static void read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
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

	read_text("/proc/self/net/sockstat", text, sizeof(text));
	n = count(text, "TCP:", " inuse ") + count(text, "TCP:", " tw ");
	read_text("/proc/self/net/sockstat6", text, sizeof(text));
	return n + count(text, "TCP6:", " inuse ");
}
