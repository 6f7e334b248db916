/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The running kernel's version, and whether a module is available. */
#ifndef PORTSTAT_BASE_KERNEL_H
#define PORTSTAT_BASE_KERNEL_H

#include <stdbool.h>

/* Is the release, as uname(2) has it ("6.1.0-56-amd64"), of this version or a later one? */
bool kernel_release_is(const char *release, unsigned int major, unsigned int minor);

/* The same for the running kernel; false if its release string is not a version. */
bool kernel_is(unsigned int major, unsigned int minor);

enum kernel_module {
	KERNEL_MODULE_UNKNOWN, /* no list of modules, as in a container */
	KERNEL_MODULE_MISSING, /* neither installed nor built in */
	KERNEL_MODULE_INSTALLED, /* or built in */
};

/*
 * Looks for a module ("sctp_diag") in modules.dep and modules.builtin (modules.dep(5)) of a folder;
 * NULL is /lib/modules/RELEASE of the running kernel.
 */
enum kernel_module kernel_find_module(const char *folder, const char *name);

#endif
