/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The names of the hosts of --host and --hosts. */
#ifndef PORTSTAT_HOST_NAMES_H
#define PORTSTAT_HOST_NAMES_H

#include <stddef.h>

struct options;

/* Zero-initialised is empty. */
struct host_names {
	char **list; /* each once, in the order in which they were given */
	size_t n;
	size_t cap;
};

/*
 * Reads the names.  Returns 0, or an exit status after reporting the error: a name that is none, a
 * file that cannot be read, or nothing in it.
 */
int host_names_read(struct host_names *names, const struct options *opt);
void host_names_fini(struct host_names *names);

#endif
