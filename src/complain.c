/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages on standard error, and the exit status after writing to standard output. */
#include <config.h>

#include "complain.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"

void complain(const char *format, ...)
{
	va_list ap;

	fputs("portstat: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	fputc('\n', stderr);
}

/* A reader that has gone (EPIPE) is no error. */
int written(int err, int status)
{
	if (!err && fflush(stdout))
		err = -errno;
	if (!err)
		return status;
	if (err == -EPIPE)
		return EXIT_ROWS;
	complain(_("cannot write the result: %s"), strerror(-err));
	return EXIT_FAILED;
}
