/* SPDX-License-Identifier: GPL-2.0-or-later */
/* read(2), repeated after signals and up to the end of a file. */
#include <config.h>

#include "base/io.h"

#include <errno.h>
#include <unistd.h>

#include "base/buf.h"

/* Give up after this many interruptions in a row. */
#define INTERRUPTIONS_MAX 64

ssize_t io_read(int fd, void *buffer, size_t size)
{
	for (int i = 0; i < INTERRUPTIONS_MAX; i++) {
		ssize_t n = read(fd, buffer, size);

		if (n >= 0)
			return n;
		if (errno != EINTR)
			return -errno;
	}
	return -EINTR;
}

int io_read_all(int fd, size_t max, struct buf *out)
{
	const size_t size = 4096;

	for (;;) {
		ssize_t n = io_read(fd, buf_reserve(out, size), size);

		if (n <= 0)
			return (int)n;
		out->len += (size_t)n;
		if (out->len > max)
			return -EFBIG;
	}
}
