/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The running kernel's version, and whether a module is available. */
#ifndef PORTSTAT_BASE_KERNEL_H
#define PORTSTAT_BASE_KERNEL_H

#include <stdbool.h>

/*
 * Is the release, as reported by uname(2) ("6.1.0-56-amd64"), this version or a later one?  False
 * if it is not a version.
 */
bool kernel_release_is(const char *release, unsigned int major, unsigned int minor);

/* The same for the running kernel. */
bool kernel_is(unsigned int major, unsigned int minor);

enum kernel_module {
	KERNEL_MODULE_UNKNOWN, /* there is no list of modules, as in a container */
	KERNEL_MODULE_MISSING, /* neither installed nor built in */
	KERNEL_MODULE_INSTALLED, /* or built in */
};

/*
 * Looks up a module ("sctp_diag") in the files modules.dep (modules.dep(5)) and modules.builtin of
 * a folder; NULL means /lib/modules/RELEASE of the running kernel.
 */
enum kernel_module kernel_find_module(const char *folder, const char *name);

#endif
